"""What is kept and said of records that were refused: how many in the run, why on the log."""

import logging
from collections.abc import Sequence
from typing import Final

from graph.canonical import Json
from ingest.arxiv.text import clean

_log: Final = logging.getLogger(__name__)
_MOST: Final = 50
_LONGEST: Final = 400


def refusals(refused: Sequence[object]) -> dict[str, Json]:
    """As attributes of a run: the number, and the first reasons, which are also logged as warnings.

    A reason may quote what came, so it is made fit for a bundle first.
    """
    reasons = [clean(str(one)).replace("\n", " ")[:_LONGEST] for one in refused[:_MOST]]
    for reason in reasons:
        _log.warning("refused: %s", reason)
    return {"refused": len(refused), "note": "\n".join(reasons)}
