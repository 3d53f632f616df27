"""Write the golden bundles and the graph they make; the same bytes on every run.

    PYTHONPATH=. python tests/golden/make.py [FOLDER]

A change of what it writes is a change of the format: see docs/bundle.md before making one.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from graph.bundle.bundle import Bundle, read, record, statement
from graph.bundle.envelopes import pack
from graph.bundle.header import header_to_json
from graph.bundle.keys import Signer, signer_of
from graph.model.canonical import Json, canonical_bytes, digest
from graph.model.model import Answer, Body, Description, Edge, End, Grant, Header, RecordSource
from graph.model.vocabulary import Derivation, Kind, Relation, Role, Scope, Verb
from graph.open import open_store
from graph.rules.facts import TrustEntry
from tests.graph.statements import add

ADA: Final = signer_of(bytes(range(32)))
"""A person; this store trusts her runs."""
BO: Final = signer_of(bytes(range(32, 64)))
"""Another person, who disagrees."""
HAND: Final = signer_of(bytes(range(64, 96)))
"""The key that Ada's AI agent speaks with."""
FARM: Final = signer_of(bytes(range(128, 160)))
"""The key of a machine that may harvest for Ada."""
MALLORY: Final = signer_of(bytes(range(96, 128)))
"""A stranger without any authority."""
TRUSTED: Final = [ADA.key]
"""Root keys that the store trusts, for all sources."""

CONFIGURATION: Final = "sha256:" + hashlib.sha256(b"temperature 0").hexdigest()
MODEL: Final = "model:example/reasoner@2026-01-15"


def mention(work: str, name: str) -> Description:
    """A name as printed on a paper."""
    return Description(
        f"mention:{work}/{hashlib.sha256(name.encode()).hexdigest()}", Kind.MENTION, {"name": name}
    )


def paper(
    number: str, at: str | None, mapping: str, *names: str, title: str, **more: Json
) -> Bundle:
    """A record of one paper with its authors."""
    work = f"arxiv:{number}"
    mentions = [mention(work, name) for name in names]
    edges = [
        Edge(work, Relation.WAS_ATTRIBUTED_TO, one.id, {"position": k})
        for k, one in enumerate(mentions, 1)
    ]
    if names:
        edges.append(Edge(work, Relation.HAS_SUBJECT, "concept:arxiv/cs.AI", {"primary": True}))
    attributes = {key: value for key, value in {"title": title, **more}.items() if value}
    body = Body((Description(work, Kind.WORK, attributes), *mentions), tuple(edges))
    return record("source:arxiv", at, RecordSource(work, mapping, "CC0-1.0"), body)


def following(signer: Signer, at: str, by: str | None, prev: tuple[Bundle, ...]) -> Header:
    """Header of a statement that follows others of its actor."""
    return Header(
        by=by or f"person:{signer.key}",
        at=at,
        prev=tuple(one.id for one in prev),
        n=1 + max((one.header.n for one in prev if one.header), default=-1),
    )


def said(
    signer: Signer,
    at: str,
    *nodes: Description,
    edges: tuple[Edge, ...] = (),
    reason: str | None = None,
    by: str | None = None,
    prev: tuple[Bundle, ...] = (),
    **rest: Any,
) -> Bundle:
    """A statement that follows others of its actor."""
    header = replace(following(signer, at, by, prev), **rest)
    return statement(header, Body(nodes, edges, reason), signer)


def done(signer: Signer, at: str, prev: tuple[Bundle, ...], deed: Grant | End) -> Bundle:
    """A statement that grants or ends, and says nothing else."""
    header = following(signer, at, None, prev)
    if isinstance(deed, Grant):
        return statement(replace(header, grants=deed), None, signer)
    return statement(replace(header, ends=deed), None, signer)


def by_hand(
    signer: Signer, at: str, prev: tuple[Bundle, ...], body: dict[str, Any], **header: Any
) -> Bundle:
    """A statement as a program of another age, or a careless one, makes it: these keys in its body and its header."""
    data = canonical_bytes({**body, "salt": signer.salt(canonical_bytes(body))})
    known = replace(following(signer, at, None, prev), key=signer.key, body=digest(data))
    header_bytes = canonical_bytes({**header_to_json(known), **header})
    return read(header_bytes, data, signer.sign(header_bytes))


def run(
    at: str,
    query: str,
    prev: tuple[Bundle, ...],
    *records: Bundle,
    signer: Signer = ADA,
    **rest: Any,
) -> Bundle:
    """A page that a harvester read, Ada's own if no other is named."""
    node = Description("#1", Kind.INGEST, {"query": query, "seen": len(records)})
    vouches = tuple(sorted(one.id for one in records))
    who = f"software:{signer.key}"
    edge = Edge("#1", Relation.WAS_ASSOCIATED_WITH, who)
    return said(signer, at, node, edges=(edge,), by=who, prev=prev, vouches=vouches, **rest)


def records() -> Iterator[tuple[str, Bundle]]:
    """What sources served."""
    first = {"title": "On Counting Sheep", "licence": "CC-BY-4.0"}
    yield (
        "paper",
        paper(
            "2601.00001",
            "2026-01-05T00:00:00Z",
            "arxiv-raw/300",
            "A. Ewe",
            "B. Ram",
            "C. Lämb",
            **first,
        ),
    )
    yield (
        "revision",
        paper("2601.00001", "2026-01-09T00:00:00Z", "arxiv-raw/300", "A. Ewe", "C. Lämb", **first),
    )
    yield (
        "second",
        paper(
            "2601.00002",
            "2026-01-05T00:00:00Z",
            "arxiv-raw/300",
            "D. Goat",
            title="Sheep Revisited",
        ),
    )
    yield "withdrawal", paper(
        "2601.00002", "2026-01-10T00:00:00Z", "arxiv-raw/300", "D. Goat",
        title="Sheep Revisited", withdrawn=True, evidence="v2: source_type I",
    )  # fmt: skip
    yield (
        "third",
        paper("math/0601001", "2026-01-05T00:00:00Z", "arxiv-raw/300", "E. Kid", title="Old Sheep"),
    )
    source = RecordSource("arxiv:math/0601001", "arxiv-raw/300", "CC0-1.0")
    gone = Body((Description("arxiv:math/0601001", Kind.WORK, {"deleted": True}),))
    yield "deletion", record("source:arxiv", "2026-01-11T00:00:00Z", source, gone)
    yield (
        "snapshot",
        paper(
            "2601.00004", "2026-01-06T00:00:00Z", "arxiv-snapshot/100", "F. Fold", title="A  Flock"
        ),
    )
    yield (
        "remapped",
        paper("2601.00004", "2026-01-06T00:00:00Z", "arxiv-raw/300", "F. Fold", title="A Flock"),
    )
    yield (
        "unvouched",
        paper(
            "2601.00005",
            "2026-01-06T00:00:00Z",
            "arxiv-raw/300",
            "G. Pen",
            title="Nobody Read This",
        ),
    )
    yield (
        "harvested",
        paper(
            "2601.00007", "2026-01-06T00:00:00Z", "arxiv-raw/300", "H. Barn", title="Read for Ada"
        ),
    )
    concept = Description("concept:arxiv/cs.AI", Kind.CONCEPT, {"name": "cs.AI"})
    yield (
        "concept",
        record(
            "source:arxiv",
            None,
            RecordSource(concept.id, "arxiv-raw/300", "CC0-1.0"),
            Body((concept,)),
        ),
    )
    yield "unfit record", unfit_record()


def statements(served: dict[str, Bundle]) -> Iterator[tuple[str, Bundle]]:
    """What people, an AI agent and software said."""
    old = ("paper", "second", "third", "snapshot", "concept", "unfit record")
    first = run("2026-01-08T00:00:00Z", "from=2026-01-05", (), *(served[k] for k in old))
    yield "first run", first
    new = ("revision", "withdrawal", "deletion", "remapped")
    second = run("2026-01-12T00:00:00Z", "from=2026-01-09", (first,), *(served[k] for k in new))
    yield "second run", second
    ada = f"person:{ADA.key}"
    minting = said(
        ADA, "2026-01-13T00:00:00Z",
        Description("#1", Kind.IDEA, {"title": "Sheep can be counted lazily"}),
        Description("#2", Kind.WORK, {"title": "A reference without an identifier"}),
        Description("#3", Kind.AI, {"name": "Ada's agent", "configuration": CONFIGURATION, "known": "observed"}),
        edges=(
            Edge("#1", Relation.WAS_ATTRIBUTED_TO, ada, {"role": Role.CONCEPTUALIZATION.value, "degree": "lead", "autonomy": "none"}),
            Edge("#1", Relation.WAS_ATTRIBUTED_TO, "#3", {"role": Role.VALIDATION.value, "initiative": ada, "evidence": ["#2", "arxiv:2601.00001"]}),
            Edge("#1", Relation.WAS_DERIVED_FROM, "arxiv:2601.00001", {"subtype": Derivation.INSPIRATION.value}),
            Edge("#2", Relation.ALTERNATE_OF, "arxiv:2601.00002", {"score": "0.93", "method": "title"}),
            Edge("#3", Relation.SPECIALIZATION_OF, MODEL),
        ),
        prev=(second,),
    )  # fmt: skip
    yield "minting", minting
    the_idea, _, agent = minting.minted_ids()
    grant = done(ADA, "2026-01-14T00:00:00Z", (minting,), Grant(HAND.key, Scope.SAY))
    yield "grant", grant
    harvester = done(ADA, "2026-01-14T00:00:01Z", (grant,), Grant(FARM.key, Scope.HARVEST))
    yield "grant to harvest", harvester
    by_agent = said(
        HAND, "2026-01-15T00:00:00Z",
        Description("#1", Kind.CLAIM, {"text": "Lazy counting halves the cost"}),
        edges=(
            Edge("#1", Relation.WAS_ATTRIBUTED_TO, agent, {"autonomy": "ai-generated", "initiative": ada, "verified_by": ada}),
            Edge("#1", Relation.SUPPORTS, the_idea),
        ),
        by=agent, under=grant.id,
    )  # fmt: skip
    yield "by an agent", by_agent
    mistake = said(
        ADA,
        "2026-01-16T00:00:00Z",
        Description(the_idea, Kind.IDEA, {"title": "A mistake"}),
        prev=(harvester,),
    )
    retraction = said(
        ADA,
        "2026-01-17T00:00:00Z",
        prev=(mistake,),
        answers=(Answer(Verb.RETRACTS, mistake.id),),
        reason="Meant for another idea",
    )
    yield "retraction", retraction
    yield "retracted", mistake
    end = done(ADA, "2026-01-18T00:00:00Z", (retraction,), End(grant.id, (by_agent.id,)))
    yield "end of the grant", end
    late = Description("#1", Kind.CLAIM, {"text": "Said with an ended key, and backdated"})
    yield (
        "after the end",
        said(HAND, "2026-01-15T00:00:01Z", late, by=agent, under=grant.id, prev=(by_agent,)),
    )
    yield from harvests(served, harvester)
    yield from second_thoughts(end)
    yield from disagreements(served, minting, by_agent)


def harvests(served: dict[str, Bundle], grant: Bundle) -> Iterator[tuple[str, Bundle]]:
    """What a machine says that may harvest for Ada, and nothing else."""
    page = run("2026-01-14T12:00:00Z", "id=7", (), served["harvested"], signer=FARM, under=grant.id)
    yield "harvester's run", page
    claim = Description("#1", Kind.CLAIM, {"text": "A harvester's own word"})
    mine = f"software:{FARM.key}"
    yield (
        "harvester's claim",
        said(FARM, "2026-01-14T13:00:00Z", claim, by=mine, prev=(page,), under=grant.id),
    )


def second_thoughts(last: Bundle) -> Iterator[tuple[str, Bundle]]:
    """What Ada retracts and restores, and what she erases."""
    plan = Description("#1", Kind.PLAN, {"title": "Count at night"})
    restored = said(ADA, "2026-01-18T01:00:00Z", plan, prev=(last,))
    yield "restored", restored
    retraction = said(
        ADA,
        "2026-01-18T02:00:00Z",
        prev=(restored,),
        answers=(Answer(Verb.RETRACTS, restored.id),),
    )
    yield "undone retraction", retraction
    restoring = said(
        ADA,
        "2026-01-18T03:00:00Z",
        prev=(retraction,),
        answers=(Answer(Verb.RESTORES, restored.id),),
        reason="It was right",
    )
    yield "restoring", restoring
    private = Description("#1", Kind.QUESTION, {"text": "Whose sheep are they?"})
    erased = said(ADA, "2026-01-18T04:00:00Z", private, prev=(restoring,))
    yield "erased", erased
    yield (
        "erasing",
        said(
            ADA,
            "2026-01-18T05:00:00Z",
            prev=(erased,),
            answers=(Answer(Verb.ERASES, erased.id),),
        ),
    )


def disagreements(
    served: dict[str, Bundle], minting: Bundle, by_agent: Bundle
) -> Iterator[tuple[str, Bundle]]:
    """What others than Ada say, and what they say in words that are not known here."""
    the_idea, the_claim = next(minting.minted_ids()), next(by_agent.minted_ids())
    doubt = said(
        BO, "2026-01-19T00:00:00Z",
        edges=(Edge(f"person:{BO.key}", Relation.DISPUTES, the_claim, {"reason": "Measured: a third"}),),
        answers=(Answer(Verb.DISPUTES, by_agent.id), Answer("wondersAt", by_agent.id)),
    )  # fmt: skip
    yield "disagreement", doubt
    better = Description(
        the_idea, Kind.IDEA, {"title": "Sheep can be counted lazily, and in parallel"}
    )
    correction = said(
        BO,
        "2026-01-20T00:00:00Z",
        better,
        prev=(doubt,),
        answers=(Answer(Verb.CORRECTS, minting.id),),
    )
    yield "correction", correction
    yield (
        "powerless",
        said(
            MALLORY,
            "2026-01-21T00:00:00Z",
            Description("#1", Kind.INGEST, {"query": "from=2026-01-06", "seen": 1}),
            answers=(Answer(Verb.RETRACTS, minting.id),),
            reason="It is mine",
            vouches=(served["unvouched"].id,),
        ),
    )
    secret = Description("#1", Kind.IDEA, {"title": "Not for everybody"})
    withheld = said(BO, "2026-01-22T00:00:00Z", secret, prev=(correction,))
    yield "withheld", replace(withheld, body=None, body_bytes=None)
    node = {"id": "#1", "kind": "idea", "title": "Sheep have moods", "mood": "gloomy"}
    unfit = by_hand(
        BO,
        "2026-01-23T00:00:00Z",
        (withheld,),
        {"words": 1, "nodes": [node]},
        mints=[["#1", "idea"]],
    )
    yield "unfit body", unfit
    weather = {"words": 2, "weather": "fair", "nodes": [{"id": "#1", "kind": "pasture"}]}
    newer = by_hand(BO, "2026-01-24T00:00:00Z", (unfit,), weather, mints=[["#1", "pasture"]])
    yield "newer words", newer
    said_again = {
        "words": 1,
        "nodes": [{"id": "arxiv:2601.00001", "kind": "work", "note": "Read it"}],
    }
    unknown = by_hand(
        BO, "2026-01-25T00:00:00Z", (newer,), said_again, mood=["calm", {"after": "lunch"}]
    )
    yield "unknown key", unknown
    prophecy = Description("#1", Kind.CLAIM, {"text": "Sheep are countable in the end"})
    yield "dated ahead", said(BO, "9999-12-31T23:59:59Z", prophecy, prev=(unknown,))


def unfit_record() -> Bundle:
    """A record that describes the paper of another: it takes its slot, and says nothing."""
    body = {"words": 1, "nodes": [{"id": "arxiv:2601.00001", "kind": "work", "title": "Not mine"}]}
    data = canonical_bytes(body)
    source = RecordSource("arxiv:2601.00006", "arxiv-raw/300", "CC0-1.0")
    header = Header("source:arxiv", "2026-01-07T00:00:00Z", digest(data), source)
    return read(canonical_bytes(header_to_json(header)), data, None)


def later() -> Iterator[tuple[str, Bundle]]:
    """Bundles that are not understood yet: of another version, and by a key of another algorithm."""
    body = canonical_bytes({"words": 1, "weather": "fair"})
    value: dict[str, Any] = {"v": 2, "by": "source:arxiv", "body": digest(body)}
    yield "unknown version", read(canonical_bytes(value), body, None)
    key = "x25519p:" + "2a" * 33
    grant = {"v": 1, "by": f"person:{key}", "at": "2026-01-26T00:00:00Z", "key": key, "n": 0}
    value = {**grant, "grants": [BO.key, "act"]}
    envelopes = pack([{"payloadType": "x", "signatures": [{"sig": "eA=="}]}, {"key": "2a" * 33}])
    yield "unknown algorithm", read(canonical_bytes(value), None, envelopes)


def golden() -> dict[str, Bundle]:
    """All bundles by their names, in the order of the file."""
    served = dict(records())
    return {**served, **dict(statements(served)), **dict(later())}


def graph_in_store(bundles: Sequence[Bundle], trusted: Sequence[str]) -> tuple[dict[str, Any], str]:
    """The graph that a store makes of them, added one by one, as a person reads it; and its digest."""
    store = open_store("sqlite::memory:", clock=lambda: datetime(2026, 2, 1, tzinfo=UTC))
    store.trust([TrustEntry(author) for author in trusted])
    for bundle in bundles:
        add(store, bundle)
    stored = list(store.bundles())
    names = _names_in(bundles)
    nodes = [
        {
            "description": said.description.to_json(),
            "author": said.author,
            "actor": said.actor,
            "by": said.by,
            "bundle": said.bundle,
            "shown": said is thing.shown,
        }
        for thing in store.things(names).values()
        for said in (*((thing.shown,) if thing.shown else ()), *thing.also)
    ]
    edges = [
        {"edge": one.edge.to_json(), "bundles": list(one.bundles)}
        for one in store.adjacent(names, outgoing=True)
    ]
    graph = {
        "nodes": sorted(nodes, key=canonical_bytes),
        "edges": sorted(edges, key=canonical_bytes),
        "counts": sorted(one.bundle.id for one in stored if one.counts),
        "lives": sorted(one.bundle.id for one in stored if one.lives),
        "erased": sorted(one.bundle.id for one in stored if one.is_erased),
        "waiting": asdict(store.waiting()),
    }
    state = store.digest()
    store.close()
    return graph, state


def _names_in(bundles: Iterable[Bundle]) -> list[str]:
    """All ids of which bundles speak, whether they live or not."""
    bodies = [bundle.resolved_body() for bundle in bundles]
    names = {node.id for body in bodies for node in body.nodes}
    names |= {end for body in bodies for edge in body.edges for end in (edge.source, edge.target)}
    return sorted(names)


def write(folder: Path) -> None:
    """Writes bundles, names, graph and digest."""
    bundles = golden()
    graph, state = graph_in_store(list(bundles.values()), TRUSTED)
    lines = [canonical_bytes(bundle.to_json()) + b"\n" for bundle in bundles.values()]
    (folder / "bundles.ndjson").write_bytes(b"".join(lines))
    named = {"trusted": TRUSTED, "bundles": {name: one.id for name, one in bundles.items()}}
    for name, value in (("names.json", named), ("graph.json", graph)):
        text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "digest.txt").write_text(state + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
