"""A limit on how long the whole of an answer may take: its connection is cut when the time is up.

`httpx` limits each single read. A service that sends a byte of its headers now and then, one status 100
after another, or gzip that unfolds to nothing, stays within that for ever, and the lock is held meanwhile.
"""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Timer
from typing import Any, Final

from graph.errors import SourceError

# As `httpcore` names what it does; a proxy's connection has the same ends under another beginning.
_CONNECTED: Final = (".connect_tcp.complete", ".start_tls.complete")
_BEGINS: Final = ".send_request_headers.started"


class Watch:
    """Watches the requests of one client, one at a time."""

    def __init__(self) -> None:
        self._streams: list[Any] = []

    def follow(self, begins: Callable[[], None]) -> Callable[[str, Mapping[str, Any]], None]:
        """What to give a request as its extension `trace`; `begins` is called when its first byte is sent."""

        def told(event: str, about: Mapping[str, Any]) -> None:
            if event.endswith(_CONNECTED):
                self._streams = [*self._streams[-3:], about["return_value"]]
            elif event.endswith(_BEGINS):
                begins()

        return told

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Cuts the connections when the time is up: what reads from them ends.

        Raises:
            SourceError: The time was up, whatever came: what was cut may look like an end.
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
            found = stream.get_extra_info("socket")
            if isinstance(found, socket.socket):
                # Below TLS, which would want to say good-bye. One that was closed is none any more.
                with suppress(OSError):
                    socket.socket.shutdown(found, socket.SHUT_RDWR)
