"""`ingest arxiv` as it is typed, at a local arXiv: its exit statuses, and what it leaves behind."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.arxiv.local_api import feed
from tests.ingest.arxiv.local_arxiv import LocalArxiv, read_records

Type = Callable[..., Any]
DATA = Path(__file__).parents[2] / "ingest" / "data" / "arxiv" / "planted"


@pytest.fixture
def arxiv() -> Iterator[LocalArxiv]:
    service = LocalArxiv(read_records(DATA), page_size=2, api=feed)
    yield service
    service.stop()


@pytest.fixture
def asking(arxiv: LocalArxiv) -> dict[str, tuple[str, ...]]:
    """The words for each route."""
    url = arxiv.start()
    common = ("ingest", "arxiv", "--since", "1990-01-01", "--delay", "0", "--json")
    return {
        "oai": (*common, "--base-url", url),
        "api": (*common, "--via", "api", "--base-url", url.replace("/oai", "/api/query")),
    }


@pytest.mark.parametrize(("route", "seen"), [("oai", 5), ("api", 4)])
def test_both_routes_end_with_0_and_the_same_again_brings_nothing(
    typed: Type, asking: dict[str, tuple[str, ...]], route: str, seen: int
) -> None:
    found = typed(*asking[route])
    assert found.status == 0, found.err
    assert (found.json["new"], found.json["refused"], found.json["complete"]) == (seen, 0, True)
    again = typed(*asking[route]).json
    assert (again["new"], again["changed"]) == (0, 0)
    assert again["log_size"] == found.json["log_size"]


@pytest.mark.parametrize(("route", "trouble"), [("oai", "malformed"), ("api", "no_authors")])
def test_a_refused_record_is_told_kept_beside_the_store_and_ends_with_65(
    typed: Type,
    arxiv: LocalArxiv,
    asking: dict[str, tuple[str, ...]],
    place: Path,
    route: str,
    trouble: str,
) -> None:
    arxiv.always = trouble
    arxiv.page_size = 9
    found = typed(*asking[route])
    assert found.status == 65
    assert found.json["refused"] == 1
    assert found.json["complete"]
    assert "refused: " in found.err
    [line] = (place / "colineage.quarantine.jsonl").read_text("utf-8").splitlines()
    kept = json.loads(line)
    assert kept["sha256"] in found.err
    assert kept["reason"] in found.err
    assert kept["data"].startswith("<record>" if route == "oai" else "<entry>")


def test_the_quarantine_is_where_it_is_asked_for(
    typed: Type, arxiv: LocalArxiv, asking: dict[str, tuple[str, ...]], place: Path
) -> None:
    arxiv.always = "malformed"
    assert typed(*asking["oai"], "--quarantine", "kept.jsonl").status == 65
    assert (place / "kept.jsonl").exists()
    assert not (place / "colineage.quarantine.jsonl").exists()
    (place / "folder").mkdir()
    refused = typed(*asking["oai"], "--quarantine", "folder")
    assert refused.status == 74
    assert "what was refused can't be kept" in refused.json["error"]["message"]


@pytest.mark.parametrize("route", ["oai", "api"])
def test_at_the_deadline_it_ends_with_75_and_the_next_run_goes_on(
    typed: Type, arxiv: LocalArxiv, asking: dict[str, tuple[str, ...]], route: str
) -> None:
    whole = typed(*asking[route], "--store", "sqlite:whole.db").json
    arxiv.always, arxiv.retry_after = "503", "60"
    found = typed(*asking[route], "--deadline", "5")
    assert found.status == 75
    assert found.json["error"]["kind"] == "TooLateError"
    assert "give the command again to go on" in found.json["error"]["message"]
    arxiv.always = None
    (Path.home() / ".cache" / "colineage" / "polite" / "127-0-0-1").unlink()
    rest = typed(*asking[route])
    assert rest.status == 0
    assert rest.json["new"] == whole["new"]


@pytest.mark.parametrize("route", ["oai", "api"])
def test_a_service_that_says_no_ends_with_69(
    typed: Type, arxiv: LocalArxiv, asking: dict[str, tuple[str, ...]], route: str
) -> None:
    arxiv.always = "403"
    assert typed(*asking[route]).status == 69


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("--via", "rss"), "via"),
        (("--mailto", "nobody"), "mailto"),
        (("--deadline", "-1"), "deadline"),
        (("--max", "0"), None),
        (("--until", "1980-01-01"), "until"),
        (("--since", "2999-01-01"), "since"),
        (("--category", "cs.Al"), "category"),
        (("--deadline", "1e308"), "deadline"),
        (("--delay", "1e300"), "delay"),
    ],
)
def test_what_is_asked_wrongly_ends_with_2_and_makes_no_store(
    typed: Type,
    asking: dict[str, tuple[str, ...]],
    place: Path,
    words: tuple[str, ...],
    where: str | None,
) -> None:
    found = typed(*asking["oai"], *words)
    assert found.status == 2
    if where:
        assert [fault["where"] for fault in found.json["error"]["faults"]] == [where]
    assert not (place / "colineage.db").exists()


def test_a_file_is_read_whole(typed: Type, place: Path) -> None:
    (place / "papers.jsonl").write_text("{}\n")
    words = ("--via", "api", "--mailto", "a@example.org", "--deadline", "5")
    found = typed("ingest", "arxiv", "--snapshot", "papers.jsonl", *words, "--json")
    assert found.status == 2
    named = {fault["where"] for fault in found.json["error"]["faults"]}
    assert named == {"--via", "--mailto", "--deadline"}


def test_who_asks_says_where_it_may_be_written_to(
    typed: Type, arxiv: LocalArxiv, asking: dict[str, tuple[str, ...]]
) -> None:
    assert typed(*asking["oai"], "--mailto", "group@example.org").status == 0
    assert set(arxiv.agents) == {"colineage (ingest arxiv; mailto:group@example.org)"}
