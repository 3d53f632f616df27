"""Command that imports papers from arXiv: ingest arxiv."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from colineage.answers.arxiv import (
    from_snapshot,
    live,
    papers_to_json,
    pdfs_of,
    quarantine_of,
    status_with,
)
from colineage.answers.ingest import refusals_since, told_as
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import progress, talk
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
    kept = quarantine_of(settings.store, quarantine)
    wanted = pdfs_of(pdf, pdf_url, delay_s=delay, mailto=mailto, deadline_s=deadline)
    given = {
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
    asked = from_snapshot(snapshot, given, wanted) if snapshot else live(given, delay)
    from colineage.store_access import ingesting

    with ingesting(settings) as opened:
        size = opened.store.checkpoint().size
        with progress("arxiv: records seen") as told:
            report = asked.records(opened, kept, told, wanted)
        reasons = tuple(refusals_since(opened.store, size)) if report.refused else ()
        if wanted is None:
            return told_as(report, reasons, as_json=as_json)
        with progress("arxiv: PDFs") as told:
            papers = asked.papers(opened, told, wanted)
        unread = tuple(refusals_since(opened.store, report.log_size))
        report = replace(report, log_size=opened.store.checkpoint().size)
    for reason in papers.reasons:
        talk(f"no PDF: {reason}")
    for reason in unread:
        talk(f"not read: {reason}")
    status = told_as(report, reasons, {"pdfs": papers_to_json(papers)}, as_json=as_json)
    return status_with(papers, status)
