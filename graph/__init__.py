"""Provenance graph: the model, signed bundles, the append-only log, and the SQLite and Neo4j stores."""
