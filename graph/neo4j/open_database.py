"""Opening the store in a Neo4j database, made where there is none."""

import logging
import secrets
from typing import Final

import neo4j
import neo4j.exceptions

from graph.clock import Clock
from graph.errors import ForeignStoreError, StoreError
from graph.neo4j.connection import Address, Asker, migrations, query, translated
from graph.neo4j.store import Neo4jStore

_CONNECT_S: Final = 5.0
_ACQUIRE_S: Final = 10.0
_IDLE_S: Final = 30.0
# What `IF NOT EXISTS` lets through where somebody else gave the same command in the same moment.
_THERE: Final = frozenset(
    {
        "EquivalentSchemaRuleAlreadyExists",
        "IndexAlreadyExists",
        "IndexWithNameAlreadyExists",
        "ConstraintAlreadyExists",
        "ConstraintWithNameAlreadyExists",
    }
)
# Where nobody configured logging, Python prints warnings; what went wrong is told once, by our error.
_UNHEARD: Final = logging.NullHandler()


def open_neo4j(
    address: Address, clock: Clock, *, patience_s: float, must_exist: bool
) -> Neo4jStore:
    """The store in a database, made where there is none.

    A connection is given up that isn't made in 5 seconds, or behind which no Neo4j answers in 10; and
    one on which the server is silent for longer than it said it would be, twice its
    `server.bolt.connection_keep_alive`: 2 minutes where nobody set it. What was asked is then asked
    again while patience lasts.

    Raises:
        ForeignStoreError: The database holds something else, or a newer store.
        UnreachableError: The server doesn't answer.
        StoreError: It can't be opened.
    """
    logging.getLogger("neo4j").addHandler(_UNHEARD)
    login = (address.user, address.password) if address.password is not None else None
    with translated(address.shown):
        driver = neo4j.GraphDatabase.driver(
            address.uri,
            auth=login,
            user_agent="colineage",
            telemetry_disabled=True,
            notifications_min_severity="OFF",  # a new database knows none of our names: no news
            connection_timeout=_CONNECT_S,
            connection_acquisition_timeout=_ACQUIRE_S,
            liveness_check_timeout=_IDLE_S,
            max_transaction_retry_time=max(patience_s, 1.0),
        )
        try:
            with driver.session(database=address.database) as session:
                _prepare(session, address.shown, must_exist=must_exist)
        except BaseException:
            driver.close()
            raise
    return Neo4jStore(driver, address, clock, patience_s=patience_s)


def _prepare(session: neo4j.Session, shown: str, *, must_exist: bool) -> None:
    anything = session.execute_read(
        _first, "anything"
    )  # before: somebody else may be making the store
    found = session.execute_read(_first, "schema")
    version = found["schema"] if found else 0
    known = migrations()
    if version > len(known):
        raise ForeignStoreError(
            f"{shown} was made by a newer Colineage (schema {version}, this one knows up to "
            f"{len(known)}): upgrade, or give another --store"
        )
    if found is None:
        if anything is not None:
            raise ForeignStoreError(
                f"{shown} is a database of something else (it holds {anything['labels']}): "
                "give another --store"
            )
        if must_exist:
            raise StoreError(
                f"expected a store at {shown}, and it is empty: "
                "ingest something first, or name another with --store"
            )
    # Commands on the schema can't stand beside others in a transaction; each may be said again, and is where two who
    # open an empty database at once wait for each other: one of the two is then undone.
    for command in (one for script in known[version:] for one in script):
        try:
            session.execute_write(_tell, command)
        except neo4j.exceptions.ClientError as error:
            if (error.code or "").rpartition(".")[2] not in _THERE:
                raise
    if version < len(known):
        session.run(query("await_indexes")).consume()
        origin = f"colineage/{secrets.token_hex(16)}"
        session.execute_write(
            lambda tx: Asker(tx).ask("set_schema", schema=len(known), origin=origin)
        )


def _first(transaction: neo4j.ManagedTransaction, name: str) -> neo4j.Record | None:
    return Asker(transaction).one(name)


def _tell(transaction: neo4j.ManagedTransaction, command: str) -> None:
    transaction.run(command).consume()
