"""HTTP client with rate limit, retries and backoff: an answer is usable, or the error states why not.

`httpx` is used here and nowhere else: it has separate timeouts for connecting and reading, streams so that a
limit on bytes holds, and notices a truncated body. (The standard library's client has one timeout for
everything, follows redirects by itself and returns a truncated body as if it were whole.)
"""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import httpx

from graph.clock import Clock
from graph.errors import Fault, InputError, RefusedError, SourceError
from ingest.http.deadline import Watch
from ingest.http.rate_limit import RateLimiter, TooLateError, Turn, retry_after_s
from ingest.http.url_policy import host_of, is_loopback

# Retried, and all from 500 on: proxies in front of a service have status codes of their own, up to 530.
_RETRY_STATUSES: Final = frozenset({408, 425, 429})
_MISSING_STATUSES: Final = frozenset({404, 410})
# Compressed once at most: compressed twice, a hundred bytes can expand to gigabytes before any are counted.
_CODINGS: Final = frozenset({"", "identity", "gzip"})
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """HTTP answer with status 200, whole: its media type (lower-case, without parameters) and its bytes."""

    url: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Limits of fetching: timeouts and pauses in seconds, size in bytes, number of tries."""

    connect_s: float = 20.0
    read_s: float = 120.0
    whole_s: float = 600.0
    max_bytes: int = 256 * 2**20
    tries: int = 6
    longest_pause_s: float = 3600.0


class MissingError(RefusedError):
    """Nothing is at that address (status 404 or 410)."""


class TooLongError(RefusedError):
    """Answer larger than the limit; asking again would bring the same."""


class Transport:
    """Transport to one service; requests start at least the rate limiter's delay apart, and none after the deadline."""

    def __init__(
        self,
        client: httpx.Client,
        rate_limiter: RateLimiter,
        *,
        limits: FetchLimits,
        clock: Clock,
        sleep: Callable[[float], None],
        rng: random.Random,
        deadline: datetime | None = None,
    ) -> None:
        self._client = client
        self._rate_limiter = rate_limiter
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._rng = rng
        self._deadline = deadline
        self._watch = Watch()

    def fetch(self, url: str, read: Callable[[HttpResponse], _T]) -> _T:
        """Return the result of `read` on the answer; retry while the answer is not usable.

        Args:
            url: Where to ask.
            read: Raises `SourceError` where the answer is not the one requested (retried), and
                `RefusedError` where asking again is no use.

        Raises:
            SourceError: No usable answer after the last try; it names what came.
            RefusedError: The service says no.
        """
        try:
            return self._retry_until_usable(
                url, lambda turn: read(self._attempt(url, turn, self._read_whole))
            )
        except (
            MissingError
        ) as error:  # a service that isn't there, while a file may well be missing
            raise RefusedError(str(error)) from error

    def save(
        self,
        url: str,
        file: Path,
        *,
        media_types: frozenset[str],
        max_bytes: int,
        check: Callable[[Path], None] | None = None,
    ) -> None:
        """Save the whole answer to a file; retry while it is not usable.

        Args:
            url: Where to ask.
            file: Overwritten; after any error its content must not be used.
            media_types: Media types accepted; an answer of another is not usable.
            max_bytes: Largest size accepted.
            check: Raises `SourceError` where the file is not the one requested (retried).

        Raises:
            SourceError: No usable answer after the last try; it names what came.
            RefusedError: The service says no; there is nothing, or too much.
        """

        def save_response(response: httpx.Response, _url: str) -> None:
            media_type = _media_type(response)
            if media_type not in media_types:
                expected = " or ".join(sorted(media_types))
                raise SourceError(f"expected {expected}, got {media_type or 'no media type'}")
            _refuse_endless(response, max_bytes)
            with file.open("wb") as out:
                out.writelines(self._read_parts(response, max_bytes))
            if check is not None:
                check(file)

        self._retry_until_usable(url, lambda turn: self._attempt(url, turn, save_response))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _retry_until_usable(self, url: str, attempt: Callable[[Turn], _T]) -> _T:
        """Request in turn, and again while the answer is not usable, with exponential backoff."""
        for number in range(1, self._limits.tries + 1):
            try:
                longest_s = self._limits.longest_pause_s
                with self._rate_limiter.acquire(self._deadline, longest_s=longest_s) as turn:
                    self._refuse_too_late(url)
                    return attempt(turn)
            except (RefusedError, TooLateError):
                raise
            except SourceError as error:
                requested_s = error.pause_s if isinstance(error, _RetryLaterError) else 0.0
                kind = TooLateError if requested_s > self._limits.longest_pause_s else SourceError
                if number == self._limits.tries or kind is TooLateError:
                    raise kind(
                        f"{url}: no usable answer after {number} tries; the last one: {error}. "
                        "What was stored stays: give the command again to go on"
                    ) from error
                self._pause(requested_s, number, url, error)
        raise InputError("no tries", [Fault("tries", "at least one", str(self._limits.tries))])

    def _left_s(self) -> float:
        """Return the seconds left until the deadline; infinite without one."""
        if self._deadline is None:
            return math.inf
        return (self._deadline - self._clock()).total_seconds()

    def _refuse_too_late(
        self, url: str, pause_s: float = 0.0, last: SourceError | None = None
    ) -> None:
        if self._left_s() <= pause_s:
            last_failure = f" (the last one: {last})" if last else ""
            raise TooLateError(
                f"{url}: the deadline came before an answer{last_failure}. "
                "What was stored stays: give the command again to go on"
            )

    def _pause(self, requested_s: float, number: int, url: str, last: SourceError) -> None:
        """Wait as requested, at least the backoff: the delay doubled each time, times a random 0.5 to 1."""
        growth = 2.0 ** (number - 1) * (0.5 + self._rng.random() / 2)
        pause_s = max(requested_s, self._rate_limiter.backoff_s * growth)
        self._refuse_too_late(url, pause_s, last)
        self._sleep(pause_s)

    def _attempt(self, url: str, turn: Turn, read: Callable[[httpx.Response, str], _T]) -> _T:
        whole_s = min(self._limits.whole_s, max(0.001, self._left_s()))
        try:
            with self._watch.limit(whole_s):
                return self._request(url, turn, read)
        except _RetryLaterError as error:  # holds for all others too, first for those who wait
            turn.back_off(error.pause_s)
            raise
        except httpx.InvalidURL as error:
            raise InputError("no address", [Fault("url", "an http address", url)]) from error
        except httpx.HTTPError as error:
            raise _source_error(error) from error

    def _request(self, url: str, turn: Turn, read: Callable[[httpx.Response, str], _T]) -> _T:
        extensions = {"trace": self._watch.trace_hook(turn.mark_start)}
        stream = self._client.stream("GET", url, timeout=self._timeout(), extensions=extensions)
        with stream as response:
            coding = response.headers.get("content-encoding", "").strip().lower()
            if coding not in _CODINGS:
                raise SourceError(f"expected an answer plain or in gzip, got {coding[:80]!r}")
            self._refuse_status(response, url)
            return read(response, url)

    def _timeout(self) -> httpx.Timeout:
        left_s = max(0.001, self._left_s())
        read_s, connect_s = self._limits.read_s, self._limits.connect_s
        return httpx.Timeout(min(read_s, left_s), connect=min(connect_s, left_s))

    def _read_whole(self, response: httpx.Response, url: str) -> HttpResponse:
        try:
            body = b"".join(self._read_parts(response, self._limits.max_bytes))
        except TooLongError as error:  # the answer to the same request may be shorter next time
            raise SourceError(str(error)) from error
        return HttpResponse(url, _media_type(response), body)

    def _read_parts(self, response: httpx.Response, max_bytes: int) -> Iterator[bytes]:
        whole_s = min(self._limits.whole_s, max(0.0, self._left_s()))
        latest = self._clock() + timedelta(seconds=whole_s)
        length = 0
        for part in response.iter_bytes():
            length += len(part)
            if length > max_bytes:
                raise TooLongError(f"expected at most {max_bytes} bytes, got more")
            if self._clock() > latest:
                raise SourceError(f"expected an answer within {whole_s:g} s, got {length} bytes")
            yield part

    def _refuse_status(self, response: httpx.Response, url: str) -> None:
        status = response.status_code
        if status == 200:
            return
        if status in _RETRY_STATUSES or status >= 500:
            pause_s = retry_after_s(response.headers.get("retry-after"), self._clock())
            hint = f", asked to wait {pause_s:g} s" if pause_s else ""
            raise _RetryLaterError(f"expected status 200, got {status}{hint}", pause_s)
        if 300 <= status < 400:
            raise RefusedError(
                f"{url}: expected status 200, got {status}: it moved to "
                f"{response.headers.get('location', 'nowhere')}. Give that address instead"
            )
        first = next(response.iter_bytes(), b"")
        words = " ".join(first[:400].decode("utf-8", "replace").split())[:120]
        kind = MissingError if status in _MISSING_STATUSES else RefusedError
        raise kind(f"{url}: expected status 200, got {status}: {words!r}")


def _source_error(error: httpx.HTTPError) -> SourceError:
    name = type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return SourceError(f"expected an answer in time, got none ({name})")
    return SourceError(f"expected a whole answer, got {str(error) or name}")


class _RetryLaterError(SourceError):
    """Answer that asks to come again later (Retry-After)."""

    def __init__(self, message: str, pause_s: float) -> None:
        super().__init__(message)
        self.pause_s = pause_s


def _refuse_endless(response: httpx.Response, max_bytes: int) -> None:
    """Refuse a body announced as too long, or whose end can't be told from a truncation (RFC 9112, 6.3)."""
    content_length = response.headers.get("content-length", "")
    if not content_length and "transfer-encoding" not in response.headers:
        raise SourceError("expected an answer that tells its length, got one that just ends")
    if content_length.isdecimal() and int(content_length) > max_bytes:
        raise TooLongError(f"expected at most {max_bytes} bytes, got {content_length} announced")


def _media_type(response: httpx.Response) -> str:
    content_type: str = response.headers.get("content-type", "")
    return content_type.partition(";")[0].strip().lower()


def open_client(base_url: str, *, agent: str, limits: FetchLimits) -> httpx.Client:
    """Open a client for one service; it follows no redirect, and uses no proxy towards this machine.

    Raises:
        InputError: The environment names a proxy that can't be used.
    """
    try:
        return httpx.Client(
            timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
            headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
            follow_redirects=False,
            trust_env=not is_loopback(host_of(base_url)),
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        expected = "an http or https proxy in HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, or none"
        fault = Fault("proxy", expected, str(error)[:200])
        raise InputError("can't fetch through that proxy", [fault]) from error
