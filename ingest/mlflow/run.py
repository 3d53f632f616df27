"""A run as MLflow's file store holds it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """The value of a metric at its last step; `value` is the text of the number."""

    name: str
    value: str
    step: int | None


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that the run left, by its content; `path` is inside the run's artifacts."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set that the run read; `digest` is MLflow's own, short and no SHA-256."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run; `None`: the file store doesn't hold it. `at` is the time of the last known event.

    `served_user` is the user's name in the octets of its tag, or as the file of the run states it.
    """

    id: str
    at: str | None
    name: str | None
    status: str | None
    deleted: bool
    started: str | None
    ended: str | None
    user: str | None
    served_user: bytes | str | None
    entry_point: str | None
    commit: str | None
    parent: str | None
    params: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]
    metrics: tuple[Metric, ...]
    datasets: tuple[Dataset, ...]
    artifacts: tuple[Artifact, ...]
