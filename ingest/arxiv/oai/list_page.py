"""One answer of OAI-PMH as a page to store, and the errors that the service lists instead."""

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
    """The token is no longer good: the query has to be asked again from its start, not this page."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list, and the answer it came in."""

    answer: Answer
    page: Page


def page_of(
    fetched: Fetched, *, resumed: bool, latest: str, held: Held = none_held
) -> ListPage | None:
    """The page behind an answer; `None` where nothing matches the query.

    Args:
        fetched: The answer.
        resumed: Whether a token was asked with; then "nothing matches" is a token gone bad.
        latest: The latest time that a store admits.
        held: Which records the store has.

    Raises:
        SourceError: It is no OAI-PMH answer; asking again may help.
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
