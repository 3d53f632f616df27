"""Pull another log into a store: verify all its bundles first, then store them; no statement is made about them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from graph.bundle.bundle import Bundle
from graph.bundle.keys import is_key
from graph.clock import Clock, latest_admissible, system_clock
from graph.errors import BrokenLogError, Fault, InputError
from graph.export.format import PAGE, Opener, judged, raw_bundles
from graph.export.reader import about_in, followed, held_note, note_in
from graph.log.checkpoint import Checkpoint
from graph.log.frontier import Peaks
from graph.log.signed_note import SignedCheckpoint, read_note
from graph.proofs.proofs import checkpoint_at
from graph.store import Compose, GraphStore, RawBundle
from ingest.pull.file_lock import alone
from ingest.pull.log_locations import keep_place, refuse_another_log
from ingest.pull.pins import Early, Pin, Taken, pin_path, read_pin, write_pin

MOST_EARLY: Final = 10_000
"""Largest number of bundles of a log dated more than a day ahead: each is remembered."""

MOST_WITHHELD: Final = 10_000
"""Largest number of bundles of a log whose withheld bodies are requested again."""

_BATCH: Final = 1000
_BATCH_BYTES: Final = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Pulled:
    """Result of a pull.

    Attributes:
        signed: The other log's signed checkpoint.
        key: The key under which it was verified.
        first_sight: True when nothing was seen of the log before and no key was given: the key is the log's
            own claim (trust on first use).
        seen: Number of bundles read: those new since the last pull into this store.
        added: How many of them this store did not have.
        early: How many of the log's bundles are dated more than a day ahead and wait for a later pull.
        withheld: How many came without their body; each later pull requests it again.
        log: Checkpoint of this store's own log after the pull.
    """

    signed: SignedCheckpoint
    key: str
    first_sight: bool
    seen: int
    added: int
    early: int
    withheld: int
    log: Checkpoint


def pull(
    store: GraphStore,
    open_file: Opener,
    seen: Path,
    *,
    key: str | None = None,
    place: str | None = None,
    trust: bool = False,
    clock: Clock = system_clock,
    progress: Callable[[int], None] | None = None,
) -> Pulled:
    """Pull the bundles of another log into a store: none is stored before all are verified.

    Args:
        store: Where to.
        open_file: Opens the files of the other log's export.
        pins_folder: The folder of pins.
        key: Key that must have signed the log; `None`: the pinned key, else the one that the log itself states.
        address: Address of the log: without a key given, another log than was there before is refused.
        trust: Add that key to the store's trust list: records that it vouches for live here from now on.
        clock: Decides which bundles are dated too far ahead.
        progress: Called with the number of bundles verified, then of those stored.

    Raises:
        BrokenLogError: The log fails verification, contradicts what was last seen of it, or is signed by another
            key. Nothing of it was stored.
        InputError: There is no log; or a pin is damaged.
        BusyError: Another pull of this log is under way.
    """
    note = note_in(open_file)
    origin = _origin_of(note)
    if place is not None and key is None:
        refuse_another_log(seen, place, origin)
    path = pin_path(seen, origin)
    with alone(path.with_suffix(".lock"), f"another pull of {origin}"):
        pin = read_pin(seen, origin)
        named = _key(pin, key, path) or about_in(open_file).key
        signed = _held(note, named, pin, path)
        if pin is not None:
            _refuse_another(pin, signed.checkpoint)
        taken = _taken(store, pin)
        pulling = _Pulling(store, open_file, latest_admissible(clock()), progress)
        end = pulling.judge(signed.checkpoint, taken.peaks, pin)
        if trust and named not in store.trusted():
            store.change_trust(lambda before: before | {named})
        pulling.take(taken, end.size)
        log = store.checkpoint()
        now = Taken(end, log, pulling.early, pulling.withheld)
        stores = {**(pin.stores if pin else {}), store.origin(): now}
        write_pin(seen, Pin(origin, named, note, end, stores))
        if place is not None:
            keep_place(seen, place, origin)
    return Pulled(
        signed=signed,
        key=named,
        first_sight=pin is None and key is None,
        seen=pulling.seen,
        added=pulling.added,
        early=len(pulling.early),
        withheld=len(pulling.withheld),
        log=log,
    )


class _Pulling:
    """Session of one pull: a first pass over the log verifies its bundles, a second one stores them."""

    def __init__(
        self,
        store: GraphStore,
        open_file: Opener,
        latest: str,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.seen = 0
        self.added = 0
        self.early: tuple[Early, ...] = ()
        self.withheld: tuple[Early, ...] = ()
        self._store = store
        self._open_file = open_file
        self._latest = latest
        self._progress = progress
        self._early: list[Early] = []
        self._bare: list[Early] = []

    def judge(self, signed: Checkpoint, start: Peaks, pin: Pin | None) -> Peaks:
        """Verify the whole log and return its peaks.

        Raises:
            BrokenLogError: It fails verification.
        """
        known = pin.checkpoint if pin else Checkpoint(0, Peaks().root())
        end, root = followed(
            self._open_file,
            signed,
            start=start,
            at=known.size,
            look=self._look,
            progress=self._progress,
        )
        if root != known.root:
            raise BrokenLogError(_forked(known, root))
        return end

    def take(self, taken: Taken, size: int) -> None:
        """Store the new bundles, and those that were too early until now."""
        for batch in _batches(self._new(taken, size)):
            self.added += len(self._store.append(_always(batch)).added)
            if self._progress is not None:
                self._progress(self.seen)
        self.early = (*(one for one in taken.early if one.at > self._latest), *self._early)
        self.withheld = tuple(sorted(self._bare, key=lambda one: one.position))[:MOST_WITHHELD]

    def _look(self, raw: RawBundle, bundle: Bundle) -> None:
        at = (bundle.header.at if bundle.header else None) or ""
        if at <= self._latest:
            if raw.body is None and len(self._bare) < MOST_WITHHELD:
                self._bare.append(Early(raw.position, bundle.id, at))
            return
        self._early.append(Early(raw.position, bundle.id, at))
        if len(self._early) > MOST_EARLY:
            raise BrokenLogError(
                f"expected at most {MOST_EARLY} bundles dated more than a day ahead, got more"
            )

    def _new(self, taken: Taken, size: int) -> Iterator[RawBundle]:
        due = [one for one in taken.early if one.at <= self._latest]
        waiting = {one.position: one for one in (*due, *taken.withheld)}
        bare = {one.position for one in taken.withheld}
        for raw in _of_pages(self._open_file, sorted(waiting)):
            one = waiting[raw.position]
            if raw.id != one.bundle:
                raise BrokenLogError(
                    f"expected the bundle {one.bundle} at position {raw.position}, got {raw.id}"
                )
            if raw.body is None:
                self._bare.append(one)
                if raw.position in bare:
                    continue
            self.seen += 1
            yield raw
        left_out = {one.position for one in self._early}
        for raw in raw_bundles(self._open_file, taken.peaks.size, size):
            self.seen += 1
            if raw.position not in left_out:
                yield raw


def _of_pages(open_file: Opener, positions: Sequence[int]) -> Iterator[RawBundle]:
    """Yield the bundles at some positions; each file is read once."""
    for _, group in groupby(positions, lambda position: position // PAGE):
        wanted = set(group)
        for raw in raw_bundles(open_file, min(wanted), max(wanted) + 1):
            if raw.position in wanted:
                yield raw


def _batches(raws: Iterable[RawBundle]) -> Iterator[list[Bundle]]:
    batch: list[Bundle] = []
    weight = 0
    for raw in raws:
        batch.append(judged(raw))
        weight += len(raw.header) + len(raw.body or b"")
        if len(batch) >= _BATCH or weight >= _BATCH_BYTES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _always(batch: Sequence[Bundle]) -> Compose:
    return lambda _look: batch


def _origin_of(note: str) -> str:
    try:
        return read_note(note).origin
    except InputError as error:
        raise BrokenLogError(f"the checkpoint does not hold: {error}") from error


def _key(pin: Pin | None, told: str | None, path: Path) -> str | None:
    """Return the key that must have signed the log; `None` where only the log itself states one.

    Raises:
        BrokenLogError: The log was seen under another key than the one given.
        InputError: The one given is no key.
    """
    if told is not None and not is_key(told):
        fault = Fault("--from", "a key, ed25519: and 64 hex digits", told[:80] or "nothing")
        raise InputError("no key", [fault])
    if pin is not None and told not in (None, pin.key):
        raise BrokenLogError(
            f"expected the log {pin.origin} under the key {pin.key}, under which it was seen before, got {told}: "
            f"if that is right, remove {path}"
        )
    return pin.key if pin is not None else told


def _held(note: str, key: str, pin: Pin | None, path: Path) -> SignedCheckpoint:
    try:
        return held_note(note, key)
    except BrokenLogError as error:
        if pin is None:
            raise
        raise BrokenLogError(
            f"{error}. Under that key the log was seen before: if whoever runs it says that it has another one now, "
            f"remove {path} and give --from KEY"
        ) from error


def _refuse_another(pin: Pin, signed: Checkpoint) -> None:
    seen = pin.checkpoint
    if signed.size < seen.size:
        raise BrokenLogError(
            f"the log is rolled back: it had {seen.size} bundles when it was last seen, now its checkpoint signs "
            f"{signed.size}. Ask whoever runs it what became of the others"
        )
    if signed.size == seen.size and signed.root != seen.root:
        raise BrokenLogError(_forked(seen, signed.root))


def _forked(seen: Checkpoint, root: str) -> str:
    return (
        f"the log is forked: its first {seen.size} bundles had the root {seen.root} when it was last seen, now "
        f"they have {root}. Keep both checkpoints, and ask whoever runs it which is the true one"
    )


def _taken(store: GraphStore, pin: Pin | None) -> Taken:
    """Return this store's progress with the log: none, unless its own log still begins with what it had then."""
    found = pin.stores.get(store.origin()) if pin else None
    longest = store.checkpoint().size
    if found and found.log.size <= longest and checkpoint_at(store, found.log.size) == found.log:
        return found
    return Taken(Peaks(), Checkpoint(0, Peaks().root()))
