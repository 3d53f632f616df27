"""What the options of `ingest arxiv` mean together."""

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

if TYPE_CHECKING:  # reading them costs a tenth of a second, and --help needs none of it
    from colineage.output import Progress
    from colineage.store_access import Writing
    from graph.store import GraphStore
    from ingest.arxiv.missing_pdfs import Owed
    from ingest.arxiv.options import Asked
    from ingest.arxiv.pdf_cache import PdfsAsked
    from ingest.arxiv_pdfs import Papers, Which
    from ingest.pipeline.commit_page import Report
    from ingest.pipeline.quarantine import Quarantine

# Options that say how to fetch: a file of listings needs them for its PDFs alone.
_FETCHING: Final = frozenset({"mailto", "deadline"})
_NONE: Final = "none"
_SUFFIX: Final = ".quarantine.jsonl"
_MEMORY: Final = "sqlite::memory:"


@dataclass(frozen=True, slots=True)
class Pdfs:
    """The PDFs that are wanted beside the records: which, how, and since when the deadline counts."""

    which: "Which"
    asked: "PdfsAsked"
    started: datetime


@dataclass(frozen=True, slots=True)
class Harvest:
    """A harvest as the options ask for it: how its records are taken in, and which PDFs it owes."""

    take: Callable[..., "Report"]
    owed: Callable[["GraphStore", str, "Which"], "Owed"]

    def records(
        self, opened: "Writing", kept: "Quarantine", progress: "Progress", pdfs: Pdfs | None
    ) -> "Report":
        """Takes the records in; where the PDFs of new versions are wanted, the runs name these."""
        naming = pdfs is not None and pdfs.which == "new"
        return self.take(
            opened.store, opened.voice, quarantine=kept, progress=progress, naming_new=naming
        )

    def papers(self, opened: "Writing", progress: "Progress", pdfs: Pdfs) -> "Papers":
        """Fetches the PDFs that it owes, and reads them."""
        from ingest.arxiv.pdf_cache import open_shelf
        from ingest.arxiv_pdfs import take_papers

        store, voice = opened.store, opened.voice
        owed = self.owed(store, voice.author, pdfs.which)
        with open_shelf(pdfs.asked, pdfs.started) as shelf:
            query = pdfs.asked.base_url
            return take_papers(store, voice, shelf, owed, query=query, progress=progress)


def live(given: Mapping[str, Any], delay_s: float) -> Harvest:
    """The harvest of a service of arXiv's.

    Raises:
        InputError: The options ask for none, or wrongly.
    """
    asked = asked_of(given, delay_s)
    from ingest.arxiv.harvest import harvest

    def owed(store: "GraphStore", author: str, which: "Which") -> "Owed":
        from ingest.arxiv_pdfs import owed_by_harvest

        return owed_by_harvest(store, author, asked, which)

    return Harvest(partial(harvest, asked=asked), owed)


def from_snapshot(path: Path, given: Mapping[str, object], pdfs: Pdfs | None) -> Harvest:
    """The harvest of a file of listings.

    Raises:
        InputError: Options are given that narrow it, or the file can't be read.
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
    """The PDFs that the options want, checked; `None` for none.

    Raises:
        InputError: They want them wrongly.
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
    """What became of the PDFs, as other programs read it."""
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
    """The exit status of a harvest whose records end with this one."""
    if papers.why_left is not None:
        return status_of(papers.why_left)
    return Status.SOME_REFUSED if papers.outcomes.get("refused") else status


def asked_of(given: Mapping[str, Any], delay_s: float) -> "Asked":
    """The harvest that the options ask for, checked.

    Raises:
        InputError: They ask for none, or wrongly.
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
    """Refuses options that narrow a harvest: a file is read whole.

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
    """Where refused records are kept: beside a store that is a file, else in the current folder."""
    from ingest.pipeline.quarantine import Quarantine

    scheme, _, path = store.partition(":")
    if named is None and store != _MEMORY:
        beside = Path(path) if scheme == "sqlite" and path else Path("colineage")
        named = beside.with_name(beside.stem + _SUFFIX)
    return Quarantine(named, system_clock)
