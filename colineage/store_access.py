"""Access to the store that the settings name: open it to read, to serve, to write or to import."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from colineage.output import talk
from colineage.settings import OWN_NAMES, Settings
from graph.bundle.bundle import Bundle
from graph.bundle.keys import Signer, installation_key, kept_key
from graph.clock import system_clock
from graph.errors import Fault, InputError
from graph.model.model import BundleId
from graph.open import open_store
from graph.queries.attribution import attributions
from graph.speaker import Voice
from graph.store import GraphStore, Look


@dataclass(frozen=True, slots=True)
class Writing:
    """Store open for writing, and the speaker from the settings: a key, its grant and the agent named."""

    store: GraphStore
    voice: Voice


def is_there(settings: Settings) -> bool:
    """Return whether there may be a store: false for a missing file; a server is not contacted, so true."""
    scheme, _, path = settings.store.partition(":")
    return scheme != "sqlite" or Path(path).exists()


@contextmanager
def reading(settings: Settings) -> Iterator[GraphStore]:
    """Open an existing store to read; never creates a file.

    Raises:
        StoreError: There is none, or it can't be used.
    """
    with closing(_opened(settings, must_exist=True)) as store:
        yield store


@contextmanager
def serving(settings: Settings) -> Iterator[GraphStore]:
    """Open the store to serve it, created empty where there is none: a service starts before the first import.

    Raises:
        StoreError: It can't be used.
    """
    with closing(_opened(settings, must_exist=False)) as store:
        yield store


@contextmanager
def speaking(settings: Settings) -> Iterator[Writing]:
    """Open an existing store to write, with a speaker whose statements count; leave its trust list unchanged.

    Raises:
        KeyFileError: The key can't be read.
        StoreError: There is no store, or it can't be used.
        InputError: The key resigned, the grant is not for this key, or it can't speak as that agent.
    """
    signer = kept_key(settings.key)
    by = _speaker(settings, signer)
    with closing(_opened(settings, must_exist=True)) as store:
        voice, _ = _introduced(store, settings, signer, by)
        yield Writing(store, voice)


@contextmanager
def writing(settings: Settings) -> Iterator[Writing]:
    """Open the store to write, created where there is none; trust the key at its first statement here.

    A key that signs under a grant, or that was granted in this store, is not trusted automatically: only
    the store's owner extends trust beyond the installation's own key (`colineage key trust`).

    Raises:
        KeyFileError: The installation's key can't be read or made.
        StoreError: The store can't be used.
        InputError: As for `open_existing_for_writing`.
    """
    granted = settings.under is not None
    signer = kept_key(settings.key) if granted else installation_key(settings.key)
    by = _speaker(settings, signer)
    with closing(_opened(settings, must_exist=granted)) as store:
        voice, has_spoken = _introduced(store, settings, signer, by)
        if not has_spoken and not granted and signer.key not in store.trusted():
            _trust_first(store, signer.key)
        yield Writing(store, voice)


@contextmanager
def ingesting(settings: Settings) -> Iterator[Writing]:
    """Open the store as `open_for_writing` does, to import; the author must be trusted, else no record would show.

    Raises:
        KeyFileError: As for `open_for_writing`.
        StoreError: As for `open_for_writing`.
        InputError: As for `open_for_writing`; or this store doesn't trust the author.
    """
    with writing(settings) as opened:
        author = opened.voice.author
        if author not in opened.store.trusted():
            wanted = "an author whose runs this store trusts"
            came = f"{author}; if it is to be trusted: `colineage key trust {author}`"
            fault = Fault("the author of the runs", wanted, came)
            raise InputError("imported records would not be shown", [fault])
        yield opened


def _opened(settings: Settings, *, must_exist: bool) -> GraphStore:
    return open_store(settings.store, patience_s=settings.patience_s, must_exist=must_exist)


def _speaker(settings: Settings, signer: Signer) -> str:
    """Return the id of the agent named as the speaker; without a grant, a key can only name itself."""
    wanted = settings.speaker or "software"
    by = f"{wanted}:{signer.key}" if wanted in OWN_NAMES else wanted
    if settings.under is None and by not in {f"{name}:{signer.key}" for name in OWN_NAMES}:
        expected = "person or software (this key), as no grant (--under) lets it speak as another"
        raise InputError("nobody may be spoken for unasked", [Fault("--as", expected, by)])
    return by


def _introduced(
    store: GraphStore, settings: Settings, signer: Signer, by: str
) -> tuple[Voice, bool]:
    """Return the speaker, and whether it has made a statement here before.

    Raises:
        InputError: Its statements would not count.
    """
    voice = Voice(signer, by, system_clock, settings.under)
    has_spoken = _has_spoken(store, voice)
    if settings.under is None:
        return voice, has_spoken
    # After the refusal above: a grant that passes it has an author known here.
    author = attributions(store, [settings.under])[settings.under].author
    return replace(voice, root=author), has_spoken


def _has_spoken(store: GraphStore, voice: Voice) -> bool:
    """Return whether this speaker has made a statement here before.

    Raises:
        InputError: Its statements would not count.
    """
    found: list[BundleId] = []

    def looks(look: Look) -> Sequence[Bundle]:
        voice.refuse_silenced(look)
        found[:] = look.heads(voice.actor).heads
        return ()

    store.append(looks)
    return bool(found)


def _trust_first(store: GraphStore, key: str) -> None:
    """Trust the installation's key at its first statement here, unless another author granted it."""
    grants = _grants_to(store, key)
    if not grants:
        store.change_trust(lambda before: before | {key})
        return
    living = _living_of(store, key, grants)
    way = f"--under {living[-1]} speaks for who granted it, " if living else ""
    talk(
        f"{key} was granted here ({(living or grants)[-1]}), so its own runs are not trusted by "
        f"themselves: {way}`colineage key trust {key}` trusts it"
    )


def _living_of(store: GraphStore, key: str, grants: Sequence[BundleId]) -> list[BundleId]:
    """Return the grants under which this key's next statement would count."""
    found: list[BundleId] = []

    def looks(look: Look) -> Sequence[Bundle]:
        found[:] = [grant for grant in grants if look.silence(key, grant) is None]
        return ()

    store.append(looks)
    return found


def _grants_to(store: GraphStore, key: str) -> list[BundleId]:
    """Return the grants to this key, counting or not; reads the whole log, once, at a key's first statement."""
    told = (
        f'"grants":["{key}"'.encode()
    )  # canonical JSON has one spelling of it, and strings escape quotes
    return [one.id for one in store.raw() if told in one.header]
