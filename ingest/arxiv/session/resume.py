"""Resume point of a harvest: read from the runs in the store, so that a stopped harvest resumes by itself.

Every page that brought something is a run with the query it answered (without token) and the resume point after
it. The newest run of a harvest's queries therefore states where to resume; one without a resume point states that the
query was answered to its end. Pages that brought nothing leave no run; a harvest that stops after such pages saves
its resume point in a run of its own, unless it is killed: then they are fetched again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from graph.clock import stamp
from graph.model.canonical import Json
from graph.store import AuthoredDescription, GraphStore, Log
from ingest.pipeline.run_log import runs_of

_COUNT: Final = re.compile(r"\d{1,15}", re.ASCII)
_LIFETIME: Final = timedelta(days=1)
"""Lifetime of a resume point: arXiv's tokens expire daily, and what was read before it grows old as well."""


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """Position of a harvest after a page.

    `token` continues the query, `None` before its first page and after its last; `expires` is when the token
    expires, where the source states it; `received` counts the records of all pages before it. `remaining_sets` are the
    lists to be read after this query, by the names of their sets, separated by commas.
    """

    token: str | None = None
    expires: str | None = None
    received: int = 0
    remaining_sets: str = ""

    @property
    def is_open(self) -> bool:
        """True when there is more to be read."""
        return self.token is not None or bool(self.remaining_sets)

    def to_json(self) -> list[Json]:
        """Return the value for attribute `params` of a run."""
        params = {
            "next": self.token,
            "expires": self.expires,
            "received": str(self.received),
            "then": self.remaining_sets or None,
        }
        return [{"name": k, "value": v} for k, v in sorted(params.items()) if v is not None]


def newest_resume_point(
    store: GraphStore, queries: Sequence[str], now: datetime
) -> tuple[str | None, ResumePoint]:
    """Return the last query and its resume point; no query and an empty resume point where there is none to use.

    There is none where no query was run, the newest was answered to its end, or its run is too old, or in the future.

    Args:
        store: The store that the pages went to.
        queries: The addresses of the queries without their tokens.
        now: Tokens that expired by then are not used.
    """
    runs = list(runs_of(store, *queries))
    latest = max((run.at or "" for run in runs), default="")
    # A run after the present means that the clock was set back: then times no longer order the runs.
    if not stamp(now - _LIFETIME) <= latest <= stamp(now):
        return None, ResumePoint()
    # Only among equals: to find the position of a run takes reading all that it vouches for.
    equals = [run for run in runs if run.at == latest]
    newest = max(equals, key=lambda run: _position(store, run)) if equals[1:] else equals[0]
    params = _params(newest)
    expires = params.get("expires")
    if expires is not None and _is_past(expires, now):
        return None, ResumePoint()
    received = params.get("received", "")
    count = int(received) if _COUNT.fullmatch(received) else 0
    query = newest.description.attributes.get("query")
    return str(query), ResumePoint(params.get("next"), expires, count, params.get("then", ""))


def _position(store: Log, run: AuthoredDescription) -> int:
    stored_bundle = store.bundles_by_id([run.bundle]).get(run.bundle)
    return stored_bundle.position if stored_bundle else -1


def _params(run: AuthoredDescription) -> Mapping[str, str]:
    params = run.description.attributes.get("params")
    pairs = params if isinstance(params, list) else []
    return {
        str(param["name"]): str(param["value"])
        for param in pairs
        if isinstance(param, dict) and "value" in param
    }


def _is_past(text: str, now: datetime) -> bool:
    """Return whether a time has passed; one that can't be read has not, as the source then decides."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment <= now
