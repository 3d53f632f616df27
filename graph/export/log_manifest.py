"""Manifest of a log (`about.json`): its key, the authors it trusts, its state digest, and licences by source.

It is a claim, and unsigned: `key` is the key to read the checkpoint with, `digest` and `trusted` say what to
expect of the graph; whoever doubts them rebuilds the graph (`colineage verify DIR`).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from graph.bundle.header import VERSION
from graph.bundle.keys import is_key
from graph.errors import BusyError, Fault, InputError
from graph.log.checkpoint import Checkpoint
from graph.log.signed_note import is_origin
from graph.model.canonical import admitted
from graph.store import GraphStore, RawBundle
from graph.view.state_digest import RULES_VERSION

MAX_ABOUT_BYTES: Final = 4 * 2**20
NO_LICENCE: Final = "not stated"

_TRIES: Final = 3


class Licences(msgspec.Struct):
    """Number of records of one source under each licence."""

    licences: dict[str, int]


class About(msgspec.Struct, frozen=True):
    """Manifest of a log.

    `digest` is the state digest of the graph that the log of this size makes when the runs of `trusted`
    count; `None` where somebody wrote to the log all the while. `sources` counts all records of the log.
    """

    origin: str
    key: str
    size: int
    root: str
    rules: int
    trusted: tuple[str, ...]
    digest: str | None
    sources: dict[str, Licences]

    @property
    def checkpoint(self) -> Checkpoint:
        """Checkpoint of the log that this is the manifest of."""
        return Checkpoint(self.size, self.root)

    def to_json(self) -> dict[str, Any]:
        """Return the object that stands in `about.json`."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found

    def written(self) -> bytes:
        """Return the bytes of `about.json`."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def about(store: GraphStore, key: str, *, before: About | None = None) -> About:
    """Make the manifest of a store's log, at one moment.

    Args:
        store: The store of the log.
        key: The key that signs its checkpoints.
        before: An earlier manifest: returned where nothing changed, so that the digest isn't computed again; else
            the licences are counted on from there.
    """
    if before is not None and before.digest is not None and _unchanged(store, before, key):
        return before
    return _told(store, key, before, *_one_moment(store))


def undigested(store: GraphStore, key: str, before: About) -> About:
    """Make the manifest of a store's log without computing the digest, which would take too long.

    Args:
        store: The store of the log.
        key: The key that signs its checkpoints.
        before: An earlier manifest: returned, with its digest, where nothing changed.
    """
    if _unchanged(store, before, key):
        return before
    return _told(store, key, before, store.checkpoint(), store.trusted(), None)


def _told(
    store: GraphStore,
    key: str,
    before: About | None,
    checkpoint: Checkpoint,
    trusted: frozenset[str],
    digest: str | None,
) -> About:
    origin = store.origin()
    known = before is not None and before.origin == origin and before.size <= checkpoint.size
    start, counts = (before.size, before.sources) if before is not None and known else (0, {})
    return About(
        origin=origin,
        key=key,
        size=checkpoint.size,
        root=checkpoint.root,
        rules=RULES_VERSION,
        trusted=tuple(sorted(trusted)),
        digest=digest,
        sources=counted(counts, _to(store.raw(start), checkpoint.size)),
    )


def read_about(data: bytes) -> About:
    """Parse the manifest of another log, from the bytes of its `about.json`.

    Raises:
        InputError: The bytes are no manifest.
    """

    def refuse(where: str, expected: str, got: str) -> InputError:
        return InputError("no about.json of a log", [Fault(where, expected, got)])

    if len(data) > MAX_ABOUT_BYTES:
        raise refuse("about.json", f"at most {MAX_ABOUT_BYTES} bytes", "more")
    try:
        found = msgspec.json.decode(data, type=About)
    except (ValueError, RecursionError) as error:
        wanted = "an object {origin, key, size, root, rules, trusted, digest, sources}"
        raise refuse("about.json", wanted, str(error)[:160]) from error
    if not is_origin(found.origin):
        raise refuse("origin", "a name without spaces and `+`", repr(found.origin[:80]))
    for key in (found.key, *found.trusted):
        if not is_key(key):
            raise refuse("key, trusted", "keys, ed25519: and 64 hex digits", repr(key[:80]))
    return found


def counted(before: Mapping[str, Licences], raw: Iterable[RawBundle]) -> dict[str, Licences]:
    """Count the records of each source under each licence, in the order of their names.

    Args:
        before: The counts so far.
        raw: More bundles, admitted ones.
    """
    counts = {source: dict(earlier.licences) for source, earlier in before.items()}
    for bundle in raw:
        if bundle.signature is not None:
            continue
        header = admitted(bundle.header)
        if header["v"] == VERSION:
            licence = header["source"]["licence"] or NO_LICENCE
            of_source = counts.setdefault(header["by"], {})
            of_source[licence] = of_source.get(licence, 0) + 1
    return {
        source: Licences(dict(sorted(of_source.items())))
        for source, of_source in sorted(counts.items())
    }


def _to(raw: Iterable[RawBundle], size: int) -> Iterable[RawBundle]:
    for one in raw:
        if one.position >= size:
            return
        yield one


def _unchanged(store: GraphStore, before: About, key: str) -> bool:
    return (
        (before.origin, before.key, before.rules) == (store.origin(), key, RULES_VERSION)
        and before.checkpoint == store.checkpoint()
        and frozenset(before.trusted) == store.trusted()
    )


def _one_moment(store: GraphStore) -> tuple[Checkpoint, frozenset[str], str | None]:
    """Return the checkpoint, the trusted authors and the digest of one moment; no digest where somebody keeps writing."""
    for _ in range(_TRIES):
        before = (store.checkpoint(), store.trusted())
        try:
            digest = store.digest()
        except BusyError:
            continue
        if (store.checkpoint(), store.trusted()) == before:
            return *before, digest
    return store.checkpoint(), store.trusted(), None
