"""Identify the work that a PDF is of, and record how that is known: never guessed from its title."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from graph.errors import Fault, InputError
from graph.model.identifiers import is_identifier, kinds_of, work_of
from graph.model.vocabulary import Kind
from ingest.pdf.extract.extraction import IdentityClaim

_NEW: Final = re.compile(r"(?:arxiv[:_-]?)?(\d{4}\.\d{4,5}(?:v[1-9]\d?)?)", re.IGNORECASE)
_OLD: Final = re.compile(r"([a-z-]+)[_-]?(\d{7}(?:v[1-9]\d?)?)")


_OF: Final = ("arxiv", "doi", "openalex", "work", "version")
_KINDS: Final = frozenset({Kind.WORK, Kind.VERSION})

GIVEN: Final = "given"
"""Method of an identity that somebody stated for the file."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Identity of a PDF: `citing_work` is the work whose references it prints, `claims` the reasons, surest first.

    `conflict` explains why nothing is stated where two sources of equal rank disagree.
    """

    citing_work: str | None
    claims: tuple[IdentityClaim, ...] = ()
    conflict: str | None = None


def given_claim(identifier: str) -> IdentityClaim:
    """Return the claim of a person or a download that a file is of this work.

    Raises:
        InputError: The id is not that of a work or a version.
    """
    is_of = identifier.partition(":")[0] in _OF and kinds_of(identifier) & _KINDS
    if not is_of:
        expected = f"a work or a version of one: {', '.join(_OF)}"
        raise InputError("a PDF is of a work", [Fault("--of", expected, identifier)])
    return IdentityClaim(identifier, GIVEN, "1", 1)


def identity_of(
    names: Sequence[IdentityClaim], file_names: Iterable[str], claim: IdentityClaim | None = None
) -> Identity:
    """Return the identity of a PDF: the stated work, else that of the document, else that of its file name.

    Args:
        names: The claims that the document makes about itself.
        file_names: The names of the file, without folders; it may be here several times.
        claim: The claim of a person or a download.
    """
    if claim is not None:
        return Identity(_work(claim.id), (claim,))
    file_ids = sorted({file_id for name in file_names if (file_id := id_from_file_name(name))})
    works = {_work(identifier) for identifier in file_ids}
    stamped = {_work(own.id) for own in names if own.id.startswith("arxiv:")}
    if len(works | stamped) > 1:
        works_text = ", ".join(sorted(works | stamped))
        return Identity(None, (), f"its name and its first page disagree: {works_text}")
    by_file = (IdentityClaim(identifier, "name of the file", "0.95", 1) for identifier in file_ids)
    claims = (*names[:1], *by_file)
    if works | stamped:
        return Identity((works | stamped).pop(), claims)
    return Identity(_work(names[0].id) if names else None, claims)


def id_from_file_name(name: str) -> str | None:
    """Return the arXiv id in a file's name, if it is one: `2512.05356v1.pdf`, `hep-th9901001.pdf`."""
    stem = name[:200].removesuffix(".pdf").removesuffix(".PDF")
    new, old = _NEW.fullmatch(stem), _OLD.fullmatch(stem)
    identifier = (
        f"arxiv:{new[1].lower()}" if new else f"arxiv:{old[1].rstrip('-')}/{old[2]}" if old else ""
    )
    return identifier if is_identifier(identifier) else None


def _work(identifier: str) -> str:
    return work_of(identifier) or identifier
