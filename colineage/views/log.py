"""Views of the log's inclusion and consistency proofs; `--json` has them byte for byte, for programs."""

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.output import Json
from colineage.views.layout import heading, log_rows, pairs


def inclusion_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage log inclusion`."""
    rows = [
        ("bundle", answer["bundle"]),
        ("position", f"{answer['position']:,}, from 0"),
        ("header", answer["header"]),
        ("leaf", answer["leaf"]),
        *(("path", digest) for digest in answer["hashes"]),
        *log_rows(answer["log"]),
    ]
    return Group(heading("It is in the log"), pairs(rows), Text(), Text(answer["log"]["note"]))


def consistency_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage log consistency`."""
    rows = [
        *log_rows(answer["first"]),
        *log_rows(answer["second"]),
        *(("path", digest) for digest in answer["hashes"]),
    ]
    notes = (Text(answer[side]["note"]) for side in ("first", "second"))
    return Group(heading("The log only grew"), pairs(rows), Text(), *notes)
