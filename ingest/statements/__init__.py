"""Ingest of statements written by hand, as YAML or JSON (docs/statements.md)."""

from ingest.statements.ingest import Added, add_file

__all__ = ["Added", "add_file"]
