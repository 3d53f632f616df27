"""Fetch the PDFs of harvested papers and ingest them in batches, as if each had been given with its paper's id.

This module alone joins the arXiv harvest and the reading of PDFs: it takes versions, gets their files from the PDF
cache, and passes these to `ingest.pdf`, which reports what became of them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from graph.errors import RefusedError, SourceError
from graph.model.vocabulary import Relation
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.harvest import queries_of
from ingest.arxiv.missing_pdfs import (
    MissingPdfs,
    first_seen_versions,
    missing_pdfs_of,
    missing_pdfs_of_versions,
    works_in_span,
)
from ingest.arxiv.options import HarvestOptions
from ingest.arxiv.pdf_cache import PdfCache, PdfResult
from ingest.arxiv.snapshot.snapshot import query_of, works_of
from ingest.formats.json_lines import file_digest
from ingest.http.rate_limit import TooLateError
from ingest.pdf.ingest import ingest_pdf_files
from ingest.pdf.input_files import PdfInput
from ingest.pdf.statements.identity import GIVEN, given_claim
from ingest.pipeline.commit_file import Progress

WITHDRAWN: Final = "withdrawn"
"""Reason for no PDF: arXiv lists the newest version as withdrawn, so it is not requested."""

UNVERSIONED: Final = "no version"
"""Reason for no PDF: the file of listings gives no version of the paper, so none can be requested."""

COPY: Final = "copy"
"""Reason for no PDF of its own: the same file was given for another version or work, and stays linked to that."""

REFUSED: Final = "refused"
"""Outcome of a reading that no record could hold, or whose file was gone."""

PDFS_PER_BATCH: Final = 100
"""Number of PDFs fetched before they are read; each batch passes over all titles of the store once."""

_MOST_REASONS: Final = 50
_MAX_FAILURES: Final = 3
"""Failures in a row (no usable answer) after which the service is left alone."""


class PdfSelection(StrEnum):
    """Selection of the PDFs to fetch: those of versions that the harvest saw first, or of all papers that it selects."""

    NEW = "new"
    ALL = "all"


def missing_pdfs_of_harvest(
    store: GraphStore, author: str, options: HarvestOptions, selection: PdfSelection
) -> MissingPdfs:
    """Return the selected PDFs of a harvest that were not read yet; `author` as for `missing_pdfs_of`."""
    if selection is PdfSelection.NEW:
        return missing_pdfs_of_versions(
            store, author, first_seen_versions(store, queries_of(options))
        )
    return missing_pdfs_of(store, author, works_in_span(store, options))


def missing_pdfs_of_snapshot(
    store: GraphStore, author: str, path: Path, selection: PdfSelection
) -> MissingPdfs:
    """Return the selected PDFs of a file of listings that were not read yet."""
    if selection is PdfSelection.NEW:
        return missing_pdfs_of_versions(store, author, first_seen_versions(store, [query_of(path)]))
    return missing_pdfs_of(store, author, works_of(path))


@dataclass(frozen=True, slots=True)
class HarvestedPdfs:
    """Report on the PDFs that a harvest selected.

    `wanted` is the sum of `fetched`, `cached` (already in the cache), `without` (none exists, counted by reason) and
    `left` (for the same command later). `outcomes` counts how the readings of the PDFs ended, and `statements` were made.
    `why_left` is why some are left; `reasons` states in words why there is no PDF, for the first fifty
    that this run found out.
    """

    wanted: int = 0
    fetched: int = 0
    cached: int = 0
    without: Mapping[str, int] = field(default_factory=dict)
    left: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    statements: int = 0
    why_left: SourceError | None = None
    reasons: tuple[str, ...] = ()


def ingest_missing_pdfs(
    store: GraphStore,
    speaker: Speaker,
    cache: PdfCache,
    missing: MissingPdfs,
    *,
    query: str,
    batch_size: int = PDFS_PER_BATCH,
    progress: Progress | None = None,
) -> HarvestedPdfs:
    """Ingest the PDFs of these versions, fetched where they are not in the cache.

    Args:
        store: The store to append to.
        speaker: The one who vouches for the records and states the citations.
        cache: The cache that gets the files.
        missing: The versions whose PDFs to ingest.
        query: The query that the runs name: the address of the service.
        batch_size: Number of PDFs fetched before they are read.
        progress: Called with the number of papers done.

    Raises:
        StoreError: The store or the cache can't be used.
    """
    run = _PdfRun(store, speaker, cache, query, batch_size, progress)
    run.without.update({WITHDRAWN: missing.withdrawn, UNVERSIONED: missing.unversioned})
    try:
        for version in sorted(missing.versions, key=lambda name: (cache.is_unusable(name), name)):
            run.ingest_version(version)
    except SourceError as error:
        run.why_left = error
    run.read_batch()
    return run.report(len(missing.versions) + missing.withdrawn + missing.unversioned)


@dataclass(slots=True)
class _PdfRun:
    """Ingest of PDFs in progress: its counts, and the batch of files to be read next."""

    store: GraphStore
    speaker: Speaker
    cache: PdfCache
    query: str
    batch_size: int
    progress: Progress | None
    fetched: int = 0
    cached: int = 0
    without: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    statements: int = 0
    batch: dict[str, PdfInput] = field(default_factory=dict)
    failures: int = 0
    why_left: SourceError | None = None
    reasons: list[str] = field(default_factory=list)

    def ingest_version(self, version: str) -> None:
        """Get the PDF of a version; read the batch when it is full.

        Raises:
            SourceError: The service is down or refuses; going on now is no use.
        """
        try:
            result = self.cache.get(version)
        except TooLateError:
            raise
        except SourceError as error:
            absence = self.cache.record_failure(version, error)
            if absence is None:
                self.why_left = error
                self.failures += 1
                if self.failures == _MAX_FAILURES or isinstance(error, RefusedError):
                    raise
                return
            result = absence
        else:
            if result.fetched:
                self.failures = 0
        self.add_result(version, result)

    def add_result(self, version: str, result: PdfResult) -> None:
        """Count the result for a version, and add its file to the batch to be read."""
        if result.file is None:
            self.count_missing(version, str(result.lack), result.reason if result.fetched else None)
        else:
            file = file_digest(result.file)
            other = (
                self.batch[file].name if file in self.batch else self.earlier_target(file, version)
            )
            if other:
                self.count_missing(version, COPY, f"{file} is of {other}")
            else:
                self.fetched += result.fetched
                self.cached += not result.fetched
                self.batch[file] = PdfInput(result.file, given_claim(version), version)
        if self.progress:
            self.progress(self.papers_done)
        if len(self.batch) >= self.batch_size:
            self.read_batch()

    def count_missing(self, version: str, why: str, reason: str | None) -> None:
        """Count a version without a PDF, and keep the reason unless an earlier run reported it."""
        self.without[why] += 1
        if reason and len(self.reasons) < _MOST_REASONS:
            self.reasons.append(f"{version}: {why}: {reason}")

    def earlier_target(self, file: str, version: str) -> str | None:
        """Return another version or work that this speaker has linked the file to: the earlier link stands."""
        special = frozenset({Relation.SPECIALIZATION_OF})
        for assertion in self.store.adjacent([file], outgoing=True, relations=special):
            if (
                assertion.edge.qualifiers.get("method") == GIVEN
                and assertion.edge.target != version
            ):
                bundles = self.store.bundles_by_id(assertion.bundles).values()
                if any(stored_bundle.author == self.speaker.author for stored_bundle in bundles):
                    return assertion.edge.target
        return None

    def read_batch(self) -> None:
        """Read the PDFs of the batch, and empty it."""
        if not self.batch:
            return
        input_files = list(self.batch.values())
        self.batch.clear()
        report = ingest_pdf_files(self.store, self.speaker, input_files, query=self.query)
        self.outcomes.update(report.outcomes)
        self.outcomes[REFUSED] += len(input_files) - sum(report.outcomes.values())
        self.statements += report.statements

    @property
    def papers_done(self) -> int:
        """Number of papers whose result is known."""
        return self.fetched + self.cached + self.without.total()

    def report(self, total: int) -> HarvestedPdfs:
        """Return the report on this many selected PDFs."""
        return HarvestedPdfs(
            wanted=total,
            fetched=self.fetched,
            cached=self.cached,
            without={why: n for why, n in sorted(self.without.items()) if n},
            left=total - self.papers_done,
            outcomes={how: n for how, n in sorted(self.outcomes.items()) if n},
            statements=self.statements,
            why_left=self.why_left,
            reasons=tuple(self.reasons),
        )
