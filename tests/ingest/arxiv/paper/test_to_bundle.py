import dataclasses
import hashlib
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from graph.bundle.body import body_to_json
from graph.bundle.bundle import Bundle, read
from graph.model.model import RecordSource
from ingest.arxiv.oai.arxivraw import read_records
from ingest.arxiv.oai.response import read_response
from ingest.arxiv.paper.listing import ListedAuthor, Listing, ListingError
from ingest.arxiv.paper.to_bundle import (
    RAW,
    SNAPSHOT,
    bundle_of,
    category_bundle,
    draft_of,
    newer_record,
)


@pytest.fixture(scope="module")
def listings(arxiv: ModuleType, records: tuple[Any, ...]) -> dict[str, Listing]:
    body = arxiv.LocalArxiv(records, page_size=len(records)).answer(
        "verb=ListRecords&metadataPrefix=arXivRaw"
    )
    return {
        listing.id: listing
        for listing in read_records(read_response(body.encode()).records).listings
    }


def nodes(bundle: Bundle) -> dict[str, dict[str, Any]]:
    assert bundle.body
    return {node.id: dict(node.attributes) for node in bundle.body.nodes}


def edges(bundle: Bundle) -> list[tuple[str, str, str, dict[str, Any]]]:
    assert bundle.body
    return [(e.source, e.relation.value, e.target, dict(e.qualifiers)) for e in bundle.body.edges]


def mention(work: str, name: str, tail: str = "") -> str:
    return f"mention:{work}/{hashlib.sha256(name.encode()).hexdigest()}{tail}"


def test_the_slot_is_the_paper_and_the_day_decides(listings: dict[str, Listing]) -> None:
    header = bundle_of(listings["hep-th/9901001"], RAW).header
    assert header
    assert header.by == "source:arxiv"
    assert header.at == "2020-03-02T00:00:00Z"
    assert header.source == RecordSource("arxiv:hep-th/9901001", "arxiv-raw/300", "CC0-1.0")


def test_an_old_id_loses_its_subject_class(listings: dict[str, Listing]) -> None:
    bundle = bundle_of(listings["math/0309136"], RAW)
    assert bundle.header
    assert bundle.header.source
    assert bundle.header.source.uri == "arxiv:math/0309136"
    assert set(nodes(bundle)) >= {"arxiv:math/0309136", "arxiv:math/0309136v1"}


def test_a_record_says_exactly_this(listings: dict[str, Listing]) -> None:
    bundle = bundle_of(listings["hep-th/9901001"], RAW)
    work = "arxiv:hep-th/9901001"
    pal, smith, group = r"Erd\H{o}s P\'al", "J. Smith", "the XYZ Collaboration"
    assert nodes(bundle) == {
        work: {
            "title": r"A revision after twenty-one years, on $\'a$ and Étale",
            "raw_title": r"A revision after twenty-one years, on $\'a$ and \'Etale",
            "abstract": "Planted: one paragraph wrapped.\nAnd another.",
            "authors": r"Erd\H{o}s P\'al, J. Smith (1), J. Smith (2), the XYZ Collaboration ((1) Here, (2) There)",
            "comment": "3 pages; v1 was withdrawn from the Journal of Made Up Results",
            "journal_ref": "J. Made Up Results 1 (1999) 2",
            "report_no": "PLANT-99-1",
            "msc_class": "14A15",
            "licence": "http://creativecommons.org/licenses/by/4.0/",
            "submitter": "B. Planted",
            "date": "1999-01-01",
        },
        f"{work}v1": {"number": 1, "submitted": "1999-01-01T00:00:01Z", "size": "7kb"},
        f"{work}v2": {
            "number": 2,
            "submitted": "2020-02-29T23:59:59Z",
            "size": "8kb",
            "source_type": "D",
        },
        mention(work, pal): {"name": "Erdős Pál"},
        mention(work, smith): {"name": smith},
        mention(work, smith, ".2"): {"name": smith},
        mention(work, group): {"name": group, "agent": "organization"},
    }
    expected = [
        (
            work,
            "wasAttributedTo",
            mention(work, pal),
            {"position": 1, "affiliation": "Here", "name": pal},
        ),
        (work, "wasAttributedTo", mention(work, smith), {"position": 2, "affiliation": "Here"}),
        (
            work,
            "wasAttributedTo",
            mention(work, smith, ".2"),
            {"position": 3, "affiliation": "There"},
        ),
        (work, "wasAttributedTo", mention(work, group), {"position": 4}),
        (work, "hasSubject", "concept:arxiv/hep-th", {"primary": True}),
        (work, "hasSubject", "concept:arxiv/cs.AI", {}),
        (work, "hasSubject", "concept:arxiv/math.AG", {}),
        (
            work,
            "alternateOf",
            "doi:10.1000/abc",
            {"method": "stated by arXiv", "text": "10.1000/ABC"},
        ),
        (work, "alternateOf", "doi:10.1000/xyz(2)", {"method": "stated by arXiv"}),
        (f"{work}v1", "specializationOf", work, {}),
        (f"{work}v2", "specializationOf", work, {}),
        (f"{work}v2", "wasDerivedFrom", f"{work}v1", {"subtype": "revision"}),
    ]
    found = edges(bundle)
    assert len(found) == len(expected)
    assert all(edge in found for edge in expected)


def test_a_withdrawal_is_on_its_version_and_on_the_work_while_newest(
    listings: dict[str, Listing],
) -> None:
    gone = nodes(bundle_of(listings["0704.0480"], RAW))
    evidence = "source type I; comment: paper withdrawn by author"
    assert "withdrawn" not in gone["arxiv:0704.0480v1"]
    assert (gone["arxiv:0704.0480v2"]["withdrawn"], gone["arxiv:0704.0480v2"]["evidence"]) == (
        True,
        evidence,
    )
    assert (gone["arxiv:0704.0480"]["withdrawn"], gone["arxiv:0704.0480"]["evidence"]) == (
        True,
        evidence,
    )
    back = nodes(bundle_of(listings["0704.0063"], RAW))
    assert back["arxiv:0704.0063v3"]["evidence"] == "source type I"
    assert "withdrawn" not in back["arxiv:0704.0063"]
    assert "withdrawn" not in back["arxiv:0704.0063v4"]
    small = nodes(bundle_of(listings["0704.9001"], RAW))
    assert [key for key, said in small.items() if "withdrawn" in said] == ["arxiv:0704.9001v2"]


def test_exactly_the_withdrawn_papers_are_withdrawn(listings: dict[str, Listing]) -> None:
    found = {
        listing.id
        for listing in listings.values()
        if nodes(bundle_of(listing, RAW))[f"arxiv:{listing.id}"].get("withdrawn")
    }
    assert found == {"0704.0156", "0704.0213", "0704.0374", "0704.0480"}


def test_a_deletion_says_that_and_no_more(listings: dict[str, Listing]) -> None:
    bundle = bundle_of(listings["0704.9002"], RAW)
    assert (
        bundle.body_bytes
        == b'{"nodes":[{"deleted":true,"id":"arxiv:0704.9002","kind":"work"}],"words":1}'
    )
    assert bundle.header
    assert bundle.header.at == "2007-07-01T00:00:00Z"


def test_a_doi_that_is_none_stays_text(listings: dict[str, Listing]) -> None:
    bundle = bundle_of(listings["0704.9003"], RAW)
    assert nodes(bundle)["arxiv:0704.9003"]["doi"] == "to appear"
    assert "alternateOf" not in [relation for _, relation, _, _ in edges(bundle)]


def test_a_category_is_a_record_of_its_own_without_a_date() -> None:
    bundle = category_bundle("cs.AI")
    assert bundle.header
    assert (bundle.header.at, bundle.header.source) == (
        None,
        RecordSource("concept:arxiv/cs.AI", "arxiv-category/51", "CC0-1.0"),
    )
    assert nodes(bundle) == {
        "concept:arxiv/cs.AI": {
            "title": "Artificial Intelligence (cs.AI)",
            "name": "Artificial Intelligence",
            "code": "cs.AI",
        }
    }


def test_a_category_without_a_name_in_the_taxonomy_stands_for_itself() -> None:
    identifier = "concept:arxiv/cs.ZZ"
    assert nodes(category_bundle("cs.ZZ")) == {identifier: {"name": "cs.ZZ", "code": "cs.ZZ"}}


def test_the_same_listing_is_the_same_bundle_and_every_one_is_sound(
    listings: dict[str, Listing],
) -> None:
    for listing in listings.values():
        bundle = bundle_of(listing, RAW)
        assert bundle_of(replace(listing), RAW).id == bundle.id
        assert read(bundle.header_bytes, bundle.body_bytes, None) == bundle


def test_a_draft_is_what_it_becomes(listings: dict[str, Listing]) -> None:
    for listing in listings.values():
        draft = draft_of(listing, RAW)
        known, judged = draft.to_admitted_record(), draft.validate()
        assert dataclasses.replace(known, body=judged.body) == judged
        assert known.body
        assert judged.body
        assert body_to_json(known.body) == body_to_json(judged.body)


def test_both_routes_say_the_same_where_they_know_the_same(listings: dict[str, Listing]) -> None:
    listing = listings["0704.0001"]
    raw, snapshot = bundle_of(listing, RAW), bundle_of(listing, SNAPSHOT)
    assert raw.body_bytes == snapshot.body_bytes
    assert raw.id != snapshot.id


def test_what_is_dated_too_far_ahead_is_refused(listings: dict[str, Listing]) -> None:
    with pytest.raises(ListingError, match="at most a day ahead"):
        bundle_of(
            replace(listings["0704.0001"], day="2026-11-22"), RAW, latest="2026-11-21T12:00:00Z"
        )


def test_a_listing_that_makes_no_bundle_is_refused_with_all_faults() -> None:
    with pytest.raises(ListingError, match=r"belongs|identifier"):
        bundle_of(Listing(id="nonsense", day="2007-04-02", title="x"), RAW)


def test_the_later_of_two_records_stands(listings: dict[str, Listing]) -> None:
    early = bundle_of(listings["0704.0001"], RAW)
    late = bundle_of(replace(listings["0704.0001"], day="2026-01-01"), RAW)
    assert newer_record(None, early) == early
    assert newer_record(early, late) == newer_record(late, early) == late


def of_names(*names: str, title: str = "x") -> Bundle:
    return bundle_of(
        Listing("0704.0001", "2007-04-02", title=title, names=tuple(map(ListedAuthor, names))), RAW
    )


@pytest.mark.parametrize(
    ("served", "shown"),
    [
        ("Zo\u00e9 X", "Zo\u00e9 X"),
        ("Zoe\u0301 X", "Zo\u00e9 X"),
        (r"Zo\'e X", "Zo\u00e9 X"),
        ("A\u00a0X", "A X"),
        ("A\n  X", "A X"),
        ("A\x96 X", "A X"),
        ("~A~X", "A X"),
        ("~", "~"),
    ],
)
def test_a_mention_is_the_octets_served_and_shows_a_clean_name(served: str, shown: str) -> None:
    bundle = of_names(served)
    identifier = mention("arxiv:0704.0001", served)
    assert nodes(bundle)[identifier] == {"name": shown}
    [(_, _, target, qualifiers)] = edges(bundle)
    assert target == identifier
    # The name as served stands beside the shown one, so that the id can be checked.
    assert qualifiers.get("name", shown) == served


def test_what_no_text_may_hold_is_left_out_of_the_texts() -> None:
    bundle = of_names("A\0\ud800")
    identifier = mention("arxiv:0704.0001", "A\0\ufffd")
    assert nodes(bundle)[identifier] == {"name": "A\ufffd"}


def test_a_long_title_is_cut_at_a_space_and_kept_as_printed() -> None:
    title = "word " * 1000 + "end"
    work = nodes(of_names("A", title=title))["arxiv:0704.0001"]
    assert work == {"title": ("word " * 819).strip(), "cut": True, "raw_title": title}


@pytest.mark.parametrize(
    ("served", "shown"),
    [
        ("a" * 4096, "a" * 4096),
        ("a" * 4097, "a" * 4096),
        ("\u00e9" * 2049, "\u00e9" * 2048),
        ("~" + "a" * 5000, "a" * 4096),
        ("The " + "a" * 5000, "The"),
    ],
)
def test_a_long_name_is_cut_and_its_mention_is_not(served: str, shown: str) -> None:
    bundle = of_names(served)
    cut = {"cut": True} if served != shown else {}
    assert nodes(bundle)[mention("arxiv:0704.0001", served)] == {"name": shown, **cut}
    [(_, _, _, qualifiers)] = edges(bundle)
    assert qualifiers.get("name", shown) == served
