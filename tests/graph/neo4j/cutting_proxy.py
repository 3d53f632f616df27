"""Proxy that breaks a TCP connection on request, before a server."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable
from enum import Enum, auto
from types import TracebackType

END = re.compile(rb"\x00\x02\xb0[\x12\x13]\x00\x00")
"""COMMIT or ROLLBACK (https://neo4j.com/docs/bolt/current/bolt/message/), alone in its chunk."""


class Broken(Enum):
    """In which way nothing gets through any more."""

    CUT = auto()
    """Each connection ends where an answer is due."""
    REFUSED = auto()
    """Nobody listens."""
    SILENT = auto()
    """Connections are taken, and whatever is sent is swallowed."""


class Proxy:
    """Passes bytes on, until it breaks in the way that was asked for."""

    def __init__(self, server: str) -> None:
        host, _, port = server.rpartition(":")
        self._server = (host, int(port))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._place = self._listening.getsockname()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._left: int | None = None
        self._ends_left: int | None = None
        self._next: Broken | None = None
        self._broken: Broken | None = None
        self._delay_s = 0.0
        self._awaited: bytes | None = None
        self._between: Callable[[], object] | None = None
        self.cuts = 0
        self._closed = False

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"bolt://127.0.0.1:{self._place[1]}"

    def cut_after(self, answers: int) -> None:
        """Cuts the connection that the next answers come over, before the one after them."""
        self._left = answers

    def cut_at_second_end(self) -> None:
        """Cuts before the answer to the second transaction's end, which the server hears."""
        self._ends_left = 2

    def break_after(self, answers: int, way: Broken) -> None:
        """Breaks for all connections after the next answers, until it is healed."""
        self._left, self._next = answers, way

    def once_answered(self, question: bytes, work: Callable[[], object]) -> None:
        """Does work between the answer to the next such question and whatever is asked after it."""
        self._awaited, self._between = question, work

    def slow_down(self, delay_s: float) -> None:
        """Whatever passes takes this much longer, each way."""
        self._delay_s = delay_s

    def heal(self) -> None:
        """Lets new connections through again; the old ones, which lost bytes, end."""
        self._hang_up_all()
        if self._broken is Broken.REFUSED:
            self._listening = socket.create_server(self._place)
            self._start(self._accept, self._listening)
        self._broken = self._next = self._left = None

    def __enter__(self) -> "Proxy":
        self._start(self._accept, self._listening)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._closed = True
        _hang_up(self._listening)
        self._hang_up_all()
        for thread in list(self._threads):
            thread.join(5)

    def _hang_up_all(self) -> None:
        for one in list(self._open):
            _hang_up(one)

    def _start(self, work, *given) -> None:  # type: ignore[no-untyped-def] # what Thread takes
        thread = threading.Thread(target=work, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):  # nobody listens any more
            while True:
                client, _ = listening.accept()
                if self._closed:
                    client.close()
                    return
                server = socket.create_connection(self._server)
                for one in (client, server):  # else small answers wait for the other side's word
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open += [client, server]
                self._start(self._pass_on, client, server, False)
                self._start(self._pass_on, server, client, True)

    def _pass_on(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not counted:
                    self._do_between(data)
                if self._is_last() if counted else self._ends(data):
                    break
                if self._broken is Broken.SILENT:
                    continue
                if self._broken is not None and counted:
                    break
                time.sleep(self._delay_s)
                target.sendall(data)
        _hang_up(source)
        _hang_up(target)

    def _do_between(self, data: bytes) -> None:
        if self._awaited is not None and self._awaited in data:
            self._awaited = None
        elif self._awaited is None and self._between is not None:
            work, self._between = self._between, None
            work()

    def _ends(self, data: bytes) -> bool:
        """Notes that a transaction is about to end; the question itself is passed on."""
        if self._ends_left is not None and END.search(data):
            self._ends_left -= 1
            if self._ends_left == 0:
                self._ends_left, self._left = None, 0
        return False

    def _is_last(self) -> bool:
        """Counts an answer; whether the connection is cut before it."""
        if self._left is None:
            return False
        self._left -= 1
        if self._left >= 0:
            return False
        self._left = None
        self.cuts += 1
        self._broken = self._next
        if self._broken is Broken.REFUSED:
            _hang_up(self._listening)
            self._hang_up_all()
        return self._broken is not Broken.SILENT


def _hang_up(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
