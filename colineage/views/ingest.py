"""View of the demo's summary."""

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.safe_text import shortened
from colineage.views.layout import TITLE_LENGTH, Json, heading, log_rows, pairs, table
from colineage.views.query import who_view
from colineage.views.recommend import directions_view, related_view
from colineage.views.verify import audit_view


def summary_view(found: Json) -> RenderableType:
    """Lay out the demo's summary."""
    related = found["related"]
    asked = related["titles"].get(related["query"], related["query"])
    parts: list[RenderableType] = [
        *_part("What was imported, and from where", _ingested(found)),
        *_part(
            f"Work related to the idea “{shortened(asked, TITLE_LENGTH)}”", related_view(related)
        ),
        *_part("Directions that nobody here has taken", directions_view(found["directions"])),
        *_part("Who contributed what", _who(found["who"])),
        *_part("Could this experiment be made again?", audit_view(found["audit"])),
        *_part("The record", _record(found)),
    ]
    return Group(*parts)


def _part(title: str, what: RenderableType) -> list[RenderableType]:
    return [Text(), Text(f"== {title} ==", style="bold cyan"), Text(), what]


def _who(found: list[Json]) -> RenderableType:
    parts: list[RenderableType] = []
    for one in found:
        parts += [who_view(one), Text()]
    return Group(*parts[:-1])


def _ingested(found: Json) -> RenderableType:
    numbers = ("seen", "new", "changed", "unchanged", "refused")
    counts = table("source", "file", *numbers, numbers=numbers)
    for one in found["ingested"]:
        cells = [f"{one[name]:,}" for name in numbers]
        counts.add_row(Text(one["source"]), Text(one["file"]), *cells)
    return Group(counts, Text(), Text(f"{found['embedded']:,} texts were embedded now."))


def _record(found: Json) -> RenderableType:
    nodes = ", ".join(f"{count:,} {kind}" for kind, count in found["nodes"].items())
    edges = ", ".join(f"{count:,} {relation}" for relation, count in found["edges"].items())
    rows = [("things", nodes), ("relations", edges), *log_rows(found["log"])]
    return Group(
        pairs([*rows, ("digest", found["digest"])]),
        Text(),
        heading("Nothing above is invented: what nobody recorded is said to be not recorded."),
    )
