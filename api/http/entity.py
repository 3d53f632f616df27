"""Route `/id/…`: a thing or a bundle as HTML, JSON-LD or JSON, by content negotiation."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from api.errors import Code
from api.http.entity_html import MAX_FACTS, address_of, not_found_page, page_of
from api.http.entity_jsonld import MAX_STATEMENTS, BundleFacts, ThingFacts, document, facts_of
from api.http.negotiation import FORMATS, HTML, JSON, JSON_LD, preferred
from api.service import Service
from graph.errors import IdentifierError
from graph.model.identifiers import canonical_id
from graph.store import GraphStore

OFFERS = (HTML, JSON_LD, JSON)
_VARY = {"Vary": "Accept"}


@dataclass(frozen=True, slots=True)
class _Wanted:
    text: str
    identifier: str | None
    media: str


async def answer_id(service: Service, request: Request, text: str) -> Response:
    """Answer with the thing or bundle of this id, as HTML or JSON-LD; with 404 and a reason where there is none."""
    name = request.query_params.get("format")
    if name is not None and name not in FORMATS:
        words = f"expected format to be one of {', '.join(FORMATS)}, got {name[:40]!r}"
        return _problem(400, Code.BAD_INPUT, words)
    media = FORMATS[name] if name else preferred(request.headers.get("accept"), OFFERS)
    if media is None:
        return _problem(406, Code.BAD_INPUT, f"this is served as {', '.join(OFFERS)}")
    try:
        identifier = canonical_id(text)
    except IdentifierError:
        return await service.answer(lambda _: _missing(service, _Wanted(text, None, media)))
    if identifier != text:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(address_of(identifier) + query, 308, _VARY)
    return await service.answer(
        lambda store: _answer(service, store, _Wanted(text, identifier, media))
    )


def shell_of(explorer: Path | None) -> str | None:
    """Return the explorer's page, `None` where it is not built."""
    index = explorer / "index.html" if explorer else None
    return index.read_text("utf-8") if index and index.is_file() else None


def _answer(service: Service, store: GraphStore, wanted: _Wanted) -> Response:
    limit = MAX_FACTS if wanted.media == HTML else MAX_STATEMENTS
    facts = facts_of(store, wanted.identifier or wanted.text, limit=limit)
    if facts is None:
        return _missing(service, wanted)
    return _found(service, facts, wanted)


def _found(service: Service, facts: ThingFacts | BundleFacts, wanted: _Wanted) -> Response:
    if wanted.media == HTML:
        return HTMLResponse(page_of(facts, shell_of(service.explorer)), headers=_VARY)
    return JSONResponse(document(facts), headers=_VARY, media_type=wanted.media)


def _missing(service: Service, wanted: _Wanted) -> Response:
    why = (
        "It is an identifier, but nobody speaks of it in this graph. It may be known by another one."
        if wanted.identifier
        else "It is no identifier; one looks like arxiv:2512.05356, doi:10.…, idea:<64 hex digits>."
    )
    if wanted.media == HTML:
        shell = shell_of(service.explorer)
        return HTMLResponse(not_found_page(wanted.text[:300], why, shell), 404, _VARY)
    return _problem(404, Code.NOT_FOUND, f"nothing here by the id {wanted.text[:300]!r}. {why}")


def _problem(status: int, code: Code, message: str) -> Response:
    return JSONResponse({"error": {"code": code.value, "message": message}}, status, _VARY)
