"""Access to the store that the settings name: open it to read, to write or to import."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from colineage.output import print_message
from colineage.own_key import (
    OwnKey,
    agent_id,
    agent_of_root,
    existing_key,
    key_for_writing,
    person_root,
)
from colineage.settings import Settings
from graph.bundle.bundle import Bundle
from graph.bundle.keys import Signer
from graph.bundle.signed_ids import SignedIds
from graph.clock import system_clock
from graph.errors import Fault, InputError
from graph.model.model import BundleId
from graph.model.vocabulary import Scope
from graph.open import open_store
from graph.queries.attribution import attributions
from graph.rules.facts import TrustEntry, authors_of, place_of, with_author
from graph.speaker import Speaker
from graph.store import AppendView, GraphStore, Log


@dataclass(frozen=True, slots=True)
class WriteAccess:
    """Store open for writing, and the speaker from the settings: a key, its grant and the agent named."""

    store: GraphStore
    speaker: Speaker


def may_exist(settings: Settings) -> bool:
    """Return whether there may be a store: false for a missing file; a server is not contacted, so true."""
    scheme, _, path = settings.store.partition(":")
    return scheme != "sqlite" or Path(path).exists()


@contextmanager
def open_for_reading(settings: Settings) -> Iterator[GraphStore]:
    """Open an existing store to read; never creates a file.

    Raises:
        StoreError: There is none, or it can't be used.
    """
    with closing(_open(settings, must_exist=True)) as store:
        yield store


@contextmanager
def open_or_create(settings: Settings) -> Iterator[GraphStore]:
    """Open the store, created empty where there is none: to serve it before the first import, or to pull into it.

    Raises:
        StoreError: It can't be used.
    """
    with closing(_open(settings, must_exist=False)) as store:
        yield store


@contextmanager
def open_existing_for_writing(settings: Settings) -> Iterator[WriteAccess]:
    """Open an existing store to write, with a speaker whose statements count; leave its trust list unchanged.

    Raises:
        KeyFileError: The key can't be read.
        StoreError: There is no store, or it can't be used.
        InputError: The grant is not for this key, or it can't speak as that agent.
    """
    key = existing_key(settings)
    _refuse_agent_early(settings, key)
    with closing(_open(settings, must_exist=True)) as store:
        _put_grants(store, key)
        yield WriteAccess(store, _introduce_speaker(store, settings, key))


@contextmanager
def open_as_root(settings: Settings, root: Signer) -> Iterator[WriteAccess]:
    """Open an existing store to write as the root of the person of this place; leave its trust list unchanged.

    Raises:
        StoreError: There is no store, or it can't be used.
    """
    signed = SignedIds(settings.person_key)
    with closing(_open(settings, must_exist=True)) as store:
        yield WriteAccess(store, Speaker(root, f"person:{root.key}", system_clock, signed=signed))


@contextmanager
def open_for_writing(settings: Settings) -> Iterator[WriteAccess]:
    """Open the store to write, created where there is none; trust the key's author at its first statement here.

    A key that signs under another's grant, or that was granted in this store, is not trusted automatically: only the
    store's owner extends trust beyond the person of this place and the installation's own key (`colineage key trust`).

    Raises:
        KeyFileError: A key can't be read or made.
        StoreError: The store can't be used.
        InputError: As for `open_existing_for_writing`.
    """
    key = key_for_writing(settings)
    _refuse_agent_early(settings, key)
    needs_store = key.under is not None and not key.grants
    with closing(_open(settings, must_exist=needs_store)) as store:
        is_new = not store.checkpoint().size and not store.trust_list()
        speaks_first = _speaks_first(store, key)
        _put_grants(store, key)
        speaker = _introduce_speaker(store, settings, key)
        person = person_root(settings)
        if person is not None and (is_new or (speaks_first and speaker.author == person)):
            store.change_trust(lambda before: _with_first(before, person))
        if (
            speaks_first
            and key.under is None
            and speaker.author not in authors_of(store.trust_list())
        ):
            _trust_new_key(store, key.signer.key)
        yield WriteAccess(store, speaker)


@contextmanager
def open_for_ingest(settings: Settings, sources: Sequence[str]) -> Iterator[WriteAccess]:
    """Open the store as `open_for_writing` does, to import, for a speaker by whose runs records show.

    The author must be trusted for each of these sources (`source:arxiv`), and the grants must let the key vouch.

    Raises:
        KeyFileError: As for `open_for_writing`.
        StoreError: As for `open_for_writing`.
        InputError: As for `open_for_writing`; or this store doesn't trust the author, or a grant lets it only say.
    """
    with open_for_writing(settings) as access:
        author, trust = access.speaker.author, access.store.trust_list()
        missing = [source for source in sources if place_of(trust, author, source) is None]
        if missing:
            expected = f"an author whom this store trusts for {', '.join(missing)}"
            got = f"{author}; if it is to be trusted: `colineage key trust {author}`"
            fault = Fault("the author of the runs", expected, got)
            raise InputError("imported records would not be shown", [fault])
        _refuse_unless_it_vouches(access)
        yield access


def _refuse_unless_it_vouches(access: WriteAccess) -> None:
    """Refuse to import where the grants don't let the speaker vouch for records.

    Raises:
        InputError: They don't.
    """
    speaker = access.speaker

    def refuse(view: AppendView) -> Sequence[Bundle]:
        denial = view.denial(speaker.signer.key, speaker.under, Scope.HARVEST)
        if denial is not None:
            expected = (
                "one of scope harvest or act (`colineage key grant KEY --scope harvest` makes one)"
            )
            fault = Fault("--under", expected, f"{denial.bundle}: {denial.obstacle.value}")
            raise InputError("imported records would not be shown", [fault])
        return ()

    access.store.append(refuse)


def _open(settings: Settings, *, must_exist: bool) -> GraphStore:
    return open_store(settings.store, patience_s=settings.patience_s, must_exist=must_exist)


def _refuse_agent_early(settings: Settings, key: OwnKey) -> None:
    """Refuse an agent that the key can't speak as, where that is known without the store, so that none is created.

    Raises:
        InputError: It can't.
    """
    root_agent = agent_of_root(key)
    if root_agent is not None:
        agent_id(settings, key, root_agent)


def _put_grants(store: Log, key: OwnKey) -> None:
    """Append the grants beside the key file that the store hasn't got: what is said under them counts from the start."""
    present = store.bundles_by_id([grant.id for grant in key.grants])
    if len(present) < len(key.grants):
        store.append(lambda _view: key.grants)


def _speaks_first(store: Log, key: OwnKey) -> bool:
    """Return whether neither this key nor, of a person, the root has made a statement in this store from this place."""
    has_list = bool(key.grants) and key.signed.exists()
    heads: list[BundleId] = []

    def read_heads(view: AppendView) -> Sequence[Bundle]:
        for actor in {key.root or key.signer.key, key.under or key.signer.key}:
            own = view.own_heads(actor, key.signed.names()) if has_list else view.heads(actor)
            heads.extend(own.heads)
        return ()

    store.append(read_heads)
    return not heads


def _introduce_speaker(store: GraphStore, settings: Settings, key: OwnKey) -> Speaker:
    """Return the speaker; tell where somebody signed with its key at another place.

    Raises:
        InputError: Its statements would not count, or it can't speak as that agent.
    """
    speaker = Speaker(key.signer, "", system_clock, key.under, signed=key.signed)
    foreign: set[BundleId] = set()

    def read_heads(view: AppendView) -> Sequence[Bundle]:
        speaker.refuse_if_denied(view)
        foreign.update(set(view.heads(speaker.actor).heads) - key.signed.names())
        return ()

    store.append(read_heads)
    if foreign:
        print_message(_fork_message(key, sorted(foreign)))
    root_agent = agent_of_root(key) or _agent_above(store, key.under or "")
    root = root_agent.partition(":")[2]
    return replace(
        speaker, by=agent_id(settings, key, root_agent), root=root if key.under else None
    )


def _agent_above(store: GraphStore, grant: BundleId) -> str:
    """Return the agent that made the topmost of the grants that lead to this one, all of which are here."""
    attribution = attributions(store, [grant])[grant]
    return attribution.chain[-1].by if attribution.chain else attribution.by or ""


def _fork_message(key: OwnKey, foreign: Sequence[BundleId]) -> str:
    more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
    what = f"{foreign[0]}{more} was signed with {key.signer.key}, and not at this place"
    if not key.signed.exists():
        return (
            f"{what}, as far as is known: {key.signed.file} is missing. If the key was moved, bring that file, too; "
            "else `colineage key forks` shows what to do"
        )
    return f"{what}: `colineage key forks` shows it, and what to do"


def _with_first(trust: Sequence[TrustEntry], author: str) -> tuple[TrustEntry, ...]:
    """Return a trust list with an author before the others, for all sources; as it is where it names the author."""
    if author in authors_of(trust):
        return tuple(trust)
    return (TrustEntry(author), *trust)


def _trust_new_key(store: GraphStore, key: str) -> None:
    """Trust the installation's key at its first statement here, unless another author granted it."""
    grants = _grants_to(store, key)
    if not grants:
        store.change_trust(lambda before: with_author(before, key))
        return
    usable = _usable_grants(store, key, grants)
    hint = f"--under {usable[-1]} speaks for who granted it, " if usable else ""
    print_message(
        f"{key} was granted here ({(usable or grants)[-1]}), so its own runs are not trusted by "
        f"themselves: {hint}`colineage key trust {key}` trusts it"
    )


def _usable_grants(store: Log, key: str, grants: Sequence[BundleId]) -> list[BundleId]:
    """Return the grants under which this key's next statement would count."""
    usable: list[BundleId] = []

    def select_usable(view: AppendView) -> Sequence[Bundle]:
        usable[:] = [grant for grant in grants if view.denial(key, grant) is None]
        return ()

    store.append(select_usable)
    return usable


def _grants_to(store: Log, key: str) -> list[BundleId]:
    """Return the grants to this key, counting or not; reads the whole log, once, at a key's first statement."""
    # Canonical JSON has one spelling of it, and strings escape quotes.
    needle = f'"grants":["{key}"'.encode()
    likely = [bundle.id for bundle in store.raw_bundles() if needle in bundle.header]
    headers = {name: entry.bundle.header for name, entry in store.bundles_by_id(likely).items()}
    return [
        name
        for name in likely
        if (header := headers.get(name)) and header.grants and header.grants.key == key
    ]
