"""Views of `ingest`, `add`, `verify`, `audit` and `rebuild`."""

from collections import Counter
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.safe_text import plain
from colineage.views.attribution import Marks
from colineage.views.layout import Json, heading, log_rows, pairs, table

_VERDICTS: Final = {"pass": "green", "fail": "bold red", "unknown": "yellow"}


def report_view(found: Json) -> RenderableType:
    """Lay out the report of any `ingest` command."""
    counts = ("seen", "new", "changed", "unchanged", "withdrawn", "deleted", "refused")
    rows = [(name, f"{found[name]:,}") for name in counts]
    if "outcomes" in found:  # of PDFs
        ended = (f"{n:,} {outcome}" for outcome, n in sorted(found["outcomes"].items()))
        rows.append(("readings", ", ".join(ended) or "none"))
        rows.append(("statements", f"{found['statements']:,}"))
    if "pdfs" in found:
        rows += _pdf_rows(found["pdfs"])
    rows.append(("complete", "yes" if found["complete"] else "no: the same command goes on"))
    rows.append(("log", f"{found['log_size']:,} bundles"))
    return Group(heading(found["source"]), pairs(rows))


def _pdf_rows(found: Json) -> list[tuple[str, str]]:
    """Return the rows about the PDFs of imported papers."""
    counted = ("fetched", "cached", "left")
    told = [f"{found['wanted']:,} wanted", *(f"{found[name]:,} {name}" for name in counted)]
    told += [f"{n:,} {why}" for why, n in sorted(found["without"].items())]
    ended = (f"{n:,} {outcome}" for outcome, n in sorted(found["outcomes"].items()))
    rows = [
        ("PDFs", ", ".join(told)),
        ("readings", ", ".join(ended) or "none"),
        ("statements", f"{found['statements']:,}"),
    ]
    why = found["why_left"]
    return [*rows, ("some are left", plain(why))] if why else rows


def added_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage add`."""
    marks = Marks(found)
    rows = [("appended", marks.of([name]).plain) for name in found["appended"]]
    rows.append(("said already", f"{found['unchanged']:,}"))
    rows.append(("log", f"{found['log_size']:,} bundles"))
    return Group(pairs(rows), *marks.legend())


def verdict_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage verify`."""
    rows = [
        ("record", "holds" if found["ok"] else "DOES NOT HOLD"),
        *((name, found[name]) for name in ("origin", "key") if name in found),
        ("read", f"{found['bundles']:,} bundles"),
        *([("no body", f"{found['withheld']:,}")] if found.get("withheld") else []),
        *log_rows(found["log"]),
        ("graph", found["digest"] or "can't be read"),
    ]
    if found["ok"]:
        return pairs(rows)
    faults = table("bundle", "what does not hold")
    for fault in found["faults"]:
        faults.add_row(Text(fault["bundle"] or "the whole"), Text(plain(fault["what"])))
    return Group(pairs(rows), Text(), faults)


def audit_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage audit`."""
    marks = Marks(found)
    checks = table("verdict", "check", "evidence and remedy", "said by")
    for check in found["checks"]:
        words = plain(check["evidence"])
        if check["remedy"]:
            words += f"\n-> {plain(check['remedy'])}"
        verdict = Text(check["verdict"], style=_VERDICTS.get(check["verdict"], ""))
        said_by = marks.of(check["bundles"]) if check["bundles"] else Text()
        checks.add_row(verdict, Text(check["name"]), Text(words), said_by)
    number = Counter(check["verdict"] for check in found["checks"])
    sums = ", ".join(f"{count} {verdict}" for verdict, count in sorted(number.items()))
    about = [heading(found["title"]), Text(f"{found['id']}  {marks.of_thing(found)}"), Text()]
    return Group(*about, checks, Text(), Text(sums), *marks.legend())


def rebuilt_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage rebuild`."""
    return pairs([*log_rows(found["log"]), ("graph", found["digest"])])
