"""Generated bundles that look like papers: the same seed gives the same bytes."""

import hashlib
import random
from collections.abc import Iterator, Sequence

from graph.bundle.bundle import Bundle, record
from graph.bundle.keys import signer_of
from graph.clock import system_clock
from graph.model.model import Body, Description, Edge, RecordSource
from graph.model.vocabulary import Kind, Relation
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.pipeline.commit_page import PAGE_SIZE, commit_page

WORDS = [
    "graph",
    "learning",
    "model",
    "provenance",
    "research",
    "agent",
    "human",
    "theory",
    "data",
    "method",
    "network",
    "quantum",
    "language",
    "field",
    "analysis",
    "system",
    "optimal",
    "structure",
    "random",
    "evidence",
]


def work_id(number: int) -> str:
    """Return the id of the n-th generated paper: 100,000 a month, from January 2020 on."""
    month, place = divmod(number, 100_000)
    return f"arxiv:{20 + month // 12}{month % 12 + 1:02d}.{place:05d}"


def paper(number: int, cites: Sequence[int], *, authors: int = 5, words: int = 20) -> Bundle:
    """Generate the record of one paper: itself, its authors, what it cites, one category."""
    rng = random.Random(number)  # noqa: S311 - not for secrets
    work = work_id(number)
    nodes = [
        Description(
            work,
            Kind.WORK,
            {
                "title": " ".join(rng.choices(WORDS, k=8)),
                "abstract": " ".join(rng.choices(WORDS, k=words)),
            },
        )
    ]
    edges = [Edge(work, Relation.HAS_SUBJECT, "concept:arxiv/cs.AI", {"primary": True})]
    for place in range(1, authors + 1):
        name = f"Author {rng.randrange(10**6)} {place}"
        mention = f"mention:{work}/{hashlib.sha256(name.encode()).hexdigest()}"
        nodes.append(Description(mention, Kind.MENTION, {"name": name}))
        edges.append(Edge(work, Relation.WAS_ATTRIBUTED_TO, mention, {"position": place}))
    edges += [Edge(work, Relation.CITES, work_id(cited)) for cited in sorted(set(cites))]
    source = RecordSource(work, "arxiv-raw/300", "CC0-1.0")
    return record("source:arxiv", "2026-01-01T00:00:00Z", source, Body(tuple(nodes), tuple(edges)))


def papers(count: int, *, cites: int, words: int = 20, first: int = 0) -> Iterator[Bundle]:
    """Yield papers that cite earlier ones, near ones more often; `first` is the number of the first."""
    rng = random.Random(count)  # noqa: S311 - not for secrets
    for number in range(first, first + count):
        reach = [max(0, number - 1 - int(rng.expovariate(1 / 2000))) for _ in range(cites)]
        yield paper(number, [cited for cited in reach if cited < number], words=words)


def bench_speaker() -> Speaker:
    """Return a speaker with a fixed key."""
    signer = signer_of(hashlib.sha256(b"bench").digest())
    return Speaker(signer, f"software:{signer.key}", system_clock)


def fill(store: GraphStore, bundles: Iterator[Bundle]) -> None:
    """Append bundles page by page, as an ingest does."""
    speaker = bench_speaker()
    store.trust([TrustEntry(speaker.signer.key)])
    page: list[Bundle] = []
    for bundle in bundles:
        page.append(bundle)
        if len(page) == PAGE_SIZE:
            commit_page(store, speaker, page, {"tool": "bench"})
            page = []
    if page:
        commit_page(store, speaker, page, {"tool": "bench"})
