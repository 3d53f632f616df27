"""Attribution in a view: footnote marks like `[1]` beside each line, and below them author, key and vouchers."""

from collections.abc import Sequence
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from colineage.safe_text import line
from colineage.views.layout import UNKNOWN, Json, cut, heading, named

_MARKED: Final = 3
_LEGEND: Final = 30
_RUNS: Final = 2


class Marks:
    """Footnotes of a view: numbers for the bundles that an answer comes from, in order of first mention."""

    def __init__(self, answer: Json) -> None:
        """Keep the answer's attributions.

        Args:
            answer: An answer with `attributions`.
        """
        self._attributions: Json = answer["attributions"]
        self._numbers: dict[str, int] = {}

    def of(self, bundles: Sequence[str]) -> Text:
        """Return the marks of bundles; `not recorded` where there are none."""
        if not bundles:
            return Text(UNKNOWN)
        told = [name for name in bundles if name in self._attributions][:_MARKED]
        marks = "".join(f"[{self._number(name)}]" for name in told)
        rest = len(bundles) - len(told)
        return Text(f"{marks} +{rest:,}" if rest else marks)

    def of_thing(self, thing: Json) -> Text:
        """Return the mark of a thing's shown description."""
        return self.of([thing["said_in"]] if thing["said_in"] else [])

    def named(self, identifier: str, found: Json) -> Text:
        """Return a thing's title and id, with the mark of the bundle that states the title; or its bare id."""
        said_in = found["titled_in"].get(identifier)
        mark = f" {self.of([said_in])}" if said_in else ""
        return Text(named(identifier, found["titles"]) + mark)

    def legend(self) -> list[RenderableType]:
        """Return a line for each mark (`colineage show` with the id shows the whole bundle), at most 30."""
        if not self._numbers:
            return []
        lines: list[RenderableType] = [Text(), heading("said by")]
        for name, number in list(self._numbers.items())[:_LEGEND]:
            words = in_words(self._attributions[name])
            lines.append(Text(f"[{number}] {name}  {words}", style="dim"))
        rest = len(self._numbers) - _LEGEND
        if rest > 0:
            lines.append(Text(f"and {rest:,} more (--json)", style="dim"))
        return lines

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers) + 1)


def in_words(one: Json) -> str:
    """Return a bundle's attribution in one line: `record of source:arxiv, …, vouched for by …`."""
    at = one["at"] or f"time {UNKNOWN}"
    if one["kind"] == "record":
        found = f"record of {one['author']}, {at}, vouched for by {_vouchers(one)}"
    elif one["kind"] == "statement":
        found = f"statement of {_author(one)} ({_speaker(one)}), {at}"
    else:
        found = "a bundle of a newer version, not understood here"
    return line(cut(found)) + _standing(one)


def _author(one: Json) -> str:
    return str(one["author"]) if one["author"] else f"an author not known here: {one['pending']}"


def _speaker(one: Json) -> str:
    """Return the agent named as the speaker, its key and its grant."""
    if one["under"] is None:
        return f"{str(one['by']).partition(':')[0]}, its own key"
    # Below a grant to say, nobody may act; of a chain that is not listed whole, no scope is stated.
    acts = all(link["scope"] == "act" for link in one["chain"])
    told = one["chain"] and one["pending"] is None and not (acts and one["more_grants"])
    scope = f" to {'act' if acts else 'say'}" if told else ""
    return f"{one['by']}, key {one['key']}, grant {one['under']}{scope}"


def _vouchers(one: Json) -> str:
    runs = sorted(one["vouchers"], key=lambda run: not run["trusted"])
    if not runs:
        return "nobody here"
    told = [
        f"{run['author'] or 'somebody ' + UNKNOWN}{'' if run['trusted'] else ' (not trusted here)'}"
        for run in runs
    ]
    first = list(dict.fromkeys(told))[:_RUNS]
    rest = len(runs) + one["more_vouchers"] - sum(run in first for run in told)
    number = sum(run in first for run in told)
    words = " and ".join(first) + (f" in {number} runs" if number > len(first) else "")
    return f"{words} and {rest:,} more" if rest else words


def _standing(one: Json) -> str:
    """Return the note for a bundle that is not in the graph; empty for one that is."""
    if one["lives"] or one["kind"] == "not understood":
        return ""
    return "; not in the graph" if one["counts"] else "; does not count"


def provenance_rows(one: Json) -> list[tuple[str, str]]:
    """Return a bundle's whole attribution as rows: keys, the grants up to the author, the runs that vouch."""
    rows = [
        ("author", one["author"] or f"{UNKNOWN}: {one['pending'] or 'not understood here'}"),
        ("by", one["by"] or UNKNOWN),
        ("at", one["at"] or UNKNOWN),
    ]
    if one["key"]:
        rows.append(("key", one["key"]))
    for link in one["chain"]:
        rows.append(("under grant", f"{link['grant']} ({link['scope']})"))
        rows.append(("granted by", f"{link['by']}, key {link['granted_by']}"))
    if one["more_grants"]:
        rows.append(("under grant", f"and {one['more_grants']:,} more above"))
    if one["kind"] == "record":
        rows += _voucher_rows(one)
    return rows


def _voucher_rows(one: Json) -> list[tuple[str, str]]:
    rows = [
        (
            "vouched for by",
            f"{run['run']}, a run of {run['author'] or UNKNOWN} as {run['by'] or UNKNOWN}, "
            f"{run['at'] or 'time ' + UNKNOWN}, {'trusted' if run['trusted'] else 'not trusted'} here",
        )
        for run in one["vouchers"]
    ]
    if one["more_vouchers"]:
        rows.append(("vouched for by", f"{one['more_vouchers']:,} more"))
    return rows or [("vouched for by", "nobody here")]
