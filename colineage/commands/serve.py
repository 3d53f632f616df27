"""Command that runs the web server: the API and the explorer."""

import os
import socket
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from colineage.options import JsonOption, KeyOption, ModelOption, StoreOption
from colineage.output import print_answer, print_message
from colineage.settings import NO_MODEL, Settings, settings_from
from graph.errors import Fault, InputError

if TYPE_CHECKING:
    from recommend.embed import Embedder


def serve(
    *,
    host: Annotated[str, typer.Option(help="Listen at this address.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Listen at this port; 0 takes a free one.")
    ] = 8000,
    model: ModelOption = None,
    store: StoreOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve the explorer, GraphQL and the log. Also serves /id/…; runs until interrupted (exit status 0)."""
    from colineage.store_access import open_or_create
    from colineage.views.serve import serve_view

    settings = settings_from(os.environ, store=store, model=model, key=key)
    with _listen(host, port) as listener, open_or_create(settings) as graph_store:
        from uvicorn import Config, Server

        from api.app import make_app
        from graph.bundle.key_files import installation_key

        signer = installation_key(settings.key)

        if graph_store.checkpoint().size == 0:
            print_message(
                f"{settings.store} holds nothing yet: colineage ingest fills it, also meanwhile."
            )
        explorer = explorer_folder()
        embedder_of = _embedder_loader(settings)
        app = make_app(
            lambda: graph_store, embedder_of=embedder_of, explorer=explorer, signer=signer
        )
        if explorer is None:
            print_message("The explorer is not built here (make explorer): only the API is served.")
        addresses = {
            "url": _address(host, listener),
            "graphql": _address(host, listener) + "/graphql",
        }
        print_answer(addresses, serve_view, as_json=as_json)
        config = Config(app, log_level="warning", server_header=False, date_header=True)
        try:
            Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            print_message("Stopped.")


def explorer_folder() -> Path | None:
    """Return the folder of the built explorer: in the wheel, else in the checkout; `None` where it isn't built."""
    package = Path(str(files("colineage")))
    folders = (package / "explorer_files", package.parent / "explorer" / "dist")
    return next((folder for folder in folders if (folder / "index.html").is_file()), None)


def _embedder_loader(settings: Settings) -> "Callable[[], Embedder] | None":
    if settings.model == NO_MODEL:
        return None

    def load() -> "Embedder":
        from recommend.embed import load_embedder

        return load_embedder(settings.model)

    return load


def _listen(host: str, port: int) -> socket.socket:
    """Open a listening socket, so that a port in use is reported before anything else is started.

    Raises:
        InputError: The address can't be used.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening_socket = socket.socket(family, kind)
        try:
            listening_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening_socket.bind(address)
            listening_socket.listen(128)
        except OSError:
            listening_socket.close()
            raise
    except OSError as error:
        expected = "an address that is free (another --port, or 0 for any)"
        fault = Fault("address", expected, f"{host}:{port}: {error.strerror}")
        raise InputError("can't serve there", [fault]) from error
    return listening_socket


def _address(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"
