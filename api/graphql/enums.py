"""The closed sets of words, as GraphQL enums."""

from enum import Enum

from api.graphql.describe import documented_enum


@documented_enum
class RelationDirection(Enum):
    """Relations that leave a node, or that reach it."""

    OUT = "out"
    IN = "in"


@documented_enum
class Nature(Enum):
    """What an agent is, where that is recorded."""

    PERSON = "person"
    AI = "ai"
    SOFTWARE = "software"
    ORGANIZATION = "organization"


@documented_enum
class BundleKind(Enum):
    """What a bundle is: told by a source, signed by a key, or not understood yet."""

    RECORD = "record"
    STATEMENT = "statement"
    NOT_UNDERSTOOD = "not understood"


@documented_enum
class GrantScope(Enum):
    """What a granted key may do: speak for its author, or also retract what the author said."""

    SAY = "say"
    ACT = "act"


@documented_enum
class SpeakerState(Enum):
    """Whether what a key says next would count: ended by one above it, resigned, or never granted."""

    LIVING = "living"
    ENDED = "ended"
    RESIGNED = "resigned"
    NOT_COUNTING = "not counting"


@documented_enum
class Direction(Enum):
    """Towards what a thing came from, or towards what came of it."""

    UP = "up"
    DOWN = "down"
