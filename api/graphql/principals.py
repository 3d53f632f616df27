"""GraphQL types of the principals in the log: authors with their root keys, and the keys under grants."""

import strawberry

from api.graphql.arguments import first_of
from api.graphql.cursors import keyset_page
from api.graphql.describe import graphql_field, graphql_type
from api.graphql.enums import SpeakerState
from api.graphql.page_info import After, First, PageInfo, page_info_of
from api.graphql.results import Checkpoint, checkpoint
from api.principals_cache import PrincipalsSnapshot
from graph.queries.principals import Actor as GraphActor
from graph.queries.principals import PendingStatements as GraphPending
from graph.queries.principals import Principal as GraphAuthor


@graphql_type
class Speaker:
    """A key that speaks for an author: for itself, or under a grant."""

    actor: strawberry.Private[GraphActor]

    @graphql_field
    def key(self) -> str:
        """The key that signs."""
        return self.actor.key

    @graphql_field
    def state(self) -> SpeakerState:
        """The state of the key: whether its next statement would count."""
        return SpeakerState(self.actor.state.value)

    @graphql_field
    def ended_by(self) -> strawberry.ID | None:
        """The statement that ended it, or a grant above it."""
        return strawberry.ID(self.actor.ended_by) if self.actor.ended_by else None

    @graphql_field
    def grant(self) -> strawberry.ID | None:
        """The grant under which it speaks; null where the key is the author's own."""
        return strawberry.ID(self.actor.grant.id) if self.actor.grant else None

    @graphql_field
    def scope(self) -> str | None:
        """The scope of the grant: say, harvest or act, or a word that is not known here and gives no right."""
        return self.actor.grant.scope if self.actor.grant else None

    @graphql_field
    def granted_by(self) -> str | None:
        """The key that signed the grant."""
        return self.actor.grant.granted_by if self.actor.grant else None

    @graphql_field
    def granted_at(self) -> str | None:
        """The time of the grant."""
        return self.actor.grant.at if self.actor.grant else None

    @graphql_field
    def depth(self) -> int:
        """The number of grants from the author's own key to it."""
        return self.actor.grant.depth if self.actor.grant else 0

    @graphql_field
    def names(self) -> list[str]:
        """The agents in whose names it spoke."""
        return list(self.actor.names)

    @graphql_field
    def statements(self) -> int:
        """The number of its statements in the log."""
        return self.actor.statements

    @graphql_field
    def counting(self) -> int:
        """The number of its statements that count."""
        return self.actor.counting

    @graphql_field
    def last(self) -> str | None:
        """The time of its newest statement; null where it has made none."""
        return self.actor.last


@graphql_type
class Author:
    """An author: a root key, and all keys that speak for it."""

    author: strawberry.Private[GraphAuthor]

    @graphql_field
    def key(self) -> str:
        """The root key."""
        return self.author.own.key

    @graphql_field
    def is_trusted(self) -> bool:
        """True when this store trusts it: records live by its ingest runs."""
        return self.author.is_trusted

    @graphql_field
    def own(self) -> Speaker:
        """The root key as a speaker for itself."""
        return Speaker(actor=self.author.own)

    @graphql_field(size=5)
    def granted(self) -> list[Speaker]:
        """The keys that speak for it under grants, each after the one that granted it."""
        return [Speaker(actor=actor) for actor in self.author.grants]


@graphql_type
class Pending:
    """Statements that wait for their grant, or claim one that was made to another key."""

    pending: strawberry.Private[GraphPending]

    @graphql_field
    def under(self) -> strawberry.ID:
        """The grant that the statements name."""
        return strawberry.ID(self.pending.under)

    @graphql_field
    def key(self) -> str:
        """The key that signed the statements."""
        return self.pending.key

    @graphql_field
    def statements(self) -> int:
        """The number of statements."""
        return self.pending.statements


@graphql_type
class AuthorEdge:
    """An author in a list."""

    cursor: str
    node: Author


@graphql_type
class AuthorConnection:
    """A page of authors."""

    edges: list[AuthorEdge]
    page_info: PageInfo
    total_count: int


@graphql_type
class Speakers:
    """The speakers in the log, as of a checkpoint: of a moment ago while the log grows quickly."""

    snapshot: strawberry.Private[PrincipalsSnapshot]

    @graphql_field
    def as_of(self) -> Checkpoint:
        """The checkpoint of the log that was read."""
        return checkpoint(self.snapshot.as_of)

    @graphql_field
    def authors(self, first: First = 50, after: After = None) -> AuthorConnection:
        """The authors, in the order of their keys."""
        author_page = keyset_page(
            "authors",
            self.snapshot.principals.authors,
            lambda author: (author.own.key,),
            shape=(str,),
            first=first_of(first, default=50),
            after=after,
        )
        pairs = zip(author_page.items, author_page.cursors, strict=True)
        return AuthorConnection(
            edges=[
                AuthorEdge(cursor=cursor, node=Author(author=author)) for author, cursor in pairs
            ],
            page_info=page_info_of(author_page),
            total_count=len(self.snapshot.principals.authors),
        )

    @graphql_field
    def pending(self) -> list[Pending]:
        """The statements under grants that are not here, or were made to another key."""
        return [Pending(pending=group) for group in self.snapshot.principals.pending]
