"""Copying and restoring a whole log: same bundles at the same positions, same name, same trusted authors.

It migrates a store from SQLite to Neo4j or back, and restores a backup (an export) into a store. A copy that
was stopped resumes where it stopped: the bundles that are there must be the beginning of the log.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from graph.bundle.bundle import Bundle
from graph.errors import BrokenLogError, BundleError, StoreError
from graph.export.format import Opener, judged, raw_bundles
from graph.export.log_manifest import About
from graph.export.reader import Progress, about_in, followed, held_note, note_in
from graph.log.checkpoint import Checkpoint
from graph.proofs.proofs import checkpoint_at
from graph.store import Compose, GraphStore, Look, RawBundle

_BATCH: Final = 1000
_BATCH_BYTES: Final = 8 * 2**20


class Original(Protocol):
    """Log that is copied."""

    @property
    def origin(self) -> str:
        """Name of the log."""
        ...

    @property
    def checkpoint(self) -> Checkpoint:
        """Checkpoint up to which it is copied."""
        ...

    @property
    def trusted(self) -> frozenset[str]:
        """Authors whose runs count in it."""
        ...

    def root_at(self, size: int) -> str:
        """Return the root over its first bundles; a log that isn't a store's is validated whole by this."""
        ...

    def raw(self, start: int) -> Iterator[RawBundle]:
        """Yield its bundles from a position."""
        ...


@dataclass(frozen=True, slots=True)
class StoredLog:
    """Log of a store, as it was at one moment."""

    store: GraphStore
    origin: str
    checkpoint: Checkpoint
    trusted: frozenset[str]

    def root_at(self, size: int) -> str:
        """See `Original`."""
        return checkpoint_at(self.store, size).root

    def raw(self, start: int) -> Iterator[RawBundle]:
        """See `Original`."""
        return self.store.raw(start)


@dataclass(frozen=True, slots=True)
class ExportedLog:
    """Log in an export whose checkpoint is valid under its key."""

    open_file: Opener
    about: About
    progress: Progress | None

    @property
    def origin(self) -> str:
        """See `Original`."""
        return self.about.origin

    @property
    def checkpoint(self) -> Checkpoint:
        """See `Original`."""
        return self.about.checkpoint

    @property
    def trusted(self) -> frozenset[str]:
        """See `Original`."""
        return frozenset(self.about.trusted)

    def root_at(self, size: int) -> str:
        """See `Original`."""
        _, root = followed(self.open_file, self.checkpoint, at=size, progress=self.progress)
        return root

    def raw(self, start: int) -> Iterator[RawBundle]:
        """See `Original`."""
        return raw_bundles(self.open_file, start, self.checkpoint.size)


@dataclass(frozen=True, slots=True)
class Copied:
    """Result of a copy: the log that it holds now, and the number of bundles added this time."""

    origin: str
    checkpoint: Checkpoint
    added: int


def copy(original: Original, target: GraphStore, *, progress: Progress | None = None) -> Copied:
    """Add to a store the bundles of a log that it lacks.

    Args:
        original: The log to copy, up to its checkpoint.
        target: Empty, or the beginning of the log.
        progress: Called with the number of bundles that the copy has.

    Raises:
        StoreError: The target holds something else, or somebody else writes to it meanwhile.
        BrokenLogError: The original does not hold: a bundle is none, or the root is another one.
        TooEarlyError: A bundle is dated more than a day ahead of this machine's clock.
    """
    start = target.checkpoint()
    _refuse_another(original, target, start)
    target.adopt(original.origin)
    target.trust(original.trusted)
    size = start.size
    for batch in _batches(original.raw(size), original.checkpoint.size):
        added = target.append(_at(target, size, batch)).added
        size += len(batch)
        if len(added) != len(batch):
            twice = len(batch) - len(added)
            raise BrokenLogError(
                f"expected {size} different bundles in the first {size} places of the original, got {twice} that "
                "stand there more than once: its log does not hold (colineage verify)"
            )
        if progress is not None:
            progress(size)
    end = target.checkpoint()
    if end != original.checkpoint:
        raise BrokenLogError(
            f"expected {original.checkpoint.size} bundles with the root {original.checkpoint.root} in the copy, "
            f"got {end.size} with {end.root}: the original's log does not hold (colineage verify)"
        )
    return Copied(original.origin, end, end.size - start.size)


def _refuse_another(original: Original, target: GraphStore, start: Checkpoint) -> None:
    whole, origin = original.checkpoint, target.origin()
    if start.size and origin != original.origin:
        raise StoreError(
            f"expected an empty store or the beginning of the log {original.origin}, got {start.size} bundles of "
            f"{origin}: copy into another store, or bring them together with colineage pull"
        )
    if start.size > whole.size:
        raise StoreError(
            f"expected at most the {whole.size} bundles of the original in the copy, got {start.size}: is it the "
            "other way round?"
        )
    # A log that isn't a store's is validated here, whole, before the first of its bundles is stored.
    root = original.root_at(start.size)
    if root != start.root:
        raise StoreError(
            f"expected the beginning of the log {original.origin} with the root {root} over its {start.size} bundles, got "
            f"{start.root}: both went on under one name; copy into an empty store"
        )


def _batches(raw: Iterable[RawBundle], stop: int) -> Iterator[list[Bundle]]:
    batch: list[Bundle] = []
    weight = 0
    for one in raw:
        if one.position >= stop:
            break
        batch.append(_judged(one))
        weight += len(one.header) + len(one.body or b"")
        if len(batch) >= _BATCH or weight >= _BATCH_BYTES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _judged(raw: RawBundle) -> Bundle:
    try:
        return judged(raw)
    except BundleError as error:
        raise BrokenLogError(f"the original's log does not hold: {error}") from error


def _at(target: GraphStore, size: int, batch: Sequence[Bundle]) -> Compose:
    """Return a function that appends a batch at its own positions: nobody may have written since."""

    def compose(_look: Look) -> Sequence[Bundle]:
        now = target.checkpoint().size
        if now != size:
            raise StoreError(
                f"expected {size} bundles in the copy, got {now}: somebody else writes to it; a copy is "
                "written by nobody until it is whole"
            )
        return batch

    return compose


def stored_log(store: GraphStore) -> StoredLog:
    """Return the log of a store as it is now."""
    return StoredLog(store, store.origin(), store.checkpoint(), store.trusted())


def exported_log(
    open_file: Opener, *, key: str | None = None, progress: Progress | None = None
) -> ExportedLog:
    """Open the log in an export.

    Args:
        open_file: Opens its files.
        key: The key that must have signed its checkpoint; `None`: the one that the export itself states.
        progress: Called with the number of bundles validated.

    Raises:
        BrokenLogError: Its checkpoint is not valid, or is of another log than its about.json.
        InputError: There is no export.
    """
    about = about_in(open_file)
    signed = held_note(note_in(open_file), about.key if key is None else key)
    if (about.origin, about.checkpoint) != (signed.origin, signed.checkpoint):
        raise BrokenLogError(
            f"about.json tells of {about.size} bundles of {about.origin}, the checkpoint signs "
            f"{signed.checkpoint.size} of {signed.origin}: export again into the same folder"
        )
    return ExportedLog(open_file, about, progress)
