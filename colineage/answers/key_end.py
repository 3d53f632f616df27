"""Ends of grants: what they keep, what would count after them, and the statements that end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from colineage.answers.trial import trial_of_statements
from colineage.output import Json
from colineage.store_access import WriteAccess
from graph.bundle.bundle import Bundle
from graph.bundle.header import is_hash
from graph.bundle.keys import parse_public_key
from graph.errors import Fault, InputError, NotFoundError
from graph.model.identifiers import ED25519
from graph.model.model import BundleId, End
from graph.queries.attribution import attributions
from graph.queries.principals import Actor, ActorState, Principals, principals
from graph.rules.authorization import Denial, Obstacle
from graph.store import AppendView, GraphStore, Log


@dataclass(frozen=True, slots=True)
class ActorEffect:
    """Effect on one actor: of its statements here, the number that count, and the number that would count afterwards."""

    key: str
    grant: BundleId
    counting: int
    kept: int


@dataclass(frozen=True, slots=True)
class EndPlan:
    """Plan of ends: the grants, each with what it keeps, and the effect on each actor below them.

    `covered` are the grants that end with each, the grant itself first.
    """

    ends: tuple[End, ...]
    covered: Mapping[BundleId, tuple[BundleId, ...]]
    effects: tuple[ActorEffect, ...]


def plan_end(access: WriteAccess, target: str, heads: Sequence[str] | None) -> EndPlan:
    """Plan the end of a grant, or of all grants to a key.

    Args:
        access: The store, and the speaker who ends.
        target: Id of the grant, or the public key.
        heads: The last statements below that count, with all before them; `None` for the last ones in this store of
            each actor there, so that nothing that is here stops counting.

    Raises:
        NotFoundError: No such bundle here.
        InputError: It is no grant, not this actor's to end, or ended already; or a head is not under it.
    """
    present = principals(access.store)
    grants = (
        _grants_to_end(access, present, parse_public_key(target))
        if target.startswith(ED25519)
        else [_grant_to_end(access, target)]
    )
    covered = {grant: _covered_by(present, grant) for grant in grants}
    if heads is not None:
        _check_heads(
            access.store, {k: v for keys in covered.values() for k, v in keys.items()}, heads
        )
    ends = tuple(End(grant, _heads_below(access.store, covered[grant], heads)) for grant in grants)
    for end in ends:
        _refuse_useless(access, present, end, covered[end.grant][end.grant], keeps=bool(heads))
    effects = _effects(access, present, ends, {name for keys in covered.values() for name in keys})
    return EndPlan(ends, {grant: tuple(keys) for grant, keys in covered.items()}, effects)


def carry_out_end(access: WriteAccess, plan: EndPlan, *, keeps_all: bool) -> Json:
    """Sign the ends, all or none: `{"ends": [{"grant", "bundle", "heads", "statements", "counting", "below"}], "log_size"}`.

    Args:
        access: The store, and the speaker who ends.
        plan: What was shown.
        keeps_all: Whether it was to keep all that is in the store.

    Raises:
        InputError: Somebody said more meanwhile, which would have been kept.
    """

    def compose(view: AppendView) -> Sequence[Bundle]:
        if keeps_all:
            _refuse_if_more_was_said(view, plan)
        made: list[Bundle] = []
        for end in plan.ends:
            made.append(access.speaker.make_statement(view, None, after=made, ends=end))
        return made

    before = {actor.id: actor for actor in principals(access.store).actors()}
    result = access.store.append(compose)
    after = {actor.id: actor for actor in principals(access.store).actors()}
    ends = [
        {
            "grant": end.grant,
            "bundle": bundle,
            "heads": list(end.heads),
            "statements": after[end.grant].statements,
            "counting": after[end.grant].counting,
            "below": [name for name in plan.covered[end.grant][1:] if _is_living(before[name])],
        }
        for end, bundle in zip(plan.ends, result.added, strict=True)
    ]
    return {"ends": ends, "log_size": result.checkpoint.size}


def _effects(
    access: WriteAccess, present: Principals, ends: Sequence[End], covered: set[BundleId]
) -> tuple[ActorEffect, ...]:
    """Return what the ends would do, as a trial store has it."""
    trier = replace(access.speaker, signed=None)
    with trial_of_statements(access.store) as trial:
        for end in ends:
            trial.append(lambda view, end=end: [trier.make_statement(view, None, ends=end)])  # type: ignore[misc]  # bound now
        after = {actor.id: actor.counting for actor in principals(trial).actors()}
    return tuple(
        ActorEffect(actor.key, actor.id, actor.counting, after[actor.id])
        for actor in present.actors()
        if actor.id in covered
    )


def _heads_below(
    store: Log, covered: Mapping[BundleId, str], heads: Sequence[str] | None
) -> tuple[BundleId, ...]:
    """Return the heads to keep below a grant: all that are in the store, or those of the given ones that are there."""
    kept: set[BundleId] = set()

    def read_heads(view: AppendView) -> Sequence[Bundle]:
        for actor in covered:
            kept.update(view.heads(actor).heads)
        return ()

    if heads is None:
        store.append(read_heads)
        return tuple(sorted(kept))
    named = store.bundles_by_id(heads)
    headers = {name: stored.bundle.header for name, stored in named.items()}
    return tuple(sorted(n for n, header in headers.items() if header and header.under in covered))


def _refuse_if_more_was_said(view: AppendView, plan: EndPlan) -> None:
    """Refuse to end where something was said since the plan was made: it would not count, and nobody saw that.

    Raises:
        InputError: It was.
    """
    for end in plan.ends:
        now = {head for actor in plan.covered[end.grant] for head in view.heads(actor).heads}
        if new := sorted(now - set(end.heads)):
            expected = f"nothing said under {end.grant} since this was shown"
            raise InputError("look again", [Fault("GRANT", expected, new[0])])


def _grants_to_end(access: WriteAccess, present: Principals, key: str) -> list[BundleId]:
    """Return the living grants to a key that this speaker can end.

    Raises:
        InputError: There is none.
    """
    grants = [
        actor.id
        for actor in present.actors()
        if actor.grant and actor.key == key and _is_living(actor) and _is_endable(access, actor.id)
    ]
    if not grants:
        expected = f"a key with a living grant made by {access.speaker.actor}, or below such"
        raise InputError("nothing to end", [Fault("KEY", expected, key)])
    return grants


def _is_endable(access: WriteAccess, grant: BundleId) -> bool:
    attribution = attributions(access.store, [grant])[grant]
    seniors = {attribution.author, *(link.grant for link in attribution.chain)}
    return attribution.author is not None and access.speaker.actor in seniors


def _grant_to_end(access: WriteAccess, grant: str) -> BundleId:
    """Return the grant; refuse one that this speaker can't end.

    Raises:
        NotFoundError: No such bundle here.
        InputError: It is no grant, or neither made by this actor nor below a grant of its own.
    """
    if not is_hash(grant):
        expected = "the id of a grant, sha256: and 64 hex digits (`colineage key list` shows them), or a key"
        raise InputError("no grant", [Fault("GRANT", expected, grant[:80])])
    attribution = attributions(access.store, [grant]).get(grant)
    if attribution is None:
        raise NotFoundError(
            f"expected a grant that is in this store, got {grant}: `colineage key list` shows them"
        )
    header = access.store.bundles_by_id([grant])[grant].bundle.header
    if header is None or header.grants is None:
        raise InputError("no grant", [Fault("GRANT", "a statement that grants", grant)])
    if not _is_endable(access, grant):
        by = attribution.by if attribution.author else f"nobody known here ({attribution.pending})"
        expected = f"one that {access.speaker.actor} made, or one below such (--recover: the root)"
        raise InputError(
            "not yours to end",
            [Fault("GRANT", expected, f"{grant}, made by {by} ({attribution.key})")],
        )
    return grant


def _covered_by(present: Principals, grant: BundleId) -> dict[BundleId, str]:
    """Return the grant and those made under it, each with its key: an end covers what is said under all of them."""
    covered: dict[BundleId, str] = {}
    for actor in present.actors():  # each before those that it granted
        if actor.grant and (actor.grant.id == grant or actor.grant.under in covered):
            covered[actor.grant.id] = actor.key
    return covered


def _check_heads(store: Log, covered: Mapping[BundleId, str], heads: Sequence[str]) -> None:
    """Refuse heads that are not statements here under the grant or below it: a mistyped one would void statements."""
    stored_bundles = store.bundles_by_id([head for head in heads if is_hash(head)])
    faults = []
    for head in heads:
        header = stored_bundles[head].bundle.header if head in stored_bundles else None
        if header is None:
            faults.append(Fault("--head", "a statement that is in this store", head[:80]))
        elif covered.get(header.under or "") != header.key:
            expected = f"a statement under {next(iter(covered))}, or below it"
            faults.append(Fault("--head", expected, f"{head}, by {header.by}"))
    if faults:
        raise InputError("what still counts can't be told", faults)


def _refuse_useless(
    access: WriteAccess, present: Principals, end: End, key: str, *, keeps: bool
) -> None:
    """Refuse an end that would change nothing.

    Of several ends of one actor none takes away what another keeps, so a further one is of use only where it keeps
    more (`keeps`), or where its actor stands above the one that ended the grant before.
    """
    denial = _denial(access.store, key, end.grant)
    if denial is None or denial.obstacle is Obstacle.NO_RIGHT:
        return
    if denial.obstacle is Obstacle.ENDED:
        header = access.store.bundles_by_id([denial.bundle])[denial.bundle].bundle.header
        decider = header.actor if header else None
        # Each actor stands before those that it granted.
        order = [actor.id for actor in present.actors()]
        if decider == access.speaker.actor and keeps:
            return
        if decider in order and order.index(access.speaker.actor) < order.index(decider):
            return
    expected = "a grant that nobody ended (--head: another end that keeps more)"
    got = f"{end.grant}: {denial.obstacle.value}"
    got += f" by {denial.bundle}" if denial.bundle != end.grant else ""
    raise InputError("nothing to end", [Fault("GRANT", expected, got)])


def _denial(store: GraphStore, key: str, grant: BundleId) -> Denial | None:
    denials: list[Denial | None] = []

    def inspect(view: AppendView) -> Sequence[Bundle]:
        denials.append(view.denial(key, grant))
        return ()

    store.append(inspect)
    return denials[-1]


def _is_living(actor: Actor) -> bool:
    return actor.state is ActorState.LIVING
