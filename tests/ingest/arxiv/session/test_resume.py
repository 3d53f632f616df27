"""Where a harvest goes on, read from a run: whatever stands in it."""

import pytest

from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.session.resume import ResumePoint, newest_resume_point
from ingest.pipeline.run_log import append_run

QUERY = "https://oaipmh.arxiv.org/oai?verb=ListRecords"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"next": "t", "received": "20"}, ResumePoint("t", received=20)),
        (
            {"next": "t", "expires": "2999-01-01T00:00:00Z"},
            ResumePoint("t", "2999-01-01T00:00:00Z"),
        ),
        ({"next": "t", "expires": "2000-01-01T00:00:00Z"}, None),
        ({"next": "t", "expires": "soon"}, ResumePoint("t", "soon")),
        ({"next": "t", "expires": "0001-01-01T00:00:00+23:59"}, None),
        pytest.param(
            {"next": "t", "received": "9" * 5000}, ResumePoint("t"), id="beyond all counts"
        ),
        ({"next": "t", "received": "-1"}, ResumePoint("t")),
        ({"then": "cs:cs:AI"}, ResumePoint(remaining_sets="cs:cs:AI")),
        ({}, ResumePoint()),
    ],
)
def test_any_run_is_a_place(
    store: GraphStore, speaker: Speaker, said: dict[str, str], place: ResumePoint | None
) -> None:
    params = [{"name": name, "value": value} for name, value in sorted(said.items())]
    attributes = {"query": QUERY} | ({"params": params} if params else {})
    append_run(store, speaker, attributes)
    found = newest_resume_point(store, [QUERY], speaker.clock())
    assert found == ((QUERY, place) if place is not None else (None, ResumePoint()))
