"""The golden bundles: read to the same ids, and making the same graph, as on the day they were made."""

import base64
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.bundle.bundle import Bundle, read
from graph.bundle.keys import PAYLOAD_TYPE
from graph.errors import BundleError
from graph.open import open_store
from tests.golden.make import dump, golden, write
from tests.graph.statements import add
from tests.oracle import oracle

FOLDER = Path(__file__).parent
FILES = ("bundles.ndjson", "names.json", "graph.json", "digest.txt")
NAMES: dict[str, Any] = json.loads((FOLDER / "names.json").read_text(encoding="utf-8"))
LINES = [json.loads(line) for line in (FOLDER / "bundles.ndjson").read_bytes().splitlines()]
DIGEST = (FOLDER / "digest.txt").read_text(encoding="ascii").strip()
TRUSTED = frozenset(NAMES["trusted"])


def from_line(line: dict[str, Any]) -> Bundle:
    """A bundle as another program would read it from its published form."""
    header, body, envelope = line["header"].encode(), line["body"], line["envelope"]
    signature = None
    if envelope is not None:
        assert envelope["payloadType"] == PAYLOAD_TYPE
        assert base64.b64decode(envelope["payload"]) == header
        (one,) = envelope["signatures"]
        signature = base64.b64decode(one["sig"])
    return read(header, None if body is None else body.encode(), signature)


BUNDLES = {line["id"]: from_line(line) for line in LINES}


@pytest.mark.parametrize("file", FILES)
def test_the_script_writes_the_same_bytes_again(tmp_path: Path, file: str) -> None:
    write(tmp_path)
    assert (tmp_path / file).read_bytes() == (FOLDER / file).read_bytes()


def test_ids_are_the_same() -> None:
    assert [bundle.id for bundle in BUNDLES.values()] == [line["id"] for line in LINES]
    assert list(BUNDLES) == list(NAMES["bundles"].values())


def test_bundles_are_written_as_they_were_read() -> None:
    assert [bundle.to_json() for bundle in BUNDLES.values()] == LINES


def test_there_are_enough_of_them() -> None:
    assert len(BUNDLES) >= 12
    assert list(golden()) == list(NAMES["bundles"])


def test_the_oracle_makes_the_same_graph() -> None:
    graph = oracle(BUNDLES.values(), TRUSTED)
    assert dump(graph) == json.loads((FOLDER / "graph.json").read_text(encoding="utf-8"))
    assert graph.digest == DIGEST


@pytest.mark.parametrize("seed", range(5))
def test_the_store_makes_the_same_graph_in_any_order(seed: int) -> None:
    order = list(BUNDLES.values())
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, and no secret
    store = open_store("sqlite::memory:", clock=lambda: datetime(2026, 2, 1, tzinfo=UTC))
    store.trust(TRUSTED)
    for bundle in order:
        add(store, bundle)
    wanted = json.loads((FOLDER / "graph.json").read_text(encoding="utf-8"))
    stored = list(store.bundles())
    assert sorted(one.bundle.id for one in stored if one.lives) == wanted["lives"]
    assert sorted(one.bundle.id for one in stored if one.counts) == wanted["counts"]
    things = store.things([node["description"]["id"] for node in wanted["nodes"]])
    shown = [
        (one.shown.description.to_json(), one.shown.author, one.shown.bundle)
        for one in things.values()
        if one.shown
    ]
    for node in wanted["nodes"]:
        said = (node["description"], node["author"], node["bundle"])
        assert (said in shown) == node["shown"], node
    assert store.digest() == DIGEST
    store.close()


def lives(name: str) -> bool:
    return NAMES["bundles"][name] in oracle(BUNDLES.values(), TRUSTED).lives


@pytest.mark.parametrize(
    ("dead", "living"),
    [
        ("paper", "revision"),
        ("second", "withdrawal"),
        ("third", "deletion"),
        ("snapshot", "remapped"),
        ("retracted", "retraction"),
        ("after the end", "by an agent"),
        ("unvouched", "powerless"),
        ("unknown version", "minting"),
        ("unvouched", "disagreement"),
    ],
)
def test_each_case_says_what_it_is_for(dead: str, living: str) -> None:
    assert (lives(dead), lives(living)) == (False, True)


@pytest.mark.parametrize("name", list(NAMES["bundles"]))
def test_one_changed_byte_is_refused(name: str) -> None:
    """Or makes another bundle, where the byte belongs to no hash: then the id tells."""
    bundle = BUNDLES[NAMES["bundles"][name]]
    for place in range(0, len(bundle.header_bytes), 7):
        changed = bytearray(bundle.header_bytes)
        changed[place] ^= 1
        try:
            other = read(bytes(changed), bundle.body_bytes, bundle.signature)
        except BundleError:
            continue
        assert bundle.signature is None
        assert other.id != bundle.id
