"""Convert one OAI-PMH response to a page to store, or raise the error that the service lists instead."""

from dataclasses import dataclass
from typing import Final

from graph.errors import RefusedError
from ingest.arxiv.oai.arxivraw import read_records
from ingest.arxiv.oai.response import OaiResponse, read_response
from ingest.arxiv.paper.identifiers import OAI_PREFIX, work_id
from ingest.arxiv.paper.to_bundle import RAW
from ingest.arxiv.session.page import (
    BodiesPresent,
    RecordPage,
    build_page,
    expect_type,
    no_bodies_present,
)
from ingest.http.client import HttpResponse

_XML: Final = frozenset({"text/xml", "application/xml"})


class TokenError(RefusedError):
    """Resumption token refused: the query has to be sent again from its start, not this page."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Page of a list, and the response it came in."""

    response: OaiResponse
    page: RecordPage


def page_of(
    fetched: HttpResponse,
    *,
    resumed: bool,
    latest: str,
    bodies_present: BodiesPresent = no_bodies_present,
) -> ListPage | None:
    """Return the page of a response; `None` where nothing matches the query.

    Args:
        fetched: The HTTP response.
        resumed: True when a token was sent; then "nothing matches" means that the token expired.
        latest: The latest time that a store admits.
        bodies_present: Returns the records that the store has.

    Raises:
        SourceError: It is no OAI-PMH response; requesting it again may help.
        TokenError: The service refuses the token.
        RefusedError: The service refuses the query.
    """
    expect_type(fetched, _XML)
    response = read_response(fetched.body)
    for code, words in response.errors:
        if code == "badResumptionToken" or (code == "noRecordsMatch" and resumed):
            raise TokenError(f"the token to go on with is refused ({code}: {words})")
        if code != "noRecordsMatch":
            raise RefusedError(f"{fetched.url}: arXiv says {code}: {words}")
    if response.errors:
        return None
    # Old ids are listed with a subject class, which their canonical form leaves out.
    names = {
        record.identifier: work_id(record.identifier.removeprefix(OAI_PREFIX))
        for record in response.records
    }
    data = {f"{OAI_PREFIX}{names[record.identifier]}": record.data for record in response.records}
    listings = read_records(response.records)
    page = build_page(
        listings, data, fetched.body, mapping=RAW, latest=latest, bodies_present=bodies_present
    )
    return ListPage(response, page)
