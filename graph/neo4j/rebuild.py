"""Rebuild of the graph from the log, in steps: a long log needs no more memory than a short one."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from graph.bundle.bundle import Bundle, read_late, reread
from graph.model.model import BundleId
from graph.neo4j.append import settled_by, tell
from graph.neo4j.connection import Asker
from graph.neo4j.log_writer import Head, Place, add_references, row_of
from graph.neo4j.rule_facts import Neo4jFacts

STEP: Final = 1000
"""Bundles in one step; a log with no more than these is rebuilt in one transaction."""
_FORGOTTEN: Final = 20_000


class _Stage(StrEnum):
    """Stage of a rebuild, in this order."""

    UNTIE = "untie"
    FORGET = "forget"
    RESET = "reset"
    REFER = "refer"
    SETTLE = "settle"


def begin(asker: Asker, head: Head, trusted: frozenset[str]) -> None:
    """Rebuild the graph of a short log at once; for a long log, only record that a rebuild has begun."""
    place: Place | None = Place(_Stage.UNTIE, 0)
    if head.checkpoint.size > STEP:
        _note(asker, place)
        return
    while place is not None:
        place = _next(asker, trusted, place)


def go_on(asker: Asker, head: Head) -> bool:
    """Take one step of a rebuild that has begun; return whether there is more to do."""
    if head.rebuilding is None:
        return False
    place = _next(asker, head.trusted, head.rebuilding)
    _note(asker, place)
    return place is not None


def _note(asker: Asker, place: Place | None) -> None:
    stage, position = (place.stage, place.position) if place else (None, None)
    asker.ask("set_stage", stage=stage, place=position)


def _next(asker: Asker, trusted: frozenset[str], place: Place) -> Place | None:
    """Take a step, and return the next one; `None` after the last."""
    if place.stage == _Stage.UNTIE:
        return place if _forgets(asker, "forget_references") else Place(_Stage.FORGET, 0)
    if place.stage == _Stage.FORGET:
        return place if _forgets(asker, "forget_node") else Place(_Stage.RESET, 0)
    arrived = _chunk(asker, place.position)
    bundles = [bundle for _, bundle in arrived.values()]
    after: Place | None = None
    if place.stage == _Stage.RESET:
        asker.tell("reset_bundle", map(row_of, bundles))
        after = Place(_Stage.REFER, 0)
    elif place.stage == _Stage.REFER:
        # All references are inserted before anything is settled: a statement may be judged early.
        add_references(asker, bundles, arrived.keys())
        after = Place(_Stage.SETTLE, 0)
    elif bundles:
        facts = Neo4jFacts(asker, trusted)
        tell(asker, facts, settled_by(facts, arrived, {}), arrived, written=())
    return Place(place.stage, place.position + STEP) if bundles else after


def _forgets(asker: Asker, name: str) -> bool:
    row = asker.one(name, limit=_FORGOTTEN)
    return row is not None and row["number"] > 0


def _chunk(asker: Asker, start: int) -> dict[BundleId, tuple[int, Bundle]]:
    """Read a chunk of the log; bundles that no version of ours has understood yet are judged now."""
    unread: Collection[int] = {
        row["position"] for row in asker.ask("unread", start=start, stop=start + STEP)
    }
    return {
        row["id"]: (
            row["position"],
            (read_late if row["position"] in unread else reread)(
                row["header"], row["body"], row["signature"]
            ),
        )
        for row in asker.ask("raw", start=start, limit=STEP)
    }
