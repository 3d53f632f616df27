"""Attribution in a view: footnote marks like `[1]` beside each line, and below them author, key and vouchers."""

from collections.abc import Sequence
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from colineage.safe_text import sanitize_line
from colineage.views.layout import UNKNOWN, Json, cut_hashes, heading, title_and_id

_MAX_MARKS: Final = 3
_MAX_FOOTNOTES: Final = 30
_MAX_RUNS: Final = 2


class Footnotes:
    """Footnotes of a view: numbers for the bundles that an answer comes from, in order of first mention."""

    def __init__(self, answer: Json) -> None:
        """Keep the answer's attributions.

        Args:
            answer: An answer with `attributions`.
        """
        self._attributions: Json = answer["attributions"]
        self._numbers: dict[str, int] = {}

    def for_bundles(self, bundles: Sequence[str]) -> Text:
        """Return the marks of bundles; `not recorded` where there are none."""
        if not bundles:
            return Text(UNKNOWN)
        first = [name for name in bundles if name in self._attributions][:_MAX_MARKS]
        marks = "".join(f"[{self._number(name)}]" for name in first)
        rest = len(bundles) - len(first)
        return Text(f"{marks} +{rest:,}" if rest else marks)

    def for_thing(self, thing: Json) -> Text:
        """Return the mark of a thing's shown description."""
        return self.for_bundles([thing["said_in"]] if thing["said_in"] else [])

    def title_and_mark(self, identifier: str, answer: Json) -> Text:
        """Return a thing's title and id, with the mark of the bundle that states the title; or its bare id."""
        said_in = answer["titled_in"].get(identifier)
        mark = f" {self.for_bundles([said_in])}" if said_in else ""
        return Text(title_and_id(identifier, answer["titles"]) + mark)

    def legend(self) -> list[RenderableType]:
        """Return a line for each mark (`colineage show` with the id shows the whole bundle), at most 30."""
        if not self._numbers:
            return []
        lines: list[RenderableType] = [Text(), heading("said by")]
        for name, number in list(self._numbers.items())[:_MAX_FOOTNOTES]:
            words = attribution_line(self._attributions[name])
            lines.append(Text(f"[{number}] {name}  {words}", style="dim"))
        rest = len(self._numbers) - _MAX_FOOTNOTES
        if rest > 0:
            lines.append(Text(f"and {rest:,} more (--json)", style="dim"))
        return lines

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers) + 1)


def attribution_line(attribution: Json) -> str:
    """Return a bundle's attribution in one line: `record of source:arxiv, …, vouched for by …`."""
    at = attribution["at"] or f"time {UNKNOWN}"
    if attribution["kind"] == "record":
        summary = (
            f"record of {attribution['author']}, {at}, vouched for by {_voucher_text(attribution)}"
        )
    elif attribution["kind"] == "statement":
        summary = f"statement of {_author_text(attribution)} ({_speaker_text(attribution)}), {at}"
    else:
        summary = "a bundle of a newer version, not understood here"
    return sanitize_line(cut_hashes(summary)) + _standing_note(attribution)


def _author_text(attribution: Json) -> str:
    return (
        str(attribution["author"])
        if attribution["author"]
        else f"an author not known here: {attribution['pending']}"
    )


def _speaker_text(attribution: Json) -> str:
    """Return the agent named as the speaker, its key and its grant."""
    if attribution["under"] is None:
        return f"{str(attribution['by']).partition(':')[0]}, its own key"
    # Below a grant to say, nobody may act; of a chain that is not listed whole, no scope is stated.
    acts = all(link["scope"] == "act" for link in attribution["chain"])
    is_complete = (
        attribution["chain"]
        and attribution["pending"] is None
        and not (acts and attribution["more_grants"])
    )
    scope = f" to {'act' if acts else 'say'}" if is_complete else ""
    return f"{attribution['by']}, key {attribution['key']}, grant {attribution['under']}{scope}"


def _voucher_text(attribution: Json) -> str:
    runs = sorted(attribution["vouchers"], key=lambda run: not run["trusted"])
    if not runs:
        return "nobody here"
    names = [
        f"{run['author'] or 'somebody ' + UNKNOWN}{'' if run['trusted'] else ' (not trusted here)'}"
        for run in runs
    ]
    first = list(dict.fromkeys(names))[:_MAX_RUNS]
    rest = len(runs) + attribution["more_vouchers"] - sum(run in first for run in names)
    number = sum(run in first for run in names)
    words = " and ".join(first) + (f" in {number} runs" if number > len(first) else "")
    return f"{words} and {rest:,} more" if rest else words


def _standing_note(attribution: Json) -> str:
    """Return the note for a bundle that is not in the graph; empty for one that is."""
    if attribution["lives"] or attribution["kind"] == "not understood":
        return ""
    return "; not in the graph" if attribution["counts"] else "; does not count"


def provenance_rows(attribution: Json) -> list[tuple[str, str]]:
    """Return a bundle's whole attribution as rows: keys, the grants up to the author, the runs that vouch."""
    rows = [
        (
            "author",
            attribution["author"]
            or f"{UNKNOWN}: {attribution['pending'] or 'not understood here'}",
        ),
        ("by", attribution["by"] or UNKNOWN),
        ("at", attribution["at"] or UNKNOWN),
    ]
    if attribution["key"]:
        rows.append(("key", attribution["key"]))
    for link in attribution["chain"]:
        rows.append(("under grant", f"{link['grant']} ({link['scope']})"))
        rows.append(("granted by", f"{link['by']}, key {link['granted_by']}"))
    if attribution["more_grants"]:
        rows.append(("under grant", f"and {attribution['more_grants']:,} more above"))
    if attribution["kind"] == "record":
        rows += _voucher_rows(attribution)
    return rows


def _voucher_rows(attribution: Json) -> list[tuple[str, str]]:
    rows = [
        (
            "vouched for by",
            f"{run['run']}, a run of {run['author'] or UNKNOWN} as {run['by'] or UNKNOWN}, "
            f"{run['at'] or 'time ' + UNKNOWN}, {'trusted' if run['trusted'] else 'not trusted'} here",
        )
        for run in attribution["vouchers"]
    ]
    if attribution["more_vouchers"]:
        rows.append(("vouched for by", f"{attribution['more_vouchers']:,} more"))
    return rows or [("vouched for by", "nobody here")]
