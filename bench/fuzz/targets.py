"""Table of fuzz targets: every parser of ours that reads what somebody else wrote, by name.

A parser that isn't here isn't fuzzed. What reads PDFs itself (pypdf, pdfium) runs in a child process under limits
and has its own bombs (`tests/ingest/pdf`); here is what reads the child's answer and the text in it.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Final

from bench.fuzz.judge import Target

# The web comes last: it takes a second to load, for which other parsers need not wait.
_TABLES: Final = {
    "bench.fuzz.graph_targets": "GRAPH",
    "bench.fuzz.pdf_targets": "PDFS",
    "bench.fuzz.statement_targets": "STATEMENTS",
    "bench.fuzz.source_targets": "SOURCES",
    "bench.fuzz.example_targets": "EXAMPLES",
    "bench.fuzz.query_targets": "QUESTIONS",
}


def targets() -> Iterator[Target]:
    """Yield all targets; what a table needs is loaded when its turn comes."""
    for module, name in _TABLES.items():
        table: tuple[Target, ...] = getattr(import_module(module), name)
        yield from table


def target_named(name: str) -> Target | None:
    """Return the target of this name."""
    return next((target for target in targets() if target.name == name), None)
