"""GraphQL types of the principals in the log: authors with their root keys, and the keys under grants."""

import strawberry

from api.graphql.arguments import first_of
from api.graphql.cursors import page
from api.graphql.describe import documented, documented_type
from api.graphql.enums import GrantScope, SpeakerState
from api.graphql.page_info import After, First, PageInfo, info_of
from api.graphql.results import Checkpoint, checkpoint
from api.principals_cache import Heard
from graph.queries.principals import Actor as GraphActor
from graph.queries.principals import Author as GraphAuthor
from graph.queries.principals import Pending as GraphPending


@documented_type
class Speaker:
    """A key that speaks for an author: for itself, or under a grant."""

    actor: strawberry.Private[GraphActor]

    @documented
    def key(self) -> str:
        """The key that signs."""
        return self.actor.key

    @documented
    def state(self) -> SpeakerState:
        """The state of the key: whether its next statement would count."""
        return SpeakerState(self.actor.state.value)

    @documented
    def ended_by(self) -> strawberry.ID | None:
        """The statement that ended it, or by which it resigned."""
        return strawberry.ID(self.actor.ended_by) if self.actor.ended_by else None

    @documented
    def grant(self) -> strawberry.ID | None:
        """The grant under which it speaks; null where the key is the author's own."""
        return strawberry.ID(self.actor.granted.id) if self.actor.granted else None

    @documented
    def scope(self) -> GrantScope | None:
        """The rights under the grant."""
        return GrantScope(self.actor.granted.scope.value) if self.actor.granted else None

    @documented
    def granted_by(self) -> str | None:
        """The key that signed the grant."""
        return self.actor.granted.granted_by if self.actor.granted else None

    @documented
    def granted_at(self) -> str | None:
        """The time of the grant."""
        return self.actor.granted.at if self.actor.granted else None

    @documented
    def depth(self) -> int:
        """The number of grants from the author's own key to it."""
        return self.actor.granted.depth if self.actor.granted else 0

    @documented
    def names(self) -> list[str]:
        """The agents in whose names it spoke."""
        return list(self.actor.names)

    @documented
    def statements(self) -> int:
        """The number of its statements in the log."""
        return self.actor.statements

    @documented
    def counting(self) -> int:
        """The number of its statements that count."""
        return self.actor.counting

    @documented
    def last(self) -> str | None:
        """The time of its newest statement; null where it has made none."""
        return self.actor.last


@documented_type
class Author:
    """An author: a root key, and all keys that speak for it."""

    author: strawberry.Private[GraphAuthor]

    @documented
    def key(self) -> str:
        """The root key."""
        return self.author.own.key

    @documented
    def is_trusted(self) -> bool:
        """True when this store trusts it: records live by its ingest runs."""
        return self.author.is_trusted

    @documented
    def own(self) -> Speaker:
        """The root key as a speaker for itself."""
        return Speaker(actor=self.author.own)

    @documented
    def granted(self) -> list[Speaker]:
        """The keys that speak for it under grants, each after the one that granted it."""
        return [Speaker(actor=one) for one in self.author.grants]


@documented_type
class Pending:
    """Statements that wait for their grant, or claim one that was made to another key."""

    waiting: strawberry.Private[GraphPending]

    @documented
    def under(self) -> strawberry.ID:
        """The grant that the statements name."""
        return strawberry.ID(self.waiting.under)

    @documented
    def key(self) -> str:
        """The key that signed the statements."""
        return self.waiting.key

    @documented
    def statements(self) -> int:
        """The number of statements."""
        return self.waiting.statements


@documented_type
class AuthorEdge:
    """An author in a list."""

    cursor: str
    node: Author


@documented_type
class AuthorConnection:
    """A page of authors."""

    edges: list[AuthorEdge]
    page_info: PageInfo
    total_count: int


@documented_type
class Speakers:
    """The speakers in the log, as of a checkpoint: of a moment ago while the log grows quickly."""

    heard: strawberry.Private[Heard]

    @documented
    def as_of(self) -> Checkpoint:
        """The checkpoint of the log that was read."""
        return checkpoint(self.heard.as_of)

    @documented
    def authors(self, first: First = 50, after: After = None) -> AuthorConnection:
        """The authors, in the order of their keys."""
        found = page(
            "authors",
            self.heard.found.authors,
            lambda one: (one.own.key,),
            shape=(str,),
            first=first_of(first, default=50),
            after=after,
        )
        pairs = zip(found.items, found.cursors, strict=True)
        return AuthorConnection(
            edges=[AuthorEdge(cursor=cursor, node=Author(author=one)) for one, cursor in pairs],
            page_info=info_of(found),
            total_count=len(self.heard.found.authors),
        )

    @documented
    def pending(self) -> list[Pending]:
        """The statements under grants that are not here, or were made to another key."""
        return [Pending(waiting=one) for one in self.heard.found.pending]
