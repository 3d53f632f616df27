"""Git source: ingest commits with the people and the AIs that they name."""

from ingest.git.ingest import ingest_git

__all__ = ["ingest_git"]
