import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.check import Audit, Check
from audit.run import audit_run
from audit.verdict import CheckVerdict
from graph.errors import InputError, NotFoundError
from graph.model.model import Description, Edge
from graph.model.vocabulary import Kind, Relation
from graph.store import GraphStore

Ingest = Callable[..., tuple[str, str]]
Say = Callable[..., str]
Git = Callable[..., str]

NAMES = [
    "run finished",
    "commit named",
    "commit found",
    "working tree state",
    "data digest",
    "data as recorded",
    "seed",
    "parameters",
    "environment",
    "metrics",
    "who ran it",
]
DATA = "sha256:" + hashlib.sha256(b"1,2\n").hexdigest()
LOCK = "sha256:" + "e" * 64


def named(audit: Audit) -> dict[str, Check]:
    return {check.name: check for check in audit.checks}


def pairs(**values: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in sorted(values.items())]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.csv"
    file.write_bytes(b"1,2\n")
    return file


def test_a_run_with_nothing_recorded_is_unknown_throughout(
    store: GraphStore, ingest: Ingest, run_id: str
) -> None:
    ingest()
    audit = audit_run(store, run_id)
    assert [check.name for check in audit.checks] == NAMES
    assert {check.verdict for check in audit.checks} == {CheckVerdict.UNKNOWN}
    assert all(check.remedy and check.evidence for check in audit.checks)
    assert not audit.has_passed


def test_a_run_with_all_recorded_passes_throughout(
    store: GraphStore,
    ingest: Ingest,
    used: Callable[[str], Edge],
    run_id: str,
    repository: Path,
    git: Git,
    data: Path,
) -> None:
    head = git(repository, "rev-parse", "HEAD")
    served, _ = ingest(
        {
            "status": "FINISHED",
            "commit": head,
            "tags": pairs(**{"mlflow.git.dirty": "False"}),
            "params": pairs(alpha="0.5", random_state="42"),
            "metrics": [{"name": "rmse", "value": "0.78"}],
            "environment": LOCK,
            "user": "ada",
        },
        (used(DATA),),
    )
    audit = audit_run(store, run_id, repository=repository, data=data)
    assert [check.verdict for check in audit.checks] == [CheckVerdict.PASS] * len(NAMES)
    assert all(check.bundles == (served,) for check in audit.checks)
    assert audit.has_passed


def test_a_run_with_all_recorded_wrongly_fails_throughout(
    store: GraphStore,
    ingest: Ingest,
    used: Callable[[str], Edge],
    run_id: str,
    repository: Path,
    tmp_path: Path,
) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(b"3,4\n")
    ingest(
        {
            "status": "FAILED",
            "commit": "1" * 40,
            "tags": pairs(**{"mlflow.git.dirty": "true"}),
            "params": [{"name": "alpha"}, *pairs(seed="None")],
            "metrics": [{"name": "rmse", "value": "NaN"}],
            "environment": "my laptop",
            "user": "root",
        },
        (used(DATA), used("dataset:" + "d" * 64)),
    )
    checks = named(audit_run(store, run_id, repository=repository, data=other))
    failed = {name for name, check in checks.items() if check.verdict is CheckVerdict.FAIL}
    # A whole commit id is named (pass), though no repository holds it.
    assert failed == set(NAMES) - {"commit named"}
    assert all(checks[name].remedy for name in failed)
    assert "my laptop" in checks["environment"].evidence
    assert "root" in checks["who ran it"].evidence


@pytest.mark.parametrize(
    ("attributes", "check", "verdict", "words"),
    [
        ({"commit": "main"}, "commit named", "fail", "'main'"),
        ({"commit": "main"}, "commit found", "not applicable", "no whole commit"),
        ({"commit": "1" * 40}, "commit found", "unknown", "no repository was given"),
        ({"status": "RUNNING"}, "run finished", "unknown", "running"),
        ({"status": "KILLED"}, "run finished", "fail", "killed"),
        ({"tags": pairs(dirty="perhaps")}, "working tree state", "unknown", "'perhaps'"),
        (
            {"tags": pairs(**{"mlflow.git.diff": "--- a", "mlflow.git.dirty": "true"})},
            "working tree state",
            "pass",
            "change is recorded",
        ),
        ({"digest": "0123abcd"}, "data digest", "pass", "0123abcd"),
        ({"digest": "0123abcd"}, "data as recorded", "unknown", "no recorded digest is a SHA-256"),
        ({"digest": "wine 0123abcd"}, "data as recorded", "unknown", "wine 0123abcd"),
        ({"digest": f"wine {DATA}; x 5d"}, "data as recorded", "unknown", "no file was given"),
        ({"seed": "7"}, "seed", "pass", "seed = 7"),
        ({"params": pairs(torch_seed="7")}, "seed", "pass", "torch_seed = 7"),
        ({"params": pairs(**{"trainer.seed": "7"})}, "seed", "pass", "trainer.seed = 7"),
        ({"params": pairs(seed="-1")}, "seed", "unknown", "negative"),
        ({"params": pairs(seed="1.5")}, "seed", "fail", "'1.5'"),
        ({"params": pairs(seedling="7")}, "seed", "unknown", "no seed"),
        ({"params": pairs(seedling="7")}, "parameters", "pass", "1: seedling"),
        ({"metrics": [{"name": "r2", "value": "Infinity"}]}, "metrics", "fail", "r2"),
        ({"user": "jovyan"}, "who ran it", "fail", "jovyan"),
    ],
)
def test_one_fact(
    store: GraphStore,
    ingest: Ingest,
    run_id: str,
    attributes: dict[str, Any],
    check: str,
    verdict: str,
    words: str,
) -> None:
    ingest(attributes)
    found = named(audit_run(store, run_id))[check]
    assert (found.verdict, words in found.evidence) == (verdict, True), found


def test_what_others_state_of_the_run_counts_with_their_bundle(
    store: GraphStore, ingest: Ingest, say: Say, run_id: str
) -> None:
    ingest({"params": pairs(alpha="0.5")})
    said = say(Description(run_id, Kind.RUN, {"commit": "a" * 40, "seed": "0"}))
    checks = named(audit_run(store, run_id))
    for name in ("commit named", "seed"):
        assert (checks[name].verdict, checks[name].bundles) == (CheckVerdict.PASS, (said,))


def test_contradictory_statements_fail(
    store: GraphStore, ingest: Ingest, say: Say, run_id: str
) -> None:
    served, _ = ingest({"commit": "a" * 40, "params": pairs(alpha="0.5", seed="1")})
    said = say(
        Description(run_id, Kind.RUN, {"commit": "b" * 40, "params": pairs(alpha="0.6", seed="2")})
    )
    checks = named(audit_run(store, run_id))
    for name in ("commit named", "seed", "parameters"):
        assert checks[name].verdict is CheckVerdict.FAIL
        assert checks[name].bundles == tuple(sorted((served, said)))


def test_agents_data_and_environments_count_by_their_edges(
    store: GraphStore, ingest: Ingest, say: Say, used: Callable[[str], Edge], run_id: str
) -> None:
    ingest()
    data, environment, person = (
        "dataset:" + "d" * 64,
        "environment:" + "e" * 64,
        "orcid:0000-0002-1825-0097",
    )
    say(
        Description(data, Kind.DATASET, {"name": "wine", "digest": "5d1f"}),
        Description(environment, Kind.ENVIRONMENT, {"digest": LOCK}),
        Description(person, Kind.PERSON, {"name": "Josiah Carberry"}),
        Edge(run_id, Relation.WAS_ASSOCIATED_WITH, person),
        used(data),
        used(environment),
    )
    checks = named(audit_run(store, run_id))
    assert checks["data digest"].verdict is CheckVerdict.PASS
    assert checks["environment"].verdict is CheckVerdict.PASS
    assert checks["who ran it"].verdict is CheckVerdict.PASS
    assert checks["who ran it"].evidence == "Josiah Carberry"


def test_a_commit_is_also_named_by_an_edge(
    store: GraphStore, ingest: Ingest, used: Callable[[str], Edge], run_id: str
) -> None:
    served, _ = ingest({}, (used("git:" + "c" * 40),))
    check = named(audit_run(store, run_id))["commit named"]
    assert (check.verdict, check.bundles) == (CheckVerdict.PASS, (served,))


def test_a_list_of_digests_is_held_against_a_file(
    store: GraphStore, ingest: Ingest, run_id: str, data: Path
) -> None:
    ingest({"digest": f"wine {DATA}; other 5d1f"})
    check = named(audit_run(store, run_id, data=data))["data as recorded"]
    assert check.verdict is CheckVerdict.PASS


def test_an_unknown_id_and_another_kind_are_refused(
    store: GraphStore, say: Say, run_id: str
) -> None:
    say(Description("doi:10.5281/x", Kind.DATASET, {"title": "a data set"}))
    with pytest.raises(NotFoundError, match=run_id):
        audit_run(store, run_id)
    with pytest.raises(InputError, match="of kind dataset"):
        audit_run(store, "doi:10.5281/x")


def test_a_missing_data_file_is_refused(
    store: GraphStore, ingest: Ingest, run_id: str, tmp_path: Path
) -> None:
    ingest({"digest": DATA})
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        audit_run(store, run_id, data=tmp_path / "nowhere.csv")
