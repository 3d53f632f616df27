"""Names of who speaks: who may stand as `by` so that a statement counts (docs/bundle.md, section 5, rule 5)."""

import re
from typing import Final

from graph.model.vocabulary import Kind

_HEX64: Final = re.compile(r"[0-9a-f]{64}")
# Closed for ever, whatever vocabularies come, so that old and new readers agree.
NO_AGENTS: Final = frozenset(
    {
        *("arxiv", "doi", "openalex", "git", "swh", "sha256", "mlflow", "source", "repository"),
        *("work", "version", "dataset", "benchmark", "code", "model", "file", "idea", "claim"),
        *("question", "problem", "method", "plan", "result", "environment", "concept", "venue"),
        *("collection", "research", "run", "review", "replication", "audit", "ingest"),
        *("recommendation", "training"),
    }
)


def may_speak(by: str, author: str, key: str) -> bool:
    """Return whether a statement of this author, signed by this key, may be by this agent.

    What is no agent never speaks, and whose name is a key is the author or the key that signs.
    """
    scheme, _, rest = by.partition(":")
    if scheme in NO_AGENTS:
        return False
    names_key = scheme in {Kind.PERSON, Kind.SOFTWARE} and not _HEX64.fullmatch(rest)
    return not names_key or rest in {author, key}
