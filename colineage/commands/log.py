"""Commands that print a signed checkpoint of the log, and inclusion and consistency proofs."""

import os
import sys
from typing import Annotated

import typer

from colineage.command_group import command_group
from colineage.options import JsonOption, KeyOption, StoreOption
from colineage.output import print_answer, print_json
from colineage.settings import settings_from

app = command_group(
    "log",
    "Print signed checkpoints and proofs. Anyone can verify them with the log's key.",
)

BundleArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID|POSITION", help="A bundle: its sha256:…, or its position in the log, from 0."
    ),
]
FirstArgument = Annotated[int, typer.Argument(metavar="FIRST", min=0, help="The smaller size.")]
SecondArgument = Annotated[
    int | None,
    typer.Argument(
        metavar="SECOND", min=0, show_default=False, help="The larger size [default: the present]."
    ),
]


@app.command()
def checkpoint(
    *, store: StoreOption = None, key: KeyOption = None, as_json: JsonOption = False
) -> None:
    """Print the log's signed checkpoint. It states size and root, signed by this installation's key (C2SP)."""
    from colineage.store_access import open_for_reading
    from graph.bundle.key_files import installation_key
    from graph.proofs.signed_proofs import checkpoint_evidence

    settings = settings_from(os.environ, store=store, key=key)
    with open_for_reading(settings) as graph_store:
        evidence = checkpoint_evidence(graph_store, installation_key(settings.key))
    if as_json:
        print_json(evidence)
    else:
        sys.stdout.write(evidence["note"])  # byte for byte: it is signed


@app.command()
def inclusion(
    bundle: BundleArgument,
    *,
    size: Annotated[
        int | None,
        typer.Option(
            "--size",
            min=1,
            show_default=False,
            help="Prove it for the log of this size [default: the present].",
        ),
    ] = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that a bundle is in the log. Prints all that is needed to verify it."""
    from colineage.store_access import open_for_reading
    from colineage.views.log import inclusion_view
    from graph.bundle.key_files import installation_key
    from graph.proofs.signed_proofs import inclusion_evidence, position_of

    settings = settings_from(os.environ, store=store, key=key)
    with open_for_reading(settings) as graph_store:
        position = position_of(graph_store, bundle)
        proof = inclusion_evidence(graph_store, position, installation_key(settings.key), size=size)
    print_answer(proof, inclusion_view, as_json=as_json)


@app.command()
def consistency(
    first: FirstArgument,
    second: SecondArgument = None,
    *,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that the log only grew. The log of the second size begins with the log of the first."""
    from colineage.store_access import open_for_reading
    from colineage.views.log import consistency_view
    from graph.bundle.key_files import installation_key
    from graph.proofs.signed_proofs import consistency_evidence

    settings = settings_from(os.environ, store=store, key=key)
    with open_for_reading(settings) as graph_store:
        signer = installation_key(settings.key)
        proof = consistency_evidence(graph_store, first, signer, second=second)
    print_answer(proof, consistency_view, as_json=as_json)
