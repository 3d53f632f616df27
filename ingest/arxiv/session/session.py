"""Harvest session: stores one query page by page, each with the resume point after it (a checkpoint of the harvest)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from graph.model.canonical import Json, canonical
from graph.speaker import Voice
from graph.store import GraphStore
from ingest.arxiv.missing_pdfs import named_new
from ingest.arxiv.session.page import Page
from ingest.arxiv.session.resume import Place
from ingest.pipeline.commit_page import Report, news_among
from ingest.pipeline.quarantine import Quarantine
from ingest.pipeline.run_log import commit_run, say_run


@dataclass(slots=True)
class Course:
    """State of a harvest: the report so far, and its resume point.

    `records_left` is how many records may still be stored; `None` for all. With `naming_new`, each run names the
    versions that it saw first. `saved_point` is the resume point in the newest run of
    this harvest: a page that brings nothing saves none, so it can be behind `point`.
    """

    store: GraphStore
    voice: Voice
    tool: str
    quarantine: Quarantine
    report: Report
    left: int | None = None
    progress: Callable[[int], None] | None = None
    naming_new: bool = False
    query: str = ""
    place: Place = field(default_factory=Place)
    said: Place = field(default_factory=Place)

    def take(self, page: Page, after: Place) -> bool:
        """Store a page; return whether all of it was stored, which `records_left` may forbid.

        Args:
            page: The page to store.
            after: The resume point after it. The rest of a page that was stored in part is for the next
                run, which requests it again and stores the new records first: so the same command comes to
                the end of pages that hold more than it may store.
        """
        whole = True
        if self.left is not None and len(page.records) > self.left:
            news = news_among(self.store, self.voice, page.records)
            page, whole = page.first(self.left, news), len(news) <= self.left
        self._commit(page, after if whole else self.place)
        if whole:
            self.place = after
        return whole

    def done(self) -> None:
        """Record that the query was answered to its end, unless the newest run states so already."""
        self.place = Place()
        self.note()
        self.report = replace(self.report, complete=True)

    def note(self) -> None:
        """Save the resume point in a run of its own, unless the newest run states it already."""
        if self.said.is_open or self.place.is_open:
            if self.said != self.place:
                size = say_run(self.store, self.voice, self._run(self.place))
                self.report = replace(self.report, log_size=size)
            self.said = self.place

    def _commit(self, page: Page, after: Place) -> None:
        self.quarantine.keep(self.query, page.refused)
        new = named_new(self.store, page.records) if self.naming_new else []
        found = commit_run(
            self.store,
            self.voice,
            page.records,
            self._run(after, new) | {"answer": page.digest},
            self.report,
            beside=page.categories,
            refused=page.refused,
        )
        if found.log_size != self.report.log_size:
            self.said = after
        self.report = found
        if self.left is not None:
            self.left -= len(page.records)
        if self.progress:
            self.progress(found.seen)

    def _run(self, after: Place, more: Sequence[Json] = ()) -> dict[str, Json]:
        params = sorted([*after.to_json(), *more], key=canonical)
        return {"query": self.query, "tool": self.tool, "params": params}
