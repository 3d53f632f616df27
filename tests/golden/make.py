"""Write the golden bundles and the graph they make; the same bytes on every run.

    PYTHONPATH=. python tests/golden/make.py [FOLDER]

A change of what it writes is a change of the format: see docs/bundle.md before making one.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from graph.bundle.bundle import Bundle, read, record, statement
from graph.bundle.keys import Signer, signer_of
from graph.model.canonical import Json, canonical_bytes, digest
from graph.model.model import Answer, Body, Description, Edge, End, Grant, Header, RecordSource
from graph.model.vocabulary import Derivation, Kind, Relation, Role, Scope, Verb
from tests.oracle import Graph, oracle

ADA: Final = signer_of(bytes(range(32)))
"""A person; this store trusts her runs."""
BO: Final = signer_of(bytes(range(32, 64)))
"""Another person, who disagrees."""
HAND: Final = signer_of(bytes(range(64, 96)))
"""The key that Ada's AI agent speaks with."""
MALLORY: Final = signer_of(bytes(range(96, 128)))
"""A stranger without any authority."""

CONFIGURATION: Final = "sha256:" + hashlib.sha256(b"temperature 0").hexdigest()
MODEL: Final = "example/reasoner@2026-01-15"
AGENT: Final = (
    "ai:"
    + digest(canonical_bytes({"configuration": CONFIGURATION, "model": MODEL})).partition(":")[2]
)


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
    return record(
        "source:arxiv", at, RecordSource(f"oai:arXiv.org:{number}", mapping, "CC0-1.0"), body
    )


def said(
    signer: Signer,
    at: str,
    *nodes: Description,
    edges: tuple[Edge, ...] = (),
    by: str | None = None,
    prev: tuple[Bundle, ...] = (),
    salt: str | None = None,
    **rest: Any,
) -> Bundle:
    """A statement that follows others of its actor."""
    header = Header(
        by=by or f"person:{signer.key}",
        at=at,
        body="",
        prev=tuple(one.id for one in prev),
        n=1 + max((one.header.n for one in prev if one.header), default=-1),
        **rest,
    )
    return statement(header, Body(nodes, edges, salt), signer)


def run(at: str, query: str, prev: tuple[Bundle, ...], *records: Bundle) -> Bundle:
    """A page that Ada's harvester read."""
    node = Description("#run", Kind.INGEST, {"query": query, "seen": len(records)})
    vouches = tuple(sorted(one.id for one in records))
    who = f"software:{ADA.key}"
    edge = Edge("#run", Relation.WAS_ASSOCIATED_WITH, who)
    return said(ADA, at, node, edges=(edge,), by=who, prev=prev, vouches=vouches)


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
    source = RecordSource("oai:arXiv.org:math/0601001", "arxiv-raw/300", "CC0-1.0")
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


def statements(served: dict[str, Bundle]) -> Iterator[tuple[str, Bundle]]:
    """What people, an AI agent and software said."""
    old = ("paper", "second", "third", "snapshot", "concept")
    first = run("2026-01-08T00:00:00Z", "from=2026-01-05", (), *(served[k] for k in old))
    yield "first run", first
    new = ("revision", "withdrawal", "deletion", "remapped")
    second = run("2026-01-12T00:00:00Z", "from=2026-01-09", (first,), *(served[k] for k in new))
    yield "second run", second
    ada = f"person:{ADA.key}"
    minting = said(
        ADA, "2026-01-13T00:00:00Z",
        Description("#idea", Kind.IDEA, {"title": "Sheep can be counted lazily"}),
        Description("#paper", Kind.WORK, {"title": "A reference without an identifier"}),
        edges=(
            Edge("#idea", Relation.WAS_ATTRIBUTED_TO, ada, {"role": Role.CONCEPTUALIZATION.value, "degree": "lead", "autonomy": "none"}),
            Edge("#idea", Relation.WAS_DERIVED_FROM, "arxiv:2601.00001", {"subtype": Derivation.INSPIRATION.value}),
            Edge("#paper", Relation.ALTERNATE_OF, "arxiv:2601.00002", {"score": "0.93", "method": "title"}),
        ),
        prev=(second,),
    )  # fmt: skip
    yield "minting", minting
    the_idea = next(name for name in minting.minted_ids() if name.startswith("idea:"))
    grant = said(ADA, "2026-01-14T00:00:00Z", prev=(minting,), grants=Grant(HAND.key, Scope.SAY))
    yield "grant", grant
    agent = Description(
        AGENT, Kind.AI, {"model": MODEL, "configuration": CONFIGURATION, "known": "observed"}
    )
    by_agent = said(
        HAND, "2026-01-15T00:00:00Z", agent,
        Description("#1", Kind.CLAIM, {"text": "Lazy counting halves the cost"}),
        edges=(
            Edge("#1", Relation.WAS_ATTRIBUTED_TO, AGENT, {"autonomy": "ai-generated", "initiative": ada, "verified_by": ada}),
            Edge("#1", Relation.SUPPORTS, the_idea),
        ),
        by=AGENT, under=grant.id,
    )  # fmt: skip
    yield "by an agent", by_agent
    mistake = said(
        ADA,
        "2026-01-16T00:00:00Z",
        Description(the_idea, Kind.IDEA, {"title": "A mistake"}),
        prev=(grant,),
    )
    retraction = said(
        ADA, "2026-01-17T00:00:00Z", prev=(mistake,), answers=(Answer(Verb.RETRACTS, mistake.id),)
    )
    yield "retraction", retraction
    yield "retracted", mistake
    end = said(ADA, "2026-01-18T00:00:00Z", prev=(retraction,), ends=End(grant.id, (by_agent.id,)))
    yield "end of the grant", end
    late = Description("#1", Kind.CLAIM, {"text": "Said with an ended key, and backdated"})
    yield (
        "after the end",
        said(HAND, "2026-01-15T00:00:01Z", late, by=AGENT, under=grant.id, prev=(by_agent,)),
    )
    (the_claim,) = by_agent.minted_ids()
    doubt = said(
        BO, "2026-01-19T00:00:00Z",
        edges=(Edge(f"person:{BO.key}", Relation.DISPUTES, the_claim, {"reason": "Measured: a third"}),),
        answers=(Answer(Verb.DISPUTES, by_agent.id),),
    )  # fmt: skip
    yield "disagreement", doubt
    better = Description(
        the_idea, Kind.IDEA, {"title": "Sheep can be counted lazily, and in parallel"}
    )
    yield (
        "correction",
        said(
            BO,
            "2026-01-20T00:00:00Z",
            better,
            prev=(doubt,),
            answers=(Answer(Verb.CORRECTS, minting.id),),
        ),
    )
    yield (
        "powerless",
        said(
            MALLORY,
            "2026-01-21T00:00:00Z",
            answers=(Answer(Verb.RETRACTS, minting.id),),
            vouches=(served["unvouched"].id,),
        ),
    )
    withheld = said(
        BO,
        "2026-01-22T00:00:00Z",
        Description("#1", Kind.IDEA, {"title": "Not for everybody"}),
        salt="5a17" * 8,
    )
    yield "withheld", replace(withheld, body=None, body_bytes=None)


def unknown() -> Bundle:
    """A bundle of a version that is not understood yet."""
    body = canonical_bytes({"nodes": [], "edges": [], "weather": "fair"})
    return read(canonical_bytes({"v": 2, "by": "source:arxiv", "body": digest(body)}), body, None)


def golden() -> dict[str, Bundle]:
    """All bundles by their names, in the order of the file."""
    served = dict(records())
    return {**served, **dict(statements(served)), "unknown version": unknown()}


def dump(graph: Graph) -> dict[str, Any]:
    """The graph as a person reads it."""
    nodes = [
        {
            "description": winner.description.to_json(),
            "author": author,
            "bundle": winner.bundle,
            "shown": graph.shown[node] == author,
        }
        for (node, author), winner in sorted(graph.descriptions.items())
    ]
    edges = [
        {"edge": json.loads(edge), "bundles": sorted(graph.asserted[edge])}
        for edge in sorted(graph.edges)
    ]
    return {
        "nodes": nodes,
        "edges": edges,
        "counts": sorted(graph.counts),
        "lives": sorted(graph.lives),
    }


def write(folder: Path) -> None:
    """Writes bundles, names, graph and digest."""
    bundles = golden()
    graph = oracle(bundles.values(), frozenset({ADA.key}))
    lines = [canonical_bytes(bundle.to_json()) + b"\n" for bundle in bundles.values()]
    (folder / "bundles.ndjson").write_bytes(b"".join(lines))
    named = {"trusted": [ADA.key], "bundles": {name: one.id for name, one in bundles.items()}}
    for name, value in (("names.json", named), ("graph.json", dump(graph))):
        text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "digest.txt").write_text(graph.digest + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
