"""Views of `export`, `pull` and `copy`."""

from rich.console import RenderableType

from colineage.views.layout import Json, log_rows, pairs

_UNTOLD = "not told: somebody wrote all the while"


def exported_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage export`."""
    return pairs(
        [
            ("export", found["folder"]),
            ("origin", found["origin"]),
            ("key", found["key"]),
            ("added", f"{found['added']:,} bundles"),
            *log_rows(found["log"]),
            ("graph", found["digest"] or _UNTOLD),
        ]
    )


def pulled_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage pull`."""
    return pairs(
        [
            ("origin", found["origin"]),
            ("key", found["key"]),
            ("its log", f"{found['pulled']['size']:,} bundles"),
            ("seen", f"{found['seen']:,} new since the last time"),
            ("added", f"{found['added']:,}"),
            ("too early", f"{found['early']:,}"),
            ("no body", f"{found['withheld']:,}"),
            ("trusted", "yes" if found["trusted"] else "no"),
            *log_rows(found["log"]),
        ]
    )


def copied_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage copy`."""
    return pairs(
        [
            ("copy", found["to"]),
            ("origin", found["origin"]),
            ("added", f"{found['added']:,} bundles"),
            *log_rows(found["log"]),
        ]
    )
