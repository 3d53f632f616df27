import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from graph.errors import InputError, RefusedError, SourceError, StoreError
from ingest.http.client import (
    FetchLimits,
    HttpResponse,
    Transport,
    open_client,
)
from ingest.http.rate_limit import RateLimiter, retry_after_s
from ingest.http.url_policy import checked_delay_s, is_loopback

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUERY = "?verb=ListRecords&metadataPrefix=arXivRaw"


def text_of(fetched: HttpResponse) -> str:
    if fetched.media_type != "text/xml":
        raise SourceError(f"expected text/xml, got {fetched.media_type}")
    return fetched.body.decode()


def test_an_answer_comes_whole(
    serve: Callable[..., Any], transport: Callable[..., Transport]
) -> None:
    service = serve(page_size=5)
    assert transport(service.url).fetch(service.url + QUERY, text_of) == service.answer(QUERY[1:])


@pytest.mark.parametrize("trouble", ["html", "rate", "503", "429", "500", "chopped", "cut"])
def test_after_trouble_it_asks_again(
    serve: Callable[..., Any], transport: Callable[..., Transport], trouble: str
) -> None:
    service = serve(page_size=5, troubles={1: trouble, 2: trouble})
    assert "<ListRecords>" in transport(service.url).fetch(service.url + QUERY, text_of)
    assert len(service.requests) == 3


@pytest.mark.parametrize("status", [408, 425, 501, 505, 507, 520, 529, 530, 599])
def test_what_may_pass_is_asked_again(time: Any, tmp_path: Path, status: int) -> None:
    answers = iter([status, 200])
    answer = httpx.MockTransport(
        lambda _: httpx.Response(next(answers), headers={"content-type": "text/xml"}, text="<x/>")
    )
    with httpx.Client(transport=answer) as client:
        assert fetching(client, time, tmp_path).fetch("http://127.0.0.1/oai", text_of) == "<x/>"


def fetching(client: httpx.Client, time: Any, folder: Path, **limits: Any) -> Transport:
    return Transport(
        client,
        RateLimiter(folder / "polite", 0.0, time.clock, time.sleep),
        limits=FetchLimits(**limits),
        clock=time.clock,
        sleep=time.sleep,
        rng=Random(1),  # noqa: S311 - nothing is guarded
    )


def test_it_gives_up_and_names_what_came(
    serve: Callable[..., Any], transport: Callable[..., Transport]
) -> None:
    service = serve(always="rate")
    with pytest.raises(
        SourceError, match="after 6 tries; the last one: expected text/xml, got text/plain"
    ):
        transport(service.url).fetch(service.url + QUERY, text_of)
    assert len(service.requests) == 6


def test_pauses_double_with_jitter_and_the_seed_repeats_them(
    serve: Callable[..., Any], transport: Callable[..., Transport], time: Any
) -> None:
    service = serve(always="500")
    with pytest.raises(SourceError, match="got 500"):
        transport(service.url, delay_s=0.0).fetch(service.url + QUERY, text_of)
    for number, pause_s in enumerate(time.slept):
        assert 0.05 * 2**number / 2 <= pause_s <= 0.05 * 2**number
    assert time.slept == pytest.approx([0.0284, 0.0924, 0.1764, 0.2510, 0.5982], abs=1e-4)


@pytest.mark.parametrize("header", ["40", "Fri, 20 Nov 2026 12:00:40 GMT"])
def test_retry_after_is_obeyed(
    serve: Callable[..., Any], transport: Callable[..., Transport], time: Any, header: str
) -> None:
    service = serve(page_size=5, troubles={1: "503"}, retry_after=header)
    transport(service.url).fetch(service.url + QUERY, text_of)
    assert time.now >= NOW.replace(second=40)


def test_to_wait_for_hours_is_left_to_the_user(
    serve: Callable[..., Any], transport: Callable[..., Transport], time: Any
) -> None:
    service = serve(always="503", retry_after="86400")
    with pytest.raises(SourceError, match="asked to wait 86400 s"):
        transport(service.url).fetch(service.url + QUERY, text_of)
    assert len(service.requests) == 1
    assert time.slept == []


def test_no_is_no(serve: Callable[..., Any], transport: Callable[..., Transport]) -> None:
    service = serve(always="403")
    with pytest.raises(RefusedError, match="got 403: 'status 403'"):
        transport(service.url).fetch(service.url + QUERY, text_of)
    assert len(service.requests) == 1


def test_it_follows_nobody(serve: Callable[..., Any], transport: Callable[..., Transport]) -> None:
    service = serve(always="moved")
    with pytest.raises(RefusedError, match=r"moved to https://elsewhere\.example/oai"):
        transport(service.url).fetch(service.url + QUERY, text_of)


def test_silence_has_an_end(serve: Callable[..., Any], transport: Callable[..., Transport]) -> None:
    service = serve(always="hang")
    with pytest.raises(SourceError, match="expected an answer in time"):
        transport(service.url, read_s=0.05, tries=2).fetch(service.url + QUERY, text_of)


def test_too_much_is_refused(
    serve: Callable[..., Any], transport: Callable[..., Transport]
) -> None:
    service = serve()
    with pytest.raises(SourceError, match="expected at most 1000 bytes"):
        transport(service.url, max_bytes=1000, tries=1).fetch(service.url + QUERY, text_of)


def test_nobody_listening_is_said(
    transport: Callable[..., Transport], serve: Callable[..., Any]
) -> None:
    service = serve()
    service.stop()
    with pytest.raises(SourceError, match="no usable answer after 2 tries"):
        transport(service.url, tries=2).fetch(service.url, text_of)


def test_requests_start_three_seconds_apart(
    serve: Callable[..., Any], transport: Callable[..., Transport], time: Any
) -> None:
    service = serve(page_size=5)
    one, other = transport(service.url), transport(service.url)
    for _ in range(3):
        one.fetch(service.url + QUERY, text_of)
        other.fetch(service.url + QUERY, text_of)
    assert time.slept == pytest.approx([3.0] * 5)


def test_a_turnstile_outlives_clocks_that_jump_and_damaged_files(tmp_path: Path, time: Any) -> None:
    file = tmp_path / "polite"
    turnstile = RateLimiter(file, 3.0, time.clock, time.sleep)
    for content in ("99999999999999", "nan", "inf", "no number", ""):
        file.write_text(content)
        time.slept.clear()
        with turnstile.acquire():
            pass
        assert time.slept == []
    with turnstile.acquire():
        pass
    assert time.slept == pytest.approx([3.0])


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, time: Any) -> None:
    (tmp_path / "file").touch()
    turnstile = RateLimiter(tmp_path / "file" / "polite", 3.0, time.clock, time.sleep)
    with pytest.raises(StoreError, match="XDG_CACHE_HOME"), turnstile.acquire():
        pass


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("\x1e7", 7.0),  # white space to Python, though not to its reader of numbers
        ("Fri, 20 Nov 2026 12:01:00 GMT", 60.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", 0.0),
        ("Fri, 20 Nov 99999999999999 12:01:00 GMT", 0.0),
        ("Fri, 20 Nov 2026 12:01:00 +9999999", 0.0),
        ("-5", 0.0),
    ],
)
def test_retry_after_in_both_forms(text: str | None, seconds: float) -> None:
    assert retry_after_s(text, NOW) == seconds


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/oai", "http://[::1]/oai", "http://localhost/oai"]
)
def test_this_machine_may_be_asked_faster(url: str) -> None:
    assert checked_delay_s(0.0, url) == 0.0


@pytest.mark.parametrize(
    ("delay_s", "url"),
    [
        (2.9, "https://oaipmh.arxiv.org/oai"),
        (0.0, "http://127.0.0.1.example.org/oai"),
        (-1.0, "http://127.0.0.1/oai"),
        (3600.1, "http://127.0.0.1/oai"),
        (math.nan, "https://oaipmh.arxiv.org/oai"),
        (math.inf, "https://oaipmh.arxiv.org/oai"),
        (3.0, "ftp://oaipmh.arxiv.org/oai"),
        (3.0, "oaipmh.arxiv.org/oai"),
        (3.0, "https://oaipmh.arxiv.org/oa\u0131"),
        (3.0, "https://oaipmh.arxiv.org/oai\x1b"),
        (3.0, "https://oaipmh.arxiv.org/oai\udcff"),
        (3.0, "https://me:secret@oaipmh.arxiv.org/oai"),
        (3.0, "https://oaipmh.arxiv.org/oai?verb=Identify"),
        (3.0, "https://oaipmh.arxiv.org:99999/oai"),
        (3.0, "http://[::1"),
    ],
)
def test_others_are_asked_politely_or_not_at_all(delay_s: float, url: str) -> None:
    with pytest.raises(InputError, match="can't fetch in this way"):
        checked_delay_s(delay_s, url)


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "deflate", "zstd"])
def test_what_is_packed_in_another_way_is_not_unpacked(
    time: Any, tmp_path: Path, coding: str
) -> None:
    """A few bytes packed twice unfold to gigabytes in one step, before a limit can count them."""
    answer = httpx.MockTransport(
        lambda _: httpx.Response(200, headers={"content-encoding": coding}, content=b"")
    )
    with (
        httpx.Client(transport=answer) as client,
        pytest.raises(SourceError, match=f"plain or in gzip, got '{coding}'"),
    ):
        fetching(client, time, tmp_path, tries=1).fetch("http://127.0.0.1/oai", text_of)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(InputError, match="HTTP_PROXY, HTTPS_PROXY, ALL_PROXY"):
        open_client("https://oaipmh.arxiv.org/oai", agent="tests", limits=FetchLimits())


def test_a_damaged_file_keeps_nobody_waiting(time: Any, tmp_path: Path) -> None:
    file = tmp_path / "polite"
    file.write_bytes(b"\xff\xfe")
    with RateLimiter(file, 3.0, time.clock, time.sleep).acquire():
        assert time.slept == []
    assert float(file.read_text()) == NOW.timestamp() + 3.0


def test_three_seconds_are_polite() -> None:
    assert checked_delay_s(3.0, "https://oaipmh.arxiv.org/oai") == 3.0
    assert not is_loopback("arxiv.org")
