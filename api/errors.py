"""Error responses: the code, HTTP status and message a client sees; the details of internal errors go to the log."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from graphql import GraphQLError

from graph.errors import (
    BusyError,
    GraphError,
    InputError,
    MissingModelError,
    NotFoundError,
    SourceError,
    StoreError,
    TooDearError,
)

_log: Final = logging.getLogger("colineage.api")


class Code(StrEnum):
    """Error code for programs: `extensions.code` of a GraphQL error."""

    NOT_FOUND = "NOT_FOUND"
    BAD_INPUT = "BAD_INPUT"
    TOO_DEAR = "TOO_DEAR"
    BUSY = "BUSY"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


STATUS: Final[dict[Code, int]] = {
    Code.NOT_FOUND: 404,
    Code.BAD_INPUT: 400,
    Code.TOO_DEAR: 400,
    Code.BUSY: 503,
    Code.UNAVAILABLE: 503,
    Code.INTERNAL: 500,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Error code and message that a client sees."""

    code: Code
    message: str


def failure_of(error: BaseException) -> Failure:
    """Return the code and message that a client sees of an error.

    Messages of the store, of the model and of unexpected errors may name files of this machine:
    they go to the log, under a number that the client is given.
    """
    match error:
        case TooDearError():
            return Failure(Code.TOO_DEAR, str(error))
        case InputError():
            return Failure(Code.BAD_INPUT, str(error))
        case NotFoundError():
            return Failure(Code.NOT_FOUND, str(error))
        case BusyError():
            return Failure(Code.BUSY, "busy for the moment: ask again in some seconds")
        case MissingModelError():
            reason = "the embedding model of this service can't be used"
            return Failure(Code.UNAVAILABLE, f"{reason}; {_log_failure(error)}")
        case StoreError() | SourceError():
            reason = "the store of this service can't answer as it is"
            return Failure(Code.UNAVAILABLE, f"{reason}; {_log_failure(error)}")
        case _:
            return Failure(Code.INTERNAL, f"something went wrong here; {_log_failure(error)}")


def format_errors(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Return GraphQL errors as they are sent: message, locations, path and `extensions.code`."""
    return [_format_error(error) for error in errors]


def _format_error(error: GraphQLError) -> dict[str, Any]:
    failure = _failure_in(error)
    content: dict[str, Any] = {"message": failure.message}
    if error.locations:
        content["locations"] = [location.formatted for location in error.locations]
    if error.path:
        content["path"] = list(error.path)
    return content | {"extensions": {"code": failure.code.value}}


def _failure_in(error: GraphQLError) -> Failure:
    origin = error.original_error
    while isinstance(origin, GraphQLError):
        origin = origin.original_error
    if origin is None or (isinstance(origin, GraphQLError) and not origin.original_error):
        return Failure(Code.BAD_INPUT, error.message)  # the query's own text is wrong
    return failure_of(origin)


def _log_failure(error: BaseException) -> str:
    number = uuid.uuid4().hex[:8]
    level = logging.WARNING if isinstance(error, GraphError) else logging.ERROR
    _log.log(level, "failure %s: %s", number, error, exc_info=error)
    return f"the service's log says why, under {number}"
