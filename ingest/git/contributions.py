"""Read the contributors of a commit: its author and committer, trailers, marks and evidence of AI sessions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from graph.model.vocabulary import Autonomy, Degree, Nature, Role
from ingest.formats.text import one_line
from ingest.git.ai_recognition import Machine, ai_named, is_ai_tool, recognised
from ingest.git.commit import Commit, Person

AI_NOT_NAMED: Final = "AI agent (not named)"
"""Name for an AI that took part in a commit, as evidence shows, and that the commit does not name."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """Contribution of one agent to one commit; `method` is how we know, `text` the line that shows it."""

    name: str
    machine: Machine | None
    role: Role | None
    degree: Degree | None
    method: str
    autonomy: Autonomy | None = None
    text: str | None = None
    has_address: bool = False

    @property
    def is_ai(self) -> bool:
        """True when an AI contributed."""
        return self.machine is not None and self.machine.nature is Nature.AI


_TRAILER: Final = re.compile(
    r"^(co-authored-by|assisted-by|generated-by|reviewed-by|tested-by|claude-session|entire-checkpoint)"
    r":[ \t]*(\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_GENERATED: Final = re.compile(
    r"^(?:\N{ROBOT FACE}[ \t]*)?Generated (?:with|by) \[?([^\]\[()\n]{2,60}?)\]?[ \t]*(?:\((https?://[^)\s]*)\))?\.?$",
    re.IGNORECASE | re.MULTILINE,
)
_AIDER_MARK: Final = re.compile(r"(.+) \(aider\)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"<([^<>]*)>")
_ROLES: Final[dict[str, tuple[Role, Degree | None, Autonomy | None]]] = {
    "co-authored-by": (Role.SOFTWARE, Degree.SUPPORTING, None),
    "assisted-by": (Role.SOFTWARE, Degree.SUPPORTING, Autonomy.AI_ASSISTED),
    "generated-by": (Role.SOFTWARE, None, Autonomy.AI_GENERATED),
    "reviewed-by": (Role.VALIDATION, None, None),
    "tested-by": (Role.VALIDATION, None, None),
}
_SHOWN: Final = {
    "co-authored-by": "Co-authored-by",
    "assisted-by": "Assisted-by",
    "generated-by": "Generated-by",
    "reviewed-by": "Reviewed-by",
    "tested-by": "Tested-by",
    "claude-session": "Claude-Session",
    "entire-checkpoint": "Entire-Checkpoint",
}


def contributions_of(
    commit: Commit, known: Mapping[str, Machine] = MappingProxyType({})
) -> tuple[Contribution, ...]:
    """Return the contributions that a commit names, each name once: the author first, then as it lists them.

    Lines that show an AI session without naming the AI (`Generated with [Claude Code]`,
    `Claude-Session:`, `Entire-Checkpoint:`) are evidence beside the AI that the commit names; where
    it names none they stand for one.

    Args:
        commit: The commit.
        machines: The machines of the repository by the names that its other commits show to be theirs.
    """
    named: dict[str, Contribution] = {}
    for one in (*_authors(commit), *_trailers(commit.message), *_committers(commit)):
        named.setdefault(one.name, replace(one, machine=one.machine or known.get(one.name)))
    evidence = tuple(_evidence(commit.message))
    if evidence:
        first = next((one for one in named.values() if one.is_ai), None)
        shown = first or named.get(evidence[0].name)
        name = shown.name if shown else evidence[0].name
        named[name] = _with_evidence(shown, evidence)
    return tuple(named.values())


def machines_in(commits: Iterable[Commit]) -> dict[str, Machine]:
    """Return the machines of a history by name: marked in one commit, denied by none.

    A name that also stands beside an ordinary address is denied: whose it is stays unknown.
    """
    found: dict[str, Machine] = {}
    denied: set[str] = set()
    for commit in commits:
        for one in contributions_of(commit):
            if one.machine:
                found.setdefault(one.name, one.machine)
            elif one.has_address:
                denied.add(one.name)
    return {name: machine for name, machine in found.items() if name not in denied}


def _authors(commit: Commit) -> Iterator[Contribution]:
    mark = _AIDER_MARK.fullmatch(commit.author.name)
    author = replace(commit.author, name=mark[1]) if mark else commit.author
    if is_printable(author.name):
        yield _of(author, "author", Role.SOFTWARE, Degree.LEAD)
    if mark:
        yield _shown("aider", "author-name mark (aider)", None)


def _committers(commit: Commit) -> Iterator[Contribution]:
    """Yield the committer: without a role, as git records none. GitHub itself is skipped."""
    committer = commit.committer
    if committer and committer.name != "GitHub" and is_printable(committer.name):
        yield _of(committer, "committer", None, None)


def _trailers(message: str) -> Iterator[Contribution]:
    for key, value in _keyed(message):
        person = _person(value) if key in _ROLES else None
        if person is None:
            continue
        role, degree, autonomy = _ROLES[key]
        one = replace(_of(person, f"{_SHOWN[key]} trailer", role, degree), autonomy=autonomy)
        # These two trailers are for AI tools only.
        yield replace(one, machine=one.machine or ai_named(one.name)) if autonomy else one


def _of(person: Person, method: str, role: Role | None, degree: Degree | None) -> Contribution:
    machine = recognised(person.name, person.address)
    has_address = person.address is not None
    return Contribution(person.name, machine, role, degree, method, has_address=has_address)


def _evidence(message: str) -> Iterator[Contribution]:
    """Yield the evidence of an AI session; a line that names its tool comes first."""
    for match in _GENERATED.finditer(message):
        tool = one_line(match[1])
        if tool and is_ai_tool(tool):
            yield _shown(tool, "Generated with line", match[0])
    for key, value in _keyed(message):
        if key == "claude-session":
            yield _shown("Claude", "Claude-Session trailer", f"Claude-Session: {value}")
        elif key == "entire-checkpoint":
            yield _shown(AI_NOT_NAMED, "Entire-Checkpoint trailer", f"Entire-Checkpoint: {value}")


def _shown(name: str, method: str, text: str | None) -> Contribution:
    return Contribution(name, ai_named(name), Role.SOFTWARE, None, method, text=one_line(text))


def _with_evidence(shown: Contribution | None, evidence: tuple[Contribution, ...]) -> Contribution:
    """Return the AI that the commit names, else the one that the evidence shows, with all the evidence."""
    every = ((shown,) if shown else ()) + evidence
    method = "; ".join(dict.fromkeys(one.method for one in every))
    text = "\n".join(dict.fromkeys(one.text for one in every if one.text))
    first = every[0]
    return replace(
        first, machine=first.machine or evidence[0].machine, method=method, text=text or None
    )


def _keyed(message: str) -> Iterator[tuple[str, str]]:
    for match in _TRAILER.finditer(message):
        yield match[1].lower(), match[2].strip()


def _person(text: str) -> Person | None:
    match = _ADDRESS.search(text)
    name = one_line(text[: match.start()] if match else text)
    if name is None or not is_printable(name):
        return None
    return Person(name, match[1].strip() if match else None)


def is_printable(name: str) -> bool:
    """Return whether the name may be stored: one with an e-mail address in it may not."""
    return not any(map(_is_mail, name.split()))


def _is_mail(word: str) -> bool:
    """Return whether a word has the form of an e-mail address: something, an @, something, a dot and something."""
    at = word.find("@", 1)
    return at > 0 and word.rfind(".", at + 2, -1) > 0
