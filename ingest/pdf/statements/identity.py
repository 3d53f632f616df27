"""Which work a PDF is of, and how that is known: never guessed from its title."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from graph.errors import Fault, InputError
from graph.model.identifiers import is_identifier, kinds_of, work_of
from graph.model.vocabulary import Kind
from ingest.pdf.extract.extraction import Named

_NEW: Final = re.compile(r"(?:arxiv[:_-]?)?(\d{4}\.\d{4,5}(?:v[1-9]\d?)?)", re.IGNORECASE)
_OLD: Final = re.compile(r"([a-z-]+)[_-]?(\d{7}(?:v[1-9]\d?)?)")


_OF: Final = ("arxiv", "doi", "openalex", "work", "version")
_KINDS: Final = frozenset({Kind.WORK, Kind.VERSION})

GIVEN: Final = "given"
"""How it is known what a file is of where somebody said so."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file is of: `cites` is whose references these are, `said` what tells so, surest first.

    `conflict` says in words why nothing is stated where two sources of equal rank disagree.
    """

    cites: str | None
    said: tuple[Named, ...] = ()
    conflict: str | None = None


def given(identifier: str) -> Named:
    """The word of somebody on which work a file is.

    Raises:
        InputError: What carries such an id is no work.
    """
    is_of = identifier.partition(":")[0] in _OF and kinds_of(identifier) & _KINDS
    if not is_of:
        wanted = f"a work or a version of one: {', '.join(_OF)}"
        raise InputError("a PDF is of a work", [Fault("--of", wanted, identifier)])
    return Named(identifier, GIVEN, "1", 1)


def identity_of(
    names: Sequence[Named], file_names: Iterable[str], given: Named | None = None
) -> Identity:
    """Which work it is: what was given, else what the document says, else what its file is called.

    Args:
        names: What the document says of itself.
        file_names: What the file is called, without folders; it may be here several times.
        given: What a person or a download says.
    """
    if given is not None:
        return Identity(_work(given.id), (given,))
    called = sorted({found for name in file_names if (found := named_by_file(name))})
    works = {_work(one) for one in called}
    stamped = {_work(one.id) for one in names if one.id.startswith("arxiv:")}
    if len(works | stamped) > 1:
        each = ", ".join(sorted(works | stamped))
        return Identity(None, (), f"its name and its first page disagree: {each}")
    said = (*names[:1], *(Named(one, "name of the file", "0.95", 1) for one in called))
    if works | stamped:
        return Identity((works | stamped).pop(), said)
    return Identity(_work(names[0].id) if names else None, said)


def named_by_file(name: str) -> str | None:
    """The arXiv id that a file's name is, if it is one: `2512.05356v1.pdf`, `hep-th9901001.pdf`."""
    stem = name[:200].removesuffix(".pdf").removesuffix(".PDF")
    new, old = _NEW.fullmatch(stem), _OLD.fullmatch(stem)
    found = (
        f"arxiv:{new[1].lower()}" if new else f"arxiv:{old[1].rstrip('-')}/{old[2]}" if old else ""
    )
    return found if is_identifier(found) else None


def _work(identifier: str) -> str:
    return work_of(identifier) or identifier
