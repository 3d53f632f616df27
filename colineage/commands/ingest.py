"""Commands that import records from a source: ingest arxiv, openalex, git, mlflow, pdf."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from colineage.answers.ingest import print_report, refusals_since
from colineage.answers.resolve import identifier_from, require_readable
from colineage.commands.arxiv import arxiv
from colineage.exit_status import INGEST_EXIT_STATUS_HELP
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import Progress, progress
from colineage.settings import Settings, settings_from
from graph.errors import Fault, InputError

if TYPE_CHECKING:  # importing them costs 0.1 s, and --help needs none of it
    from graph.speaker import Speaker
    from graph.store import GraphStore
    from ingest.pipeline.commit_page import Report

app = typer.Typer(
    name="ingest",
    help="Import records from a source. " + INGEST_EXIT_STATUS_HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The file to read.")]


app.command()(arxiv)


@app.command()
def openalex(
    file: FileArgument,
    *,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """Import works from OpenAlex. Reads a file of JSON lines (also .gz)."""
    from ingest.openalex import ingest_openalex

    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    return _ingest_file(settings, "openalex", ingest_openalex, file, as_json=as_json)


@app.command()
def git(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A repository, or an export of JSON lines.")
    ],
    *,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """Import the commits of a git repository. Includes the people and the AIs that they name."""
    from ingest.git import ingest_git

    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    return _ingest_file(settings, "git", ingest_git, path, as_json=as_json)


@app.command()
def mlflow(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A folder written by MLflow: mlruns.")
    ],
    *,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """Import runs from MLflow's file store. Includes parameters, metrics, the commit, the user."""
    from ingest.mlflow import ingest_mlflow

    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    return _ingest_file(settings, "mlflow", ingest_mlflow, path, as_json=as_json)


@app.command()
def pdf(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A PDF, or a folder of PDFs.")
    ] = None,
    *,
    of: Annotated[str | None, typer.Option(metavar="ID", help="The work of this one PDF.")] = None,
    resolve: Annotated[
        bool,
        typer.Option(
            "--resolve", help="Match unresolved references again, against the works known by now."
        ),
    ] = False,
    reader: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Read PDFs with pypdf, or with pdfium (faster; the extra colineage[pdfium]).",
        ),
    ] = "pypdf",
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """Import the references of PDFs. They are matched by identifier and by known title."""
    from colineage.store_access import open_for_ingest
    from ingest.pdf.ingest import ingest_pdf, resolve_citations

    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    if (path is None) != resolve:
        got = "both" if resolve else "neither"
        raise InputError("nothing to ingest", [Fault("arguments", "PATH, or --resolve", got)])
    work = identifier_from(of) if of is not None else None
    if path is not None:
        require_readable(path)
    with open_for_ingest(settings) as access, progress("pdf: files seen") as update:
        size = access.store.checkpoint().size
        if path is None:
            outcome = resolve_citations(access.store, access.speaker)
        else:
            outcome = ingest_pdf(
                access.store, access.speaker, path, of=work, reader=reader, progress=update
            )
        reasons = tuple(refusals_since(access.store, size)) if outcome.report.refused else ()
    pdf_counts = {"outcomes": dict(outcome.outcomes), "statements": outcome.statements}
    return print_report(outcome.report, reasons, pdf_counts, as_json=as_json)


class FileIngest(Protocol):
    """Function that imports from a path."""

    def __call__(
        self, store: "GraphStore", speaker: "Speaker", path: Path, /, *, progress: Progress | None
    ) -> "Report":
        """Import the file or folder; return the counts."""
        ...


def _ingest_file(
    settings: Settings, source: str, ingest: FileIngest, path: Path, *, as_json: bool
) -> int:
    from colineage.store_access import open_for_ingest

    require_readable(path)
    with open_for_ingest(settings) as access, progress(f"{source}: records seen") as update:
        size = access.store.checkpoint().size
        report = ingest(access.store, access.speaker, path, progress=update)
        reasons = tuple(refusals_since(access.store, size)) if report.refused else ()
    return print_report(report, reasons, as_json=as_json)
