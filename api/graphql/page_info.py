"""Pages as GraphQL types: what the arguments of a list mean, and whether it goes on."""

from typing import Annotated, Any

import strawberry

from api.graphql.cursors import Page
from api.graphql.describe import documented_type

First = Annotated[int | None, strawberry.argument(description="How many at most: 1 to 500.")]
After = Annotated[str | None, strawberry.argument(description="The cursor of the last one seen.")]


@documented_type
class PageInfo:
    """Whether a list goes on, and the cursor to go on from."""

    has_next_page: bool
    end_cursor: str | None


def info_of(page: Page[Any]) -> PageInfo:
    """Whether a list goes on behind a page."""
    return PageInfo(
        has_next_page=page.has_next, end_cursor=page.cursors[-1] if page.cursors else None
    )
