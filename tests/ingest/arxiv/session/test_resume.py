"""Where a harvest goes on, read from a run: whatever stands in it."""

import pytest

from graph.speaker import Voice
from graph.store import GraphStore
from ingest.arxiv.session.resume import Place, newest_place
from ingest.pipeline.run_log import say_run

QUERY = "https://oaipmh.arxiv.org/oai?verb=ListRecords"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"next": "t", "received": "20"}, Place("t", received=20)),
        ({"next": "t", "expires": "2999-01-01T00:00:00Z"}, Place("t", "2999-01-01T00:00:00Z")),
        ({"next": "t", "expires": "2000-01-01T00:00:00Z"}, None),
        ({"next": "t", "expires": "soon"}, Place("t", "soon")),
        ({"next": "t", "expires": "0001-01-01T00:00:00+23:59"}, None),
        pytest.param({"next": "t", "received": "9" * 5000}, Place("t"), id="beyond all counts"),
        ({"next": "t", "received": "-1"}, Place("t")),
        ({"then": "cs:cs:AI"}, Place(then="cs:cs:AI")),
        ({}, Place()),
    ],
)
def test_any_run_is_a_place(
    store: GraphStore, voice: Voice, said: dict[str, str], place: Place | None
) -> None:
    params = [{"name": name, "value": value} for name, value in sorted(said.items())]
    say_run(store, voice, {"query": QUERY, "params": params})
    found = newest_place(store, [QUERY], voice.clock())
    assert found == ((QUERY, place) if place is not None else (None, Place()))
