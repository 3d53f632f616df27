import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.store import GraphStore, Vector
from recommend.vectors import VectorCache, matrix_of
from tests.recommend.graphs import paper, say, work


def vector(name: str, *values: float) -> Vector:
    row = np.array(values, dtype="<f4")
    return Vector(name, "0" * 64, (row / np.linalg.norm(row)).astype("<f4").tobytes())


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 30))
def test_the_nearest_are_those_that_sorting_everything_gives(
    seed: int, count: int, limit: int
) -> None:
    rng = np.random.default_rng(seed)
    # Few distinct values, so that ties are common.
    rows = rng.integers(-1, 2, (count, 3)) + np.array([0.5, 0, 0])
    matrix = matrix_of(vector(f"n{at}", *row) for at, row in enumerate(rows))
    asked = matrix.rows[0]
    cosines = dict(zip(matrix.ids, map(float, matrix.rows @ asked), strict=True))
    expected = sorted(((-cosine, name) for name, cosine in cosines.items() if cosine >= 0))
    found = matrix.nearest(asked, limit=limit, at_least=0.0)
    assert found == [(name, -cosine) for cosine, name in expected[:limit]]


def test_order_of_coming_decides_nothing() -> None:
    some = [vector("b", 1, 0), vector("a", 0, 1), vector("c", 1, 1)]
    one, other = matrix_of(some), matrix_of(reversed(some))
    assert one.ids == other.ids == ("a", "b", "c")
    assert np.array_equal(one.rows, other.rows)


def test_without_vectors_nothing_is_near() -> None:
    matrix = matrix_of([])
    assert not matrix
    assert matrix.nearest(np.ones(3, dtype=np.float32), limit=5, at_least=-1) == []
    assert matrix.row("a") is None


def test_two_models_never_mix(store: GraphStore) -> None:
    say(store, [work(paper(1), title="One"), work(paper(2), title="Two")])
    store.keep_vectors("m@1", [vector(paper(1), 1, 0)])
    store.keep_vectors("m@2", [vector(paper(2), 1, 0, 0)])
    cache = VectorCache()
    assert cache.matrix(store, "m@1").ids == (paper(1),)
    assert cache.matrix(store, "m@2").ids == (paper(2),)
    assert not cache.matrix(store, "m@3")


def test_the_cache_reads_again_when_the_log_grew_or_time_passed(store: GraphStore) -> None:
    now = [0.0]
    cache = VectorCache(fresh_for_s=10, seconds=lambda: now[0])
    say(store, [work(paper(1), title="One")])
    first = cache.matrix(store, "m")
    store.keep_vectors("m", [vector(paper(1), 1, 0)])
    assert cache.matrix(store, "m") is first
    say(store, [work(paper(2), title="Two")])
    second = cache.matrix(store, "m")
    assert second.ids == (paper(1),)
    store.keep_vectors("m", [vector(paper(2), 1, 0)])
    now[0] = 9.9
    assert cache.matrix(store, "m") is second
    now[0] = 10.0
    assert cache.matrix(store, "m").ids == (paper(1), paper(2))


@pytest.mark.parametrize("at_least", [0.8, 0.5])
def test_what_is_too_far_is_left_out(at_least: float) -> None:
    matrix = matrix_of([vector("a", 1, 0), vector("b", 1, 1), vector("c", 0, 1)])
    found = matrix.nearest(matrix.rows[0], limit=3, at_least=at_least)
    assert [name for name, _ in found] == (["a"] if at_least > 0.75 else ["a", "b"])
