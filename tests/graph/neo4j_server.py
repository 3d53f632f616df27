"""A real Neo4j for the tests: one that is named, or Neo4j's own Community artifacts on a JVM.

In this order: `NEO4J_TEST_URI` (addresses separated by spaces; whatever is in their databases is
deleted), else Maven and Java 17. `Unavailable` says in one line why there is none, and the way out.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

POM = Path(__file__).parent / "neo4j" / "pom.xml"
MAIN = "org.neo4j.server.CommunityEntryPoint"
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
START_S = 120
WAY_OUT = "name a server in NEO4J_TEST_URI, or install Maven and Java 17 (apt-get install maven)"
CONF = """\
server.directories.data={home}/data
server.directories.logs={home}/logs
server.directories.run={home}/run
server.directories.import={home}/import
server.directories.plugins={home}/plugins
server.directories.lib={home}/lib
server.directories.licenses={home}/licenses
server.directories.transaction.logs.root={home}/data/transactions
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size=64m
dbms.security.auth_enabled=false
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
db.transaction.monitor.check.interval=100ms
"""


class Unavailable(Exception):  # noqa: N818 - no error: the tests that need it are skipped
    """There is no Neo4j to be had here; the message is one line."""


class Servers:
    """Neo4j servers, started when they are asked for: Community holds one database, so one store."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self._folder = folder
        self._cache = cache
        self._stack = ExitStack()
        self._uris = os.environ.get("NEO4J_TEST_URI", "").split()
        self._drivers: dict[str, Driver] = {}
        self._why_not: str | None = None

    def uri(self, number: int) -> str:
        """The address of a server.

        Raises:
            Unavailable: There is none.
        """
        if self._why_not is not None:
            raise Unavailable(self._why_not)
        while len(self._uris) <= number:
            home = self._folder / str(len(self._uris))
            try:
                started = _started(home, _classpath(self._cache))
                self._uris.append(self._stack.enter_context(started))
            except Unavailable as why:
                self._why_not = str(why)
                raise
        return self._uris[number]

    def emptied(self, number: int) -> str:
        """The address of a server whose database holds nothing."""
        uri = self.uri(number)
        if uri not in self._drivers:
            self._drivers[uri] = self._stack.enter_context(GraphDatabase.driver(uri))
        with self._drivers[uri].session() as session:
            session.run(
                "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS"
            ).consume()
        return uri

    def stop(self) -> None:
        """Stops those that were started here."""
        self._stack.close()


def _classpath(cache: Path) -> str:
    """The jars of Neo4j Community, fetched by Maven where they are not here yet."""
    known = cache / f"classpath-{hash_of(POM)}.txt"
    if known.is_file():
        found = known.read_text(encoding="utf-8")
        if all(Path(jar).is_file() for jar in found.split(os.pathsep)):
            return found
    if shutil.which("mvn") is None or shutil.which("java") is None:
        raise Unavailable(f"no Neo4j to test with: {WAY_OUT}")
    command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:build-classpath"]
    done = subprocess.run(
        [*command, f"-Dmdep.outputFile={known}"], capture_output=True, text=True, check=False
    )
    if done.returncode or not known.is_file():
        reason = (done.stdout.strip().splitlines() or ["no reason told"])[0]
        raise Unavailable(f"no Neo4j to test with, as Maven failed ({reason}): {WAY_OUT}")
    return known.read_text(encoding="utf-8")


def hash_of(path: Path) -> str:
    """A name for what a file says."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


@contextmanager
def _started(home: Path, classpath: str) -> Iterator[str]:
    """A server of our own on a free port of this machine, stopped in the end."""
    port = _free_port()
    for name in ("conf", "data", "logs", "run", "import", "plugins", "lib", "licenses"):
        (home / name).mkdir(parents=True)
    (home / "conf" / "neo4j.conf").write_text(CONF.format(home=home, port=port), encoding="utf-8")
    opens = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED]
    command = ["java", "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", *opens, "-cp", classpath, MAIN]
    with (home / "console.log").open("wb") as console:
        process = subprocess.Popen(
            [*command, f"--home-dir={home}", f"--config-dir={home / 'conf'}", "--console-mode"],
            stdout=console,
            stderr=subprocess.STDOUT,
        )
    try:
        uri = f"bolt://127.0.0.1:{port}"
        _wait_for(uri, process, home / "console.log")
        yield uri
    finally:
        process.kill()  # nothing it holds is wanted again
        process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(uri: str, process: subprocess.Popen[bytes], console: Path) -> None:
    until = time.monotonic() + START_S
    with GraphDatabase.driver(uri) as driver:
        while not _answers(driver):
            if process.poll() is not None or time.monotonic() > until:
                last = (console.read_text(encoding="utf-8").splitlines() or ["nothing said"])[-1]
                raise Unavailable(f"no Neo4j to test with, as it did not start ({last}): {WAY_OUT}")
            time.sleep(0.2)


def _answers(driver: Driver) -> bool:
    try:
        driver.verify_connectivity()
    except (DriverError, Neo4jError):
        return False
    return True
