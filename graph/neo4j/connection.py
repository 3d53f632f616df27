"""Speaking to one Neo4j: its address, questions by name, and its errors turned into ours."""

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

_T = TypeVar("_T")
SCHEMES: Final = frozenset(
    {"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"},
)
ROWS: Final = 5000
_WAITED: Final = (
    "TransactionTimedOut",
    "LockClientStopped",
    "LockAcquisitionTimeout",
    "Terminated",
)
_TOO_MUCH: Final = ("MemoryPoolOutOfMemory", "TransactionOutOfMemory", "OutOfMemoryError")


@cache
def query(name: str) -> str:
    """The text of a query, by its name.

    Each lookup names its index: a plan is made once and kept, and one made while the database was
    still empty scans whole labels later (measured: 20 times slower at 9,000 nodes).
    """
    return (files("graph.neo4j") / "queries" / f"{name}.cypher").read_text("utf-8")


@cache
def migrations() -> tuple[tuple[str, ...], ...]:
    """The commands of each migration, in order."""
    folder = files("graph.neo4j") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".cypher"))
    scripts = [(folder / name).read_text("utf-8") for name in names]
    return tuple(map(_commands, scripts))


def _commands(script: str) -> tuple[str, ...]:
    """The commands of a script, without its comments (which may hold a semicolon)."""
    code = "\n".join(line for line in script.splitlines() if not line.startswith("//"))
    return tuple(one.strip() for one in code.split(";") if one.strip())


@dataclass(frozen=True, slots=True)
class Address:
    """Where a Neo4j is; `shown` is its address without the password, for messages."""

    uri: str
    database: str | None
    user: str
    password: str | None

    @property
    def shown(self) -> str:
        """What a message may say."""
        return self.uri + (f"/{self.database}" if self.database else "")


def address_of(url: str, environment: Mapping[str, str]) -> Address:
    """The address behind `neo4j://[user[:password]@]host[:port][/database]`.

    The password comes from the URL, else from `NEO4J_PASSWORD`, else from the file that
    `NEO4J_PASSWORD_FILE` names; without one nobody logs in. The user is `neo4j` where none is named.

    Raises:
        InputError: It names no host, or has what an address doesn't have.
        StoreError: The file of the password can't be read.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or parts.query or parts.fragment or "/" in parts.path.strip("/"):
        wanted = "a URL like neo4j://host:7687, or neo4j://user@host:7687/database"
        raise InputError("no such store", [Fault("store", wanted, _without_password(url))])
    place = f"[{host}]" if ":" in host else host
    return Address(
        uri=f"{parts.scheme}://{place}" + (f":{port}" if port else ""),
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
def translated(shown: str) -> Iterator[None]:
    """Turns the driver's errors into ours.

    Raises:
        BusyError: Somebody else writes.
        UnreachableError: The server doesn't answer, or the connection broke off.
        StoreError: Anything else that the driver or the server says: no password, no memory.
    """
    try:
        yield
    except AuthError as error:
        raise StoreError(
            f"{shown} lets nobody in with this user and password ({error.code}): put them right in "
            "the store's URL, or in NEO4J_PASSWORD or NEO4J_PASSWORD_FILE"
        ) from error
    except (ServiceUnavailable, SessionExpired) as error:
        told = " ".join(str(error).split())
        if any(isinstance(one, SSLCertVerificationError) for one in _behind(error)):
            raise StoreError(
                f"{shown} shows a certificate that nobody this machine trusts vouches for ({told}): "
                "have it trusted, or take any certificate with neo4j+ssc:// or bolt+ssc://"
            ) from error
        raise UnreachableError(f"{shown} can't be reached now ({told}): try again") from error
    except Neo4jError as error:
        if any(word in (error.code or "") for word in _TOO_MUCH):
            raise StoreError(
                f"{shown} has too little memory for what was asked ({error.message}): give it more "
                "(server.memory.heap.max_size, dbms.memory.transaction.total.max)"
            ) from error
        if isinstance(error, TransientError) or any(word in (error.code or "") for word in _WAITED):
            raise BusyError(f"{shown} is being written by somebody else: try again") from error
        raise StoreError(f"{shown} can't be used: {error.code}: {error.message}") from error
    except DriverError as error:
        raise StoreError(f"{shown} can't be used: {error}") from error


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what caused it, back to the first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class Asker:
    """Asks questions by their names inside one transaction."""

    def __init__(self, transaction: neo4j.Transaction | neo4j.ManagedTransaction) -> None:
        self._transaction = transaction

    def ask(self, name: str, **values: object) -> list[neo4j.Record]:
        """All rows of an answer."""
        return list(self._transaction.run(query(name), values))

    def one(self, name: str, **values: object) -> neo4j.Record | None:
        """The first row of an answer, `None` where there is none."""
        return next(iter(self.ask(name, **values)), None)

    def of(self, name: str, key: str, asked: Iterable[object]) -> Iterator[neo4j.Record]:
        """The rows about each of many things, some thousands at a time; nothing is asked of none."""
        for part in in_parts(asked):
            yield from self.ask(name, **{key: part})

    def tell(self, name: str, rows: Iterable[Any], *, size: int = ROWS) -> None:
        """Writes many rows, `size` at a time.

        A row of many columns is a list: the names of a map's would travel with each of its rows, and
        took longer than the writing (an edge 55 µs as a map, 22 µs in a list with its source's others).
        """
        for part in in_parts(rows, size):
            self._transaction.run(query(name), {"rows": part}).consume()


def in_parts(items: Iterable[_T], size: int = ROWS) -> Iterator[list[_T]]:
    """The items, so many at a time."""
    left = iter(items)
    while part := list(islice(left, size)):
        yield part
