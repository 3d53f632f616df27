"""View of `erase`."""

from rich.console import Group, RenderableType

from colineage.output import Json
from colineage.safe_text import sanitize_line
from colineage.views.attribution import Footnotes
from colineage.views.layout import pairs


def erase_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage erase`."""
    footnotes = Footnotes(answer)
    said = footnotes.for_bundles([answer["appended"]]).plain if answer["appended"] else "already"
    rows = [("said", said)]
    rows += [("erased", footnotes.for_bundles([name]).plain) for name in answer["erased"]]
    rows += [
        ("NOT erased", f"{footnotes.for_bundles([name]).plain} a higher word on it stands")
        for name in answer["not_erased"]
    ]
    if answer["sealed"]:
        rows.append(("sealed", f"{answer['sealed']:,} files removed"))
    rows.append(("left over", sanitize_line(answer["remains"] or "nothing, in the store's files")))
    rows.append(("log", f"{answer['log_size']:,} bundles"))
    return Group(pairs(rows), *footnotes.legend())
