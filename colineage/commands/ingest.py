"""Commands that import records from a source: ingest arxiv, openalex, git, mlflow, pdf."""

import os
from pathlib import Path
from typing import Annotated

import typer

from colineage.answers.resolve import identifier_from, require_readable
from colineage.command_group import command_group
from colineage.commands.arxiv import arxiv
from colineage.commands.report import print_report, refusals_since
from colineage.exit_status import INGEST_EXIT_STATUS_HELP
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import print_message, progress
from colineage.settings import settings_from
from graph.errors import Fault, InputError
from ingest.sources import SOURCES, SourceEntry

app = command_group("ingest", "Import records from a source. " + INGEST_EXIT_STATUS_HELP)


app.command()(arxiv)


def _add_source_command(source: SourceEntry) -> None:
    """Add the command that imports a file or folder of a source."""

    @app.command(source.name, help=source.summary)
    def ingest(
        path: Annotated[Path, typer.Argument(metavar=source.metavar, help=source.input)],
        *,
        under: UnderOption = None,
        speaker: AsOption = None,
        store: StoreOption = None,
        key: KeyOption = None,
        as_json: JsonOption = False,
    ) -> int:
        from colineage.store_access import open_for_ingest
        from ingest.pipeline.ingest_source import ingest_source

        settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
        port = source.load()
        require_readable(path)
        with (
            open_for_ingest(settings, [f"source:{source.name}"]) as access,
            progress(f"{source.name}: records seen") as update,
        ):
            size = access.store.checkpoint().size
            report = ingest_source(port, access.store, access.speaker, path, progress=update)
            reasons = tuple(refusals_since(access.store, size)) if report.refused else ()
        return print_report(report, reasons, as_json=as_json)


for _entry in SOURCES:
    _add_source_command(_entry)


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
    from ingest.pdf.statements.record import BY

    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    if (path is None) != resolve:
        got = "both" if resolve else "neither"
        raise InputError("nothing to ingest", [Fault("arguments", "PATH, or --resolve", got)])
    work = identifier_from(of) if of is not None else None
    if path is not None:
        require_readable(path)
    with open_for_ingest(settings, [BY]) as access, progress("pdf: files seen") as update:
        size = access.store.checkpoint().size
        if path is None:
            outcome = resolve_citations(access.store, access.speaker)
        else:
            outcome = ingest_pdf(
                access.store, access.speaker, path, of=work, reader=reader, progress=update
            )
        reasons = tuple(refusals_since(access.store, size)) if outcome.report.refused else ()
    if outcome.unsaid:
        print_message(
            f"{outcome.unsaid:,} files were read and what they cite was not stated: the grant is to harvest alone."
        )
    pdf_counts = {
        "outcomes": dict(outcome.outcomes),
        "statements": outcome.statements,
        "unsaid": outcome.unsaid,
    }
    return print_report(outcome.report, reasons, pdf_counts, as_json=as_json)
