"""Pages of real arXiv listings that the promises ingest, and what a store holds after each of them."""

import gzip
import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from colineage.settings import Settings
from colineage.store_access import open_for_writing
from graph.bundle.bundle import Bundle, record
from graph.bundle.keys import signer_of
from graph.model.canonical import Json
from graph.model.model import Description
from graph.model.vocabulary import Kind
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from ingest.arxiv.paper.to_bundle import SNAPSHOT, bundle_of, category_bundle
from ingest.arxiv.snapshot.listing_line import read_value
from ingest.pipeline.commit_page import commit_page
from tests.promises.runs import Acknowledged

LISTINGS = Path(__file__).parents[2] / "examples" / "papers.jsonl.gz"
RUN: dict[str, Json] = {"query": "a page of a promise", "tool": "tests"}


@dataclass(frozen=True, slots=True)
class Page:
    """What one append takes in: records, and the categories that they name."""

    records: tuple[Bundle, ...]
    categories: tuple[Bundle, ...]


@cache
def pages(count: int, size: int) -> tuple[Page, ...]:
    """So many pages of so many records; the last third revises what the first third brought."""
    new = count - count // 3
    with gzip.open(LISTINGS, "rt", encoding="utf-8") as lines:
        values = [json.loads(line) for line, _ in zip(lines, range(new * size), strict=False)]
    assert len(values) == new * size
    first = [_page(values[start : start + size]) for start in range(0, len(values), size)]
    again = [Page(tuple(map(_revised, page.records)), ()) for page in first[: count - new]]
    return (*first, *again)


def _page(values: Sequence[dict[str, Any]]) -> Page:
    listings = [read_value(value, "examples") for value in values]
    named = sorted({name for one in listings for name in one.categories})
    return Page(
        tuple(bundle_of(one, SNAPSHOT) for one in listings), tuple(map(category_bundle, named))
    )


def _revised(old: Bundle) -> Bundle:
    """A later record of the same slot: another title, and without the last author."""
    assert old.header and old.header.source and old.body
    nodes = tuple(
        Description(node.id, node.kind, {**node.attributes, "title": f"{node.id}, revised"})
        if node.kind is Kind.WORK
        else node
        for node in old.body.nodes
    )
    at = "2026-10-01T00:00:00Z"
    return record(old.header.by, at, old.header.source, replace(old.body, nodes=nodes))


def harvest(
    settings: Settings,
    given: Sequence[Page],
    acknowledge: Callable[[Acknowledged], None],
) -> None:
    """Takes pages in as a command does, from the making of the key to the closing of the store."""
    with open_for_writing(settings) as found:
        for done, page in enumerate(given, 1):
            commit_page(found.store, found.speaker, page.records, RUN, companions=page.categories)
            log = found.store.checkpoint()
            acknowledge(Acknowledged(done, log.size, log.root))


def _noon() -> datetime:
    return datetime(2026, 11, 23, 12, tzinfo=UTC)


@cache
def digests(count: int, size: int) -> tuple[str, ...]:
    """The state digests of a graph of nothing, of the first page, of the first two…

    What vouches and when is no part of them, so they are those of every store with these records.
    """
    signer = signer_of(b"\x09" * 32)
    speaker = Speaker(signer, f"software:{signer.key}", _noon)
    with closing(open_store("sqlite::memory:", clock=_noon)) as store:
        store.trust([TrustEntry(signer.key)])
        found = [store.digest()]
        for page in pages(count, size):
            commit_page(store, speaker, page.records, RUN, companions=page.categories)
            found.append(store.digest())
    assert len(set(found)) == count + 1
    return tuple(found)
