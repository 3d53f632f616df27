"""Laws that hold for whatever a source prints: a sound bundle comes out, or all that is wrong is said."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.bundle.bundle import read
from ingest.arxiv.oai.arxivraw import read_records
from ingest.arxiv.oai.response import OaiRecord
from ingest.arxiv.paper.listing import ListingError
from ingest.arxiv.paper.to_bundle import RAW, SNAPSHOT, bundle_of
from ingest.arxiv.snapshot.listing_line import read_value

PRINTED = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(
    alphabet="ab1\\'\"{}~$,;:()& .\n\u0301\u0338\u00a0\x00=<>", max_size=40
)
FIELDS = st.fixed_dictionaries(
    {
        "id": st.just("0704.0001"),
        "title": PRINTED.filter(str.strip),
        "authors": PRINTED.filter(str.strip),
        "categories": st.sampled_from(["cs.AI", "hep-th cs.AI", "cs.AI cs.AI", "nonsense!"]),
    },
    optional=dict.fromkeys(
        (
            *("comments", "abstract", "submitter", "journal-ref", "doi", "report-no"),
            *("msc-class", "acm-class", "license", "proxy", "unheard-of"),
        ),
        PRINTED,
    ),
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | PRINTED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PRINTED, inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    *("id", "title", "authors", "authors_parsed", "categories", "versions", "update_date", "doi"),
    *("abstract", "comments", "announced"),
)


@given(FIELDS)
def test_any_item_becomes_a_sound_bundle_or_is_refused(fields: dict[str, str]) -> None:
    given_fields = (
        ("version", "v1"),
        ("date", "Mon, 2 Apr 2007 12:02:40 GMT"),
        *fields.items(),
    )
    item = OaiRecord(
        "oai:arXiv.org:0704.0001", "2007-05-01", False, True, given_fields, b"<record/>"
    )
    page = read_records((item,))
    assert len(page.listings) + len(page.refused) == 1
    for listing in page.listings:
        bundle = bundle_of(listing, RAW)
        assert read(bundle.header_bytes, bundle.body_bytes, None) == bundle
        assert bundle_of(read_records((item,)).listings[0], RAW) == bundle


@given(st.dictionaries(st.sampled_from(KEYS), JSON) | JSON)
def test_any_value_becomes_a_sound_bundle_or_is_refused(value: Any) -> None:
    try:
        bundle = bundle_of(read_value(value, "line 1"), SNAPSHOT)
    except ListingError as error:
        assert error.faults
    else:
        assert read(bundle.header_bytes, bundle.body_bytes, None) == bundle


@given(st.dictionaries(st.sampled_from(KEYS[2:]), JSON))
def test_any_value_of_a_known_paper_does_too(value: dict[str, Any]) -> None:
    test = {"id": "0704.0001", "title": "Planted", **value}
    try:
        bundle = bundle_of(read_value(test, "line 1"), SNAPSHOT)
    except ListingError as error:
        assert error.faults
    else:
        assert read(bundle.header_bytes, bundle.body_bytes, None) == bundle
