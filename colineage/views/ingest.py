"""Views of `ingest` and `add`."""

from rich.console import Group, RenderableType

from colineage.output import Json
from colineage.safe_text import sanitize
from colineage.views.attribution import Footnotes
from colineage.views.layout import heading, pairs


def report_view(answer: Json) -> RenderableType:
    """Lay out the report of any `ingest` command."""
    counts = ("seen", "new", "changed", "unchanged", "withdrawn", "deleted", "refused", "cut")
    rows = [(name, f"{answer[name]:,}") for name in counts]
    if "outcomes" in answer:  # of PDFs
        readings = (f"{n:,} {outcome}" for outcome, n in sorted(answer["outcomes"].items()))
        rows.append(("readings", ", ".join(readings) or "none"))
        rows.append(("statements", f"{answer['statements']:,}"))
        rows.append(("not stated", f"{answer['unsaid']:,}"))
    if "pdfs" in answer:
        rows += _pdf_rows(answer["pdfs"])
    rows.append(("complete", "yes" if answer["complete"] else "no: the same command goes on"))
    rows.append(("log", f"{answer['log_size']:,} bundles"))
    return Group(heading(answer["source"]), pairs(rows))


def _pdf_rows(counts: Json) -> list[tuple[str, str]]:
    """Return the rows about the PDFs of imported papers."""
    names = ("fetched", "cached", "left")
    parts = [f"{counts['wanted']:,} wanted", *(f"{counts[name]:,} {name}" for name in names)]
    parts += [f"{n:,} {why}" for why, n in sorted(counts["without"].items())]
    readings = (f"{n:,} {outcome}" for outcome, n in sorted(counts["outcomes"].items()))
    rows = [
        ("PDFs", ", ".join(parts)),
        ("readings", ", ".join(readings) or "none"),
        ("statements", f"{counts['statements']:,}"),
    ]
    why = counts["why_left"]
    return [*rows, ("some are left", sanitize(why))] if why else rows


def add_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage add`."""
    footnotes = Footnotes(answer)
    rows = [("appended", footnotes.for_bundles([name]).plain) for name in answer["appended"]]
    rows.append(("said already", f"{answer['unchanged']:,}"))
    rows.append(("log", f"{answer['log_size']:,} bundles"))
    return Group(pairs(rows), *footnotes.legend())
