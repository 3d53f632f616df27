"""Listing: arXiv's metadata of one paper, the same for all routes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from graph.errors import Fault, InputError


class ListedVersion(msgspec.Struct, frozen=True, gc=False):
    """Version as listed: `submitted` as a bundle writes times, `size` and `source_type` as arXiv prints them."""

    number: int
    submitted: str | None = None
    size: str | None = None
    source_type: str | None = None


class ListedAuthor(msgspec.Struct, frozen=True, gc=False):
    """Name as served, for its octets become an id, TeX kept; of a line that is wrapped, without its wrapping."""

    name: str
    affiliation: str | None = None


class Listing(msgspec.Struct, frozen=True, gc=False):
    """Paper as listed; `None` and `()` stand for what the listing does not state.

    `id` is the canonical arXiv id without its scheme (`math/0309136`). `day` is the day of the last
    change, which decides what replaces what. `title`, `abstract` and `authors` are as printed but for
    control characters; `categories` have the primary one first; a deleted paper has nothing else.
    """

    id: str
    day: str | None
    deleted: bool = False
    title: str | None = None
    authors: str | None = None
    names: tuple[ListedAuthor, ...] = ()
    categories: tuple[str, ...] = ()
    versions: tuple[ListedVersion, ...] = ()
    abstract: str | None = None
    comment: str | None = None
    journal_ref: str | None = None
    report_no: str | None = None
    msc_class: str | None = None
    acm_class: str | None = None
    doi: str | None = None
    licence: str | None = None
    submitter: str | None = None
    proxy: str | None = None
    announced: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedListing:
    """Record that was refused: its place in the source, all its faults, the SHA-256 of its bytes, and these bytes."""

    where: str
    reason: str
    sha256: str
    data: bytes = field(default=b"", repr=False)

    def __str__(self) -> str:
        return f"{self.where} (sha256:{self.sha256}): {self.reason}"


@dataclass(frozen=True, slots=True)
class Listings:
    """Listings of one answer, and the records of it that were refused."""

    listings: tuple[Listing, ...]
    refused: tuple[RefusedListing, ...]


class ListingError(InputError):
    """Record of a source that can't be ingested; caught by the reader of its page, which lists it."""

    def __init__(self, where: str, faults: Sequence[Fault]) -> None:
        super().__init__(where, faults)

    @property
    def reason(self) -> str:
        """All faults on one line."""
        return "; ".join(map(str, self.faults))
