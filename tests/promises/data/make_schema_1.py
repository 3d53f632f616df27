"""Write `schema-1.db.gz`: a store as Colineage made it before logs had a name of their own (schema 1).

    PYTHONPATH=. python make_schema_1.py FOLDER        # at commit 1f326cd

It holds the golden bundles, one of a newer version, and a vector.
"""

import gzip
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from graph.bundle.bundle import read
from graph.model.canonical import canonical_bytes, digest
from graph.open import open_store
from graph.store import Vector
from tests.golden.test_golden import BUNDLES, DIGEST, TRUSTED
from tests.graph.statements import add

folder = Path(sys.argv[1])
path = folder / "schema-1.db"
body = canonical_bytes({"nodes": [], "edges": []})
newer = read(canonical_bytes({"v": 2, "body": digest(body)}), body, None)
with closing(
    open_store(f"sqlite:{path}", clock=lambda: datetime(2026, 11, 22, tzinfo=UTC))
) as store:
    store.trust(TRUSTED)  # type: ignore[arg-type]  # as it was at that commit
    add(store, *BUNDLES.values(), newer)
    store.keep_vectors("model", [Vector("arxiv:2512.05356", "sha256:" + "0" * 64, bytes(4))])
    assert store.digest() == DIGEST
with closing(sqlite3.connect(path)) as found:
    assert found.execute("PRAGMA user_version").fetchone() == (1,)
(folder / "schema-1.db.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
