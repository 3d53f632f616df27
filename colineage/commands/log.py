"""Commands that give evidence of the log: a signed checkpoint, and proofs that lead to one."""

import os
import sys
from typing import Annotated

import typer

from colineage.options import JsonOption, KeyOption, StoreOption
from colineage.output import answer, print_json
from colineage.settings import settings_from

app = typer.Typer(
    help="The log's signed checkpoint, and proofs that anyone can check with its key.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
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
    """The log's size and root, signed by this installation's key (a C2SP checkpoint)."""
    from colineage.store_access import reading
    from graph.bundle.keys import installation_key
    from graph.proofs.signed_proofs import checkpoint_evidence

    settings = settings_from(os.environ, store=store, key=key)
    with reading(settings) as opened:
        found = checkpoint_evidence(opened, installation_key(settings.key))
    if as_json:
        print_json(found)
    else:
        sys.stdout.write(found["note"])  # to the byte: it is signed


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
            help="The size of the log to prove it in [default: the present].",
        ),
    ] = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """The proof that a bundle is in the log, with all that checking it takes."""
    from colineage.store_access import reading
    from colineage.views.evidence import inclusion_view
    from graph.bundle.keys import installation_key
    from graph.proofs.signed_proofs import inclusion_evidence, place_of

    settings = settings_from(os.environ, store=store, key=key)
    with reading(settings) as opened:
        position = place_of(opened, bundle)
        found = inclusion_evidence(opened, position, installation_key(settings.key), size=size)
    answer(found, inclusion_view, as_json=as_json)


@app.command()
def consistency(
    first: FirstArgument,
    second: SecondArgument = None,
    *,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """The proof that the log of the second size begins with that of the first: it only grew."""
    from colineage.store_access import reading
    from colineage.views.evidence import consistency_view
    from graph.bundle.keys import installation_key
    from graph.proofs.signed_proofs import consistency_evidence

    settings = settings_from(os.environ, store=store, key=key)
    with reading(settings) as opened:
        signer = installation_key(settings.key)
        found = consistency_evidence(opened, first, signer, second=second)
    answer(found, consistency_view, as_json=as_json)
