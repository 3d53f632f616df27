"""Harvest arXiv metadata: each page of listings is one append, and a stopped harvest resumes by itself."""

import contextlib
from datetime import timedelta

from graph.clock import system_clock
from graph.errors import GraphError, SourceError
from ingest.arxiv.context import IngestContext
from ingest.arxiv.oai.list_records import addresses_of, harvest_lists
from ingest.arxiv.options import API, HarvestOptions
from ingest.arxiv.paper.to_bundle import API as API_MAPPING
from ingest.arxiv.paper.to_bundle import RAW
from ingest.arxiv.service import open_transport
from ingest.arxiv.session.session import HarvestSession
from ingest.http.client import Transport
from ingest.pipeline.commit_page import Report


def harvest(context: IngestContext, options: HarvestOptions) -> Report:
    """Harvest all records that the options select into the store.

    Args:
        context: The store, the speaker and what else all routes take.
        options: The records to harvest, and how to fetch them.

    Returns:
        The counts; `complete` unless it stopped at `max_records`.

    Raises:
        InputError: The options are wrong.
        SourceError: arXiv gave no usable answer; what was stored stays, and the same call resumes there.
        RefusedError: arXiv refuses the request.
    """
    options.check()
    transport = open_transport(
        options.address,
        agent=options.agent,
        delay_s=options.delay_s,
        deadline=system_clock() + timedelta(seconds=options.deadline_s)
        if options.deadline_s
        else None,
    )
    try:
        return harvest_through(transport, context, options)
    finally:
        transport.close()


def harvest_through(
    transport: Transport, context: IngestContext, options: HarvestOptions
) -> Report:
    """Harvest as `harvest` does, through the given transport."""
    options.check(context.speaker.clock())
    session = HarvestSession(
        context,
        tool=API_MAPPING if options.via == API else RAW,
        report=context.empty_report(),
        records_left=options.max_records,
    )
    try:
        if options.via == API:
            # Imported here, as the `arxiv` package takes a fifth of a second to load.
            from ingest.arxiv.api.windows import harvest_windows

            harvest_windows(transport, session, options)
        else:
            harvest_lists(transport, session, options)
    except SourceError:
        with contextlib.suppress(GraphError):
            session.save_resume_point()
        raise
    session.save_resume_point()
    return session.report


def queries_of(options: HarvestOptions) -> list[str]:
    """Return the query addresses that identify the runs of a harvest, in the order of their requests."""
    if options.via == API:
        from ingest.arxiv.api.windows import query_of

        return [query_of(options)]
    return addresses_of(options)
