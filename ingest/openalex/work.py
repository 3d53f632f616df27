"""OpenAlex work as a value, with its authorships, subjects and venue."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Authorship:
    """Authorship of a work; `id` and `orcid` are canonical, `printed_name` the name on the paper.

    `served_name` is the name as OpenAlex serves it, letter by letter; `name` is the same in one clean line.
    """

    position: int
    name: str
    served_name: str
    id: str | None
    orcid: str | None
    printed_name: str | None
    affiliation: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """Subject of a work, a concept or topic; `score` is the text of the number."""

    id: str
    name: str
    level: int | None
    score: str | None


@dataclass(frozen=True, slots=True)
class Venue:
    """Venue where a work was published; `id` is canonical, where one is given."""

    name: str
    id: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """A work as OpenAlex states it; `None`: not stated. Ids are canonical."""

    id: str
    updated: str | None
    title: str | None
    abstract: str | None
    year: int | None
    date: str | None
    work_type: str | None
    retracted: bool | None
    language: str | None
    keywords: tuple[str, ...]
    venue: Venue | None
    same_as: tuple[str, ...]
    authors: tuple[Authorship, ...]
    subjects: tuple[Subject, ...]
    references: tuple[str, ...]
