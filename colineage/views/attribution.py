"""Attribution in a view: footnote marks like `[1]` beside each line, and below them author, key and vouchers."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from colineage.output import Json
from colineage.safe_text import sanitize_line
from colineage.views.layout import NOT_RECORDED, cut_hashes, heading, title_and_id
from graph.model.model import BundleId
from graph.queries.attribution import Attribution
from graph.queries.attribution_text import attribution_line

_MAX_MARKS: Final = 3
_MAX_FOOTNOTES: Final = 30


class Footnotes:
    """Footnotes of a view: numbers for the bundles that an answer comes from, in order of first mention."""

    def __init__(self, answer: Json) -> None:
        """Keep the answer's attributions.

        Args:
            answer: An answer with `attributions`.
        """
        self._attributions: Mapping[BundleId, Attribution] = answer["attributions"]
        self._numbers: dict[str, int] = {}

    def for_bundles(self, bundles: Sequence[str]) -> Text:
        """Return the marks of bundles; `not recorded` where there are none."""
        if not bundles:
            return Text(NOT_RECORDED)
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
            words = attribution_words(self._attributions[name])
            lines.append(Text(f"[{number}] {name}  {words}", style="dim"))
        rest = len(self._numbers) - _MAX_FOOTNOTES
        if rest > 0:
            lines.append(Text(f"and {rest:,} more (--json)", style="dim"))
        return lines

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers) + 1)


def attribution_words(attribution: Attribution) -> str:
    """Return a bundle's attribution in one line: `record of source:arxiv, …; vouched for by …`."""
    return sanitize_line(cut_hashes(attribution_line(attribution)))
