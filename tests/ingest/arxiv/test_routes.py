"""The three routes of arXiv side by side, and our reading beside those of hepcrawl and of ADS."""

import json
import re
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

import defusedxml.ElementTree
import pytest

from graph.bundle.bundle import Bundle
from graph.model.vocabulary import Kind, Relation
from ingest.arxiv.api.atom import read_feed
from ingest.arxiv.api.query import read_entries
from ingest.arxiv.oai.arxivraw import read_records
from ingest.arxiv.oai.response import OaiRecord, read_response
from ingest.arxiv.paper.listing import Listing
from ingest.arxiv.paper.to_bundle import API, RAW, SNAPSHOT, bundle_of
from ingest.arxiv.snapshot.listing_line import read_value

DATA = Path(__file__).parents[1] / "data" / "arxiv"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
FORMAT = "{http://arxiv.org/OAI/arXiv/}"
DC = "{http://purl.org/dc/elements/1.1/}"
RAW_SPACE = "{http://arxiv.org/OAI/arXivRaw/}"


@pytest.fixture(scope="module")
def routes(
    arxiv: ModuleType, local_api: ModuleType, records: tuple[Any, ...]
) -> dict[str, dict[str, Bundle]]:
    """The records of every paper by route and id: OAI-PMH, the query API, the bulk file."""
    living = tuple(r for r in records if r.metadata is not None)
    page = arxiv.LocalArxiv(living, page_size=len(living)).answer(
        "verb=ListRecords&metadataPrefix=arXivRaw"
    )
    window = "submittedDate:[190001010000 TO 999912312359]"
    feed = local_api.feed(
        living, {"search_query": window, "start": "0", "max_results": str(len(living))}
    )
    raw = read_records(read_response(page.encode()).records)
    atom = read_entries(read_feed(feed.encode()).entries)
    assert (raw.refused, atom.refused) == ((), ())
    bulk = [read_value(bulk_line(record), record.id) for record in living]
    return {
        mapping: {listing.id: bundle_of(listing, mapping) for listing in listings}
        for mapping, listings in ((RAW, raw.listings), (API, atom.listings), (SNAPSHOT, bulk))
    }


def bulk_line(record: Any) -> dict[str, Any]:
    """The record as a line of the public bulk file."""
    root = defusedxml.ElementTree.fromstring(record.metadata)
    given = {child.tag.removeprefix(RAW_SPACE): child.text for child in root}
    versions = [
        {"version": v.get("version"), "created": v.findtext(f"{RAW_SPACE}date")}
        for v in root.findall(f"{RAW_SPACE}version")
    ]
    wanted = (
        *("id", "submitter", "authors", "title", "comments", "journal-ref", "doi", "report-no"),
        *("categories", "license", "abstract"),
    )
    return {key: given.get(key) for key in wanted} | {
        "versions": versions,
        "update_date": record.day,
    }


def described(bundle: Bundle, kind: Kind) -> dict[str, dict[str, Any]]:
    assert bundle.body
    return {node.id: dict(node.attributes) for node in bundle.body.nodes if node.kind is kind}


def related(bundle: Bundle, *relations: Relation) -> set[tuple[Any, ...]]:
    assert bundle.body
    return {
        (e.source, e.relation, e.target, json.dumps(dict(e.qualifiers), sort_keys=True))
        for e in bundle.body.edges
        if e.relation in relations
    }


SHAPE = (
    *(Relation.SPECIALIZATION_OF, Relation.WAS_DERIVED_FROM, Relation.HAS_SUBJECT),
    Relation.ALTERNATE_OF,
)
# The query API tells no submitter, licence or report number, and the authors one by one and not as a line.
ONLY_ELSEWHERE = {"submitter", "licence", "report_no", "msc_class", "acm_class", "proxy", "authors"}
# Only OAI-PMH tells the type of a version's source and the size, the surest evidence of a withdrawal.
EVIDENCE = {"withdrawn", "evidence"}


def test_all_routes_make_the_same_works_and_versions(
    routes: dict[str, dict[str, Bundle]],
) -> None:
    raw, api, bulk = routes[RAW], routes[API], routes[SNAPSHOT]
    assert len(raw) == 504
    assert set(raw) == set(api) == set(bulk)
    for name, bundle in raw.items():
        for other in (api[name], bulk[name]):
            assert set(described(other, Kind.WORK)) == set(described(bundle, Kind.WORK))
            assert set(described(other, Kind.VERSION)) == set(described(bundle, Kind.VERSION))
            assert related(other, *SHAPE) == related(bundle, *SHAPE)
            assert bundle.header
            assert other.header
            assert bundle.header.source
            assert other.header.source
            assert other.header.source.uri == bundle.header.source.uri, "one slot"


def test_all_routes_say_the_same_where_they_say_it(routes: dict[str, dict[str, Bundle]]) -> None:
    for name, bundle in routes[RAW].items():
        [work] = described(bundle, Kind.WORK).values()
        [by_api] = described(routes[API][name], Kind.WORK).values()
        [by_bulk] = described(routes[SNAPSHOT][name], Kind.WORK).values()
        assert without(by_api, EVIDENCE) == without(work, EVIDENCE | ONLY_ELSEWHERE)
        # The file's fields have no MSC and ACM classes.
        assert without(by_bulk, EVIDENCE) == without(
            work, EVIDENCE | {"msc_class", "acm_class", "proxy"}
        )
        versions = described(bundle, Kind.VERSION)
        for other, newest in ((API, (1, len(versions))), (SNAPSHOT, range(len(versions) + 1))):
            for version, told in described(routes[other][name], Kind.VERSION).items():
                wanted = {"number": told["number"]}
                if told["number"] in newest:
                    wanted["submitted"] = versions[version]["submitted"]
                assert without(told, EVIDENCE) == wanted


def without(attributes: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if key not in names}


def test_authors_are_the_same_where_they_are_printed_alike(
    routes: dict[str, dict[str, Bundle]],
) -> None:
    """The API prints `é` where the others print TeX's command for it, so those names have ids of their own."""
    alike = 0
    for name, bundle in routes[RAW].items():
        raw = related(bundle, Relation.WAS_ATTRIBUTED_TO)
        assert raw == related(routes[SNAPSHOT][name], Relation.WAS_ATTRIBUTED_TO)
        api = related(routes[API][name], Relation.WAS_ATTRIBUTED_TO)
        [work] = described(bundle, Kind.WORK).values()
        assert named(routes[API][name]) == named(bundle)
        if not re.search(r"[\\~]", work["authors"]):
            assert api == raw
            alike += 1
    assert alike > 400


@pytest.mark.parametrize("name", ["Zo\u00e9 X", "Zoe\u0301 X", "Zo\u00e9\u00a0X", "The\u2003Group"])
def test_a_name_served_alike_is_one_mention_by_every_route(name: str) -> None:
    """Of a name on a line, line breaks and runs of space are the line's."""
    fields = (
        *(("id", "0704.0001"), ("version", "v1"), ("date", "Mon, 2 Apr 2007 12:02:40 GMT")),
        *(("title", "x"), ("categories", "cs.AI"), ("authors", f"A. First,\n  {name} and B. Last")),
    )
    record = OaiRecord("oai:arXiv.org:0704.0001", "2007-05-01", False, True, fields, b"<record/>")
    [raw] = read_records((record,)).listings
    value = {"id": "0704.0001", "title": "x", "categories": "cs.AI"}
    of_line = read_value(value | {"authors": f"A. First,\n  {name} and B. Last\n"}, "line 1")
    of_array = read_value(value | {"authors": ["A. First", f" {name}\n", "B. Last"]}, "line 1")
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        "<opensearch:totalResults>1</opensearch:totalResults>"
        "<opensearch:startIndex>0</opensearch:startIndex><entry>"
        "<id>http://arxiv.org/abs/0704.0001v1</id><title>x</title><summary>y</summary>"
        "<published>2007-04-02T12:02:40Z</published><updated>2007-04-02T12:02:40Z</updated>"
        f"<author><name>A. First</name></author><author><name> {name}\n</name></author>"
        "<author><name>B. Last</name></author>"
        '<arxiv:primary_category term="cs.AI"/><category term="cs.AI"/></entry></feed>'
    )
    [atom] = read_entries(read_feed(feed.encode()).entries).listings
    made = [
        described(bundle_of(listing, mapping), Kind.MENTION)
        for listing, mapping in (
            *((raw, RAW), (atom, API)),
            *((of_line, SNAPSHOT), (of_array, SNAPSHOT)),
        )
    ]
    assert len(made[0]) == 3
    assert all(mentions == made[0] for mentions in made)


def named(bundle: Bundle) -> list[str]:
    return sorted(one["name"] for one in described(bundle, Kind.MENTION).values())


def test_what_is_withdrawn_by_its_comment_is_so_by_every_route(
    routes: dict[str, dict[str, Bundle]],
) -> None:
    found = {
        mapping: {
            name
            for name, bundle in bundles.items()
            if any("withdrawn" in one for one in described(bundle, Kind.WORK).values())
        }
        for mapping, bundles in routes.items()
    }
    assert found[API] == found[SNAPSHOT]
    assert found[API] <= found[RAW]
    assert len(found[RAW]) == 4


def test_the_richer_route_stands_where_the_days_are_equal(
    routes: dict[str, dict[str, Bundle]],
) -> None:
    headers = [routes[mapping]["0704.0001"].header for mapping in (SNAPSHOT, API, RAW)]
    sources = [header.source for header in headers if header and header.source]
    numbers = [source.mapping_number for source in sources]
    assert len(numbers) == 3
    assert all(one < other for one, other in pairwise(numbers))


def read_as_raw(record: Any) -> Listing:
    """A record of OAI-PMH's format `arXiv`, which hepcrawl reads, as arXivRaw would give it."""
    given = {
        child.tag.removeprefix(FORMAT): child.text or "" for child in record.iter() if child.text
    }
    names = [
        " ".join(
            part.text or ""
            for key in ("forenames", "keyname", "suffix")
            for part in author.findall(FORMAT + key)
        )
        for author in record.iter(f"{FORMAT}author")
    ]
    kept = ("title", "categories", "comments", "msc-class", "journal-ref", "doi", "license")
    parts = "".join(f"<{key}>{escape(given[key])}</{key}>" for key in kept if key in given)
    return _listing(
        record,
        f"<id>{given['id']}</id>{_version(given['created'])}{parts}"
        f"<authors>{escape(', '.join(names))}</authors><abstract>{escape(given['abstract'])}</abstract>",
    )


def _version(day: str) -> str:
    year, month, date = day.split("-")
    named = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][
        int(month) - 1
    ]
    return f'<version version="v1"><date>Mon, {date} {named} {year} 00:00:00 GMT</date></version>'


def _listing(record: Any, inside: str) -> Listing:
    identifier = record.findtext(f".//{OAI}identifier") or record.findtext(".//identifier")
    day = record.findtext(f".//{OAI}datestamp") or record.findtext(".//datestamp")
    page = (
        f'<OAI-PMH xmlns="{OAI[1:-1]}"><ListRecords><record><header><identifier>{identifier}</identifier>'
        f"<datestamp>{day}</datestamp></header><metadata>"
        f'<arXivRaw xmlns="{RAW_SPACE[1:-1]}">{inside}</arXivRaw></metadata></record></ListRecords></OAI-PMH>'
    )
    read = read_records(read_response(page.encode()).records)
    assert read.refused == ()
    [listing] = read.listings
    return listing


HEPCRAWL = [
    ("arxiv-single.xml", "arxiv_expected_single.json"),
    ("sample_arxiv_record10.xml", "sample_arxiv_record10_parsed.json"),
]


@pytest.mark.parametrize(("file", "parsed"), HEPCRAWL, ids=["1401.2122", "1606.04259"])
def test_hepcrawl_reads_the_same(file: str, parsed: str) -> None:
    found = json.loads((DATA / "hepcrawl" / parsed).read_text("utf-8"))[0]
    expected = found["results_data"][0] if "results_data" in found else found
    record = defusedxml.ElementTree.parse(DATA / "hepcrawl" / file).getroot()
    ours = read_as_raw(record)
    work = described(bundle_of(ours, RAW), Kind.WORK)[f"arxiv:{ours.id}"]
    assert work["title"] == expected["titles"][0]["title"]
    assert work["abstract"].replace("\n", " ") == expected["abstracts"][0]["value"], (
        "a paragraph is a line here, and theirs is one line"
    )
    # They keep the wrapping of a comment, here it is one line.
    assert work["comment"] == " ".join(expected["public_notes"][0]["value"].split())
    assert work["licence"] == expected["license"][0]["url"]
    assert work["date"] == expected["preprint_date"]
    assert ours.id == expected["arxiv_eprints"][0]["value"]
    assert list(ours.categories) == expected["arxiv_eprints"][0]["categories"]
    # They turn names round; here they stay as printed.
    turned = [" ".join(one["full_name"].split(", ")[::-1]) for one in expected["authors"]]
    assert [one.name for one in ours.names] == turned
    assert [ours.doi] == [one["value"] for one in expected.get("dois", [{"value": None}])]
    printed = [one["pubinfo_freetext"] for one in expected.get("publication_info", [])]
    assert [ours.journal_ref] == (printed or [None])


@pytest.mark.parametrize("name", ["0901_2443", "1711_04702", "math_0306266"])
def test_ads_reads_the_same(name: str) -> None:
    """ADS reads `oai_dc`, which has neither categories as codes nor versions: those are not compared."""
    expected = json.loads((DATA / "ads" / f"arxiv_{name}.expected.json").read_text("utf-8"))
    record = defusedxml.ElementTree.parse(DATA / "ads" / f"arxiv_{name}.xml").getroot()
    assert record is not None
    titles = [part.text or "" for part in record.iter(f"{DC}title")]
    creators = [part.text or "" for part in record.iter(f"{DC}creator")]
    words = [part.text or "" for part in record.iter(f"{DC}description")]
    day = min(part.text or "" for part in record.iter(f"{DC}date"))
    comments = [one.removeprefix("Comment: ") for one in words[1:]]
    ours = _listing(
        record,
        f"<id>{name.replace('_', '/' if name.startswith('math') else '.')}</id>{_version(day)}"
        f"<title>{escape(titles[0])}</title><categories>math.CO</categories>"
        f"<authors>{escape(', '.join(' '.join(one.split(', ')[::-1]) for one in creators))}</authors>"
        + "".join(f"<comments>{escape(one)}</comments>" for one in comments[:1])
        + f"<abstract>{escape(words[0])}</abstract>",
    )
    work = described(bundle_of(ours, RAW), Kind.WORK)[f"arxiv:{ours.id}"]
    assert work["title"] == expected["title"]["textEnglish"]
    assert work["abstract"].replace("\n", " ") == expected["abstract"]["textEnglish"]
    assert work["date"] == expected["pubDate"]["electrDate"]
    # They split names into parts; what was printed is `pubraw`, with the family name first.
    raws = [one["name"]["pubraw"] for one in expected["authors"]]
    assert [one.name for one in ours.names] == [" ".join(one.split(", ")[::-1]) for one in raws]
    texts = [one["commentText"].removeprefix("Comment: ") for one in expected.get("comments", [])]
    assert [work.get("comment")] == (texts[:1] or [None])
    identifiers = {one["Identifier"] for one in expected["publisherIDs"]}
    assert f"oai:arXiv.org:{ours.id}" in identifiers
