"""Opening the store that the settings name, to read or to write."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from colineage.settings import Settings
from graph.clock import system_clock
from graph.keys import installation_key
from graph.open import open_store
from graph.store import GraphStore
from graph.voice import Voice


@dataclass(frozen=True, slots=True)
class Writing:
    """A store that may be written, and the installation's voice."""

    store: GraphStore
    voice: Voice


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
def writing(settings: Settings) -> Iterator[Writing]:
    """The store, made where there is none, and a voice whose key it trusts.

    Raises:
        KeyFileError: The installation's key can't be read or made.
        StoreError: The store can't be used.
    """
    signer = installation_key(settings.key)
    with closing(_opened(settings, must_exist=False)) as store:
        trusted = store.trusted()
        if signer.key not in trusted:
            store.trust(trusted | {signer.key})
        yield Writing(store, Voice(signer, f"software:{signer.key}", system_clock))


def _opened(settings: Settings, *, must_exist: bool) -> GraphStore:
    return open_store(settings.store, patience_s=settings.patience_s, must_exist=must_exist)
