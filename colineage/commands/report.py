"""Report of an import: its summary, and the reasons of refused records."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING

from colineage.exit_status import ExitStatus
from colineage.output import print_answer, print_message
from graph.model.vocabulary import Kind

if TYPE_CHECKING:  # importing them costs 0.1 s, and --help needs none of it
    from graph.store import Log
    from ingest.pipeline.commit_page import Report


def refusals_since(store: "Log", size: int) -> Iterator[str]:
    """Yield the reasons of refused records, from the notes of the ingest runs at log positions from `size` on."""
    for stored_bundle in store.bundles(size):
        for node in stored_bundle.bundle.resolved_body().nodes:
            note = node.attributes.get("note")
            if node.kind is Kind.INGEST and isinstance(note, str):
                yield from note.splitlines()


def print_report(
    report: "Report",
    reasons: Iterable[str],
    extra: Mapping[str, object] = MappingProxyType({}),
    *,
    as_json: bool,
) -> int:
    """Print the summary, and on stderr why records were refused; return the exit status."""
    from colineage.views.ingest import report_view

    for reason in reasons:
        print_message(f"refused: {reason}")
    print_answer({**asdict(report), **extra}, report_view, as_json=as_json)
    return ExitStatus.SOME_REFUSED if report.refused else ExitStatus.DONE
