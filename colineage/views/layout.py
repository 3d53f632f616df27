"""Layout of answers on a terminal: tables, pairs, headings.

Text from papers and people goes through `sanitize` and into `Text`, so it is never read as markup.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from colineage.output import Json
from colineage.safe_text import sanitize, sanitize_line, shorten

NOT_RECORDED: Final = "not recorded"
TITLE_LENGTH: Final = 100

# The remaining prefix is enough for `colineage show`, as a short commit hash is for git.
_HASH_PREFIX: Final = r"\1…"
_HASH: Final = re.compile(r"([0-9a-f]{12})[0-9a-f]{28,52}")


def table(*columns: str, numbers: Iterable[str] = ()) -> Table:
    """Return an empty table; the columns named in `numbers` are right-aligned."""
    right_aligned = set(numbers)
    new_table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in columns:
        new_table.add_column(
            name, justify="right" if name in right_aligned else "left", overflow="fold"
        )
    return new_table


def pairs(rows: Iterable[tuple[str, str]]) -> Table:
    """Return names and values side by side, in two columns."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(Text(name), Text(sanitize(value)))
    return grid


def heading(text: str) -> Text:
    """Return a bold heading line."""
    return Text(sanitize_line(text), style="bold")


def title_and_id(identifier: str, titles: Mapping[str, str]) -> str:
    """Return a thing's title and its id with long hashes cut; or the whole id where there is no title."""
    title = titles.get(identifier, identifier)
    if title == identifier:
        return identifier
    return f"{shorten(title, TITLE_LENGTH)} ({cut_hashes(identifier)})"


def cut_hashes(text: str) -> str:
    """Shorten each hash in the text to its first 12 digits."""
    return _HASH.sub(_HASH_PREFIX, text)


def log_rows(log: Json) -> list[tuple[str, str]]:
    """Return the log's size and root, as rows of `pairs`."""
    return [("log", f"{log['size']:,} bundles"), ("root", log["root"])]
