"""GraphQL over HTTP: parsing of a request, execution of its operation, status and media type of the response.

Follows https://graphql.github.io/graphql-over-http/draft/ for one operation a request. There are no
web sockets, uploads or batches: they would bypass the limits.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from graphql import GraphQLError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.errors import STATUS, Code, failure_of, format_errors
from api.graphql.loader import QueryLoader
from api.graphql.schema import schema
from api.http.entity_html import plain_page
from api.http.middleware import GRAPHIQL
from api.http.negotiation import HTML, JSON, best_offer
from api.service import Service
from graph.errors import GraphError
from graph.store import GraphStore

MAX_BODY_BYTES: Final = 100_000
RESPONSE_JSON: Final = "application/graphql-response+json"


@dataclass(frozen=True, slots=True)
class Operation:
    """Operation to execute: its document, variables, and its name where the document has several."""

    query: str
    variables: dict[str, Any] | None
    name: str | None


class _UnreadableError(Exception):
    """Request that can't be read; `status` is the HTTP status."""

    def __init__(self, status: int, message: str, code: Code = Code.BAD_INPUT) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


async def answer_get(service: Service, request: Request) -> Response:
    """Answer a GET request: GraphiQL for a browser that sends no query, else the result of the query."""
    parameters = request.query_params
    accept = request.headers.get("accept")
    if "query" not in parameters and best_offer(accept, [JSON, HTML]) == HTML:
        return _graphiql(service)
    try:
        operation = _parse_operation(
            {
                "query": parameters.get("query"),
                "variables": _parse_json(parameters.get("variables") or "null"),
                "operationName": parameters.get("operationName"),
            }
        )
    except _UnreadableError as error:
        return _refusal(error)
    return await _respond(service, operation, accept)


async def answer_post(service: Service, request: Request) -> Response:
    """Answer a POST request with the result of the query in its body."""
    try:
        _refuse_media(request.headers.get("content-type", ""))
        operation = _parse_operation(_parse_json(await _read_body(request)))
    except _UnreadableError as error:
        return _refusal(error)
    return await _respond(service, operation, request.headers.get("accept"))


def _refuse_media(content_type: str) -> None:
    """Refuse what a form on a foreign page could send: a browser asks (CORS preflight) before it sends JSON."""
    media = content_type.partition(";")[0].strip().lower()
    if media != JSON:
        got = media[:60] or "none"
        raise _UnreadableError(415, f"expected a body of type {JSON}, got {got}")


async def _read_body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY_BYTES:
            reason = f"the body has more than {MAX_BODY_BYTES:,} bytes, which is the most"
            raise _UnreadableError(413, f"{reason}: ask in several queries", Code.TOO_DEAR)
        parts.append(part)
    return b"".join(parts)


def _parse_json(text: str | bytes) -> object:
    try:
        value: object = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # refuses lone surrogates: "\\ud800"
    except (ValueError, RecursionError) as error:
        raise _UnreadableError(400, f"expected JSON, got what can't be read: {error}") from error
    return value


def _parse_operation(value: object) -> Operation:
    if not isinstance(value, dict):
        raise _UnreadableError(
            400, 'expected an object like {"query": "…"}; batches are not answered'
        )
    query = value.get("query")
    variables = value.get("variables")
    operation_name = value.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise _UnreadableError(400, "expected a GraphQL query as text in `query`, got none")
    if variables is not None and not isinstance(variables, dict):
        raise _UnreadableError(400, "expected an object in `variables`")
    if operation_name is not None and not isinstance(operation_name, str):
        raise _UnreadableError(400, "expected the name of an operation in `operationName`")
    return Operation(query, variables, operation_name or None)


async def _respond(service: Service, operation: Operation, accept: str | None) -> Response:
    media = best_offer(accept, [JSON, RESPONSE_JSON]) or JSON
    try:
        result = await service.answer(lambda store: execute(service, store, operation))
    except GraphError as error:  # the store can't even be opened
        failure = failure_of(error)
        return _error_response(failure.message, failure.code, STATUS[failure.code])
    content: dict[str, Any] = {}
    if result.errors:
        content["errors"] = format_errors(result.errors)
    executed = result.data is not None or not result.errors or any(e.path for e in result.errors)
    if executed:
        content["data"] = result.data
    status = 200 if executed or media == JSON else 400
    return JSONResponse(content, status, {"Vary": "Accept"}, media)


def execute(service: Service, store: GraphStore, operation: Operation) -> ExecutionResult:
    """Execute one operation, in an event loop of its own, as this runs in a thread of its own."""
    try:
        return asyncio.run(
            schema.execute(
                operation.query,
                variable_values=operation.variables,
                context_value=QueryLoader(store, service.recommender, service.principals_cache),
                operation_name=operation.name,
                allowed_operation_types=[OperationType.QUERY],
            )
        )
    except CannotGetOperationTypeError as error:
        return ExecutionResult(data=None, errors=[GraphQLError(error.as_http_error_reason())])
    except InvalidOperationTypeError:
        return ExecutionResult(data=None, errors=[GraphQLError("only queries are answered here")])


def _refusal(error: _UnreadableError) -> Response:
    return _error_response(str(error), error.code, error.status)


def _error_response(message: str, code: Code, status: int) -> Response:
    content = {"errors": [{"message": message, "extensions": {"code": code.value}}]}
    return JSONResponse(content, status)


def _graphiql(service: Service) -> Response:
    policy = {"Content-Security-Policy": GRAPHIQL, "Vary": "Accept"}
    if service.explorer and (service.explorer / "graphiql.html").is_file():
        return FileResponse(service.explorer / "graphiql.html", headers=policy, media_type=HTML)
    words = (
        'POST a query to this address as JSON: {"query": "{ stats { bundles } }"}. '
        "GraphiQL is not built here: make explorer builds it."
    )
    return HTMLResponse(plain_page("GraphQL", words), headers={"Vary": "Accept"})
