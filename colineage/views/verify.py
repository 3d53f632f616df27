"""Views of `ingest`, `add`, `verify`, `audit` and `rebuild`."""

from collections import Counter
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.safe_text import sanitize
from colineage.views.attribution import Footnotes
from colineage.views.layout import Json, heading, log_rows, pairs, table

_VERDICTS: Final = {"pass": "green", "fail": "bold red", "unknown": "yellow"}


def report_view(answer: Json) -> RenderableType:
    """Lay out the report of any `ingest` command."""
    counts = ("seen", "new", "changed", "unchanged", "withdrawn", "deleted", "refused")
    rows = [(name, f"{answer[name]:,}") for name in counts]
    if "outcomes" in answer:  # of PDFs
        readings = (f"{n:,} {outcome}" for outcome, n in sorted(answer["outcomes"].items()))
        rows.append(("readings", ", ".join(readings) or "none"))
        rows.append(("statements", f"{answer['statements']:,}"))
    if "pdfs" in answer:
        rows += _pdf_rows(answer["pdfs"])
    rows.append(("complete", "yes" if answer["complete"] else "no: the same command goes on"))
    rows.append(("log", f"{answer['log_size']:,} bundles"))
    return Group(heading(answer["source"]), pairs(rows))


def _pdf_rows(counts: Json) -> list[tuple[str, str]]:
    """Return the rows about the PDFs of imported papers."""
    names = ("fetched", "cached", "left")
    parts = [f"{counts['wanted']:,} wanted", *(f"{counts[name]:,} {name}" for name in names)]
    parts += [f"{n:,} {why}" for why, n in sorted(counts["without"].items())]
    readings = (f"{n:,} {outcome}" for outcome, n in sorted(counts["outcomes"].items()))
    rows = [
        ("PDFs", ", ".join(parts)),
        ("readings", ", ".join(readings) or "none"),
        ("statements", f"{counts['statements']:,}"),
    ]
    why = counts["why_left"]
    return [*rows, ("some are left", sanitize(why))] if why else rows


def add_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage add`."""
    footnotes = Footnotes(answer)
    rows = [("appended", footnotes.for_bundles([name]).plain) for name in answer["appended"]]
    rows.append(("said already", f"{answer['unchanged']:,}"))
    rows.append(("log", f"{answer['log_size']:,} bundles"))
    return Group(pairs(rows), *footnotes.legend())


def verdict_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage verify`."""
    rows = [
        ("record", "holds" if answer["ok"] else "DOES NOT HOLD"),
        *((name, answer[name]) for name in ("origin", "key") if name in answer),
        ("read", f"{answer['bundles']:,} bundles"),
        *([("no body", f"{answer['withheld']:,}")] if answer.get("withheld") else []),
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
