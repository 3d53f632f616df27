"""Fuzz targets of queries: parsers of GraphQL, addresses, cursors and settings."""

import asyncio
import base64
import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI
from starlette.types import Message

from api.app import make_app
from api.graphql.arguments import parse_kind, parse_relations
from api.graphql.arguments import text_of as asked_text
from api.graphql.cursors import cursor_of, key_of, listing_of
from api.http.negotiation import JSON, best_offer
from bench.fuzz.golden import SIGNER, golden_parts, golden_store
from bench.fuzz.judge import Target
from bench.fuzz.seeds import SPLIT, NoValueError, parts, text_of, texts, value_of
from colineage.settings import settings_from
from graph.bundle.body import content_from_json
from graph.bundle.bundle import statement
from graph.errors import InputError, StoreError
from graph.model.canonical import encode_checked, parse
from graph.model.identifiers import canonical_id
from graph.model.model import Header
from graph.neo4j.connection import address_of
from graph.open import open_store
from graph.proofs.signed_proofs import parse_number


@dataclass(slots=True)
class _Client:
    """Client of the application without a network; it keeps what the service logs as its own fault."""

    app: FastAPI
    loop: asyncio.AbstractEventLoop
    faults: list[BaseException] = field(default_factory=list)

    def keep_fault(self, record: logging.LogRecord) -> bool:
        """Keep an error that was not foreseen, and print nothing."""
        if record.exc_info and record.exc_info[1] and record.levelno >= logging.ERROR:
            self.faults.append(record.exc_info[1])
        return False

    def request(self, method: str, path: bytes, query: bytes, accept: bytes, body: bytes) -> bytes:
        """Return the body of a response.

        Raises:
            Exception: The service logged an unforeseen error, or responds with a 5xx status.
        """
        self.faults.clear()
        status, answer = self.loop.run_until_complete(
            self._exchange(method, path, query, accept, body)
        )
        if self.faults:
            raise self.faults[0]
        if status >= 500:
            raise AssertionError(f"status {status}: {answer[:200]!r}")
        return answer

    async def _exchange(
        self, method: str, path: bytes, query: bytes, accept: bytes, body: bytes
    ) -> tuple[int, bytes]:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote_to_bytes(path).decode("utf-8", "replace"),
            "raw_path": path,
            "query_string": query,
            "headers": [(b"accept", accept), (b"content-type", b"application/json")],
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1),
        }
        messages: list[Message] = []
        left = [body]

        async def receive() -> Message:
            if not left:  # the client stays connected, and sends no more
                await asyncio.Event().wait()
            return {"type": "http.request", "body": left.pop(), "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        return messages[0]["status"], b"".join(part.get("body", b"") for part in messages[1:])


@cache
def _client() -> _Client:
    client = _Client(make_app(golden_store, signer=SIGNER), asyncio.new_event_loop())
    logging.getLogger("colineage.api").addFilter(client.keep_fault)
    return client


def _graphql(data: bytes) -> None:
    answer = _client().request("POST", b"/graphql", b"", JSON.encode(), data)
    json.loads(answer)


_AT: Final = "2026-11-20T00:00:00Z"
_PAGES: Final = {
    "nodes": "nodes(first: 2, after: $after)",
    "newest/work": 'newest(kind: "work", first: 2, after: $after)',
    "statements": "statements(first: 2, after: $after)",
    "search": 'search(text: "a", first: 2, after: $after)',
}


def _paging(data: bytes) -> None:
    """Send a query whose cursor has this content."""
    cursor = base64.urlsafe_b64encode(data).decode().rstrip("=")
    page = _PAGES.get(listing_of(cursor) or "", _PAGES["nodes"])
    query = f"query P($after: String) {{ {page} {{ edges {{ cursor }} }} }}"
    _graphql(json.dumps({"query": query, "variables": {"after": cursor}}).encode())


def _address(data: bytes) -> None:
    path, query, accept = parts(data, 3)
    _client().request("GET", b"/" + path.lstrip(b"/"), query, accept, b"")


_SHOWN: Final = """query T($id: ID!, $text: String!) {
  node(id: $id) { id kind title alsoStated { author attributes } shown { attributes }
    relations(first: 9) { edges { cursor node { name subtype qualifiers target { id title } } } } }
  search(text: $text, first: 3) { edges { node { id title } } } }"""


def _append_and_request(data: bytes) -> None:
    """Append a statement and request it in every form."""
    value = parse(encode_checked(value_of(data), "body"), "body")
    body, faults = content_from_json(value)
    if body is None:
        raise InputError("no body", faults)
    header = Header(by=f"person:{SIGNER.key}", at=_AT)
    bundle = statement(header, body, SIGNER)
    golden_store().append(lambda _: [bundle])
    content = bundle.resolved_body()
    names = [node.id for node in content.nodes] + [edge.target for edge in content.edges]
    for name in (*names[:3], bundle.id):
        text = str(content.nodes[0].attributes.get("title") or name) if content.nodes else name
        for media in (b"text/html", b"application/ld+json"):
            _client().request("GET", f"/id/{name}".encode(), b"", media, b"")
        request = {"query": _SHOWN, "variables": {"id": name, "text": text[:5000].strip() or "a"}}
        response = json.loads(
            _client().request("POST", b"/graphql", b"", b"", json.dumps(request).encode())
        )
        if name in names and not (response.get("data") or {}).get("node"):
            raise AssertionError(f"{name!r} was said and is not here: {response}"[:300])


def _cursor(data: bytes) -> None:
    text = text_of(data)
    listing = listing_of(text)
    if listing is not None:
        for shape in ((str,), (int,), (int, str)):
            with suppress(InputError):
                key = key_of(listing, text, shape)
                if key_of(listing, cursor_of(listing, key), shape) != key:
                    raise AssertionError("a cursor leads elsewhere")
    key_of("nodes", text, (str,))


def _arguments(data: bytes) -> None:
    text = text_of(data)
    best_offer(text, ["text/html", "application/ld+json", JSON])
    sized = partial(parse_number, "size")
    for look in (asked_text, parse_kind, canonical_id, sized):
        with suppress(InputError):
            look(text)
    parse_relations(text.split(","))


def _settings(data: bytes) -> None:
    names = ("STORE", "KEY", "MODEL", "PATIENCE_S", "UNDER", "AS")
    values = [
        os.fsdecode(part.replace(b"\0", b"")) for part in parts(data, 8)
    ]  # as the system gives it
    environment = {f"COLINEAGE_{name}": value for name, value in zip(names, values, strict=False)}
    environment |= {"XDG_CONFIG_HOME": values[6], "HOME": "/nowhere"}
    with suppress(InputError):
        settings_from(environment)
    settings_from({"HOME": "/nowhere"}, store=values[0], under=values[4], speaker=values[5])


def _store_url(data: bytes) -> None:
    """Parse the URL of a store: a server's is only read, a file's makes no new file."""
    text = text_of(data)
    if text.startswith(("neo4j", "bolt")):
        address_of(text, {})
    elif not text.startswith("sqlite:"):
        open_store(text, must_exist=True)


def _queries() -> Sequence[bytes]:
    ids = golden_store().list_ids(None, limit=1)
    cursor = cursor_of("nodes", ("arxiv:0",))
    requests: list[dict[str, Any]] = [
        {
            "query": '{ stats { bundles } search(text: "a study of \\"it\\" NOT -x*", first: 5) '
            "{ edges { node { id kind title } } } }"
        },
        {
            "query": "query N($id: ID!, $n: Int = 5) { node(id: $id) { id title relations(first: $n) "
            "{ edges { cursor node { name target { id } } } } } }",
            "variables": {"id": ids[0], "n": 3},
            "operationName": "N",
        },
        {
            "query": "query A($after: String) { nodes(first: 2, after: $after) { edges { cursor node "
            "{ id } } pageInfo { endCursor } } }",
            "variables": {"after": cursor},
        },
        {
            "query": '{ newest(kind: "work", first: 2) { edges { cursor node { id } } } ...F } '
            "fragment F on Query { speakers { pending { key } } statements(first: 2) "
            "{ edges { cursor node { bundle { id } } } } }"
        },
        {"query": "{ __schema { types { name fields { name args { name } } } } }"},
    ]
    return [json.dumps(request).encode() for request in requests]


QUESTIONS: Final = (
    Target("graphql", _graphql, (), _queries),
    Target(
        "paging",
        _paging,
        (),
        texts(
            *('[1,"nodes","arxiv:2401.00001"]', '[1,"newest/work",3,"arxiv:2401.00001"]'),
            *('[1,"statements",5,""]', '[1,"search","arxiv:2401.00001",3]'),
        ),
    ),
    Target(
        "served",
        _append_and_request,
        (NoValueError, InputError),
        lambda: [body for one in golden_parts() if (body := one.split(SPLIT)[1])],
    ),
    Target(
        "address",
        _address,
        (),
        texts(
            "id/arxiv:2401.00001\x1eformat=jsonld\x1etext/html",
            "id/doi:10.5555%2Fa\x1e\x1eapplication/ld+json;q=0.5, */*",
            "log/inclusion\x1eposition=1&size=3\x1e",
            "log/inclusion\x1ebundle=sha256:00\x1e",
            "log/consistency\x1efirst=2&second=4\x1e",
            "log/bundles/00000000.ndjson\x1e\x1e",
            'graphql\x1equery={stats{bundles}}&variables={"a":1}\x1eapplication/json',
        ),
    ),
    Target(
        "cursor",
        _cursor,
        (InputError,),
        lambda: [
            cursor_of("nodes", ("arxiv:2401.00001",)).encode(),
            cursor_of("bundles", (3,)).encode(),
            cursor_of("newest", (3, "arxiv:2401.00001")).encode(),
        ],
    ),
    Target(
        "arguments",
        _arguments,
        (InputError,),
        texts(
            "text/html;q=0.8, application/ld+json;level=1;q=1.0, */*;q=0.1",
            "cites,wasDerivedFrom",
            "work",
            "9007199254740992",
        ),
    ),
    Target(
        "settings",
        _settings,
        (InputError,),
        texts(
            "sqlite:a.db\x1e~/key.pem\x1eall-MiniLM-L6-v2\x1e30\x1esha256:" + "0" * 64
            + "\x1eperson\x1e/etc",
            "neo4j://a@b:7687/c\x1e~nobody/key\x1e\x1e1e3\x1e\x1eorcid:0000-0002-1825-0097\x1e",
        ),
    ),
    Target(
        "store-url",
        _store_url,
        (InputError, StoreError),
        texts("neo4j://user:word@host:7687/base", "bolt+s://[::1]:7687", "sqlite:a.db", "other:x"),
    ),
)  # fmt: skip
