"""GraphQL types of bundles with their proofs, and of the descriptions in them."""

import strawberry
from strawberry.scalars import JSON

from api.graphql.attribution import Attribution
from api.graphql.describe import graphql_field, graphql_type
from api.graphql.enums import BundleKind
from api.graphql.loader import QueryLoader
from graph.log.merkle import leaf_hash
from graph.queries.silence import silence_of
from graph.store import AuthoredDescription, StoredBundle

Info = strawberry.Info[QueryLoader, None]


@graphql_type
class SourceInfo:
    """The source of a record."""

    uri: str = strawberry.field(description="The id of the subject, like arxiv:2401.01234.")
    mapping: str = strawberry.field(description="The mapping that read the record, and its number.")
    licence: str | None = strawberry.field(description="The licence of the record's content.")


@graphql_type
class Proof:
    """An inclusion proof (RFC 6962): that a bundle is in the log of a checkpoint; hashes in hex."""

    position: int = strawberry.field(description="The position of the bundle in the log, from 0.")
    size: int = strawberry.field(description="The number of bundles in the log.")
    root: str = strawberry.field(description="The root hash of the log.")
    leaf: str = strawberry.field(description="The leaf hash: of a zero byte and the header.")
    hashes: list[str] = strawberry.field(
        description="The hashes that lead from the leaf to the root."
    )


@graphql_type
class Bundle:
    """A bundle, the unit of writing and signing: a header (who, when, on what authority) and a body (what is stated)."""

    stored: strawberry.Private[StoredBundle]

    @graphql_field
    def id(self) -> strawberry.ID:
        """The id: the SHA-256 of the header."""
        return strawberry.ID(self.stored.bundle.id)

    @graphql_field
    def kind(self) -> BundleKind:
        """The kind: a source's record, a signed statement, or not understood."""
        header = self.stored.bundle.header
        if header is None:
            return BundleKind.NOT_UNDERSTOOD
        return BundleKind.RECORD if header.key is None else BundleKind.STATEMENT

    @graphql_field
    def by(self) -> str | None:
        """The source, or the agent in whose name a statement is made."""
        header = self.stored.bundle.header
        return header.by if header else None

    @graphql_field
    def at(self) -> str | None:
        """The source's datestamp, or the time of the statement; null means not recorded."""
        header = self.stored.bundle.header
        return header.at if header else None

    @graphql_field
    def author(self) -> str | None:
        """The root key above the chain of grants, or the source."""
        return self.stored.author

    @graphql_field
    def key(self) -> str | None:
        """The key that signed a statement."""
        header = self.stored.bundle.header
        return header.key if header else None

    @graphql_field
    def under(self) -> str | None:
        """The grant under which a statement was made."""
        header = self.stored.bundle.header
        return header.under if header else None

    @graphql_field
    def source(self) -> SourceInfo | None:
        """The source of a record."""
        header = self.stored.bundle.header
        if header is None or header.source is None:
            return None
        return SourceInfo(
            uri=header.source.uri, mapping=header.source.mapping, licence=header.source.licence
        )

    @graphql_field
    def position(self) -> int:
        """The position in the log, from 0."""
        return self.stored.position

    @graphql_field
    def counts(self) -> bool:
        """True when its key had the authority to speak; always true for a record."""
        return self.stored.counts

    @graphql_field
    def lives(self) -> bool:
        """True when what it states is in the graph."""
        return self.stored.lives

    @graphql_field
    def vouchers(self) -> list[str]:
        """The living ingest runs that vouch for it, if it is a record."""
        return list(self.stored.vouchers)

    @graphql_field
    def answered_by(self) -> list[str]:
        """The statements that answer it: that retract, dispute, support it …."""
        return list(self.stored.answered_by)

    @graphql_field
    def header(self) -> str:
        """The header, byte for byte; its SHA-256 is the id."""
        return self.stored.bundle.header_bytes.decode()

    @graphql_field(cost=10)
    def body(self) -> str | None:
        """The body, byte for byte; null where there is none, where it is withheld or erased, and where it is no text."""
        return self.stored.bundle.body_text

    @graphql_field(cost=10)
    async def says_nothing(self, info: Info) -> str | None:
        """The reason for which nothing of its body is in the graph, like one that doesn't fit; null where it says something."""
        attribution = await info.context.attribution(self.stored.bundle.id)
        return silence_of(info.context.store, self.stored, attribution)

    @graphql_field
    def envelope(self) -> JSON | None:
        """The signature of a statement, as a DSSE envelope."""
        dsse = self.stored.bundle.to_json()["envelope"]
        return None if dsse is None else JSON(dsse)

    @graphql_field
    async def attribution(self, info: Info) -> Attribution:
        """The attribution: the runs that vouch for a record, or the grants above a statement's key."""
        return Attribution(attribution=await info.context.attribution(self.stored.bundle.id))

    @graphql_field(cost=10)
    async def proof(self, info: Info) -> Proof:
        """The proof that the bundle is in the log."""
        inclusion = await info.context.proof(self.stored.position)
        return Proof(
            position=inclusion.position,
            size=inclusion.checkpoint.size,
            root=inclusion.checkpoint.root,
            leaf=leaf_hash(self.stored.bundle.header_bytes).hex(),
            hashes=list(inclusion.hashes),
        )


@graphql_type
class Description:
    """One author's description of a thing."""

    authored: strawberry.Private[AuthoredDescription]

    @graphql_field
    def author(self) -> str:
        """The source (`source:…`) or the root key (`ed25519:…`) that states it."""
        return self.authored.author

    @graphql_field
    def at(self) -> str | None:
        """The source's datestamp, or the time of the statement; null means not recorded."""
        return self.authored.at

    @graphql_field
    async def bundle(self, info: Info) -> Bundle:
        """The bundle that states it."""
        return Bundle(stored=await info.context.bundle(self.authored.bundle))

    @graphql_field
    async def attribution(self, info: Info) -> Attribution:
        """The attribution: a source's record or a statement, and on what authority."""
        return Attribution(attribution=await info.context.attribution(self.authored.bundle))

    @graphql_field
    def attributes(self) -> JSON:
        """The attributes, by their names in the vocabulary; what is absent is not recorded."""
        return JSON(self.authored.description.attributes)
