"""Rebuild of the graph from the log, in steps: a long log needs no more memory than a short one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from graph.bundle.bundle import Bundle, read_late, reread
from graph.model.model import BundleId
from graph.neo4j.append import settle_changes, write_changes
from graph.neo4j.connection import Tx
from graph.neo4j.erasure import drop_bodies
from graph.neo4j.log_writer import LogHead, RebuildStep, add_references, row_of
from graph.neo4j.rule_facts import Neo4jFacts
from graph.rules.effects import waiting_times
from graph.rules.facts import TrustEntry

STEP: Final = 1000
"""Bundles in one step; a log with no more than these is rebuilt in one transaction."""
_DELETE_BATCH: Final = 20_000
_FOR_EVER: Final = "9999-12-31T23:59:59Z"


class _Stage(StrEnum):
    """Stage of a rebuild, in this order."""

    UNTIE = "untie"
    FORGET = "forget"
    RESET = "reset"
    REFER = "refer"
    SETTLE = "settle"
    DROP = "drop"


def begin(tx: Tx, head: LogHead, trust: Sequence[TrustEntry], now: datetime) -> None:
    """Rebuild the graph of a short log at once; for a long log, only record that a rebuild has begun."""
    step: RebuildStep | None = RebuildStep(_Stage.UNTIE, 0)
    if head.checkpoint.size > STEP:
        _save_step(tx, step)
        return
    while step is not None:
        step = _take_step(tx, trust, step, now)


def advance(tx: Tx, head: LogHead, now: datetime) -> bool:
    """Take one step of a rebuild that has begun; return whether there is more to do."""
    if head.rebuilding is None:
        return False
    step = _take_step(tx, head.trust, head.rebuilding, now)
    _save_step(tx, step)
    return step is not None


def _save_step(tx: Tx, step: RebuildStep | None) -> None:
    stage, position = (step.stage, step.position) if step else (None, None)
    tx.run("set_stage", stage=stage, place=position)


def _take_step(
    tx: Tx, trust: Sequence[TrustEntry], step: RebuildStep, now: datetime
) -> RebuildStep | None:
    """Take a step, and return the next one; `None` after the last."""
    if step.stage == _Stage.UNTIE:
        return step if _delete_batch(tx, "forget_references") else RebuildStep(_Stage.FORGET, 0)
    if step.stage == _Stage.FORGET:
        return step if _delete_batch(tx, "forget_node") else RebuildStep(_Stage.RESET, 0)
    if step.stage == _Stage.DROP:
        drop_bodies(
            tx,
            [
                reread(row["header"], row["body"], row["signature"], is_fit=not row["unfit"])
                for row in tx.run("erased_bundles")
            ],
        )
        tx.run("await_restored")
        return None
    arrivals = _read_chunk(tx, step.position)
    bundles = [bundle for _, bundle in arrivals.values()]
    waiting = {row["id"] for row in tx.run("waiting", latest=_FOR_EVER)}
    effective = {name: entry for name, entry in arrivals.items() if name not in waiting}
    next_step: RebuildStep | None = None
    if step.stage == _Stage.RESET:
        waits = waiting_times(bundles, now)
        tx.write_many("reset_bundle", (_reset_row(b, waits.get(b.id)) for b in bundles))
        next_step = RebuildStep(_Stage.REFER, 0)
    elif step.stage == _Stage.REFER:
        # All references are inserted before anything is settled: a statement may be judged early.
        add_references(tx, [bundle for bundle in bundles if bundle.id in effective], effective)
        next_step = RebuildStep(_Stage.SETTLE, 0)
    elif bundles:
        facts = Neo4jFacts(tx, trust)
        changes = settle_changes(tx, facts, effective, {})
        write_changes(tx, facts, changes, written=(), drops_bodies=False)
    else:
        next_step = RebuildStep(_Stage.DROP, 0)
    return RebuildStep(step.stage, step.position + STEP) if bundles else next_step


def _reset_row(bundle: Bundle, waits: str | None) -> dict[str, object]:
    """Return the properties of a bundle before anything is settled, as its bytes tell them."""
    return {
        **row_of(bundle, waits),
        "signature": bundle.signature,
        "unfit": bundle.is_unfit or None,
        "silent": bundle.body_hash if bundle.is_withheld or bundle.is_unfit else None,
    }


def _delete_batch(tx: Tx, name: str) -> bool:
    row = tx.read_one(name, limit=_DELETE_BATCH)
    return row is not None and row["number"] > 0


def _read_chunk(tx: Tx, start: int) -> dict[BundleId, tuple[int, Bundle]]:
    """Read a chunk of the log; bundles that were not understood, or whose body said nothing, are judged now."""
    unread: Collection[int] = {
        row["position"] for row in tx.run("unread", start=start, stop=start + STEP)
    }
    return {
        row["id"]: (
            row["position"],
            (read_late if row["position"] in unread else reread)(
                row["header"], row["body"], row["signature"]
            ),
        )
        for row in tx.run("raw", start=start, limit=STEP)
    }
