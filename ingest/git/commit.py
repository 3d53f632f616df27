"""Commit model: a commit and the people on it, as git records them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Name on a commit. The address only helps to recognise a machine: no bundle ever holds it."""

    name: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """Git commit; `at` is the committer's time, UTC. An export may not name the committer."""

    sha: str
    parents: tuple[str, ...]
    author: Person
    committer: Person | None
    at: str
    message: str
