"""Who is behind what is said, as GraphQL types: the same for descriptions, relations and contributions."""

import strawberry

from api.graphql.describe import documented, documented_type
from api.graphql.enums import BundleKind, GrantScope
from graph.queries.attribution import Attribution as Attributed
from graph.queries.attribution import Link
from graph.queries.attribution import Voucher as Vouching
from graph.queries.attribution_text import words_of


@documented_type
class Grant:
    """A grant: a statement that lets another key speak for its author."""

    link: strawberry.Private[Link]

    @documented
    def id(self) -> strawberry.ID:
        """The bundle that grants it."""
        return strawberry.ID(self.link.grant)

    @documented
    def key(self) -> str:
        """The key that may speak."""
        return self.link.key

    @documented
    def scope(self) -> GrantScope:
        """What the key may do."""
        return GrantScope(self.link.scope.value)

    @documented
    def granted_by(self) -> str:
        """The key that signed the grant."""
        return self.link.granted_by

    @documented
    def by(self) -> str:
        """The agent that the grant was said as."""
        return self.link.by


@documented_type
class Voucher:
    """A living ingest run that vouches for a record."""

    vouching: strawberry.Private[Vouching]

    @documented
    def run(self) -> strawberry.ID:
        """The bundle of the run."""
        return strawberry.ID(self.vouching.run)

    @documented
    def author(self) -> str | None:
        """The root key above the run's; null is not recorded, as while a grant is missing."""
        return self.vouching.author

    @documented
    def by(self) -> str | None:
        """The agent that the run was said as; null is not recorded."""
        return self.vouching.by

    @documented
    def at(self) -> str | None:
        """When the run was said; null is not recorded."""
        return self.vouching.at

    @documented
    def is_trusted(self) -> bool:
        """Whether this store trusts its author: records live by such runs alone."""
        return self.vouching.is_trusted


@documented_type
class Attribution:
    """Who is behind a bundle, and on what authority; null is not recorded, and `words` says so."""

    found: strawberry.Private[Attributed]

    @documented
    def bundle(self) -> strawberry.ID:
        """The bundle."""
        return strawberry.ID(self.found.bundle)

    @documented
    def kind(self) -> BundleKind:
        """Whether it is a source's record or somebody's statement."""
        return BundleKind(self.found.form.value)

    @documented
    def by(self) -> str | None:
        """The source, or the agent that a statement speaks as."""
        return self.found.by

    @documented
    def at(self) -> str | None:
        """The source's datestamp, or when it was said."""
        return self.found.at

    @documented
    def author(self) -> str | None:
        """The source of a record, the root key above a statement's; null while it can't be told."""
        return self.found.author

    @documented
    def key(self) -> str | None:
        """The key that signed a statement; a record has none."""
        return self.found.key

    @documented
    def grants(self) -> list[Grant]:
        """The grants that the key spoke under, nearest first, up to the author's own."""
        return [Grant(link=one) for one in self.found.chain]

    @documented
    def pending(self) -> str | None:
        """Why the author can't be told, in words: a grant is missing, or was made to another key."""
        return self.found.pending

    @documented
    def vouched_by(self) -> list[Voucher]:
        """The living runs that vouch for a record."""
        return [Voucher(vouching=one) for one in self.found.vouchers]

    @documented
    def counts(self) -> bool:
        """Whether the key spoke with authority; always true of a record."""
        return self.found.counts

    @documented
    def lives(self) -> bool:
        """Whether what the bundle says is in the graph."""
        return self.found.lives

    @documented
    def position(self) -> int:
        """The bundle's place in the log, from 0."""
        return self.found.position

    @documented
    def words(self) -> str:
        """All of this in one line for people."""
        return words_of(self.found)
