"""GraphQL enums of the closed vocabularies."""

from enum import Enum

from api.graphql.describe import graphql_enum


@graphql_enum
class RelationDirection(Enum):
    """The direction of relations at a node: those that leave it (OUT) or reach it (IN)."""

    OUT = "out"
    IN = "in"


@graphql_enum
class Nature(Enum):
    """The nature of an agent, where it is recorded."""

    PERSON = "person"
    AI = "ai"
    SOFTWARE = "software"
    ORGANIZATION = "organization"


@graphql_enum
class BundleKind(Enum):
    """The kind of a bundle: a source's record, a statement signed by a key, or not understood yet."""

    RECORD = "record"
    STATEMENT = "statement"
    NOT_UNDERSTOOD = "not understood"


@graphql_enum
class SpeakerState(Enum):
    """The state of a key: whether its next statement would count.

    It would not where a key above has ended it, or where it was never granted.
    """

    LIVING = "living"
    ENDED = "ended"
    NOT_COUNTING = "not counting"


@graphql_enum
class Direction(Enum):
    """The direction of a lineage: towards what a thing came from (UP), or towards what came of it (DOWN)."""

    UP = "up"
    DOWN = "down"
