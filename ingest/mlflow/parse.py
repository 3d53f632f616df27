"""Parse the bytes of an MLflow run's files into a run.

The layout is that of MLflow's file store (mlflow/store/tracking/file_store.py): `meta.yaml`, one file
a parameter and a tag, one a metric with lines `timestamp value step`, times in milliseconds.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from graph.errors import Fault
from graph.model.identifiers import is_identifier
from ingest.formats.decimals import decimal_of
from ingest.formats.text import clean, one_line
from ingest.formats.timestamps import utc_of_seconds
from ingest.formats.yaml import parse_yaml
from ingest.mlflow.folder import RunFiles
from ingest.mlflow.run import Dataset, Metric, Run

_STATUS: Final = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}
_INTEGER: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_RUN: Final = re.compile(r"[\w.-]+", re.ASCII)
_ABSOLUTE: Final = re.compile(r"(?:file:)?(?:/|\\\\|[A-Za-z]:[\\/]).*", re.DOTALL)
_NOT_FINITE: Final = {
    "nan": "NaN",
    "inf": "Infinity",
    "+inf": "Infinity",
    "infinity": "Infinity",
    "-inf": "-Infinity",
    "-infinity": "-Infinity",
}
# Stated elsewhere in the run, or an address of a machine.
_OWN_TAGS: Final = frozenset(
    {
        "mlflow.log-model.history",
        "mlflow.parentRunId",
        "mlflow.runName",
        "mlflow.source.git.commit",
        "mlflow.source.name",
        "mlflow.user",
    }
)


def run_of(files: RunFiles) -> tuple[Run | None, list[Fault]]:
    """Parse the run and return it with the faults of what was refused; `None` where the folder holds none."""
    parser = _RunParser(files)
    return parser.run(), parser.faults


class _RunParser:
    """Parser of one run that collects its faults."""

    def __init__(self, files: RunFiles) -> None:
        self.files = files
        self.faults = [
            Fault(omission.partition(": ")[0], "what can be read", omission)
            for omission in files.left_out
        ]
        self.times: list[int] = []

    def fault(self, where: str, expected: str, got: object) -> None:
        self.faults.append(Fault(where, expected, repr(got)[:80]))

    def run(self) -> Run | None:
        files = self.files
        identifier = f"mlflow:{files.experiment}/{files.run}"
        meta = self._yaml("meta.yaml", files.meta)
        if meta is None:
            return None
        if not is_identifier(identifier):
            self.fault("the folder", "names of letters, digits, dots, lines", identifier)
            return None
        tags = self._texts("tags", files.tags)
        started, ended = self._time("start_time", meta), self._time("end_time", meta)
        self._time("deleted_time", meta)
        metrics = tuple(self._metrics())
        user, served_user = self._user(meta)
        status = one_line(meta.get("status"))
        return Run(
            id=identifier,
            at=utc_of_seconds(max(self.times) // 1000) if self.times else None,
            name=one_line(meta.get("run_name")) or one_line(tags.get("mlflow.runName")),
            status=_STATUS.get(status, status) if status else None,
            deleted=meta.get("lifecycle_stage") == "deleted",
            started=started,
            ended=ended,
            user=user,
            served_user=served_user,
            entry_point=_base_name(one_line(tags.get("mlflow.source.name"))),
            commit=self._matching_tag("mlflow.source.git.commit", tags, _COMMIT, "40 hex digits"),
            parent=self._matching_tag("mlflow.parentRunId", tags, _RUN, "the id of a run"),
            params=tuple(self._texts("params", files.params).items()),
            tags=tuple(_other_tags(tags)),
            metrics=metrics,
            datasets=tuple(self._datasets()),
            artifacts=files.artifacts,
        )

    def _yaml(self, where: str, data: bytes) -> dict[str, object] | None:
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            self.fault(where, "UTF-8", f"byte {error.start} that is not")
            return None
        # Plain scalars stay text: a run's id may look like a number.
        node, faults = parse_yaml(text, plain=str)
        self.faults += [replace(fault, where=f"{where}, {fault.where}") for fault in faults]
        if node is None or isinstance(node.value, dict):
            return node.value if node else None
        self.fault(where, "names with values", type(node.value).__name__)
        return None

    def _texts(self, where: str, files: dict[str, bytes]) -> dict[str, str]:
        """Return the values by name; an empty value stays, since MLflow allows it."""
        texts = {}
        for name, data in files.items():
            key = one_line(name)
            if key is None:
                self.fault(f"{where}/{name}", "a name", name)
            else:
                texts[key] = clean(data.decode(errors="replace")) or ""
        return texts

    def _user(self, meta: dict[str, object]) -> tuple[str | None, bytes | str | None]:
        """Return the user's name on one clean line, and as it is served: the octets of a tag, or a value of `meta.yaml`."""
        octets = self.files.tags.get("mlflow.user", b"")
        if user := one_line(octets.decode(errors="replace")):
            return user, octets
        value = meta.get("user_id")
        return one_line(value), value if isinstance(value, str) else None

    def _time(self, key: str, meta: dict[str, object]) -> str | None:
        text = one_line(meta.get(key))
        if text is None or text in {"null", "None", "~"}:
            return None
        moment = self._moment(text)
        if moment is None:
            self.fault(key, "milliseconds since 1970", text)
        return moment

    def _moment(self, text: str) -> str | None:
        """Convert a text of milliseconds to a time, and keep it as one of the run's times."""
        milliseconds = int(text) if _INTEGER.fullmatch(text) else None
        moment = None if milliseconds is None else utc_of_seconds(milliseconds // 1000)
        if moment and milliseconds is not None:
            self.times.append(milliseconds)
        return moment

    def _matching_tag(
        self, key: str, tags: dict[str, str], form: re.Pattern[str], expected: str
    ) -> str | None:
        text = tags.get(key)
        if not text:
            return None
        if form.fullmatch(text):
            return text
        self.fault(f"tags/{key}", expected, text)
        return None

    def _metrics(self) -> Iterator[Metric]:
        for name, data in self.files.metrics.items():
            points = [
                self._point(name, k, line) for k, line in enumerate(data.splitlines(), start=1)
            ]
            valid_points = [point for point in points if point]
            key = one_line(name)
            if not valid_points or key is None:
                self.fault(f"metrics/{name}", "lines `timestamp value step`", "none")
                continue
            # MLflow's own rule: the last step, and of it the last time.
            step, _, _, value = max(valid_points, key=lambda point: point[:3])
            yield Metric(key, value, step if step >= 0 else None)

    def _point(self, name: str, number: int, line: bytes) -> tuple[int, int, int, str] | None:
        """Parse a line into step, time in milliseconds, line number, value."""
        parts = line.decode(errors="replace").split()
        if not parts:
            return None
        text = parts[1] if len(parts) > 1 else ""
        value = decimal_of(_NOT_FINITE.get(text.lower(), text))
        step = parts[2] if len(parts) > 2 else "0"
        if value is None or not (
            _INTEGER.fullmatch(step) and abs(int(step)) < 2**53 and self._moment(parts[0])
        ):
            self.fault(f"metrics/{name}:{number}", "`timestamp value step`", " ".join(parts))
            return None
        return int(step), int(parts[0]), number, value

    def _datasets(self) -> Iterator[Dataset]:
        for path, data in self.files.inputs.items():
            dataset_input = self._yaml(f"inputs/{path}", data)
            source = one_line((dataset_input or {}).get("source_id"))
            meta_bytes = self.files.datasets.get(f"{source}/meta.yaml")
            meta = self._yaml(f"datasets/{source}/meta.yaml", meta_bytes) if meta_bytes else None
            name, digest = one_line((meta or {}).get("name")), one_line((meta or {}).get("digest"))
            if name and digest:
                yield Dataset(name, digest)
            else:
                self.fault(f"inputs/{path}", "a data set with name and digest", source)


def _other_tags(tags: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the tags that add to the run's own fields; of a path on a machine only its last part."""
    for name, value in tags.items():
        if name not in _OWN_TAGS and not name.startswith("mlflow.databricks."):
            yield name, _base_name(value) or ""


def _base_name(text: str | None) -> str | None:
    if text is None or not _ABSOLUTE.fullmatch(text):
        return text
    return re.split(r"[\\/]", text.rstrip("\\/"))[-1] or None
