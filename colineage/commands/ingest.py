"""Commands that take in what a source says: ingest arxiv, openalex, git, mlflow, pdf."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from colineage.finding import identifier_from, readable
from colineage.harvesting import asked_of, quarantine_of, refuse_beside_snapshot
from colineage.options import AsOption, JsonOption, KeyOption, StoreOption, UnderOption
from colineage.output import Progress, answer, progress, talk
from colineage.settings import Settings, settings_from
from colineage.status import INGEST_EXPLAINED, Status
from graph.errors import Fault, InputError
from graph.vocabulary import Kind

if TYPE_CHECKING:  # reading them costs a tenth of a second, and --help needs none of it
    from graph.store import GraphStore
    from graph.voice import Voice
    from ingest.page import Report

app = typer.Typer(
    name="ingest",
    help="Takes in what a source says. " + INGEST_EXPLAINED,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The file to read.")]


@app.command()
def arxiv(
    *,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="The first day, like 2026-11-01.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="The last day [default: the present].")
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this category, like cs.AI; may be repeated."),
    ] = None,
    most: Annotated[
        int | None, typer.Option("--max", min=1, help="Stop after so many records.")
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
        typer.Option(metavar="URL", help="The service to ask [default: arXiv's own]."),
    ] = None,
    delay: Annotated[
        float,
        typer.Option(help="Seconds between requests; below 3 only towards this machine."),
    ] = 3.0,
    mailto: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Your e-mail address, told to arXiv with each request."
        ),
    ] = None,
    deadline: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Give up then, with status 75 [default: never]."),
    ] = None,
    snapshot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Read a file instead: JSON lines, .gz too."),
    ] = None,
    quarantine: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Where refused records are kept [default: beside the store, .quarantine.jsonl].",
        ),
    ] = None,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """Papers from arXiv, over OAI-PMH, from its query API or from a file; goes on where it stopped."""
    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    kept = quarantine_of(settings.store, quarantine)
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
    if snapshot is not None:
        refuse_beside_snapshot(given)
        from ingest.arxiv.snapshot import ingest_snapshot

        reads = partial(ingest_snapshot, quarantine=kept)
        return _from_file(settings, "arxiv", reads, snapshot, as_json=as_json)
    asked = asked_of(given, delay)  # what is asked wrongly makes no store
    from colineage.opening import ingesting
    from ingest.arxiv.harvest import harvest

    with ingesting(settings) as opened, progress("arxiv: records seen") as told:
        size = opened.store.checkpoint().size
        report = harvest(opened.store, opened.voice, asked, quarantine=kept, progress=told)
        reasons = tuple(_refusals_since(opened.store, size)) if report.refused else ()
    return _told(report, reasons, as_json=as_json)


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
    """Works from OpenAlex, from a file of JSON lines (.gz too)."""
    from ingest.openalex import ingest_openalex

    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    return _from_file(settings, "openalex", ingest_openalex, file, as_json=as_json)


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
    """The commits of a git repository, with the people and the AIs that they name."""
    from ingest.git import ingest_git

    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    return _from_file(settings, "git", ingest_git, path, as_json=as_json)


@app.command()
def mlflow(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A folder that MLflow wrote: mlruns.")
    ],
    *,
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """Runs from MLflow's file store: parameters, metrics, the commit, who ran it."""
    from ingest.mlflow import ingest_mlflow

    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    return _from_file(settings, "mlflow", ingest_mlflow, path, as_json=as_json)


@app.command()
def pdf(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A PDF, or a folder with PDFs.")
    ] = None,
    *,
    of: Annotated[
        str | None, typer.Option(metavar="ID", help="The work that this one PDF is of.")
    ] = None,
    resolve: Annotated[
        bool,
        typer.Option(
            "--resolve", help="Hold references that led nowhere against what is known by now."
        ),
    ] = False,
    reader: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="pypdf, or pdfium (faster; the extra colineage[pdfium])."
        ),
    ] = "pypdf",
    under: UnderOption = None,
    speaker: AsOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> int:
    """What PDFs cite: their references, by identifier and by known title."""
    from colineage.opening import ingesting
    from ingest.pdf.file import ingest_pdf, resolved

    settings = settings_from(os.environ, store=store, key=key, under=under, speaker=speaker)
    if (path is None) != resolve:
        got = "both" if resolve else "neither"
        raise InputError("nothing to ingest", [Fault("arguments", "PATH, or --resolve", got)])
    named = identifier_from(of) if of is not None else None
    if path is not None:
        readable(path)
    with ingesting(settings) as opened, progress("pdf: files seen") as told:
        size = opened.store.checkpoint().size
        if path is None:
            found = resolved(opened.store, opened.voice)
        else:
            found = ingest_pdf(
                opened.store, opened.voice, path, of=named, reader=reader, progress=told
            )
        reasons = tuple(_refusals_since(opened.store, size)) if found.report.refused else ()
    more = {"outcomes": dict(found.outcomes), "statements": found.statements}
    return _told(found.report, reasons, more, as_json=as_json)


class ReadsFile(Protocol):
    """An ingest from a path."""

    def __call__(
        self, store: "GraphStore", voice: "Voice", path: Path, *, progress: Progress | None
    ) -> "Report":
        """Takes in what the path holds."""
        ...


def _from_file(
    settings: Settings, source: str, ingest: ReadsFile, path: Path, *, as_json: bool
) -> int:
    from colineage.opening import ingesting

    readable(path)
    with ingesting(settings) as opened, progress(f"{source}: records seen") as told:
        size = opened.store.checkpoint().size
        report = ingest(opened.store, opened.voice, path, progress=told)
        reasons = tuple(_refusals_since(opened.store, size)) if report.refused else ()
    return _told(report, reasons, as_json=as_json)


def _refusals_since(store: "GraphStore", size: int) -> Iterator[str]:
    """Why records were refused, as the runs after a size of the log say."""
    for stored in store.bundles(size):
        for node in stored.bundle.said().nodes:
            note = node.attributes.get("note")
            if node.kind is Kind.INGEST and isinstance(note, str):
                yield from note.splitlines()


def _told(
    report: "Report",
    reasons: Iterable[str],
    more: Mapping[str, object] = MappingProxyType({}),
    *,
    as_json: bool,
) -> int:
    from colineage.views.record import report_view

    for reason in reasons:
        talk(f"refused: {reason}")
    answer({**asdict(report), **more}, report_view, as_json=as_json)
    return Status.SOME_REFUSED if report.refused else Status.DONE
