"""Convert one OAI-PMH response to a page to store, or raise the error that the service lists instead."""

from dataclasses import dataclass
from typing import Final

from graph.errors import RefusedError
from ingest.arxiv.oai.arxivraw import read_page
from ingest.arxiv.oai.response import Answer, read_answer
from ingest.arxiv.paper.identifiers import OAI_PREFIX, work_id
from ingest.arxiv.paper.to_bundle import RAW
from ingest.arxiv.session.page import Held, Page, expect_type, none_held, stored_page
from ingest.http.client import Fetched

_XML: Final = frozenset({"text/xml", "application/xml"})


class TokenError(RefusedError):
    """Resumption token refused: the query has to be sent again from its start, not this page."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Page of a list, and the response it came in."""

    answer: Answer
    page: Page


def page_of(
    fetched: Fetched, *, resumed: bool, latest: str, held: Held = none_held
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
    answer = read_answer(fetched.body)
    for code, words in answer.errors:
        if code == "badResumptionToken" or (code == "noRecordsMatch" and resumed):
            raise TokenError(f"the token to go on with is refused ({code}: {words})")
        if code != "noRecordsMatch":
            raise RefusedError(f"{fetched.url}: arXiv says {code}: {words}")
    if answer.errors:
        return None
    # Old ids are listed with a subject class, which their canonical form leaves out.
    names = {
        item.identifier: work_id(item.identifier.removeprefix(OAI_PREFIX)) for item in answer.items
    }
    data = {f"{OAI_PREFIX}{names[item.identifier]}": item.data for item in answer.items}
    read = read_page(answer.items)
    page = stored_page(read, data, fetched.body, mapping=RAW, latest=latest, held=held)
    return ListPage(answer, page)
