"""Opening of the store in a Neo4j database: connect, check, create or migrate its schema."""

import logging
import secrets
from typing import Final

import neo4j
import neo4j.exceptions

from graph.clock import Clock
from graph.errors import ForeignStoreError, StoreError
from graph.neo4j.connection import Address, Tx, migrations, query, translate_errors
from graph.neo4j.store import Neo4jStore

_CONNECT_S: Final = 5.0
_ACQUIRE_S: Final = 10.0
_IDLE_S: Final = 30.0
# Raised despite `IF NOT EXISTS` where another client runs the same command at the same moment.
_EXISTS_CODES: Final = frozenset(
    {
        "EquivalentSchemaRuleAlreadyExists",
        "IndexAlreadyExists",
        "IndexWithNameAlreadyExists",
        "ConstraintAlreadyExists",
        "ConstraintWithNameAlreadyExists",
    }
)
# Where logging is not configured, Python prints warnings; our error reports the failure, once.
_NULL_HANDLER: Final = logging.NullHandler()


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
    logging.getLogger("neo4j").addHandler(_NULL_HANDLER)
    login = (address.user, address.password) if address.password is not None else None
    with translate_errors(address.label):
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
                _prepare(session, address.label, must_exist=must_exist)
        except BaseException:
            driver.close()
            raise
    return Neo4jStore(driver, address, clock, patience_s=patience_s)


def _prepare(session: neo4j.Session, address: str, *, must_exist: bool) -> None:
    anything = session.execute_read(
        _read_one, "anything"
    )  # read first: another client may be creating the store
    schema_row = session.execute_read(_read_one, "schema")
    version = schema_row["schema"] if schema_row else 0
    scripts = migrations()
    oldest, newest = min(scripts), max(scripts)
    if version > newest:
        raise ForeignStoreError(
            f"{address} was made by a newer Colineage (schema {version}, this one knows up to "
            f"{newest}): upgrade, or give another --store"
        )
    if 0 < version < oldest:
        raise ForeignStoreError(
            f"{address} was made before bundles had their present form (schema {version}, this one knows "
            f"{oldest} and later): give another --store, and ingest again"
        )
    if schema_row is None:
        if anything is not None:
            raise ForeignStoreError(
                f"{address} is a database of something else (it holds {anything['labels']}): "
                "give another --store"
            )
        if must_exist:
            raise StoreError(
                f"expected a store at {address}, and it is empty: "
                "ingest something first, or name another with --store"
            )
    # Schema commands need transactions of their own. Each may be repeated; two clients that open an empty database at
    # once wait for each other here, and one of the two is then rolled back.
    for command in (
        text for number, script in scripts.items() if number > version for text in script
    ):
        try:
            session.execute_write(_run, command)
        except neo4j.exceptions.ClientError as error:
            if (error.code or "").rpartition(".")[2] not in _EXISTS_CODES:
                raise
    if version < newest:
        session.run(query("await_indexes")).consume()
        origin = f"colineage/{secrets.token_hex(16)}"
        session.execute_write(lambda tx: Tx(tx).run("set_schema", schema=newest, origin=origin))


def _read_one(transaction: neo4j.ManagedTransaction, name: str) -> neo4j.Record | None:
    return Tx(transaction).read_one(name)


def _run(transaction: neo4j.ManagedTransaction, command: str) -> None:
    transaction.run(command).consume()
