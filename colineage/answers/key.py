"""Actions and answers of the `key` commands, as JSON."""

from pathlib import Path
from typing import Final

from colineage.output import Json
from colineage.store_access import WriteAccess
from graph.bundle.key_files import new_key, read_public_key
from graph.bundle.keys import parse_public_key
from graph.errors import Fault, InputError
from graph.model.model import BundleId, Grant
from graph.model.vocabulary import Scope
from graph.queries.attribution import attributions
from graph.queries.principals import Actor, ActorState, Principal, Principals, principals
from graph.rules.facts import authors_of, rights_of, with_author
from graph.store import GraphStore, Trust

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
    own = read_public_key(path) if path.exists() else None
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
