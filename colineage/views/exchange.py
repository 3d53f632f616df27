"""Views of `export`, `pull` and `copy`."""

from typing import Final

from rich.console import RenderableType

from colineage.output import Json
from colineage.views.layout import log_rows, pairs

_NO_DIGEST: Final = "not computed: others wrote to the store meanwhile"


def export_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage export`."""
    return pairs(
        [
            ("export", answer["folder"]),
            ("origin", answer["origin"]),
            ("key", answer["key"]),
            ("added", f"{answer['added']:,} bundles"),
            *([] if answer["sealed"] is None else [("sealed", f"{answer['sealed']:,} bodies")]),
            *log_rows(answer["log"]),
            ("graph", answer["digest"] or _NO_DIGEST),
        ]
    )


def pull_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage pull`."""
    return pairs(
        [
            ("origin", answer["origin"]),
            ("key", answer["key"]),
            ("its log", f"{answer['pulled']['size']:,} bundles"),
            ("seen", f"{answer['seen']:,} new since the last time"),
            ("added", f"{answer['added']:,}"),
            ("left out", f"{answer['refused']:,}"),
            ("no body", f"{answer['withheld']:,}"),
            ("waiting", f"{answer['waiting']:,} dated ahead"),
            ("trusted", "yes" if answer["trusted"] else "no"),
            *log_rows(answer["log"]),
        ]
    )


def copy_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage copy`."""
    return pairs(
        [
            ("copy", answer["to"]),
            ("origin", answer["origin"]),
            ("added", f"{answer['added']:,} bundles"),
            *log_rows(answer["log"]),
        ]
    )
