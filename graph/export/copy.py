"""Copying and restoring a whole log: same bundles at the same positions, same name, same trusted authors.

It migrates a store from SQLite to Neo4j or back, and restores a backup (an export) into a store. A copy that
was stopped resumes where it stopped: the bundles that are there must be the beginning of the log.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol

from graph.bundle.bundle import Bundle
from graph.errors import BrokenLogError, BundleError, StoreError
from graph.export.batches import bundle_batches
from graph.export.format import Opener, raw_bundles, validate_bundle
from graph.export.log_manifest import LogManifest
from graph.export.reader import Progress, read_manifest, read_note_text, verify_bundles, verify_note
from graph.log.checkpoint import Checkpoint
from graph.proofs.proofs import checkpoint_at
from graph.rules.facts import TrustEntry
from graph.store import AppendView, Compose, GraphStore, Log, RawBundle


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
    def trust(self) -> tuple[TrustEntry, ...]:
        """Trust list of its store."""
        ...

    def root_at(self, size: int) -> str:
        """Return the root over its first bundles; a log that isn't a store's is validated whole by this."""
        ...

    def raw_bundles(self, start: int) -> Iterator[RawBundle]:
        """Yield its bundles from a position."""
        ...


@dataclass(frozen=True, slots=True)
class StoredLog:
    """Log of a store, as it was at one moment."""

    store: GraphStore
    origin: str
    checkpoint: Checkpoint
    trust: tuple[TrustEntry, ...]

    def root_at(self, size: int) -> str:
        """See `Original`."""
        return checkpoint_at(self.store, size).root

    def raw_bundles(self, start: int) -> Iterator[RawBundle]:
        """See `Original`."""
        return self.store.raw_bundles(start)


@dataclass(frozen=True, slots=True)
class ExportedLog:
    """Log in an export whose checkpoint is valid under its key."""

    open_file: Opener
    manifest: LogManifest
    progress: Progress | None

    @property
    def origin(self) -> str:
        """See `Original`."""
        return self.manifest.origin

    @property
    def checkpoint(self) -> Checkpoint:
        """See `Original`."""
        return self.manifest.checkpoint

    @property
    def trust(self) -> tuple[TrustEntry, ...]:
        """See `Original`."""
        return self.manifest.trust

    def root_at(self, size: int) -> str:
        """See `Original`."""
        _, root = verify_bundles(self.open_file, self.checkpoint, at=size, progress=self.progress)
        return root

    def raw_bundles(self, start: int) -> Iterator[RawBundle]:
        """See `Original`."""
        return raw_bundles(self.open_file, start, self.checkpoint.size)


@dataclass(frozen=True, slots=True)
class CopyResult:
    """Result of a copy: the log that it holds now, and the number of bundles added this time."""

    origin: str
    checkpoint: Checkpoint
    added: int


def copy(original: Original, target: GraphStore, *, progress: Progress | None = None) -> CopyResult:
    """Add to a store the bundles of a log that it lacks.

    Args:
        original: The log to copy, up to its checkpoint.
        target: Empty, or the beginning of the log.
        progress: Called with the number of bundles that the copy has.

    Raises:
        StoreError: The target holds something else, or somebody else writes to it meanwhile.
        BrokenLogError: The original does not hold: a bundle is none, or the root is another one.
    """
    start = target.checkpoint()
    _refuse_another(original, target, start)
    target.adopt(original.origin)
    target.trust(original.trust)
    size = start.size
    stop = original.checkpoint.size  # a store may have grown since
    raws = takewhile(lambda raw: raw.position < stop, original.raw_bundles(size))
    for batch in bundle_batches(raws, _validate):
        added = target.append(_append_at(target, size, batch)).added
        size += len(batch)
        if len(added) != len(batch):
            repeats = len(batch) - len(added)
            raise BrokenLogError(
                f"expected {size} different bundles in the first {size} places of the original, got {repeats} that "
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
    return CopyResult(original.origin, end, end.size - start.size)


def _refuse_another(original: Original, target: Log, start: Checkpoint) -> None:
    original_checkpoint, origin = original.checkpoint, target.origin()
    if start.size and origin != original.origin:
        raise StoreError(
            f"expected an empty store or the beginning of the log {original.origin}, got {start.size} bundles of "
            f"{origin}: copy into another store, or bring them together with colineage pull"
        )
    if start.size > original_checkpoint.size:
        raise StoreError(
            f"expected at most the {original_checkpoint.size} bundles of the original in the copy, got {start.size}: is it the "
            "other way round?"
        )
    # A log that isn't a store's is validated here, whole, before the first of its bundles is stored.
    root = original.root_at(start.size)
    if root != start.root:
        raise StoreError(
            f"expected the beginning of the log {original.origin} with the root {root} over its {start.size} bundles, got "
            f"{start.root}: both went on under one name; copy into an empty store"
        )


def _validate(raw: RawBundle) -> Bundle:
    try:
        return validate_bundle(raw)
    except BundleError as error:
        raise BrokenLogError(f"the original's log does not hold: {error}") from error


def _append_at(target: Log, size: int, batch: Sequence[Bundle]) -> Compose:
    """Return a function that appends a batch at its own positions: nobody may have written since."""

    def compose(_view: AppendView) -> Sequence[Bundle]:
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
    return StoredLog(store, store.origin(), store.checkpoint(), store.trust_list())


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
    manifest = read_manifest(open_file)
    note = verify_note(read_note_text(open_file), manifest.key if key is None else key)
    if (manifest.origin, manifest.checkpoint) != (note.origin, note.checkpoint):
        raise BrokenLogError(
            f"about.json tells of {manifest.size} bundles of {manifest.origin}, the checkpoint signs "
            f"{note.checkpoint.size} of {note.origin}: export again into the same folder"
        )
    return ExportedLog(open_file, manifest, progress)
