"""Command that imports papers from arXiv: ingest arxiv."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from colineage.answers.arxiv import (
    final_status,
    papers_to_json,
    pdfs_from_options,
    quarantine_of,
    service_harvest,
    snapshot_harvest,
)
from colineage.commands.report import print_report, refusals_since
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import print_message, progress
from colineage.settings import settings_from


def arxiv(
    *,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Import from this day on, like 2026-11-01.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Import up to this day [default: the present]."),
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Import only this category, like cs.AI; may be repeated."
        ),
    ] = None,
    most: Annotated[
        int | None, typer.Option("--max", min=1, help="Stop after this many records.")
    ] = None,
    via: Annotated[
        str | None,
        typer.Option(
            metavar="oai|api",
            help="oai: by date of last change; api: by date of first submission, "
            "which misses revisions, licences and deletions [default: oai].",
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Address of the service [default: arXiv's own]."),
    ] = None,
    delay: Annotated[
        float,
        typer.Option(
            help="Wait this many seconds between requests; below 3 only for a service on this machine."
        ),
    ] = 3.0,
    mailto: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Your e-mail address, sent to arXiv with each request."
        ),
    ] = None,
    deadline: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", help="Give up after this time, with status 75 [default: never]."
        ),
    ] = None,
    pdf: Annotated[
        str,
        typer.Option(
            metavar="none|new|all",
            help="Fetch and read PDFs, too: new, of versions first seen by this import; all, of every matching "
            "paper that has none yet; about 1,200 an hour.",
        ),
    ] = "none",
    pdf_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Fetch PDFs from this address [default: arXiv's export host]."
        ),
    ] = None,
    snapshot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Import a file instead: JSON lines, also .gz."),
    ] = None,
    quarantine: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Write refused records to this file [default: beside the store, .quarantine.jsonl].",
        ),
    ] = None,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """Import papers from arXiv. Uses OAI-PMH, its query API or a file; resumes where it stopped."""
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    quarantine_file = quarantine_of(settings.store, quarantine)
    pdfs = pdfs_from_options(pdf, pdf_url, delay_s=delay, mailto=mailto, deadline_s=deadline)
    arguments = {
        "since": since,
        "until": until,
        "category": category,
        "max": most,
        "via": via,
        "base-url": base_url,
        "mailto": mailto,
        "deadline": deadline,
    }
    # Checked before the store is opened, so that wrong usage creates no store.
    harvest = (
        snapshot_harvest(snapshot, arguments, pdfs)
        if snapshot
        else service_harvest(arguments, delay)
    )
    from colineage.store_access import open_for_ingest

    sources = ["source:arxiv"] if pdfs is None else ["source:arxiv", "source:pdf"]
    with open_for_ingest(settings, sources) as access:
        size = access.store.checkpoint().size
        with progress("arxiv: records seen") as update:
            report = harvest.ingest_records(access, quarantine_file, update, pdfs)
        reasons = tuple(refusals_since(access.store, size)) if report.refused else ()
        if pdfs is None:
            return print_report(report, reasons, as_json=as_json)
        with progress("arxiv: PDFs") as update:
            papers = harvest.fetch_papers(access, update, pdfs)
        pdf_reasons = tuple(refusals_since(access.store, report.log_size))
        report = replace(report, log_size=access.store.checkpoint().size)
    for reason in papers.reasons:
        print_message(f"no PDF: {reason}")
    for reason in pdf_reasons:
        print_message(f"not read: {reason}")
    status = print_report(report, reasons, {"pdfs": papers_to_json(papers)}, as_json=as_json)
    return final_status(papers, status)
