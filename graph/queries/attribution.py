"""Attribution of a bundle: its source and the runs that vouch for it, or its author, key and grants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from graph.model.model import BundleId, Header
from graph.rules.facts import MAX_GRANTS, authors_of
from graph.store import GraphStore, Log, StoredBundle


class BundleForm(StrEnum):
    """Form of a bundle: record, statement, or of a version not understood."""

    RECORD = "record"
    STATEMENT = "statement"
    NOT_UNDERSTOOD = "not understood"


@dataclass(frozen=True, slots=True)
class GrantLink:
    """Grant in a chain of grants: it lets `key` speak; `granted_by` is the key that signed it, `by` its agent."""

    grant: BundleId
    key: str
    scope: str
    granted_by: str
    by: str


@dataclass(frozen=True, slots=True)
class Voucher:
    """Living run that vouches for a record: its author, its time, and whether this store trusts the author.

    `author` is the root key, `by` the agent that the run speaks as.
    """

    run: BundleId
    author: str | None
    at: str | None
    by: str | None
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """Attribution of a bundle; nothing is assumed: what isn't known is `None`.

    `by` and `at` are what the header states. `author` is the source of a record, the root key of a
    statement, `None` while that can't be determined or the bundle waits for its time (`pending` states
    why). `key` signed a statement, under the grant `under`. `chain` are the grants from that one up to
    the author's own, nearest first, as far as they are here. `vouchers` are the living runs that vouch for a record. `counts`, `lives`
    and `position` as in `graph.store.StoredBundle`.
    """

    bundle: BundleId
    form: BundleForm
    by: str | None
    at: str | None
    author: str | None
    key: str | None
    under: BundleId | None
    chain: tuple[GrantLink, ...]
    pending: str | None
    vouchers: tuple[Voucher, ...]
    counts: bool
    lives: bool
    position: int


def attributions(store: GraphStore, names: Iterable[BundleId]) -> Mapping[BundleId, Attribution]:
    """Return the attribution of each of these bundles; those that are not here are left out.

    Costs two queries to the store, and one more for each grant above the nearest.
    """
    ids = dict.fromkeys(names)
    if not ids:
        return {}
    by_id = dict(store.bundles_by_id(ids))
    entries = [by_id[name] for name in ids if name in by_id]
    level = _grants_of(entries)
    _load_missing(store, by_id, level | {run for entry in entries for run in entry.vouchers})
    while level:
        level = _grants_of(by_id[grant] for grant in level if grant in by_id)
        _load_missing(store, by_id, level)
    trusted_authors = authors_of(store.trust_list())
    return {entry.bundle.id: _attribution(entry, by_id, trusted_authors) for entry in entries}


def _load_missing(store: Log, by_id: dict[BundleId, StoredBundle], names: set[BundleId]) -> None:
    """Load the bundles that were not read yet."""
    if missing := sorted(names - by_id.keys()):
        by_id.update(store.bundles_by_id(missing))


def _grants_of(entries: Iterable[StoredBundle]) -> set[BundleId]:
    headers = (entry.bundle.header for entry in entries)
    return {header.under for header in headers if header is not None and header.under is not None}


def _attribution(
    entry: StoredBundle, by_id: Mapping[BundleId, StoredBundle], trusted_authors: frozenset[str]
) -> Attribution:
    header = entry.bundle.header
    chain, pending = _chain(header, by_id) if header else ((), None)
    if header is not None and entry.author is None:
        pending = pending or _delay(chain)
    return Attribution(
        bundle=entry.bundle.id,
        form=_form(header),
        by=header.by if header else None,
        at=header.at if header else None,
        author=entry.author,
        key=header.key if header else None,
        under=header.under if header else None,
        chain=chain,
        pending=pending,
        vouchers=tuple(_voucher(run, by_id, trusted_authors) for run in entry.vouchers),
        counts=entry.counts,
        lives=entry.lives,
        position=entry.position,
    )


def _delay(chain: tuple[GrantLink, ...]) -> str:
    """Return why a bundle has no author although all grants above it are here."""
    if len(chain) > MAX_GRANTS:
        return f"there are more than {MAX_GRANTS} grants above it"
    return (
        "it, or a grant above it, is dated more than a day ahead and has no effect until its time"
    )


def _form(header: Header | None) -> BundleForm:
    if header is None:
        return BundleForm.NOT_UNDERSTOOD
    return BundleForm.RECORD if header.key is None else BundleForm.STATEMENT


def _chain(
    header: Header, by_id: Mapping[BundleId, StoredBundle]
) -> tuple[tuple[GrantLink, ...], str | None]:
    """Return the grants that a statement speaks under, nearest first, and why the chain is broken if it is."""
    links: list[GrantLink] = []
    speaker = header
    while speaker.under is not None:
        entry = by_id.get(speaker.under)
        if entry is None:
            return tuple(links), f"the grant {speaker.under} is not here"
        grant = entry.bundle.header
        if grant is None or grant.key is None or grant.grants is None:
            return tuple(links), f"{speaker.under} is no grant"
        if grant.grants.key != speaker.key:
            return tuple(links), f"the grant {speaker.under} was not made to {speaker.key}"
        links.append(
            GrantLink(speaker.under, grant.grants.key, grant.grants.scope, grant.key, grant.by)
        )
        speaker = grant
    return tuple(links), None


def _voucher(
    run: BundleId, by_id: Mapping[BundleId, StoredBundle], trusted_authors: frozenset[str]
) -> Voucher:
    entry = by_id.get(run)
    header = entry.bundle.header if entry else None
    author = entry.author if entry else None
    return Voucher(
        run=run,
        author=author,
        at=header.at if header else None,
        by=header.by if header else None,
        is_trusted=author in trusted_authors,
    )
