"""The golden bundles: read to the same ids, and making the same graph, as on the day they were made."""

import base64
import copy
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.bundle.bundle import Bundle, body_faults, read
from graph.bundle.header import header_to_json
from graph.bundle.keys import PAYLOAD_TYPE
from graph.errors import BundleError
from graph.model.canonical import canonical_bytes
from graph.open import open_store
from tests.golden.make import golden, graph_in_store, write
from tests.graph.statements import add

FOLDER = Path(__file__).parent
FILES = ("bundles.ndjson", "names.json", "graph.json", "digest.txt")
NAMES: dict[str, Any] = json.loads((FOLDER / "names.json").read_text(encoding="utf-8"))
LINES = [json.loads(line) for line in (FOLDER / "bundles.ndjson").read_bytes().splitlines()]
DIGEST = (FOLDER / "digest.txt").read_text(encoding="ascii").strip()
TRUSTED = frozenset(NAMES["trusted"])
GRAPH: dict[str, Any] = json.loads((FOLDER / "graph.json").read_text(encoding="utf-8"))


def from_line(line: dict[str, Any]) -> Bundle:
    """A bundle as another program would read it from its published form."""
    header, body = line["header"].encode(), line["body"]
    envelope, signature = line.get("envelope"), None
    if "envelopes" in line:
        payload = base64.b64encode(header).decode()
        assert all(one.pop("payload") == payload for one in line["envelopes"])
        signature = canonical_bytes(line["envelopes"])
    elif envelope is not None:
        assert envelope["payloadType"] == PAYLOAD_TYPE
        assert base64.b64decode(envelope["payload"]) == header
        (one,) = envelope["signatures"]
        assert set(one) == {"sig"}
        signature = base64.b64decode(one["sig"])
    return read(header, None if body is None else body.encode(), signature)


BUNDLES = {line["id"]: from_line(copy.deepcopy(line)) for line in LINES}


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


@pytest.mark.parametrize("seed", range(5))
def test_a_store_makes_the_same_graph_in_any_order(seed: int) -> None:
    order = list(BUNDLES.values())
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, and no secret
    assert graph_in_store(order, sorted(TRUSTED)) == (GRAPH, DIGEST)


def lives(name: str) -> bool:
    return NAMES["bundles"][name] in GRAPH["lives"]


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
        ("harvester's claim", "harvester's run"),
        ("erased", "restored"),
        ("dated ahead", "harvested"),
        ("unknown version", "minting"),
        ("unknown algorithm", "grant to harvest"),
        ("unvouched", "disagreement"),
        ("unvouched", "unknown key"),
    ],
)
def test_each_case_says_what_it_is_for(dead: str, living: str) -> None:
    assert (lives(dead), lives(living)) == (False, True)


@pytest.mark.parametrize("name", ["unfit record", "unfit body", "newer words"])
def test_a_body_that_says_nothing_leaves_its_header_alive(name: str) -> None:
    bundle = BUNDLES[NAMES["bundles"][name]]
    assert bundle.is_unfit
    assert body_faults(bundle)
    assert lives(name)
    described = {node["bundle"] for node in GRAPH["nodes"]}
    assert bundle.id not in described


def test_who_may_only_harvest_vouches_and_says_nothing() -> None:
    claim = NAMES["bundles"]["harvester's claim"]
    assert claim not in GRAPH["counts"]
    assert claim not in {node["bundle"] for node in GRAPH["nodes"]}


def test_what_is_erased_lost_its_body() -> None:
    assert GRAPH["erased"] == [NAMES["bundles"]["erased"]]
    store = open_store("sqlite::memory:", clock=lambda: datetime(2026, 2, 1, tzinfo=UTC))
    for bundle in BUNDLES.values():
        add(store, bundle)
    without = {one.bundle.id for one in store.bundles() if one.bundle.is_withheld}
    assert without == {NAMES["bundles"][name] for name in ("erased", "withheld")}
    store.close()


@pytest.mark.parametrize("name", ["unknown version", "unknown algorithm"])
def test_what_is_not_understood_is_kept_as_it_came(name: str) -> None:
    bundle = BUNDLES[NAMES["bundles"][name]]
    assert (bundle.header, bundle.body) == (None, None)


def test_an_unknown_key_of_a_header_means_nothing() -> None:
    bundle = BUNDLES[NAMES["bundles"]["unknown key"]]
    assert "mood" in json.loads(bundle.header_bytes)
    assert bundle.header
    assert "mood" not in header_to_json(bundle.header)
    assert bundle.id in {node["bundle"] for node in GRAPH["nodes"]}


@pytest.mark.parametrize("name", list(NAMES["bundles"]))
def test_one_changed_byte_is_refused(name: str) -> None:
    """Or makes another bundle, where no signature that can be judged covers the byte: then the id tells."""
    bundle = BUNDLES[NAMES["bundles"][name]]
    for place in range(0, len(bundle.header_bytes), 7):
        changed = bytearray(bundle.header_bytes)
        changed[place] ^= 1
        try:
            other = read(bytes(changed), bundle.body_bytes, bundle.signature)
        except BundleError:
            continue
        assert bundle.signature is None or other.header is None
        assert other.id != bundle.id
