"""A connection that is cut on request: a small TCP proxy before a server."""

import contextlib
import re
import socket
import threading
from types import TracebackType

END = re.compile(rb"\x00\x02\xb0[\x12\x13]\x00\x00")
"""COMMIT or ROLLBACK (https://neo4j.com/docs/bolt/current/bolt/message/), alone in its chunk."""


class Proxy:
    """Passes bytes on, and cuts one connection after so many answers."""

    def __init__(self, server: str) -> None:
        host, _, port = server.rpartition(":")
        self._server = (host, int(port))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._left: int | None = None
        self._ends_left: int | None = None
        self.cuts = 0
        self._closed = False

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"bolt://127.0.0.1:{self._listening.getsockname()[1]}"

    def cut_after(self, answers: int) -> None:
        """Cuts the connection that the next answers come over, before the one after them."""
        self._left = answers

    def cut_at_second_end(self) -> None:
        """Cuts before the answer to the second transaction's end, which the server hears."""
        self._ends_left = 2

    def __enter__(self) -> "Proxy":
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            socket.create_connection(self._listening.getsockname(), 1).close()
        for one in list(self._open):
            _hang_up(one)
        for thread in list(self._threads):
            thread.join(5)
        self._listening.close()

    def _start(self, work, *given) -> None:  # type: ignore[no-untyped-def] # what Thread takes
        thread = threading.Thread(target=work, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listening.accept()
            if self._closed:
                client.close()
                return
            server = socket.create_connection(self._server)
            self._open += [client, server]
            self._start(self._pass_on, client, server, False)
            self._start(self._pass_on, server, client, True)

    def _pass_on(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self._is_last(data) if counted else self._ends(data):
                    break
                target.sendall(data)
        _hang_up(source)
        _hang_up(target)

    def _ends(self, data: bytes) -> bool:
        """Notes that a transaction is about to end; the question itself is passed on."""
        if self._ends_left is not None and END.search(data):
            self._ends_left -= 1
            if self._ends_left == 0:
                self._ends_left, self._left = None, 0
        return False

    def _is_last(self, _answer: bytes) -> bool:
        if self._left is None:
            return False
        self._left -= 1
        if self._left >= 0:
            return False
        self._left = None
        self.cuts += 1
        return True


def _hang_up(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
