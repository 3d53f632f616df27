"""Read the files of an MLflow run's folder as bytes: no link is followed, and every size has a limit."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import Fault, InputError
from ingest.mlflow.run import Artifact

MAX_FILE_BYTES: Final = 2**20
MAX_METRIC_BYTES: Final = 64 * 2**20
MAX_FILES: Final = 10_000
MAX_ARTIFACT_BYTES: Final = 2 * 2**30
MAX_DEPTH: Final = 16


@dataclass(frozen=True, slots=True)
class RunFiles:
    """Contents of a run's folder; names are paths inside `params`, `metrics`, `tags`.

    `datasets` are the `meta.yaml` files of the data sets that its inputs name; `left_out` lists what
    was not read, with the reason.
    """

    experiment: str
    run: str
    meta: bytes
    params: dict[str, bytes]
    metrics: dict[str, bytes]
    tags: dict[str, bytes]
    inputs: dict[str, bytes]
    datasets: dict[str, bytes]
    artifacts: tuple[Artifact, ...]
    left_out: tuple[str, ...]


def run_folders(path: Path) -> Iterator[Path]:
    """Yield the folders of runs in an `mlruns` folder, or in the folder that holds one, in a fixed order.

    Raises:
        InputError: It can't be read or holds no experiment.
    """
    root = path / "mlruns" if (path / "mlruns").is_dir() else path
    try:
        experiments = [folder for folder in _folders(root) if _is_file(folder / "meta.yaml")]
        if not experiments:
            expected = "an mlruns folder: a folder for each experiment, with its meta.yaml"
            raise InputError(
                f"{path.name} can't be read", [Fault("the folder", expected, "none of these")]
            )
        for experiment in experiments:
            yield from (folder for folder in _folders(experiment) if _is_file(folder / "meta.yaml"))
    except OSError as error:
        expected = "a readable folder"
        raise InputError(
            f"{path.name} can't be read",
            [Fault("the folder", expected, error.strerror or str(error))],
        ) from error


def read_run(folder: Path) -> RunFiles:
    """Read the files of one run.

    Raises:
        OSError: One can't be read.
    """
    left_out: list[str] = []
    meta = _read_small_file(folder / "meta.yaml", MAX_FILE_BYTES, left_out) or b""
    inputs = _read_tree(folder / "inputs", MAX_FILE_BYTES, left_out)
    return RunFiles(
        experiment=folder.parent.name,
        run=folder.name,
        meta=meta,
        params=_read_tree(folder / "params", MAX_FILE_BYTES, left_out),
        metrics=_read_tree(folder / "metrics", MAX_METRIC_BYTES, left_out),
        tags=_read_tree(folder / "tags", MAX_FILE_BYTES, left_out),
        inputs=inputs,
        datasets=_read_tree(folder.parent / "datasets", MAX_FILE_BYTES, left_out) if inputs else {},
        artifacts=tuple(_artifacts(folder / "artifacts", left_out)),
        left_out=tuple(left_out),
    )


def _folders(path: Path) -> list[Path]:
    """Return the folders in a folder, by name; none that is hidden (`.trash`) or a link."""
    with os.scandir(path) as entries:
        names = [e.name for e in entries if e.is_dir(follow_symlinks=False)]
    return [path / name for name in sorted(names) if not name.startswith(".")]


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _files(path: Path, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder with their paths in it."""
    waiting = [(path, "", 0)]
    count = 0
    while waiting:
        folder, before, depth = waiting.pop()
        if folder.is_symlink() or not folder.is_dir():
            continue
        with os.scandir(folder) as entries:
            children = sorted(entries, key=lambda entry: entry.name)
        for entry in children:
            name = before + entry.name
            if entry.is_symlink():
                left_out.append(f"{path.name}/{name}: expected a file, got a link")
            elif entry.is_dir() and depth < MAX_DEPTH:
                waiting.append((Path(entry.path), f"{name}/", depth + 1))
            elif entry.is_file() and not entry.name.startswith("."):
                count += 1
                if count > MAX_FILES:
                    left_out.append(f"{path.name}: expected at most {MAX_FILES} files, got more")
                    return
                yield name, Path(entry.path)


def _read_small_file(path: Path, limit: int, left_out: list[str]) -> bytes | None:
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        left_out.append(f"{path.parent.name}/{path.name}: expected at most {limit} bytes, got more")
        return None
    return data


def _read_tree(path: Path, limit: int, left_out: list[str]) -> dict[str, bytes]:
    contents = (
        (name, _read_small_file(file, limit, left_out)) for name, file in _files(path, left_out)
    )
    return {name: data for name, data in sorted(contents) if data is not None}


def _artifacts(path: Path, left_out: list[str]) -> Iterator[Artifact]:
    for name, file in sorted(_files(path, left_out)):
        size = file.stat().st_size
        if size > MAX_ARTIFACT_BYTES:
            left_out.append(
                f"artifacts/{name}: expected at most {MAX_ARTIFACT_BYTES} bytes, got {size}"
            )
            continue
        with file.open("rb") as stream:
            yield Artifact(name, hashlib.file_digest(stream, "sha256").hexdigest(), size)
