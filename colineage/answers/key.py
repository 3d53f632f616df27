"""Actions and answers of the `key` commands, as JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from colineage.output import Json
from colineage.store_access import WriteAccess
from graph.bundle.bundle import Bundle
from graph.bundle.header import is_hash
from graph.bundle.keys import new_key, parse_public_key, read_key
from graph.errors import Fault, InputError, NotFoundError
from graph.model.model import BundleId, End, Grant
from graph.model.vocabulary import Scope
from graph.queries.attribution import Attribution, attributions
from graph.queries.principals import Actor, ActorState, Principal, Principals, principals
from graph.rules.authorization import Obstacle
from graph.rules.facts import authors_of, rights_of, with_author
from graph.store import AppendView, GraphStore, Log, Trust

MAX_HEADS: Final = 100
"""Most heads and names listed of one actor; the rest is counted."""


def make_key(path: Path) -> Json:
    """Make a new key file: `{"file", "key"}`.

    Raises:
        KeyFileError: The file exists already, or can't be made.
    """
    return {"file": str(path), "key": new_key(path).key}


def list_authors(store: GraphStore | None, path: Path) -> Json:
    """List keys and authors: `{"file", "key", "authors": [{…, "grants": […]}], "pending": […]}`; `key` may be null.

    Raises:
        KeyFileError: The key file exists and can't be read.
    """
    own = read_key(path).key if path.exists() else None
    everyone = principals(store) if store is not None else Principals((), ())
    return {
        "file": str(path),
        "key": own,
        "authors": [_author_to_json(author, own) for author in everyone.authors],
        "pending": [
            {"under": entry.under, "key": entry.key, "statements": entry.statements}
            for entry in everyone.pending
        ],
    }


def make_grant(access: WriteAccess, text: str, scope: Scope) -> Json:
    """Grant a key the right to speak for this author: `{"grant", "key", "scope", "author", "under", "by", "new", "log_size"}`.

    An equal living grant is returned, not made again.

    Raises:
        InputError: The text is no public key, or is this one; or this key would grant more than it has.
    """
    store, speaker = access.store, access.speaker
    key = parse_public_key(text)
    if key == speaker.signer.key:
        raise InputError(
            "nothing to grant", [Fault("KEY", "another's public key", f"{key}, this one")]
        )
    if speaker.under is not None:
        _refuse_more_than_own(store, speaker.under, scope)
    name = _living_grant(principals(store), speaker.actor, key, scope)
    size, new = store.checkpoint().size, name is None
    if name is None:
        result = store.append(
            lambda view: [speaker.make_statement(view, None, grants=Grant(key, scope))]
        )
        name, size = result.added[0], result.checkpoint.size
    return {
        "grant": name,
        "key": key,
        "scope": scope.value,
        "author": speaker.author,
        "under": speaker.under,
        "by": speaker.by,
        "new": new,
        "log_size": size,
    }


def end_grant(access: WriteAccess, grant: str, heads: Sequence[str] | None) -> Json:
    """End a grant: `{"grant", "bundle", "heads", "statements", "counting", "below", "log_size"}`.

    `below` are the living grants further down, which end with it.

    Args:
        access: The store, and the speaker who ends it.
        grant: Id of the grant.
        heads: The last statements under it, and below it, that count, with all before them; `None` for the
            last ones in this store of each actor there, so that nothing that is here stops counting.

    Raises:
        NotFoundError: No such bundle here.
        InputError: It is no grant, not this actor's to end, or ended already; or a head is not under it.
    """
    store, speaker = access.store, access.speaker
    attribution = _grant_to_end(access, grant)
    present = principals(store)
    covered = _covered_by(present, attribution.bundle)
    below = [actor.id for actor in present.actors() if actor.id in covered and _is_living(actor)]
    if heads is not None:
        _check_heads(store, covered, heads)
    key = _granted_key(store, attribution.bundle)

    def compose(view: AppendView) -> Sequence[Bundle]:
        kept = set(heads or ())
        if heads is None:
            for actor_id in covered:
                kept.update(view.heads(actor_id).heads)
        _refuse_useless(access, view, attribution.bundle, key, keeps=bool(heads))
        ends = End(attribution.bundle, tuple(sorted(kept)))
        return [speaker.make_statement(view, None, ends=ends)]

    result = store.append(compose)
    (bundle,) = result.added
    header = store.bundles_by_id([bundle])[bundle].bundle.header
    after = principals(store).actors()
    actor = next(candidate for candidate in after if candidate.id == attribution.bundle)
    return {
        "grant": attribution.bundle,
        "bundle": bundle,
        "heads": list(header.ends.heads) if header and header.ends else [],
        "statements": actor.statements,
        "counting": actor.counting,
        "below": [name for name in below if name != attribution.bundle],
        "log_size": result.checkpoint.size,
    }


def trust_key(store: Trust, text: str) -> Json:
    """Trust a key, so that records live by its runs: `{"key", "trusted", "changed", "all"}`.

    Raises:
        InputError: The text is no public key.
    """
    key, before = parse_public_key(text), authors_of(store.trust_list())
    store.change_trust(lambda trusted: with_author(trusted, key))
    return _trust_to_json(store, key, before)


def distrust_key(store: Trust, text: str) -> Json:
    """Distrust a key, so that no record lives by its runs alone; answers as `trust_key`.

    Raises:
        InputError: The text is no public key.
    """
    key, before = parse_public_key(text), authors_of(store.trust_list())
    store.change_trust(lambda trusted: [entry for entry in trusted if entry.author != key])
    return _trust_to_json(store, key, before)


def _trust_to_json(store: Trust, key: str, before: frozenset[str]) -> Json:
    after = authors_of(store.trust_list())
    return {
        "key": key,
        "trusted": key in after,
        "changed": (key in after) != (key in before),
        "all": sorted(after),
    }


def _author_to_json(author: Principal, own: str | None) -> Json:
    return {
        **_actor_to_json(author.own),
        "own": author.own.key == own,
        "trusted": author.is_trusted,
        "grants": [
            {
                "grant": actor.grant.id,
                "scope": actor.grant.scope,
                "at": actor.grant.at,
                "granted_by": actor.grant.granted_by,
                "by": actor.grant.by,
                "under": actor.grant.under,
                "depth": actor.grant.depth,
                **_actor_to_json(actor),
                "own": actor.key == own,
            }
            for actor in author.grants
            if actor.grant
        ],
    }


def _actor_to_json(actor: Actor) -> Json:
    return {
        "key": actor.key,
        "state": actor.state.value,
        "ended_by": actor.ended_by,
        "names": list(actor.names[:MAX_HEADS]),
        "statements": actor.statements,
        "counting": actor.counting,
        "last": actor.last,
        "heads": list(actor.heads[:MAX_HEADS]),
        "more": max(0, len(actor.heads) - MAX_HEADS) + max(0, len(actor.names) - MAX_HEADS),
    }


def _refuse_more_than_own(store: GraphStore, under: BundleId, scope: Scope) -> None:
    """Refuse a grant that gives more than the grants above it: it would mislead, as the least of them decides."""
    own = attributions(store, [under])[under]
    grants = [under, *(link.grant for link in own.chain)]
    headers = [
        stored_bundle.bundle.header for stored_bundle in store.bundles_by_id(grants).values()
    ]
    scopes = {h.grants.scope for h in headers if h and h.grants}
    if all(rights_of(scope) <= rights_of(above) for above in scopes):
        return
    expected = "a scope that every grant gives under which this key speaks"
    got = f"{scope.value}, and the grants above say {', '.join(sorted(scopes))}"
    raise InputError("nobody gives what they haven't got", [Fault("--scope", expected, got)])


def _living_grant(principals: Principals, actor: str, key: str, scope: Scope) -> BundleId | None:
    """Return the living grant of this scope that the actor made to the key."""
    for candidate in principals.actors():
        if candidate.grant and candidate.key == key and candidate.state is ActorState.LIVING:
            maker = candidate.grant.under or candidate.grant.granted_by
            if maker == actor and candidate.grant.scope == scope:
                return candidate.grant.id
    return None


def _grant_to_end(access: WriteAccess, grant: str) -> Attribution:
    """Return the attribution of the grant; refuse one that this speaker can't end.

    Raises:
        NotFoundError: No such bundle here.
        InputError: It is no grant, or neither made by this actor nor below a grant of its own.
    """
    if not is_hash(grant):
        expected = "the id of a grant, sha256: and 64 hex digits (`colineage key list` shows them)"
        raise InputError("no grant", [Fault("GRANT", expected, grant[:80])])
    attribution = attributions(access.store, [grant]).get(grant)
    if attribution is None:
        raise NotFoundError(
            f"expected a grant that is in this store, got {grant}: `colineage key list` shows them"
        )
    _granted_key(access.store, grant)
    seniors = {attribution.author, *(link.grant for link in attribution.chain)}
    if attribution.author is None or access.speaker.actor not in seniors:
        by = attribution.by if attribution.author else f"nobody known here ({attribution.pending})"
        expected = f"one that {access.speaker.actor} made, or one below such"
        raise InputError(
            "not yours to end",
            [Fault("GRANT", expected, f"{grant}, made by {by} ({attribution.key})")],
        )
    return attribution


def _granted_key(store: Log, grant: BundleId) -> str:
    header = store.bundles_by_id([grant])[grant].bundle.header
    if header is None or header.grants is None:
        raise InputError("no grant", [Fault("GRANT", "a statement that grants", grant)])
    return header.grants.key


def _covered_by(principals: Principals, grant: BundleId) -> dict[BundleId, str]:
    """Return the grant and those made under it, each with its key: an end covers what is said under all of them."""
    covered: dict[BundleId, str] = {}
    for actor in principals.actors():  # each before those that it granted
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
    access: WriteAccess, view: AppendView, grant: BundleId, key: str, *, keeps: bool
) -> None:
    """Refuse an end that would change nothing.

    Of several ends of one actor none takes away what another keeps, so a further one is of use only where it keeps
    more (`keeps`), or where its actor stands above the one that ended the grant before.
    """
    denial = view.denial(key, grant)
    if denial is None or denial.obstacle is Obstacle.NO_RIGHT:
        return
    if denial.obstacle is Obstacle.ENDED:
        header = access.store.bundles_by_id([denial.bundle])[denial.bundle].bundle.header
        decider = header.actor if header else None
        # Each actor stands before those that it granted.
        order = [actor.id for actor in principals(access.store).actors()]
        if decider == access.speaker.actor and keeps:
            return
        if decider in order and order.index(access.speaker.actor) < order.index(decider):
            return
    expected = "a grant that nobody ended (--head: another end that keeps more)"
    got = f"{grant}: {denial.obstacle.value}"
    got += f" by {denial.bundle}" if denial.bundle != grant else ""
    raise InputError("nothing to end", [Fault("GRANT", expected, got)])


def _is_living(actor: Actor) -> bool:
    return actor.state is ActorState.LIVING
