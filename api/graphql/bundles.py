"""GraphQL types of bundles with their proofs, and of the descriptions in them."""

import strawberry
from strawberry.scalars import JSON

from api.graphql.attribution import Attribution
from api.graphql.describe import documented, documented_type
from api.graphql.enums import BundleKind
from api.graphql.loader import Reader
from graph.log.merkle import leaf_hash
from graph.store import Said, Stored

Info = strawberry.Info[Reader, None]


@documented_type
class SourceInfo:
    """The source of a record."""

    uri: str = strawberry.field(description="The source's own identifier of the record.")
    mapping: str = strawberry.field(description="The mapping that read the record, and its number.")
    licence: str | None = strawberry.field(description="The licence of the record's content.")


@documented_type
class Proof:
    """An inclusion proof (RFC 6962): that a bundle is in the log of a checkpoint; hashes in hex."""

    position: int = strawberry.field(description="The position of the bundle in the log, from 0.")
    size: int = strawberry.field(description="The number of bundles in the log.")
    root: str = strawberry.field(description="The root hash of the log.")
    leaf: str = strawberry.field(description="The leaf hash: of a zero byte and the header.")
    hashes: list[str] = strawberry.field(
        description="The hashes that lead from the leaf to the root."
    )


@documented_type
class Bundle:
    """A bundle, the unit of writing and signing: a header (who, when, on what authority) and a body (what is stated)."""

    stored: strawberry.Private[Stored]

    @documented
    def id(self) -> strawberry.ID:
        """The id: the SHA-256 of the header."""
        return strawberry.ID(self.stored.bundle.id)

    @documented
    def kind(self) -> BundleKind:
        """The kind: a source's record, a signed statement, or not understood."""
        header = self.stored.bundle.header
        if header is None:
            return BundleKind.NOT_UNDERSTOOD
        return BundleKind.RECORD if header.key is None else BundleKind.STATEMENT

    @documented
    def by(self) -> str | None:
        """The source, or the agent in whose name a statement is made."""
        header = self.stored.bundle.header
        return header.by if header else None

    @documented
    def at(self) -> str | None:
        """The source's datestamp, or the time of the statement; null means not recorded."""
        header = self.stored.bundle.header
        return header.at if header else None

    @documented
    def author(self) -> str | None:
        """The root key above the chain of grants, or the source."""
        return self.stored.author

    @documented
    def key(self) -> str | None:
        """The key that signed a statement."""
        header = self.stored.bundle.header
        return header.key if header else None

    @documented
    def under(self) -> str | None:
        """The grant under which a statement was made."""
        header = self.stored.bundle.header
        return header.under if header else None

    @documented
    def source(self) -> SourceInfo | None:
        """The source of a record."""
        header = self.stored.bundle.header
        if header is None or header.source is None:
            return None
        return SourceInfo(
            uri=header.source.uri, mapping=header.source.mapping, licence=header.source.licence
        )

    @documented
    def position(self) -> int:
        """The position in the log, from 0."""
        return self.stored.position

    @documented
    def counts(self) -> bool:
        """True when its key had the authority to speak; always true for a record."""
        return self.stored.counts

    @documented
    def lives(self) -> bool:
        """True when what it states is in the graph."""
        return self.stored.lives

    @documented
    def vouchers(self) -> list[str]:
        """The living ingest runs that vouch for it, if it is a record."""
        return list(self.stored.vouchers)

    @documented
    def answered_by(self) -> list[str]:
        """The statements that answer it: that retract, dispute, support it …."""
        return list(self.stored.answered_by)

    @documented
    def header(self) -> str:
        """The header, byte for byte; its SHA-256 is the id."""
        return self.stored.bundle.header_bytes.decode()

    @documented
    def body(self) -> str | None:
        """The body, byte for byte; null where it is withheld."""
        body = self.stored.bundle.body_bytes
        return None if body is None else body.decode()

    @documented
    def envelope(self) -> JSON | None:
        """The signature of a statement, as a DSSE envelope."""
        found = self.stored.bundle.to_json()["envelope"]
        return None if found is None else JSON(found)

    @documented
    async def attribution(self, info: Info) -> Attribution:
        """The attribution: the runs that vouch for a record, or the grants above a statement's key."""
        return Attribution(found=await info.context.attribution(self.stored.bundle.id))

    @documented
    async def proof(self, info: Info) -> Proof:
        """The proof that the bundle is in the log."""
        found = await info.context.proof(self.stored.position)
        return Proof(
            position=found.position,
            size=found.checkpoint.size,
            root=found.checkpoint.root,
            leaf=leaf_hash(self.stored.bundle.header_bytes).hex(),
            hashes=list(found.hashes),
        )


@documented_type
class Description:
    """One author's description of a thing."""

    said: strawberry.Private[Said]

    @documented
    def author(self) -> str:
        """The source (`source:…`) or the root key (`ed25519:…`) that states it."""
        return self.said.author

    @documented
    def at(self) -> str | None:
        """The source's datestamp, or the time of the statement; null means not recorded."""
        return self.said.at

    @documented
    async def bundle(self, info: Info) -> Bundle:
        """The bundle that states it."""
        return Bundle(stored=await info.context.stored(self.said.bundle))

    @documented
    async def attribution(self, info: Info) -> Attribution:
        """The attribution: a source's record or a statement, and on what authority."""
        return Attribution(found=await info.context.attribution(self.said.bundle))

    @documented
    def attributes(self) -> JSON:
        """The attributes, by their names in the vocabulary; what is absent is not recorded."""
        return JSON(self.said.description.attributes)
