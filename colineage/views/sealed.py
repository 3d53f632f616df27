"""Views of `seal` and `open`."""

from rich.console import Group, RenderableType

from colineage.output import Json
from colineage.views.attribution import Footnotes
from colineage.views.layout import pairs


def seal_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage seal`."""
    footnotes = Footnotes(answer)
    rows = [("sealed", footnotes.for_bundles([name]).plain) for name in answer["appended"]]
    rows.append(("said already", f"{answer['unchanged']:,}"))
    rows.append(("bodies in", answer["sealed"]))
    rows.append(("log", f"{answer['log_size']:,} bundles"))
    return Group(pairs(rows), *footnotes.legend())


def open_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage open`."""
    footnotes = Footnotes(answer)
    rows = [
        ("open", footnotes.for_bundles([answer["bundle"]]).plain),
        (
            "told by",
            footnotes.for_bundles([answer["appended"]]).plain
            if answer["appended"]
            else "was open already",
        ),
        ("log", f"{answer['log_size']:,} bundles"),
    ]
    return Group(pairs(rows), *footnotes.legend())
