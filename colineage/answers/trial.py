"""Trial store: the headers of a store's log in memory, to see what would count before anything is signed for good."""

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from itertools import islice

from graph.bundle.bundle import Bundle, reread
from graph.model.model import BundleId
from graph.open import open_store
from graph.store import GraphStore, Log

_AT_ONCE = 2000


@contextmanager
def trial_of_statements(store: Log) -> Iterator[GraphStore]:
    """Open a trial store with all statements: which of them count depends on no record."""
    with _trial(
        bundle for bundle in _headers(store) if bundle.header is None or bundle.header.key
    ) as trial:
        yield trial


@contextmanager
def trial_without(store: GraphStore, without: Collection[BundleId]) -> Iterator[GraphStore]:
    """Open a trial store with all bundles but these, and with the same trust list."""
    with _trial(bundle for bundle in _headers(store) if bundle.id not in without) as trial:
        trial.trust(store.trust_list())
        yield trial


@contextmanager
def _trial(bundles: Iterator[Bundle]) -> Iterator[GraphStore]:
    with closing(open_store("sqlite::memory:")) as trial:
        while batch := list(islice(bundles, _AT_ONCE)):
            trial.append(lambda _view, batch=batch: batch)  # type: ignore[misc]  # bound now
        yield trial


def _headers(store: Log) -> Iterator[Bundle]:
    """Yield the bundles of a log without their bodies, which decide nothing here."""
    for raw in store.raw_bundles():
        yield reread(raw.header, None, raw.signature)
