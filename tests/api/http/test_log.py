"""`/log/…`: the signed checkpoint and proofs, for strangers and for those who ask wrongly."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import make_app
from api.http.log_files import ManifestCache
from graph.export.writer import export
from graph.store import GraphStore
from tests.api.counting_store import counting
from tests.api.world import VOICE, World, build
from tests.graph.statements import add, paper
from tests.stranger import check, read_checkpoint


@pytest.fixture
def client(store: GraphStore) -> Iterator[TestClient]:
    with TestClient(make_app(lambda: store, signer=VOICE)) as opened:
        yield opened


def test_the_checkpoint_is_a_signed_text(
    world: World, store: GraphStore, client: TestClient
) -> None:
    found = client.get("/log/checkpoint")
    assert found.status_code == 200
    assert found.headers["content-type"] == "text/plain; charset=utf-8"
    origin, size, root = read_checkpoint(found.text, VOICE.key)
    assert origin == store.origin()
    assert (size, root.hex()) == (store.checkpoint().size, store.checkpoint().root)


def test_a_checkpoint_that_the_asker_has_is_not_sent_again(
    world: World, client: TestClient
) -> None:
    tag = client.get("/log/checkpoint").headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get("/log/checkpoint", headers={"If-None-Match": known})
        assert (again.status_code, again.text, again.headers["etag"]) == (304, "", tag)
    other = client.get("/log/checkpoint", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    assert client.head("/log/checkpoint").headers["etag"] == tag


def test_the_tag_changes_with_the_log(store: GraphStore, client: TestClient) -> None:
    before = client.get("/log/checkpoint").headers["etag"]
    build(store)
    assert client.get("/log/checkpoint").headers["etag"] != before


def test_strangers_can_check_every_proof(
    world: World, store: GraphStore, client: TestClient
) -> None:
    size = store.checkpoint().size
    assert size > 5
    for position in range(size):
        found = client.get("/log/inclusion", params={"position": position}).json()
        check(found, VOICE.key)
        by_name = client.get("/log/inclusion", params={"bundle": found["bundle"]}).json()
        assert by_name == found
        consistent = client.get("/log/consistency", params={"first": position}).json()
        check(consistent, VOICE.key)
    earlier = client.get("/log/inclusion", params={"position": 1, "size": 3}).json()
    assert earlier["log"]["size"] == 3
    check(earlier, VOICE.key)
    between = client.get("/log/consistency", params={"first": 2, "second": 5}).json()
    assert (between["first"]["size"], between["second"]["size"]) == (2, 5)
    check(between, VOICE.key)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/log/inclusion", "a position, or a bundle"),
        ("/log/inclusion?position=0&bundle=sha256:" + "0" * 64, "a position, or a bundle"),
        ("/log/inclusion?position=", "position: expected a number from 0, got ''"),
        ("/log/inclusion?position=-1", "position: expected a number from 0, got '-1'"),
        ("/log/inclusion?position=1e3", "position: expected a number from 0"),
        ("/log/inclusion?position=%D9%A3", "position: expected a number from 0"),
        ("/log/inclusion?position=" + "9" * 5000, "position: expected a number from 0"),
        ("/log/inclusion?position=1&position=2", "position: expected one value, got 2 values"),
        ("/log/inclusion?position=9000000", "position: expected from 0 to below "),
        ("/log/inclusion?position=0&size=0", "position: expected from 0 to below 0"),
        ("/log/inclusion?position=0&size=9000000", "size: expected from 0 to "),
        ("/log/inclusion?position=0&size=all", "size: expected a number from 0"),
        ("/log/inclusion?bundle=arxiv:2512.05356", "`sha256:…`"),
        ("/log/consistency", "first: expected a size of the log, got none"),
        ("/log/consistency?first=x", "first: expected a number from 0, got 'x'"),
        ("/log/consistency?first=3&second=2", "first: expected from 0 to 2, the second size"),
        ("/log/consistency?first=1&second=9000000", "size: expected from 0 to "),
        ("/log/consistency?first=1&second=-2", "second: expected a number from 0"),
    ],
)
def test_what_cannot_be_proved_is_told(
    world: World, client: TestClient, address: str, told: str
) -> None:
    found = client.get(address)
    assert found.status_code == 400
    error: dict[str, Any] = found.json()["error"]
    assert error["code"] == "BAD_INPUT"
    assert told in error["message"]
    assert len(error["message"]) < 300


def test_a_bundle_that_is_not_in_the_log(world: World, client: TestClient) -> None:
    found = client.get("/log/inclusion", params={"bundle": "sha256:" + "0" * 64})
    assert found.status_code == 404
    assert found.json()["error"]["code"] == "NOT_FOUND"


def test_without_a_key_nothing_is_signed(store: GraphStore) -> None:
    with TestClient(make_app(lambda: store)) as client:
        for address in ("/log/checkpoint", "/log/inclusion?position=0", "/log/consistency?first=0"):
            found = client.get(address)
            assert found.status_code == 404
            assert "no key" in found.json()["error"]["message"]


def test_the_files_are_those_of_an_export(
    world: World, store: GraphStore, client: TestClient, tmp_path: Path
) -> None:
    add(store, *(paper(f"2402.{number:05d}", "More") for number in range(1200)))
    export(store, tmp_path / "export", VOICE)
    files = [one for one in (tmp_path / "export").rglob("*") if one.is_file()]
    names = {str(one.relative_to(tmp_path / "export")): one.read_bytes() for one in files}
    assert set(names) == {"checkpoint", "about.json", "bundles/00000000.ndjson"}
    for name, content in names.items():
        found = client.get(f"/log/{name}")
        assert found.status_code == 200
        assert found.content == content, name
        assert client.head(f"/log/{name}").content == b""
    assert len(names["bundles/00000000.ndjson"].splitlines()) == store.checkpoint().size


def test_what_the_log_tells_follows_it(world: World, store: GraphStore, client: TestClient) -> None:
    before = client.get("/log/about.json").json()
    assert before["digest"] == store.digest()
    assert client.get("/log/about.json").json() == before
    add(store, paper("2402.00001", "One more"))
    after = client.get("/log/about.json").json()
    assert after["size"] == before["size"] + 1
    store.trust([])
    untrusted = client.get("/log/about.json").json()
    assert (untrusted["trusted"], untrusted["digest"]) == ([], store.digest())


class Hours:
    """A clock on which each look takes an hour."""

    def __init__(self) -> None:
        self.hour = 0

    def __call__(self) -> float:
        self.hour += 1
        return self.hour * 3600.0


def test_whoever_asks_often_does_not_keep_the_service_busy(world: World, store: GraphStore) -> None:
    """The digest walks the whole graph: it isn't computed for each asker while the log grows."""
    counted, asked = counting(store)
    hours = Hours()
    told = ManifestCache(seconds=hours)
    first = json.loads(told.about(counted, VOICE))
    assert (first["digest"], asked["digest"]) == (store.digest(), 1)
    for number in range(3):
        add(store, paper(f"2402.{number:05d}", "One more"))
        meanwhile = json.loads(told.about(counted, VOICE))
        assert (meanwhile["digest"], meanwhile["root"]) == (None, store.checkpoint().root)
        assert sum(meanwhile["sources"]["source:arxiv"]["licences"].values()) == (
            sum(first["sources"]["source:arxiv"]["licences"].values()) + 1 + number
        )
        assert json.loads(told.about(counted, VOICE)) == meanwhile
    assert asked["digest"] == 1
    hours.hour += 20
    assert json.loads(told.about(counted, VOICE))["digest"] == store.digest()


@pytest.mark.parametrize(
    "name",
    [
        "00010000.ndjson",
        "00000001.ndjson",
        "0.ndjson",
        "000000000.ndjson",
        "about.json",
        "x" * 999,
        f"{'0' * 5000}.ndjson",
    ],
)
def test_a_file_that_is_not_there(world: World, client: TestClient, name: str) -> None:
    found = client.get(f"/log/bundles/{name}")
    assert found.status_code == 404
    assert "no file of bundles" in found.json()["error"]["message"]
    assert len(found.text) < 300


def test_an_empty_log_has_a_checkpoint_and_no_bundles(
    store: GraphStore, client: TestClient
) -> None:
    assert read_checkpoint(client.get("/log/checkpoint").text, VOICE.key)[1] == 0
    assert client.get("/log/about.json").json()["size"] == 0
    assert client.get("/log/bundles/00000000.ndjson").status_code == 404
