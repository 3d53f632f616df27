"""Pull another log into a store: verify all its bundles first, then store them; no statement is made about them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from graph.bundle.bundle import Bundle
from graph.bundle.keys import is_key
from graph.clock import Clock, latest_admissible, system_clock
from graph.errors import BrokenLogError, Fault, InputError
from graph.export.batches import bundle_batches
from graph.export.format import PAGE, Opener, raw_bundles, validate_bundle
from graph.export.reader import read_manifest, read_note_text, verify_bundles, verify_note
from graph.log.checkpoint import Checkpoint
from graph.log.frontier import Peaks
from graph.log.signed_note import SignedCheckpoint, read_note
from graph.proofs.proofs import checkpoint_at
from graph.store import Compose, GraphStore, Log, RawBundle
from ingest.pull.log_locations import refuse_another_log, write_location
from ingest.pull.pins import PendingBundle, Pin, PullProgress, pin_path, read_pin, write_pin
from ingest.pull.pull_lock import pull_lock

MAX_EARLY: Final = 10_000
"""Largest number of bundles of a log dated more than a day ahead: each is remembered."""

MAX_WITHHELD: Final = 10_000
"""Largest number of bundles of a log whose withheld bodies are requested again."""


@dataclass(frozen=True, slots=True)
class PullResult:
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
    pins_folder: Path,
    *,
    key: str | None = None,
    address: str | None = None,
    trust: bool = False,
    clock: Clock = system_clock,
    progress: Callable[[int], None] | None = None,
) -> PullResult:
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
    note = read_note_text(open_file)
    origin = _origin_of(note)
    if address is not None and key is None:
        refuse_another_log(pins_folder, address, origin)
    path = pin_path(pins_folder, origin)
    with pull_lock(path.with_suffix(".lock"), f"another pull of {origin}"):
        pin = read_pin(pins_folder, origin)
        log_key = _expected_key(pin, key, path) or read_manifest(open_file).key
        signed = _verified_checkpoint(note, log_key, pin, path)
        if pin is not None:
            _refuse_rollback(pin, signed.checkpoint)
        previous = _progress_of(store, pin)
        session = _PullSession(store, open_file, latest_admissible(clock()), progress)
        end = session.judge(signed.checkpoint, previous.peaks, pin)
        if trust and log_key not in store.trusted_authors():
            store.change_trust(lambda before: before | {log_key})
        session.store_new(previous, end.size)
        log = store.checkpoint()
        current = PullProgress(end, log, session.early, session.withheld)
        stores = {**(pin.stores if pin else {}), store.origin(): current}
        write_pin(pins_folder, Pin(origin, log_key, note, end, stores))
        if address is not None:
            write_location(pins_folder, address, origin)
    return PullResult(
        signed=signed,
        key=log_key,
        first_sight=pin is None and key is None,
        seen=session.seen,
        added=session.added,
        early=len(session.early),
        withheld=len(session.withheld),
        log=log,
    )


class _PullSession:
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
        self.early: tuple[PendingBundle, ...] = ()
        self.withheld: tuple[PendingBundle, ...] = ()
        self._store = store
        self._open_file = open_file
        self._latest = latest
        self._progress = progress
        self._early: list[PendingBundle] = []
        self._withheld: list[PendingBundle] = []

    def judge(self, signed: Checkpoint, start: Peaks, pin: Pin | None) -> Peaks:
        """Verify the whole log and return its peaks.

        Raises:
            BrokenLogError: It fails verification.
        """
        last_checkpoint = pin.checkpoint if pin else Checkpoint(0, Peaks().root())
        end, root = verify_bundles(
            self._open_file,
            signed,
            start=start,
            at=last_checkpoint.size,
            on_bundle=self._inspect,
            progress=self._progress,
        )
        if root != last_checkpoint.root:
            raise BrokenLogError(_fork_message(last_checkpoint, root))
        return end

    def store_new(self, previous: PullProgress, size: int) -> None:
        """Store the new bundles, and those that were too early until now."""
        for batch in bundle_batches(self._new_bundles(previous, size), validate_bundle):
            self.added += len(self._store.append(_composer(batch)).added)
            if self._progress is not None:
                self._progress(self.seen)
        self.early = (
            *(pending for pending in previous.early if pending.at > self._latest),
            *self._early,
        )
        self.withheld = tuple(sorted(self._withheld, key=lambda pending: pending.position))[
            :MAX_WITHHELD
        ]

    def _inspect(self, raw: RawBundle, bundle: Bundle) -> None:
        at = (bundle.header.at if bundle.header else None) or ""
        if at <= self._latest:
            if raw.body is None and len(self._withheld) < MAX_WITHHELD:
                self._withheld.append(PendingBundle(raw.position, bundle.id, at))
            return
        self._early.append(PendingBundle(raw.position, bundle.id, at))
        if len(self._early) > MAX_EARLY:
            raise BrokenLogError(
                f"expected at most {MAX_EARLY} bundles dated more than a day ahead, got more"
            )

    def _new_bundles(self, previous: PullProgress, size: int) -> Iterator[RawBundle]:
        due = [pending for pending in previous.early if pending.at <= self._latest]
        waiting = {pending.position: pending for pending in (*due, *previous.withheld)}
        withheld_positions = {pending.position for pending in previous.withheld}
        for raw in _bundles_at(self._open_file, sorted(waiting)):
            pending = waiting[raw.position]
            if raw.id != pending.bundle:
                raise BrokenLogError(
                    f"expected the bundle {pending.bundle} at position {raw.position}, got {raw.id}"
                )
            if raw.body is None:
                self._withheld.append(pending)
                if raw.position in withheld_positions:
                    continue
            self.seen += 1
            yield raw
        early_positions = {pending.position for pending in self._early}
        for raw in raw_bundles(self._open_file, previous.peaks.size, size):
            self.seen += 1
            if raw.position not in early_positions:
                yield raw


def _bundles_at(open_file: Opener, positions: Sequence[int]) -> Iterator[RawBundle]:
    """Yield the bundles at some positions; each file is read once."""
    for _, group in groupby(positions, lambda position: position // PAGE):
        position_set = set(group)
        for raw in raw_bundles(open_file, min(position_set), max(position_set) + 1):
            if raw.position in position_set:
                yield raw


def _composer(batch: Sequence[Bundle]) -> Compose:
    return lambda _view: batch


def _origin_of(note: str) -> str:
    try:
        return read_note(note).origin
    except InputError as error:
        raise BrokenLogError(f"the checkpoint does not hold: {error}") from error


def _expected_key(pin: Pin | None, stated_key: str | None, path: Path) -> str | None:
    """Return the key that must have signed the log; `None` where only the log itself states one.

    Raises:
        BrokenLogError: The log was seen under another key than the one given.
        InputError: The one given is no key.
    """
    if stated_key is not None and not is_key(stated_key):
        fault = Fault("--from", "a key, ed25519: and 64 hex digits", stated_key[:80] or "nothing")
        raise InputError("no key", [fault])
    if pin is not None and stated_key not in (None, pin.key):
        raise BrokenLogError(
            f"expected the log {pin.origin} under the key {pin.key}, under which it was seen before, got {stated_key}: "
            f"if that is right, remove {path}"
        )
    return pin.key if pin is not None else stated_key


def _verified_checkpoint(note: str, key: str, pin: Pin | None, path: Path) -> SignedCheckpoint:
    try:
        return verify_note(note, key)
    except BrokenLogError as error:
        if pin is None:
            raise
        raise BrokenLogError(
            f"{error}. Under that key the log was seen before: if whoever runs it says that it has another one now, "
            f"remove {path} and give --from KEY"
        ) from error


def _refuse_rollback(pin: Pin, signed: Checkpoint) -> None:
    last_checkpoint = pin.checkpoint
    if signed.size < last_checkpoint.size:
        raise BrokenLogError(
            f"the log is rolled back: it had {last_checkpoint.size} bundles when it was last seen, now its checkpoint signs "
            f"{signed.size}. Ask whoever runs it what became of the others"
        )
    if signed.size == last_checkpoint.size and signed.root != last_checkpoint.root:
        raise BrokenLogError(_fork_message(last_checkpoint, signed.root))


def _fork_message(last_checkpoint: Checkpoint, root: str) -> str:
    return (
        f"the log is forked: its first {last_checkpoint.size} bundles had the root {last_checkpoint.root} when it was last seen, now "
        f"they have {root}. Keep both checkpoints, and ask whoever runs it which is the true one"
    )


def _progress_of(store: Log, pin: Pin | None) -> PullProgress:
    """Return this store's progress with the log: none, unless its own log still begins with what it had then."""
    progress = pin.stores.get(store.origin()) if pin else None
    longest = store.checkpoint().size
    if (
        progress
        and progress.log.size <= longest
        and checkpoint_at(store, progress.log.size) == progress.log
    ):
        return progress
    return PullProgress(Peaks(), Checkpoint(0, Peaks().root()))
