"""Promise 4: processes that take the same pages in at once, each in its own order, make one graph."""

import random
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from graph.bundle.key_files import installation_key
from graph.open import open_store
from graph.rules.facts import authors_of
from tests.conftest import Size
from tests.promises.kept import refuse_lost, refuse_torn, verified
from tests.promises.pages import digests
from tests.promises.runs import Ended, Run, Server, Setup, served

PAGES = (12, 10)
WRITERS = 4


def at_once(server: Server, folder: Path, keys: Sequence[str], seed: int) -> list[Ended]:
    """Starts the writers together on a store that isn't there yet."""
    folder.mkdir()
    chance = random.Random(seed)  # noqa: S311 - a seed
    orders = [chance.sample(range(PAGES[0]), PAGES[0]) for _ in keys]
    return server.run(
        *(
            Run(str(folder), pages=PAGES, order=order, key=key)
            for key, order in zip(keys, orders, strict=True)
        )
    )


@pytest.mark.parametrize(
    "keys", [["key.pem"] * WRITERS, [f"key{n}.pem" for n in range(WRITERS)]], ids=["one", "four"]
)
def test_four_writers_make_one_graph(
    server: Server, size: Size, tmp_path: Path, keys: list[str]
) -> None:
    for seed in range(size(4, 40)):
        folder = tmp_path / str(seed)
        ended = at_once(server, folder, keys, seed)
        assert [(one.status, one.errors) for one in ended] == [(0, [])] * WRITERS
        assert [len(one.acknowledged) for one in ended] == [PAGES[0]] * WRITERS
        path = folder / "colineage.db"
        with closing(open_store(f"sqlite:{path}")) as store:
            for one in ended:
                refuse_lost(store, one.acknowledged)
            refuse_torn(store)
            made = {installation_key(folder / key).key for key in keys}
            assert len(made) == len(set(keys))
            assert authors_of(store.trust_list()) == made
        assert verified(path) == digests(*PAGES)[-1]


def test_control_deferred_transactions_fail(size: Size, tmp_path: Path) -> None:
    """A transaction that becomes a writer's only after it has read can't, where another wrote since."""
    with served(tmp_path, Setup(driver=True, rewritten={"BEGIN IMMEDIATE": "BEGIN"})) as server:
        ended = [
            one
            for seed in range(size(2, 10))
            for one in at_once(server, tmp_path / str(seed), ["key.pem"] * WRITERS, seed)
        ]
    errors = [told for one in ended for told in one.errors]
    assert {told.kind for told in errors} == {"BusyError"}
