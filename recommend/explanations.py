"""Explanations of a suggestion: its reasons in words, and the path that shows them."""

from collections.abc import Mapping
from typing import Final

from graph.model.vocabulary import Relation
from graph.store import Asserted, Thing
from recommend.evidence import Evidence, Signal

_NAMED: Final = 2
"""Number of things in between that are named; the others are counted."""

_MAX_TITLE: Final = 80
_PATHS: Final = (
    Signal.LINK,
    Signal.COUPLING,
    Signal.COCITATION,
    Signal.AUTHORS,
    Signal.SUBJECTS,
)
_LINKED: Final[Mapping[Relation, tuple[str, str]]] = {
    Relation.CITES: ("is cited by {about}", "cites {about}"),
    Relation.WAS_DERIVED_FROM: ("is what {about} was derived from", "was derived from {about}"),
    Relation.SUPPORTS: ("is supported by {about}", "supports {about}"),
    Relation.DISPUTES: ("is disputed by {about}", "disputes {about}"),
    Relation.REFUTES: ("is refuted by {about}", "refutes {about}"),
    Relation.CONFIRMS: ("is confirmed by {about}", "confirms {about}"),
    Relation.QUALIFIES: ("is qualified by {about}", "qualifies {about}"),
    Relation.EXTENDS: ("is extended by {about}", "extends {about}"),
    Relation.CORRECTS: ("is corrected by {about}", "corrects {about}"),
    Relation.REPLIES_TO: ("is replied to by {about}", "replies to {about}"),
}


def path_of(evidence: Mapping[Signal, Evidence]) -> tuple[Asserted, ...]:
    """Return the most telling path of those that the signals have; empty where none has one."""
    return next((evidence[signal].path for signal in _PATHS if signal in evidence), ())


def reasons_of(
    evidence: Mapping[Signal, Evidence], things: Mapping[str, Thing], *, about: str
) -> tuple[str, ...]:
    """Return a phrase for each signal with evidence, like `shares 7 references with this, such as “…”`.

    Args:
        evidence: The signals' evidence for the suggestion.
        things: The things in between, for their titles.
        about: What to call the query in the phrase.
    """
    return tuple(_reason(signal, one, things, about) for signal, one in evidence.items())


def _reason(signal: Signal, one: Evidence, things: Mapping[str, Thing], about: str) -> str:
    count = len(one.via)
    match signal:
        case Signal.TEXT:
            return f"its text is close to {about} (cosine {one.score:.2f})"
        case Signal.WORDS:
            return f"holds the words of {about}"
        case Signal.LINK:
            return _linked(one, about)
        case Signal.COUPLING:
            what = _counted(count, "reference") if _cites(one) else f"{count} of its origins"
            return f"shares {what} with {about}{_such_as(one, things)}"
        case Signal.COCITATION:
            return f"{_beside(one, about)}{_such_as(one, things)}"
        case Signal.AUTHORS:
            return f"shares {_counted(count, 'author')} with {about}{_such_as(one, things)}"
        case Signal.SUBJECTS:
            return f"shares {_counted(count, 'subject')} with {about}{_such_as(one, things)}"


def _linked(one: Evidence, about: str) -> str:
    edge = one.path[0].edge
    # The path leads from the query, so the edge either leaves it or reaches it.
    return _LINKED[edge.relation][0 if one.leaving else 1].format(about=about)


def _beside(one: Evidence, about: str) -> str:
    if _cites(one):
        return f"is cited together with {about} by {_counted(len(one.via), 'work')}"
    if all(asserted.edge.relation is Relation.WAS_DERIVED_FROM for asserted in one.path):
        return f"is with {about} among the origins of {_counted(len(one.via), 'thing')}"
    return f"is named together with {about} by {_counted(len(one.via), 'thing')}"


def _cites(one: Evidence) -> bool:
    return all(asserted.edge.relation is Relation.CITES for asserted in one.path)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _such_as(one: Evidence, things: Mapping[str, Thing]) -> str:
    # What nobody described has only an id to show, so it comes last.
    via = sorted(one.via, key=lambda name: not _is_described(name, things))
    named = [_title(name, things) for name in via[:_NAMED]]
    return f": {', '.join(named)}" if len(one.via) <= _NAMED else f", such as {', '.join(named)}"


def _is_described(name: str, things: Mapping[str, Thing]) -> bool:
    return name in things and things[name].shown is not None


def _title(name: str, things: Mapping[str, Thing]) -> str:
    if not _is_described(name, things):
        return name
    title = things[name].title
    short = title if len(title) <= _MAX_TITLE else title[: _MAX_TITLE - 1].rstrip() + "…"
    return f"“{short}”"
