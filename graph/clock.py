"""Clock and timestamps: the only place that reads the current time, so that a run can be replayed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]

# The hour is checked here too: newer Pythons read an hour 24, and admission must not depend on that.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def system_clock() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock


def stamp(moment: datetime) -> str:
    """Return the moment as a bundle writes it: `2026-11-20T00:00:00Z`, fractions cut off."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_time(text: str) -> bool:
    """Return whether the text is a real moment in the one form that bundles use."""
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_date(text: str) -> bool:
    """Return whether the text is a day, a month or a year: `2026-11-20`, `2026-11`, `2026`."""
    match = _DATE.fullmatch(text)
    if not match:
        return False
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return False
    return True


def latest_admissible(now: datetime) -> str:
    """Return the latest `at` that may be admitted at `now`: one day ahead."""
    return stamp(now + timedelta(days=1))


def clock_before(first: str | None) -> Clock:
    """Return a clock by which all that is dated so, or later, waits, and nothing that is dated before; `None`: nothing waits."""
    if first is None:
        return lambda: datetime(9999, 12, 30, 23, 59, 59, tzinfo=UTC)
    moment = datetime.fromisoformat(first) - timedelta(days=1, seconds=1)
    return lambda: moment
