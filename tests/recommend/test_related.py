"""What is suggested, why, and what never is."""

from collections.abc import Callable

import numpy as np
import pytest

from graph.errors import InputError, NotFoundError
from graph.model.model import Answer, Body, Description, Edge
from graph.model.vocabulary import Kind, Relation, Verb
from graph.store import GraphStore
from recommend.embed import embed_store
from recommend.related import Suggestion, Suggestions, find_related
from tests.recommend.graphs import (
    VOICE,
    about,
    cites,
    concept,
    edge,
    node,
    paper,
    say,
    work,
)
from tests.recommend.word_embedder import Words

Q, A, B, C, D = (paper(k) for k in range(1, 6))
PERSON = "orcid:0000-0002-1825-0097"


def ids(found: Suggestions) -> list[str]:
    return [item.id for item in found.items]


def one(found: Suggestions, name: str) -> Suggestion:
    [item] = [item for item in found.items if item.id == name]
    return item


def ends(item: Suggestion) -> list[tuple[str, str, str]]:
    return [(a.edge.source, a.edge.relation.value, a.edge.target) for a in item.path]


def some(store: GraphStore) -> None:
    """Four papers; Q cites A, B cites Q, C shares the reference A, D is cited with Q by B."""
    say(
        store,
        [
            work(Q, title="Learning to plan"),
            work(A, title="Planning by search"),
            work(B, title="A survey of agents"),
            work(C, title="Search with models"),
            work(D, title="Acting in the world"),
        ],
        [*cites(Q, A), *cites(B, Q, D), *cites(C, A)],
    )


def test_citations_are_found_in_every_way_with_words_and_path(store: GraphStore) -> None:
    some(store)
    found = find_related(store, None, Q, limit=10)
    assert found.model is None
    assert found.why_empty is None
    assert found.as_of == store.checkpoint()
    assert {item.id: item.reasons for item in found.items} == {
        A: ("is cited by this",),
        B: ("cites this",),
        C: ("shares 1 reference with this: “Planning by search”",),
        D: ("is cited together with this by 1 work: “A survey of agents”",),
    }
    assert ends(one(found, C)) == [(Q, "cites", A), (C, "cites", A)]
    assert ends(one(found, D)) == [(B, "cites", Q), (B, "cites", D)]
    assert ends(one(found, A)) == [(Q, "cites", A)]


def test_texts_are_compared_where_vectors_are_kept(store: GraphStore) -> None:
    say(
        store,
        [
            work(Q, title="robots learn to walk"),
            work(A, title="robots learn to run"),
            work(B, title="a history of bread"),
        ],
    )
    embed_store(store, Words())
    words = Words()
    found = find_related(store, words, Q, limit=10)
    assert found.model == words.model
    assert ids(found) == [A]
    assert found.items[0].reasons == ("its text is close to this (cosine 0.80)",)
    assert found.items[0].path == ()
    assert words.embedded == 0  # the vector was kept


def test_a_text_is_embedded_and_its_words_are_looked_for(store: GraphStore) -> None:
    say(store, [work(A, title="robots learn to run"), work(B, title="a history of bread")])
    embed_store(store, Words())
    found = find_related(store, Words(), "robots run", limit=10)
    assert ids(found) == [A]
    assert found.items[0].reasons == (
        "its text is close to your text (cosine 0.77)",
        "holds the words of your text",
    )
    assert ids(find_related(store, None, "bread history", limit=10)) == [B]


def test_a_text_that_changed_is_compared_as_it_is_now(store: GraphStore) -> None:
    say(store, [work(Q, title="robots walk"), work(A, title="robots walk fast")])
    say(store, [work(B, title="a history of bread")])
    embed_store(store, Words())
    say(store, [work(Q, title="the history of bread")])
    words = Words()
    assert ids(find_related(store, words, Q, limit=10)) == [B]
    assert words.embedded == 1


def test_vectors_of_another_model_are_not_used(store: GraphStore) -> None:
    say(store, [work(Q, title="robots walk"), work(A, title="robots walk")])
    embed_store(store, Words("other"))
    found = find_related(store, Words(), Q, limit=10)
    assert (found.items, found.model) == ((), None)
    assert found.why_empty is not None
    assert f"nothing in this store is embedded with {Words().model} yet" in found.why_empty


def test_neither_itself_nor_its_versions_nor_its_other_names(store: GraphStore) -> None:
    twin, version = "openalex:W7", Q + "v2"
    say(
        store,
        [
            work(Q, title="robots learn to walk"),
            work(twin, title="Robots learn to walk"),
            node(version, Kind.VERSION, number=2),
            work(A, title="robots learn to run"),
        ],
        [
            edge(version, Relation.SPECIALIZATION_OF, Q),
            edge(twin, Relation.ALTERNATE_OF, Q),
            *cites(twin, A),
            *cites(Q, twin),
        ],
    )
    embed_store(store, Words())
    for name in (Q, twin, version):
        found = find_related(store, Words(), name, limit=10)
        assert ids(found) == [A]
        assert found.items[0].reasons == (
            "its text is close to this (cosine 0.80)",
            "is cited by this",
        )


def test_a_thing_with_two_names_is_suggested_once_with_all_that_speaks_for_it(
    store: GraphStore,
) -> None:
    twin = "openalex:W7"
    say(
        store,
        [
            work(Q, title="robots learn to walk"),
            work(A, title="robots learn to run"),
            work(twin, title="robots learn to run"),
        ],
        [edge(twin, Relation.ALTERNATE_OF, A), *cites(twin, Q)],
    )
    embed_store(store, Words())
    found = find_related(store, Words(), Q, limit=10)
    assert ids(found) == [A]
    assert found.items[0].reasons == ("its text is close to this (cosine 0.80)", "cites this")
    assert ends(found.items[0]) == [(twin, "cites", Q)]


def test_what_its_source_deleted_is_left_out_and_what_is_in_doubt_says_so_first(
    store: GraphStore,
) -> None:
    say(
        store,
        [
            work(Q, title="Learning to plan"),
            work(A, title="Withdrawn", withdrawn=True),
            work(B, title="Retracted", retracted=True),
            work(C, deleted=True),
            work(D, title="Invalidated"),
            node(f"review:{'1' * 64}", Kind.REVIEW, title="A review"),
        ],
        [
            *cites(Q, A, B, C, D),
            edge(D, Relation.WAS_INVALIDATED_BY, f"review:{'1' * 64}"),
        ],
    )
    found = find_related(store, None, Q, limit=10)
    said_by = VOICE.signer.key
    assert {item.id: item.reasons[:-1] for item in found.items} == {
        A: (f"take care: withdrawn ({said_by})",),
        B: (f"take care: retracted ({said_by})",),
        D: ("take care: invalidated by “A review”",),
    }


def test_what_a_statement_no_longer_says_is_gone(store: GraphStore) -> None:
    some(store)
    name = say(store, [work(paper(9), title="Soon gone")], cites(Q, paper(9)))
    assert paper(9) in ids(find_related(store, None, Q, limit=10))
    store.append(
        lambda look: [VOICE.make_statement(look, Body(), answers=(Answer(Verb.RETRACTS, name),))]
    )
    assert paper(9) not in ids(find_related(store, None, Q, limit=10))


def test_only_what_carries_thought_and_is_described_is_suggested(store: GraphStore) -> None:
    mention = f"mention:{Q}/{'1' * 64}"
    say(
        store,
        [
            work(Q, title="Learning to plan"),
            node(mention, Kind.MENTION, name="A. Name"),
            concept("one"),
        ],
        [
            *cites(Q, "doi:10.1000/unknown"),
            edge(Q, Relation.WAS_ATTRIBUTED_TO, mention),
            *about(Q, "one"),
        ],
    )
    assert find_related(store, None, Q, limit=10).items == ()


def test_identified_authors_count_and_names_do_not(store: GraphStore) -> None:
    alike = [f"mention:{name}/{'1' * 64}" for name in (Q, B)]
    say(
        store,
        [
            *(work(name, title=name) for name in (Q, A, B)),
            node(PERSON, Kind.PERSON, name="Josiah Carberry"),
            *(node(name, Kind.MENTION, name="J. Smith") for name in alike),
        ],
        [
            edge(Q, Relation.WAS_ATTRIBUTED_TO, PERSON),
            edge(A, Relation.WAS_ATTRIBUTED_TO, PERSON),
            edge(Q, Relation.WAS_ATTRIBUTED_TO, alike[0]),
            edge(B, Relation.WAS_ATTRIBUTED_TO, alike[1]),
        ],
    )
    found = find_related(store, None, Q, limit=10)
    assert ids(found) == [A]
    assert found.items[0].reasons == ("shares 1 author with this: “Josiah Carberry”",)


def test_subjects_only_reorder_what_something_else_found(store: GraphStore) -> None:
    some(store)
    say(store, [concept("agents"), concept("cooking")], [*about(Q, "agents"), *about(D, "agents")])
    say(store, [work(paper(8), title="Unlinked")], about(paper(8), "agents"))
    found = find_related(store, None, Q, limit=10)
    assert paper(8) not in ids(found)
    assert one(found, D).reasons[-1] == "shares 1 subject with this: “agents”"


def test_an_idea_and_what_it_came_from(store: GraphStore) -> None:
    idea, other = f"idea:{'1' * 64}", f"idea:{'2' * 64}"
    say(
        store,
        [
            node(idea, Kind.IDEA, name="Together"),
            node(other, Kind.IDEA, name="Alone"),
            work(A, title="Source"),
        ],
        [
            edge(idea, Relation.WAS_DERIVED_FROM, A),
            edge(other, Relation.WAS_DERIVED_FROM, A),
            edge(idea, Relation.DISPUTES, other),
        ],
    )
    found = find_related(store, None, idea, limit=10)
    assert one(found, A).reasons == ("is what this was derived from",)
    assert one(found, other).reasons == (
        "take care: disputed by “Together”",
        "is disputed by this",
        "shares 1 of its origins with this: “Source”",
    )


@pytest.mark.parametrize(
    "name", [paper(77), "idea:" + "7" * 64, "https://arxiv.org/abs/2401.00077"]
)
def test_an_unknown_id_is_named(store: GraphStore, name: str) -> None:
    with pytest.raises(NotFoundError, match=r"is not in this store"):
        find_related(store, None, name, limit=10)


def test_an_id_is_understood_in_any_of_its_forms(store: GraphStore) -> None:
    some(store)
    assert find_related(store, None, "https://arxiv.org/abs/2401.00001", limit=3) == find_related(
        store, None, Q, limit=3
    )


def test_a_question_that_asks_nothing_is_refused_with_all_that_is_wrong(
    store: GraphStore,
) -> None:
    with pytest.raises(InputError) as caught:
        find_related(store, None, " \n", limit=0)
    assert [fault.where for fault in caught.value.faults] == ["query", "limit"]


@pytest.mark.parametrize(
    ("query", "embedded", "expected"),
    [
        (Q, None, "no embedding model is in use, so no texts were compared; nothing that is"),
        (Q, Words(), "none of 1 embedded texts is close"),
        ("zebra", None, "no title or text here holds all of its words"),
        ("zebra " * 5, Words(), "none of 2 embedded texts is close"),
    ],
)
def test_nothing_found_says_why(
    store: GraphStore, query: str, embedded: Words | None, expected: str
) -> None:
    say(store, [work(Q, title="robots learn to walk"), work(A, title="a history of bread")])
    embed_store(store, Words())
    found = find_related(store, embedded, query, limit=10)
    assert found.items == ()
    assert found.why_empty is not None
    assert expected in found.why_empty


def test_a_thing_without_a_text_says_so(store: GraphStore) -> None:
    say(store, [work(Q, year=2024), work(A, title="One")])
    embed_store(store, Words())
    found = find_related(store, Words(), Q, limit=10)
    assert "it has no text of its own to compare" in (found.why_empty or "")


def test_the_limit_cuts_the_same_answer(store: GraphStore) -> None:
    some(store)
    whole = find_related(store, None, Q, limit=10)
    assert find_related(store, None, Q, limit=2).items == whole.items[:2]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_appending_decides_nothing(seed: int, fresh: Callable[[], GraphStore]) -> None:
    said: list[tuple[list[Description], list[Edge]]] = [
        ([work(name, title=f"robots {k % 3} walk {k % 2}")], [])
        for k, name in enumerate((Q, A, B, C, D))
    ]
    said += [([], cites(*pair)) for pair in ((Q, A), (B, Q), (B, D), (C, A), (D, A))]
    answers = []
    order = np.random.default_rng(seed).permutation(len(said))
    for shuffled in (said, [said[at] for at in order]):
        store = fresh()
        for nodes, edges in shuffled:
            say(store, nodes, edges)
        embed_store(store, Words())
        found = find_related(store, Words(), Q, limit=10)
        answers.append([(i.id, i.score, i.reasons, ends(i)) for i in found.items])
        store.close()
    assert answers[0] == answers[1]
    assert answers[0]
