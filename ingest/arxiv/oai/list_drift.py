"""Drift of an OAI-PMH list while it is read: papers that change move from their day to the end.

arXiv's tokens say "from this day on, without its first so many" (github.com/arXiv/oaipmh, `fetch_list.py`). When
one of those first changes before the next page is requested, it leaves the day, and as many papers as left are
skipped silently. A paper that left comes again at the end of the list, and the store has its old day: so a day that a
page break divides is read again, if any paper left it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from graph.store import GraphStore
from ingest.arxiv.oai.list_page import ListPage
from ingest.pipeline.commit_page import days_replaced

# Longer than a harvest takes, stops included.
_RECENT: Final = timedelta(days=3)


@dataclass(slots=True)
class Shift:
    """Drift seen in one list, page by page.

    `day_before` is a day before the list's first. `days_to_reread` are to be read again. `split_days` are the days that
    a page break divides; those of pages that a stopped run read are not known, so then any day of the list
    may be one (`has_all_splits` is false).
    """

    before: str
    days: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    knows_all: bool = True

    def see(self, store: GraphStore, page: ListPage, now: datetime) -> None:
        """Note the days that papers of a page have left, before the page is stored."""
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
    """Return the query for the same list, restricted to one day."""
    address, _, words = query.partition("?")
    given = dict(parse_qsl(words)) | {"from": day, "until": day}
    return f"{address}?{urlencode(given, safe=':')}"
