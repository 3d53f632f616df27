"""What `graph.store` promises of the graph: things, edges, lists, search, counts, vectors."""

import hashlib
import struct
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from graph.errors import GraphError
from graph.model.model import Description, Edge
from graph.model.vocabulary import AgentNature, Kind, Relation, Verb
from graph.rules.facts import TrustEntry
from graph.store import AssertedEdge, AuthoredDescription, GraphStore, Thing, Vector
from tests.graph.histories import ADA, IDEAS, ZED
from tests.graph.statements import add, cites, idea, paper, say, seen, work
from tests.oracle import everything_by, oracle

ONE, TWO = IDEAS
W = "work:" + "1" * 64
V = "work:" + "2" * 64


def thing(store: GraphStore, name: str) -> Thing:
    return store.things([name])[name]


def shown(store: GraphStore, name: str) -> str:
    found = thing(store, name)
    assert found.shown is not None
    return found.title


# Things.


def test_a_thing_is_what_was_said_of_it(store: GraphStore) -> None:
    said = say(ADA, idea(ONE, "an idea"))
    add(store, said)
    expected = AuthoredDescription(
        author=ADA.key,
        actor=ADA.key,
        by=f"person:{ADA.key}",
        bundle=said.id,
        at="2026-01-01T00:00:00Z",
        description=idea(ONE, "an idea"),
    )
    assert store.things([ONE]) == {ONE: Thing(ONE, Kind.IDEA, expected, ())}


def test_unknown_ids_are_left_out(store: GraphStore) -> None:
    add(store, say(ADA, idea(ONE, "an idea")))
    assert set(store.things([TWO, ONE, "arxiv:2401.00001", "no identifier", ONE])) == {ONE}
    assert store.things([]) == {}


def test_an_end_of_an_edge_exists_undescribed(store: GraphStore) -> None:
    add(store, say(ADA, edges=(cites("arxiv:2401.00001", "doi:10.1000/x"),)))
    assert thing(store, "arxiv:2401.00001") == Thing("arxiv:2401.00001", Kind.WORK, None, ())
    assert thing(store, "doi:10.1000/x") == Thing("doi:10.1000/x", None, None, ())
    assert thing(store, "doi:10.1000/x").title == "doi:10.1000/x"


def test_what_nobody_says_any_more_does_not_exist(store: GraphStore) -> None:
    said = say(ADA, idea(ONE, "an idea"), edges=(cites(ONE, W),))
    add(store, said)
    add(store, say(ADA, prev=(said,), answers=((Verb.RETRACTS, said),)))
    assert store.things([ONE, W]) == {}
    assert store.adjacent([ONE], outgoing=True) == []
    assert list(store.list_ids(None, limit=9)) == []
    assert list(store.search("idea", limit=9)) == []
    assert store.counts().nodes == {}


def test_an_author_is_shown_by_the_newest(store: GraphStore) -> None:
    old = say(ADA, idea(ONE, "old"), at="2026-01-01T00:00:00Z")
    new = say(ADA, idea(ONE, "new"), at="2026-01-02T00:00:00Z")
    add(store, new, old)
    assert shown(store, ONE) == "new"
    assert thing(store, ONE).also == ()


def test_others_are_stated_beside_the_newest_first(store: GraphStore) -> None:
    keys = [ADA, ZED]
    said = [say(keys[k], idea(ONE, f"t{k}"), at=f"2026-01-0{k + 1}T00:00:00Z") for k in range(2)]
    add(store, *said)
    found = thing(store, ONE)
    assert found.title == "t1"
    assert [one.author for one in found.also] == [ADA.key]


def test_the_source_of_an_id_is_shown_before_newer_words(store: GraphStore) -> None:
    store.trust([TrustEntry(ADA.key)])
    record = paper("2401.00001", "by arXiv")
    newer = say(ZED, work("arxiv:2401.00001", "by a stranger"), at="2026-01-05T00:00:00Z")
    add(store, newer, record, say(ADA, vouches=(record,)))
    assert shown(store, "arxiv:2401.00001") == "by arXiv"
    assert [one.author for one in thing(store, "arxiv:2401.00001").also] == [ZED.key]


def test_the_minter_of_an_id_is_shown_before_newer_words(store: GraphStore) -> None:
    minting = say(ADA, idea("#1", "by its minter"))
    (name,) = minting.minted_ids()
    correction = say(ZED, idea(name, "a correction"), at="2026-01-05T00:00:00Z")
    add(store, correction)
    assert shown(store, name) == "a correction"
    add(store, minting)
    assert shown(store, name) == "by its minter"


def test_the_minter_stays_when_the_minting_bundle_is_dead(store: GraphStore) -> None:
    minting = say(ADA, idea("#1", "first words"))
    (name,) = minting.minted_ids()
    own = say(
        ADA, idea(name, "better words"), prev=(minting,), answers=((Verb.SUPERSEDES, minting),)
    )
    stranger = say(ZED, idea(name, "other words"), at="2026-01-05T00:00:00Z")
    add(store, minting, own, stranger)
    assert shown(store, name) == "better words"


def test_a_mention_belongs_to_the_minter_of_what_it_names(store: GraphStore) -> None:
    minting = say(ADA, work("#1", "a reference"))
    (name,) = minting.minted_ids()
    mention = f"mention:{name}/{hashlib.sha256(b'Ada').hexdigest()}"
    own = say(ADA, Description(mention, Kind.MENTION, {"name": "Ada"}), prev=(minting,))
    other = Description(mention, Kind.MENTION, {"name": "Zed"})
    add(store, minting, own, say(ZED, other, at="2026-01-05T00:00:00Z"))
    assert shown(store, mention) == "Ada"


def test_the_name_of_a_key_belongs_to_the_key(store: GraphStore) -> None:
    name = f"person:{ADA.key}"
    own = say(ADA, Description(name, Kind.PERSON, {"name": "Ada"}))
    stranger = Description(name, Kind.PERSON, {"name": "Mallory"})
    add(store, own, say(ZED, stranger, at="2026-01-05T00:00:00Z"))
    assert shown(store, name) == "Ada"


@pytest.mark.parametrize(
    ("attributes", "title"),
    [
        ({"title": "T", "name": "N"}, "T"),
        ({"name": "N", "text": "X"}, "N"),
        ({"message": "first line\n\nsecond"}, "first line"),
        ({}, "git:" + "0" * 40),
    ],
)
def test_titles(store: GraphStore, attributes: dict[str, str], title: str) -> None:
    name = "git:" + "0" * 40
    add(store, say(ADA, Description(name, Kind.VERSION, attributes)))
    assert thing(store, name).title == title


# Edges.


def test_edges_are_found_from_both_ends(store: GraphStore) -> None:
    said = say(ADA, edges=(cites(ONE, TWO), cites(TWO, W)))
    add(store, said)
    out, back = AssertedEdge(cites(ONE, TWO), (said.id,)), AssertedEdge(cites(TWO, W), (said.id,))
    assert list(store.adjacent([ONE], outgoing=True)) == [out]
    assert list(store.adjacent([TWO], outgoing=True)) == [back]
    assert list(store.adjacent([TWO], outgoing=False)) == [out]
    assert list(store.adjacent([W], outgoing=False)) == [back]
    assert list(store.adjacent([W], outgoing=True)) == []


def test_edges_come_in_the_order_of_the_ids_asked_for(store: GraphStore) -> None:
    add(store, say(ADA, edges=(cites(ONE, W), cites(TWO, W), cites(W, ONE))))
    for ids in ([W, TWO, ONE], [ONE, W, TWO], [TWO, ONE, W, ONE]):
        found = [one.edge.source for one in store.adjacent(ids, outgoing=True)]
        assert found == list(dict.fromkeys(ids))
    assert [one.edge.target for one in store.adjacent([W, ONE], outgoing=False)] == [W, W, ONE]


def test_no_ids_have_no_edges(store: GraphStore) -> None:
    add(store, say(ADA, edges=(cites(ONE, W),)))
    assert list(store.adjacent([], outgoing=True)) == []
    assert list(store.adjacent(["arxiv:2401.00001", "no identifier"], outgoing=False)) == []


def test_an_edge_that_many_assert_is_one(store: GraphStore) -> None:
    said = [say(key, edges=(cites(ONE, W),)) for key in (ADA, ZED)]
    add(store, *said)
    bundles = tuple(sorted(one.id for one in said))
    assert list(store.adjacent([ONE], outgoing=True)) == [AssertedEdge(cites(ONE, W), bundles)]
    assert store.counts().edges == {"cites": 1}


def test_qualifiers_are_part_of_an_edge(store: GraphStore) -> None:
    edges = (cites(ONE, W), cites(ONE, W, number=1), cites(ONE, W, number=2))
    add(store, say(ADA, edges=edges))
    found = store.adjacent([ONE], outgoing=True)
    assert sorted(str(one.edge.qualifiers) for one in found) == [
        "{'number': 1}",
        "{'number': 2}",
        "{}",
    ]
    assert store.counts().edges == {"cites": 3}


def test_relations_can_be_asked_for(store: GraphStore) -> None:
    derived = Edge(ONE, Relation.WAS_DERIVED_FROM, W, {"subtype": "inspiration"})
    add(store, say(ADA, edges=(cites(ONE, W), derived)))

    def relations(*asked: Relation) -> list[Relation]:
        found = store.adjacent([ONE], outgoing=True, relations=frozenset(asked))
        return sorted(one.edge.relation for one in found)

    assert relations(Relation.CITES) == [Relation.CITES]
    assert relations(Relation.CITES, Relation.WAS_DERIVED_FROM) == [
        Relation.CITES,
        Relation.WAS_DERIVED_FROM,
    ]
    assert relations(Relation.USED) == relations() == []


def test_the_edges_of_a_node_can_be_turned_like_pages(store: GraphStore) -> None:
    many = [f"arxiv:2401.{number:05d}" for number in range(1, 12)]
    derived = Edge(many[0], Relation.WAS_DERIVED_FROM, W, {"subtype": "inspiration"})
    twice = (cites(many[3], W, number=1), cites(many[3], W, number=2))
    add(store, say(ADA, edges=(derived, *twice, *(cites(one, W) for one in many))))
    add(store, say(ZED, edges=(cites(many[5], W), cites(W, ONE))))
    whole = store.adjacent([W], outgoing=False)
    assert len(whole) == 14

    def pages(size: int, relations: frozenset[Relation] | None) -> list[AssertedEdge]:
        found: list[AssertedEdge] = []
        after = None
        while page := store.adjacent(
            [W], outgoing=False, relations=relations, limit=size, after=after
        ):
            assert len(page) <= size
            found += page
            after = page[-1].edge
        return found

    for size in (1, 2, 5, 14, 20):
        turned = pages(size, None)
        assert len(turned) == len(whole)
        assert all(one in turned for one in whole)
        assert turned == pages(3, None)
        assert pages(size, frozenset({Relation.CITES})) == [
            one for one in turned if one.edge.relation is Relation.CITES
        ]


def test_the_first_edges_of_each_node(store: GraphStore) -> None:
    add(store, say(ADA, edges=(cites(ONE, W), cites(ONE, V), cites(TWO, W), cites(TWO, V))))
    ends = [one.edge.source for one in store.adjacent([TWO, ONE], outgoing=True, limit=1)]
    assert ends == [TWO, ONE]
    first, second = store.adjacent([ONE], outgoing=True)
    after = store.adjacent([ONE], outgoing=True, limit=1)[0].edge
    (behind,) = store.adjacent([ONE], outgoing=True, after=after)
    assert {after.target, behind.edge.target} == {first.edge.target, second.edge.target}
    assert len(store.adjacent([TWO, ONE], outgoing=True, limit=5, after=after)) == 3
    unknown = cites(ONE, "arxiv:2401.00001")
    assert len(store.adjacent(["no identifier"], outgoing=True, limit=1, after=unknown)) == 0


def test_an_edge_stays_while_somebody_asserts_it(store: GraphStore) -> None:
    said = [say(key, edges=(cites(ONE, W),)) for key in (ADA, ZED)]
    add(store, *said)
    add(store, say(ADA, prev=(said[0],), answers=((Verb.RETRACTS, said[0]),)))
    assert list(store.adjacent([ONE], outgoing=True)) == [
        AssertedEdge(cites(ONE, W), (said[1].id,))
    ]


# Lists, search, counts.


def test_ids_are_listed_in_byte_order_page_by_page(store: GraphStore) -> None:
    names = [f"doi:10.1000/{word}" for word in ("b", "a", "%c3%a4", "z", "~", "%f0%9d%94%9e", "-")]
    add(store, say(ADA, *(work(name, "t") for name in sorted(names)), edges=(cites(W, V),)))
    in_order = sorted(names, key=str.encode)
    assert list(store.list_ids(None, limit=99)) == in_order
    assert list(store.list_ids(Kind.WORK, limit=3)) == in_order[:3]
    assert list(store.list_ids(Kind.WORK, after=in_order[2], limit=99)) == in_order[3:]
    assert list(store.list_ids(Kind.IDEA, limit=99)) == []


def test_search_wants_every_word(store: GraphStore) -> None:
    add(store, say(ADA, idea(ONE, "Deep learning for physics"), idea(TWO, "Deep diving")))
    assert set(store.search("deep", limit=9)) == {ONE, TWO}
    assert list(store.search("physics DEEP", limit=9)) == [ONE]
    assert list(store.search("deep chemistry", limit=9)) == []
    assert list(store.search("deep", limit=1)) != []
    assert len(store.search("deep", limit=1)) == 1


def test_search_knows_titles_names_and_texts(store: GraphStore) -> None:
    add(
        store,
        say(
            ADA,
            Description(ONE, Kind.IDEA, {"text": "about zeolites"}),
            Description("mention:arxiv:2401.00001/" + "0" * 64, Kind.MENTION, {"name": "Zoë Zeo"}),
            work(V, "Zeolites"),
        ),
    )
    assert list(store.search("zeolites", limit=9)) == [V, ONE]
    assert list(store.search("zoe", limit=9)) == ["mention:arxiv:2401.00001/" + "0" * 64]
    assert list(store.search("zeolites", kind=Kind.IDEA, limit=9)) == [ONE]


def test_search_follows_what_is_shown(store: GraphStore) -> None:
    first = say(ADA, idea(ONE, "apples"))
    add(store, first)
    add(store, say(ADA, idea(ONE, "pears"), at="2026-01-02T00:00:00Z", prev=(first,)))
    assert list(store.search("apples", limit=9)) == []
    assert list(store.search("pears", limit=9)) == [ONE]


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "' OR 1=1",
        "a AND",
        "NEAR(",
        "title:x",
        "*",
        "-",
        "a*",
        "(",
        "^x",
        "",
        " ",
        "\\",
        "\U0001d51e",
        "{}",
        ";",
    ],
)
def test_search_takes_any_text_as_words(store: GraphStore, text: str) -> None:
    add(store, say(ADA, idea(ONE, "plain")))
    assert list(store.search(text, limit=9)) == []


def test_a_mark_beside_a_word_is_no_word(store: GraphStore) -> None:
    add(store, say(ADA, idea(ONE, "plain words")))
    assert list(store.search('plain - "words"', limit=9)) == [ONE]


def test_search_never_fails_on_a_nul(store: GraphStore) -> None:
    add(store, say(ADA, idea(ONE, "plain")))
    try:
        assert list(store.search("plain\0", limit=9)) in ([], [ONE])
    except GraphError as error:
        pytest.fail(f"a question about words is no {type(error).__name__}")


def test_counts(store: GraphStore) -> None:
    bundles = (
        say(ADA, idea(ONE, "a"), work(V, "v"), edges=(cites(V, "doi:10.1000/x"), cites(V, W))),
        say(ZED, idea(ONE, "b"), edges=(cites(V, W),)),
    )
    add(store, *bundles)
    counts = store.counts()
    assert counts.nodes == {"idea": 1, "work": 2, "unknown": 1}
    assert counts.edges == {"cites": 2}
    assert counts.bundles == 2


def test_an_empty_store_is_empty(store: GraphStore) -> None:
    counts = store.counts()
    assert (counts.nodes, counts.edges, counts.bundles) == ({}, {}, 0)
    assert (list(store.bundles()), list(store.raw_bundles())) == ([], [])
    assert (
        store.digest()
        == "sha256:" + hashlib.sha256(b'["colineage-state",1]\n' + bytes(32)).hexdigest()
    )


# Vectors.


def vector(node: str, *numbers: float, text: str = "t") -> Vector:
    return Vector(node, text, struct.pack(f"<{len(numbers)}f", *numbers))


def test_vectors_are_kept_by_model_and_node(store: GraphStore) -> None:
    store.keep_vectors("model-a", iter([vector(TWO, 1.0), vector(ONE, 0.0, 1.0)]))
    store.keep_vectors("model-b", [vector(ONE, 0.5)])
    assert list(store.vectors("model-a")) == [vector(n, *x) for n, x in _by_id()]
    assert list(store.vectors("model-b")) == [vector(ONE, 0.5)]
    assert list(store.vectors("model-c")) == []


def _by_id() -> list[tuple[str, tuple[float, ...]]]:
    return sorted([(TWO, (1.0,)), (ONE, (0.0, 1.0))])


def test_a_later_vector_replaces(store: GraphStore) -> None:
    store.keep_vectors("m", [vector(ONE, 1.0)])
    store.keep_vectors("m", [vector(ONE, 0.5, text="u")])
    assert list(store.vectors("m")) == [vector(ONE, 0.5, text="u")]


def test_vectors_survive_a_rebuild_and_change_no_digest(store: GraphStore) -> None:
    before = store.digest()
    store.keep_vectors("m", [vector(ONE, 1.0)])
    assert store.digest() == before
    store.rebuild()
    assert list(store.vectors("m")) == [vector(ONE, 1.0)]


# Many threads.


def test_readers_in_other_threads_see_whole_appends(store: GraphStore) -> None:
    seen_by_readers: list[Sequence[int]] = []
    wrong: list[BaseException] = []
    done = threading.Event()

    def reads() -> None:
        try:
            while not done.is_set():
                found = [len(store.things([ONE, TWO])), len(store.adjacent([ONE], outgoing=True))]
                seen_by_readers.append(found)
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread below
            wrong.append(error)

    reader = threading.Thread(target=reads)
    reader.start()
    prev: tuple = ()  # type: ignore[type-arg] # of one bundle, soon
    for k in range(30):
        said = say(ADA, idea(ONE, "a"), idea(TWO, "b"), prev=prev, salt=f"{k:032x}")
        add(store, said)
        prev = (said,)
    done.set()
    reader.join()
    assert wrong == []
    assert {found[0] for found in seen_by_readers} <= {0, 2}
    assert seen(store).descriptions.keys() == {(ONE, ADA.key, ADA.key), (TWO, ADA.key, ADA.key)}


def test_natures_are_words(store: GraphStore) -> None:
    """A value of a closed set comes back as the text that it is written as."""
    name = "mention:git:" + "0" * 40 + "/" + "1" * 64
    add(
        store,
        say(ADA, Description(name, Kind.MENTION, {"agent": AgentNature.AI.value, "name": "C"})),
    )
    found = thing(store, name)
    assert found.shown is not None
    assert found.shown.description.attributes == {"agent": "ai", "name": "C"}


def test_a_body_that_comes_later_is_taken_in(store: GraphStore) -> None:
    """As the oracle does: what a bundle says is there as soon as its body is, in any order."""
    store.trust([TrustEntry(ADA.key)])
    minting = say(ADA, work("#1", "a reference"))
    (name,) = minting.minted_ids()
    withheld = replace(minting, body=None, body_bytes=None)
    add(store, withheld)
    before = store.checkpoint()
    assert seen(store) == oracle([withheld], everything_by(ADA.key))
    assert store.counts().nodes == {}
    add(store, minting)
    assert store.checkpoint() == before
    assert store.counts().nodes == {"work": 1}
    assert seen(store) == oracle([minting], everything_by(ADA.key))
    assert shown(store, name) == "a reference"
    store.rebuild()
    assert seen(store) == oracle([minting], everything_by(ADA.key))
