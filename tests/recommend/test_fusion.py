from hypothesis import given
from hypothesis import strategies as st

from recommend.fusion import fuse, ranks

SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-5, 5).map(float), max_size=8)
SIGNALS = st.dictionaries(st.sampled_from(["x", "y", "z"]), SCORES)
WEIGHTS = {"x": 1.0, "y": 0.5, "z": 0.25}


def test_things_of_one_score_share_the_mean_of_their_ranks() -> None:
    assert ranks({"a": 2.0, "b": 3.0, "c": 2.0, "d": 1.0}) == {"b": 1, "a": 2.5, "c": 2.5, "d": 4}


def test_many_that_one_signal_cannot_tell_apart_do_not_crowd_out_the_others() -> None:
    alike = {f"a{k}": 1.0 for k in range(9)}
    assert fuse({"x": alike, "y": {"b": 2.0, "c": 1.0}}, {"x": 1.0, "y": 1.0})[0][0] == "b"


@given(SCORES)
def test_one_signal_alone_keeps_its_order_and_ties_go_by_id(scores: dict[str, float]) -> None:
    expected = sorted(scores, key=lambda name: (-scores[name], name))
    assert [name for name, _ in fuse({"x": scores}, WEIGHTS)] == expected


@given(SIGNALS)
def test_scores_fall_from_at_most_one(signals: dict[str, dict[str, float]]) -> None:
    found = [score for _, score in fuse(signals, WEIGHTS)]
    assert found == sorted(found, reverse=True)
    assert all(0 < score <= 1 + 1e-12 for score in found)


@given(SIGNALS)
def test_the_order_in_which_signals_and_things_come_decides_nothing(
    signals: dict[str, dict[str, float]],
) -> None:
    turned = {
        name: dict(reversed(scores.items())) for name, scores in reversed(list(signals.items()))
    }
    assert fuse(signals, WEIGHTS) == fuse(turned, WEIGHTS)


def test_the_first_of_every_signal_that_speaks_has_one() -> None:
    found = fuse({"x": {"a": 9.0, "b": 1.0}, "y": {"a": 0.1}, "z": {}}, WEIGHTS)
    assert found[0][0] == "a"
    assert abs(found[0][1] - 1) < 1e-12


def test_two_modest_witnesses_outdo_one_that_is_sure() -> None:
    sure = {"a": 9.0, "b": 8.0, "c": 7.0}
    assert fuse({"x": sure, "y": {"b": 1.0}}, WEIGHTS)[0][0] == "b"


def test_nothing_gives_nothing() -> None:
    assert fuse({}, WEIGHTS) == fuse({"x": {}}, WEIGHTS) == []
