"""The application in a process of its own, asked over a real connection, while another process writes."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

import api
from graph.store import GraphStore
from tests.api.world import PAPER, World, ingest, paper

ROOT = Path(api.__file__).parent.parent


@pytest.fixture
def served(store: GraphStore, world: World, tmp_path: Path) -> Iterator[httpx.Client]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # The socket is handed over while it listens: whoever connects waits until it is answered.
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.api.serve_store", tmp_path / "colineage.db", str(listening.fileno())],
            cwd=ROOT,
            pass_fds=[listening.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, timeout=120) as client:
            yield client
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors, errors


def test_a_running_service(served: httpx.Client, world: World, store: GraphStore) -> None:
    query = "query($id: ID!) { node(id: $id) { id authors { totalCount } } }"
    asked = {"query": query, "variables": {"id": PAPER}}
    found = served.post("/graphql", json=asked).json()
    assert found == {"data": {"node": {"id": PAPER, "authors": {"totalCount": 2}}}}
    assert served.get(f"/id/{world.idea}", headers={"accept": "application/ld+json"}).json()["id"]
    redirected = served.get("/id/https://arxiv.org/abs/2401.00001")
    assert redirected.headers["location"] == f"/id/{PAPER}"
    assert served.get("/id/doi:10.1000/a%2Fb").status_code == 404


def test_readers_beside_a_writer(served: httpx.Client, store: GraphStore) -> None:
    query = (
        '{ nodes(kind: "work", first: 100) { edges { node { title authors { totalCount } } } } }'
    )

    def read(_: int) -> int:
        answer = served.post("/graphql", json={"query": query}).json()
        assert "errors" not in answer, answer
        return len(answer["data"]["nodes"]["edges"])

    with ThreadPoolExecutor(8) as readers:
        seen = readers.map(read, range(40))
        for k in range(20):
            ingest(store, paper(f"arxiv:2301.1{k:04}", title="New", names=("A", "B")))
        counts = list(seen)
    assert all(2 <= count <= 22 for count in counts)
    assert read(0) == 22
    assert served.get("/ready").json()["log"]["size"] == store.checkpoint().size
