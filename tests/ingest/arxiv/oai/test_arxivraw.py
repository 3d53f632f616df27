from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from ingest.arxiv.oai.arxivraw import read_record, read_records
from ingest.arxiv.oai.response import OaiRecord, read_response
from ingest.arxiv.paper.listing import ListedAuthor, ListedVersion, ListingError
from ingest.formats.timestamps import utc_of_rfc822


@pytest.fixture(scope="module")
def items(arxiv: ModuleType, records: tuple[Any, ...]) -> dict[str, OaiRecord]:
    body = arxiv.LocalArxiv(records, page_size=len(records)).answer(
        "verb=ListRecords&metadataPrefix=arXivRaw"
    )
    answer = read_response(body.encode())
    return {item.identifier.removeprefix("oai:arXiv.org:"): item for item in answer.records}


def with_fields(item: OaiRecord, **changed: str | None) -> OaiRecord:
    """The item with elements replaced, or left out where `None`."""
    kept = [(name, changed.get(name, text)) for name, text in item.fields]
    return replace(item, fields=tuple((name, text) for name, text in kept if text is not None))


def test_every_real_record_is_read(items: dict[str, OaiRecord]) -> None:
    page = read_records(tuple(items.values()))
    assert not page.refused
    assert len(page.listings) == 505
    assert sum(len(listing.versions) for listing in page.listings) == 802
    assert sum(listing.deleted for listing in page.listings) == 1
    assert all(listing.names for listing in page.listings if not listing.deleted)


def test_a_record_is_read_field_by_field(items: dict[str, OaiRecord]) -> None:
    listing = read_record(items["hep-th/9901001"])
    assert listing.id == "hep-th/9901001"
    assert listing.day == "2020-03-02"
    assert listing.title == r"A revision after twenty-one years, on $\'a$ and \'Etale"
    assert listing.names == (
        ListedAuthor(r"Erd\H{o}s P\'al", "Here"),
        ListedAuthor("J. Smith", "Here"),
        ListedAuthor("J. Smith", "There"),
        ListedAuthor("the XYZ Collaboration"),
    )
    assert listing.categories == ("hep-th", "cs.AI", "math.AG")
    assert listing.versions == (
        ListedVersion(1, "1999-01-01T00:00:01Z", "7kb", None),
        ListedVersion(2, "2020-02-29T23:59:59Z", "8kb", "D"),
    )
    assert listing.abstract == "Planted: one paragraph wrapped.\nAnd another."
    assert (listing.submitter, listing.report_no) == ("B. Planted", "PLANT-99-1")
    assert listing.licence == "http://creativecommons.org/licenses/by/4.0/"
    assert listing.doi == "10.1000/ABC, 10.1000/xyz(2)"
    assert listing.msc_class == "14A15"
    assert listing.acm_class is None, "the service prints the MSC class there"


def test_all_faults_are_told_at_once(items: dict[str, OaiRecord]) -> None:
    broken = with_fields(
        items["hep-th/9901001"], title=" ", authors=None, date="someday", categories="cs AI!"
    )
    with pytest.raises(ListingError) as error:
        read_record(
            replace(broken, datestamp="2020-13-01", identifier="oai:arXiv.org:hep-th/9901002")
        )
    assert [fault.where for fault in error.value.faults] == [
        "header.datestamp",
        "version v1.date",
        "version v2.date",
        "id",
        "title",
        "authors",
        "version",
        "categories",
    ]


def test_a_refused_record_is_named_by_place_reason_and_hash(items: dict[str, OaiRecord]) -> None:
    good, other = items["0704.0001"], items["0704.0002"]
    page = read_records((good, with_fields(other, title=None)))
    assert [listing.id for listing in page.listings] == ["0704.0001"]
    [refused] = page.refused
    assert refused.where == "oai:arXiv.org:0704.0002"
    assert refused.reason == "title: expected a text, got nothing"
    assert len(refused.sha256) == 64


def test_a_record_without_arxivraw_is_refused(items: dict[str, OaiRecord]) -> None:
    with pytest.raises(ListingError, match="an arXivRaw element"):
        read_record(replace(items["0704.0001"], raw=False, fields=()))


def test_versions_come_once_each(items: dict[str, OaiRecord]) -> None:
    item = items["hep-th/9901001"]
    doubled = tuple((name, "v1" if name == "version" else text) for name, text in item.fields)
    with pytest.raises(ListingError, match="each version once"):
        read_record(replace(item, fields=doubled))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Mon, 2 Apr 2007 12:02:40 GMT", "2007-04-02T12:02:40Z"),
        ("Sat, 29 Feb 2020 23:59:59 GMT", "2020-02-29T23:59:59Z"),
        ("2 Apr 2007 1:02:40", "2007-04-02T01:02:40Z"),
        ("Sat, 30 Feb 2020 23:59:59 GMT", None),
        ("Mon, 2 Apr 2007 12:02:40 EST", None),
        ("Mon, 2 April 2007 12:02:40 GMT", None),
        ("", None),
    ],
)
def test_times_are_read_or_refused(text: str, time: str | None) -> None:
    assert utc_of_rfc822(text) == time
