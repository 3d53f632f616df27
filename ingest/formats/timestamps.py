"""Parse timestamps of sources (ISO 8601, RFC 822, Unix seconds) into UTC without fractions."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from graph.clock import is_time, stamp

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DATE: Final = re.compile(
    r"(?:[A-Z][a-z]{2},\s*)?(\d{1,2})\s+([A-Z][a-z]{2})\s+(\d{4})\s+(\d\d?):(\d\d):(\d\d)\s*(?:GMT|UTC|\+0000|Z)?",
    re.ASCII,
)
_MONTHS: Final = {
    "Jan": "01",
    "Feb": "02",
    "Mar": "03",
    "Apr": "04",
    "May": "05",
    "Jun": "06",
    "Jul": "07",
    "Aug": "08",
    "Sep": "09",
    "Oct": "10",
    "Nov": "11",
    "Dec": "12",
}


def utc_of_iso(text: str) -> str | None:
    """Parse an ISO 8601 text; `None` where it is none. Without an offset it is read as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return _timestamp(moment)
    except (ValueError, OverflowError):
        return None


def utc_of_seconds(seconds: int) -> str | None:
    """Convert seconds since 1970; `None` where the year has not four digits."""
    try:
        return _timestamp(_EPOCH + timedelta(seconds=seconds))
    except OverflowError:
        return None


def utc_of_rfc822(text: str) -> str | None:
    """Parse `Mon, 2 Apr 2007 12:02:40 GMT` (RFC 822) into the form of a bundle; `None` where it is no time."""
    match = _DATE.fullmatch(text.strip())
    if match is None or match[2] not in _MONTHS:
        return None
    day, month, year, hour, minute, second = match.groups()
    timestamp = f"{year}-{_MONTHS[month]}-{day:0>2}T{hour:0>2}:{minute}:{second}Z"
    return timestamp if is_time(timestamp) else None


def _timestamp(moment: datetime) -> str | None:
    timestamp = stamp(moment)
    return timestamp if is_time(timestamp) else None
