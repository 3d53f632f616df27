"""Commit the records of a file page by page, and report what was refused and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from graph.bundle.bundle import Bundle
from graph.clock import Clock, latest_admissible
from graph.errors import Fault, InputError
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.json_lines import RefusedItem
from ingest.formats.text import one_line
from ingest.pipeline.commit_page import PAGE_SIZE, Report
from ingest.pipeline.run_log import commit_run

Progress: TypeAlias = Callable[[int], None]
"""Progress callback: called after each page with the number of records seen so far."""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Record of a source, with records of what it and others mention (an author, a concept): these are not counted."""

    record: Bundle
    companions: tuple[Bundle, ...] = ()


def commit_records(
    store: GraphStore,
    speaker: Speaker,
    source: str,
    records: Iterable[SourceRecord | RefusedItem],
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
    file_commit = _FileCommit(store, speaker, run, Report(source), progress)
    for item in records:
        if isinstance(item, RefusedItem):
            file_commit.refusals.append(item)
        else:
            file_commit.add(item)
    return file_commit.finish()


def refusal_if_ahead(record: Bundle, clock: Clock) -> RefusedItem | None:
    """Return the refusal of a record that is dated more than a day ahead; `None` for any other."""
    header = record.header
    latest = latest_admissible(clock())
    if header and header.source and header.at is not None and header.at > latest:
        reason = f"expected a time at most a day ahead, got {header.at}"
        return RefusedItem(header.source.uri, reason)
    return None


@dataclass(slots=True)
class _FileCommit:
    """Commit of one file, under way: the page being filled and the report so far."""

    store: GraphStore
    speaker: Speaker
    run: Mapping[str, str]
    report: Report
    progress: Progress | None
    page: list[Bundle] = field(default_factory=list)
    companions: list[Bundle] = field(default_factory=list)
    refusals: list[RefusedItem] = field(default_factory=list)

    def add(self, source_record: SourceRecord) -> None:
        refusal = refusal_if_ahead(source_record.record, self.speaker.clock)
        if refusal is not None:
            self.refusals.append(refusal)
            return
        # The page before goes now, so that the last page of a file is never an empty one.
        if len(self.page) + len(self.companions) >= PAGE_SIZE:
            self.commit()
        self.page.append(source_record.record)
        self.companions += source_record.companions

    def commit(self) -> None:
        run = {key: line for key, text in self.run.items() if (line := one_line(text))}
        self.report = commit_run(
            self.store,
            self.speaker,
            self.page,
            run,
            self.report,
            companions=self.companions,
            refusals=self.refusals,
        )
        self.page, self.companions, self.refusals = [], [], []
        if self.progress:
            self.progress(self.report.seen)

    def finish(self) -> Report:
        if not self.page:
            raise _no_records_error(self.report.source, self.refusals)
        self.commit()
        return replace(self.report, complete=True)


def _no_records_error(source: str, refusals: Sequence[RefusedItem]) -> InputError:
    """Return the error for an input without a single record; an empty input is no success."""
    faults = [
        Fault(refusal.where, "a record of it", f"this: {refusal.reason}")
        for refusal in refusals[:5]
    ]
    if len(refusals) > len(faults):
        faults.append(
            Fault("the others", "records of it", f"{len(refusals) - len(faults)} more like these")
        )
    return InputError(
        f"nothing of {source} was found",
        faults or [Fault("the input", "at least one record", "none")],
    )
