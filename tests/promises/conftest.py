"""What the promises share: servers that fork the processes to be killed, cut off and starved."""

from collections.abc import Iterator

import pytest

from tests.promises.runs import Server, Setup, served


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Forks processes that are as everybody's."""
    with served(tmp_path_factory.mktemp("home"), Setup()) as found:
        yield found


@pytest.fixture(scope="session")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Forks processes whose disk is watched and can fail."""
    with served(tmp_path_factory.mktemp("home"), Setup(driver=True)) as found:
        yield found
