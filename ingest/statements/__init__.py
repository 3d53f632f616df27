"""Statements written by hand, as YAML or JSON (docs/statements.md)."""

from ingest.statements.file import Added, add_file

__all__ = ["Added", "add_file"]
