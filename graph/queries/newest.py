"""Newest statements and newest things (by the bundle whose description is shown), from the log's end.

A log has no index by kind, so a query scans back over a bounded number of bundles; where that is
not enough, its result holds the position to resume from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Final, Generic, TypeAlias, TypeVar

from graph.bundle.bundle import reread
from graph.errors import DamagedError, ForeignStoreError
from graph.model.vocabulary import Kind
from graph.store import AuthoredDescription, GraphReader, GraphStore, Log, RawBundle, StoredBundle

MAX_SCANNED: Final = 10_000
_CHUNKS: Final = (64, 256, 1_024)
_BATCH: Final = 500

LogPosition: TypeAlias = tuple[int, str]
"""A bundle's position, and the id of what it describes (empty: before the first)."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewestPage(Generic[T]):
    """Page of items, the newest first, each with its position; `more`: the position to resume from, if any."""

    items: tuple[tuple[LogPosition, T], ...]
    more: LogPosition | None


def newest_things(
    store: GraphStore,
    kind: Kind,
    *,
    after: LogPosition | None,
    first: int,
    max_bundles: int = MAX_SCANNED,
) -> NewestPage[str]:
    """Return the ids of the newest things of a kind, each at the position of the bundle whose description is shown.

    Args:
        store: The store to read.
        kind: The kind of the things.
        after: The position where the page before ended.
        first: How many things at most.
        max_bundles: How many bundles to scan at most.
    """
    if not store.list_ids(kind, limit=1):
        return NewestPage((), None)
    items: list[tuple[LogPosition, str]] = []
    stop = _scan_start(store, after)
    for chunk in _scan_back(store, stop, max_bundles):
        candidates = list(_described_ids(store, chunk, kind))
        for raw, name in _shown_descriptions(store, candidates, kind):
            place = (raw.position, name)
            if after is None or raw.position < after[0] or name > after[1]:
                items.append((place, name))
            if len(items) > first:
                return NewestPage(tuple(items[:first]), items[first - 1][0])
        stop = chunk[-1].position
    return NewestPage(tuple(items), (stop - 1, "") if stop > 0 else None)


def newest_statements(
    store: Log, *, after: LogPosition | None, first: int, max_bundles: int = MAX_SCANNED
) -> NewestPage[StoredBundle]:
    """Return the newest living statements of people and AIs, without ingest runs; arguments as above."""
    items: list[tuple[LogPosition, StoredBundle]] = []
    stop = _scan_start(store, None if after is None else (after[0] - 1, ""))
    for chunk in _scan_back(store, stop, max_bundles):
        names = [raw.id for raw in chunk if _is_statement(raw)]
        entries = store.bundles_by_id(names)
        living = (entries[name] for name in names if name in entries and entries[name].lives)
        items += [((entry.position, ""), entry) for entry in living]
        if len(items) > first:
            return NewestPage(tuple(items[:first]), items[first - 1][0])
        stop = chunk[-1].position
    return NewestPage(tuple(items), (stop, "") if stop > 0 else None)


def _scan_start(store: Log, after: LogPosition | None) -> int:
    """Return the position just after the bundle to scan first."""
    size = store.checkpoint().size
    return size if after is None else max(0, min(size, after[0] + 1))


def _scan_back(store: Log, stop: int, max_bundles: int) -> Iterator[Sequence[RawBundle]]:
    """Yield the bundles below a position, the last first, in chunks: most queries need but a few."""
    least = max(0, stop - max_bundles)
    for size in chain(_CHUNKS, repeat(_CHUNKS[-1])):
        if stop <= least:
            return
        start = max(least, stop - size)
        yield list(islice(store.raw_bundles(start), stop - start))[::-1]
        stop = start


def _described_ids(
    store: Log, chunk: Sequence[RawBundle], kind: Kind
) -> Iterator[tuple[RawBundle, str]]:
    """Yield the things of a kind that living bundles of a chunk describe, those of each bundle by their ids."""
    # Most bundles speak of other kinds: their bodies need not be parsed.
    needle = f'"kind":"{kind}"'.encode()
    likely = [raw for raw in chunk if raw.body is not None and needle in raw.body]
    for start in range(0, len(likely), _BATCH):
        part = likely[start : start + _BATCH]
        entries = store.bundles_by_id([raw.id for raw in part])
        for raw in part:
            entry = entries.get(raw.id)
            nodes = entry.bundle.resolved_body().nodes if entry and entry.lives else ()
            for name in sorted(node.id for node in nodes if node.kind is kind):
                yield raw, name


def _shown_descriptions(
    store: GraphReader, candidates: Sequence[tuple[RawBundle, str]], kind: Kind
) -> Iterator[tuple[RawBundle, str]]:
    """Yield those descriptions that are shown; the rest are older, or by others than the id's owner."""
    for start in range(0, len(candidates), _BATCH):
        part = candidates[start : start + _BATCH]
        things = store.things(list(dict.fromkeys(name for _, name in part)))
        for raw, name in part:
            thing = things.get(name)
            shown = thing.shown if thing and thing.kind is kind else None
            if shown and shown.bundle == raw.id and _is_titled(shown, kind):
                yield raw, name


def _is_titled(shown: AuthoredDescription, kind: Kind) -> bool:
    """Return whether it is more than an entry of a reference list, which is a work without a title."""
    return kind is not Kind.WORK or "title" in shown.description.attributes


def _is_statement(raw: RawBundle) -> bool:
    """Return whether it is a statement and no run, by its header.

    Raises:
        ForeignStoreError: The header is damaged.
    """
    if raw.signature is None:
        return False
    try:
        header = reread(raw.header, None, raw.signature).header
    except DamagedError as error:
        raise ForeignStoreError(
            f"the log holds damaged bytes ({error}): `colineage verify` names all of them"
        ) from error
    return header is not None and not header.is_run
