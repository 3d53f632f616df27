"""Read the contributors of a commit: its author and committer, trailers, marks and evidence of AI sessions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from graph.model.vocabulary import AgentNature, Autonomy, Degree, Role
from ingest.formats.text import one_line
from ingest.git.ai_recognition import Machine, ai_from_name, is_ai_tool, recognise
from ingest.git.commit import Commit, Person, person_of
from ingest.git.octets import lossless_text, shown_text

AI_NOT_NAMED: Final = "AI agent (not named)"
"""Name for an AI that took part in a commit, as evidence shows, and that the commit does not name."""


@dataclass(frozen=True, slots=True)
class CommitContribution:
    """Contribution of one agent to one commit; `method` is how we know, `text` the line that shows it.

    `served` are the octets of the name, where they are not the UTF-8 of `name`.
    """

    name: str
    machine: Machine | None
    role: Role | None
    degree: Degree | None
    method: str
    autonomy: Autonomy | None = None
    text: str | None = None
    has_address: bool = False
    served: bytes | None = None

    @property
    def octets(self) -> bytes:
        """Octets of the name: what it is identified by."""
        return self.name.encode() if self.served is None else self.served

    @property
    def is_ai(self) -> bool:
        """True when an AI contributed."""
        return self.machine is not None and self.machine.nature is AgentNature.AI


_TRAILER: Final = re.compile(
    r"^(co-authored-by|assisted-by|generated-by|reviewed-by|tested-by|claude-session|entire-checkpoint)"
    r":[ \t]*(\S.*)$",
    re.IGNORECASE | re.MULTILINE | re.ASCII,
)
_GENERATED: Final = re.compile(
    r"^(?:\N{ROBOT FACE}[ \t]*)?Generated (?:with|by) \[?([^\]\[()\n]{2,60}?)\]?[ \t]*(?:\((https?://[^)\s]*)\))?\.?$",
    re.IGNORECASE | re.MULTILINE,
)
_AIDER_MARK: Final = re.compile(r"(.+) \(aider\)", re.IGNORECASE)
_ASCII_SPACE: Final = " \t\n\v\f\r"
_ADDRESS: Final = re.compile(r"<([^<>]*)>")
_ROLES: Final[dict[str, tuple[Role, Degree | None, Autonomy | None]]] = {
    "co-authored-by": (Role.SOFTWARE, Degree.SUPPORTING, None),
    "assisted-by": (Role.SOFTWARE, Degree.SUPPORTING, Autonomy.AI_ASSISTED),
    "generated-by": (Role.SOFTWARE, None, Autonomy.AI_GENERATED),
    "reviewed-by": (Role.VALIDATION, None, None),
    "tested-by": (Role.VALIDATION, None, None),
}
_TRAILER_NAMES: Final = {
    "co-authored-by": "Co-authored-by",
    "assisted-by": "Assisted-by",
    "generated-by": "Generated-by",
    "reviewed-by": "Reviewed-by",
    "tested-by": "Tested-by",
    "claude-session": "Claude-Session",
    "entire-checkpoint": "Entire-Checkpoint",
}


def contributions_of(
    commit: Commit, machines: Mapping[bytes, Machine] = MappingProxyType({})
) -> tuple[CommitContribution, ...]:
    """Return the contributions that a commit names, each name once: the author first, then as it lists them.

    Lines that show an AI session without naming the AI (`Generated with [Claude Code]`,
    `Claude-Session:`, `Entire-Checkpoint:`) are evidence beside the AI that the commit names; where
    it names none they stand for one.

    Args:
        commit: The commit.
        machines: The machines of the repository by the names that its other commits show to be theirs, in octets.
    """
    contributions: dict[bytes, CommitContribution] = {}
    for contribution in (*_authors(commit), *_trailers(commit), *_committers(commit)):
        machine = contribution.machine or machines.get(contribution.octets)
        contributions.setdefault(contribution.octets, replace(contribution, machine=machine))
    evidence = tuple(_evidence(commit))
    if evidence:
        first_ai = next(
            (contribution for contribution in contributions.values() if contribution.is_ai), None
        )
        target = first_ai or contributions.get(evidence[0].octets)
        octets = target.octets if target else evidence[0].octets
        contributions[octets] = _with_evidence(target, evidence)
    return tuple(contributions.values())


def machines_in(commits: Iterable[Commit]) -> dict[bytes, Machine]:
    """Return the machines of a history by the octets of their names: marked in one commit, denied by none.

    A name that also stands beside an ordinary address is denied: whose it is stays unknown.
    """
    machines: dict[bytes, Machine] = {}
    ordinary_names: set[bytes] = set()
    for commit in commits:
        for contribution in contributions_of(commit):
            if contribution.machine:
                machines.setdefault(contribution.octets, contribution.machine)
            elif contribution.has_address:
                ordinary_names.add(contribution.octets)
    return {name: machine for name, machine in machines.items() if name not in ordinary_names}


def _authors(commit: Commit) -> Iterator[CommitContribution]:
    mark = _AIDER_MARK.fullmatch(lossless_text(commit.author.octets))
    marked = person_of(mark[1], commit.author.address, commit.encoding) if mark else None
    author = marked or commit.author
    if is_printable(author.name):
        yield _contribution(author, "author", Role.SOFTWARE, Degree.LEAD)
    if mark:
        yield _ai_contribution("aider", "author-name mark (aider)", None)


def _committers(commit: Commit) -> Iterator[CommitContribution]:
    """Yield the committer: without a role, as git records none. GitHub itself is skipped."""
    committer = commit.committer
    if committer and committer.name != "GitHub" and is_printable(committer.name):
        yield _contribution(committer, "committer", None, None)


def _trailers(commit: Commit) -> Iterator[CommitContribution]:
    for key, value in _trailer_pairs(commit.message):
        person = _person(value, commit.encoding) if key in _ROLES else None
        if person is None:
            continue
        role, degree, autonomy = _ROLES[key]
        contribution = replace(
            _contribution(person, f"{_TRAILER_NAMES[key]} trailer", role, degree), autonomy=autonomy
        )
        # These two trailers are for AI tools only.
        yield (
            replace(contribution, machine=contribution.machine or ai_from_name(contribution.name))
            if autonomy
            else contribution
        )


def _contribution(
    person: Person, method: str, role: Role | None, degree: Degree | None
) -> CommitContribution:
    machine = recognise(person.name, person.address)
    has_address = person.address is not None
    return CommitContribution(
        person.name, machine, role, degree, method, has_address=has_address, served=person.served
    )


def _evidence(commit: Commit) -> Iterator[CommitContribution]:
    """Yield the evidence of an AI session; a line that names its tool comes first."""
    message = shown_text(commit.message, commit.encoding)
    for match in _GENERATED.finditer(message):
        tool = one_line(match[1])
        if tool and is_ai_tool(tool):
            yield _ai_contribution(tool, "Generated with line", match[0])
    for key, value in _trailer_pairs(message):
        if key == "claude-session":
            yield _ai_contribution("Claude", "Claude-Session trailer", f"Claude-Session: {value}")
        elif key == "entire-checkpoint":
            yield _ai_contribution(
                AI_NOT_NAMED, "Entire-Checkpoint trailer", f"Entire-Checkpoint: {value}"
            )


def _ai_contribution(name: str, method: str, text: str | None) -> CommitContribution:
    return CommitContribution(
        name, ai_from_name(name), Role.SOFTWARE, None, method, text=one_line(text)
    )


def _with_evidence(
    named_ai: CommitContribution | None, evidence: tuple[CommitContribution, ...]
) -> CommitContribution:
    """Return the AI that the commit names, else the one that the evidence shows, with all the evidence."""
    contributions = ((named_ai,) if named_ai else ()) + evidence
    method = "; ".join(dict.fromkeys(contribution.method for contribution in contributions))
    text = "\n".join(
        dict.fromkeys(contribution.text for contribution in contributions if contribution.text)
    )
    first = contributions[0]
    return replace(
        first, machine=first.machine or evidence[0].machine, method=method, text=text or None
    )


def _trailer_pairs(message: str) -> Iterator[tuple[str, str]]:
    for match in _TRAILER.finditer(message):
        yield match[1].lower(), match[2].rstrip(_ASCII_SPACE)


def _person(text: str, encoding: str | None) -> Person | None:
    match = _ADDRESS.search(text)
    address = match[1].strip() if match else None
    person = person_of(text[: match.start()] if match else text, address, encoding)
    return person if person and is_printable(person.name) else None


def is_printable(name: str) -> bool:
    """Return whether the name may be stored: one with an e-mail address in it may not."""
    return not any(map(_is_mail, name.split()))


def _is_mail(word: str) -> bool:
    """Return whether a word has the form of an e-mail address: something, an @, something, a dot and something."""
    at = word.find("@", 1)
    return at > 0 and word.rfind(".", at + 2, -1) > 0
