"""Token limit: the length of a query's text in tokens, checked before it is parsed."""

from typing import Final

from graphql import Lexer, Source, TokenKind

from graph.errors import Fault, InputError, TooDearError

MAX_TOKENS: Final = 2_000
MAX_DIGITS: Final = 400
"""Most digits of a number in the text: more than any double has, fewer than Python refuses to read (4,300)."""

_NUMBERS: Final = frozenset({TokenKind.INT, TokenKind.FLOAT})


def count_tokens(query: str) -> int:
    """Return the number of tokens in the text of a query; 0 for the empty text.

    Raises:
        GraphQLError: The text can't be read as GraphQL.
        InputError: A number in it has more than `MAX_DIGITS` digits.
    """
    lexer = Lexer(Source(query))
    count = 0
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        count += 1
        digits = len(token.value or "") if token.kind in _NUMBERS else 0
        if digits > MAX_DIGITS:
            got = f"one of {digits:,} at line {token.line}"
            fault = Fault("query", f"numbers of at most {MAX_DIGITS} digits", got)
            raise InputError("the query can't be read", [fault])
    return count


def refuse_long(query: str) -> None:
    """Refuse a text of too many tokens, before it is parsed.

    Raises:
        TooDearError: It has more than `MAX_TOKENS`.
        InputError: A number in it is too long.
    """
    tokens = count_tokens(query)
    if tokens > MAX_TOKENS:
        raise TooDearError(
            f"the query has {tokens:,} tokens; {MAX_TOKENS:,} is the most. Ask in several queries, and "
            "name what repeats as a fragment"
        )
