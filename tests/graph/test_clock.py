"""Times as bundles write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.clock import is_date, is_time, latest_admissible, stamp, system_clock

# Years of fewer digits are left out: some C libraries write them without leading noughts.
moments = st.datetimes(timezones=st.timezones()).filter(lambda moment: 1000 < moment.year < 9999)


@given(moments)
def test_a_stamp_is_a_time_and_the_same_moment(moment: datetime) -> None:
    text = stamp(moment)
    assert is_time(text)
    assert datetime.fromisoformat(text) == moment.astimezone(UTC).replace(microsecond=0)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_stamps_sort_as_moments_do(a: datetime, b: datetime) -> None:
    if a.year >= 1000 <= b.year:
        assert (stamp(a) < stamp(b)) == (a.replace(microsecond=0) < b.replace(microsecond=0))


def test_zones_and_fractions_are_gone() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert stamp(datetime(2026, 1, 1, 1, 0, 0, 999999, tzinfo=east)) == "2025-12-31T19:30:00Z"


NO_TIMES = (
    *("", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00z"),
    *("2026-01-01T00:00:00.000Z", "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z"),
    *("2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "0000-01-01T00:00:00Z"),
    *("12026-01-01T00:00:00Z", "2026-01-01T00:00:00Z\n", "2026-1-1T00:00:00Z"),
    "٢٠٢٦-01-01T00:00:00Z",
)


@pytest.mark.parametrize("text", NO_TIMES)
def test_no_times(text: str) -> None:
    assert not is_time(text)


@pytest.mark.parametrize("text", ["2024-02-29", "2026-12", "1991"])
def test_dates(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-00", "2026-1", "0000", "26", "2026-01-01T", "2026-01-"]
)
def test_no_dates(text: str) -> None:
    assert not is_date(text)


def test_a_day_ahead_is_admitted() -> None:
    assert latest_admissible(datetime(2026, 2, 28, 12, tzinfo=UTC)) == "2026-03-01T12:00:00Z"


def test_the_clock_tells_an_aware_time() -> None:
    assert system_clock().utcoffset() == timedelta(0)
