import contextlib
import hashlib
from types import ModuleType
from typing import Any
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import GraphError, SourceError
from ingest.arxiv.oai.list_page import page_of
from ingest.arxiv.oai.response import read_response
from ingest.arxiv.session.page import RecordPage
from ingest.http.client import HttpResponse

OAI = "{http://www.openarchives.org/OAI/2.0/}"
RAW = "{http://arxiv.org/OAI/arXivRaw/}"


@pytest.fixture(scope="module")
def page(arxiv: ModuleType, records: tuple[Any, ...]) -> bytes:
    """One answer with every record of the tests."""
    body = arxiv.LocalArxiv(records, page_size=len(records)).answer(
        "verb=ListRecords&metadataPrefix=arXivRaw"
    )
    return bytes(body.encode())


def texts(record: Element) -> list[tuple[str, str]]:
    found = []
    for element in record.iter():
        if element.tag == RAW + "version":
            found.append(("version", element.attrib["version"]))
        elif element.tag.startswith(RAW) and element.tag != RAW + "arXivRaw":
            found.append((element.tag.removeprefix(RAW), element.text or ""))
    return found


def test_it_reads_what_another_parser_reads(page: bytes) -> None:
    """`defusedxml` is the oracle: another parser of the same hardness."""
    expected = defusedxml.ElementTree.fromstring(page, forbid_dtd=True)
    answer = read_response(page)
    records = expected.findall(f"{OAI}ListRecords/{OAI}record")
    assert len(answer.records) == len(records) == 505
    for item, record in zip(answer.records, records, strict=True):
        assert item.identifier == record.findtext(f"{OAI}header/{OAI}identifier")
        assert item.datestamp == record.findtext(f"{OAI}header/{OAI}datestamp")
        assert list(item.fields) == texts(record)


def test_an_item_has_its_own_bytes(page: bytes) -> None:
    for item in read_response(page).records:
        assert item.data.startswith(b"<record>")
        assert item.data.endswith(b"</record>")
        assert page.count(item.data) == 1
        assert hashlib.sha256(item.data).hexdigest()


def test_deletions_errors_and_tokens_are_told(
    arxiv: ModuleType, records: tuple[Any, ...], page: bytes
) -> None:
    deleted = [item for item in read_response(page).records if item.deleted]
    assert [(item.identifier, item.raw) for item in deleted] == [("oai:arXiv.org:0704.9002", False)]
    refused = read_response(arxiv.error("badArgument", "a & b").encode())
    assert refused.errors == (("badArgument", "a & b"),)
    service = arxiv.LocalArxiv(records, page_size=100, announce=True)
    token = read_response(service.answer("verb=ListRecords&metadataPrefix=arXivRaw").encode()).token
    assert token is not None
    assert (token.size, token.cursor, token.expires) == (505, 0, "2999-01-01T00:00:00Z")
    assert token.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "expected well-formed XML, got nothing"),
        (b"Rate exceeded.", "got 'Rate exceeded.'"),
        (b"<html><body>Down", "got <html>"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "got <feed>"),
        (b"<OAI-PMH/>", "got <OAI-PMH>"),
        (
            b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"/>',
            "expected ListRecords or an error",
        ),
        (
            b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords/></OAI-PMH>',
            "expected at least one record",
        ),
        (
            b'<!DOCTYPE x [<!ENTITY a "aa">]><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"/>',
            "without a document type",
        ),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "without a document type"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read_response(data)


def test_a_page_cut_anywhere_is_refused(arxiv: ModuleType, records: tuple[Any, ...]) -> None:
    page = arxiv.LocalArxiv(records[:2]).answer("verb=ListRecords&metadataPrefix=arXivRaw").encode()
    for end in range(0, len(page.rstrip()), 7):
        with pytest.raises(SourceError):
            read_response(page[:end])


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=12))
def test_damage_is_either_harmless_or_said(position: int, damage: bytes) -> None:
    page = (
        b'<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record>'
        b"<header><identifier>oai:arXiv.org:0704.0001</identifier><datestamp>2007-05-01</datestamp></header>"
        b"</record></ListRecords></OAI-PMH>"
    )
    at = position % len(page)
    with contextlib.suppress(GraphError):
        read_response(page[:at] + damage + page[at + len(damage) :])


def answer_with(token: str, *, encoding: str = "UTF-8") -> bytes:
    head = f'<?xml version="1.0" encoding="{encoding}"?><OAI-PMH xmlns="{OAI[1:-1]}"><ListRecords>'
    return f"{head}<record/>{token}</ListRecords></OAI-PMH>".encode()


@pytest.mark.parametrize(
    "text", ["t" * 2001, "e&#x301;", "a&#x202e;b", "a&#9;b"], ids=["long", "not NFC", "bidi", "tab"]
)
def test_a_token_that_cannot_be_kept_is_refused(text: str) -> None:
    """It is asked with and stored: one too long for an address would be asked with for ever."""
    with pytest.raises(SourceError, match="expected a token of at most 2000"):
        read_response(answer_with(f"<resumptionToken>{text}</resumptionToken>"))


def test_what_is_odd_beside_a_token_is_passed_over() -> None:
    given = f'expirationDate="e&#x301;" completeListSize="{"9" * 5000}" cursor="-1"'
    token = read_response(answer_with(f"<resumptionToken {given}>x</resumptionToken>")).token
    assert token is not None
    assert (token.text, token.expires, token.size, token.cursor) == ("x", None, None, None)


def test_an_encoding_that_is_none_is_refused() -> None:
    with pytest.raises(SourceError, match="unknown encoding: x-nope"):
        read_response(answer_with("", encoding="x-nope"))


@pytest.mark.parametrize("encoding", ["gb2312", "utf_16_le", "utf_7", "idna", "undefined"])
def test_an_encoding_that_expat_lacks_is_refused(encoding: str) -> None:
    with pytest.raises(SourceError, match="expected XML in UTF-8"):
        read_response(answer_with("", encoding=encoding))


ITEM = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header>
<identifier>oai:arXiv.org:math.GT/0309136</identifier><datestamp>{day}</datestamp></header><metadata>
<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>math/0309136</id><version version="v1">
<date>Mon, 8 Sep 2003 10:00:00 GMT</date></version><title>{title}</title><authors>A. Planted</authors>
<categories>math.GT</categories>{more}</arXivRaw></metadata></record></ListRecords></OAI-PMH>"""


def one_page(title: str = "On knots", more: str = "", day: str = "2003-09-08") -> RecordPage:
    data = ITEM.format(title=title, more=more, day=day).encode()
    fetched = HttpResponse("http://127.0.0.1/oai", "text/xml", data)
    found = page_of(fetched, resumed=False, latest="2026-11-21T00:00:00Z")
    assert found
    return found.page


def test_a_text_that_is_broken_up_is_refused_and_not_cut() -> None:
    found = one_page("On <sub>2</sub> knots")
    assert found.records == ()
    assert [one.reason for one in found.refused] == [
        "title: expected text alone, got an element in it"
    ]
    plain = one_page("On <!-- c --><![CDATA[kno]]>ts &amp; more").records[0]
    assert plain.body
    assert plain.body.nodes[0].attributes["title"] == "On knots & more"


def test_what_a_later_form_of_the_format_holds_is_passed_over() -> None:
    known, more = one_page(), one_page(more="<orcids><orcid of='1'>x</orcid></orcids><new>y</new>")
    assert more.refused == ()
    assert more.records == known.records


def test_a_refused_record_is_kept_with_its_bytes_whatever_its_id_is_called() -> None:
    """Old ids are listed with a subject class, which the canonical one leaves out."""
    [refused] = one_page(day="2999-01-01").refused
    assert refused.where == "oai:arXiv.org:math/0309136"
    assert refused.data.startswith(b"<record>")
    assert refused.sha256 == hashlib.sha256(refused.data).hexdigest()
