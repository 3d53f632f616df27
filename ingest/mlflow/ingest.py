"""Import the runs of an MLflow `mlruns` folder into a store."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from ingest.formats.json_lines import RefusedItem
from ingest.interface import Source, SourceItem
from ingest.mlflow.folder import read_run, run_folders
from ingest.mlflow.parse import run_of
from ingest.mlflow.to_bundle import files_of, run_bundle
from ingest.pipeline.ingest_source import ingest_source


class _MlflowFolder:
    """Folder `mlruns`, or the folder that holds one; links are not followed.

    Runs are counted; each file that they left gets a record of its own beside them, identified by its bytes.
    """

    name = "mlflow"

    def run_attributes(self, path: Path) -> dict[str, str]:
        """See `Source`."""
        return {"query": path.name or "mlruns"}

    def read(self, path: Path) -> Iterator[SourceItem | RefusedItem]:
        """Yield the runs, and the faults of each."""
        for folder in run_folders(path):
            where = f"{folder.parent.name}/{folder.name}"
            try:
                run, faults = run_of(read_run(folder))
            except OSError as error:
                reason = f"expected a readable folder, got {error.strerror or error}"
                yield RefusedItem(where, reason)
                continue
            yield from (RefusedItem(where, str(fault)) for fault in faults)
            if run is not None:
                yield SourceItem(where, partial(run_bundle, run), partial(files_of, run))


MLFLOW: Final[Source] = _MlflowFolder()
ingest_mlflow: Final = partial(ingest_source, MLFLOW)
