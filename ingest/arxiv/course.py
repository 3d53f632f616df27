"""The course of one query into the store: page after page, each said with where the next one is."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from graph.canonical import Json
from graph.store import GraphStore
from graph.voice import Voice
from ingest.arxiv.page import Page
from ingest.arxiv.progress import Place
from ingest.page import Report
from ingest.quarantine import Quarantine
from ingest.runs import commit_run, say_run


@dataclass(slots=True)
class Course:
    """What a harvest has stored so far, and where it stands.

    `left` is how many records may still be taken; `None` for all. `said` is the place that the newest run of
    this harvest tells: a run that brings nothing tells none, so it can be behind `place`.
    """

    store: GraphStore
    voice: Voice
    tool: str
    quarantine: Quarantine
    report: Report
    left: int | None = None
    progress: Callable[[int], None] | None = None
    query: str = ""
    place: Place = field(default_factory=Place)
    said: Place = field(default_factory=Place)

    def take(self, page: Page, after: Place) -> bool:
        """Stores a page; whether all of it was taken, which `left` may forbid.

        Args:
            page: What came.
            after: Where the query stands after it. The rest of a page that was not taken whole is for the next
                run, which asks for it again.
        """
        if self.left is not None and len(page.records) > self.left:
            self._commit(page.first(self.left), self.place)
            return False
        self._commit(page, after)
        self.place = after
        return True

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
        found = commit_run(
            self.store,
            self.voice,
            page.records,
            self._run(after) | {"answer": page.digest},
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

    def _run(self, after: Place) -> dict[str, Json]:
        return {"query": self.query, "tool": self.tool, "params": after.to_json()}
