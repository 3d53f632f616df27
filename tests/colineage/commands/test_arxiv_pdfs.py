"""`ingest arxiv --pdf` as it is typed, at a local arXiv: what is fetched, read, left, and told."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.arxiv.local_api import feed
from tests.ingest.arxiv.local_arxiv import LocalArxiv, read_records
from tests.ingest.arxiv.local_pdfs import DAMAGED, LocalPdfs, pdfs_of

Type = Callable[..., Any]
DATA = Path(__file__).parents[2] / "ingest" / "data" / "arxiv" / "planted"
RECORDS = read_records(DATA)
NEWEST = ["0704.9001v3", "0704.9003v1", "hep-th/9901001v2", "math/0309136v1"]


@pytest.fixture
def pdfs() -> LocalPdfs:
    return LocalPdfs(pdfs_of(RECORDS))


@pytest.fixture
def arxiv(pdfs: LocalPdfs) -> Iterator[LocalArxiv]:
    service = LocalArxiv(RECORDS, page_size=3, api=feed, pdfs=pdfs)
    yield service
    service.stop()


@pytest.fixture
def asking(arxiv: LocalArxiv, place: Path) -> dict[str, tuple[str, ...]]:
    """The words for each route, as far as `--pdf`."""
    listing = {
        "id": "0704.9003", "title": "On sheep", "abstract": "Sheep.", "categories": "cs.AI",
        "authors": "A. Author", "update_date": "2007-04-02",
        "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
    }  # fmt: skip
    (place / "papers.jsonl").write_text(json.dumps(listing) + "\n")
    url = arxiv.start()
    common = ("ingest", "arxiv", "--delay", "0", "--pdf-url", url.replace("/oai", "/pdf"))
    live = (*common, "--since", "1990-01-01", "--base-url")
    return {
        "oai": (*live, url),
        "api": (*live, url.replace("/oai", "/api/query"), "--via", "api"),
        "snapshot": (*common, "--snapshot", "papers.jsonl", "--mailto", "group@example.org"),
    }


@pytest.mark.parametrize("which", ["new", "all"])
@pytest.mark.parametrize(("route", "papers"), [("oai", 4), ("api", 4), ("snapshot", 1)])
def test_by_every_route_pdfs_come_once(
    typed: Type,
    asking: dict[str, tuple[str, ...]],
    pdfs: LocalPdfs,
    arxiv: LocalArxiv,
    route: str,
    papers: int,
    which: str,
) -> None:
    found = typed(*asking[route], "--pdf", which, "--json")
    assert found.status == 0, found.err
    assert found.json["pdfs"] == {
        "wanted": papers, "fetched": papers, "cached": 0, "without": {}, "left": 0,
        "why_left": None, "outcomes": {"ok": papers}, "statements": papers,
    }  # fmt: skip
    assert sorted(pdfs.requests) == (NEWEST if papers > 1 else NEWEST[1:2])
    again = typed(*asking[route], "--pdf", which, "--json").json
    assert (again["new"], again["changed"], again["log_size"]) == (0, 0, found.json["log_size"])
    assert again["pdfs"]["wanted"] == 0
    assert len(pdfs.requests) == papers
    if route == "snapshot":
        assert set(arxiv.agents) == {"colineage (ingest arxiv; mailto:group@example.org)"}
    # The text of no PDF is in the store or its export, nor is a copy of the file.
    assert typed("export", "out").status == 0
    kept = b"".join(one.read_bytes() for one in Path().rglob("*") if one.is_file())
    assert b"It has little to say" not in kept
    assert b"%PDF" not in kept


def test_what_came_of_them_is_told_and_a_damaged_one_is_no_refusal(
    typed: Type, asking: dict[str, tuple[str, ...]], pdfs: LocalPdfs
) -> None:
    pdfs.files = {**pdfs.files, "0704.9003v1": DAMAGED}
    pdfs.troubles["0704.9001v3"] = ["404"]
    found = typed(*asking["oai"], "--pdf", "all")
    assert found.status == 0
    assert "4 wanted, 3 fetched, 0 cached, 0 left, 1 none" in found.out
    assert "1 damaged, 2 ok" in found.out
    assert "no PDF: arxiv:0704.9001v3: none: " in found.err
    assert "not read: arxiv:0704.9003v1: damaged: " in found.err
    shown = typed("show", "arxiv:0704.9003v1", "--json").json
    [file] = [one["from"] for one in shown["in"]["first"] if one["from"].startswith("sha256:")]
    attributes = typed("show", file, "--json").json["shown"]["attributes"]
    assert attributes["outcome"] == "damaged"
    again = typed(*asking["oai"], "--pdf", "all", "--json")
    assert (again.status, again.json["pdfs"]["without"]) == (0, {"none": 1})
    assert again.err == ""


def test_a_listing_without_versions_has_none_to_ask_for(
    typed: Type, asking: dict[str, tuple[str, ...]], place: Path, pdfs: LocalPdfs
) -> None:
    listing = json.loads((place / "papers.jsonl").read_text())
    del listing["versions"]
    (place / "papers.jsonl").write_text(json.dumps(listing))
    found = typed(*asking["snapshot"], "--pdf", "all", "--json")
    assert (found.status, found.json["pdfs"]["without"]) == (0, {"no version": 1})
    assert pdfs.requests == []


def test_those_left_end_with_75_and_the_same_command_goes_on(
    typed: Type, asking: dict[str, tuple[str, ...]], pdfs: LocalPdfs
) -> None:
    pdfs.troubles["0704.9003v1"] = ["html"] * 6
    found = typed(*asking["oai"], "--pdf", "new", "--json")
    assert found.status == 75
    told = found.json["pdfs"]
    assert (told["fetched"], told["left"], found.json["complete"]) == (3, 1, True)
    assert "expected application/pdf, got text/html" in told["why_left"]
    rest = typed(*asking["oai"], "--pdf", "new", "--json")
    assert (rest.status, rest.json["pdfs"]["fetched"]) == (0, 1)


def test_a_ban_ends_with_69(
    typed: Type, asking: dict[str, tuple[str, ...]], pdfs: LocalPdfs
) -> None:
    pdfs.always = "403"
    found = typed(*asking["oai"], "--pdf", "new", "--json")
    assert (found.status, found.json["pdfs"]["left"], found.json["new"]) == (69, 4, 5)


def test_at_the_deadline_the_rest_is_left(
    typed: Type, asking: dict[str, tuple[str, ...]], pdfs: LocalPdfs
) -> None:
    pdfs.always, pdfs.retry_after = "503", "60"
    found = typed(*asking["oai"], "--pdf", "new", "--deadline", "30", "--json")
    assert (found.status, found.json["pdfs"]["left"]) == (75, 4)
    assert "the deadline" in found.json["pdfs"]["why_left"]
    assert len(pdfs.requests) == 1


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("--pdf", "some"), "--pdf"),
        (("--pdf", "none"), "--pdf-url"),
        (("--pdf", "new", "--pdf-url", "ftp://127.0.0.1/pdf"), "pdf-url"),
        (("--pdf", "new", "--pdf-url", "https://export.arxiv.org/pdf"), "delay"),
        (("--pdf", "new", "--deadline", "0"), "deadline"),
    ],
)
def test_what_is_asked_wrongly_ends_with_2_and_makes_no_store(
    typed: Type,
    asking: dict[str, tuple[str, ...]],
    place: Path,
    words: tuple[str, ...],
    where: str,
) -> None:
    for route in ("oai", "snapshot"):
        found = typed(*asking[route], *words, "--json")
        assert found.status == 2
        assert found.json["error"]["faults"][0]["where"] == where
    assert not (place / "colineage.db").exists()


@pytest.mark.neo4j
def test_a_neo4j_holds_the_same_and_takes_the_files_from_the_cache(
    typed: Type, asking: dict[str, tuple[str, ...]], neo4j_url: str, pdfs: LocalPdfs
) -> None:
    digests = []
    for store, which, came in (("sqlite:here.db", "all", "fetched"), (neo4j_url, "new", "cached")):
        words = (*asking["oai"], "--pdf", which, "--json", "--store", store)
        found = typed(*words)
        assert (found.status, found.json["pdfs"][came]) == (0, 4), found.err
        again = typed(*words).json
        assert (again["log_size"], again["pdfs"]["wanted"]) == (found.json["log_size"], 0)
        digests.append(typed("verify", "--json", "--store", store).json["digest"])
    assert digests[0] == digests[1]
    assert len(pdfs.requests) == 4
