"""Middleware of every response: errors become JSON, and security headers keep foreign text harmless."""

from typing import Final
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import STATUS, failure_of

STRICT: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
GRAPHIQL: Final = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
"""Policy of the GraphiQL page, whose editor writes styles into the page and runs its workers from blobs."""

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_QUERY_SAFE: Final = "%!$&'()*+,;=:@/?-._~"
"""Characters that may stand in a query string as they are (RFC 3986, section 3.4)."""


class SecurityHeaders:
    """Add the security headers to each response; one that has a policy of its own keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers to its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", STRICT)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class ErrorResponses:
    """Answer with JSON where something failed: `{"error": {code, message}}`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; answer with the error where that failed before a response began."""
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        if scope["type"] == "http":
            scope = {**scope, "query_string": _encode_query(scope["query_string"])}
        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:
            if has_begun or scope["type"] != "http":
                raise
            failure = failure_of(error)
            status = STATUS[failure.code]
            content = {"error": {"code": failure.code.value, "message": failure.message}}
            headers = {"Retry-After": "5"} if status == 503 else None
            await JSONResponse(content, status, headers)(scope, receive, send)


def _encode_query(query: bytes) -> bytes:
    """Return a query string with other than ASCII bytes percent-encoded: some servers let any byte through."""
    return query if query.isascii() else quote(query, safe=_QUERY_SAFE).encode()
