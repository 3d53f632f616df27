"""A commit as git tells it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A name on a commit. The address only helps to recognise a machine: no bundle ever holds it."""

    name: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; `at` is the committer's time, UTC. An export may not name the committer."""

    sha: str
    parents: tuple[str, ...]
    author: Person
    committer: Person | None
    at: str
    message: str
