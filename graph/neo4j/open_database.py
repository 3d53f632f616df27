"""Opening of the store in a Neo4j database: connect, check, create or migrate its schema."""

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
# Raised despite `IF NOT EXISTS` where another client runs the same command at the same moment.
_THERE: Final = frozenset(
    {
        "EquivalentSchemaRuleAlreadyExists",
        "IndexAlreadyExists",
        "IndexWithNameAlreadyExists",
        "ConstraintAlreadyExists",
        "ConstraintWithNameAlreadyExists",
    }
)
# Where logging is not configured, Python prints warnings; our error reports the failure, once.
_UNHEARD: Final = logging.NullHandler()


def open_neo4j(
    address: Address, clock: Clock, *, patience_s: float, must_exist: bool
) -> Neo4jStore:
    """Open the store in a database, created where there is none.

    Timeouts: 5 seconds to connect, 10 seconds for a Neo4j to answer, and, once connected, silence for
    twice the server's `server.bolt.connection_keep_alive`, which is 2 minutes unless configured. A
    transaction that fails so is retried while patience lasts.

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
            notifications_min_severity="OFF",  # a new database has none of our labels, which is expected
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
    )  # read first: another client may be creating the store
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
    # Schema commands need transactions of their own. Each may be repeated; two clients that open an empty database at
    # once wait for each other here, and one of the two is then rolled back.
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
