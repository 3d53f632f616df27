"""Turn a commit, or a name in a repository, into its record."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from graph.bundle.bundle import Bundle, record
from graph.model.canonical import Json
from graph.model.model import Body, Description, Edge, RecordSource
from graph.model.vocabulary import AgentNature, Derivation, IdentificationBasis, Kind, Relation
from ingest.formats.cut import short_text
from ingest.formats.mentions import mention_id
from ingest.formats.text import clean
from ingest.git.ai_recognition import Machine
from ingest.git.commit import Commit
from ingest.git.contributions import CommitContribution, contributions_of
from ingest.git.octets import shown_text
from ingest.interface import Companion

SOURCE: Final = "source:git"
MAPPING: Final = "git-commit/100"

_BRACKETED: Final = re.compile(r"(?:(?<![ \t])[ \t]+)?<([^<>\s]+)>")
# `git@host:path` and `package@1.2.3` are no addresses of people.
_MAIL: Final = re.compile(
    r"(?<![\w/.@+-])[\w.+-]+(?:\[bot\])?@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![\w/]|:\w)"
)
_LEFT_OUT: Final = "[e-mail left out]"


def commit_bundle(commit: Commit, root: str, machines: Mapping[bytes, Machine]) -> Bundle:
    """Return the record of a commit: a version derived from its parents, attributed to those it names.

    The message is kept whole but for e-mail addresses, which are neither stored nor hashed.

    Args:
        commit: The commit.
        root: The repository's first commit, which the names belong to.
        machines: The machines of the repository by the octets of their names.

    Raises:
        BundleError: It is too large for one bundle.
    """
    identifier = f"git:{commit.sha}"
    node = Description(identifier, Kind.VERSION, _attributes(commit, root))
    edges = [
        Edge(
            identifier,
            Relation.WAS_DERIVED_FROM,
            f"git:{parent}",
            {"subtype": Derivation.REVISION.value},
        )
        for parent in dict.fromkeys(commit.parents)
    ]
    contributions = contributions_of(commit, machines)
    reviewer = next(
        (contribution for contribution in contributions if _is_human_review(contribution)), None
    )
    for position, contribution in enumerate(contributions, start=1):
        qualifiers = _qualifiers(contribution, position)
        if reviewer and contribution.is_ai:
            qualifiers["verified_by"] = mention_id(f"git:{root}", reviewer.octets)
        edges.append(
            Edge(
                identifier,
                Relation.WAS_ATTRIBUTED_TO,
                mention_id(f"git:{root}", contribution.octets),
                qualifiers,
            )
        )
    return record(SOURCE, commit.at, RecordSource(identifier, MAPPING), Body((node,), tuple(edges)))


def names_on(commit: Commit, root: str, machines: Mapping[bytes, Machine]) -> Iterator[Companion]:
    """Yield the names that a commit gives, as of its date: git lists the newest commit that gives a name first."""
    for contribution in contributions_of(commit, machines):
        machine = machines.get(contribution.octets)
        yield Companion(
            id=mention_id(f"git:{root}", contribution.octets),
            to_record=partial(name_bundle, contribution, root, machine, commit.at),
            at=commit.at,
            content=contribution.name,
        )


def name_bundle(
    contribution: CommitContribution, root: str, machine: Machine | None, at: str
) -> Bundle:
    """Return the record of a name in a repository; without a machine, the kind of agent is left out."""
    identifier = mention_id(f"git:{root}", contribution.octets)
    attributes = short_text("name", contribution.name)
    if machine:
        attributes["agent"] = machine.nature.value
        details = {"model": machine.model, "tool": machine.tool}
        attributes |= {key: value for key, value in details.items() if value}
        if machine.nature is AgentNature.AI:
            attributes["known"] = IdentificationBasis.SELF_REPORTED.value
    node = Description(identifier, Kind.MENTION, attributes)
    return record(SOURCE, at, RecordSource(identifier, MAPPING), Body((node,)))


def without_mail(text: str) -> str:
    """Return the text without e-mail addresses: `Name <address>` becomes `Name`."""
    return _MAIL.sub(_LEFT_OUT, _BRACKETED.sub(_without_address, text))


def _without_address(match: re.Match[str]) -> str:
    return "" if "@" in match[1][1:-1] else match[0]


def _attributes(commit: Commit, root: str) -> dict[str, Json]:
    attributes: dict[str, Json] = {"date": commit.at[:10], "repository": f"git:{root}"}
    message = clean(without_mail(shown_text(commit.message, commit.encoding)))
    return attributes | {"message": message} if message else attributes


def _qualifiers(contribution: CommitContribution, position: int) -> dict[str, Json]:
    qualifiers: dict[str, Json] = {"position": position, "method": contribution.method}
    if contribution.role:
        qualifiers["role"] = contribution.role.value
    if contribution.degree:
        qualifiers["degree"] = contribution.degree.value
    if contribution.autonomy:
        qualifiers["autonomy"] = contribution.autonomy.value
    if contribution.text:
        qualifiers["text"] = without_mail(contribution.text)
    return qualifiers


def _is_human_review(contribution: CommitContribution) -> bool:
    return contribution.method == "Reviewed-by trailer" and contribution.machine is None
