"""Explanations of a suggestion: its reasons in words, and the path that shows them."""

from collections.abc import Mapping
from typing import Final

from graph.model.vocabulary import Relation
from graph.store import AssertedEdge, Thing
from recommend.evidence import Evidence, Signal

_MAX_NAMED: Final = 2
"""Number of things in between that are named; the others are counted."""

_MAX_TITLE: Final = 80
_SIGNALS_WITH_PATH: Final = (
    Signal.LINK,
    Signal.COUPLING,
    Signal.COCITATION,
    Signal.AUTHORS,
    Signal.SUBJECTS,
)
_LINK_PHRASES: Final[Mapping[Relation, tuple[str, str]]] = {
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


def path_of(evidence: Mapping[Signal, Evidence]) -> tuple[AssertedEdge, ...]:
    """Return the most telling path of those that the signals have; empty where none has one."""
    return next((evidence[signal].path for signal in _SIGNALS_WITH_PATH if signal in evidence), ())


def reasons_of(
    evidence: Mapping[Signal, Evidence], things: Mapping[str, Thing], *, about: str
) -> tuple[str, ...]:
    """Return a phrase for each signal with evidence, like `shares 7 references with this, such as “…”`.

    Args:
        evidence: The signals' evidence for the suggestion.
        things: The things in between, for their titles.
        about: What to call the query in the phrase.
    """
    return tuple(
        _reason(signal, signal_evidence, things, about)
        for signal, signal_evidence in evidence.items()
    )


def _reason(signal: Signal, evidence: Evidence, things: Mapping[str, Thing], about: str) -> str:
    count = len(evidence.via)
    match signal:
        case Signal.TEXT:
            return f"its text is close to {about} (cosine {evidence.score:.2f})"
        case Signal.WORDS:
            return f"holds the words of {about}"
        case Signal.LINK:
            return _link_phrase(evidence, about)
        case Signal.COUPLING:
            what = (
                _count_phrase(count, "reference") if _cites(evidence) else f"{count} of its origins"
            )
            return f"shares {what} with {about}{_such_as(evidence, things)}"
        case Signal.COCITATION:
            return f"{_cocitation_phrase(evidence, about)}{_such_as(evidence, things)}"
        case Signal.AUTHORS:
            return (
                f"shares {_count_phrase(count, 'author')} with {about}{_such_as(evidence, things)}"
            )
        case Signal.SUBJECTS:
            return (
                f"shares {_count_phrase(count, 'subject')} with {about}{_such_as(evidence, things)}"
            )


def _link_phrase(evidence: Evidence, about: str) -> str:
    edge = evidence.path[0].edge
    # The path leads from the query, so the edge either leaves it or reaches it.
    return _LINK_PHRASES[edge.relation][0 if evidence.leaving else 1].format(about=about)


def _cocitation_phrase(evidence: Evidence, about: str) -> str:
    if _cites(evidence):
        return f"is cited together with {about} by {_count_phrase(len(evidence.via), 'work')}"
    if all(asserted.edge.relation is Relation.WAS_DERIVED_FROM for asserted in evidence.path):
        return f"is with {about} among the origins of {_count_phrase(len(evidence.via), 'thing')}"
    return f"is named together with {about} by {_count_phrase(len(evidence.via), 'thing')}"


def _cites(evidence: Evidence) -> bool:
    return all(asserted.edge.relation is Relation.CITES for asserted in evidence.path)


def _count_phrase(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _such_as(evidence: Evidence, things: Mapping[str, Thing]) -> str:
    # What nobody described has only an id to show, so it comes last.
    via = sorted(evidence.via, key=lambda name: not _is_described(name, things))
    titles = [_title(name, things) for name in via[:_MAX_NAMED]]
    return (
        f": {', '.join(titles)}"
        if len(evidence.via) <= _MAX_NAMED
        else f", such as {', '.join(titles)}"
    )


def _is_described(name: str, things: Mapping[str, Thing]) -> bool:
    return name in things and things[name].shown is not None


def _title(name: str, things: Mapping[str, Thing]) -> str:
    if not _is_described(name, things):
        return name
    title = things[name].title
    short = title if len(title) <= _MAX_TITLE else title[: _MAX_TITLE - 1].rstrip() + "…"
    return f"“{short}”"
