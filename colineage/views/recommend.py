"""Views of `embed`, `related`, `directions` and `serve`."""

from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.safe_text import line, plain, shortened
from colineage.views.attribution import Marks
from colineage.views.layout import TITLE_LENGTH, Json, heading, log_rows, pairs

_SIDES: Final = 3


def embedded_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage embed`."""
    count = f"{found['embedded']:,} texts"
    return pairs([("embedded", count), ("model", found["model"]), ("from", found["origin"])])


def related_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage related`."""
    if not found["items"]:
        return Text(plain(found["why_empty"]))
    marks = Marks(found)
    parts: list[RenderableType] = []
    for number, item in enumerate(found["items"], 1):
        parts.append(heading(f"{number}. {item['title']}"))
        parts.append(Text(f"   {item['id']}  {item['score']:.2f}  {marks.of_thing(item)}"))
        parts += [Text(f"   - {line(reason)}") for reason in item["reasons"]]
        for one in item["path"]:
            ends = marks.named(one["from"], found), marks.named(one["to"], found)
            step = f"   > {ends[0]} {one['rel']} {ends[1]}  {marks.of(one['bundles'])}"
            parts.append(Text(step, style="dim"))
    model = found["model"] or "none: by the graph alone"
    parts += [Text(), pairs([("model", model), *log_rows(found["as_of"])])]
    return Group(*parts, *marks.legend())


def directions_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage directions`."""
    if not found["items"]:
        return Text(plain(found["why_empty"]))
    marks = Marks(found)
    parts: list[RenderableType] = []
    for number, item in enumerate(found["items"], 1):
        names = " + ".join(f"{one['title']} {marks.of_thing(one)}" for one in item["concepts"])
        parts.append(heading(f"{number}. {names}"))
        parts.append(Text(f"   {item['score']:.2f}  {line(item['reason'])}"))
        for side, words in (("bridging", "between"), ("left", "one side"), ("right", "other side")):
            for one in item[side][:_SIDES]:
                title = shortened(one["title"], TITLE_LENGTH)
                told = f"   {words}: {title} ({one['id']})  {marks.of_thing(one)}"
                parts.append(Text(told, style="dim"))
    parts += [Text(), pairs(log_rows(found["as_of"]))]
    return Group(*parts, *marks.legend())


def serving_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage serve`."""
    return pairs([("explorer", found["url"]), ("GraphQL", found["graphql"]), ("stop", "Ctrl-C")])
