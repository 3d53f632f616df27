"""Fetches the PDFs of harvested papers and reads them, some at a time, as if each had been given by its paper's id.

Here alone the harvest of arXiv and the reading of PDFs meet: a version goes in, its file comes from the shelf, and
what becomes of that is said by `ingest.pdf`.
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
"""Why a paper has no PDF: arXiv says so of its newest version, which is not asked for."""

UNVERSIONED: Final = "no version"
"""Why a paper has none: the file of listings tells no version of it, so none can be asked for."""

COPY: Final = "copy"
"""Why a paper has none of its own: its file was given for another version or work, and stays that."""

REFUSED: Final = "refused"
"""How a reading ended that no record could hold, or whose file was gone."""

READ_AT_ONCE: Final = 100
"""How many PDFs are fetched before they are read; each time, all titles of the store are passed over once."""

_MOST_REASONS: Final = 50
_MOST_MISSED: Final = 3
"""After so many in a row without a usable answer the service is left alone."""


class Which(StrEnum):
    """Which papers' PDFs a harvest wants: those of versions that it saw first, or all of its answer."""

    NEW = "new"
    ALL = "all"


def owed_by_harvest(store: GraphStore, author: str, asked: Asked, which: Which) -> Owed:
    """The PDFs that a harvest wants and that were not read yet; `author` as for `owed_of`."""
    if which is Which.NEW:
        return owed_of_versions(store, author, promised(store, queries_of(asked)))
    return owed_of(store, author, in_span(store, asked))


def owed_by_snapshot(store: GraphStore, author: str, path: Path, which: Which) -> Owed:
    """The same for a file of listings."""
    if which is Which.NEW:
        return owed_of_versions(store, author, promised(store, [query_of(path)]))
    return owed_of(store, author, works_of(path))


@dataclass(frozen=True, slots=True)
class Papers:
    """What became of the PDFs that a harvest wanted.

    `wanted` is the sum of `fetched`, `cached` (they were on the shelf), `without` (why there is none) and `left` (for the
    same command later). Of those had, `outcomes` says how the readings ended, and `statements` were made.
    `why_left` is why some are left; `reasons` tell in words why there is none, of the first fifty of
    which this run found it out.
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
    """The PDFs of these versions, fetched where they are not on the shelf, and read.

    Args:
        store: Where to.
        voice: Who vouches, and who says what cites what.
        shelf: Where they come from.
        owed: Whose PDFs.
        query: What the runs say was asked: the address of the service.
        at_once: How many are fetched before they are read.
        progress: Told how many papers are done.

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
    """PDFs on their way into the store."""

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
        """Gets the PDF of a version; reads those that came, where they are enough.

        Raises:
            SourceError: It is no use to go on now.
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
        """Counts what came, and puts a file with those to be read."""
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
        """Counts one that has none, and says why, unless that was told by an earlier run."""
        self.without[why] += 1
        if reason and len(self.reasons) < _MOST_REASONS:
            self.reasons.append(f"{version}: {why}: {reason}")

    def given_for(self, file: str, version: str) -> str | None:
        """What else this voice was told that a file is of, which outlives what is told later."""
        special = frozenset({Relation.SPECIALIZATION_OF})
        for one in self.store.adjacent([file], outgoing=True, relations=special):
            if one.edge.qualifiers.get("method") == GIVEN and one.edge.target != version:
                bundles = self.store.stored(one.bundles).values()
                if any(stored.author == self.voice.author for stored in bundles):
                    return one.edge.target
        return None

    def read(self) -> None:
        """Reads what was put together."""
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
        """How many papers it is known of what came."""
        return self.fetched + self.cached + self.without.total()

    def papers(self, wanted: int) -> Papers:
        """What became of so many."""
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
