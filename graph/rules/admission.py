"""Admission of bundles to the log: dedupe, refuse future dates, report activations; the same in every store."""

from collections.abc import Collection, Iterable
from datetime import datetime

from graph.bundle.bundle import Bundle
from graph.clock import latest_admissible
from graph.errors import TooEarlyError
from graph.model.model import BundleId
from graph.rules.settlement import RuleFacts, Settlement


def unique_bundles(bundles: Iterable[Bundle]) -> dict[BundleId, Bundle]:
    """Return each bundle once by its id, with its body where one of the copies has it."""
    unique: dict[BundleId, Bundle] = {}
    for bundle in bundles:
        if bundle.body_bytes is not None or bundle.id not in unique:
            unique[bundle.id] = bundle
    return unique


def refuse_early(bundles: Iterable[Bundle], now: datetime) -> None:
    """Refuse bundles dated more than a day ahead.

    Raises:
        TooEarlyError: One is.
    """
    latest = latest_admissible(now)
    for bundle in bundles:
        at = bundle.header.at if bundle.header else None
        if at is not None and at > latest:
            raise TooEarlyError(
                f"bundle {bundle.id} is dated {at}, more than a day ahead (until {latest} is "
                "admitted now): give it again when its time has come, or set the clock right"
            )


def activation_changes(
    facts: RuleFacts, settlement: Settlement, filled: Collection[BundleId]
) -> tuple[list[BundleId], list[BundleId]]:
    """Return the bundles to activate in the graph and those to deactivate.

    Args:
        facts: The facts before the settlement.
        settlement: New flags of the bundles that changed.
        filled: Bundles that were here without their body and have it now: those that live are activated
            again, as their content is new.
    """
    activated: list[BundleId] = []
    deactivated: list[BundleId] = []
    for name, flags in settlement.flags.items():
        if flags.lives != facts.flags(name).lives:
            (activated if flags.lives else deactivated).append(name)
    for name in filled:
        now = settlement.flags.get(name, facts.flags(name))
        if facts.flags(name).lives and now.lives:
            activated.append(name)
    return activated, deactivated
