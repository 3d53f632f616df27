"""The course of one query into the store: page after page, each said with where the next one is."""

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
    """What a harvest has stored so far, and where it stands.

    `left` is how many records may still be taken; `None` for all. `naming_new` says whether each run names the
    versions that it saw first. `said` is the place that the newest run of
    this harvest tells: a run that brings nothing tells none, so it can be behind `place`.
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
        """Stores a page; whether all of it was taken, which `left` may forbid.

        Args:
            page: What came.
            after: Where the query stands after it. The rest of a page that was not taken whole is for the next
                run, which asks for it again and takes first what is new of it: so the same command comes to
                the end of pages that hold more than it may take.
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
        """Says that all is answered, unless the newest run says so already."""
        self.place = Place()
        self.note()
        self.report = replace(self.report, complete=True)

    def note(self) -> None:
        """Says where the harvest stands, unless the newest run says so already."""
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
