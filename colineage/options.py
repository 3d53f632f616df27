"""The options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        show_default=False,
        help="Where the graph is kept, like sqlite:colineage.db "
        "[default: COLINEAGE_STORE, else sqlite:colineage.db in the current folder].",
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help="Print exactly one JSON object on stdout, all else on stderr."),
]
KeyOption = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        show_default=False,
        help="The installation's key, made at first use "
        "[default: COLINEAGE_KEY, else ~/.config/colineage/key.pem].",
    ),
]
UnderOption = Annotated[
    str | None,
    typer.Option(
        "--under",
        metavar="GRANT",
        show_default=False,
        help="Speak under this grant, for whoever made it [default: COLINEAGE_UNDER, else for the key itself].",
    ),
]
AsOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="AGENT",
        show_default=False,
        help="Who is named as speaking: person or software (the key itself), or under a grant any "
        "agent, like ai:… [default: COLINEAGE_AS, else software].",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="SOURCE",
        show_default=False,
        help="Where the embedding model comes from: a folder, package, a name on the hub "
        "[default: COLINEAGE_MODEL, else all-MiniLM-L6-v2].",
    ),
]
IdArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="An identifier like arxiv:2512.05356, doi:10.…, mlflow:…, idea:…."
    ),
]
