"""Commit the records of a file page by page, and report what was refused and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from graph.bundle.bundle import Bundle
from graph.clock import latest_admissible
from graph.errors import Fault, InputError
from graph.speaker import Voice
from graph.store import GraphStore
from ingest.formats.json_lines import Refused
from ingest.formats.text import one_line
from ingest.pipeline.commit_page import PAGE_SIZE, Report
from ingest.pipeline.run_log import commit_run

Progress: TypeAlias = Callable[[int], None]
"""Progress callback: called after each page with the number of records seen so far."""


@dataclass(frozen=True, slots=True)
class Found:
    """Record of a source, with records of what it and others mention (an author, a concept): these are not counted."""

    record: Bundle
    beside: tuple[Bundle, ...] = ()


def commit_found(
    store: GraphStore,
    voice: Voice,
    source: str,
    found: Iterable[Found | Refused],
    run: Mapping[str, str],
    *,
    progress: Progress | None = None,
) -> Report:
    """Commit the records of a file page by page, each page as one append.

    A page is 1,000 records, those of mentioned things included. A record dated more than a day ahead is
    refused, not the page that it stands on.

    Args:
        store: Where it goes.
        speaker: Who vouches for it.
        source: The source's name, `openalex`.
        records: Its records in an order that doesn't change, each slot once, and what was refused on
            the way.
        run: Attributes of each run: the file's name and hash.
        progress: Called with the number of records seen.

    Raises:
        InputError: There is no record at all; the first reasons are listed.
    """
    filing = _Filing(store, voice, run, Report(source), progress)
    for one in found:
        if isinstance(one, Refused):
            filing.refused.append(one)
        else:
            filing.take(one)
    return filing.done()


@dataclass(slots=True)
class _Filing:
    """Commit of one file, under way: the page being filled and the report so far."""

    store: GraphStore
    voice: Voice
    run: Mapping[str, str]
    report: Report
    progress: Progress | None
    page: list[Bundle] = field(default_factory=list)
    beside: list[Bundle] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def take(self, one: Found) -> None:
        header = one.record.header
        latest = latest_admissible(self.voice.clock())
        if header and header.source and header.at is not None and header.at > latest:
            reason = f"expected a time at most a day ahead, got {header.at}"
            self.refused.append(Refused(header.source.uri, reason))
            return
        # The page before goes now, so that the last page of a file is never an empty one.
        if len(self.page) + len(self.beside) >= PAGE_SIZE:
            self.commit()
        self.page.append(one.record)
        self.beside += one.beside

    def commit(self) -> None:
        run = {key: said for key, text in self.run.items() if (said := one_line(text))}
        self.report = commit_run(
            self.store,
            self.voice,
            self.page,
            run,
            self.report,
            beside=self.beside,
            refused=self.refused,
        )
        self.page, self.beside, self.refused = [], [], []
        if self.progress:
            self.progress(self.report.seen)

    def done(self) -> Report:
        if not self.page:
            raise _nothing_found(self.report.source, self.refused)
        self.commit()
        return replace(self.report, complete=True)


def _nothing_found(source: str, refused: Sequence[Refused]) -> InputError:
    """Return the error for an input without a single record; an empty input is no success."""
    faults = [Fault(one.where, "a record of it", f"this: {one.reason}") for one in refused[:5]]
    if len(refused) > len(faults):
        faults.append(
            Fault("the others", "records of it", f"{len(refused) - len(faults)} more like these")
        )
    return InputError(
        f"nothing of {source} was found",
        faults or [Fault("the input", "at least one record", "none")],
    )
