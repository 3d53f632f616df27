"""Pull another log into a store: verify its tree first, then take its bundles one by one; no statement is made about them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Final

from graph.bundle.bundle import Bundle
from graph.bundle.envelopes import merge
from graph.bundle.keys import is_key
from graph.errors import BrokenLogError, Fault, InputError
from graph.export.batches import bundle_batches
from graph.export.format import PAGE, Opener, RefusedLine, tree_lines
from graph.export.reader import read_manifest, read_note_text, verify_note, verify_tree
from graph.log.checkpoint import Checkpoint
from graph.log.frontier import Peaks
from graph.log.signed_note import SignedCheckpoint, read_note
from graph.proofs.proofs import checkpoint_at
from graph.rules.facts import authors_of, with_author
from graph.store import Compose, GraphStore, Log, RawBundle
from ingest.pull.admission import Refusal, admit
from ingest.pull.log_locations import refuse_another_log, write_location
from ingest.pull.pins import MissingBundle, Pin, PullProgress, pin_path, read_pin, write_pin
from ingest.pull.pull_lock import pull_lock

MAX_MISSING: Final = 10_000
"""Largest number of bundles of a log that are requested again: for a body that was withheld, or for their signature."""

MAX_REFUSALS: Final = 20
"""Largest number of refusals that the result of a pull names."""


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
        refused: How many of the log's bundles were left out, as they are no bundles.
        withheld: How many came without their body, or with another than theirs; each later pull requests it again.
        refusals: The first of what was left out, and why: bundles, and bodies.
        log: Checkpoint of this store's own log after the pull.
    """

    signed: SignedCheckpoint
    key: str
    first_sight: bool
    seen: int
    added: int
    refused: int
    withheld: int
    refusals: tuple[Refusal, ...]
    log: Checkpoint


def pull(
    store: GraphStore,
    open_file: Opener,
    pins_folder: Path,
    *,
    key: str | None = None,
    address: str | None = None,
    trust: bool = False,
    progress: Callable[[int], None] | None = None,
) -> PullResult:
    """Pull the bundles of another log into a store: none is stored before the log itself is verified.

    What is no bundle is left out, and told; the rest is taken.

    Args:
        store: Where to.
        open_file: Opens the files of the other log's export.
        pins_folder: The folder of pins.
        key: Key that must have signed the log; `None`: the pinned key, else the one that the log itself states.
        address: Address of the log: without a key given, another log than was there before is refused.
        trust: Add that key to the store's trust list: records that it vouches for live here from now on.
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
        session = _PullSession(store, open_file, progress)
        end = session.verify(signed.checkpoint, previous.peaks, pin)
        if trust and log_key not in authors_of(store.trust_list()):
            store.change_trust(lambda before: with_author(before, log_key))
        session.store_new(previous, end.size)
        log = store.checkpoint()
        current = PullProgress(end, log, tuple(session.missing[:MAX_MISSING]))
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
        refused=session.refused,
        withheld=session.withheld,
        refusals=tuple(session.refusals),
        log=log,
    )


class _PullSession:
    """Session of one pull: a first pass over the log verifies its tree, a second one stores what is admitted."""

    def __init__(
        self, store: GraphStore, open_file: Opener, progress: Callable[[int], None] | None
    ) -> None:
        self.seen = 0
        self.added = 0
        self.refused = 0
        self.withheld = 0
        self.refusals: list[Refusal] = []
        self.missing: list[MissingBundle] = []
        self._store = store
        self._open_file = open_file
        self._progress = progress
        self._admitted: dict[int, Bundle] = {}

    def verify(self, signed: Checkpoint, start: Peaks, pin: Pin | None) -> Peaks:
        """Verify the tree of the whole log and return its peaks.

        Raises:
            BrokenLogError: It fails verification.
        """
        last_checkpoint = pin.checkpoint if pin else Checkpoint(0, Peaks().root())
        end, root = verify_tree(
            self._open_file,
            signed,
            start=start,
            at=last_checkpoint.size,
            progress=self._progress,
        )
        if root != last_checkpoint.root:
            raise BrokenLogError(_fork_message(last_checkpoint, root))
        return end

    def store_new(self, previous: PullProgress, size: int) -> None:
        """Store the new bundles, and those that were missing and are served whole now."""
        raws = chain(self._found(previous.missing), self._new(previous.peaks.size, size))
        for batch in bundle_batches(raws, lambda raw: self._admitted.pop(raw.position)):
            self.added += len(self._store.append(_composer(batch)).added)
            if self._progress is not None:
                self._progress(self.seen)
        self._drop_erased()
        self.missing.sort(key=lambda missing: missing.position)

    def _found(self, missing: Sequence[MissingBundle]) -> Iterator[RawBundle]:
        """Yield those of the missing bundles that the log serves otherwise by now."""
        expected = {bundle.position: bundle.bundle for bundle in missing}
        here = self._store.bundles_by_id(expected.values())
        for line in _lines_at(self._open_file, sorted(expected)):
            raw = _raw_of(line)
            if raw.id != expected[raw.position]:
                raise BrokenLogError(
                    f"expected the bundle {expected[raw.position]} at position {raw.position}, got {raw.id}"
                )
            bundle = self._judge(line)
            stored = here.get(raw.id)
            if bundle is not None and (stored is None or _brings_more(bundle, stored.bundle)):
                self.seen += 1
                self._admitted[raw.position] = bundle
                yield raw

    def _new(self, start: int, stop: int) -> Iterator[RawBundle]:
        """Yield the bundles from one position to below another that are admitted."""
        for line in tree_lines(self._open_file, start, stop):
            self.seen += 1
            bundle = self._judge(line)
            if bundle is not None:
                raw = _raw_of(line)
                self._admitted[raw.position] = bundle
                yield raw

    def _judge(self, line: RawBundle | RefusedLine) -> Bundle | None:
        """Return the bundle of a line; count what is left out of it, and remember what to request again."""
        raw, admission = _raw_of(line), admit(line)
        is_withheld = admission.bundle is not None and admission.bundle.is_withheld
        self.withheld += is_withheld
        self.refused += admission.bundle is None
        if admission.refusal and len(self.refusals) < MAX_REFUSALS:
            self.refusals.append(admission.refusal)
        is_later = admission.bundle is not None and admission.bundle.header is None
        if is_withheld or is_later or (admission.bundle is None and not admission.is_final):
            self.missing.append(MissingBundle(raw.position, raw.id))
        return admission.bundle

    def _drop_erased(self) -> None:
        """Forget the bundles whose body isn't missing: it was erased here."""
        stored = self._store.bundles_by_id([missing.bundle for missing in self.missing])
        erased = {name for name, bundle in stored.items() if bundle.is_erased}
        self.withheld -= len(erased)
        self.missing = [missing for missing in self.missing if missing.bundle not in erased]


def _brings_more(bundle: Bundle, stored: Bundle) -> bool:
    """Return whether a bundle that is served again has what the stored one lacks: its body, an envelope, its signature."""
    if stored.is_withheld and bundle.body_bytes is not None:
        return True
    if stored.header is not None:
        return False
    if bundle.header is not None:
        return True
    return merge(stored.signature, bundle.signature) != stored.signature


def _lines_at(open_file: Opener, positions: Sequence[int]) -> Iterator[RawBundle | RefusedLine]:
    """Yield the lines at some positions; each file is read once."""
    for _, group in groupby(positions, lambda position: position // PAGE):
        position_set = set(group)
        for line in tree_lines(open_file, min(position_set), max(position_set) + 1):
            if _raw_of(line).position in position_set:
                yield line


def _raw_of(line: RawBundle | RefusedLine) -> RawBundle:
    return line.raw if isinstance(line, RefusedLine) else line


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
