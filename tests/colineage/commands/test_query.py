from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Type = Callable[..., Any]

PAPER, EARLIER, IDEA = "arxiv:2512.05356", "arxiv:2401.00001", "doi:10.5555/idea"
PERSON, AI = "orcid:0000-0002-1825-0097", "ai:" + "a" * 64


@pytest.fixture(autouse=True)
def _filled(filled: Path) -> Path:
    return filled


def test_stats_in_the_shape_that_others_rely_on(typed: Type) -> None:
    found = typed("stats", "--json")
    assert found.status == 0
    assert set(found.json) == {"nodes", "edges", "bundles", "log"}
    assert found.json["nodes"] == {
        "ai": 1,
        "idea": 1,
        "ingest": 1,
        "person": 1,
        "run": 1,
        "work": 2,
    }
    assert found.json["edges"] == {"cites": 1, "wasAttributedTo": 2, "wasDerivedFrom": 1}
    assert found.json["bundles"] == found.json["log"]["size"] == 5
    assert len(found.json["log"]["root"]) == 64


def test_stats_for_people(typed: Type) -> None:
    found = typed("stats")
    assert found.status == 0
    assert "wasDerivedFrom" in found.out
    assert "5 bundles" in found.out


def test_show_tells_who_states_what(typed: Type) -> None:
    found = typed("show", IDEA, "--json").json
    assert (found["id"], found["kind"]) == (IDEA, "idea")
    assert found["shown"]["attributes"] == {"title": "AI and people improve each other"}
    assert found["shown"]["author"].startswith("ed25519:")
    assert found["out"]["total"] == 3
    assert {one["rel"] for one in found["out"]["first"]} == {"wasAttributedTo", "wasDerivedFrom"}
    assert found["titles"][PERSON] == "Josiah Carberry"
    assert found["in"] == {"total": 0, "first": []}


def test_show_limits_the_relations_of_each_name(typed: Type) -> None:
    found = typed("show", IDEA, "--limit", "1", "--json").json
    assert [one["rel"] for one in found["out"]["first"]] == ["wasAttributedTo", "wasDerivedFrom"]
    assert found["out"]["total"] == 3
    assert "and 1 more" in typed("show", IDEA, "--limit", "1").out


def test_show_warns_in_words(typed: Type) -> None:
    assert typed("show", EARLIER, "--json").json["warnings"] == ["withdrawn (source:arxiv)"]
    assert "! withdrawn" in typed("show", EARLIER).out


def test_what_others_hold_against_it_is_said_too(typed: Type, place: Path) -> None:
    (place / "stance.yaml").write_text(
        "statements:\n"
        "  - nodes: [{id: '#1', kind: claim, text: It does not hold.}]\n"
        f"    edges: [{{from: '#1', rel: disputes, to: '{PAPER}'}}]\n"
    )
    typed("add", "stance.yaml")
    warnings = typed("show", PAPER, "--json").json["warnings"]
    assert warnings == ["disputed by “It does not hold.”"]


def test_show_of_a_bundle(typed: Type) -> None:
    name = typed("show", IDEA, "--json").json["shown"]["bundle"]
    bundle = typed("show", name, "--json").json["bundle"]
    assert (bundle["id"], bundle["kind"], bundle["position"]) == (name, "statement", 4)
    assert (bundle["counts"], bundle["lives"]) == (True, True)
    assert bundle["envelope"]["payloadType"]
    assert IDEA in bundle["body"]
    assert name in typed("show", name).out


@pytest.mark.parametrize(
    "text", ["2512.05356", "arXiv:2512.05356", "https://arxiv.org/abs/2512.05356"]
)
def test_an_id_is_understood_as_people_write_it(typed: Type, text: str) -> None:
    assert typed("show", text, "--json").json["id"] == PAPER


@pytest.mark.parametrize("text", ["ai:aaaaaaaaaaaa", "ai:aaaaaaaaaaaa…"])
def test_the_beginning_of_an_id_will_do_as_it_is_printed(typed: Type, text: str) -> None:
    assert "(ai:aaaaaaaaaaaa…)" in typed("show", IDEA).out
    assert typed("show", text, "--json").json["id"] == AI


def test_the_beginning_of_no_id_is_no_id(typed: Type) -> None:
    assert typed("show", "ai:bbbbbbbbbbbb").status == 2


def test_search_and_its_kinds(typed: Type) -> None:
    found = typed("search", "improve each", "--json").json
    (one,) = found["results"]
    assert (one["id"], one["kind"], one["title"]) == (
        *(IDEA, "idea"),
        "AI and people improve each other",
    )
    assert set(one) == {"id", "kind", "title", "said_in"}
    assert found["attributions"][one["said_in"]]["kind"] == "statement"
    assert typed("search", "improve", "--kind", "run", "--json").json["results"] == []
    assert "Nothing here holds every word" in typed("search", "xylophone").out
    wrong = typed("search", "improve", "--kind", "paper", "--json")
    assert wrong.status == 2
    assert "work" in wrong.json["error"]["faults"][0]["expected"]


def test_lineage_up_and_down(typed: Type) -> None:
    up = typed("lineage", IDEA, "--json").json
    assert (up["start"], up["direction"]) == (IDEA, "up")
    assert [(one["id"], one["depth"]) for one in up["nodes"]] == [
        (IDEA, 0),
        (PAPER, 1),
        (EARLIER, 2),
    ]
    assert [one["rel"] for one in up["relations"]] == ["wasDerivedFrom", "cites"]
    assert up["relations"][0]["qualifiers"] == {"subtype": "inspiration"}
    down = typed("lineage", EARLIER, "--down", "--depth", "1", "--json").json
    assert [one["id"] for one in down["nodes"]] == [EARLIER, PAPER]
    assert "Learning to learn" in typed("lineage", IDEA).out
    assert "Nothing is recorded" in typed("lineage", EARLIER).out


def test_who_tells_people_and_ais_apart(typed: Type) -> None:
    found = typed("who", IDEA, "--json").json
    by = {one["agent"]["id"]: one for one in found["contributions"]}
    assert (by[AI]["nature"], by[PERSON]["nature"]) == ("ai", "person")
    assert by[AI]["relation"]["qualifiers"]["verified_by"] == PERSON
    assert found["titles"][PERSON] == "Josiah Carberry"
    shown = typed("who", IDEA).out
    assert "AI" in shown
    assert "conceptualization" in shown
    assert "Nobody is recorded" in typed("who", EARLIER).out


@pytest.mark.parametrize("command", ["show", "lineage", "who", "audit"])
def test_an_unknown_id_is_answered_with_near_ones(typed: Type, command: str) -> None:
    found = typed(command, "arxiv:2512.05357", "--json")
    assert found.status == 1
    assert found.json["error"]["kind"] == "NotFoundError"
    assert "arxiv:2512.05357" in found.json["error"]["message"]
    assert f"near it: {PAPER}" in found.json["error"]["message"]


@pytest.mark.parametrize("command", ["show", "lineage", "who", "audit"])
def test_what_is_no_id_is_asked_wrongly(typed: Type, command: str) -> None:
    found = typed(command, "nonsense", "--json")
    assert found.status == 2
    assert found.json["error"]["faults"][0]["got"] == "nonsense"


@pytest.mark.parametrize(
    "command", [("show", PAPER), ("search", "improvement"), ("lineage", PAPER)]
)
def test_text_of_papers_is_neither_markup_nor_a_command_to_the_terminal(
    typed: Type, command: tuple[str, ...]
) -> None:
    found = typed(*command)
    assert "[bold]of" in found.out
    for code in ("\x1b", "\x9b", "\u202e"):
        assert code not in found.out
    assert typed(*command, "--json").out.isascii()
