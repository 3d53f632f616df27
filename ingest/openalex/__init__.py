"""OpenAlex as a source: works with authors, concepts and citations (https://openalex.org, CC0)."""

from ingest.openalex.ingest import ingest_openalex

__all__ = ["ingest_openalex"]
