"""Import the runs of an MLflow `mlruns` folder into a store."""

from collections.abc import Iterator
from pathlib import Path

from graph.errors import BundleError
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.json_lines import RefusedItem
from ingest.mlflow.folder import read_run, run_folders
from ingest.mlflow.parse import run_of
from ingest.mlflow.to_bundle import file_bundle, run_bundle
from ingest.pipeline.commit_file import Progress, SourceRecord, commit_records
from ingest.pipeline.commit_page import Report


def ingest_mlflow(
    store: GraphStore, speaker: Speaker, path: Path, *, progress: Progress | None = None
) -> Report:
    """Commit the runs of an `mlruns` folder, or of the folder that holds one; links are not followed.

    Runs are counted; each file that they left gets a record of its own beside them, identified by its bytes.

    Raises:
        InputError: It can't be read, or holds no run.
    """
    run = {"query": path.name or "mlruns", "tool": "colineage ingest mlflow"}
    return commit_records(store, speaker, "mlflow", _read_runs(path), run, progress=progress)


def _read_runs(path: Path) -> Iterator[SourceRecord | RefusedItem]:
    file_hashes: set[str] = set()
    for folder in run_folders(path):
        where = f"{folder.parent.name}/{folder.name}"
        try:
            run, faults = run_of(read_run(folder))
        except OSError as error:
            yield RefusedItem(where, f"expected a readable folder, got {error.strerror or error}")
            continue
        yield from (RefusedItem(where, str(fault)) for fault in faults)
        if run is None:
            continue
        try:
            record = run_bundle(run)
        except BundleError as error:
            yield RefusedItem(where, str(error))
            continue
        fresh = {
            artifact.sha256: artifact
            for artifact in run.artifacts
            if artifact.sha256 not in file_hashes
        }
        file_hashes |= fresh.keys()
        yield SourceRecord(record, tuple(file_bundle(artifact) for artifact in fresh.values()))
