"""Sealed bodies: what is served is byte for byte the same whether the folder of the bodies is beside the store or not.

What is asked is generated from the GraphQL schema, every field of every type; and all addresses are asked. Compared are two
copies of one store, as two secrets can't be: their headers differ in a hash. The controls have the body in the tables of the
store, openly and hidden by a view that filters what was found: the same comparison must tell both from the first two.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type, is_leaf_type
from starlette.testclient import TestClient

from api.app import make_app
from api.graphql.schema import schema
from graph.bundle.bundle import Bundle, read
from graph.model.model import BundleId
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import GraphStore, StoredBundle
from ingest.statements.seal import seal_file
from ingest.statements.sealed_folder import SealedFolder
from tests.api.world import PAPER, RUN, VOICE, World, build, clock

MARK: Final = "qzxquagga"
FILE: Final = f"""
nodes:
  - {{id: "#plan", kind: idea, title: Reefs of {MARK}}}
  - {{id: "#hand", kind: software, name: A {MARK} hand}}
edges:
  - {{from: "#plan", rel: wasDerivedFrom, to: "{PAPER}", subtype: inspiration}}
  - {{from: "#plan", rel: cites, to: "{PAPER}"}}
  - {{from: "#plan", rel: wasAttributedTo, to: "#hand", role: conceptualization}}
  - {{from: "{PAPER}", rel: hasSubject, to: "concept:arxiv/cs.CL"}}
  - {{from: "{RUN}", rel: wasAssociatedWith, to: "#hand"}}
"""
TYPES: Final = build_schema(schema.as_str()).type_map
DEPTH: Final = 3
"""Types between the root and the one whose fields are asked: with fewer not every type of the schema is reached."""


class Hiding:
    """A store whose answers about bundles are filtered: one has no body. A view over tables that hold it, not a seal."""

    def __init__(self, store: GraphStore, hidden: BundleId) -> None:
        self._store = store
        self._hidden = hidden

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def _without(self, entry: StoredBundle) -> StoredBundle:
        if entry.bundle.id != self._hidden:
            return entry
        return replace(entry, bundle=replace(entry.bundle, body_bytes=None, body=None))

    def bundles(self, start: int = 0) -> Iterator[StoredBundle]:
        return map(self._without, self._store.bundles(start))

    def bundles_by_id(self, names: Sequence[BundleId]) -> dict[BundleId, StoredBundle]:
        found = self._store.bundles_by_id(names)
        return {name: self._without(entry) for name, entry in found.items()}


@pytest.fixture
def world(tmp_path: Path) -> tuple[World, Bundle]:
    """A store in the folder `with`, and there a sealed statement, which is returned with its body; a copy in `without`."""
    folder = tmp_path / "with"
    folder.mkdir()
    (tmp_path / "plan.yaml").write_text(FILE, encoding="utf-8")
    sealed = SealedFolder(folder / "a.db.sealed")
    speaker = Speaker(VOICE, f"software:{VOICE.key}", clock)
    with closing(open_store(f"sqlite:{folder / 'a.db'}", clock=clock)) as store:
        store.trust([TrustEntry(VOICE.key)])
        made = build(store)
        (name,) = seal_file(store, speaker, tmp_path / "plan.yaml", sealed).appended
        bundle = store.bundles_by_id([name])[name].bundle
    (tmp_path / "without").mkdir()
    shutil.copy(folder / "a.db", tmp_path / "without")
    body = sealed.read(bundle.body_hash or "")
    return made, read(bundle.header_bytes, body, bundle.signature)


def roots(made: World, sealed: Bundle) -> dict[str, list[str]]:
    """The arguments with which each field of the query is asked; with the first ones it is asked in depth."""
    things = [PAPER, RUN, made.idea, *sealed.minted_ids()]
    bundles = [sealed.id, made.statement, made.paper_record]
    words = [f'text: "{word}", first: 3' for word in (MARK, "reefs", "improve")]
    return {
        "node": [f'id: "{name}"' for name in things],
        "search": words,
        "nodes": ["first: 5", *(f'kind: "{kind}", first: 5' for kind in ("idea", "software"))],
        "newest": [f'kind: "{kind}", first: 3' for kind in ("idea", "software", "work")],
        "statements": ["first: 5"],
        "lineage": [
            f'id: "{name}", direction: {way}, first: 9' for name in things for way in ("DOWN", "UP")
        ],
        "related": [*(f'id: "{name}", first: 3' for name in things), *words],
        "directions": ["first: 3"],
        "bundle": [f'id: "{name}"' for name in bundles],
        "speakers": [""],
        "audit": [f'id: "{RUN}"'],
        "stats": [""],
    }


def questions(made: World, sealed: Bundle, asked: set[str]) -> Iterator[str]:
    """Queries for every field below every root, a path of object types at a time; `asked` gets the fields."""
    query = cast("GraphQLObjectType", TYPES["Query"])
    arguments = roots(made, sealed)
    assert arguments.keys() == query.fields.keys()
    for name, field in query.fields.items():
        asked.add(f"Query.{name}")
        kind = cast("GraphQLObjectType", get_named_type(field.type))
        for number, words in enumerate(arguments[name]):
            call = f"{name}({words})" if words else name
            for selection in selections(kind, (), 1 if number else DEPTH, asked):
                yield f"{{ {call} {selection} }}"


def selections(
    kind: GraphQLObjectType, above: tuple[str, ...], depth: int, asked: set[str]
) -> Iterator[str]:
    """Selections of a type: all its leaves, and below each field the selections of types that don't stand above."""
    leaves = [
        name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type))
    ]
    asked.update(f"{kind.name}.{name}" for name in leaves)
    if leaves:
        yield f"{{ {' '.join(leaves)} }}"
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLObjectType):
            continue
        asked.add(f"{kind.name}.{name}")
        call = f"{name}(first: 3)" if "first" in field.args else name
        if inner.name in above or len(above) > depth:
            continue
        for selection in selections(inner, (*above, kind.name), depth, asked):
            yield f"{{ {call} {selection} }}"


def answers(store: GraphStore, made: World, sealed: Bundle) -> dict[str, tuple[int, bytes]]:
    """Everything that is served over a store, by what was asked."""
    given = {}
    asked: set[str] = set()
    with TestClient(make_app(lambda: store, signer=VOICE), follow_redirects=False) as client:
        for query in questions(made, sealed, asked):
            found = client.post("/graphql", json={"query": query})
            given[query] = (found.status_code, found.content)
        for name in (made.idea, PAPER, RUN, *sealed.minted_ids(), sealed.id, made.statement):
            for form in ("text/html", "application/ld+json"):
                found = client.get(f"/id/{name}", headers={"accept": form})
                given[f"{name} {form}"] = (found.status_code, found.content)
        for path in (
            *("/", "/health", "/ready", "/log/checkpoint", "/log/about.json"),
            *("/log/bundles/00000000.ndjson", "/log/consistency?first=2"),
            *(f"/log/inclusion?bundle={sealed.id}", "/log/inclusion?position=1"),
        ):
            found = client.get(path)
            given[path] = (found.status_code, found.content)
    fields = {
        f"{kind.name}.{name}"
        for kind in TYPES.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name in kind.fields
    }
    assert asked == fields
    return given


def differing(one: dict[str, tuple[int, bytes]], other: dict[str, tuple[int, bytes]]) -> list[str]:
    assert one.keys() == other.keys()
    return [question for question, answer in one.items() if other[question] != answer]


def test_every_answer_is_as_if_the_folder_were_not_there(
    world: tuple[World, Bundle], tmp_path: Path
) -> None:
    made, sealed = world
    assert (tmp_path / "with" / "a.db.sealed").is_dir()
    given = []
    for folder in ("with", "without"):
        with closing(open_store(f"sqlite:{tmp_path / folder / 'a.db'}", clock=clock)) as store:
            given.append(answers(store, made, sealed))
    assert len(given[0]) > 500
    assert differing(*given) == []
    assert MARK.encode() not in b"".join(
        answer for question, (_, answer) in given[0].items() if MARK not in question
    )
    # Otherwise two equal errors would do.
    faulty = [question for question, (_, answer) in given[0].items() if b'"errors"' in answer]
    assert len(faulty) < len(given[0]) / 2


def test_a_body_in_the_tables_is_seen_even_behind_a_view(
    world: tuple[World, Bundle], tmp_path: Path
) -> None:
    made, sealed = world
    with closing(open_store(f"sqlite:{tmp_path / 'without' / 'a.db'}", clock=clock)) as store:
        absent = answers(store, made, sealed)
        store.append(lambda _view: [sealed])
        public = answers(store, made, sealed)
        hidden = answers(cast("GraphStore", Hiding(store, sealed.id)), made, sealed)
    assert len(differing(absent, public)) > len(differing(absent, hidden)) > 50
    stats = "{ stats { nodes { name count } } }"
    assert json.loads(absent[stats][1]) != json.loads(hidden[stats][1])
