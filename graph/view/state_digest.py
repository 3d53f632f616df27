"""State digest: canonical lines of the graph and their SHA-256 (docs/bundle.md, 6); the same in every store."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from graph.model.canonical import canonical_bytes
from graph.model.model import Description
from graph.view.display_choice import DescriptionRef, newest_by_author

RULES_VERSION: Final = 1
_RUN: Final = "ingest:"


class EdgeRow(NamedTuple):
    """Living edge as a row; `qualifiers` are canonical JSON, `None` where there are none."""

    source: str
    relation: str
    target: str
    qualifiers: str | None


def digest_of(lines: Iterable[bytes]) -> str:
    """Return the state digest, `sha256:…`."""
    digest = hashlib.sha256(canonical_bytes(["colineage-state", RULES_VERSION]) + b"\n")
    for line in lines:
        digest.update(line + b"\n")
    return "sha256:" + digest.hexdigest()


def node_lines(
    name: str, refs: Iterable[DescriptionRef], describe: Callable[[int, str], Description]
) -> list[bytes]:
    """Return the lines of the descriptions of a node; ingest runs are a store's own and have none."""
    if name.startswith(_RUN):
        return []
    return sorted(
        canonical_bytes(["node", author, describe(ref.position, name).to_json()])
        for author, ref in newest_by_author(refs).items()
    )


def edge_lines(edges: Iterable[EdgeRow]) -> list[bytes]:
    """Return the lines of the edges that leave a node."""
    lines = set()
    for source, relation, target, qualifiers in edges:
        if source.startswith(_RUN) or target.startswith(_RUN):
            continue
        qualifier_fields = json.loads(qualifiers) if qualifiers else {}
        lines.add(
            canonical_bytes(
                ["edge", {"from": source, "rel": relation, "to": target, **qualifier_fields}]
            )
        )
    return sorted(lines)


def absent_lines(headers: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of the bodies of living bundles that are missing here."""
    absent = {json.loads(header)["body"] for header in headers}
    yield from sorted(canonical_bytes(["absent", body]) for body in absent)
