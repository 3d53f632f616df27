"""Git source: ingest commits with the people and the AIs that they name."""

from ingest.git.ingest import GIT, ingest_git

__all__ = ["GIT", "ingest_git"]
