"""Erasure in Neo4j: drop bodies with what was computed from them; tell what the server's own files may still hold."""

from collections.abc import Iterable

from graph.bundle.bundle import Bundle
from graph.neo4j.connection import Tx


def drop_bodies(tx: Tx, bundles: Iterable[Bundle]) -> None:
    """Drop the bodies of these bundles, and the vectors of the things that they describe.

    A vector, and the hash of the text that it was made of, would tell something of that text.
    """
    nodes: dict[str, None] = {}
    names = []
    for bundle in bundles:
        names.append(bundle.id)
        nodes |= dict.fromkeys(node.id for node in bundle.resolved_body().nodes)
    tx.write_many("drop_body", names)
    if nodes:
        tx.run("drop_vectors", nodes=list(nodes))


def advice(address: str) -> str:
    """Return what a server at an address may still hold of what was erased, and what to do.

    No client can tell, and a Community server has no procedure that a client could ask to forget: its transaction logs keep all
    that was written until it prunes them (`db.tx_log.rotation.retention_policy`), pages of its store and segments of its
    full-text index until they are written over.
    """
    return (
        f"no query to {address} finds what was erased, but the server's transaction logs, and files that it hasn't "
        "written over yet, may still hold it: copy the store into an empty one (colineage copy), then remove the data folder and "
        "the backups of this one"
    )
