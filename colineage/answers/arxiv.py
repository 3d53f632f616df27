"""Interpretation of the options of `ingest arxiv`: which harvest, which PDFs, which quarantine file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from colineage.answers.resolve import readable
from colineage.exit_status import Status, status_of
from graph.clock import system_clock
from graph.errors import Fault, InputError

if TYPE_CHECKING:  # importing them costs 0.1 s, and --help needs none of it
    from colineage.output import Progress
    from colineage.store_access import Writing
    from graph.store import GraphStore
    from ingest.arxiv.missing_pdfs import Owed
    from ingest.arxiv.options import Asked
    from ingest.arxiv.pdf_cache import PdfsAsked
    from ingest.arxiv_pdfs import Papers, Which
    from ingest.pipeline.commit_page import Report
    from ingest.pipeline.quarantine import Quarantine

# Options of fetching: beside a snapshot file they are valid for its PDFs alone.
_FETCHING: Final = frozenset({"mailto", "deadline"})
_NONE: Final = "none"
_SUFFIX: Final = ".quarantine.jsonl"
_MEMORY: Final = "sqlite::memory:"


@dataclass(frozen=True, slots=True)
class Pdfs:
    """Request for PDFs beside the records: which ones, how to fetch them, and the deadline's start."""

    which: "Which"
    asked: "PdfsAsked"
    started: datetime


@dataclass(frozen=True, slots=True)
class Harvest:
    """Harvest as the options request it: a function that imports its records, one that finds missing PDFs."""

    take: Callable[..., "Report"]
    owed: Callable[["GraphStore", str, "Which"], "Owed"]

    def records(
        self, opened: "Writing", kept: "Quarantine", progress: "Progress", pdfs: Pdfs | None
    ) -> "Report":
        """Import the records; if the PDFs of new versions are requested, list these versions in the runs."""
        naming = pdfs is not None and pdfs.which == "new"
        return self.take(
            opened.store, opened.voice, quarantine=kept, progress=progress, naming_new=naming
        )

    def papers(self, opened: "Writing", progress: "Progress", pdfs: Pdfs) -> "Papers":
        """Fetch the missing PDFs, and read them."""
        from ingest.arxiv.pdf_cache import open_shelf
        from ingest.arxiv_pdfs import take_papers

        store, voice = opened.store, opened.voice
        owed = self.owed(store, voice.author, pdfs.which)
        with open_shelf(pdfs.asked, pdfs.started) as shelf:
            query = pdfs.asked.base_url
            return take_papers(store, voice, shelf, owed, query=query, progress=progress)


def live(given: Mapping[str, Any], delay_s: float) -> Harvest:
    """Return the harvest of an arXiv service.

    Raises:
        InputError: The options request none, or are invalid.
    """
    asked = asked_of(given, delay_s)
    from ingest.arxiv.harvest import harvest

    def owed(store: "GraphStore", author: str, which: "Which") -> "Owed":
        from ingest.arxiv_pdfs import owed_by_harvest

        return owed_by_harvest(store, author, asked, which)

    return Harvest(partial(harvest, asked=asked), owed)


def from_snapshot(path: Path, given: Mapping[str, object], pdfs: Pdfs | None) -> Harvest:
    """Return the harvest of a snapshot file.

    Raises:
        InputError: Options are given that would narrow it, or the file can't be read.
    """
    refuse_beside_snapshot(
        {name: value for name, value in given.items() if pdfs is None or name not in _FETCHING}
    )
    readable(path)
    from ingest.arxiv.snapshot.snapshot import ingest_snapshot

    def owed(store: "GraphStore", author: str, which: "Which") -> "Owed":
        from ingest.arxiv_pdfs import owed_by_snapshot

        return owed_by_snapshot(store, author, path, which)

    return Harvest(partial(ingest_snapshot, path=path), owed)


def pdfs_of(
    which: str,
    url: str | None,
    *,
    delay_s: float,
    mailto: str | None,
    deadline_s: float | None,
) -> Pdfs | None:
    """Return the checked request for PDFs; `None` for none.

    Raises:
        InputError: The options are invalid.
    """
    if which == _NONE:
        if url is not None:
            fault = Fault("--pdf-url", "--pdf new or --pdf all beside it", "--pdf none")
            raise InputError("no PDFs are wanted", [fault])
        return None
    from ingest.arxiv.pdf_cache import PDF_URL, PdfsAsked
    from ingest.arxiv_pdfs import Which

    if which not in set(Which):
        fault = Fault("--pdf", " or ".join((_NONE, *Which)), which)
        raise InputError("no such choice of PDFs", [fault])
    asked = PdfsAsked(PDF_URL if url is None else url, delay_s, mailto, deadline_s)
    return Pdfs(Which(which), asked.check(), system_clock())


def papers_to_json(papers: "Papers") -> dict[str, Any]:
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


def status_with(papers: "Papers", status: int) -> int:
    """Return the exit status of a harvest with PDFs; `status` is that of its records."""
    if papers.why_left is not None:
        return status_of(papers.why_left)
    return Status.SOME_REFUSED if papers.outcomes.get("refused") else status


def asked_of(given: Mapping[str, Any], delay_s: float) -> "Asked":
    """Return the checked options of a harvest.

    Raises:
        InputError: They request none, or are invalid.
    """
    if given["since"] is None:
        raise InputError(
            "nothing to ingest", [Fault("options", "--since DATE, or --snapshot FILE", "neither")]
        )
    from ingest.arxiv.options import OAI, Asked

    return Asked(
        since=given["since"],
        until=given["until"],
        categories=tuple(given["category"] or ()),
        max_records=given["max"],
        via=given["via"] or OAI,
        base_url=given["base-url"],
        delay_s=delay_s,
        mailto=given["mailto"],
        deadline_s=given["deadline"],
    ).check(system_clock())


def refuse_beside_snapshot(given: Mapping[str, object]) -> None:
    """Refuse options that narrow a harvest, beside a snapshot: a file is read whole.

    Raises:
        InputError: Some are given.
    """
    faults = [
        Fault(f"--{name}", "nothing beside --snapshot, which reads the whole file", str(value))
        for name, value in given.items()
        if value
    ]
    if faults:
        raise InputError("a snapshot is read whole", faults)


def quarantine_of(store: str, named: Path | None) -> "Quarantine":
    """Return the quarantine file of refused records: beside a store that is a file, else in the current folder."""
    from ingest.pipeline.quarantine import Quarantine

    scheme, _, path = store.partition(":")
    if named is None and store != _MEMORY:
        beside = Path(path) if scheme == "sqlite" and path else Path("colineage")
        named = beside.with_name(beside.stem + _SUFFIX)
    return Quarantine(named, system_clock)
