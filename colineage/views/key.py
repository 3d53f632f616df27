"""Views of the `key` commands: keys, authors, grants and trust."""

from collections.abc import Sized
from typing import TYPE_CHECKING, Final

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.output import Json
from colineage.safe_text import sanitize_line
from colineage.views.layout import NOT_RECORDED, heading, pairs

if TYPE_CHECKING:
    from colineage.answers.key_end import EndPlan

_MAX_LISTED: Final = 3
_MAX_AUTHORS: Final = 20
_MAX_GRANTS: Final = 20
_MAX_DEPTH: Final = 12
_SCOPES: Final = {
    "say": "may speak for it",
    "harvest": "may vouch for records for it",
    "act": "may speak, vouch and retract for it",
}


def new_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage key new`."""
    return pairs([("public key", answer["key"]), ("kept in", answer["file"])])


def person_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage init` and `key new-device`."""
    rows = [
        ("you", f"person:{answer['root']}"),
        ("working key", answer["key"]),
        ("kept in", answer["file"]),
        *([("under the grant", answer["grant"])] if answer["grant"] else []),
        ("used with", "--as person"),
    ]
    return pairs(rows)


def list_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage key list`."""
    own = answer["key"] or "none yet: made at the first write, or by `colineage key new`"
    parts: list[RenderableType] = [pairs([("this installation", own), ("kept in", answer["file"])])]
    authors = sorted(answer["authors"], key=_author_sort_key)
    for author in authors[:_MAX_AUTHORS]:
        parts += [Text(), heading(author["key"]), *_indent(_author_lines(author), 1)]
        for grant in author["grants"][:_MAX_GRANTS]:
            depth = 1 + min(grant["depth"], _MAX_DEPTH)
            parts += [Text(), *_indent(_grant_lines(grant), depth)]
        parts += _indent(_more_line(author["grants"], "grants", _MAX_GRANTS), 2)
    parts += [Text(), *_indent(_more_line(authors, "authors", _MAX_AUTHORS), 0)]
    if not authors:
        parts.append(Text("Nobody has said anything here."))
    if answer["pending"]:
        parts += [heading("Said under grants that are not here, or not made to that key")]
        for entry in answer["pending"][:_MAX_GRANTS]:
            words = f"{entry['statements']:,} by {entry['key']} under {entry['under']}"
            parts += _indent([words], 1)
        parts += _indent(_more_line(answer["pending"], "of these", _MAX_GRANTS), 1)
    return Group(*parts)


def grant_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage key grant`."""
    rows = [
        ("grant" if answer["new"] else "stands already", answer["grant"]),
        ("to", answer["key"]),
        ("which", _scope_text(answer["scope"])),
        ("author", answer["author"]),
        ("used with", f"--under {answer['grant']}"),
    ]
    return pairs(rows)


def plan_lines(plan: "EndPlan") -> list[str]:
    """Return what ends would do, in lines."""
    return [
        *(f"ends {end.grant}" for end in plan.ends),
        *(
            f"  {effect.key} under {effect.grant}: statements that count: {effect.counting:,} now, "
            f"{effect.kept:,} afterwards"
            for effect in plan.effects
        ),
    ]


def end_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage key end`."""
    rows = []
    for end in answer["ends"]:
        heads = end["heads"] or ["none: nothing that was said under it counts"]
        rows += [
            ("ended", end["grant"]),
            ("by", end["bundle"]),
            *(("last that counts", head) for head in heads),
            ("said under it", _statement_count(end) if end["statements"] else "nothing here"),
            *(("ends with it", grant) for grant in end["below"]),
        ]
    return pairs(rows)


def forks_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage key forks`."""
    parts: list[RenderableType] = [
        pairs([("taken for your own", name) for name in answer["adopted"]])
    ]
    for fork in answer["forks"]:
        parts += [heading(fork["id"]), pairs(_fork_rows(fork)), Text()]
    for file in answer["unlisted"]:
        parts.append(
            Text(
                f"{file}.signed is missing, so nothing is known as signed here. If the key was moved, bring that file "
                "from where it was; else adopt what you said."
            )
        )
    if answer["forks"]:
        parts.append(
            Text(
                "What you said at another place is taken for your own by: colineage key forks --adopt ID. "
                "If you didn't say it, the key was stolen: colineage key repair --stolen KEY undoes it."
            )
        )
    elif not answer["adopted"]:
        parts.append(Text("Nothing was signed elsewhere with the keys of this place."))
    return Group(*parts)


def _fork_rows(fork: Json) -> list[tuple[str, str]]:
    rows = [("key", fork["key"]), ("said", f"{fork['at']}, as {fork['by']}")]
    if fork["under"]:
        rows.append(("under", fork["under"]))
    rows += [(answer["verb"], answer["target"]) for answer in fork["answers"]]
    rows += [(verb, fork[verb]) for verb in ("grants", "ends") if fork[verb]]
    if not fork["counts"]:
        rows.append(("counts", "no"))
    return rows


def trust_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage key trust` and `distrust`."""
    state = "trusted" if answer["trusted"] else "not trusted"
    rows = [
        ("key", answer["key"]),
        ("its runs", state if answer["changed"] else f"{state}, as before"),
        *(("trusted here", key) for key in answer["all"] or ["nobody"]),
    ]
    return pairs(rows)


def _scope_text(scope: str) -> str:
    return _SCOPES.get(scope, f"may do nothing known here ({scope})")


def _author_lines(author: Json) -> list[str]:
    whose = "this installation's, " if author["own"] else ""
    trusted = "its runs are trusted" if author["trusted"] else "its runs are not trusted"
    return [f"{whose}{trusted}", _state_text(author), *_statement_lines(author)]


def _grant_lines(grant: Json) -> list[str]:
    whose = " (this installation's)" if grant["own"] else ""
    return [
        f"{_scope_text(grant['scope'])}: {grant['key']}{whose}",
        f"grant {grant['grant']}",
        _state_text(grant),
        f"granted by {grant['by']}, {grant['at'] or 'time ' + NOT_RECORDED}",
        *_statement_lines(grant),
    ]


def _state_text(actor: Json) -> str:
    return f"{actor['state']} by {actor['ended_by']}" if actor["ended_by"] else str(actor["state"])


def _statement_lines(actor: Json) -> list[str]:
    if not actor["statements"]:
        return ["nothing said here"]
    number = _statement_count(actor)
    return [
        f"{number}, the last {actor['last'] or NOT_RECORDED}, as {_name_list(actor['names'])}",
        *(f"head {head}" for head in actor["heads"][:_MAX_LISTED]),
        *_more_line(actor["heads"], "heads"),
    ]


def _statement_count(actor: Json) -> str:
    number = "1 statement" if actor["statements"] == 1 else f"{actor['statements']:,} statements"
    if actor["counting"] == actor["statements"]:
        return number
    return f"{number}, of which {actor['counting']:,} count"


def _name_list(names: list[str]) -> str:
    return ", ".join([*names[:_MAX_LISTED], *_more_line(names, "names")])


def _more_line(items: Sized, noun: str, limit: int = _MAX_LISTED) -> list[str]:
    return [f"and {len(items) - limit:,} more {noun} (--json)"] if len(items) > limit else []


def _author_sort_key(author: Json) -> tuple[bool, bool, int, str]:
    """Return the sort key of an author: one's own first, then trusted ones, then those with most statements."""
    return not author["own"], not author["trusted"], -author["statements"], author["key"]


def _indent(lines: list[str], depth: int) -> list[RenderableType]:
    return [Text("  " * depth + sanitize_line(text)) for text in lines]
