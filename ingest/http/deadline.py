"""Deadline for a whole answer: cut its connection when the time is up.

`httpx` limits each single read. A service that sends a byte of its headers now and then, one status 100
after another, or gzip that expands to nothing, stays within that for ever, and the lock is held meanwhile.
"""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Timer
from typing import Any, Final

from graph.errors import SourceError

# Names of `httpcore` trace events; those of a proxy connection have another prefix and the same suffixes.
_CONNECTED: Final = (".connect_tcp.complete", ".start_tls.complete")
_BEGINS: Final = ".send_request_headers.started"


class Watch:
    """Watch over the requests of one client, one at a time, that can cut their connections."""

    def __init__(self) -> None:
        self._streams: list[Any] = []

    def trace_hook(self, on_start: Callable[[], None]) -> Callable[[str, Mapping[str, Any]], None]:
        """Return the callback for a request's extension `trace`; `on_start` is called when its first byte is sent."""

        def trace(event: str, about: Mapping[str, Any]) -> None:
            if event.endswith(_CONNECTED):
                self._streams = [*self._streams[-3:], about["return_value"]]
            elif event.endswith(_BEGINS):
                on_start()

        return trace

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Cut the connections when the time is up, so that reads from them end.

        Raises:
            SourceError: The time was up, whatever arrived: a cut may look like an end.
        """
        over = Event()
        timer = Timer(seconds, self._cut, [over])
        timer.daemon = True
        timer.start()
        late = SourceError(f"expected a whole answer within {seconds:g} s, got none")
        try:
            yield
        except Exception as error:
            if over.is_set():
                raise late from error
            raise
        finally:
            timer.cancel()
        if over.is_set():
            raise late

    def _cut(self, over: Event) -> None:
        over.set()
        for stream in self._streams:
            raw_socket = stream.get_extra_info("socket")
            if isinstance(raw_socket, socket.socket):
                # Below TLS, whose closing handshake would wait for the peer. A closed socket raises OSError.
                with suppress(OSError):
                    socket.socket.shutdown(raw_socket, socket.SHUT_RDWR)
