"""How long the text of a query is, in tokens, judged before it is parsed."""

from typing import Final

from graphql import Lexer, Source, TokenKind

from graph.errors import TooDearError

MAX_TOKENS: Final = 2_000


def count_tokens(query: str) -> int:
    """How many tokens the text of a query has; 0 is the empty text.

    Raises:
        GraphQLError: The text can't be read as GraphQL.
    """
    lexer = Lexer(Source(query))
    count = 0
    while lexer.advance().kind is not TokenKind.EOF:
        count += 1
    return count


def refuse_long(query: str) -> None:
    """Refuses a text of too many tokens, before it is parsed.

    Raises:
        TooDearError: It has more than `MAX_TOKENS`.
    """
    tokens = count_tokens(query)
    if tokens > MAX_TOKENS:
        raise TooDearError(
            f"the query has {tokens:,} tokens; {MAX_TOKENS:,} is the most. Ask in several queries, and "
            "name what repeats as a fragment"
        )
