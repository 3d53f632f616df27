"""Views of the log's inclusion and consistency proofs; `--json` has them byte for byte, for programs."""

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.views.layout import Json, heading, log_rows, pairs


def inclusion_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage log inclusion`."""
    rows = [
        ("bundle", found["bundle"]),
        ("position", f"{found['position']:,}, from 0"),
        ("header", found["header"]),
        ("leaf", found["leaf"]),
        *(("path", one) for one in found["hashes"]),
        *log_rows(found["log"]),
    ]
    return Group(heading("It is in the log"), pairs(rows), Text(), Text(found["log"]["note"]))


def consistency_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage log consistency`."""
    rows = [
        *log_rows(found["first"]),
        *log_rows(found["second"]),
        *(("path", one) for one in found["hashes"]),
    ]
    notes = (Text(found[side]["note"]) for side in ("first", "second"))
    return Group(heading("The log only grew"), pairs(rows), Text(), *notes)
