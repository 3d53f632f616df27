"""Facts recorded about a run, with the bundles that record them: the evidence that checks judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.errors import Fault, InputError, NotFoundError
from graph.model.canonical import Json
from graph.model.model import BundleId
from graph.model.vocabulary import Kind, Relation
from graph.store import AssertedEdge, AuthoredDescription, GraphReader, Thing

AUDITED_KINDS = frozenset({Kind.RUN, Kind.TRAINING, Kind.REPLICATION})

_RUN_RELATIONS = frozenset({Relation.USED, Relation.WAS_ASSOCIATED_WITH})


@dataclass(frozen=True, slots=True)
class RecordedValue:
    """Value that somebody recorded under a name."""

    name: str
    value: str
    bundle: BundleId


@dataclass(frozen=True, slots=True)
class LinkedThing:
    """Thing that the run points to, and the bundles that state it."""

    thing: Thing
    bundles: tuple[BundleId, ...]

    def values(self, key: str) -> tuple[RecordedValue, ...]:
        """Return what its descriptions hold under a key, each value once."""
        return _values(descriptions_of(self.thing), key)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run, what it used and who is associated with it."""

    run: Thing
    used: tuple[LinkedThing, ...] = ()
    agents: tuple[LinkedThing, ...] = ()

    def values(self, key: str) -> tuple[RecordedValue, ...]:
        """Return what any author's description of the run holds under a key, each value once."""
        return _values(descriptions_of(self.run), key)

    def commits(self) -> tuple[RecordedValue, ...]:
        """Return the commits named as what ran, in a description or by an edge, each once."""
        by_hash = {entry.value: entry for entry in self.values("commit")}
        for link in self.used:
            if link.thing.id.startswith("git:"):
                value = link.thing.id.removeprefix("git:")
                by_hash.setdefault(value, RecordedValue("commit", value, link.bundles[0]))
        return tuple(by_hash.values())

    def list_values(self, key: str) -> tuple[RecordedValue, ...]:
        """Return the named values of a list (`params`, `tags`, `metrics`), each name and value once."""
        entries: dict[tuple[str, str], RecordedValue] = {}
        for authored in descriptions_of(self.run):
            for item in _items(authored.description.attributes.get(key)):
                entry = RecordedValue(
                    str(item["name"]), str(item.get("value", "")), authored.bundle
                )
                entries.setdefault((entry.name, entry.value), entry)
        return tuple(entries.values())


def descriptions_of(thing: Thing) -> tuple[AuthoredDescription, ...]:
    """Return all authors' descriptions of a thing, the shown one first."""
    return (thing.shown, *thing.also) if thing.shown else thing.also


def read_run_facts(store: GraphReader, identifier: str) -> RunFacts:
    """Read what the store holds about a run.

    Raises:
        NotFoundError: No such node.
        InputError: The node is no run.
    """
    run = store.things([identifier]).get(identifier)
    if run is None:
        raise NotFoundError(f"expected a run that is in the store, got {identifier}")
    if run.kind not in AUDITED_KINDS:
        expected = "a node of kind " + ", ".join(sorted(AUDITED_KINDS))
        got = f"{identifier}, of kind {run.kind or 'unknown'}"
        raise InputError("this can't be audited", [Fault("id", expected, got)])
    edges = store.adjacent([identifier], outgoing=True, relations=_RUN_RELATIONS)
    ends = store.things(sorted({asserted.edge.target for asserted in edges}))
    return RunFacts(
        run,
        used=_links(edges, Relation.USED, ends),
        agents=_links(edges, Relation.WAS_ASSOCIATED_WITH, ends),
    )


def _links(
    edges: Sequence[AssertedEdge], relation: Relation, ends: Mapping[str, Thing]
) -> tuple[LinkedThing, ...]:
    bundles: dict[str, set[BundleId]] = {}
    for asserted in edges:
        if asserted.edge.relation is relation:
            bundles.setdefault(asserted.edge.target, set()).update(asserted.bundles)
    return tuple(LinkedThing(ends[end], tuple(sorted(names))) for end, names in bundles.items())


def _values(descriptions: tuple[AuthoredDescription, ...], key: str) -> tuple[RecordedValue, ...]:
    entries: dict[str, RecordedValue] = {}
    for authored in descriptions:
        value = authored.description.attributes.get(key)
        if value is not None:
            entries.setdefault(str(value), RecordedValue(key, str(value), authored.bundle))
    return tuple(entries.values())


def _items(value: Json) -> list[Mapping[str, Json]]:
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, Mapping)]


def bundles_of(entries: Sequence[RecordedValue]) -> tuple[BundleId, ...]:
    """Return the bundles that record these values, sorted, each once."""
    return tuple(sorted({entry.bundle for entry in entries}))


def bundles_of_links(links: Sequence[LinkedThing]) -> tuple[BundleId, ...]:
    """Return the bundles that state these links, sorted, each once."""
    return tuple(sorted({bundle for link in links for bundle in link.bundles}))


def statement_remedy(facts: RunFacts, fact: str) -> str:
    """Return the words of a remedy: what to write in a file for `colineage add`."""
    return f"it (colineage add FILE): {{id: {facts.run.id}, kind: {facts.run.kind}, {fact}}}"
