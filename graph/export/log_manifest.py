"""What a log tells of itself beside its checkpoint: whose it is, whom it trusts, its state digest, licences.

It is a claim, and unsigned: `key` says under which key the checkpoint is to be read, `digest` and `trusted`
what to expect of the graph; whoever doubts them makes the graph again (`colineage verify DIR`).
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
    """How many records of one source came under each licence."""

    licences: dict[str, int]


class About(msgspec.Struct, frozen=True):
    """What a log tells of itself.

    `digest` is the state digest of the graph that the log of this size makes when the runs of `trusted`
    count; `None` where it was written to all the while. `sources` counts all records of the log.
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
        """The log of which this is told."""
        return Checkpoint(self.size, self.root)

    def to_json(self) -> dict[str, Any]:
        """As it stands in `about.json`."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found

    def written(self) -> bytes:
        """The bytes of `about.json`."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def about(store: GraphStore, key: str, *, before: About | None = None) -> About:
    """What the log of a store tells of itself, at one moment.

    Args:
        store: Whose log.
        key: Under which its checkpoints are signed.
        before: What it told earlier: given back where nothing changed, so that the digest isn't computed again, and
            the licences are counted on from there.
    """
    if before is not None and before.digest is not None and _unchanged(store, before, key):
        return before
    return _told(store, key, before, *_one_moment(store))


def undigested(store: GraphStore, key: str, before: About) -> About:
    """What the log of a store tells of itself where the digest would take too long: it is told where nothing changed.

    Args:
        store: Whose log.
        key: Under which its checkpoints are signed.
        before: What it told earlier.
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
    """What another log told, from the bytes of its `about.json`.

    Raises:
        InputError: It isn't one.
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
    """How many records came from each source under each licence, in the order of their names.

    Args:
        before: What was counted already.
        raw: More bundles, admitted ones.
    """
    counts = {source: dict(one.licences) for source, one in before.items()}
    for one in raw:
        if one.signature is not None:
            continue
        header = admitted(one.header)
        if header["v"] == VERSION:
            licence = header["source"]["licence"] or NO_LICENCE
            of_source = counts.setdefault(header["by"], {})
            of_source[licence] = of_source.get(licence, 0) + 1
    return {source: Licences(dict(sorted(one.items()))) for source, one in sorted(counts.items())}


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
    """The log, whom it trusts and the digest that belongs to them, where nobody writes for that long."""
    for _ in range(_TRIES):
        before = (store.checkpoint(), store.trusted())
        try:
            digest = store.digest()
        except BusyError:
            continue
        if (store.checkpoint(), store.trusted()) == before:
            return *before, digest
    return store.checkpoint(), store.trusted(), None
