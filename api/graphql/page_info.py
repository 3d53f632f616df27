"""Paging in GraphQL: the arguments `first` and `after`, and the type `PageInfo`."""

from typing import Annotated, Any

import strawberry

from api.graphql.cursors import CursorPage
from api.graphql.describe import graphql_type

First = Annotated[
    int | None, strawberry.argument(description="The maximum number of items: 1 to 500.")
]
After = Annotated[
    str | None,
    strawberry.argument(description="The cursor of the last item seen; the page resumes after it."),
]


@graphql_type
class PageInfo:
    """The end of a page: whether the list has more, and the cursor to resume from."""

    has_next_page: bool
    end_cursor: str | None


def page_info_of(page: CursorPage[Any]) -> PageInfo:
    """Return the page info of a page."""
    return PageInfo(
        has_next_page=page.has_next, end_cursor=page.cursors[-1] if page.cursors else None
    )
