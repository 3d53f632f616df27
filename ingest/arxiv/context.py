"""Context of an import from arXiv, the same for all routes: the store, the speaker, the quarantine, the progress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.bundle.bundle import Bundle
from graph.clock import latest_admissible
from graph.model.canonical import Json, canonical_bytes
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.missing_pdfs import new_version_params
from ingest.pipeline.commit_file import Progress
from ingest.pipeline.commit_page import Report
from ingest.pipeline.quarantine import NO_QUARANTINE, Quarantine, Refusal
from ingest.pipeline.run_log import commit_run


@dataclass(frozen=True, slots=True)
class IngestContext:
    """Context of an import.

    Attributes:
        store: The store to append to.
        speaker: The one who vouches for the records.
        quarantine: The file for refused records.
        progress: Called after each page with the number of records seen.
        naming_new: True to let each run name the versions that it saw first (`ingest.arxiv.missing_pdfs`).
    """

    store: GraphStore
    speaker: Speaker
    quarantine: Quarantine = NO_QUARANTINE
    progress: Progress | None = None
    naming_new: bool = False

    def latest(self) -> str:
        """Return the latest time that the store admits now."""
        return latest_admissible(self.speaker.clock())

    def empty_report(self) -> Report:
        """Return the report before the first page."""
        return Report("arxiv", log_size=self.store.checkpoint().size)

    def commit(
        self,
        records: Sequence[Bundle],
        categories: Sequence[Bundle],
        refusals: Sequence[Refusal],
        *,
        run: Mapping[str, Json],
        params: Sequence[Json],
        report: Report,
    ) -> Report:
        """Commit a page of records with its categories, and keep what was refused; return the report after it.

        Args:
            records: The page's records.
            categories: The records of the categories that they name.
            refusals: The records refused on the way.
            run: Attributes of its run: the query, the hash of the answer, the tool.
            params: Parameters of its run.
            report: The report before it.
        """
        self.quarantine.keep(str(run["query"]), refusals)
        versions = new_version_params(self.store, records) if self.naming_new else []
        attributes = {**run, "params": sorted([*params, *versions], key=canonical_bytes)}
        after = commit_run(
            self.store,
            self.speaker,
            records,
            attributes,
            report,
            companions=categories,
            refusals=refusals,
        )
        if self.progress:
            self.progress(after.seen)
        return after
