import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

RUN = "mlflow:7/0123abcd"
Type = Callable[..., Any]


def test_verify_says_ok_in_the_shape_that_others_rely_on(typed: Type, filled: Path) -> None:
    found = typed("verify", "--json")
    assert found.status == 0
    assert set(found.json) == {"ok", "bundles", "silent", "log", "digest", "faults"}
    assert (found.json["ok"], found.json["bundles"], found.json["faults"]) == (True, 5, [])
    assert found.json["log"] == typed("stats", "--json").json["log"]
    assert found.json["digest"].startswith("sha256:")
    assert "holds" in typed("verify").out


def test_verify_names_the_bundle_of_which_one_byte_was_changed(typed: Type, filled: Path) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as by_hand:
        query = "SELECT position, body FROM content WHERE instr(body, 'Learning') > 0"
        position, body = by_hand.execute(query).fetchone()
        changed = bytes(body).replace(b"Learning", b"Leaning,")
        by_hand.execute("UPDATE content SET body = ? WHERE position = ?", (changed, position))
        query = "SELECT lower(hex(id)) FROM bundle WHERE position = ?"
        name = by_hand.execute(query, (position,)).fetchone()[0]
    found = typed("verify", "--json")
    assert found.status == 1
    assert found.json["ok"] is False
    assert f"sha256:{name}" in [fault["bundle"] for fault in found.json["faults"]]
    shown = typed("verify")
    assert shown.status == 1
    assert "DOES NOT HOLD" in shown.out
    assert name[:20] in shown.out.replace("\n", "")


def test_rebuild_changes_nothing_that_is_right(typed: Type, filled: Path) -> None:
    before = typed("verify", "--json").json
    found = typed("rebuild", "--json")
    assert found.status == 0
    assert found.json == {"bundles": 5, "log": before["log"], "digest": before["digest"]}
    assert before["digest"] in typed("rebuild").out


def test_rebuild_mends_a_graph_that_was_changed_by_hand(typed: Type, filled: Path) -> None:
    before = typed("verify", "--json").json
    with closing(sqlite3.connect(filled, isolation_level=None)) as by_hand:
        by_hand.execute("DELETE FROM edge")
    assert typed("verify").status == 1
    typed("rebuild")
    assert typed("verify", "--json").json == before


def test_audit_gives_a_verdict_with_evidence_and_remedy(typed: Type, filled: Path) -> None:
    found = typed("audit", RUN, "--json")
    assert found.status == 1
    assert (found.json["id"], found.json["kind"], found.json["passed"]) == (RUN, "run", False)
    by = {check["name"]: check for check in found.json["checks"]}
    assert by["seed"]["verdict"] == "pass"
    assert by["seed"]["evidence"] == "seed = 7"
    assert by["seed"]["bundles"][0].startswith("sha256:")
    assert by["environment"]["verdict"] == "unknown"
    assert by["environment"]["remedy"]
    shown = typed("audit", RUN).out
    assert "no environment is recorded" in shown
    assert "unknown" in shown


def test_audit_refuses_what_is_no_run_and_what_is_no_repository(
    typed: Type, filled: Path, place: Path
) -> None:
    assert typed("audit", "arxiv:2512.05356").status == 2
    found = typed("audit", RUN, "--repository", str(place / "nowhere"), "--json")
    assert found.status == 2
    assert "a git repository" in found.json["error"]["message"]
