"""Commit model: a commit and the people on it, as git records them."""

from dataclasses import dataclass

from ingest.formats.text import one_line
from ingest.git.octets import octets_of, shown_text


@dataclass(frozen=True, slots=True)
class Person:
    """Name on a commit. The address only helps to recognise a machine: no bundle ever holds it.

    `served` are the octets of the name as they stand in the commit, where they are not the UTF-8 of `name`.
    """

    name: str
    address: str | None = None
    served: bytes | None = None

    @property
    def octets(self) -> bytes:
        """Octets of the name: what it is identified by."""
        return self.name.encode() if self.served is None else self.served


@dataclass(frozen=True, slots=True)
class Commit:
    """Git commit; `at` is the committer's time, UTC. An export may not name the committer.

    `message` is a lossless text (`ingest.git.octets`), to be read in the `encoding` that the commit states.
    """

    sha: str
    parents: tuple[str, ...]
    author: Person
    committer: Person | None
    at: str
    message: str
    encoding: str | None = None


def person_of(text: str, address: str | None, encoding: str | None = None) -> Person | None:
    """Return the person of a name in lossless text; `None` where there is nothing to show.

    Args:
        text: The name; ASCII space around it is no part of it.
        address: The address beside it.
        encoding: The encoding that the commit states.
    """
    octets = octets_of(text).strip()
    name = one_line(shown_text(text, encoding))
    if name is None:
        return None
    return Person(name, address or None, None if octets == name.encode() else octets)
