"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        show_default=False,
        help="Use this graph store, like sqlite:colineage.db "
        "[default: COLINEAGE_STORE, else sqlite:colineage.db in the current folder].",
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option(
        "--json", help="Print exactly one JSON object on stdout, everything else on stderr."
    ),
]
KeyOption = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        show_default=False,
        help="Sign with this key file, by default the installation's key, created at first use "
        "[default: COLINEAGE_KEY, else ~/.config/colineage/key.pem].",
    ),
]
UnderOption = Annotated[
    str | None,
    typer.Option(
        "--under",
        metavar="GRANT",
        show_default=False,
        help="Sign under this grant, on behalf of its author [default: COLINEAGE_UNDER, else the last grant beside the "
        "key file, else none: for the key itself].",
    ),
]
AsOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="AGENT",
        show_default=False,
        help="Name this agent as the speaker: person (whose key `colineage init` made), software (the key itself), or "
        "under a grant any agent, like ai:… [default: COLINEAGE_AS, else software].",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="SOURCE",
        show_default=False,
        help="Load the embedding model from here: a folder, package, or a name on the hub "
        "[default: COLINEAGE_MODEL, else all-MiniLM-L6-v2].",
    ),
]
FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="KEY",
        show_default=False,
        help="Require this key, ed25519:…, as the signer of the other log [default: the key pinned "
        "at the first sight, else the one that the log states].",
    ),
]
IdArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="Identifier of a thing, like arxiv:2512.05356, doi:10.…, mlflow:…, idea:….",
    ),
]
