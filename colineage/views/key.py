"""Views of the `key` commands: keys, authors, grants and trust."""

from collections.abc import Sized
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.safe_text import line
from colineage.views.layout import UNKNOWN, Json, heading, pairs

_SHOWN: Final = 3
_AUTHORS: Final = 20
_GRANTS: Final = 20
_DEEPEST: Final = 12
_SCOPES: Final = {"say": "may speak for it", "act": "may speak and retract for it"}


def made_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage key new`."""
    return pairs([("public key", found["key"]), ("kept in", found["file"])])


def listed_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage key list`."""
    own = found["key"] or "none yet: made at the first write, or by `colineage key new`"
    parts: list[RenderableType] = [pairs([("this installation", own), ("kept in", found["file"])])]
    authors = sorted(found["authors"], key=_first_of_all)
    for author in authors[:_AUTHORS]:
        parts += [Text(), heading(author["key"]), *_indented(_author_lines(author), 1)]
        for grant in author["grants"][:_GRANTS]:
            depth = 1 + min(grant["depth"], _DEEPEST)
            parts += [Text(), *_indented(_grant_lines(grant), depth)]
        parts += _indented(_rest(author["grants"], "grants", _GRANTS), 2)
    parts += [Text(), *_indented(_rest(authors, "authors", _AUTHORS), 0)]
    if not authors:
        parts.append(Text("Nobody has said anything here."))
    if found["pending"]:
        parts += [heading("Said under grants that are not here, or not made to that key")]
        for entry in found["pending"][:_GRANTS]:
            words = f"{entry['statements']:,} by {entry['key']} under {entry['under']}"
            parts += _indented([words], 1)
        parts += _indented(_rest(found["pending"], "of these", _GRANTS), 1)
    return Group(*parts)


def granted_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage key grant`."""
    rows = [
        ("grant" if found["new"] else "stands already", found["grant"]),
        ("to", found["key"]),
        ("which", _SCOPES[found["scope"]]),
        ("author", found["author"]),
        ("used with", f"--under {found['grant']}"),
    ]
    return pairs(rows)


def ended_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage key end`."""
    heads = found["heads"] or ["none: nothing that was said under it counts"]
    rows = [
        ("ended", found["grant"]),
        ("by", found["bundle"]),
        *(("last that counts", head) for head in heads),
        ("said under it", _number(found) if found["statements"] else "nothing here"),
        *_below_rows(found),
    ]
    return pairs(rows)


def resigned_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage key resign`."""
    rows = [
        ("resigned", found["resigned"]),
        ("by", found["bundle"]),
        *(("last before it", head) for head in found["heads"]),
        *_below_rows(found),
        ("elsewhere", "it counts where it is pulled to: share it"),
    ]
    return pairs(rows)


def trust_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage key trust` and `distrust`."""
    state = "trusted" if found["trusted"] else "not trusted"
    rows = [
        ("key", found["key"]),
        ("its runs", state if found["changed"] else f"{state}, as before"),
        *(("trusted here", key) for key in found["all"] or ["nobody"]),
    ]
    return pairs(rows)


def _below_rows(found: Json) -> list[tuple[str, str]]:
    return [("still speaks below it", f"{one} (end it too?)") for one in found["below"]]


def _author_lines(author: Json) -> list[str]:
    whose = "this installation's, " if author["own"] else ""
    trusted = "its runs are trusted" if author["trusted"] else "its runs are not trusted"
    return [f"{whose}{trusted}", _state(author), *_said(author)]


def _grant_lines(one: Json) -> list[str]:
    whose = " (this installation's)" if one["own"] else ""
    return [
        f"{_SCOPES[one['scope']]}: {one['key']}{whose}",
        f"grant {one['grant']}",
        _state(one),
        f"granted by {one['by']}, {one['at'] or 'time ' + UNKNOWN}",
        *_said(one),
    ]


def _state(one: Json) -> str:
    return f"{one['state']} by {one['ended_by']}" if one["ended_by"] else str(one["state"])


def _said(one: Json) -> list[str]:
    if not one["statements"]:
        return ["nothing said here"]
    number = _number(one)
    return [
        f"{number}, the last {one['last'] or UNKNOWN}, as {_listed(one['names'])}",
        *(f"head {head}" for head in one["heads"][:_SHOWN]),
        *_rest(one["heads"], "heads"),
    ]


def _number(one: Json) -> str:
    number = "1 statement" if one["statements"] == 1 else f"{one['statements']:,} statements"
    if one["counting"] == one["statements"]:
        return number
    return f"{number}, of which {one['counting']:,} count"


def _listed(names: list[str]) -> str:
    return ", ".join([*names[:_SHOWN], *_rest(names, "names")])


def _rest(items: Sized, what: str, shown: int = _SHOWN) -> list[str]:
    return [f"and {len(items) - shown:,} more {what} (--json)"] if len(items) > shown else []


def _first_of_all(author: Json) -> tuple[bool, bool, int, str]:
    """Return the sort key of an author: one's own first, then trusted ones, then those with most statements."""
    return not author["own"], not author["trusted"], -author["statements"], author["key"]


def _indented(lines: list[str], depth: int) -> list[RenderableType]:
    return [Text("  " * depth + line(one)) for one in lines]
