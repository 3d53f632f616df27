"""OpenAlex works: from JSON to one value, and to records."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.bundle.bundle import Bundle
from graph.model.vocabulary import Relation
from ingest.formats.json_lines import JsonItem, json_value, read_items
from ingest.formats.mentions import mention_id
from ingest.openalex.parse import identity_of, work_from_json
from ingest.openalex.to_bundle import companions_of, work_bundle
from ingest.openalex.work import Work


def work(value: Any) -> Work:
    found, faults = work_from_json(value)
    assert not faults
    assert found
    return found


def edges(bundle: Bundle, relation: Relation) -> list[dict[str, Any]]:
    assert bundle.body
    return [edge.to_json() for edge in bundle.body.edges if edge.relation is relation]


def node(bundle: Bundle, identifier: str) -> dict[str, Any]:
    assert bundle.body
    return next(n.to_json() for n in bundle.body.nodes if n.id == identifier)


@pytest.fixture
def raw(data: Path) -> list[Any]:
    text = (data / "openalex" / "raw-sample.json").read_bytes()
    found = json_value(text)
    assert isinstance(found, list)
    return found


@pytest.fixture
def slim(data: Path) -> dict[str, Any]:
    items = list(read_items(data / "openalex" / "slice.jsonl"))
    return {item.value["id"]: item.value for item in items if isinstance(item, JsonItem)}


def test_a_work_as_served(raw: list[Any]) -> None:
    bundle = work_bundle(work(raw[2]))
    assert bundle.header
    assert bundle.header.source
    assert bundle.header.by == "source:openalex"
    assert bundle.header.at == "2023-03-13T05:35:06Z"
    assert bundle.header.source.uri == "openalex:W2063675303"
    assert bundle.header.source.mapping == "openalex-work/100"
    assert bundle.header.source.licence == "CC0-1.0"
    said = node(bundle, "openalex:W2063675303")
    abstract = said.pop("abstract")
    assert abstract.startswith("Estrogen and progesterone interact with monoamines in ways that")
    assert said == {
        "id": "openalex:W2063675303",
        "kind": "work",
        "title": "Differential subjective effects of d-amphetamine by gender, hormone levels and "
        "menstrual cycle phase",
        "year": 2002,
        "date": "2002-11-01",
        "work_type": "journal-article",
        "retracted": False,
        "venue": "Pharmacology, Biochemistry and Behavior",
    }
    assert edges(bundle, Relation.ALTERNATE_OF) == [
        {
            "from": "openalex:W2063675303",
            "rel": "alternateOf",
            "to": "doi:10.1016/s0091-3057(02)00818-3",
            "method": "stated by OpenAlex",
        }
    ]
    assert edges(bundle, Relation.PUBLISHED_IN) == [
        {"from": "openalex:W2063675303", "rel": "publishedIn", "to": "openalex:S59685179"}
    ]
    authors = sorted(
        edges(bundle, Relation.WAS_ATTRIBUTED_TO), key=lambda edge: int(edge["position"])
    )
    assert [edge["to"] for edge in authors] == [
        "openalex:A2578981161",
        "openalex:A2028176755",
        "openalex:A2216741411",
    ]
    assert authors[0]["affiliation"].startswith("Department of Psychiatry, MC3077")


def companions(of: Work) -> dict[str, Bundle]:
    return {companion.id: companion.to_record() for companion in companions_of(of)}


def test_an_author_a_concept_and_a_venue_have_records_of_their_own(raw: list[Any]) -> None:
    beside = companions(work(raw[2]))
    author = beside["openalex:A2578981161"]
    assert {bundle.header.at for bundle in beside.values() if bundle.header} == {
        "2023-03-13T05:35:06Z"
    }, "as of the work that says so"
    assert node(author, "openalex:A2578981161") == {
        "id": "openalex:A2578981161",
        "kind": "person",
        "name": "Tara L. White",
    }
    assert edges(author, Relation.ALTERNATE_OF)[0]["to"] == "orcid:0000-0003-3395-0136"
    concept = node(beside["openalex:C187785154"], "openalex:C187785154")
    assert concept == {
        "id": "openalex:C187785154",
        "kind": "concept",
        "name": "Follicular phase",
        "level": 2,
    }
    assert node(beside["openalex:S59685179"], "openalex:S59685179")["kind"] == "venue"


def test_titles_and_names_that_are_too_long_are_cut_at_a_space() -> None:
    long, short = "word " * 1000, "word " * 818 + "word"
    value = {
        "id": "W1",
        "title": long,
        "authorships": [{"author": {"id": "A1", "display_name": long}}, {"raw_author_name": long}],
        "topics": [{"id": "T1", "display_name": long}],
        "host_venue": {"id": "S1", "display_name": long},
    }
    found = work(value)
    bundle = work_bundle(found)
    said = node(bundle, "openalex:W1")
    assert (said["title"], said["cut"], said["venue"]) == (short, True, long.strip())
    mention = node(bundle, mention_id("openalex:W1", long))
    assert (mention["name"], mention["cut"]) == (short, True)
    for name, record in companions(found).items():
        assert (node(record, name)["name"], node(record, name)["cut"]) == (short, True)


def test_a_score_keeps_its_digits() -> None:
    scores = {
        "0.30": "0.30",
        "0.1000000000000000055511151231257827": "0.1000000000000000055511151231257827",
        "1e-7": "1e-7",
        "1.50E-05": "1.50e-5",
        "0": "0",
    }
    for served, text in scores.items():
        value = json_value(
            b'{"id": "W1", "concepts": [["Soil  Science", 1, %s]]}' % served.encode()
        )
        bundle = work_bundle(work(value))
        about = edges(bundle, Relation.HAS_SUBJECT)
        assert about == [
            {
                "from": "openalex:W1",
                "rel": "hasSubject",
                "to": "concept:openalex/soil-science",
                "score": text,
            }
        ]


def test_the_slim_form(slim: dict[str, Any]) -> None:
    bundle = work_bundle(work(slim["W4237923007"]))
    assert bundle.header
    assert bundle.header.at is None
    assert node(bundle, "openalex:W4237923007")["retracted"] is True
    assert all(edge["to"].startswith("openalex:W") for edge in edges(bundle, Relation.CITES))
    assert "title" not in node(work_bundle(work(slim["W1622422817"])), "openalex:W1622422817")


def test_an_author_without_an_id_is_a_name_on_the_work(slim: dict[str, Any]) -> None:
    bundle = work_bundle(work(slim["W2125158795"]))
    mention = mention_id("openalex:W2125158795", "M Mannelli")
    assert node(bundle, mention) == {"id": mention, "kind": "mention", "name": "M Mannelli"}
    first = next(e for e in edges(bundle, Relation.WAS_ATTRIBUTED_TO) if e["position"] == 1)
    assert first["to"] == mention


def test_two_authors_of_one_name_stay_two() -> None:
    names = ["Wei Li", " Wei Li ", "Wei  Li", "Zoe\u0301", "Zo\u00e9", "\ud800"]
    bundle = work_bundle(work({"id": "W1", "authors": [{"name": name} for name in names]}))
    subject = "openalex:W1"
    ids = [
        mention_id(subject, b"Wei Li"),
        mention_id(subject, b"Wei Li", 2),
        mention_id(subject, b"Wei  Li"),
        mention_id(subject, b"Zoe\xcc\x81"),
        mention_id(subject, b"Zo\xc3\xa9"),
        mention_id(subject, b"\xef\xbf\xbd"),
    ]
    found = edges(bundle, Relation.WAS_ATTRIBUTED_TO)
    assert {edge["position"]: edge["to"] for edge in found} == dict(enumerate(ids, start=1))
    shown = ["Wei Li", "Wei Li", "Wei Li", "Zo\u00e9", "Zo\u00e9", "\ufffd"]
    assert [node(bundle, name)["name"] for name in ids] == shown


@pytest.mark.parametrize(
    ("served", "identifier"),
    [
        ("https://doi.org/10.1000/ABC", "doi:10.1000/abc"),
        (
            "10.1002/(SICI)1097:15/16<1661::AID>3.0.CO;2-2",
            "doi:10.1002/(sici)1097:15/16<1661::aid>3.0.co;2-2",
        ),
        ("https://doi.org/10.1000/a%20b", "doi:10.1000/a%20b"),
        ("doi:10.1000/A%20b", "doi:10.1000/a%20b"),
        ("doi:10.1000/50%zz", "doi:10.1000/50%25zz"),
        ("https://doi.org/10.1000/Zo\u00e9", "doi:10.1000/zo%c3%a9"),
        ("https://doi.org/10.1000/Zoe\u0301", "doi:10.1000/zoe%cc%81"),
    ],
)
def test_a_doi_is_written_in_ascii(served: str, identifier: str) -> None:
    assert work({"id": "W1", "doi": served}).same_as == (identifier,)


def test_only_ascii_makes_an_id_of_a_concept_s_name() -> None:
    found, faults = work_from_json({"id": "W1", "concepts": [["\u212aelvin", 1, 1]]})
    assert found
    assert found.subjects == ()
    assert [fault.where for fault in faults] == ["concepts[0]"]


def test_an_author_whom_the_source_lists_twice_keeps_both_places(slim: dict[str, Any]) -> None:
    found = edges(work_bundle(work(slim["W2037148750"])), Relation.WAS_ATTRIBUTED_TO)
    assert len(found) == len(slim["W2037148750"]["authors"])
    assert len({edge["to"] for edge in found}) < len(found)


def test_a_wrong_orcid_is_dropped_and_named(slim: dict[str, Any]) -> None:
    found, faults = work_from_json(slim["W2045493117"])
    assert found
    assert [fault.where for fault in faults] == ["authors[1].orcid"]
    assert found.authors[1].id is not None
    assert found.authors[1].orcid is None


def test_an_arxiv_paper_is_the_same_as_its_arxiv_id() -> None:
    by_doi = work({"id": "W1", "doi": "https://doi.org/10.48550/arXiv.2512.05356"})
    assert by_doi.same_as == ("arxiv:2512.05356", "doi:10.48550/arxiv.2512.05356")
    address = "http://arxiv.org/abs/math.GT/0309136v2"
    by_address = work({"id": "W1", "locations": [{"landing_page_url": address}]})
    assert by_address.same_as == ("arxiv:math/0309136",)


def test_every_fault_of_a_work_is_named_and_the_rest_is_kept() -> None:
    value = {
        "id": "https://openalex.org/W1",
        "title": "Kept",
        "doi": "not a doi",
        "publication_date": "1999-13-01",
        "publication_year": -4,
        "updated_date": "yesterday",
        "is_retracted": "no",
        "authorships": [{"author": {"id": "W2", "display_name": "A"}}, "B", {"author": {}}],
        "concepts": [["no", 1], {"id": "C1"}, {"id": "C2", "display_name": "C", "score": "high"}],
        "referenced_works": ["W3", "X4", 5],
        "abstract_inverted_index": {"a": ["first"]},
    }
    found, faults = work_from_json(value)
    assert found
    assert found.title == "Kept"
    assert found.references == ("openalex:W3",)
    assert [fault.where for fault in faults] == [
        "updated_date",
        "abstract_inverted_index",
        "year",
        "date",
        "retracted",
        "doi",
        "authors[0].id",
        "authors[1]",
        "authors[2]",
        "concepts[0]",
        "concepts[1]",
        "concepts[2].score",
        "references[1]",
        "references[2]",
    ]


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["W1", "A5", "C9", "0.5"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "display_name", "name", "author", "orcid", "score", "level", "source"]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
_KEYS = (
    "title doi abstract abstract_inverted_index year date authors authorships concepts topics keywords "
    "references venue primary_location locations ids type retracted updated_date language"
)


@given(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["W1", "W", "x", None])},
        optional=dict.fromkeys(_KEYS.split(), _VALUES),
    )
    | _VALUES
)
def test_no_value_leads_to_anything_but_a_work_or_faults(value: Any) -> None:
    found, faults = work_from_json(json_value(json.dumps(value).encode()))
    assert found or faults
    assert (identity_of(value) is None) == (found is None)
    if found:
        assert work_bundle(found).id
        assert all(bundle.id for bundle in companions(found).values())
