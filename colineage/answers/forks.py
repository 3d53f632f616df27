"""Forks: heads of the keys of this place that were signed elsewhere, by oneself at another place or by a thief."""

from collections.abc import Iterator, Sequence

from colineage.output import Json
from colineage.own_key import OwnKey
from graph.errors import Fault, InputError
from graph.model.model import BundleId
from graph.queries.principals import Actor, principals
from graph.store import GraphStore


def list_forks(store: GraphStore, keys: Sequence[OwnKey]) -> Json:
    """List the heads that were not signed at this place: `{"forks": [{"id", "file", "key", …}], "unlisted": […]}`.

    `unlisted` are the key files without a list of what they signed, although their keys have spoken here.
    """
    found = [(key, name) for key in keys for name in _foreign_heads(store, key)]
    return {
        "forks": [_fork_to_json(store, key, name) for key, name in found],
        "unlisted": sorted({str(key.path) for key, _ in found if not key.signed.exists()}),
    }


def adopt_forks(store: GraphStore, keys: Sequence[OwnKey], names: Sequence[str]) -> list[BundleId]:
    """Take forks for one's own: from now on this place's statements follow them; return them.

    Raises:
        InputError: One is no fork of a key of this place.
    """
    by_name = {name: key for key in keys for name in _foreign_heads(store, key)}
    faults = [
        Fault("--adopt", "a fork that `colineage key forks` shows", name[:80])
        for name in names
        if name not in by_name
    ]
    if faults:
        raise InputError("nothing is adopted", faults)
    for name in names:
        by_name[name].signed.add(name)
    return list(names)


def _foreign_heads(store: GraphStore, key: OwnKey) -> list[BundleId]:
    own = key.signed.names()
    return [head for actor in _own_actors(store, key) for head in actor.heads if head not in own]


def _own_actors(store: GraphStore, key: OwnKey) -> Iterator[Actor]:
    """Yield the actors that a key file is of: the key, for itself and under any grant, and the root above it."""
    for actor in principals(store).actors():
        if actor.key == key.signer.key or (actor.grant is None and actor.key == key.root):
            yield actor


def _fork_to_json(store: GraphStore, key: OwnKey, name: BundleId) -> Json:
    stored = store.bundles_by_id([name])[name]
    header = stored.bundle.header
    if header is None:
        raise ValueError(f"expected a statement, got {name}, which is not understood")
    return {
        "id": name,
        "file": str(key.path),
        "key": header.key,
        "under": header.under,
        "at": header.at,
        "by": header.by,
        "counts": stored.counts,
        "answers": [{"verb": answer.verb, "target": answer.target} for answer in header.answers],
        "grants": header.grants.key if header.grants else None,
        "ends": header.ends.grant if header.ends else None,
    }
