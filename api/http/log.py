"""Routes `/log/…` for those who verify or pull the log: signed checkpoint, proofs, and the files of its export."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

from api.http.log_files import ManifestCache, bundle_file
from api.service import Service
from graph.bundle.keys import Signer
from graph.errors import Fault, InputError, NotFoundError
from graph.proofs.signed_proofs import (
    Json,
    checkpoint_evidence,
    consistency_evidence,
    inclusion_evidence,
    parse_number,
    position_of,
)
from graph.store import GraphStore

T = TypeVar("T")


class _SignedQueryRunner(Protocol):
    """Run a query in a thread, with the key that signs."""

    def __call__(self, ask: Callable[[GraphStore, Signer], T]) -> Awaitable[T]: ...


# A proof changes with the log: a cache that holds one revalidates it.
_REVALIDATE = {"Cache-Control": "no-cache"}


def add_log_routes(app: FastAPI, service: Service, signer: Signer | None) -> None:
    """Add the routes of the log; without a signer they answer that the service has no key."""

    async def answer(ask: Callable[[GraphStore, Signer], T]) -> T:
        if signer is None:
            raise NotFoundError("this service has no key, so it signs no checkpoint of its log")
        return await service.answer(lambda store: ask(store, signer))

    _add_proof_routes(app, answer)
    _add_file_routes(app, service, answer)


def _add_file_routes(app: FastAPI, service: Service, answer: _SignedQueryRunner) -> None:
    manifest_cache = ManifestCache()

    @app.api_route("/log/checkpoint", methods=["GET", "HEAD"])
    async def checkpoint(request: Request) -> Response:
        evidence: Json = await answer(checkpoint_evidence)
        return _checkpoint_response(request, evidence["note"])

    @app.api_route("/log/about.json", methods=["GET", "HEAD"])
    async def about() -> Response:
        content = await answer(manifest_cache.about)
        return Response(content, media_type="application/json", headers=_REVALIDATE)

    @app.api_route("/log/bundles/{name}", methods=["GET", "HEAD"])
    async def bundles(request: Request, name: str) -> Response:
        parts = await bundle_file(service, name)
        if request.method == "HEAD":
            await parts.aclose()
            return Response(media_type="application/x-ndjson", headers=_REVALIDATE)
        return StreamingResponse(parts, media_type="application/x-ndjson", headers=_REVALIDATE)


def _add_proof_routes(app: FastAPI, answer: _SignedQueryRunner) -> None:
    @app.api_route("/log/inclusion", methods=["GET", "HEAD"])
    async def inclusion(request: Request) -> Response:
        position, bundle, size = (
            _single_parameter(request, name) for name in ("position", "bundle", "size")
        )
        if (position is None) == (bundle is None):
            raise _input_error("position", "a position, or a bundle, and not both", position)
        tree_size = None if size is None else parse_number("size", size)

        def ask(store: GraphStore, key: Signer) -> Json:
            if position is not None:
                place = parse_number("position", position)
            else:
                place = position_of(store, bundle or "")
            return inclusion_evidence(store, place, key, size=tree_size)

        return JSONResponse(await answer(ask), headers=_REVALIDATE)

    @app.api_route("/log/consistency", methods=["GET", "HEAD"])
    async def consistency(request: Request) -> Response:
        first, second = (_single_parameter(request, name) for name in ("first", "second"))
        if first is None:
            raise _input_error("first", "a size of the log", None)
        start = parse_number("first", first)
        end = None if second is None else parse_number("second", second)
        evidence = await answer(
            lambda store, key: consistency_evidence(store, start, key, second=end)
        )
        return JSONResponse(evidence, headers=_REVALIDATE)


def _checkpoint_response(request: Request, note: str) -> Response:
    tag = f'"{hashlib.sha256(note.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, **_REVALIDATE}
    if _client_has(request, tag):
        return Response(status_code=304, headers=headers)
    return PlainTextResponse(note, headers=headers)


def _client_has(request: Request, tag: str) -> bool:
    """Return whether the client has it already (RFC 9110, section 13.1.2: weak comparison)."""
    header = request.headers.get("if-none-match", "")
    return (
        tag in {candidate.strip().removeprefix("W/") for candidate in header.split(",")}
        or header == "*"
    )


def _single_parameter(request: Request, name: str) -> str | None:
    """Return the single value of a query parameter, `None` where it is absent.

    Raises:
        InputError: It has several values.
    """
    values = request.query_params.getlist(name)
    if len(values) > 1:
        raise _input_error(name, "one value", f"{len(values)} values")
    return values[0] if values else None


def _input_error(where: str, expected: str, got: str | None) -> InputError:
    return InputError("the log can't prove this", [Fault(where, expected, got or "none")])
