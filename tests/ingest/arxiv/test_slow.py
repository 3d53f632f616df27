"""Services that stay within every limit on one read and never come to an end, and turns that take their time."""

import gzip
import socket
import threading
import time as real_time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from graph.errors import SourceError
from ingest.http.client import HttpResponse, Transport
from ingest.http.rate_limit import RateLimiter, TooLateError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
PACKED = HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
# The head of a gzip file and a block of deflate that holds nothing (RFC 1951, 3.2.4), as often as one likes.
OPENED, NOTHING = gzip.compress(b"")[:10], b"\x00\x00\x00\xff\xff"


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


ENDLESS = {
    "a byte of the head at a time": (HEAD + b"X: ", b"x"),
    "one status 100 after another": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a byte of the body at a time": (HEAD + b"Content-Length: 999999\r\n\r\n", b"<"),
    "gzip that unfolds to nothing": (PACKED + chunk(OPENED), chunk(NOTHING)),
    "gzip with a name without end": (
        PACKED + chunk(OPENED[:3] + b"\x08" + OPENED[4:]),
        chunk(b"name"),
    ),
    "a body that ends where it is cut": (HEAD + b"Connection: close\r\n\r\n<x/>", b" "),
    "silence": (b"", b""),
}


@pytest.fixture
def endless() -> Iterator[Callable[[str], str]]:
    """Serves one of these ways on a free port; its address."""
    over = threading.Event()
    threads = []

    def serve(way: str) -> str:
        listener = socket.create_server(("127.0.0.1", 0))

        def run() -> None:
            first, again = ENDLESS[way]
            with listener, suppress(OSError):
                listener.settimeout(30)
                while not over.is_set():
                    connection, _ = listener.accept()
                    with connection, suppress(OSError):
                        connection.recv(65536)
                        connection.sendall(first)
                        while not over.wait(0.02):
                            connection.sendall(again)

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/oai"

    yield serve
    over.set()
    for thread in threads:
        thread.join()


def text_of(fetched: HttpResponse) -> str:
    return fetched.body.decode()


@pytest.mark.parametrize("way", ENDLESS)
def test_every_answer_has_an_end(
    endless: Callable[[str], str], transport: Callable[..., Transport], way: str
) -> None:
    url = endless(way)
    with pytest.raises(SourceError, match=r"after 1 tries; .* a whole answer within 0\.3 s"):
        transport(url, whole_s=0.3, read_s=20.0, tries=1).fetch(url, text_of)


def test_the_next_try_has_a_connection_of_its_own(
    serve: Callable[..., Any], transport: Callable[..., Transport]
) -> None:
    service = serve(page_size=5, troubles={2: "hang"})
    query = service.url + "?verb=ListRecords&metadataPrefix=arXivRaw"
    asking = transport(service.url, whole_s=0.5, read_s=20.0)
    first = asking.fetch(query, text_of)
    assert asking.fetch(query, text_of) == first
    assert len(service.requests) == 3


def test_the_delay_counts_from_the_request_and_not_from_looking_for_its_service(
    serve: Callable[..., Any],
    transport: Callable[..., Transport],
    time: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Else the first request starts late, and the second, on the same connection, too soon after it."""
    looked_up = socket.getaddrinfo

    def slow(*given: Any, **named: Any) -> Any:
        time.sleep(2.0)
        return looked_up(*given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    service = serve(page_size=5)
    starts: list[float] = []
    service.on_request = lambda _: starts.append(time.clock().timestamp())
    asking = transport(service.url)
    for _ in range(3):
        asking.fetch(service.url + "?verb=ListRecords&metadataPrefix=arXivRaw", text_of)
    assert [later - one for one, later in pairwise(starts)] == [3.0, 3.0]


def test_whoever_waits_for_a_turn_waits_as_long_as_was_asked_of_the_one_before(
    serve: Callable[..., Any], transport: Callable[..., Transport], time: Any, tmp_path: Path
) -> None:
    service = serve(page_size=5, troubles={1: "429"}, retry_after="600")
    query = service.url + "?verb=ListRecords&metadataPrefix=arXivRaw"
    other = RateLimiter(tmp_path / "polite", 3.0, time.clock, time.sleep)
    passed: list[float] = []

    def wait() -> None:
        with other.acquire():
            passed.append(time.clock().timestamp())

    waiting = threading.Thread(target=wait)

    def answered(number: int) -> None:
        if number == 1:
            waiting.start()
            real_time.sleep(0.2)  # until it stands at the lock

    service.on_request = answered
    began = time.clock().timestamp()
    transport(service.url).fetch(query, text_of)
    waiting.join()
    assert passed[0] - began >= 600


def test_to_be_left_alone_for_a_day_is_heard_by_the_next_command(
    serve: Callable[..., Any], transport: Callable[..., Transport], time: Any
) -> None:
    service = serve(page_size=5, troubles={1: "503"}, retry_after="86400")
    query = service.url + "?verb=ListRecords&metadataPrefix=arXivRaw"
    with pytest.raises(SourceError, match="asked to wait 86400 s"):
        transport(service.url).fetch(query, text_of)
    with pytest.raises(TooLateError, match="asked to be left alone for another 7200 s"):
        transport(service.url).fetch(query, text_of)
    assert len(service.requests) == 1
    assert time.slept == []


@pytest.mark.parametrize("hours", [0.05, 1, 1.9, 3])
def test_a_clock_that_was_set_back_keeps_nobody_waiting(
    tmp_path: Path, time: Any, hours: float
) -> None:
    turnstile = RateLimiter(tmp_path / "polite", 3.0, time.clock, time.sleep)
    with turnstile.acquire():
        pass
    time.now -= timedelta(hours=hours)
    with turnstile.acquire():
        pass
    with turnstile.acquire():
        pass
    assert time.slept == pytest.approx([3.0])


def test_a_long_delay_is_a_delay(tmp_path: Path, time: Any) -> None:
    for _ in range(2):
        with RateLimiter(tmp_path / "polite", 3600.0, time.clock, time.sleep).acquire():
            pass
    assert time.slept == pytest.approx([3600.0])


def test_the_moment_is_never_half_written(tmp_path: Path, time: Any) -> None:
    """Whoever is killed while writing it must leave one that the next waits for."""
    file = tmp_path / "polite"
    turnstile = RateLimiter(file, 0.0, time.clock, time.sleep)
    with turnstile.acquire():
        pass
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            with turnstile.acquire():
                pass

    writing = threading.Thread(target=write)
    writing.start()
    seen = {file.read_text() for _ in range(3000)}
    over.set()
    writing.join()
    assert seen == {f"{time.clock().timestamp():.6f}\n"}
