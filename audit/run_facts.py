"""Facts recorded about a run, with the bundles that record them: the evidence that checks judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.errors import Fault, InputError, NotFoundError
from graph.model.canonical import Json
from graph.model.model import BundleId
from graph.model.vocabulary import Kind, Relation
from graph.store import Asserted, GraphStore, Said, Thing

AUDITED = frozenset({Kind.RUN, Kind.TRAINING, Kind.REPLICATION})

_READ = frozenset({Relation.USED, Relation.WAS_ASSOCIATED_WITH})


@dataclass(frozen=True, slots=True)
class Recorded:
    """Value that somebody recorded under a name."""

    name: str
    value: str
    bundle: BundleId


@dataclass(frozen=True, slots=True)
class Linked:
    """Thing that the run points to, and the bundles that state it."""

    thing: Thing
    bundles: tuple[BundleId, ...]

    def values(self, key: str) -> tuple[Recorded, ...]:
        """Return what its descriptions hold under a key, each value once."""
        return _values(descriptions_of(self.thing), key)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run, what it used and who is associated with it."""

    run: Thing
    used: tuple[Linked, ...] = ()
    agents: tuple[Linked, ...] = ()

    def values(self, key: str) -> tuple[Recorded, ...]:
        """Return what any author's description of the run holds under a key, each value once."""
        return _values(descriptions_of(self.run), key)

    def commits(self) -> tuple[Recorded, ...]:
        """Return the commits named as what ran, in a description or by an edge, each once."""
        found = {one.value: one for one in self.values("commit")}
        for linked in self.used:
            if linked.thing.id.startswith("git:"):
                value = linked.thing.id.removeprefix("git:")
                found.setdefault(value, Recorded("commit", value, linked.bundles[0]))
        return tuple(found.values())

    def listed(self, key: str) -> tuple[Recorded, ...]:
        """Return the named values of a list (`params`, `tags`, `metrics`), each name and value once."""
        found: dict[tuple[str, str], Recorded] = {}
        for said in descriptions_of(self.run):
            for item in _items(said.description.attributes.get(key)):
                one = Recorded(str(item["name"]), str(item["value"]), said.bundle)
                found.setdefault((one.name, one.value), one)
        return tuple(found.values())


def descriptions_of(thing: Thing) -> tuple[Said, ...]:
    """Return all authors' descriptions of a thing, the shown one first."""
    return (thing.shown, *thing.also) if thing.shown else thing.also


def run_facts(store: GraphStore, identifier: str) -> RunFacts:
    """Read what the store holds about a run.

    Raises:
        NotFoundError: No such node.
        InputError: The node is no run.
    """
    run = store.things([identifier]).get(identifier)
    if run is None:
        raise NotFoundError(f"expected a run that is in the store, got {identifier}")
    if run.kind not in AUDITED:
        wanted = "a node of kind " + ", ".join(sorted(AUDITED))
        got = f"{identifier}, of kind {run.kind or 'unknown'}"
        raise InputError("this can't be audited", [Fault("id", wanted, got)])
    edges = store.adjacent([identifier], outgoing=True, relations=_READ)
    ends = store.things(sorted({one.edge.target for one in edges}))
    return RunFacts(
        run,
        used=_linked(edges, Relation.USED, ends),
        agents=_linked(edges, Relation.WAS_ASSOCIATED_WITH, ends),
    )


def _linked(
    edges: Sequence[Asserted], relation: Relation, ends: Mapping[str, Thing]
) -> tuple[Linked, ...]:
    bundles: dict[str, set[BundleId]] = {}
    for one in edges:
        if one.edge.relation is relation:
            bundles.setdefault(one.edge.target, set()).update(one.bundles)
    return tuple(Linked(ends[end], tuple(sorted(names))) for end, names in bundles.items())


def _values(descriptions: tuple[Said, ...], key: str) -> tuple[Recorded, ...]:
    found: dict[str, Recorded] = {}
    for said in descriptions:
        value = said.description.attributes.get(key)
        if value is not None:
            found.setdefault(str(value), Recorded(key, str(value), said.bundle))
    return tuple(found.values())


def _items(value: Json) -> list[Mapping[str, Json]]:
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, Mapping)]


def bundles_of(found: Sequence[Recorded]) -> tuple[BundleId, ...]:
    """Return the bundles that record these values, sorted, each once."""
    return tuple(sorted({one.bundle for one in found}))


def bundles_of_links(found: Sequence[Linked]) -> tuple[BundleId, ...]:
    """Return the bundles that state these links, sorted, each once."""
    return tuple(sorted({bundle for one in found for bundle in one.bundles}))


def to_state(facts: RunFacts, fact: str) -> str:
    """Return the words of a remedy: what to write in a file for `colineage add`."""
    return f"it (colineage add FILE): {{id: {facts.run.id}, kind: {facts.run.kind}, {fact}}}"
