"""Lists that shift while they are read: papers that change move from their day to the end.

arXiv's tokens say "from this day on, without its first so many" (github.com/arXiv/oaipmh, `fetch_list.py`). When
one of those first changes before the next page is asked for, it leaves the day, and as many papers as left are
passed over, in silence. A paper that left comes again at the end of the list, and the store knows its old day: so the
days between whose papers a page ended are read again, if any left them.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from graph.store import GraphStore
from ingest.arxiv.oai.list_page import ListPage
from ingest.pipeline.commit_page import days_replaced

# Longer than a harvest goes on, stops included.
_RECENT: Final = timedelta(days=3)


@dataclass(slots=True)
class Shift:
    """What one list shows of it, page by page.

    `before` is a day before the list's first. `days` are those to be read again. `ended` are the days between
    whose papers pages ended; where a stopped run read, they are not known, and any day of the list may be one
    (`knows_all`).
    """

    before: str
    days: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    knows_all: bool = True

    def see(self, store: GraphStore, page: ListPage, now: datetime) -> None:
        """Looks at a page before it is stored."""
        if self.ended or not self.knows_all:
            since = f"{now - _RECENT:%Y-%m-%d}"
            recent = [
                record
                for record in page.page.records
                if record.header is not None and (record.header.at or "") >= since
            ]
            left = days_replaced(store, recent) if recent else frozenset()
            may_be = self.ended if self.knows_all else {day for day in left if day > self.before}
            self.days |= left & may_be
        token = page.answer.token
        if token is not None and token.text:
            self.ended.add(max(item.datestamp[:10] for item in page.answer.items))


def of_day(query: str, day: str) -> str:
    """The query for the same list, of one day only."""
    address, _, words = query.partition("?")
    given = dict(parse_qsl(words)) | {"from": day, "until": day}
    return f"{address}?{urlencode(given, safe=':')}"
