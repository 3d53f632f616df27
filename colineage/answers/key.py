"""Actions and answers of the `key` commands, as JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from colineage.answers.json_shapes import Json
from colineage.store_access import Writing
from graph.bundle.bundle import Bundle
from graph.bundle.header import is_hash
from graph.bundle.keys import checked_key, kept_key, new_key
from graph.errors import Fault, InputError, NotFoundError
from graph.model.model import Body, BundleId, End, Grant
from graph.model.vocabulary import Scope
from graph.queries.attribution import Attribution, attributions
from graph.queries.principals import Actor, Author, Speakers, State, speakers
from graph.rules.authorization import Obstacle
from graph.store import GraphStore, Look

MOST_HEADS: Final = 100
"""Most heads and names listed of one actor; the rest is counted."""


def made(path: Path) -> Json:
    """Make a new key file: `{"file", "key"}`.

    Raises:
        KeyFileError: The file exists already, or can't be made.
    """
    return {"file": str(path), "key": new_key(path).key}


def listed(store: GraphStore | None, path: Path) -> Json:
    """List keys and authors: `{"file", "key", "authors": [{…, "grants": […]}], "pending": […]}`; `key` may be null.

    Raises:
        KeyFileError: The key file exists and can't be read.
    """
    own = kept_key(path).key if path.exists() else None
    found = speakers(store) if store is not None else Speakers((), ())
    return {
        "file": str(path),
        "key": own,
        "authors": [_author_to_json(author, own) for author in found.authors],
        "pending": [
            {"under": entry.under, "key": entry.key, "statements": entry.statements}
            for entry in found.pending
        ],
    }


def granted(opened: Writing, text: str, scope: Scope) -> Json:
    """Grant a key the right to speak for this author: `{"grant", "key", "scope", "author", "under", "by", "new", "log_size"}`.

    An equal living grant is returned, not made again.

    Raises:
        InputError: The text is no public key, or is this one; or this key would grant more than it has.
    """
    store, voice = opened.store, opened.voice
    key = checked_key(text)
    if key == voice.signer.key:
        raise InputError(
            "nothing to grant", [Fault("KEY", "another's public key", f"{key}, this one")]
        )
    if scope is Scope.ACT and voice.under is not None:
        _refuse_more_than_own(store, voice.under)
    name = _standing_grant(speakers(store), voice.actor, key, scope)
    size, new = store.checkpoint().size, name is None
    if name is None:
        said = store.append(lambda look: [voice.say(look, Body(), grants=Grant(key, scope))])
        name, size = said.added[0], said.checkpoint.size
    return {
        "grant": name,
        "key": key,
        "scope": scope.value,
        "author": voice.author,
        "under": voice.under,
        "by": voice.by,
        "new": new,
        "log_size": size,
    }


def ended(access: Writing, grant: str, heads: Sequence[str] | None) -> Json:
    """End a grant: `{"grant", "bundle", "heads", "statements", "counting", "below", "log_size"}`.

    Args:
        access: The store, and the speaker who ends it.
        grant: Id of the grant.
        heads: The last statements under it that count, with all before them; `None` for the last
            ones in this store, so that nothing that is here stops counting.

    Raises:
        NotFoundError: No such bundle here.
        InputError: It is no grant, not this actor's to end, or ended already; or a head is not under it.
    """
    store, voice = access.store, access.voice
    found = _grant_to_end(access, grant)
    if heads is not None:
        _check_heads(store, found.bundle, heads)
    key = _granted_key(store, found.bundle)

    def compose(look: Look) -> Sequence[Bundle]:
        kept = look.heads(found.bundle).heads if heads is None else tuple(heads)
        _refuse_useless(look, found.bundle, key, again=heads is not None)
        return [voice.say(look, Body(), ends=End(found.bundle, tuple(sorted(set(kept)))))]

    said = store.append(compose)
    (bundle,) = said.added
    header = store.stored([bundle])[bundle].bundle.header
    after = speakers(store)
    actor = next(one for one in after.actors() if one.id == found.bundle)
    return {
        "grant": found.bundle,
        "bundle": bundle,
        "heads": list(header.ends.heads) if header and header.ends else [],
        "statements": actor.statements,
        "counting": actor.counting,
        "below": _living_below(after, found.bundle),
        "log_size": said.checkpoint.size,
    }


def resigned(opened: Writing) -> Json:
    """End the speaking actor itself: `{"resigned", "key", "bundle", "heads", "below", "log_size"}`."""
    store, voice = opened.store, opened.voice
    said = store.append(lambda look: [voice.say(look, Body(), ends=End(None))])
    (bundle,) = said.added
    header = store.stored([bundle])[bundle].bundle.header
    return {
        "resigned": voice.actor,
        "key": voice.signer.key,
        "bundle": bundle,
        "heads": list(header.prev) if header else [],
        "below": _living_below(speakers(store), voice.under or voice.signer.key),
        "log_size": said.checkpoint.size,
    }


def trusting(store: GraphStore, text: str) -> Json:
    """Trust a key, so that records live by its runs: `{"key", "trusted", "changed", "all"}`.

    Raises:
        InputError: The text is no public key.
    """
    key, before = checked_key(text), store.trusted()
    store.change_trust(lambda trusted: trusted | {key})
    return _trust_to_json(store, key, before)


def distrusting(store: GraphStore, text: str) -> Json:
    """Distrust a key, so that no record lives by its runs alone; answers as `trust_key`.

    Raises:
        InputError: The text is no public key.
    """
    key, before = checked_key(text), store.trusted()
    store.change_trust(lambda trusted: trusted - {key})
    return _trust_to_json(store, key, before)


def _trust_to_json(store: GraphStore, key: str, before: frozenset[str]) -> Json:
    after = store.trusted()
    return {
        "key": key,
        "trusted": key in after,
        "changed": (key in after) != (key in before),
        "all": sorted(after),
    }


def _author_to_json(author: Author, own: str | None) -> Json:
    return {
        **_actor_to_json(author.own),
        "own": author.own.key == own,
        "trusted": author.is_trusted,
        "grants": [
            {
                "grant": one.granted.id,
                "scope": one.granted.scope.value,
                "at": one.granted.at,
                "granted_by": one.granted.granted_by,
                "by": one.granted.by,
                "under": one.granted.under,
                "depth": one.granted.depth,
                **_actor_to_json(one),
                "own": one.key == own,
            }
            for one in author.grants
            if one.granted
        ],
    }


def _actor_to_json(actor: Actor) -> Json:
    return {
        "key": actor.key,
        "state": actor.state.value,
        "ended_by": actor.ended_by,
        "names": list(actor.names[:MOST_HEADS]),
        "statements": actor.statements,
        "counting": actor.counting,
        "last": actor.last,
        "heads": list(actor.heads[:MOST_HEADS]),
        "more": max(0, len(actor.heads) - MOST_HEADS) + max(0, len(actor.names) - MOST_HEADS),
    }


def _refuse_more_than_own(store: GraphStore, under: BundleId) -> None:
    """Refuse a grant to act below one to say: it could never act (docs/decisions/0011), so it would mislead."""
    own = attributions(store, [under])[under]
    grants = [under, *(link.grant for link in own.chain)]
    headers = [one.bundle.header for one in store.stored(grants).values()]
    if all(h and h.grants and h.grants.scope is Scope.ACT for h in headers):
        return
    wanted = "say, as not every grant that this key speaks under says act"
    raise InputError("nobody gives what they haven't got", [Fault("--scope", wanted, "act")])


def _standing_grant(found: Speakers, actor: str, key: str, scope: Scope) -> BundleId | None:
    for one in found.actors():
        if one.granted and one.key == key and one.state is State.LIVING:
            maker = one.granted.under or one.granted.granted_by
            if maker == actor and one.granted.scope is scope:
                return one.granted.id
    return None


def _grant_to_end(opened: Writing, grant: str) -> Attribution:
    if not is_hash(grant):
        wanted = "the id of a grant, sha256: and 64 hex digits (`colineage key list` shows them)"
        raise InputError("no grant", [Fault("GRANT", wanted, grant[:80])])
    found = attributions(opened.store, [grant]).get(grant)
    if found is None:
        raise NotFoundError(
            f"expected a grant that is in this store, got {grant}: `colineage key list` shows them"
        )
    _granted_key(opened.store, grant)
    seniors = {found.author, *(link.grant for link in found.chain)}
    if found.author is None or opened.voice.actor not in seniors:
        by = found.by if found.author else f"nobody known here ({found.pending})"
        wanted = f"one that {opened.voice.actor} made, or one below such"
        raise InputError(
            "not yours to end", [Fault("GRANT", wanted, f"{grant}, made by {by} ({found.key})")]
        )
    return found


def _granted_key(store: GraphStore, grant: BundleId) -> str:
    header = store.stored([grant])[grant].bundle.header
    if header is None or header.grants is None:
        raise InputError("no grant", [Fault("GRANT", "a statement that grants", grant)])
    return header.grants.key


def _check_heads(store: GraphStore, grant: BundleId, heads: Sequence[str]) -> None:
    """Refuse heads that are not statements here under the grant: a mistyped one would void statements."""
    key = _granted_key(store, grant)
    stored = store.stored([head for head in heads if is_hash(head)])
    faults = []
    for head in heads:
        header = stored[head].bundle.header if head in stored else None
        if header is None:
            faults.append(Fault("--head", "a statement that is in this store", head[:80]))
        elif (header.under, header.key) != (grant, key):
            faults.append(Fault("--head", f"a statement under {grant}", f"{head}, by {header.by}"))
    if faults:
        raise InputError("what still counts can't be told", faults)


def _refuse_useless(look: Look, grant: BundleId, key: str, *, again: bool) -> None:
    """Refuse an end that would change nothing; a second one (`again`) may still void more."""
    silence = look.silence(key, grant)
    if silence is None or silence.obstacle is Obstacle.RESIGNED:
        return
    if silence.obstacle is Obstacle.ENDED and again:
        return
    wanted = "a grant that nobody ended (--head or --none: another end that voids more)"
    came = f"{grant}: {silence.obstacle.value}"
    came += f" by {silence.bundle}" if silence.bundle != grant else ""
    raise InputError("nothing to end", [Fault("GRANT", wanted, came)])


def _living_below(found: Speakers, actor: str) -> list[BundleId]:
    """Return the living grants below an actor."""
    below = {actor}
    living = []
    for one in found.actors():
        if one.granted and (one.granted.under or one.granted.granted_by) in below:
            below.add(one.id)
            if one.state is State.LIVING:
                living.append(one.id)
    return living
