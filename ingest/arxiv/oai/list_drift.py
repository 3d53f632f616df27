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
from ingest.pipeline.commit_page import replaced_days

# Longer than a harvest takes, stops included.
_RECENT: Final = timedelta(days=3)


@dataclass(slots=True)
class ListDrift:
    """Drift seen in one list, page by page.

    `day_before` is a day before the list's first. `days_to_reread` are to be read again. `split_days` are the days that
    a page break divides; those of pages that a stopped run read are not known, so then any day of the list
    may be one (`has_all_splits` is false).
    """

    day_before: str
    days_to_reread: set[str] = field(default_factory=set)
    split_days: set[str] = field(default_factory=set)
    has_all_splits: bool = True

    def observe(self, store: GraphStore, page: ListPage, now: datetime) -> None:
        """Note the days that papers of a page have left, before the page is stored."""
        if self.split_days or not self.has_all_splits:
            since = f"{now - _RECENT:%Y-%m-%d}"
            recent = [
                record
                for record in page.page.records
                if record.header is not None and (record.header.at or "") >= since
            ]
            vacated = replaced_days(store, recent) if recent else frozenset()
            candidates = (
                self.split_days
                if self.has_all_splits
                else {day for day in vacated if day > self.day_before}
            )
            self.days_to_reread |= vacated & candidates
        token = page.response.token
        if token is not None and token.text:
            self.split_days.add(max(item.datestamp[:10] for item in page.response.records))


def query_of_day(query: str, day: str) -> str:
    """Return the query for the same list, restricted to one day."""
    address, _, words = query.partition("?")
    params = dict(parse_qsl(words)) | {"from": day, "until": day}
    return f"{address}?{urlencode(params, safe=':')}"
