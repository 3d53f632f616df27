"""Fixtures of the pull tests: labs with keys, stores and exports, a clock, a folder of pins, a server of files."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from graph.bundle.bundle import Bundle
from graph.bundle.keys import Signer, signer_of
from graph.export.reader import opener
from graph.export.writer import export
from graph.model.model import Description
from graph.model.vocabulary import Kind
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from ingest.pull.pull import PullResult, pull
from tests.graph.statements import add, idea, paper, say


@dataclass
class Clock:
    """A clock that moves when it is told."""

    now: datetime = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Lab:
    """Somebody with a key, a store, an export and what they saw of others."""

    signer: Signer
    store: GraphStore
    folder: Path
    seen: Path
    clock: Clock
    said: list[Bundle] = field(default_factory=list)

    def reads(self, *numbers: int) -> None:
        """Takes in papers, in a run that vouches for them."""
        records = [paper(f"2401.{number:05d}", f"Paper {number}") for number in numbers]
        run = Description("#run", Kind.INGEST, {"query": f"read {numbers}"})
        self._says(run, *records)

    def says(self, title: str) -> None:
        """Says something new."""
        self._says(idea("#1", title))

    def _says(self, node: Description, *records: Bundle) -> None:
        prev = tuple(self.said[-1:])
        bundle = say(self.signer, node, prev=prev, vouches=records, at="2026-11-20T00:00:00Z")
        self.said.append(bundle)
        add(self.store, *records, bundle)

    def exports(self) -> "Lab":
        """Writes its log into its folder."""
        export(self.store, self.folder, self.signer)
        return self

    def pulls(self, other: "Lab", **options: Any) -> PullResult:
        """Pulls the export of another lab."""
        return pull(self.store, opener(other.folder), self.seen, **options)

    @property
    def log(self) -> list[Any]:
        """Its log."""
        return list(self.store.raw_bundles())


def tampered(folder: Path, change: Callable[[list[dict[str, Any]]], Any]) -> None:
    path = folder / "bundles" / "00000000.ndjson"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


Labs: TypeAlias = Callable[[int], Lab]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lab_of(tmp_path: Path, clock: Clock) -> Iterator[Labs]:
    """Makes the lab of a number: it trusts its own key."""
    stores: list[GraphStore] = []

    def made(number: int) -> Lab:
        signer = signer_of(bytes([number]) * 32)
        store = open_store("sqlite::memory:", clock=clock)
        store.trust([TrustEntry(signer.key)])
        stores.append(store)
        place = tmp_path / f"lab{number}"
        return Lab(signer, store, place / "export", place / "seen", clock)

    yield made
    for store in stores:
        store.close()


@dataclass
class Served:
    """Files over HTTP, and what goes wrong with them."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    troubles: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def holds(self, folder: Path) -> None:
        """Serves an export as it is now."""
        found = (one for one in folder.rglob("*") if one.is_file())
        self.files = {str(one.relative_to(folder)): one.read_bytes() for one in found}


@pytest.fixture
def served() -> Iterator[Served]:
    """A server of files at `/log/`."""
    found = Served("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/log/")
            found.requests.append(name)
            trouble = found.troubles.get(name)
            if trouble is not None:
                trouble(self)
            elif name not in found.files:
                self.send_error(404)
            else:
                self.send_response(200)
                kind = found.types.get(name, "application/octet-stream")
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(found.files[name])))
                self.end_headers()
                self.wfile.write(found.files[name])

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with closing(_Closing(("127.0.0.1", 0), Handler)) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/log"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


class _Closing(ThreadingHTTPServer):
    """A server that is closed as other things are."""

    def close(self) -> None:
        self.server_close()
