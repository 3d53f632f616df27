"""Source port: the interface of a source that reads a file or a folder, and the items that it yields.

A new source is a folder of `ingest` with an implementation of `Source`, a line in `ingest.sources`, a scheme for its
identifiers (`graph.model.identifiers`) and its part of docs/sources.md. The loop that commits what it reads is
`ingest.pipeline.ingest_source`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graph.bundle.bundle import Bundle
from ingest.formats.json_lines import RefusedItem


@dataclass(frozen=True, slots=True)
class Companion:
    """Thing that other items mention, too (an author, a file): it has a record of its own, which is not counted.

    Of one that several items mention the first is recorded, and again only what is newer and says something else.

    Attributes:
        id: Its id.
        to_record: Returns its record.
        at: Time of the record; `None` where it is undated.
        content: What the item says of it, to be compared with what another says.
    """

    id: str
    to_record: Callable[[], Bundle]
    at: str | None = None
    content: object = None


@dataclass(frozen=True, slots=True)
class SourceItem:
    """Item of a source, not yet a record.

    Attributes:
        where: Position in its source, such as `line 3`; a refusal names it.
        to_record: Returns its record; raises `BundleError` where it is too large for one bundle.
        companions: Returns the things beside it.
    """

    where: str
    to_record: Callable[[], Bundle]
    companions: Callable[[], Iterable[Companion]] = tuple


class Source(Protocol):
    """Source of records, such as git."""

    @property
    def name(self) -> str:
        """Name of the source: of its command (`ingest git`), in reports and in messages."""
        ...

    def run_attributes(self, path: Path) -> Mapping[str, str]:
        """Return the attributes of a run that identify its input: `query` is its name, `answer` the hash of a file.

        Raises:
            InputError: It can't be read.
        """
        ...

    def read(self, path: Path) -> Iterator[SourceItem | RefusedItem]:
        """Yield the items of an input, each once, in an order that doesn't change, and what was refused on the way.

        Raises:
            InputError: It can't be read.
            SourceError: A program that reads it is missing.
        """
        ...
