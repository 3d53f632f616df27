"""Foreign times, as UTC without fractions."""

from datetime import UTC, datetime, timedelta
from typing import Final

from graph.clock import is_time, stamp

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def utc_of_iso(text: str) -> str | None:
    """The moment of an ISO 8601 text, `None` where it is none. Without an offset it is read as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return _stamped(moment)
    except (ValueError, OverflowError):
        return None


def utc_of_seconds(seconds: int) -> str | None:
    """The moment so many seconds after 1970, `None` where no year of four digits holds it."""
    try:
        return _stamped(_EPOCH + timedelta(seconds=seconds))
    except OverflowError:
        return None


def _stamped(moment: datetime) -> str | None:
    found = stamp(moment)
    return found if is_time(found) else None
