"""Real Neo4j server for the tests: one that is named, or Neo4j's own Community artifacts on a JVM.

In this order: `NEO4J_TEST_URI` (addresses separated by spaces; whatever is in their databases is
deleted), else what `process.py` starts. `Unavailable` says in one line why there is none, and
the way out.
"""

import os
from contextlib import ExitStack
from pathlib import Path

from neo4j import Driver, GraphDatabase

from tests.graph.neo4j.process import RELEASES, Kit, Server, Unavailable, kit_of

__all__ = ["Servers", "Unavailable"]


class Servers:
    """Neo4j servers, started when they are asked for: Community holds one database, so one store."""

    def __init__(self, folder: Path, cache: Path, release: str = "lts") -> None:
        self._folder = folder
        self._cache = cache
        self._release = RELEASES[release]
        self._stack = ExitStack()
        self._named = os.environ.get("NEO4J_TEST_URI", "").split()
        self._uris = list(self._named)
        self._drivers: dict[str, Driver] = {}
        self._why_not: str | None = None
        self._made = 0
        self.ran: dict[str, None] = {}
        """What answered, as it names itself, and on what it ran."""

    def kit(self) -> Kit:
        """What a test starts a server of its own from.

        Raises:
            Unavailable: There is nothing.
        """
        if self._why_not is not None:
            raise Unavailable(self._why_not)
        try:
            return kit_of(self._release, self._cache)
        except Unavailable as why:
            self._why_not = str(why)
            raise

    def folder(self) -> Path:
        """Where one more server may live."""
        self._made += 1
        return self._folder / str(self._made)

    def uri(self, number: int) -> str:
        """The address of a server.

        Raises:
            Unavailable: There is none.
        """
        while len(self._uris) <= number:
            kit = self.kit()
            try:
                server = self._stack.enter_context(Server(kit, self.folder()))
            except Unavailable as why:
                self._why_not = str(why)
                raise
            self._uris.append(server.url)
        return self._uris[number]

    def emptied(self, number: int) -> str:
        """The address of a server whose database holds nothing."""
        uri = self.uri(number)
        if uri not in self._drivers:
            self._drivers[uri] = self._stack.enter_context(GraphDatabase.driver(uri))
            self._note(uri)
        with self._drivers[uri].session() as session:
            session.run(
                "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS"
            ).consume()
        return uri

    def _note(self, uri: str) -> None:
        agent = self._drivers[uri].get_server_info().agent
        where = "named by NEO4J_TEST_URI" if uri in self._named else f"on {self.kit().java}"
        self.ran[f"{agent} {where}"] = None

    def stop(self) -> None:
        """Stops those that were started here."""
        self._stack.close()
