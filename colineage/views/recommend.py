"""Views of `embed`, `related` and `directions`."""

from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.output import Json
from colineage.safe_text import sanitize, sanitize_line, shorten
from colineage.views.attribution import Footnotes
from colineage.views.layout import TITLE_LENGTH, heading, log_rows, pairs

_MAX_PER_SIDE: Final = 3


def embed_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage embed`."""
    count = f"{answer['embedded']:,} texts"
    return pairs([("embedded", count), ("model", answer["model"]), ("from", answer["origin"])])


def related_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage related`."""
    if not answer["items"]:
        return Text(sanitize(answer["why_empty"]))
    footnotes = Footnotes(answer)
    parts: list[RenderableType] = []
    for number, item in enumerate(answer["items"], 1):
        parts.append(heading(f"{number}. {item['title']}"))
        parts.append(Text(f"   {item['id']}  {item['score']:.2f}  {footnotes.for_thing(item)}"))
        parts += [Text(f"   - {sanitize_line(reason)}") for reason in item["reasons"]]
        for relation in item["path"]:
            ends = (
                footnotes.title_and_mark(relation["from"], answer),
                footnotes.title_and_mark(relation["to"], answer),
            )
            step = f"   > {ends[0]} {relation['rel']} {ends[1]}  {footnotes.for_bundles(relation['bundles'])}"
            parts.append(Text(step, style="dim"))
    model = answer["model"] or "none: by the graph alone"
    parts += [Text(), pairs([("model", model), *log_rows(answer["as_of"])])]
    return Group(*parts, *footnotes.legend())


def directions_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage directions`."""
    if not answer["items"]:
        return Text(sanitize(answer["why_empty"]))
    footnotes = Footnotes(answer)
    parts: list[RenderableType] = []
    for number, item in enumerate(answer["items"], 1):
        names = " + ".join(
            f"{thing['title']} {footnotes.for_thing(thing)}" for thing in item["concepts"]
        )
        parts.append(heading(f"{number}. {names}"))
        parts.append(Text(f"   {item['score']:.2f}  {sanitize_line(item['reason'])}"))
        for side, label in (("bridging", "between"), ("left", "one side"), ("right", "other side")):
            for thing in item[side][:_MAX_PER_SIDE]:
                title = shorten(thing["title"], TITLE_LENGTH)
                row = f"   {label}: {title} ({thing['id']})  {footnotes.for_thing(thing)}"
                parts.append(Text(row, style="dim"))
    parts += [Text(), pairs(log_rows(answer["as_of"]))]
    return Group(*parts, *footnotes.legend())
