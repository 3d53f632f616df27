"""Effects of a settlement on the graph: what enters it and what leaves it, and which bodies are dropped; the same in every store."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from graph.bundle.bundle import Bundle
from graph.clock import latest_admissible
from graph.model.model import BundleId
from graph.model.vocabulary import Scope
from graph.rules.facts import Authority, RuleFacts, State, authority_of
from graph.rules.settlement import Settlement


def unique_bundles(bundles: Iterable[Bundle]) -> dict[BundleId, Bundle]:
    """Return each bundle once by its id, with its body where one of the copies has it."""
    unique: dict[BundleId, Bundle] = {}
    for bundle in bundles:
        if bundle.body_bytes is not None or bundle.id not in unique:
            unique[bundle.id] = bundle
    return unique


def waiting_times(bundles: Iterable[Bundle], now: datetime) -> dict[BundleId, str]:
    """Return those dated more than a day ahead, with their time: they have no effect until then."""
    latest = latest_admissible(now)
    return {
        bundle.id: bundle.header.at
        for bundle in bundles
        if bundle.header and bundle.header.at is not None and bundle.header.at > latest
    }


def is_mute(bundle: Bundle, authority: Authority | None) -> bool:
    """Return whether a statement says something without the right to: only a run may, with the right to harvest.

    One that waits for a grant has no `authority` yet: it doesn't live, and its rights are judged once it has one.
    """
    header = bundle.header
    if header is None or header.key is None or header.is_run or bundle.body is None:
        return False
    if not (bundle.body.nodes or bundle.body.edges):
        return False
    return authority is not None and Scope.SAY not in authority.rights


@dataclass(slots=True)
class Effects:
    """Effects of a settlement.

    `activated` begin to be in the graph and `deactivated` cease; of `moved` records another voucher counts, so that another
    description may be shown. `dropped` lose their body, `awaited` may have it again. `silent` tells of bundles whether
    their body says nothing, `absent` are bodies (hashes) of which the graph's lines may change.
    """

    activated: list[BundleId] = field(default_factory=list)
    deactivated: list[BundleId] = field(default_factory=list)
    moved: list[BundleId] = field(default_factory=list)
    dropped: list[BundleId] = field(default_factory=list)
    awaited: list[BundleId] = field(default_factory=list)
    silent: dict[BundleId, bool] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)


def affected_names(
    facts: RuleFacts, settlement: Settlement, filled: Collection[BundleId]
) -> dict[BundleId, None]:
    """Return the bundles whose part in the graph may change: they are needed to tell the effects."""
    names = dict.fromkeys((*settlement.newly_attributed, *filled))
    for name, now in settlement.states.items():
        before = facts.state(name)
        if (now.lives, now.erased) != (before.lives, before.erased) or (
            now.lives and now.place != before.place
        ):
            names[name] = None
    return names


def effects_of(
    facts: RuleFacts,
    settlement: Settlement,
    bundles: Mapping[BundleId, Bundle],
    filled: Collection[BundleId],
) -> Effects:
    """Return the effects of a settlement.

    Args:
        facts: The facts before it.
        settlement: The new states.
        bundles: The bundles that `affected_names` names, as they are now.
        filled: Bundles that were here without their body and have it now.
    """
    effects = Effects()
    for name, bundle in bundles.items():
        before = facts.state(name)
        _add_effects(
            effects, facts, bundle, before, settlement.states.get(name, before), name in filled
        )
    return effects


def _add_effects(
    effects: Effects,
    facts: RuleFacts,
    bundle: Bundle,
    before: State,
    now: State,
    is_filled: bool,  # noqa: FBT001 - one of the two ways in which a bundle comes
) -> None:
    name, header = bundle.id, bundle.header
    if header is None:
        return
    is_dropped = now.erased and not before.erased
    if is_dropped:
        effects.dropped.append(name)
    elif before.erased and not now.erased:
        effects.awaited.append(name)
    is_silent = _is_silent(facts, bundle)
    was_active = before.lives and not is_filled and not is_silent
    is_active = now.lives and not is_silent and not is_dropped
    if is_active and not was_active:
        effects.activated.append(name)
    elif was_active and not is_active:
        effects.deactivated.append(name)
    elif is_active and now.place != before.place:
        effects.moved.append(name)
    if header.body is not None:
        if is_filled or is_dropped or before.erased or is_silent != (bundle.body is None):
            effects.silent[name] = is_silent or is_dropped
        if not header.is_run and (is_silent or is_filled):
            effects.absent.add(header.body)


def _is_silent(facts: RuleFacts, bundle: Bundle) -> bool:
    """Return whether what a bundle has to say isn't here, doesn't fit, or may not be said."""
    header = bundle.header
    if header is None or header.body is None:
        return False
    if bundle.body is None:
        return True
    brief = facts.brief(bundle.id)
    authority = authority_of(facts, brief.actor) if brief and header.key else None
    return is_mute(bundle, authority)
