"""Ingest of statements written by hand, as YAML or JSON (docs/statements.md)."""

from ingest.statements.ingest import AddResult, add_file

__all__ = ["AddResult", "add_file"]
