"""State digest: canonical lines of the graph and their SHA-256 (docs/bundle.md, 6); the same in every store."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from graph.model.canonical import canonical
from graph.model.model import Description
from graph.view.display_choice import Stated, newest

RULES_VERSION: Final = 1
_RUN: Final = "ingest:"


class Related(NamedTuple):
    """Living edge as a row; `qualifiers` are canonical JSON, `None` where there are none."""

    source: str
    relation: str
    target: str
    qualifiers: str | None


def digest_of(lines: Iterable[bytes]) -> str:
    """Return the state digest, `sha256:…`."""
    found = hashlib.sha256(canonical(["colineage-state", RULES_VERSION]) + b"\n")
    for line in lines:
        found.update(line + b"\n")
    return "sha256:" + found.hexdigest()


def node_lines(
    name: str, stated: Iterable[Stated], described: Callable[[int, str], Description]
) -> list[bytes]:
    """Return the lines of the descriptions of a node; ingest runs are a store's own and have none."""
    if name.startswith(_RUN):
        return []
    return sorted(
        canonical(["node", author, described(one.position, name).to_json()])
        for author, one in newest(stated).items()
    )


def edge_lines(edges: Iterable[Related]) -> list[bytes]:
    """Return the lines of the edges that leave a node."""
    lines = set()
    for source, relation, target, qualifiers in edges:
        if source.startswith(_RUN) or target.startswith(_RUN):
            continue
        more = json.loads(qualifiers) if qualifiers else {}
        lines.add(canonical(["edge", {"from": source, "rel": relation, "to": target, **more}]))
    return sorted(lines)


def absent_lines(headers: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of the bodies of living bundles that are missing here."""
    absent = {json.loads(header)["body"] for header in headers}
    yield from sorted(canonical(["absent", body]) for body in absent)
