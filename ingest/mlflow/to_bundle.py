"""Convert an MLflow run to its record bundle, and each file that it left to a record of its own."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from graph.bundle.bundle import Bundle, record
from graph.model.canonical import Json, canonical_bytes
from graph.model.model import Body, Description, Edge, RecordSource
from graph.model.vocabulary import Kind, Relation
from ingest.formats.cut import short_text
from ingest.formats.mentions import mention_id
from ingest.formats.text import one_line
from ingest.interface import Companion
from ingest.mlflow.run import Artifact, Run

SOURCE: Final = "source:mlflow"
MAPPING: Final = "mlflow-run/100"

_SEEDS: Final = re.compile(r"(?:.*[._/-])?(?:\w*seed|random_?state)", re.IGNORECASE)
_ENVIRONMENTS: Final = ("requirements.txt", "conda.yaml", "python_env.yaml")


def run_bundle(run: Run) -> Bundle:
    """Return the record of a run, without an address of its machine.

    Raises:
        BundleError: It is too large for one bundle.
    """
    if run.deleted:
        node = Description(run.id, Kind.RUN, {"deleted": True})
        return record(SOURCE, run.at, RecordSource(run.id, MAPPING), Body((node,)))
    nodes = [Description(run.id, Kind.RUN, _description(run))]
    edges = list(_edges(run))
    if run.user and run.served_user:
        mention = mention_id(run.id, run.served_user)
        nodes.append(Description(mention, Kind.MENTION, short_text("name", run.user)))
        edges.append(Edge(run.id, Relation.WAS_ASSOCIATED_WITH, mention))
    return record(SOURCE, run.at, RecordSource(run.id, MAPPING), Body(tuple(nodes), tuple(edges)))


def files_of(run: Run) -> Iterator[Companion]:
    """Yield the files that a run left: another run may have left the same bytes."""
    for artifact in run.artifacts:
        yield Companion(f"sha256:{artifact.sha256}", partial(_file_bundle, artifact))


def _file_bundle(artifact: Artifact) -> Bundle:
    """Return the record of a file, identified by its bytes alone: its names stand on the edges from it, and no date."""
    identifier = f"sha256:{artifact.sha256}"
    node = Description(identifier, Kind.FILE, {"size_bytes": artifact.size_bytes})
    return record(SOURCE, None, RecordSource(identifier, MAPPING), Body((node,)))


def _edges(run: Run) -> Iterable[Edge]:
    if run.commit:
        yield Edge(run.id, Relation.USED, f"git:{run.commit}")
    if run.parent:
        experiment = run.id.removeprefix("mlflow:").partition("/")[0]
        yield Edge(run.id, Relation.WAS_INFORMED_BY, f"mlflow:{experiment}/{run.parent}")
    for artifact in run.artifacts:
        identifier = f"sha256:{artifact.sha256}"
        yield Edge(identifier, Relation.WAS_GENERATED_BY, run.id, {"name": _name(artifact)})


def _description(run: Run) -> dict[str, Json]:
    attributes: dict[str, Json | None] = {
        "status": run.status,
        "started": run.started,
        "ended": run.ended,
        "entry_point": run.entry_point,
        "commit": run.commit,
        "seed": _seed(run),
        "digest": "; ".join(f"{data.name} {data.digest}" for data in run.datasets) or None,
        "environment": _environment(run),
        "params": _sorted_list(_name_and_value(name, value) for name, value in run.params),
        "tags": _sorted_list(_name_and_value(name, value) for name, value in run.tags),
        "metrics": _sorted_list(
            {"name": metric.name, "value": metric.value}
            | ({} if metric.step is None else {"step": metric.step})
            for metric in run.metrics
        ),
    }
    known = {key: value for key, value in attributes.items() if value is not None}
    return short_text("name", run.name) | known


def _name_and_value(name: str, value: str) -> dict[str, str]:
    """Return a parameter or a tag; where MLflow has an empty value, the name alone."""
    return {"name": name, "value": value} if value else {"name": name}


def _sorted_list(items: Iterable[dict[str, str] | dict[str, str | int]]) -> list[Json] | None:
    return sorted(items, key=canonical_bytes) or None


def _seed(run: Run) -> str | None:
    """Return the one value of the parameters named as a seed; `None` where they differ."""
    values = {value for name, value in run.params if value and _SEEDS.fullmatch(name)}
    return values.pop() if len(values) == 1 else None


def _environment(run: Run) -> str | None:
    """Return the files in which MLflow recorded the environment, with their hashes."""
    files = [
        f"{_name(artifact)} sha256:{artifact.sha256}"
        for artifact in run.artifacts
        if artifact.path.rpartition("/")[2] in _ENVIRONMENTS
    ]
    return "; ".join(files) or None


def _name(artifact: Artifact) -> str:
    """Return the path of the file in Unicode's NFC: a file system may spell it otherwise."""
    return one_line(artifact.path) or "unnamed"
