"""Interpretation of the options of `ingest arxiv`: which harvest, which PDFs, which quarantine file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from colineage.answers.resolve import require_readable
from colineage.exit_status import ExitStatus, status_of
from graph.clock import system_clock
from graph.errors import Fault, InputError

if TYPE_CHECKING:  # importing them costs 0.1 s, and --help needs none of it
    from colineage.output import Progress
    from colineage.store_access import WriteAccess
    from graph.store import GraphStore
    from ingest.arxiv.context import IngestContext
    from ingest.arxiv.missing_pdfs import MissingPdfs
    from ingest.arxiv.options import HarvestOptions
    from ingest.arxiv.pdf_cache import PdfFetchOptions
    from ingest.arxiv_pdfs import HarvestedPdfs, PdfSelection
    from ingest.pipeline.commit_page import Report
    from ingest.pipeline.quarantine import Quarantine

# Options of fetching: beside a snapshot file they are valid for its PDFs alone.
_FETCHING: Final = frozenset({"mailto", "deadline"})
_NONE: Final = "none"
_SUFFIX: Final = ".quarantine.jsonl"
_MEMORY: Final = "sqlite::memory:"


@dataclass(frozen=True, slots=True)
class HarvestPdfs:
    """Request for PDFs beside the records: which ones, how to fetch them, and the deadline's start."""

    which: "PdfSelection"
    options: "PdfFetchOptions"
    started: datetime


@dataclass(frozen=True, slots=True)
class Harvest:
    """Harvest as the options request it: a function that imports its records, one that finds missing PDFs."""

    ingest: Callable[["IngestContext"], "Report"]
    find_missing: Callable[["GraphStore", str, "PdfSelection"], "MissingPdfs"]

    def ingest_records(
        self,
        access: "WriteAccess",
        quarantine: "Quarantine",
        progress: "Progress",
        pdfs: HarvestPdfs | None,
    ) -> "Report":
        """Import the records; if the PDFs of new versions are requested, list these versions in the runs."""
        from ingest.arxiv.context import IngestContext

        naming_new = pdfs is not None and pdfs.which == "new"
        context = IngestContext(
            access.store, access.speaker, quarantine, progress, naming_new=naming_new
        )
        return self.ingest(context)

    def fetch_papers(
        self, access: "WriteAccess", progress: "Progress", pdfs: HarvestPdfs
    ) -> "HarvestedPdfs":
        """Fetch the missing PDFs, and read them."""
        from ingest.arxiv.pdf_cache import open_pdf_cache
        from ingest.arxiv_pdfs import ingest_missing_pdfs

        store, speaker = access.store, access.speaker
        missing = self.find_missing(store, speaker.author, pdfs.which)
        with open_pdf_cache(pdfs.options, pdfs.started) as cache:
            query = pdfs.options.base_url
            return ingest_missing_pdfs(
                store, speaker, cache, missing, query=query, progress=progress
            )


def service_harvest(arguments: Mapping[str, Any], delay_s: float) -> Harvest:
    """Return the harvest of an arXiv service.

    Raises:
        InputError: The options request none, or are invalid.
    """
    options = harvest_options(arguments, delay_s)
    from ingest.arxiv.harvest import harvest

    def find_missing(store: "GraphStore", author: str, which: "PdfSelection") -> "MissingPdfs":
        from ingest.arxiv_pdfs import missing_pdfs_of_harvest

        return missing_pdfs_of_harvest(store, author, options, which)

    return Harvest(partial(harvest, options=options), find_missing)


def snapshot_harvest(
    path: Path, arguments: Mapping[str, object], pdfs: HarvestPdfs | None
) -> Harvest:
    """Return the harvest of a snapshot file.

    Raises:
        InputError: Options are given that would narrow it, or the file can't be read.
    """
    refuse_beside_snapshot(
        {name: value for name, value in arguments.items() if pdfs is None or name not in _FETCHING}
    )
    require_readable(path)
    from ingest.arxiv.snapshot.snapshot import ingest_snapshot

    def find_missing(store: "GraphStore", author: str, which: "PdfSelection") -> "MissingPdfs":
        from ingest.arxiv_pdfs import missing_pdfs_of_snapshot

        return missing_pdfs_of_snapshot(store, author, path, which)

    return Harvest(partial(ingest_snapshot, path=path), find_missing)


def pdfs_from_options(
    which: str,
    url: str | None,
    *,
    delay_s: float,
    mailto: str | None,
    deadline_s: float | None,
) -> HarvestPdfs | None:
    """Return the checked request for PDFs; `None` for none.

    Raises:
        InputError: The options are invalid.
    """
    if which == _NONE:
        if url is not None:
            fault = Fault("--pdf-url", "--pdf new or --pdf all beside it", "--pdf none")
            raise InputError("no PDFs are wanted", [fault])
        return None
    from ingest.arxiv.pdf_cache import PDF_URL, PdfFetchOptions
    from ingest.arxiv_pdfs import PdfSelection

    if which not in set(PdfSelection):
        fault = Fault("--pdf", " or ".join((_NONE, *PdfSelection)), which)
        raise InputError("no such choice of PDFs", [fault])
    options = PdfFetchOptions(PDF_URL if url is None else url, delay_s, mailto, deadline_s)
    return HarvestPdfs(PdfSelection(which), options.check(), system_clock())


def papers_to_json(papers: "HarvestedPdfs") -> dict[str, Any]:
    """Return the counts of PDFs as JSON: `{"wanted", "fetched", "cached", "without", "left", …}`."""
    return {
        "wanted": papers.wanted,
        "fetched": papers.fetched,
        "cached": papers.cached,
        "without": dict(papers.without),
        "left": papers.left,
        "why_left": str(papers.why_left) if papers.why_left else None,
        "outcomes": dict(papers.outcomes),
        "statements": papers.statements,
    }


def final_status(papers: "HarvestedPdfs", status: int) -> int:
    """Return the exit status of a harvest with PDFs; `status` is that of its records."""
    if papers.why_left is not None:
        return status_of(papers.why_left)
    return ExitStatus.SOME_REFUSED if papers.outcomes.get("refused") else status


def harvest_options(arguments: Mapping[str, Any], delay_s: float) -> "HarvestOptions":
    """Return the checked options of a harvest.

    Raises:
        InputError: They request none, or are invalid.
    """
    if arguments["since"] is None:
        raise InputError(
            "nothing to ingest", [Fault("options", "--since DATE, or --snapshot FILE", "neither")]
        )
    from ingest.arxiv.options import OAI, HarvestOptions

    return HarvestOptions(
        since=arguments["since"],
        until=arguments["until"],
        categories=tuple(arguments["category"] or ()),
        max_records=arguments["max"],
        via=arguments["via"] or OAI,
        base_url=arguments["base-url"],
        delay_s=delay_s,
        mailto=arguments["mailto"],
        deadline_s=arguments["deadline"],
    ).check(system_clock())


def refuse_beside_snapshot(arguments: Mapping[str, object]) -> None:
    """Refuse options that narrow a harvest, beside a snapshot: a file is read whole.

    Raises:
        InputError: Some are given.
    """
    faults = [
        Fault(f"--{name}", "nothing beside --snapshot, which reads the whole file", str(value))
        for name, value in arguments.items()
        if value
    ]
    if faults:
        raise InputError("a snapshot is read whole", faults)


def quarantine_of(store: str, file: Path | None) -> "Quarantine":
    """Return the quarantine file of refused records: beside a store that is a file, else in the current folder."""
    from ingest.pipeline.quarantine import Quarantine

    scheme, _, path = store.partition(":")
    if file is None and store != _MEMORY:
        beside = Path(path) if scheme == "sqlite" and path else Path("colineage")
        file = beside.with_name(beside.stem + _SUFFIX)
    return Quarantine(file, system_clock)
