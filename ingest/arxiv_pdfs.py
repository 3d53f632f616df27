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
from graph.speaker import Voice
from graph.store import GraphStore
from ingest.arxiv.harvest import queries_of
from ingest.arxiv.missing_pdfs import Owed, in_span, owed_of, owed_of_versions, promised
from ingest.arxiv.options import Asked
from ingest.arxiv.pdf_cache import Got, Shelf
from ingest.arxiv.snapshot.snapshot import query_of, works_of
from ingest.formats.json_lines import file_digest
from ingest.http.rate_limit import TooLateError
from ingest.pdf.ingest import take_pdfs
from ingest.pdf.input_files import Given
from ingest.pdf.statements.identity import GIVEN
from ingest.pdf.statements.identity import given as given_of
from ingest.pipeline.commit_file import Progress

WITHDRAWN: Final = "withdrawn"
"""Reason for no PDF: arXiv lists the newest version as withdrawn, so it is not requested."""

UNVERSIONED: Final = "no version"
"""Reason for no PDF: the file of listings gives no version of the paper, so none can be requested."""

COPY: Final = "copy"
"""Reason for no PDF of its own: the same file was given for another version or work, and stays linked to that."""

REFUSED: Final = "refused"
"""Outcome of a reading that no record could hold, or whose file was gone."""

READ_AT_ONCE: Final = 100
"""Number of PDFs fetched before they are read; each batch passes over all titles of the store once."""

_MOST_REASONS: Final = 50
_MOST_MISSED: Final = 3
"""Failures in a row (no usable answer) after which the service is left alone."""


class Which(StrEnum):
    """Selection of the PDFs to fetch: those of versions that the harvest saw first, or of all papers that it selects."""

    NEW = "new"
    ALL = "all"


def owed_by_harvest(store: GraphStore, author: str, asked: Asked, which: Which) -> Owed:
    """Return the selected PDFs of a harvest that were not read yet; `author` as for `missing_pdfs_of`."""
    if which is Which.NEW:
        return owed_of_versions(store, author, promised(store, queries_of(asked)))
    return owed_of(store, author, in_span(store, asked))


def owed_by_snapshot(store: GraphStore, author: str, path: Path, which: Which) -> Owed:
    """Return the selected PDFs of a file of listings that were not read yet."""
    if which is Which.NEW:
        return owed_of_versions(store, author, promised(store, [query_of(path)]))
    return owed_of(store, author, works_of(path))


@dataclass(frozen=True, slots=True)
class Papers:
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


def take_papers(
    store: GraphStore,
    voice: Voice,
    shelf: Shelf,
    owed: Owed,
    *,
    query: str,
    at_once: int = READ_AT_ONCE,
    progress: Progress | None = None,
) -> Papers:
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
    taking = _Taking(store, voice, shelf, query, at_once, progress)
    taking.without.update({WITHDRAWN: owed.withdrawn, UNVERSIONED: owed.unversioned})
    try:
        for version in sorted(owed.versions, key=lambda one: (shelf.was_missed(one), one)):
            taking.take(version)
    except SourceError as error:
        taking.why_left = error
    taking.read()
    return taking.papers(len(owed.versions) + owed.withdrawn + owed.unversioned)


@dataclass(slots=True)
class _Taking:
    """Ingest of PDFs in progress: its counts, and the batch of files to be read next."""

    store: GraphStore
    voice: Voice
    shelf: Shelf
    query: str
    at_once: int
    progress: Progress | None
    fetched: int = 0
    cached: int = 0
    without: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    statements: int = 0
    batch: dict[str, Given] = field(default_factory=dict)
    missed: int = 0
    why_left: SourceError | None = None
    reasons: list[str] = field(default_factory=list)

    def take(self, version: str) -> None:
        """Get the PDF of a version; read the batch when it is full.

        Raises:
            SourceError: The service is down or refuses; going on now is no use.
        """
        try:
            got = self.shelf.get(version)
        except TooLateError:
            raise
        except SourceError as error:
            lack = self.shelf.missed(version, error)
            if lack is None:
                self.why_left = error
                self.missed += 1
                if self.missed == _MOST_MISSED or isinstance(error, RefusedError):
                    raise
                return
            got = lack
        else:
            if got.fetched:
                self.missed = 0
        self.put(version, got)

    def put(self, version: str, got: Got) -> None:
        """Count the result for a version, and add its file to the batch to be read."""
        if got.file is None:
            self.lack(version, str(got.lack), got.reason if got.fetched else None)
        else:
            file = file_digest(got.file)
            other = self.batch[file].name if file in self.batch else self.given_for(file, version)
            if other:
                self.lack(version, COPY, f"{file} is of {other}")
            else:
                self.fetched += got.fetched
                self.cached += not got.fetched
                self.batch[file] = Given(got.file, given_of(version), version)
        if self.progress:
            self.progress(self.done)
        if len(self.batch) >= self.at_once:
            self.read()

    def lack(self, version: str, why: str, reason: str | None) -> None:
        """Count a version without a PDF, and keep the reason unless an earlier run reported it."""
        self.without[why] += 1
        if reason and len(self.reasons) < _MOST_REASONS:
            self.reasons.append(f"{version}: {why}: {reason}")

    def given_for(self, file: str, version: str) -> str | None:
        """Return another version or work that this speaker has linked the file to: the earlier link stands."""
        special = frozenset({Relation.SPECIALIZATION_OF})
        for one in self.store.adjacent([file], outgoing=True, relations=special):
            if one.edge.qualifiers.get("method") == GIVEN and one.edge.target != version:
                bundles = self.store.stored(one.bundles).values()
                if any(stored.author == self.voice.author for stored in bundles):
                    return one.edge.target
        return None

    def read(self) -> None:
        """Read the PDFs of the batch, and empty it."""
        if not self.batch:
            return
        given = list(self.batch.values())
        self.batch.clear()
        found = take_pdfs(self.store, self.voice, given, query=self.query)
        self.outcomes.update(found.outcomes)
        self.outcomes[REFUSED] += len(given) - sum(found.outcomes.values())
        self.statements += found.statements

    @property
    def done(self) -> int:
        """Number of papers whose result is known."""
        return self.fetched + self.cached + self.without.total()

    def papers(self, wanted: int) -> Papers:
        """Return the report on this many selected PDFs."""
        return Papers(
            wanted=wanted,
            fetched=self.fetched,
            cached=self.cached,
            without={why: n for why, n in sorted(self.without.items()) if n},
            left=wanted - self.done,
            outcomes={how: n for how, n in sorted(self.outcomes.items()) if n},
            statements=self.statements,
            why_left=self.why_left,
            reasons=tuple(self.reasons),
        )
