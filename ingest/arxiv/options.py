"""Harvest options: dates, categories, route, politeness delay, deadline; refused before any fetch where wrong."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from graph.clock import is_date
from graph.errors import Fault, InputError
from ingest.arxiv.paper.identifiers import oai_set
from ingest.http.url_policy import checked_delay_s

OAI: Final = "oai"
API: Final = "api"
BASE_URLS: Final = {
    OAI: "https://oaipmh.arxiv.org/oai",
    API: "https://export.arxiv.org/api/query",
}
"""Default base URL of each route."""

MAX_SLICE: Final = 2000
"""Most papers that one answer of the query API holds: https://info.arxiv.org/help/api/user-manual.html, 3.1.1.2."""

_LONGEST_S: Final = 366 * 86400
_AGENT: Final = "colineage (ingest arxiv)"
_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)


@dataclass(frozen=True, slots=True)
class HarvestOptions:
    """Options of one harvest.

    `via` is `oai` (by date of last change) or `api` (by date of first submission). `since` and `until` are
    days, both included; `None` for `until` is the present. `categories` are alternatives; none is
    all. `deadline_s` is the number of seconds from the start within which requests may begin. `mailto` goes into the
    User-Agent. `slice_size` is the number of entries in one request to the query API.
    """

    since: str
    until: str | None = None
    categories: tuple[str, ...] = ()
    max_records: int | None = None
    via: str = OAI
    base_url: str | None = None
    delay_s: float = 3.0
    mailto: str | None = None
    deadline_s: float | None = None
    slice_size: int = MAX_SLICE

    @property
    def address(self) -> str:
        """Base URL of the service."""
        return self.base_url or BASE_URLS[self.via]

    @property
    def agent(self) -> str:
        """User-Agent of its requests."""
        return agent_of(self.mailto)

    def check(self, now: datetime | None = None) -> "HarvestOptions":
        """Return these options, if they are valid.

        Args:
            now: The present, where the harvest starts at once: a span that begins after it would be answered by
                "nothing new", whatever was meant. (It is tomorrow in some places before it is in UTC.)

        Raises:
            InputError: The dates, a category, the address, the delay… are wrong; lists all faults.
        """
        if self.via not in BASE_URLS:
            raise InputError("no way to ask arXiv", [Fault("via", "oai or api", self.via)])
        checked_delay_s(self.delay_s, self.address)
        faults = [*self._dates(now), *self._limits()]
        if faults:
            raise InputError("can't harvest that", faults)
        for category in self.categories:
            oai_set(category)
        return self

    def _dates(self, now: datetime | None) -> list[Fault]:
        faults = [
            Fault(name, "a day like 2026-11-20", day)
            for name, day in (("since", self.since), ("until", self.until))
            if day is not None and not (len(day) == 10 and is_date(day) and "1900" < day < "9999")
        ]
        if not faults and self.until is not None and self.until < self.since:
            faults.append(Fault("until", f"{self.since} or later", self.until))
        if not faults and now is not None:
            latest = f"{now + timedelta(days=1):%Y-%m-%d}"
            if self.since > latest:
                faults.append(Fault("since", f"{latest} or earlier", self.since))
        return faults

    def _limits(self) -> list[Fault]:
        faults = []
        if self.max_records is not None and self.max_records < 1:
            faults.append(Fault("max", "at least 1", str(self.max_records)))
        return [*faults, *faults_of(self.mailto, self.deadline_s)]


def agent_of(mailto: str | None) -> str:
    """Return the User-Agent sent to arXiv, with the contact address."""
    return _AGENT if mailto is None else f"{_AGENT[:-1]}; mailto:{mailto})"


def faults_of(mailto: str | None, deadline_s: float | None) -> list[Fault]:
    """Return the faults of the contact address and the deadline, which all fetches share."""
    faults = []
    if deadline_s is not None and not 0 < deadline_s <= _LONGEST_S:
        expected = f"seconds above 0, at most {_LONGEST_S} (a year)"
        faults.append(Fault("deadline", expected, f"{deadline_s:g}"))
    if mailto is not None and not _MAIL.fullmatch(mailto):
        address = ascii(mailto[:120])[1:-1]
        faults.append(Fault("mailto", "an address like name@example.org", address))
    return faults
