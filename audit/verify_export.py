"""Verification of an export: its checkpoint, every bundle, the Merkle root, and the digest of its graph."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from audit.graph_diff import BATCH, BundleFault
from audit.verify import BATCH_BYTES
from graph.bundle.bundle import Bundle
from graph.bundle.keys import is_key
from graph.clock import Clock, clock_before
from graph.errors import BrokenLogError, BundleError, Fault, InputError
from graph.export.format import Opener, read_lines, validate_bundle
from graph.export.log_manifest import Licences, LogManifest, count_licences
from graph.export.reader import Progress, read_manifest, read_note_text, verify_note
from graph.log.frontier import Peaks
from graph.log.merkle import leaf_hash
from graph.log.signed_note import SignedCheckpoint, read_note
from graph.store import GraphStore, RawBundle, Waiting
from graph.view.state_digest import RULES_VERSION


@dataclass(frozen=True, slots=True)
class ExportVerification:
    """Result of a verification: `ok` only if every check was made and held.

    `key` is the one that the checkpoint was checked against. `bundles` is how many were read, `withheld` how many of
    them are here without their body: no signature shows whether they had one. `silent` have a body that doesn't fit
    and says nothing, which is no fault. `digest` is that of the graph made here from the bundles that hold,
    judged at the time at which those wait that waited when it was exported.
    """

    ok: bool
    key: str
    signed: SignedCheckpoint
    bundles: int
    withheld: int
    silent: int
    digest: str
    faults: tuple[BundleFault, ...]


def verify_export(
    open_file: Opener,
    *,
    key: str | None = None,
    fresh: Callable[[Clock], GraphStore],
    progress: Progress | None = None,
) -> ExportVerification:
    """Verify an export by its bytes alone, offline; every fault is reported.

    Args:
        open_file: Opens its files.
        key: The one that must have signed its checkpoint; `None`: the one that its about.json states.
        fresh: Opens an empty store to make the graph in, with the clock by which those bundles wait that about.json
            tells of; it is closed afterwards.
        progress: Called with the number of bundles read so far.

    Raises:
        BrokenLogError: There is no checkpoint to check against, or nothing that states the key.
        InputError: There is no export; or the key is none.
    """
    if key is not None and not is_key(key):
        fault = Fault("--from", "a key, ed25519: and 64 hex digits", key[:80] or "nothing")
        raise InputError("no key", [fault])
    about = read_manifest(open_file)
    signing_key = about.key if key is None else key
    note = read_note_text(open_file)
    try:
        signed = read_note(note)
    except InputError as error:
        raise BrokenLogError(f"the checkpoint does not hold: {error}") from error
    faults = [BundleFault(None, what) for what in _note_faults(note, signing_key)]
    with closing(fresh(clock_before(about.waiting.first if about.waiting else None))) as replay:
        replay.trust(about.trust)
        export_replay = _ExportReplay(open_file, replay, progress)
        export_replay.read_to(signed.checkpoint.size)
        digest = replay.digest()
        waiting = replay.waiting()
        rebuilt_size = replay.checkpoint().size
    faults += export_replay.faults
    if not export_replay.faults and rebuilt_size != export_replay.count:
        repeated = export_replay.count - rebuilt_size
        faults.append(BundleFault(None, f"the log holds {repeated} bundles more than once"))
    root = export_replay.peaks.root()
    if root != signed.checkpoint.root:
        what = f"expected the root {signed.checkpoint.root}, which the checkpoint signs, got {root}"
        faults.append(BundleFault(None, what))
    if not faults:  # else about.json can't agree with the log, and saying so adds nothing
        differences = [
            *_about_faults(about, signing_key, signed, digest, export_replay.sources),
            *_waiting_faults(about, waiting),
        ]
        faults += [BundleFault(None, what) for what in differences]
    return ExportVerification(
        not faults,
        signing_key,
        signed,
        export_replay.count,
        export_replay.withheld,
        export_replay.silent,
        digest,
        tuple(faults),
    )


def _note_faults(note: str, key: str) -> Iterator[str]:
    try:
        verify_note(note, key)
    except BrokenLogError as error:
        yield str(error)


def _about_faults(
    about: LogManifest,
    key: str,
    signed: SignedCheckpoint,
    digest: str | None,
    sources: dict[str, Licences],
) -> Iterator[str]:
    """Yield where about.json differs from the log."""
    if about.key != key:
        yield f"about.json tells that {about.key} signs the checkpoint, which holds under {key}"
    if (about.origin, about.checkpoint) != (signed.origin, signed.checkpoint):
        yield (
            f"about.json tells of {about.size} bundles of {about.origin} with the root {about.root}, the checkpoint "
            f"signs {signed.checkpoint.size} of {signed.origin}: an export was stopped between the two, export again"
        )
        return
    if about.rules != RULES_VERSION:
        yield (
            f"about.json tells a digest by version {about.rules} of the rules, here is version {RULES_VERSION}: "
            "the graph can't be compared"
        )
    elif about.digest not in (None, digest):
        yield f"the graph made from the log has the digest {digest}, about.json tells {about.digest}"
    if about.sources != sources:
        yield "about.json counts other records of sources and licences than the log holds"


def _waiting_faults(about: LogManifest, waiting: Waiting) -> Iterator[str]:
    """Yield that other bundles are dated as far ahead as about.json tells."""
    told = about.waiting
    stated = Waiting(told.bundles, told.first, told.until) if told else Waiting(0, None, None)
    if stated != waiting:
        yield (
            f"about.json tells of {stated.bundles} bundles dated from {stated.first} to {stated.until} that wait, "
            f"the log holds {waiting.bundles} from {waiting.first} to {waiting.until}"
        )


class _ExportReplay:
    """Replay of an export into a fresh store."""

    def __init__(self, open_file: Opener, replay: GraphStore, progress: Progress | None) -> None:
        self.count = 0
        self.withheld = 0
        self.silent = 0
        self.peaks = Peaks()
        self.sources: dict[str, Licences] = {}
        self.faults: list[BundleFault] = []
        self._open_file = open_file
        self._replay = replay
        self._progress = progress

    def read_to(self, size: int) -> None:
        """Read the bundles up to a size of the log."""
        batch: list[tuple[RawBundle, Bundle]] = []
        weight = 0
        for raw in self._read_raw(size):
            self.peaks = self.peaks.plus((leaf_hash(raw.header),))
            bundle = self._check_bundle(raw)
            self.withheld += bundle is not None and bundle.is_withheld
            self.silent += bundle is not None and bundle.is_unfit
            if bundle is not None:
                batch.append((raw, bundle))
                weight += len(raw.header) + len(raw.body or b"")
            if len(batch) >= BATCH or weight >= BATCH_BYTES:
                self._append(batch)
                batch, weight = [], 0
        self._append(batch)

    def _read_raw(self, size: int) -> Iterator[RawBundle]:
        """Yield the readable lines; the faults of the others are kept."""
        try:
            for line in read_lines(self._open_file, 0, size):
                self.count += 1
                if isinstance(line, BundleError):
                    self.faults.append(BundleFault(None, str(line)))
                else:
                    yield line
        except InputError as error:
            self.faults.append(BundleFault(None, str(error)))

    def _check_bundle(self, raw: RawBundle) -> Bundle | None:
        try:
            return validate_bundle(raw)
        except BundleError as error:
            where = f"position {raw.position}"
            self.faults += [BundleFault(raw.id[:80], f"{where}: {fault}") for fault in error.faults]
            return None

    def _append(self, batch: list[tuple[RawBundle, Bundle]]) -> None:
        if not batch:
            return
        self.sources = count_licences(self.sources, [raw for raw, _ in batch])
        bundles = [bundle for _, bundle in batch]
        self._replay.append(lambda _: bundles)
        if self._progress is not None:
            self._progress(self.count)
