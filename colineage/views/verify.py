"""Views of `verify`, `audit` and `rebuild`."""

from collections import Counter
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.output import Json
from colineage.safe_text import sanitize
from colineage.views.attribution import Footnotes
from colineage.views.layout import heading, log_rows, pairs, table

_VERDICTS: Final = {"pass": "green", "fail": "bold red", "unknown": "yellow"}


def verification_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage verify`."""
    rows = [
        ("record", "holds" if answer["ok"] else "DOES NOT HOLD"),
        *((name, answer[name]) for name in ("origin", "key") if name in answer),
        ("read", f"{answer['bundles']:,} bundles"),
        *([("no body", f"{answer['withheld']:,}")] if answer.get("withheld") else []),
        *([("says nothing", f"{answer['silent']:,}")] if answer["silent"] else []),
        *log_rows(answer["log"]),
        ("graph", answer["digest"] or "can't be read"),
    ]
    if answer["ok"]:
        return pairs(rows)
    faults = table("bundle", "what does not hold")
    for fault in answer["faults"]:
        faults.add_row(Text(fault["bundle"] or "the whole"), Text(sanitize(fault["what"])))
    return Group(pairs(rows), Text(), faults)


def audit_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage audit`."""
    footnotes = Footnotes(answer)
    checks = table("verdict", "check", "evidence and remedy", "said by")
    for check in answer["checks"]:
        evidence = sanitize(check["evidence"])
        if check["remedy"]:
            evidence += f"\n-> {sanitize(check['remedy'])}"
        verdict = Text(check["verdict"], style=_VERDICTS.get(check["verdict"], ""))
        said_by = footnotes.for_bundles(check["bundles"]) if check["bundles"] else Text()
        checks.add_row(verdict, Text(check["name"]), Text(evidence), said_by)
    number = Counter(check["verdict"] for check in answer["checks"])
    sums = ", ".join(f"{count} {verdict}" for verdict, count in sorted(number.items()))
    about = [
        heading(answer["title"]),
        Text(f"{answer['id']}  {footnotes.for_thing(answer)}"),
        Text(),
    ]
    return Group(*about, checks, Text(), Text(sums), *footnotes.legend())


def rebuild_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage rebuild`."""
    return pairs([*log_rows(answer["log"]), ("graph", answer["digest"])])
