"""The query API's answers: real ones, damaged ones, and the `arxiv` package's own reading of them."""

import contextlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import arxiv as package
import pytest
from arxiv import Client, _feed
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import GraphError, RefusedError, SourceError
from ingest.arxiv.api.atom import read_feed
from ingest.arxiv.api.query import address_of, listing_of, read_entries, window_query
from ingest.arxiv.api.window_page import window_page_of
from ingest.arxiv.paper.listing import ListedVersion, Listing
from ingest.arxiv.paper.to_bundle import API, bundle_of
from ingest.http.client import HttpResponse

CAPTURES = Path(__file__).parents[2] / "data" / "arxiv" / "atom"
INDEX = json.loads((CAPTURES / "index.json").read_text("utf-8"))
LATEST = "2026-11-21T12:00:00Z"
ERROR = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
    "<opensearch:totalResults>1</opensearch:totalResults><opensearch:startIndex>0</opensearch:startIndex>"
    "<entry><id>http://arxiv.org/api/errors#{fault}</id><title>Error</title><summary>{words}</summary>"
    "<updated>2026-11-20T00:00:00Z</updated><published>2026-11-20T00:00:00Z</published>"
    "<author><name>arXiv api core</name></author></entry></feed>"
)


def capture(name: str) -> bytes:
    return next(CAPTURES.glob(f"{name}*.atom.xml")).read_bytes()


def fetched(data: bytes, media_type: str = "application/atom+xml") -> HttpResponse:
    return HttpResponse("http://127.0.0.1/api/query?x", media_type, data)


def listings(data: bytes) -> tuple[Listing, ...]:
    read = read_entries(read_feed(data).entries)
    assert read.refused == ()
    return read.listings


def test_every_capture_is_in_the_index() -> None:
    assert {one["file"] for one in INDEX} == {file.name for file in CAPTURES.glob("*.xml")}


@pytest.mark.parametrize("one", INDEX, ids=lambda one: one["file"][:24])
def test_a_real_answer_has_the_counts_of_its_index(one: dict[str, Any]) -> None:
    data = (CAPTURES / one["file"]).read_bytes()
    feed = read_feed(data)
    assert (len(feed.entries), feed.total) == (one["entries"], int(one["totalResults"]))
    assert feed.errors == ()
    asked = parse_qs(urlsplit(one["url"]).query)
    assert feed.start == int(asked["start"][0])
    assert len(listings(data)) == one["entries"]
    for listing in listings(data):
        assert bundle_of(listing, API, latest=LATEST).header


@pytest.mark.parametrize("one", INDEX, ids=lambda one: one["file"][:24])
def test_it_reads_what_the_package_reads(one: dict[str, Any]) -> None:
    """The package's own parser is the oracle: where nothing is broken, both see the same papers."""
    data = (CAPTURES / one["file"]).read_bytes()
    theirs = tuple(listing_of(result, "x") for result in _feed.parse(data).results)
    assert listings(data) == theirs


def test_a_paper_is_told_exactly_so() -> None:
    [found] = listings(capture("id_astro"))
    assert (found.id, found.day) == ("astro-ph/0601001", "2006-01-02")
    assert found.title is not None
    assert found.title.startswith("Frequency of Hot Jupiters and Very Hot Jupiters")
    assert [name.name for name in found.names][2:] == ["B. Scott Gaudi", "Andrzej Udalski"]
    assert found.names[3].affiliation == "Warsaw University Observatory"
    assert found.versions == (ListedVersion(1, "2006-01-02T14:57:58Z"),)
    assert found.categories == ("astro-ph",)
    assert found.journal_ref == "ActaAstron.56:1-50,2006"
    assert (found.doi, found.licence, found.submitter, found.announced) == (None,) * 4
    assert found.abstract is not None
    assert found.abstract.startswith("We derive the frequencies")
    header = bundle_of(found, API).header
    assert header
    assert header.source
    assert header.at == "2006-01-02T00:00:00Z"
    assert header.source.uri == "arxiv:astro-ph/0601001"
    assert header.source.mapping == "arxiv-api/200"


def test_of_several_versions_the_first_and_the_newest_are_dated() -> None:
    found = next(one for one in listings(capture("q_testing_s10")) if one.id == "2403.16981")
    dates = [version.submitted for version in found.versions]
    assert [version.number for version in found.versions] == [1, 2]
    assert dates[0] is not None
    assert dates[1] is not None
    assert dates[0] < dates[1]
    assert dates[1][:10] == found.day
    data = capture("q_testing_s10").replace(b"abs/2403.16981v2", b"abs/2403.16981v4")
    found = next(one for one in listings(data) if one.id == "2403.16981")
    given = [version.submitted for version in found.versions]
    assert given == [dates[0], None, None, dates[1]]


def test_the_primary_category_is_the_first_and_classes_are_no_categories() -> None:
    data = re.sub(
        rb"<arxiv:primary_category[^>]*>",
        b'<category term="I.2.7; 68T50"/><arxiv:primary_category term="cs.CL"/>',
        capture("id_1605"),
    )
    [found] = listings(data)
    assert found.categories == ("cs.CL", "math.CO", "math.ST", "stat.TH")[: len(found.categories)]
    assert (found.acm_class, found.msc_class) == ("I.2.7", "68T50")


@pytest.mark.parametrize(
    ("fault", "words", "kind"),
    [
        ("incorrect_id_format_for_abc", "incorrect id format for abc", RefusedError),
        ("start_must_be_non-negative", "start must be non-negative", RefusedError),
        ("", "internal error", SourceError),
    ],
)
def test_an_error_entry_is_an_error_and_never_a_paper(
    fault: str, words: str, kind: type[Exception]
) -> None:
    data = ERROR.format(fault=fault, words=words).encode()
    assert read_feed(data).entries == ()
    with pytest.raises(kind, match=words) as told:
        window_page_of(fetched(data), size=10, latest=LATEST)
    assert type(told.value) is kind
    # What the package makes of it: a paper.
    assert [r.title for r in _feed.parse(data).results] == ["Error"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("<updated>2006-01-02T14:57:58Z", "<updated>2006-01-02", "updated: expected a time"),
        ("<published>2006-01-02T14", "<published>2006-02-30T14", "published: expected a time"),
        ("abs/astro-ph/0601001v1", "abs/astro-ph/0601001", "id: expected one like http"),
        ("abs/astro-ph/0601001v1", "abs/nowhere/1v1", "id: expected one like http"),
        ("abs/astro-ph/0601001v1", "abs/astro-ph/0601001v99999", "id: expected one like http"),
        ("abs/astro-ph/0601001v1", "abs/astro-ph/0601001v0", "id: expected one like http"),
        ("<title>Frequency", "<heading>Frequency", None),
        ('term="astro-ph"', 'term="biology"', "category: expected a code like cs.AI"),
        ("<title>Frequency", "<title><b>Low</b> frequency", "title: expected text alone"),
        ("<name>Andrzej", "<name><b>A.</b>", "name: expected text alone"),
    ],
)
def test_a_malformed_entry_is_refused_with_its_reason(
    before: str, after: str, words: str | None
) -> None:
    data = capture("id_astro").decode().replace(before, after)
    if words is None:  # an element that doesn't close
        with pytest.raises(SourceError, match="well-formed"):
            read_feed(data.encode())
        return
    page = window_page_of(fetched(data.encode()), size=10, latest=LATEST)
    [refused] = page.page.refused
    assert words in refused.reason
    assert refused.data.startswith(b"<entry>")
    assert refused.data.endswith(b"</entry>")
    assert (page.total, page.received, page.page.records) == (1, 1, ())


def test_all_that_is_wrong_with_an_entry_is_said_at_once() -> None:
    data = capture("id_astro").decode()
    data = re.sub(r"<author>.*?</author>", "", data, flags=re.DOTALL)
    data = re.sub(r"(<entry>.*?)<title>.*?</title>", r"\1<title> </title>", data, flags=re.DOTALL)
    [refused] = read_entries(read_feed(data.encode()).entries).refused
    assert (
        refused.reason
        == "title: expected a text, got nothing; author: expected a text, got nothing"
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "expected well-formed XML, got nothing"),
        (b"Rate exceeded.", "got 'Rate exceeded.'"),
        (b"<html><body>Down", "got <html>"),
        (b"<feed/>", "got <feed>"),
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"/>',
            "expected a number in totalResults, got ''",
        ),
        (b'<!DOCTYPE x [<!ENTITY a "aa">]><feed/>', "without a document type"),
        (b'<?xml version="1.0" encoding="x-no"?><feed/>', "unknown encoding"),
        (b'<?xml version="1.0" encoding="gb2312"?><feed/>', "expected XML in UTF-8"),
        (b'<?xml version="1.0" encoding="undefined"?><feed/>', "expected XML in UTF-8"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">' + b"<a>" * 20, "elements in one another"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read_feed(data)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (b"startIndex>0<", b"startIndex>7<", "from entry 0 on, got it from 7"),
        (b"totalResults>1<", b"totalResults>0<", "expected the 0 papers announced, got 1"),
        (b"totalResults>1<", b"totalResults>-1<", "expected a number in totalResults"),
    ],
)
def test_a_page_that_contradicts_itself_is_refused(before: bytes, after: bytes, words: str) -> None:
    data = capture("id_astro").replace(before, after)
    with pytest.raises(SourceError, match=words):
        window_page_of(fetched(data), size=10, latest=LATEST)


def test_more_than_was_asked_for_is_refused() -> None:
    with pytest.raises(SourceError, match="expected at most 9 entries, got 10"):
        window_page_of(
            fetched(capture("q_testing_s0_m10_").replace(b"Index>10<", b"Index>0<")),
            size=9,
            latest=LATEST,
        )


def test_a_web_page_is_no_empty_answer() -> None:
    with pytest.raises(SourceError, match=r"expected text/xml, got text/html: '<html>"):
        window_page_of(fetched(b"<html>", "text/html"), size=10, latest=LATEST)


def test_a_page_cut_anywhere_is_refused() -> None:
    data = capture("id_astro").rstrip()
    for end in range(0, len(data), 31):
        with pytest.raises(SourceError):
            read_feed(data[:end])


def test_queries_are_those_of_the_package() -> None:
    start, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, 12, 30, tzinfo=UTC)
    search = window_query(("cs.AI", "math"), start, end)
    assert isinstance(search, package.Search)
    assert search.query == (
        "(cat:cs.AI OR cat:math OR cat:math.*) AND submittedDate:[202611010000 TO 202611021230]"
    )
    ours = parse_qs(
        urlsplit(address_of(search, "https://export.arxiv.org/api/query", size=50)).query
    )
    theirs = parse_qs(urlsplit(Client()._format_url(search, 0, 50)).query)
    assert ours == theirs


DAMAGED = capture("id_astro")


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=12))
def test_damage_is_either_harmless_or_said(position: int, damage: bytes) -> None:
    at = position % len(DAMAGED)
    with contextlib.suppress(GraphError):
        data = DAMAGED[:at] + damage + DAMAGED[at + len(damage) :]
        window_page_of(fetched(data), size=10, latest=LATEST)


TEXTS = st.text(max_size=40)


@given(
    st.sampled_from(["id", "updated", "published", "title", "summary", "comment", "doi", "name"]),
    TEXTS,
)
def test_any_text_in_any_element_is_taken_or_refused(element: str, text: str) -> None:
    """Only what is declared is raised, and what is taken makes a bundle that holds."""
    from xml.sax.saxutils import escape

    pattern = rf"(<entry>.*?<(?:arxiv:)?{element}>)(.*?)(</(?:arxiv:)?{element}>)"
    whole = DAMAGED.decode()
    data = re.sub(pattern, lambda m: m[1] + escape(text) + m[3], whole, count=1, flags=re.DOTALL)
    with contextlib.suppress(GraphError, UnicodeEncodeError):
        page = window_page_of(fetched(data.encode()), size=10, latest=LATEST)
        assert len(page.page.records) + len(page.page.refused) == 1


def test_the_local_api_answers_as_the_real_one(local_api: ModuleType, few: tuple[Any, ...]) -> None:
    asked = {
        "search_query": "submittedDate:[190001010000 TO 999912312359]",
        "start": "0",
        "max_results": "99",
    }
    found = listings(local_api.feed(few, asked).encode())
    assert {one.id.replace("math.GT/", "math/") for one in found} == {
        r.id.replace("math.GT/", "math/") for r in few if r.metadata is not None
    }
