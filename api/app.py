"""Web application: its routes, middleware and static files."""

from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from api.http.entity import answer_id, shell_of
from api.http.entity_html import page_in_shell
from api.http.graphql import answer_get, answer_post
from api.http.log import add_log_routes
from api.http.middleware import ErrorResponses, SecurityHeaders
from api.recommender import Recommender
from api.service import THREADS, Service
from graph.bundle.keys import Signer
from graph.log.checkpoint import Checkpoint
from graph.store import GraphStore
from recommend.embed import Embedder


def make_app(
    store_of: Callable[[], GraphStore],
    *,
    embedder_of: Callable[[], Embedder] | None = None,
    explorer: Path | None = None,
    signer: Signer | None = None,
) -> FastAPI:
    """Return the web application over a store.

    Args:
        store_of: Returns the store; it is called in the thread that will use it, for each response.
        embedder_of: Loads the embedding model; called once, at the first query that needs it.
            Without it, related work comes from citations alone.
        explorer: The folder of the built explorer: `index.html`, `graphiql.html`, `assets/`.
        signer: Signs the checkpoints of the log; without one there are none.
    """
    threads = ThreadPoolExecutor(THREADS, "answer")
    service = Service(store_of, Recommender(embedder_of), explorer, threads)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        threads.shutdown(wait=False, cancel_futures=True)

    # No pages of FastAPI's own: they load scripts from other sites.
    app = FastAPI(
        title="Colineage", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    app.add_middleware(ErrorResponses)
    app.add_middleware(SecurityHeaders)
    _add_graph_routes(app, service)
    _add_health(app, service)
    add_log_routes(app, service, signer)
    _add_explorer(app, explorer)
    return app


def _add_graph_routes(app: FastAPI, service: Service) -> None:
    @app.get("/graphql")
    async def graphql_get(request: Request) -> Response:
        return await answer_get(service, request)

    @app.post("/graphql")
    async def graphql_post(request: Request) -> Response:
        return await answer_post(service, request)

    @app.api_route("/id/{identifier:path}", methods=["GET", "HEAD"])
    async def entity(request: Request, identifier: str) -> Response:
        return await answer_id(service, request, identifier)


def _add_health(app: FastAPI, service: Service) -> None:
    @app.api_route("/health", methods=["GET", "HEAD"])
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.api_route("/ready", methods=["GET", "HEAD"])
    async def ready() -> dict[str, object]:
        checkpoint: Checkpoint = await service.answer(lambda store: store.checkpoint())
        return {"status": "ready", "log": {"size": checkpoint.size, "root": checkpoint.root}}


def _add_explorer(app: FastAPI, explorer: Path | None) -> None:
    @app.api_route("/", methods=["GET", "HEAD"])
    def start() -> Response:
        shell = shell_of(explorer)
        if shell is not None:
            return HTMLResponse(shell)
        main = (
            "<main><h1>Colineage</h1><p>The graph answers at <code>/graphql</code> and "
            "<code>/id/…</code>.</p></main>"
        )
        return HTMLResponse(page_in_shell("Colineage", main, "", None))

    if explorer is not None and (explorer / "assets").is_dir():
        app.mount("/assets", StaticFiles(directory=explorer / "assets"), name="assets")
