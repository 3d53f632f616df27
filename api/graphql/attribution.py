"""GraphQL types of attribution: who is behind a description, a relation or a contribution, by which key and grants."""

import strawberry

from api.graphql.describe import graphql_field, graphql_type
from api.graphql.enums import BundleKind
from graph.queries.attribution import Attribution as GraphAttribution
from graph.queries.attribution import GrantLink
from graph.queries.attribution import Voucher as GraphVoucher
from graph.queries.attribution_text import describe_attribution


@graphql_type
class Grant:
    """A grant: a statement that lets another key speak for its author."""

    link: strawberry.Private[GrantLink]

    @graphql_field
    def id(self) -> strawberry.ID:
        """The bundle that makes the grant."""
        return strawberry.ID(self.link.grant)

    @graphql_field
    def key(self) -> str:
        """The key that may speak for the author."""
        return self.link.key

    @graphql_field
    def scope(self) -> str:
        """The scope of the grant: say, harvest or act, or a word that is not known here and gives no right."""
        return self.link.scope

    @graphql_field
    def granted_by(self) -> str:
        """The key that signed the grant."""
        return self.link.granted_by

    @graphql_field
    def by(self) -> str:
        """The agent in whose name the grant was made."""
        return self.link.by


@graphql_type
class Voucher:
    """A living ingest run that vouches for a record."""

    voucher: strawberry.Private[GraphVoucher]

    @graphql_field
    def run(self) -> strawberry.ID:
        """The bundle of the run."""
        return strawberry.ID(self.voucher.run)

    @graphql_field
    def author(self) -> str | None:
        """The root key above the run's key; null means not recorded, as while a grant is missing."""
        return self.voucher.author

    @graphql_field
    def by(self) -> str | None:
        """The agent in whose name the run was stated; null means not recorded."""
        return self.voucher.by

    @graphql_field
    def at(self) -> str | None:
        """The time when the run was stated; null means not recorded."""
        return self.voucher.at

    @graphql_field
    def is_trusted(self) -> bool:
        """True when this store trusts the author of the run: records live by such runs alone."""
        return self.voucher.is_trusted


@graphql_type
class Attribution:
    """The attribution of a bundle: who is behind it, and on what authority; null means not recorded (see `words`)."""

    attribution: strawberry.Private[GraphAttribution]

    @graphql_field
    def bundle(self) -> strawberry.ID:
        """The attributed bundle."""
        return strawberry.ID(self.attribution.bundle)

    @graphql_field
    def kind(self) -> BundleKind:
        """The kind of the bundle: a source's record or somebody's statement."""
        return BundleKind(self.attribution.form.value)

    @graphql_field
    def by(self) -> str | None:
        """The source, or the agent in whose name a statement is made."""
        return self.attribution.by

    @graphql_field
    def at(self) -> str | None:
        """The source's datestamp, or the time of the statement."""
        return self.attribution.at

    @graphql_field
    def author(self) -> str | None:
        """The source of a record, or the root key above a statement's key; null while it can't be determined."""
        return self.attribution.author

    @graphql_field
    def key(self) -> str | None:
        """The key that signed a statement; a record has none."""
        return self.attribution.key

    @graphql_field(size=1)
    def grants(self) -> list[Grant]:
        """The grants under which the key spoke, nearest first, up to that of the author's own key."""
        return [Grant(link=link) for link in self.attribution.chain]

    @graphql_field
    def pending(self) -> str | None:
        """The reason why the author can't be determined: a grant is missing, or was made to another key."""
        return self.attribution.pending

    @graphql_field(size=2)
    def vouched_by(self) -> list[Voucher]:
        """The living runs that vouch for a record."""
        return [Voucher(voucher=voucher) for voucher in self.attribution.vouchers]

    @graphql_field
    def counts(self) -> bool:
        """True when the key had the authority to speak; always true for a record."""
        return self.attribution.counts

    @graphql_field
    def lives(self) -> bool:
        """True when what the bundle states is in the graph."""
        return self.attribution.lives

    @graphql_field
    def position(self) -> int:
        """The position of the bundle in the log, from 0."""
        return self.attribution.position

    @graphql_field
    def words(self) -> str:
        """The whole attribution in one line, for people."""
        return describe_attribution(self.attribution)
