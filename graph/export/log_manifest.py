"""Manifest of a log (`about.json`): its key, the authors it trusts, its state digest, and licences by source.

It is a claim, and unsigned: `key` is the key to read the checkpoint with, `digest` and `trusted` say what to
expect of the graph; whoever doubts them rebuilds the graph (`colineage verify DIR`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from graph.bundle.header import VERSION
from graph.bundle.keys import is_key
from graph.clock import is_time
from graph.errors import BusyError, Fault, InputError
from graph.log.checkpoint import Checkpoint
from graph.log.signed_note import is_origin
from graph.model.canonical import decode_admitted
from graph.rules.facts import TrustEntry
from graph.store import GraphStore, RawBundle
from graph.view.state_digest import RULES_VERSION

MAX_ABOUT_BYTES: Final = 4 * 2**20
NO_LICENCE: Final = "not stated"

_TRIES: Final = 3


class Licences(msgspec.Struct):
    """Number of records of one source under each licence."""

    licences: dict[str, int]


class Trusted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Author whom a store trusts: to vouch for these sources, sorted, or for all where there are none."""

    author: str
    sources: tuple[str, ...] | None = None


class WaitingBundles(msgspec.Struct, frozen=True):
    """Bundles of a log that wait for their time: all that are dated so (`first`), or later, the last `until`."""

    bundles: int
    first: str
    until: str


class LogManifest(msgspec.Struct, frozen=True):
    """Manifest of a log.

    `digest` is the state digest of the graph that the log of this size makes when the store
    trusts `trusted`, in that order; `None` where somebody wrote to the log all the while. `sources` counts all records of the log. `waiting`
    are the bundles that had no effect yet, as they are dated ahead: the digest is that without them.
    """

    origin: str
    key: str
    size: int
    root: str
    rules: int
    trusted: tuple[Trusted, ...]
    digest: str | None
    sources: dict[str, Licences]
    waiting: WaitingBundles | None

    @property
    def trust(self) -> tuple[TrustEntry, ...]:
        """Trust list under which the digest was made."""
        return tuple(
            TrustEntry(entry.author, None if entry.sources is None else frozenset(entry.sources))
            for entry in self.trusted
        )

    @property
    def checkpoint(self) -> Checkpoint:
        """Checkpoint of the log that this is the manifest of."""
        return Checkpoint(self.size, self.root)

    def to_json(self) -> dict[str, Any]:
        """Return the object that stands in `about.json`."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        return fields

    def to_bytes(self) -> bytes:
        """Return the bytes of `about.json`."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def make_manifest(store: GraphStore, key: str, *, before: LogManifest | None = None) -> LogManifest:
    """Make the manifest of a store's log, at one moment.

    Args:
        store: The store of the log.
        key: The key that signs its checkpoints.
        before: An earlier manifest: returned where nothing changed, so that the digest isn't computed again; else
            the licences are counted on from there.
    """
    if before is not None and before.digest is not None and _is_unchanged(store, before, key):
        return before
    return _make_manifest(store, key, before, *_read_one_moment(store))


def make_manifest_without_digest(store: GraphStore, key: str, before: LogManifest) -> LogManifest:
    """Make the manifest of a store's log without computing the digest, which would take too long.

    Args:
        store: The store of the log.
        key: The key that signs its checkpoints.
        before: An earlier manifest: returned, with its digest, where nothing changed.
    """
    if _is_unchanged(store, before, key):
        return before
    return _make_manifest(store, key, before, store.checkpoint(), store.trust_list(), None)


def _make_manifest(
    store: GraphStore,
    key: str,
    before: LogManifest | None,
    checkpoint: Checkpoint,
    trust: Sequence[TrustEntry],
    digest: str | None,
) -> LogManifest:
    origin = store.origin()
    continues = before is not None and before.origin == origin and before.size <= checkpoint.size
    start, counts = (before.size, before.sources) if before is not None and continues else (0, {})
    return LogManifest(
        origin=origin,
        key=key,
        size=checkpoint.size,
        root=checkpoint.root,
        rules=RULES_VERSION,
        trusted=tuple(
            Trusted(entry.author, None if entry.sources is None else tuple(sorted(entry.sources)))
            for entry in trust
        ),
        digest=digest,
        waiting=_waiting(store),
        sources=count_licences(counts, _up_to(store.raw_bundles(start), checkpoint.size)),
    )


def _waiting(store: GraphStore) -> WaitingBundles | None:
    waiting = store.waiting()
    if waiting.first is None or waiting.until is None:
        return None
    return WaitingBundles(waiting.bundles, waiting.first, waiting.until)


def parse_manifest(data: bytes) -> LogManifest:
    """Parse the manifest of another log, from the bytes of its `about.json`.

    Raises:
        InputError: The bytes are no manifest.
    """

    def refuse(where: str, expected: str, got: str) -> InputError:
        return InputError("no about.json of a log", [Fault(where, expected, got)])

    if len(data) > MAX_ABOUT_BYTES:
        raise refuse("about.json", f"at most {MAX_ABOUT_BYTES} bytes", "more")
    try:
        manifest = msgspec.json.decode(data, type=LogManifest)
    except (ValueError, RecursionError) as error:
        form = "an object {origin, key, size, root, rules, trusted, digest, sources}"
        raise refuse("about.json", form, str(error)[:160]) from error
    if not is_origin(manifest.origin):
        raise refuse("origin", "a name without spaces and `+`", repr(manifest.origin[:80]))
    for key in (manifest.key, *(entry.author for entry in manifest.trusted)):
        if not is_key(key):
            raise refuse("key, trusted", "keys, ed25519: and 64 hex digits", repr(key[:80]))
    waiting = manifest.waiting
    times = (waiting.first, waiting.until) if waiting else ()
    if not all(is_time(time) and time > "1970" for time in times):
        raise refuse("waiting", "times like 2026-11-20T00:00:00Z", repr(times)[:80])
    return manifest


def count_licences(before: Mapping[str, Licences], raw: Iterable[RawBundle]) -> dict[str, Licences]:
    """Count the records of each source under each licence, in the order of their names.

    Args:
        before: The counts so far.
        raw: More bundles, admitted ones.
    """
    counts = {source: dict(earlier.licences) for source, earlier in before.items()}
    for bundle in raw:
        if bundle.signature is not None:
            continue
        header = decode_admitted(bundle.header)
        if header["v"] == VERSION and "key" not in header:
            licence = header["source"]["licence"] or NO_LICENCE
            of_source = counts.setdefault(header["by"], {})
            of_source[licence] = of_source.get(licence, 0) + 1
    return {
        source: Licences(dict(sorted(of_source.items())))
        for source, of_source in sorted(counts.items())
    }


def _up_to(raw: Iterable[RawBundle], size: int) -> Iterable[RawBundle]:
    for raw_bundle in raw:
        if raw_bundle.position >= size:
            return
        yield raw_bundle


def _is_unchanged(store: GraphStore, before: LogManifest, key: str) -> bool:
    return (
        (before.origin, before.key, before.rules) == (store.origin(), key, RULES_VERSION)
        and before.checkpoint == store.checkpoint()
        and before.trust == store.trust_list()
        and before.waiting == _waiting(store)
    )


def _read_one_moment(store: GraphStore) -> tuple[Checkpoint, tuple[TrustEntry, ...], str | None]:
    """Return the checkpoint, the trust list and the digest of one moment; no digest where somebody keeps writing."""
    for _ in range(_TRIES):
        before = (store.checkpoint(), store.trust_list())
        try:
            digest = store.digest()
        except BusyError:
            continue
        if (store.checkpoint(), store.trust_list()) == before:
            return *before, digest
    return store.checkpoint(), store.trust_list(), None
