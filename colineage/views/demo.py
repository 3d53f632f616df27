"""View of the demo's summary."""

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.output import Json
from colineage.safe_text import shorten
from colineage.views.layout import TITLE_LENGTH, heading, log_rows, pairs, table
from colineage.views.query import who_view
from colineage.views.recommend import directions_view, related_view
from colineage.views.verify import audit_view


def summary_view(answer: Json) -> RenderableType:
    """Lay out the demo's summary."""
    related = answer["related"]
    query_title = related["titles"].get(related["query"], related["query"])
    parts: list[RenderableType] = [
        *_part("What was imported, and from where", _import_counts(answer)),
        *_part(
            f"Work related to the idea “{shorten(query_title, TITLE_LENGTH)}”",
            related_view(related),
        ),
        *_part("Directions that nobody here has taken", directions_view(answer["directions"])),
        *_part("Who contributed what", _who(answer["who"])),
        *_part("Could this experiment be made again?", audit_view(answer["audit"])),
        *_part("The record", _log_summary(answer)),
    ]
    return Group(*parts)


def _part(title: str, content: RenderableType) -> list[RenderableType]:
    return [Text(), Text(f"== {title} ==", style="bold cyan"), Text(), content]


def _who(answers: list[Json]) -> RenderableType:
    parts: list[RenderableType] = []
    for answer in answers:
        parts += [who_view(answer), Text()]
    return Group(*parts[:-1])


def _import_counts(answer: Json) -> RenderableType:
    numbers = ("seen", "new", "changed", "unchanged", "refused")
    counts = table("source", "file", *numbers, numbers=numbers)
    for report in answer["ingested"]:
        cells = [f"{report[name]:,}" for name in numbers]
        counts.add_row(Text(report["source"]), Text(report["file"]), *cells)
    return Group(counts, Text(), Text(f"{answer['embedded']:,} texts were embedded now."))


def _log_summary(answer: Json) -> RenderableType:
    nodes = ", ".join(f"{count:,} {kind}" for kind, count in answer["nodes"].items())
    edges = ", ".join(f"{count:,} {relation}" for relation, count in answer["edges"].items())
    rows = [("things", nodes), ("relations", edges), *log_rows(answer["log"])]
    return Group(
        pairs([*rows, ("digest", answer["digest"])]),
        Text(),
        heading("Nothing above is invented: what nobody recorded is said to be not recorded."),
    )
