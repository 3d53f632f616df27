"""Connection to a Neo4j server: its address, queries by name, and its errors translated into ours."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from pathlib import Path
from ssl import SSLCertVerificationError
from typing import Any, Final, TypeVar
from urllib.parse import unquote, urlsplit

import neo4j
from neo4j.exceptions import (
    AuthError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from graph.errors import BusyError, Fault, InputError, StoreError, UnreachableError
from graph.named_queries import NamedQueries, read_queries

_T = TypeVar("_T")
ROWS: Final = 5000
_LOCK_CODES: Final = (
    "TransactionTimedOut",
    "LockClientStopped",
    "LockAcquisitionTimeout",
    "Terminated",
)
_MEMORY_CODES: Final = ("MemoryPoolOutOfMemory", "TransactionOutOfMemory", "OutOfMemoryError")


@cache
def queries() -> NamedQueries:
    """Return all queries of this store."""
    return read_queries("graph.neo4j", suffix=".cypher", comment="//")


@cache
def query(name: str) -> str:
    """Return the text of a query, by its name.

    Each lookup in the queries names its index: Neo4j caches query plans, and one planned while the database
    was still empty scans whole labels later (measured: 20 times slower at 9,000 nodes).
    """
    return queries().text(name)


@cache
def migrations() -> dict[int, tuple[str, ...]]:
    """Return by its number the commands that make each version of the schema from the one before, or the first."""
    folder = files("graph.neo4j") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".cypher"))
    return {
        int(name.removesuffix(".cypher")): _commands((folder / name).read_text("utf-8"))
        for name in names
    }


def _commands(script: str) -> tuple[str, ...]:
    """Split a script into its commands, without its comments (which may hold a semicolon)."""
    code = "\n".join(line for line in script.splitlines() if not line.startswith("//"))
    return tuple(command.strip() for command in code.split(";") if command.strip())


@dataclass(frozen=True, slots=True)
class Address:
    """Address of a Neo4j database and the login; `label` is the address without the password, for messages."""

    uri: str
    database: str | None
    user: str
    password: str | None

    @property
    def label(self) -> str:
        """Address without the password, for messages."""
        return self.uri + (f"/{self.database}" if self.database else "")


def address_of(url: str, environment: Mapping[str, str]) -> Address:
    """Parse `neo4j://[user[:password]@]host[:port][/database]`.

    The password comes from the URL, else from `NEO4J_PASSWORD`, else from the file that
    `NEO4J_PASSWORD_FILE` names; without one there is no login. The user is `neo4j` where none is named.

    Raises:
        InputError: It names no host, or has parts that such a URL may not have.
        StoreError: The password file can't be read.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or parts.query or parts.fragment or "/" in parts.path.strip("/"):
        expected = "a URL like neo4j://host:7687, or neo4j://user@host:7687/database"
        raise InputError("no such store", [Fault("store", expected, _without_password(url))])
    host_part = f"[{host}]" if ":" in host else host
    return Address(
        uri=f"{parts.scheme}://{host_part}" + (f":{port}" if port else ""),
        database=parts.path.strip("/") or None,
        user=unquote(parts.username or "") or "neo4j",
        password=unquote(parts.password) if parts.password else _password(environment),
    )


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"[:200]


def _password(environment: Mapping[str, str]) -> str | None:
    if environment.get("NEO4J_PASSWORD"):
        return environment["NEO4J_PASSWORD"]
    path = environment.get("NEO4J_PASSWORD_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"NEO4J_PASSWORD_FILE can't be read: {error}") from error


@contextmanager
def translate_errors(address: str) -> Iterator[None]:
    """Translate the driver's errors into ours.

    Raises:
        BusyError: Another client is writing.
        UnreachableError: The server doesn't answer, or the connection broke off.
        StoreError: Anything else that the driver or the server reports: wrong login, out of memory.
    """
    try:
        yield
    except AuthError as error:
        raise StoreError(
            f"{address} lets nobody in with this user and password ({error.code}): put them right in "
            "the store's URL, or in NEO4J_PASSWORD or NEO4J_PASSWORD_FILE"
        ) from error
    except (ServiceUnavailable, SessionExpired) as error:
        message = " ".join(str(error).split())
        if any(isinstance(cause, SSLCertVerificationError) for cause in _causes(error)):
            raise StoreError(
                f"{address} shows a certificate that nobody this machine trusts vouches for ({message}): "
                "have it trusted, or take any certificate with neo4j+ssc:// or bolt+ssc://"
            ) from error
        raise UnreachableError(f"{address} can't be reached now ({message}): try again") from error
    except Neo4jError as error:
        if any(word in (error.code or "") for word in _MEMORY_CODES):
            raise StoreError(
                f"{address} has too little memory for what was asked ({error.message}): give it more "
                "(server.memory.heap.max_size, dbms.memory.transaction.total.max)"
            ) from error
        if isinstance(error, TransientError) or any(
            word in (error.code or "") for word in _LOCK_CODES
        ):
            raise BusyError(f"{address} is being written by somebody else: try again") from error
        raise StoreError(f"{address} can't be used: {error.code}: {error.message}") from error
    except DriverError as error:
        raise StoreError(f"{address} can't be used: {error}") from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes, back to the first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class Tx:
    """Transaction that runs queries by their names."""

    def __init__(self, transaction: neo4j.Transaction | neo4j.ManagedTransaction) -> None:
        self._transaction = transaction

    def run(self, name: str, **values: object) -> list[neo4j.Record]:
        """Run a query that reads or writes, and return all of its rows."""
        return list(self._transaction.run(query(name), values))

    def read_one(self, name: str, **values: object) -> neo4j.Record | None:
        """Run a query and return its first row, `None` where there is none."""
        return next(iter(self.run(name, **values)), None)

    def read_many(self, name: str, key: str, items: Iterable[object]) -> Iterator[neo4j.Record]:
        """Yield the rows for each of many items, `ROWS` items a query; no query runs where there are none."""
        for part in batches(items):
            yield from self.run(name, **{key: part})

    def write_many(self, name: str, rows: Iterable[Any], *, size: int = ROWS) -> None:
        """Write many rows, `size` a query.

        A row of many columns is a list: as a map, its keys would be sent with each row, which
        took longer than the writing (an edge 55 µs as a map, 22 µs in a list with its source's others).
        """
        for part in batches(rows, size):
            self._transaction.run(query(name), {"rows": part}).consume()


def batches(items: Iterable[_T], size: int = ROWS) -> Iterator[list[_T]]:
    """Yield the items in batches of `size`."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part
