"""How far a harvest got: read from the runs in the store, so that a stopped one goes on by itself.

Every page that brought something is a run with the query it answered (without token) and the token of the
page after it. The newest run of a query therefore says where to go on; one without a next token says that
the query was answered to its end. Pages that brought nothing leave no run: they are fetched again at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from graph.canonical import Json
from graph.store import GraphStore, Said
from ingest.runs import runs_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where a query stands after a page: the token of the next page and what came so far.

    `token` is `None` before the first page and after the last. `received` counts records of all pages
    before it.
    """

    token: str | None = None
    expires: str | None = None
    received: int = 0

    def to_json(self) -> list[Json]:
        """As attribute `params` of a run."""
        given = {"next": self.token, "expires": self.expires, "received": str(self.received)}
        return [{"name": k, "value": v} for k, v in sorted(given.items()) if v is not None]


def place_of(store: GraphStore, query: str, now: datetime) -> Place:
    """Where to go on with a query; its start where it was never asked, was answered, or is too old.

    Args:
        store: The store that the pages went to.
        query: The address of the query without its token.
        now: Tokens that expired by then are not used.
    """
    newest = max(
        runs_of(store, query),
        key=lambda said: (said.at or "", _position(store, said)),
        default=None,
    )
    if newest is None:
        return Place()
    given = _params(newest)
    expires = given.get("expires")
    if "next" not in given or (expires is not None and _is_past(expires, now)):
        return Place()
    received = given.get("received", "")
    return Place(given["next"], expires, int(received) if received.isdecimal() else 0)


def _position(store: GraphStore, said: Said) -> int:
    stored = store.stored([said.bundle]).get(said.bundle)
    return stored.position if stored else -1


def _params(said: Said) -> Mapping[str, str]:
    params = said.description.attributes.get("params")
    pairs = params if isinstance(params, list) else []
    return {str(one["name"]): str(one["value"]) for one in pairs if isinstance(one, dict)}


def _is_past(text: str, now: datetime) -> bool:
    """Whether a time has passed; one that can't be read has not, as the source then decides."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment <= now
