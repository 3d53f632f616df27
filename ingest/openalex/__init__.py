"""OpenAlex as a source: works with authors, concepts and citations (https://openalex.org, CC0)."""

from ingest.openalex.ingest import OPENALEX, ingest_openalex

__all__ = ["OPENALEX", "ingest_openalex"]
