"""Route `/id/…`: a thing or a bundle as HTML, JSON-LD or JSON, by content negotiation."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from api.errors import Code
from api.http.entity_html import MAX_FACTS, address_of, not_found_page, page_of
from api.http.entity_jsonld import MAX_STATEMENTS, BundleFacts, ThingFacts, document, entity_facts
from api.http.negotiation import FORMATS, HTML, JSON, JSON_LD, best_offer
from api.service import Service
from graph.errors import IdentifierError
from graph.model.identifiers import canonical_id
from graph.store import GraphStore

OFFERS = (HTML, JSON_LD, JSON)
_VARY = {"Vary": "Accept"}


@dataclass(frozen=True, slots=True)
class _EntityRequest:
    text: str
    identifier: str | None
    media: str


async def answer_id(service: Service, request: Request, text: str) -> Response:
    """Answer with the thing or bundle of this id, as HTML or JSON-LD; with 404 and a reason where there is none."""
    name = request.query_params.get("format")
    if name is not None and name not in FORMATS:
        message = f"expected format to be one of {', '.join(FORMATS)}, got {name[:40]!r}"
        return _error_response(400, Code.BAD_INPUT, message)
    media = FORMATS[name] if name else best_offer(request.headers.get("accept"), OFFERS)
    if media is None:
        return _error_response(406, Code.BAD_INPUT, f"this is served as {', '.join(OFFERS)}")
    try:
        identifier = canonical_id(text)
    except IdentifierError:
        return await service.answer(
            lambda _: _missing_response(service, _EntityRequest(text, None, media))
        )
    if identifier != text:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(address_of(identifier) + query, 308, _VARY)
    return await service.answer(
        lambda store: _respond(service, store, _EntityRequest(text, identifier, media))
    )


def shell_of(explorer: Path | None) -> str | None:
    """Return the explorer's page, `None` where it is not built."""
    index = explorer / "index.html" if explorer else None
    return index.read_text("utf-8") if index and index.is_file() else None


def _respond(service: Service, store: GraphStore, target: _EntityRequest) -> Response:
    limit = MAX_FACTS if target.media == HTML else MAX_STATEMENTS
    facts = entity_facts(store, target.identifier or target.text, limit=limit)
    if facts is None:
        return _missing_response(service, target)
    return _entity_response(service, facts, target)


def _entity_response(
    service: Service, facts: ThingFacts | BundleFacts, target: _EntityRequest
) -> Response:
    if target.media == HTML:
        return HTMLResponse(page_of(facts, shell_of(service.explorer)), headers=_VARY)
    return JSONResponse(document(facts), headers=_VARY, media_type=target.media)


def _missing_response(service: Service, target: _EntityRequest) -> Response:
    reason = (
        "It is an identifier, but nobody speaks of it in this graph. It may be known by another one."
        if target.identifier
        else "It is no identifier; one looks like arxiv:2512.05356, doi:10.…, idea:<64 hex digits>."
    )
    if target.media == HTML:
        shell = shell_of(service.explorer)
        return HTMLResponse(not_found_page(target.text[:300], reason, shell), 404, _VARY)
    return _error_response(
        404, Code.NOT_FOUND, f"nothing here by the id {target.text[:300]!r}. {reason}"
    )


def _error_response(status: int, code: Code, message: str) -> Response:
    return JSONResponse({"error": {"code": code.value, "message": message}}, status, _VARY)
