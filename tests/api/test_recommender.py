"""The recommender behind the service: its model comes late, is used in turn, and holds nobody up."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from typing import Any

import numpy as np
from starlette.testclient import TestClient

from api.app import make_app
from api.recommender import KEPT_FOR_S, Recommender
from api.single_flight import MAX_WAITING
from graph.errors import MissingModelError
from graph.store import GraphStore
from recommend.embed import Embedder, Rows, embed_store
from tests.api.counting_store import counting
from tests.api.world import OLDER, World, ingest, paper

PRIVATE = "/somewhere/private/model"


class Letters:
    """A small embedder: how often each letter occurs."""

    model = "letters@1"

    def embed(self, texts: Sequence[str]) -> Rows:
        counts = np.array([[1 + t.lower().count(chr(97 + k)) for k in range(26)] for t in texts])
        rows: Rows = (counts / np.linalg.norm(counts, axis=1, keepdims=True)).astype(np.float32)
        return rows


class Slow(Letters):
    """One that takes until it is told to go on."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> Rows:
        self.begun.set()
        assert self.go.wait(60)
        return super().embed(texts)


def post(client: TestClient, query: str) -> Any:
    return client.post("/graphql", json={"query": query})


def test_the_model_is_loaded_at_the_first_question_that_needs_it(
    world: World, store: GraphStore
) -> None:
    loaded: list[int] = []

    def load() -> Embedder:
        loaded.append(1)
        return Letters()

    embed_store(store, Letters())
    with TestClient(make_app(lambda: store, embedder_of=load)) as client:
        post(client, "{ stats { bundles } }")
        assert loaded == []
        for _ in range(2):
            found = post(client, '{ related(text: "learning") { model } }').json()
            assert found == {"data": {"related": {"model": "letters@1"}}}
        assert loaded == [1]


def test_a_missing_model_is_said(world: World, store: GraphStore) -> None:
    def load() -> Embedder:
        raise MissingModelError(f"no model in {PRIVATE}")

    with TestClient(make_app(lambda: store, embedder_of=load)) as client:
        [error] = post(client, '{ related(text: "learning") { model } }').json()["errors"]
    assert error["extensions"] == {"code": "UNAVAILABLE"}
    assert "embedding model" in error["message"]
    assert PRIVATE not in error["message"]


def test_others_are_answered_while_a_text_is_embedded(world: World, store: GraphStore) -> None:
    embed_store(store, Letters())
    slow = Slow()
    app = make_app(lambda: store, embedder_of=lambda: slow)
    with TestClient(app) as client, ThreadPoolExecutor(16) as others:
        many = MAX_WAITING + 3
        query = '{ related(text: "learning") { whyEmpty } }'
        waiting = {others.submit(post, client, query) for _ in range(many)}
        assert slow.begun.wait(60)
        assert client.get("/health").status_code == 200
        assert post(client, "{ stats { bundles } }").json()["data"]["stats"]["bundles"] > 0
        first = islice(as_completed(waiting), 3)  # those beyond the few are told at once
        near = post(client, f'{{ related(id: "{OLDER}") {{ model }} }}').json()
        assert near == {"data": {"related": {"model": "letters@1"}}}, "its vector is kept"
        told = [one.result().json()["errors"][0]["extensions"]["code"] for one in first]
        slow.go.set()
        answers = [one.result().json() for one in waiting]
    assert told == ["BUSY"] * 3
    assert sum("errors" not in one for one in answers) == MAX_WAITING


def test_directions_are_kept_while_the_log_stands(world: World, store: GraphStore) -> None:
    moment = [0.0]
    recommender = Recommender(None, seconds=lambda: moment[0])
    counted, asked = counting(store)

    def work() -> int:
        before = asked.total() - asked["checkpoint"]
        recommender.directions(counted, limit=3)
        return asked.total() - asked["checkpoint"] - before

    assert work() > 0
    assert work() == 0
    moment[0] += KEPT_FOR_S
    assert work() > 0, "vectors may have come meanwhile"
    ingest(store, paper("arxiv:2301.10001", title="New"))
    assert work() > 0
    assert work() == 0
