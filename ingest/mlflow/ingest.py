"""Import the runs of an MLflow `mlruns` folder into a store."""

from collections.abc import Iterator
from pathlib import Path

from graph.errors import BundleError
from graph.speaker import Voice
from graph.store import GraphStore
from ingest.formats.json_lines import Refused
from ingest.mlflow.folder import read_run, run_folders
from ingest.mlflow.parse import run_of
from ingest.mlflow.to_bundle import file_bundle, run_bundle
from ingest.pipeline.commit_file import Found, Progress, commit_found
from ingest.pipeline.commit_page import Report


def ingest_mlflow(
    store: GraphStore, voice: Voice, path: Path, *, progress: Progress | None = None
) -> Report:
    """Commit the runs of an `mlruns` folder, or of the folder that holds one; links are not followed.

    Runs are counted; each file that they left gets a record of its own beside them, identified by its bytes.

    Raises:
        InputError: It can't be read, or holds no run.
    """
    run = {"query": path.name or "mlruns", "tool": "colineage ingest mlflow"}
    return commit_found(store, voice, "mlflow", _found(path), run, progress=progress)


def _found(path: Path) -> Iterator[Found | Refused]:
    said: set[str] = set()
    for folder in run_folders(path):
        where = f"{folder.parent.name}/{folder.name}"
        try:
            run, faults = run_of(read_run(folder))
        except OSError as error:
            yield Refused(where, f"expected a readable folder, got {error.strerror or error}")
            continue
        yield from (Refused(where, str(fault)) for fault in faults)
        if run is None:
            continue
        try:
            record = run_bundle(run)
        except BundleError as error:
            yield Refused(where, str(error))
            continue
        fresh = {one.sha256: one for one in run.artifacts if one.sha256 not in said}
        said |= fresh.keys()
        yield Found(record, tuple(file_bundle(one) for one in fresh.values()))
