"""Source port: the interface of a source that reads a file or a folder, and the items that it yields.

A new source is a folder of `ingest` with an implementation of `Source`, a line in `ingest.sources`, a scheme for its
identifiers (`graph.model.identifiers`) and its part of docs/sources.md. The loop that commits what it reads is
`ingest.pipeline.ingest_source`.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from graph.bundle.bundle import Bundle
from ingest.formats.json_lines import RefusedItem

Companions: TypeAlias = Callable[[Container[str]], Mapping[str, Bundle]]
"""Function that returns the records of what other items mention, too (an author, a file), by key, without the keys given."""


@dataclass(frozen=True, slots=True)
class SourceItem:
    """Item of a source, not yet a record.

    Attributes:
        where: Position in its source, such as `line 3`; a refusal names it.
        to_record: Returns its record; raises `BundleError` where it is too large for one bundle.
        companions: Returns the records beside it, which are not counted.
    """

    where: str
    to_record: Callable[[], Bundle]
    companions: Companions


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
