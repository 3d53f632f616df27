"""State digest: the lines of each node, and the tree whose root they make (docs/bundle.md, section 6); the same in every store.

The tree has a branch of 16 at each hex digit of the SHA-256 of a node's id. A store keeps its hashes, marks the nodes
that an append touches, and brings the tree up to date when a digest is asked for.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from graph.model.canonical import canonical_bytes, decode_admitted
from graph.model.model import Description
from graph.view.display_choice import DescriptionRef, newest_by_speaker

RULES_VERSION: Final = 1
NO_LEAF: Final = bytes(32)
_DIGITS: Final = "0123456789abcdef"


class EdgeRow(NamedTuple):
    """Living edge as a row, and who says it; `qualifiers` are canonical JSON, `None` where there are none."""

    author: str
    actor: str
    by: str
    source: str
    relation: str
    target: str
    qualifiers: str | None


def node_lines(
    name: str,
    refs: Iterable[DescriptionRef],
    edges: Iterable[EdgeRow],
    describe: Callable[[int, str], Description],
    *,
    is_absent: bool,
) -> list[bytes]:
    """Return the lines of a node in order: of its descriptions, of the edges that leave it, and that a body is absent.

    Args:
        name: Its id.
        refs: Its living descriptions; where a run's is an actor's newest, there is no line of that actor.
        edges: The living edges that leave it, without those of runs.
        describe: Returns the description of a node by the bundle at a position.
        is_absent: Whether a living bundle that says nothing has the body of this hash.
    """
    lines = {
        _line("node", ref.author, ref.actor, ref.by, describe(ref.position, name).to_json())
        for ref in newest_by_speaker(refs).values()
        if not ref.is_run
    }
    for edge in edges:
        value = {"from": edge.source, "rel": edge.relation, "to": edge.target}
        qualifiers = decode_admitted(edge.qualifiers) if edge.qualifiers else {}
        lines.add(_line("edge", edge.author, edge.actor, edge.by, {**value, **qualifiers}))
    if is_absent:
        lines.add(_line("absent"))
    return sorted(lines)


def _line(*parts: Any) -> bytes:
    return canonical_bytes(parts) + b"\n"


def place_of(name: str) -> str:
    """Return the place of a node in the tree: the SHA-256 of its id, in hex."""
    return hashlib.sha256(name.encode()).hexdigest()


def leaf_hash(name: str, lines: Sequence[bytes]) -> bytes | None:
    """Return the leaf of a node, `None` where it has no lines and is no leaf."""
    if not lines:
        return None
    return hashlib.sha256(b"\0" + canonical_bytes(name) + b"\n" + b"".join(lines)).digest()


def digest_of_root(root: bytes) -> str:
    """Return the state digest, `sha256:…`, of the root of the tree."""
    first = canonical_bytes(["colineage-state", RULES_VERSION]) + b"\n"
    return "sha256:" + hashlib.sha256(first + root).hexdigest()


class TreeHashes(Protocol):
    """Stored hashes of the tree: leaves by their place, and branches by their prefix, where there are two leaves or more."""

    def write_leaves(self, leaves: Mapping[str, bytes | None]) -> None:
        """Store leaves, or remove those that are `None`."""
        ...

    def first_leaves(self, prefixes: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
        """Return of each prefix its first leaves, two at most."""
        ...

    def leaves_below(self, prefixes: Sequence[str]) -> Mapping[str, Sequence[tuple[str, bytes]]]:
        """Return of each prefix all leaves below it, each with its place."""
        ...

    def branches(self, prefixes: Sequence[str]) -> Mapping[str, bytes]:
        """Return the stored branches among these."""
        ...

    def write_branches(self, branches: Mapping[str, bytes | None]) -> None:
        """Store branches, or remove those that are `None`."""
        ...


def update_tree(hashes: TreeHashes, leaves: Mapping[str, bytes | None]) -> None:
    """Bring the tree up to date with changed leaves: only what lies above them is looked at."""
    if not leaves:
        return
    hashes.write_leaves(leaves)
    levels = _touched_branches(hashes, list(leaves))
    for prefixes in reversed(levels):
        hashes.write_branches(_branch_hashes(hashes, prefixes))


def branch_faults(hashes: TreeHashes, stored: Mapping[str, bytes | None]) -> Iterator[str]:
    """Yield the faults of stored branches: what lies below them makes another hash, or no branch."""
    for prefix, expected in _branch_hashes(hashes, list(stored)).items():
        if stored[prefix] != expected:
            yield f"the digest of the prefix {prefix!r} is not that of what lies below it"


def _branch_hashes(hashes: TreeHashes, prefixes: Sequence[str]) -> dict[str, bytes | None]:
    """Return what the hashes of branches are by what is stored below them; `None` of what is no branch."""
    stored = hashes.branches([p + digit for p in prefixes for digit in _DIGITS])
    sparse = [p for p in prefixes if any(p + digit not in stored for digit in _DIGITS)]
    leaves_below = hashes.leaves_below(sparse)
    return {p: _branch_hash(p, stored, leaves_below.get(p, ())) for p in prefixes}


def _branch_hash(
    prefix: str, branches: Mapping[str, bytes], leaves: Sequence[tuple[str, bytes]]
) -> bytes | None:
    """Return the hash of a branch, `None` where there is one leaf below it, or none.

    Args:
        prefix: Of the branch.
        branches: The branches below it, and others.
        leaves: The leaves below it, by their places, unless there are 16 branches.
    """
    if len(leaves) < 2 and prefix + _DIGITS[0] not in branches:
        return None
    digit_at = len(prefix)
    children = {place[digit_at]: leaf for place, leaf in leaves}
    digests = (branches.get(prefix + digit) or children.get(digit, NO_LEAF) for digit in _DIGITS)
    return hashlib.sha256(b"\1" + b"".join(digests)).digest()


def _touched_branches(hashes: TreeHashes, places: Sequence[str]) -> list[list[str]]:
    """Return, by length, the prefixes above some places that are, or were, branches."""
    levels: list[list[str]] = []
    waiting = places
    while waiting:
        length = len(levels)
        prefixes = sorted({place[:length] for place in waiting})
        stored = hashes.branches(prefixes)
        first = hashes.first_leaves([p for p in prefixes if p not in stored])
        open_prefixes = {p for p in prefixes if p in stored or len(first.get(p, ())) > 1}
        if not open_prefixes:
            break
        levels.append(sorted(open_prefixes))
        waiting = [place for place in waiting if place[:length] in open_prefixes]
    return levels


def prefix_digests(hashes: TreeHashes, prefixes: Sequence[str]) -> dict[str, bytes]:
    """Return the digests of prefixes of places: of the branch, of the only leaf, or 32 zero bytes."""
    digests: dict[str, bytes] = dict(hashes.branches(prefixes))
    missing = [prefix for prefix in prefixes if prefix not in digests]
    first = hashes.first_leaves(missing)
    for prefix in missing:
        leaves = first.get(prefix, ())
        digests[prefix] = leaves[0] if leaves else NO_LEAF
    return digests
