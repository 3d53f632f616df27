"""What an ingest did, told: its summary, and why records were refused."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING

from colineage.exit_status import Status
from colineage.output import answer, talk
from graph.model.vocabulary import Kind

if TYPE_CHECKING:  # reading them costs a tenth of a second, and --help needs none of it
    from graph.store import GraphStore
    from ingest.pipeline.commit_page import Report


def refusals_since(store: "GraphStore", size: int) -> Iterator[str]:
    """Why records were refused, as the runs after a size of the log say."""
    for stored in store.bundles(size):
        for node in stored.bundle.said().nodes:
            note = node.attributes.get("note")
            if node.kind is Kind.INGEST and isinstance(note, str):
                yield from note.splitlines()


def told_as(
    report: "Report",
    reasons: Iterable[str],
    more: Mapping[str, object] = MappingProxyType({}),
    *,
    as_json: bool,
) -> int:
    """Prints the summary, and on stderr why records were refused; the exit status that tells of these."""
    from colineage.views.verify import report_view

    for reason in reasons:
        talk(f"refused: {reason}")
    answer({**asdict(report), **more}, report_view, as_json=as_json)
    return Status.SOME_REFUSED if report.refused else Status.DONE
