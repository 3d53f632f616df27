"""Who said what as GraphQL types: bundles with their proofs, and the descriptions they make."""

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
    """Where a record was served."""

    uri: str = strawberry.field(description="What the source calls it.")
    mapping: str = strawberry.field(description="What read it, and the number of its mapping.")
    licence: str | None = strawberry.field(description="The licence of what it says.")


@documented_type
class Proof:
    """The proof (RFC 6962) that a bundle is in the log of a checkpoint; hashes in hex."""

    position: int = strawberry.field(description="Its place in the log, from 0.")
    size: int = strawberry.field(description="How many bundles the log held.")
    root: str = strawberry.field(description="The log's root.")
    leaf: str = strawberry.field(description="The hash of the leaf: of a zero byte and the header.")
    hashes: list[str] = strawberry.field(
        description="The hashes that lead from the leaf to the root."
    )


@documented_type
class Bundle:
    """The unit of saying: a header (who, when, on what authority) and a body (what)."""

    stored: strawberry.Private[Stored]

    @documented
    def id(self) -> strawberry.ID:
        """The SHA-256 of its header."""
        return strawberry.ID(self.stored.bundle.id)

    @documented
    def kind(self) -> BundleKind:
        """What it is."""
        header = self.stored.bundle.header
        if header is None:
            return BundleKind.NOT_UNDERSTOOD
        return BundleKind.RECORD if header.key is None else BundleKind.STATEMENT

    @documented
    def by(self) -> str | None:
        """The source, or the agent that a statement speaks as."""
        header = self.stored.bundle.header
        return header.by if header else None

    @documented
    def at(self) -> str | None:
        """The source's datestamp, or when it was said; null is not recorded."""
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
        """The grant that a statement was made under."""
        header = self.stored.bundle.header
        return header.under if header else None

    @documented
    def source(self) -> SourceInfo | None:
        """Where a record was served."""
        header = self.stored.bundle.header
        if header is None or header.source is None:
            return None
        return SourceInfo(
            uri=header.source.uri, mapping=header.source.mapping, licence=header.source.licence
        )

    @documented
    def position(self) -> int:
        """Its place in the log, from 0."""
        return self.stored.position

    @documented
    def counts(self) -> bool:
        """Whether its key spoke with authority; always true of a record."""
        return self.stored.counts

    @documented
    def lives(self) -> bool:
        """Whether what it says is in the graph."""
        return self.stored.lives

    @documented
    def vouchers(self) -> list[str]:
        """Of a record: the living ingest runs that vouch for it."""
        return list(self.stored.vouchers)

    @documented
    def answered_by(self) -> list[str]:
        """The statements that answer it: retract, dispute, support …."""
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
        """Who is behind it: the runs that vouch for a record, the grants above a statement's key."""
        return Attribution(found=await info.context.attribution(self.stored.bundle.id))

    @documented
    async def proof(self, info: Info) -> Proof:
        """The proof that it is in the log."""
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
        """The source (`source:…`) or the root key (`ed25519:…`) that says it."""
        return self.said.author

    @documented
    def at(self) -> str | None:
        """The source's datestamp, or when it was said; null is not recorded."""
        return self.said.at

    @documented
    async def bundle(self, info: Info) -> Bundle:
        """The bundle that says it."""
        return Bundle(stored=await info.context.stored(self.said.bundle))

    @documented
    async def attribution(self, info: Info) -> Attribution:
        """Who is behind it: a source's record or a statement, and on what authority."""
        return Attribution(found=await info.context.attribution(self.said.bundle))

    @documented
    def attributes(self) -> JSON:
        """What it says, by the names of the vocabulary; what is absent is not recorded."""
        return JSON(self.said.description.attributes)
