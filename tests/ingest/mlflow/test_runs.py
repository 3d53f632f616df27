"""Runs of MLflow's file store: from files to one value, and to records."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.mentions import mention_id
from ingest.mlflow import ingest_mlflow
from ingest.mlflow.folder import RunFiles, read_run, run_folders
from ingest.mlflow.parse import run_of
from ingest.mlflow.run import Run
from ingest.mlflow.to_bundle import run_bundle

FINISHED = "mlflow:0/c4e130d6e2f84b70acaf2c6f1127da26"
Files = Callable[..., RunFiles]


def files(**more: Any) -> RunFiles:
    given: dict[str, Any] = {
        "experiment": "0",
        "run": "r1",
        "meta": b"run_name: one\nstatus: 3\n",
        "params": {},
        "metrics": {},
        "tags": {},
        "inputs": {},
        "datasets": {},
        "artifacts": (),
        "left_out": (),
    }
    return RunFiles(**(given | more))


def run(**more: Any) -> Run:
    found, faults = run_of(files(**more))
    assert not faults
    assert found
    return found


def said(of: Run) -> dict[str, Any]:
    bundle = run_bundle(of)
    assert bundle.body
    return next(node.to_json() for node in bundle.body.nodes if node.id == of.id)


def test_a_real_run(store: GraphStore, speaker: Speaker, examples: Path) -> None:
    ingest_mlflow(store, speaker, examples / "mlflow")
    shown = store.things([FINISHED])[FINISHED].shown
    assert shown
    assert shown.at == "2025-05-26T11:08:07Z"
    found = shown.description.to_json()
    environment = found.pop("environment")
    assert found == {
        "id": FINISHED,
        "kind": "run",
        "name": "rebellious-mule-624",
        "status": "FINISHED",
        "started": "2025-05-26T11:08:05Z",
        "ended": "2025-05-26T11:08:07Z",
        "entry_point": "example.py",
        "params": [{"name": "alpha", "value": "0.5"}, {"name": "l1_ratio", "value": "0.5"}],
        "metrics": [
            {"name": "mae", "step": 0, "value": "0.6271946374319586"},
            {"name": "r2", "step": 0, "value": "0.10862644997792614"},
            {"name": "rmse", "step": 0, "value": "0.7931640229276851"},
        ],
        "tags": [{"name": "mlflow.source.type", "value": "LOCAL"}],
    }
    requirements = (
        examples
        / "mlflow/mlruns/0/c4e130d6e2f84b70acaf2c6f1127da26/artifacts/model/requirements.txt"
    )
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    assert f"model/requirements.txt sha256:{digest}" in environment
    left = store.adjacent([FINISHED], outgoing=False)
    assert {asserted.edge.qualifiers["name"] for asserted in left} == {
        "model/MLmodel",
        "model/conda.yaml",
        "model/input_example.json",
        "model/python_env.yaml",
        "model/requirements.txt",
        "model/serving_input_example.json",
    }
    (user,) = store.adjacent([FINISHED], outgoing=True)
    assert user.edge.target == mention_id(FINISHED, "aryan")


def test_a_real_run_that_names_its_commit_and_never_ended(
    store: GraphStore, speaker: Speaker, examples: Path
) -> None:
    ingest_mlflow(store, speaker, examples / "mlflow")
    name = "mlflow:0/4709c8402d5e436b8ce9a601f44516a5"
    shown = store.things([name])[name].shown
    assert shown
    attributes = shown.description.attributes
    assert attributes["status"] == "RUNNING"
    assert "ended" not in attributes
    commit = "459611c9cc7cebc5b13599c9a768da3cc1cff17d"
    assert attributes["commit"] == commit
    assert f"git:{commit}" in {a.edge.target for a in store.adjacent([name], outgoing=True)}


def test_a_real_store_and_again(store: GraphStore, speaker: Speaker, examples: Path) -> None:
    first = ingest_mlflow(store, speaker, examples / "mlflow")
    assert (first.source, first.seen, first.new, first.refused) == ("mlflow", 7, 7, 0)
    assert first.complete
    second = ingest_mlflow(store, speaker, examples / "mlflow" / "mlruns")
    assert (second.new, second.changed, second.unchanged) == (0, 0, 7)
    assert second.log_size == first.log_size


def test_no_path_of_a_machine_is_kept(store: GraphStore, speaker: Speaker, examples: Path) -> None:
    ingest_mlflow(store, speaker, examples / "mlflow")
    for stored in store.bundles():
        assert b"/Users/" not in (stored.bundle.body_bytes or b"")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("/home/jane/run.py", "run.py"),
        ("C:\\Users\\jane\\run.py", "run.py"),
        ("file:///home/jane/data/", "data"),
        ("\\\\host\\share\\x", "x"),
        ("src/run.py", "src/run.py"),
        ("3/4", "3/4"),
        ("", ""),
    ],
)
def test_of_a_path_only_its_last_part_is_kept(value: str, kept: str) -> None:
    tags = {"where": value.encode(), "mlflow.source.name": value.encode()}
    found = run(tags=tags)
    assert found.tags == (("where", kept),)
    assert found.entry_point == (kept or None)


def test_the_last_thing_known_to_have_happened_dates_a_run() -> None:
    meta = b"start_time: 1000\nend_time: 2999\n"
    assert run(meta=meta).at == "1970-01-01T00:00:02Z"
    assert run(meta=meta, metrics={"m": b"5000 1.0 0\n"}).at == "1970-01-01T00:00:05Z"
    gone = meta + b"deleted_time: 9000\nlifecycle_stage: deleted\n"
    assert run(meta=gone).at == "1970-01-01T00:00:09Z"
    assert run().at is None


def test_the_value_at_the_last_step_counts_to_its_last_digit() -> None:
    lines = b"10 0.1 1\n30 0.30 2\n20 0.20 2\n40 0.4 0\n"
    (metric,) = run(metrics={"loss": lines}).metrics
    assert (metric.value, metric.step) == ("0.30", 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nan", "NaN"),
        ("-inf", "-Infinity"),
        ("inf", "Infinity"),
        ("1e-05", "1e-5"),
        ("2.5E+16", "2.5e16"),
    ],
)
def test_numbers_in_the_one_form_of_a_bundle(text: str, value: str) -> None:
    assert run(metrics={"m": b"1 %s 0" % text.encode()}).metrics[0].value == value


def test_a_step_below_zero_is_left_out() -> None:
    assert run(metrics={"m": b"1 2.0 -1"}).metrics[0].step is None


def test_a_user_is_known_by_the_octets_of_the_name() -> None:
    names = [b"Zo\xe9", b"Zo\xe8", b"Zo\xc3\xa9 \n"]
    bundles = [run_bundle(run(tags={"mlflow.user": name})) for name in names]
    mentions = [bundle.body.nodes[0] for bundle in bundles if bundle.body]
    assert [node.id for node in mentions] == [mention_id("mlflow:0/r1", name) for name in names]
    assert len({node.id for node in mentions}) == 3
    assert [node.attributes["name"] for node in mentions] == ["Zo\ufffd", "Zo\ufffd", "Zo\u00e9"]
    by_id = run_bundle(run(meta=b"user_id: Zoe\xcc\x81\n"))
    assert by_id.body
    assert by_id.body.nodes[0].id == mention_id("mlflow:0/r1", b"Zoe\xcc\x81")


def test_names_that_are_too_long_are_cut() -> None:
    long = b"word " * 1000
    found = run(meta=b"run_name: %s\n" % long, tags={"mlflow.user": long})
    bundle = run_bundle(found)
    assert bundle.body
    assert [
        (len(str(node.attributes["name"])), node.attributes["cut"]) for node in bundle.body.nodes
    ] == [(4094, True)] * 2


def test_an_empty_value_is_left_out() -> None:
    tags = {"stage": b"", "where": b"here"}
    found = said(run(params={"path": b" \n"}, tags=tags))
    assert found["params"] == [{"name": "path"}]
    assert found["tags"] == [{"name": "stage"}, {"name": "where", "value": "here"}]


def test_names_in_folders() -> None:
    found = run(params={"model/depth": b"3"}, metrics={"eval/loss": b"1 0.5 0"})
    assert found.params == (("model/depth", "3"),)
    assert found.metrics[0].name == "eval/loss"


@pytest.mark.parametrize(
    ("params", "seed"),
    [
        ({"random_state": b"42"}, "42"),
        ({"train/seed": b"1", "np_seed": b"1"}, "1"),
        ({"seed": b"1", "random_state": b"2"}, None),
        ({"seeding": b"1"}, None),
        ({}, None),
    ],
)
def test_the_seed(params: dict[str, bytes], seed: str | None) -> None:
    assert said(run(params=params)).get("seed") == seed


def test_a_deleted_run_says_nothing_else() -> None:
    deleted = run(meta=b"lifecycle_stage: deleted\nrun_name: x\n", params={"a": b"1"})
    assert said(deleted) == {"id": "mlflow:0/r1", "kind": "run", "deleted": True}


def test_a_run_inside_another() -> None:
    bundle = run_bundle(run(tags={"mlflow.parentRunId": b"r0"}))
    assert bundle.body
    assert [edge.to_json() for edge in bundle.body.edges] == [
        {"from": "mlflow:0/r1", "rel": "wasInformedBy", "to": "mlflow:0/r0"}
    ]


def test_the_data_that_a_run_read() -> None:
    found = run(
        inputs={"i1/meta.yaml": b"source_id: d1\nsource_type: DATASET\n"},
        datasets={"d1/meta.yaml": b"name: wine\ndigest: 1a2b3c4d\nsource: /home/jane/wine.csv\n"},
    )
    assert said(found)["digest"] == "wine 1a2b3c4d"


def test_an_id_that_looks_like_a_number_stays_text() -> None:
    assert run(meta=b"run_name: 1e5\nstatus: FAILED\nuser_id: 007\n").name == "1e5"
    assert run(meta=b"user_id: 007\n").user == "007"


def test_every_fault_of_a_run_is_named_and_the_rest_is_kept() -> None:
    found, faults = run_of(
        files(
            meta=b"start_time: soon\nrun_name: kept\n",
            metrics={"m": b"1 2.0 0\n1 high 0\n", "empty": b""},
            tags={"mlflow.source.git.commit": b"main", "mlflow.parentRunId": b"a/b"},
            inputs={"i1/meta.yaml": b"source_id: d9\n"},
            left_out=("params/big: expected at most 5 bytes, got more",),
        )
    )
    assert found
    assert found.name == "kept"
    assert len(found.metrics) == 1
    assert [fault.where for fault in faults] == [
        "params/big",
        "start_time",
        "metrics/m:2",
        "metrics/empty",
        "tags/mlflow.source.git.commit",
        "tags/mlflow.parentRunId",
        "inputs/i1/meta.yaml",
    ]


@pytest.mark.parametrize(
    "meta",
    [
        b"a: [",
        b"\xff",
        b"- 1",
        b"",
        b"a: !!python/object:os.system 1",
        b"[" * 5000,
        b"a: 1\na: 2",
        b"a: &x 1\nb: *x",
    ],
)
def test_a_meta_file_that_is_none(meta: bytes) -> None:
    found, faults = run_of(files(meta=meta))
    assert found is None
    assert faults[0].where.partition(", ")[0] == "meta.yaml"


def test_a_folder_whose_name_is_no_id() -> None:
    found, faults = run_of(files(run="a b"))
    assert found is None
    assert faults[0].where == "the folder"


def make_run(root: Path, experiment: str = "0", name: str = "r1") -> Path:
    folder = root / "mlruns" / experiment / name
    folder.mkdir(parents=True)
    (folder.parent / "meta.yaml").write_text("name: Default\n")
    (folder / "meta.yaml").write_text("run_name: one\nstart_time: 1000\n")
    return folder


def test_no_link_is_followed(store: GraphStore, speaker: Speaker, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "meta.yaml").write_text("run_name: stolen\n")
    (secret / "key").write_text("private")
    folder = make_run(tmp_path / "store")
    (folder / "params").mkdir()
    (folder / "params" / "key").symlink_to(secret / "key")
    (folder / "artifacts").symlink_to(secret)
    (folder / "tags").mkdir()
    (folder / "tags" / "all").symlink_to(secret)
    (folder.parent / "r2").symlink_to(secret)
    report = ingest_mlflow(store, speaker, tmp_path / "store")
    assert (report.seen, report.refused) == (1, 2)
    for stored in store.bundles():
        assert b"private" not in (stored.bundle.body_bytes or b"")
        assert b"stolen" not in (stored.bundle.body_bytes or b"")


def test_what_is_too_large_is_left_out_and_counted(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    folder = make_run(tmp_path)
    (folder / "params").mkdir()
    (folder / "params" / "big").write_bytes(b"x" * (2**20 + 1))
    (folder / "params" / "small").write_bytes(b"1")
    report = ingest_mlflow(store, speaker, tmp_path)
    assert (report.seen, report.refused) == (1, 1)
    params = store.things(["mlflow:0/r1"])["mlflow:0/r1"].shown
    assert params
    assert params.description.attributes["params"] == [{"name": "small", "value": "1"}]


def test_trash_and_other_folders_are_no_runs(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    make_run(tmp_path, ".trash", "r9")
    (folder.parent / "datasets").mkdir()
    (tmp_path / "mlruns" / "models").mkdir()
    assert list(run_folders(tmp_path)) == [folder]
    assert read_run(folder).run == "r1"


def test_a_changed_run_replaces_its_record(
    store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    folder = make_run(tmp_path)
    ingest_mlflow(store, speaker, tmp_path)
    (folder / "meta.yaml").write_text(
        "run_name: two\nstart_time: 1000\nend_time: 5000\nstatus: 3\n"
    )
    report = ingest_mlflow(store, speaker, tmp_path)
    assert (report.new, report.changed) == (0, 1)
    assert store.things(["mlflow:0/r1"])["mlflow:0/r1"].title == "two"


@pytest.mark.parametrize("kind", ["missing", "a file", "empty", "without runs"])
def test_a_folder_that_is_no_store(
    kind: str, store: GraphStore, speaker: Speaker, tmp_path: Path
) -> None:
    path = tmp_path / "store"
    if kind == "a file":
        path.write_text("x")
    elif kind == "empty":
        path.mkdir()
    elif kind == "without runs":
        (path / "0").mkdir(parents=True)
        (path / "0" / "meta.yaml").write_text("name: Default\n")
    with pytest.raises(InputError):
        ingest_mlflow(store, speaker, path)
    assert store.checkpoint().size == 0


_BYTES = st.binary(max_size=40) | st.sampled_from([b"1000 0.5 1", b"1 nan", b"a: 1", b"/x/y", b"7"])
_NAMES = st.text(min_size=1, max_size=5) | st.sampled_from(["mlflow.user", "mlflow.source.name"])


@given(
    st.fixed_dictionaries(
        {
            "meta": _BYTES | st.just(b"run_name: x\nstart_time: 5\n"),
            "params": st.dictionaries(_NAMES, _BYTES, max_size=2),
            "metrics": st.dictionaries(_NAMES, _BYTES, max_size=2),
            "tags": st.dictionaries(_NAMES, _BYTES, max_size=3),
            "inputs": st.dictionaries(_NAMES, _BYTES, max_size=1),
        }
    )
)
def test_no_file_leads_to_anything_but_a_record_or_faults(found: dict[str, Any]) -> None:
    read, faults = run_of(files(**found))
    assert read or faults
    if read:
        assert run_bundle(read).id
