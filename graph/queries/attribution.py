"""Attribution of a bundle: its source and the runs that vouch for it, or its author, key and grants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from graph.model.model import BundleId, Header
from graph.model.vocabulary import Scope
from graph.store import GraphStore, Stored


class Form(StrEnum):
    """Form of a bundle: record, statement, or of a version not understood."""

    RECORD = "record"
    STATEMENT = "statement"
    NOT_UNDERSTOOD = "not understood"


@dataclass(frozen=True, slots=True)
class Link:
    """Grant in a chain of grants: it lets `key` speak; `granted_by` is the key that signed it, `by` its agent."""

    grant: BundleId
    key: str
    scope: Scope
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
    statement, `None` while that can't be determined (`pending` states why). `key` signed a statement,
    under the grant `under`. `chain` are the grants from that one up to the author's own, nearest first,
    as far as they are here. `vouchers` are the living runs that vouch for a record. `counts`, `lives`
    and `position` as in `graph.store.StoredBundle`.
    """

    bundle: BundleId
    form: Form
    by: str | None
    at: str | None
    author: str | None
    key: str | None
    under: BundleId | None
    chain: tuple[Link, ...]
    pending: str | None
    vouchers: tuple[Voucher, ...]
    counts: bool
    lives: bool
    position: int


def attributions(store: GraphStore, names: Iterable[BundleId]) -> Mapping[BundleId, Attribution]:
    """Return the attribution of each of these bundles; those that are not here are left out.

    Costs two queries to the store, and one more for each grant above the nearest.
    """
    asked = dict.fromkeys(names)
    if not asked:
        return {}
    known = dict(store.stored(asked))
    found = [known[name] for name in asked if name in known]
    level = _grants_of(found)
    _learn(store, known, level | {run for one in found for run in one.vouchers})
    while level:
        level = _grants_of(known[grant] for grant in level if grant in known)
        _learn(store, known, level)
    trusted = store.trusted()
    return {one.bundle.id: _attribution(one, known, trusted) for one in found}


def _learn(store: GraphStore, known: dict[BundleId, Stored], names: set[BundleId]) -> None:
    """Load the bundles that were not read yet."""
    if missing := sorted(names - known.keys()):
        known.update(store.stored(missing))


def _grants_of(stored: Iterable[Stored]) -> set[BundleId]:
    headers = (one.bundle.header for one in stored)
    return {header.under for header in headers if header is not None and header.under is not None}


def _attribution(
    stored: Stored, known: Mapping[BundleId, Stored], trusted: frozenset[str]
) -> Attribution:
    header = stored.bundle.header
    chain, pending = _chain(header, known) if header else ((), None)
    return Attribution(
        bundle=stored.bundle.id,
        form=_form(header),
        by=header.by if header else None,
        at=header.at if header else None,
        author=stored.author,
        key=header.key if header else None,
        under=header.under if header else None,
        chain=chain,
        pending=pending,
        vouchers=tuple(_voucher(run, known, trusted) for run in stored.vouchers),
        counts=stored.counts,
        lives=stored.lives,
        position=stored.position,
    )


def _form(header: Header | None) -> Form:
    if header is None:
        return Form.NOT_UNDERSTOOD
    return Form.RECORD if header.key is None else Form.STATEMENT


def _chain(header: Header, known: Mapping[BundleId, Stored]) -> tuple[tuple[Link, ...], str | None]:
    """Return the grants that a statement speaks under, nearest first, and why the chain is broken if it is."""
    links: list[Link] = []
    speaker = header
    while speaker.under is not None:
        stored = known.get(speaker.under)
        if stored is None:
            return tuple(links), f"the grant {speaker.under} is not here"
        grant = stored.bundle.header
        if grant is None or grant.key is None or grant.grants is None:
            return tuple(links), f"{speaker.under} is no grant"
        if grant.grants.key != speaker.key:
            return tuple(links), f"the grant {speaker.under} was not made to {speaker.key}"
        links.append(Link(speaker.under, grant.grants.key, grant.grants.scope, grant.key, grant.by))
        speaker = grant
    return tuple(links), None


def _voucher(run: BundleId, known: Mapping[BundleId, Stored], trusted: frozenset[str]) -> Voucher:
    stored = known.get(run)
    header = stored.bundle.header if stored else None
    author = stored.author if stored else None
    return Voucher(
        run=run,
        author=author,
        at=header.at if header else None,
        by=header.by if header else None,
        is_trusted=author in trusted,
    )
