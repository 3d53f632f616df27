"""One answer of the service as a page to store: its records, their categories, what was refused."""

import hashlib
from dataclasses import dataclass, replace
from typing import Final

from graph.bundle import Bundle
from graph.errors import RefusedError, SourceError
from ingest.arxiv.arxivraw import read_page
from ingest.arxiv.bundles import RAW, bundle_of, category_bundle, newest
from ingest.arxiv.listing import ListingError, Refused
from ingest.arxiv.oai import Answer, opening, read_answer
from ingest.transport import Fetched

_XML: Final = frozenset({"text/xml", "application/xml"})


class TokenError(RefusedError):
    """The token is no longer good: the query has to be asked again from its start, not this page."""


@dataclass(frozen=True, slots=True)
class Page:
    """What to store of an answer; `digest` names the answer as it came."""

    answer: Answer
    records: tuple[Bundle, ...]
    categories: tuple[Bundle, ...]
    refused: tuple[Refused, ...]
    digest: str

    def first(self, count: int) -> "Page":
        """The page with its first records only."""
        return replace(self, records=self.records[:count])


def page_of(fetched: Fetched, *, resumed: bool, latest: str) -> Page | None:
    """The page behind an answer; `None` where nothing matches the query.

    Args:
        fetched: The answer.
        resumed: Whether a token was asked with; then "nothing matches" is a token gone bad.
        latest: The latest time that a store admits.

    Raises:
        SourceError: It is no OAI-PMH answer; asking again may help.
        TokenError: The service refuses the token.
        RefusedError: The service refuses the query.
    """
    if fetched.media_type not in _XML:
        came = fetched.media_type or "no media type"
        raise SourceError(f"expected text/xml, got {came}: {opening(fetched.body)}")
    answer = read_answer(fetched.body)
    for code, words in answer.errors:
        if code == "badResumptionToken" or (code == "noRecordsMatch" and resumed):
            raise TokenError(f"the token to go on with is refused ({code}: {words})")
        if code != "noRecordsMatch":
            raise RefusedError(f"{fetched.url}: arXiv says {code}: {words}")
    if answer.errors:
        return None
    return _stored(answer, latest, "sha256:" + hashlib.sha256(fetched.body).hexdigest())


def _stored(answer: Answer, latest: str, digest: str) -> Page:
    read = read_page(answer.items)
    refused = list(read.refused)
    data = {item.identifier: item.data for item in answer.items}
    found: dict[str, Bundle] = {}
    names: dict[str, None] = {}
    for listing in read.listings:
        where = f"oai:arXiv.org:{listing.id}"
        try:
            bundle = bundle_of(listing, RAW, latest=latest)
        except ListingError as error:
            sha256 = hashlib.sha256(data.get(where, b"")).hexdigest()
            refused.append(Refused(where, error.reason, sha256))
            continue
        # The service may list a paper twice while its lists shift.
        found[where] = newest(found.get(where), bundle)
        names.update(dict.fromkeys(listing.categories))
    categories = tuple(map(category_bundle, names))
    return Page(answer, tuple(found.values()), categories, tuple(refused), digest)
