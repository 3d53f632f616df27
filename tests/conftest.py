"""Fixtures that all tests share: real Neo4j servers, and how much of a long test is run."""

import signal
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, settings

from tests.graph.neo4j.process import RELEASES
from tests.graph.neo4j.server import Servers, Unavailable

# A shell's job in the background ignores Ctrl-C, and so would every process that a test interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# No test asks how long something takes: a busy machine would fail it.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

Size: TypeAlias = Callable[[int, int], int]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--soak", action="store_true", help="run the promises in their full size, as `make soak`"
    )
    parser.addoption(
        "--neo4j", choices=sorted(RELEASES), default="lts", help="which Neo4j the tests start"
    )


SERVERS = pytest.StashKey[Servers]()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    servers = config.stash.get(SERVERS, None)
    for one in servers.ran if servers else ():
        terminalreporter.write_line(f"tested with {one}")


@pytest.fixture(scope="session")
def size(request: pytest.FixtureRequest) -> Size:
    """`size(reduced, full)`: the full size with `--soak`, else the reduced one."""
    soak = bool(request.config.getoption("--soak"))
    return lambda reduced, full: full if soak else reduced


@pytest.fixture(scope="session")
def neo4j_servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    """Neo4j servers that the tests may empty."""
    folder = tmp_path_factory.mktemp("neo4j")
    cache = getattr(request.config, "cache", None)  # none with `-p no:cacheprovider`
    release = str(request.config.getoption("--neo4j"))
    servers = Servers(folder, cache.mkdir("neo4j") if cache else folder, release)
    request.config.stash[SERVERS] = servers
    yield servers
    servers.stop()


def emptied(servers: Servers, number: int = 0) -> str:
    """The address of a server that holds nothing; skips the test where there is none."""
    try:
        return servers.emptied(number)
    except Unavailable as why:
        pytest.skip(str(why))


@pytest.fixture
def neo4j_url(neo4j_servers: Servers) -> str:
    """A Neo4j that holds nothing."""
    return emptied(neo4j_servers)
