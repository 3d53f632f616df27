"""Access to the store that the settings name: open it to read, to write or to import."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from colineage.output import print_message
from colineage.settings import OWN_NAMES, Settings
from graph.bundle.bundle import Bundle
from graph.bundle.keys import Signer, installation_key, read_key
from graph.clock import system_clock
from graph.errors import Fault, InputError
from graph.model.model import BundleId
from graph.model.vocabulary import Scope
from graph.open import open_store
from graph.queries.attribution import attributions
from graph.rules.facts import authors_of, with_author
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
    signer = read_key(settings.key)
    by = _agent_id(settings, signer)
    with closing(_open(settings, must_exist=True)) as store:
        speaker, _ = _introduce_speaker(store, settings, signer, by)
        yield WriteAccess(store, speaker)


@contextmanager
def open_for_writing(settings: Settings) -> Iterator[WriteAccess]:
    """Open the store to write, created where there is none; trust the key at its first statement here.

    A key that signs under a grant, or that was granted in this store, is not trusted automatically: only
    the store's owner extends trust beyond the installation's own key (`colineage key trust`).

    Raises:
        KeyFileError: The installation's key can't be read or made.
        StoreError: The store can't be used.
        InputError: As for `open_existing_for_writing`.
    """
    under_grant = settings.under is not None
    signer = read_key(settings.key) if under_grant else installation_key(settings.key)
    by = _agent_id(settings, signer)
    with closing(_open(settings, must_exist=under_grant)) as store:
        speaker, has_spoken = _introduce_speaker(store, settings, signer, by)
        if not has_spoken and not under_grant and signer.key not in authors_of(store.trust_list()):
            _trust_new_key(store, signer.key)
        yield WriteAccess(store, speaker)


@contextmanager
def open_for_ingest(settings: Settings) -> Iterator[WriteAccess]:
    """Open the store as `open_for_writing` does, to import, for a speaker by whose runs records show.

    The author must be trusted, and the grants must let the key vouch.

    Raises:
        KeyFileError: As for `open_for_writing`.
        StoreError: As for `open_for_writing`.
        InputError: As for `open_for_writing`; or this store doesn't trust the author, or a grant lets it only say.
    """
    with open_for_writing(settings) as access:
        author = access.speaker.author
        if author not in authors_of(access.store.trust_list()):
            expected = "an author whose runs this store trusts"
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


def _agent_id(settings: Settings, signer: Signer) -> str:
    """Return the id of the agent named as the speaker; without a grant, a key can only name itself."""
    agent = settings.speaker or "software"
    by = f"{agent}:{signer.key}" if agent in OWN_NAMES else agent
    if settings.under is None and by not in {f"{name}:{signer.key}" for name in OWN_NAMES}:
        expected = "person or software (this key), as no grant (--under) lets it speak as another"
        raise InputError("nobody may be spoken for unasked", [Fault("--as", expected, by)])
    return by


def _introduce_speaker(
    store: GraphStore, settings: Settings, signer: Signer, by: str
) -> tuple[Speaker, bool]:
    """Return the speaker, and whether it has made a statement here before.

    Raises:
        InputError: Its statements would not count.
    """
    speaker = Speaker(signer, by, system_clock, settings.under)
    has_spoken = _has_spoken(store, speaker)
    if settings.under is None:
        return speaker, has_spoken
    # After the refusal above: a grant that passes it has an author known here.
    author = attributions(store, [settings.under])[settings.under].author
    return replace(speaker, root=author), has_spoken


def _has_spoken(store: Log, speaker: Speaker) -> bool:
    """Return whether this speaker has made a statement here before.

    Raises:
        InputError: Its statements would not count.
    """
    heads: list[BundleId] = []

    def read_heads(view: AppendView) -> Sequence[Bundle]:
        speaker.refuse_if_denied(view)
        heads[:] = view.heads(speaker.actor).heads
        return ()

    store.append(read_heads)
    return bool(heads)


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
