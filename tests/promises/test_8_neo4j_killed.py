"""Promise 8: a Neo4j killed and started again while it writes loses nothing acknowledged and tears nothing."""

import random
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from audit.verify import verify
from colineage.settings import Settings
from graph.errors import BusyError, UnreachableError
from graph.open import open_store
from tests.conftest import Size
from tests.graph.neo4j.process import Server, Unavailable
from tests.graph.neo4j.server import Servers
from tests.promises.kept import refuse_lost, refuse_torn
from tests.promises.pages import Page, digests, harvest, pages
from tests.promises.runs import Acknowledged

RECORDS = 8
PATIENCE_S = 2.0


class Writer(threading.Thread):
    """Takes pages in, and again from the first whenever the server was gone, until all are there."""

    def __init__(self, url: str, folder: Path, given: Sequence[Page]) -> None:
        super().__init__(daemon=True)
        self._settings = Settings(
            store=url, key=folder / "key.pem", model="none", patience_s=PATIENCE_S
        )
        self._given = given
        self.acknowledged: list[Acknowledged] = []
        self.gone = 0
        self.wrong: BaseException | None = None

    @property
    def furthest(self) -> int:
        """The last page that was said to be stored."""
        return max((one.page for one in self.acknowledged), default=0)

    def run(self) -> None:
        try:
            while not self._all():
                self.gone += 1
                time.sleep(0.5)
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            self.wrong = error

    def _all(self) -> bool:
        try:
            harvest(self._settings, self._given, self.acknowledged.append)
        except (UnreachableError, BusyError):
            return False
        return True


@pytest.mark.neo4j
@pytest.mark.timeout(1800)
def test_a_server_killed_in_the_middle_loses_and_tears_nothing(
    neo4j_servers: Servers, size: Size, tmp_path: Path
) -> None:
    kills = size(4, 20)
    given = (5 * kills, RECORDS)
    chance = random.Random(kills)  # noqa: S311 - a seed
    try:
        server = Server(neo4j_servers.kit(), neo4j_servers.folder())
    except Unavailable as why:
        pytest.skip(str(why))
    with server:
        writer = Writer(server.url, tmp_path, pages(*given))
        writer.start()
        for _ in range(kills):
            wanted = writer.furthest + chance.randrange(1, 3)
            while writer.furthest < wanted and writer.is_alive():
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.1))
            assert writer.is_alive(), writer.wrong
            server.kill()
            server.start()
        writer.join()
        assert writer.wrong is None
        assert writer.gone > 0
        with closing(open_store(server.url, must_exist=True)) as store:
            refuse_lost(store, writer.acknowledged)
            refuse_torn(store)
            verdict = verify(store, fresh=lambda: open_store("sqlite::memory:"))
    assert verdict.ok, verdict.faults
    assert verdict.digest == digests(*given)[-1]
