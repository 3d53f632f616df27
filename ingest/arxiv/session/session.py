"""Harvest session: stores one query page by page, each with the resume point after it."""

from dataclasses import dataclass, field, replace

from graph.model.canonical import Json
from ingest.arxiv.context import IngestContext
from ingest.arxiv.session.page import RecordPage
from ingest.arxiv.session.resume import ResumePoint
from ingest.pipeline.commit_page import Report, new_or_changed_ids
from ingest.pipeline.run_log import append_run


@dataclass(slots=True)
class HarvestSession:
    """State of a harvest: the report so far, and its resume point.

    `records_left` is how many records may still be stored; `None` for all. `saved_point` is the resume point in the
    newest run of this harvest: a page that brings nothing saves none, so it can be behind `point`.
    """

    context: IngestContext
    tool: str
    report: Report
    records_left: int | None = None
    query: str = ""
    point: ResumePoint = field(default_factory=ResumePoint)
    saved_point: ResumePoint = field(default_factory=ResumePoint)

    def store_page(self, page: RecordPage, after: ResumePoint) -> bool:
        """Store a page; return whether all of it was stored, which `records_left` may forbid.

        Args:
            page: The page to store.
            after: The resume point after it. The rest of a page that was stored in part is for the next
                run, which requests it again and stores the new records first: so the same command comes to
                the end of pages that hold more than it may store.
        """
        is_whole = True
        if self.records_left is not None and len(page.records) > self.records_left:
            news = new_or_changed_ids(self.context.store, self.context.speaker, page.records)
            page, is_whole = (
                page.first_records(self.records_left, news),
                len(news) <= self.records_left,
            )
        self._commit(page, after if is_whole else self.point)
        if is_whole:
            self.point = after
        return is_whole

    def finish(self) -> None:
        """Record that the query was answered to its end, unless the newest run states so already."""
        self.point = ResumePoint()
        self.save_resume_point()
        self.report = replace(self.report, complete=True)

    def save_resume_point(self) -> None:
        """Save the resume point in a run of its own, unless the newest run states it already."""
        if self.saved_point.is_open or self.point.is_open:
            if self.saved_point != self.point:
                run = {**self._run_attributes(), "params": self.point.to_json()}
                size = append_run(self.context.store, self.context.speaker, run)
                self.report = replace(self.report, log_size=size)
            self.saved_point = self.point

    def _commit(self, page: RecordPage, after: ResumePoint) -> None:
        report = self.context.commit(
            page.records,
            page.categories,
            page.refused,
            run={**self._run_attributes(), "answer": page.digest},
            params=after.to_json(),
            report=self.report,
        )
        if report.log_size != self.report.log_size:
            self.saved_point = after
        self.report = report
        if self.records_left is not None:
            self.records_left -= len(page.records)

    def _run_attributes(self) -> dict[str, Json]:
        return {"query": self.query, "tool": self.tool}
