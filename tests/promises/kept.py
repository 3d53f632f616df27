"""Check that a store kept what it acknowledged, each append whole or absent."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from audit.verify import verify
from graph.bundle.bundle import reread
from graph.open import open_store
from graph.proofs.proofs import checkpoint_at
from graph.store import GraphStore
from tests.promises.runs import Acknowledged


class LostError(AssertionError):
    """Something that was acknowledged is not there."""


class TornError(AssertionError):
    """Something is there in part."""


def pages_kept(path: Path, acknowledged: Sequence[Acknowledged], digests: Sequence[str]) -> int:
    """How many pages a store holds after a process ended in whatever way.

    Each log that was acknowledged is how the log of now begins. The log ends with a run that vouches
    for what came before it, and each record is vouched for by the run that it came with. The graph is
    that of the first pages, of as many as were acknowledged at least.

    Raises:
        LostError: Something acknowledged is not there.
        TornError: An append is there in part, or the graph is not that of its log.
    """
    if not path.exists():
        if acknowledged:
            raise LostError("the store is gone")
        return 0
    with closing(open_store(f"sqlite:{path}")) as store:
        refuse_lost(store, acknowledged)
        refuse_torn(store)
        digest = store.digest()
    if digest not in digests:
        raise TornError("the graph is that of no page")
    kept = digests.index(digest)
    if kept < max((one.page for one in acknowledged), default=0):
        raise LostError("a page that was acknowledged is not in the graph")
    return kept


def refuse_lost(store: GraphStore, acknowledged: Sequence[Acknowledged]) -> None:
    """Each log that was told is how the log of now begins.

    Raises:
        LostError: One is not.
    """
    size = store.checkpoint().size
    for one in acknowledged:
        if one.size > size or checkpoint_at(store, one.size).root != one.root:
            raise LostError(f"the log that was acknowledged at {one.size} is not there")


def refuse_torn(store: GraphStore) -> None:
    """Each append of the log is whole.

    Raises:
        TornError: One is not.
    """
    came: set[str] = set()
    for raw in store.raw_bundles():
        header = reread(raw.header, None, raw.signature).header
        assert header is not None
        if header.source is not None:
            came.add(raw.id)
        elif came <= set(header.vouches):
            came.clear()
        else:
            break
    if came:
        raise TornError("records came without the run that vouches for them")


def verified(path: Path) -> str:
    """The digest of a store that holds in every way `colineage verify` knows."""
    with closing(open_store(f"sqlite:{path}")) as store:
        verdict = verify(store, fresh=lambda: open_store("sqlite::memory:"))
    assert verdict.ok, verdict.faults
    assert verdict.digest is not None
    return verdict.digest
