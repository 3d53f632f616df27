"""What is embedded, and when again."""

from collections.abc import Sequence

import numpy as np
import pytest

from graph.model.vocabulary import Kind
from graph.store import GraphStore
from recommend.embed import Rows, embed_store
from recommend.embedding_text import EMBEDDED_KINDS, text_hash, text_of
from tests.recommend.graphs import concept, node, paper, say, work
from tests.recommend.word_embedder import Words


class Tiring(Words):
    """Gives up after some batches, as a run that is killed does."""

    def __init__(self, batches: int) -> None:
        super().__init__()
        self.batches = batches

    def embed(self, texts: Sequence[str]) -> Rows:
        if self.batches == 0:
            raise KeyboardInterrupt
        self.batches -= 1
        return super().embed(texts)


class Careless(Words):
    def embed(self, texts: Sequence[str]) -> Rows:
        return np.ones((len(texts), 3), dtype=np.float32)


def kept(store: GraphStore, embedder: Words) -> dict[str, str]:
    return {vector.node: vector.text for vector in store.vectors(embedder.model)}


def test_heading_and_body_are_one_text(store: GraphStore) -> None:
    say(
        store,
        [
            work(paper(1), title="A  title\nbroken", abstract=" An\nabstract. "),
            work(paper(2), title="Only a title", comment="not this"),
            work(paper(3), year=2024),
            concept("one", summary="What it is"),
        ],
    )
    things = store.things([paper(1), paper(2), paper(3), "concept:test/one"])
    assert {name: text_of(thing) for name, thing in things.items()} == {
        paper(1): "A title broken\nAn abstract.",
        paper(2): "Only a title",
        paper(3): None,
        "concept:test/one": "one\nWhat it is",
    }


def test_every_kind_that_carries_thought_is_embedded_and_nothing_else(store: GraphStore) -> None:
    names = {kind: f"{kind}:{'1' * 64}" for kind in Kind}
    names[Kind.MENTION] = f"mention:{paper(1)}/{'1' * 64}"
    say(store, [node(name, kind, title=f"Of {kind}") for kind, name in names.items()])
    assert embed_store(store, Words()) == len(EMBEDDED_KINDS)
    assert set(kept(store, Words())) == {names[kind] for kind in EMBEDDED_KINDS}


def test_a_second_run_embeds_nothing(store: GraphStore) -> None:
    say(store, [work(paper(1), title="One"), work(paper(2), year=2024)])
    words = Words()
    assert [embed_store(store, words), embed_store(store, words)] == [1, 0]
    assert words.embedded == 1


def test_a_changed_text_is_embedded_again_and_only_that(store: GraphStore) -> None:
    say(store, [work(paper(1), title="One"), work(paper(2), title="Two")])
    embed_store(store, Words())
    say(store, [work(paper(1), title="One, revised")])
    assert embed_store(store, Words()) == 1
    assert kept(store, Words()) == {
        paper(1): text_hash("One, revised"),
        paper(2): text_hash("Two"),
    }


def test_another_model_keeps_its_own(store: GraphStore) -> None:
    say(store, [work(paper(1), title="One")])
    embed_store(store, Words())
    assert embed_store(store, Words("other")) == 1
    assert len(list(store.vectors(Words().model))) == 1


def test_a_run_that_was_stopped_goes_on_where_it_was(store: GraphStore) -> None:
    say(store, [work(paper(k), title=f"Paper {k}") for k in range(1, 301)])
    told: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        embed_store(store, Tiring(batches=2), progress=told.append)
    done = len(kept(store, Words()))
    assert told == [done // 2, done]
    assert 0 < done < 300
    assert embed_store(store, Words()) == 300 - done
    assert len(kept(store, Words())) == 300


def test_what_is_kept_is_what_the_embedder_gave(store: GraphStore) -> None:
    say(store, [work(paper(1), title="One two two")])
    embed_store(store, Words())
    [vector] = store.vectors(Words().model)
    assert vector.data == Words().embed(["One two two"])[0].astype("<f4").tobytes()


def test_an_embedder_that_breaks_its_promise_is_named(store: GraphStore) -> None:
    say(store, [work(paper(1), title="One")])
    with pytest.raises(ValueError, match=r"expected 1 rows of length 1, got 1 of length 1\.732"):
        embed_store(store, Careless())
    assert kept(store, Careless()) == {}
