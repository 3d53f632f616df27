"""Opening the store that the settings name, to read or to write."""

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
    """A store that may be written, and the voice that the settings name: a key, its grant, who speaks."""

    store: GraphStore
    voice: Voice


def is_there(settings: Settings) -> bool:
    """Whether there may be a store: a file that is missing is none, of a server it is not known."""
    scheme, _, path = settings.store.partition(":")
    return scheme != "sqlite" or Path(path).exists()


@contextmanager
def reading(settings: Settings) -> Iterator[GraphStore]:
    """The store, which must be there: asking makes no file.

    Raises:
        StoreError: There is none, or it can't be used.
    """
    with closing(_opened(settings, must_exist=True)) as store:
        yield store


@contextmanager
def serving(settings: Settings) -> Iterator[GraphStore]:
    """The store, made empty where there is none: a service comes up before the first ingest.

    Raises:
        StoreError: It can't be used.
    """
    with closing(_opened(settings, must_exist=False)) as store:
        yield store


@contextmanager
def speaking(settings: Settings) -> Iterator[Writing]:
    """The store, which must be there, and a voice whose words would count; whom it trusts stays.

    Raises:
        KeyFileError: The key can't be read.
        StoreError: There is no store, or it can't be used.
        InputError: The key resigned, the grant is none of its, or it can't speak as that agent.
    """
    signer = kept_key(settings.key)
    by = _speaker(settings, signer)
    with closing(_opened(settings, must_exist=True)) as store:
        voice, _ = _introduced(store, settings, signer, by)
        yield Writing(store, voice)


@contextmanager
def writing(settings: Settings) -> Iterator[Writing]:
    """The store, made where there is none, and a voice; a key that speaks here first is trusted.

    Nothing is trusted that speaks under a grant, or for itself though it was granted here: whose runs
    count beyond the installation's own is for the store's owner to say (`colineage key trust`).

    Raises:
        KeyFileError: The installation's key can't be read or made.
        StoreError: The store can't be used.
        InputError: As for `speaking`.
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
    """As `writing`, for runs: their author must be trusted, else nothing they vouch for would be seen.

    Raises:
        KeyFileError: As for `writing`.
        StoreError: As for `writing`.
        InputError: As for `writing`; or this store doesn't trust the author.
    """
    with writing(settings) as opened:
        author = opened.voice.author
        if author not in opened.store.trusted():
            wanted = "an author whose runs this store trusts"
            came = f"{author}; if it is to be trusted: `colineage key trust {author}`"
            fault = Fault("the author of the runs", wanted, came)
            raise InputError("what is taken in would not be seen", [fault])
        yield opened


def _opened(settings: Settings, *, must_exist: bool) -> GraphStore:
    return open_store(settings.store, patience_s=settings.patience_s, must_exist=must_exist)


def _speaker(settings: Settings, signer: Signer) -> str:
    """Who is named as speaking; a key under no grant names itself."""
    wanted = settings.speaker or "software"
    by = f"{wanted}:{signer.key}" if wanted in OWN_NAMES else wanted
    if settings.under is None and by not in {f"{name}:{signer.key}" for name in OWN_NAMES}:
        expected = "person or software (this key), as no grant (--under) lets it speak as another"
        raise InputError("nobody may be spoken for unasked", [Fault("--as", expected, by)])
    return by


def _introduced(
    store: GraphStore, settings: Settings, signer: Signer, by: str
) -> tuple[Voice, bool]:
    """The voice, and whether it said something here before.

    Raises:
        InputError: What it says would not count.
    """
    voice = Voice(signer, by, system_clock, settings.under)
    has_spoken = _has_spoken(store, voice)
    if settings.under is None:
        return voice, has_spoken
    # Asked for last: who isn't refused speaks under a grant whose author is known here.
    author = attributions(store, [settings.under])[settings.under].author
    return replace(voice, root=author), has_spoken


def _has_spoken(store: GraphStore, voice: Voice) -> bool:
    """Whether this voice said something here before.

    Raises:
        InputError: What it says would not count.
    """
    found: list[BundleId] = []

    def looks(look: Look) -> Sequence[Bundle]:
        voice.refuse_silenced(look)
        found[:] = look.heads(voice.actor).heads
        return ()

    store.append(looks)
    return bool(found)


def _trust_first(store: GraphStore, key: str) -> None:
    """Trusts the installation's key at its first words here, unless it is somebody else's to use."""
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
    """The grants under which what this key says next would count."""
    found: list[BundleId] = []

    def looks(look: Look) -> Sequence[Bundle]:
        found[:] = [grant for grant in grants if look.silence(key, grant) is None]
        return ()

    store.append(looks)
    return found


def _grants_to(store: GraphStore, key: str) -> list[BundleId]:
    """The grants to this key, counting or not: the log is read once, at a key's first words."""
    told = (
        f'"grants":["{key}"'.encode()
    )  # canonical JSON has one form of it, and texts escape quotes
    return [one.id for one in store.raw() if told in one.header]
