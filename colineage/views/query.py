"""Views of the commands that query the graph: counts, facts, search results, lineage, contributors."""

from collections.abc import Mapping
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.safe_text import line, shortened
from colineage.views.attribution import Marks, in_words, provenance_rows
from colineage.views.layout import (
    TITLE_LENGTH,
    UNKNOWN,
    Json,
    cut,
    heading,
    log_rows,
    named,
    pairs,
    table,
)

_QUALIFIER: Final = 60
_ANSWERS: Final = 10
_PARTS: Final = {"wasAttributedTo": "named as author", "wasAssociatedWith": "took part"}
_FIRST: Final = ("title", "name", "text")
_NATURES: Final = {
    "person": "person",
    "ai": "AI",
    "software": "software",
    "organization": "organisation",
}


def stats_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage stats`."""
    counts = table("things", "count", numbers=["count"])
    for kind, number in found["nodes"].items():
        counts.add_row(kind, f"{number:,}")
    edges = table("relations", "count", numbers=["count"])
    for relation, number in found["edges"].items():
        edges.add_row(relation, f"{number:,}")
    return Group(counts, Text(), edges, Text(), pairs(log_rows(found["log"])))


def shown_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage show`."""
    if "bundle" in found:
        return bundle_view(found)
    marks = Marks(found)
    parts: list[RenderableType] = [
        heading(found["title"]),
        Text(f"{found['kind'] or 'kind ' + UNKNOWN}  {found['id']}"),
        *(Text(f"! {line(word)}", style="bold red") for word in found["warnings"]),
        Text(),
    ]
    if found["shown"] is None:
        parts.append(Text("Nobody describes it: it is only named by others.", style="dim"))
    else:
        parts.append(_said(found["shown"], found["attributions"]))
    for said in found["also"]:
        parts += [Text(), heading("also stated"), _said(said, found["attributions"])]
    for side, words in (("out", "relations from it"), ("in", "relations to it")):
        if found[side]["total"]:
            parts += [Text(), heading(f"{words}: {found[side]['total']:,}")]
            parts.append(_relations(found, side, marks))
            rest = found[side]["total"] - len(found[side]["first"])
            if rest:
                parts.append(Text(f"and {rest:,} more (--limit)", style="dim"))
    return Group(*parts, *marks.legend())


def bundle_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage show` for the id of a bundle."""
    told, marks = found["bundle"], Marks(found)
    answers = "".join(marks.of([name]).plain for name in told["answered_by"][:_ANSWERS])
    rest = len(told["answered_by"][_ANSWERS:])
    rows = [
        ("bundle", told["id"]),
        ("is", in_words(told["attribution"])),
        *provenance_rows(told["attribution"]),
        ("position", f"{told['position']:,}"),
        ("counts", "yes" if told["counts"] else "no"),
        ("lives", "yes" if told["lives"] else "no"),
        ("answered by", (answers or "nobody") + (f" +{rest:,}" if rest else "")),
        ("header", told["header"]),
        ("body", told["body"] or "withheld"),
    ]
    return Group(pairs(rows), *marks.legend())


def search_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage search`."""
    if not found["results"]:
        return Text(f"Nothing here holds every word of: {line(found['text'])}")
    marks = Marks(found)
    results = table("kind", "id", "title", "said by")
    for one in found["results"]:
        title = Text(shortened(one["title"], TITLE_LENGTH))
        results.add_row(one["kind"] or UNKNOWN, Text(one["id"]), title, marks.of_thing(one))
    return Group(results, *marks.legend())


def lineage_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage lineage`."""
    nodes = found["nodes"]
    named_so = {
        "titles": {node["id"]: node["title"] for node in nodes},
        "titled_in": {node["id"]: node["said_in"] for node in nodes},
    }
    depths = {node["id"]: node["depth"] for node in nodes}
    up, marks = found["direction"] == "up", Marks(found)
    start = marks.named(found["start"], named_so)
    parts: list[RenderableType] = [heading(f"What {start} {'came from' if up else 'led to'}")]
    if not found["relations"]:
        parts.append(
            Text("Nothing is recorded." if up else "Nothing that came from it is recorded.")
        )
        return Group(*parts, *marks.legend())
    steps = table("step", "this", "relation", "that", "said by", numbers=["step"])
    for relation in found["relations"]:
        step = max(depths.get(relation["from"], 0), depths.get(relation["to"], 0))
        steps.add_row(
            str(step),
            marks.named(relation["from"], named_so),
            Text(_relation(relation)),
            marks.named(relation["to"], named_so),
            marks.of(relation["bundles"]),
        )
    parts.append(steps)
    rest = sum(found["more"].values())
    if rest:
        parts.append(Text(f"and {rest:,} more relations (--limit)", style="dim"))
    return Group(*parts, *marks.legend())


def who_view(found: Json) -> RenderableType:
    """Lay out the answer of `colineage who`."""
    marks = Marks(found)
    about = Text(f"{found['id']}  {marks.of_thing(found)}")
    parts: list[RenderableType] = [heading(found["title"]), about, Text()]
    if not found["contributions"]:
        parts.append(Text("Nobody is recorded as a contributor."))
        return Group(*parts, *marks.legend())
    contributors = table("who", "is a", "did", "checked by", "said by")
    for one in found["contributions"]:
        who, *rest = contribution_row(one, found["titles"])
        mark, said_by = marks.of_thing(one["agent"]), marks.of(one["relation"]["bundles"])
        contributors.add_row(Text(f"{who} {mark}"), *rest, said_by)
    parts.append(contributors)
    return Group(*parts, *marks.legend())


def contribution_row(one: Json, titles: Mapping[str, str]) -> tuple[Text, Text, Text, Text]:
    """Return the cells of a contribution: agent, kind of agent, what it did, and who checked it."""
    said = one["relation"]["qualifiers"]
    words = ("role", "degree", "autonomy", "activity", "improves")
    did = [str(said[key]) for key in words if key in said]
    if "role" not in said:
        did.insert(0, f"{_PARTS.get(one['relation']['rel'], 'took part')}, role {UNKNOWN}")
    if "initiative" in said:
        did.append(f"proposed by {titles.get(said['initiative'], said['initiative'])}")
    if one["via"]:
        did.append(f"in {named(one['via'], titles)}")
    if "text" in said:
        did.append(f"“{shortened(said['text'], TITLE_LENGTH)}”")
    checked = said.get("verified_by")
    return (
        Text(line(one["agent"]["title"])),
        Text(_NATURES.get(one["nature"], UNKNOWN)),
        Text(line(", ".join(did))),
        Text(line(titles.get(checked, checked)) if checked else UNKNOWN),
    )


def _said(said: Json, attributions: Json) -> RenderableType:
    attributes = said["attributes"]
    keys = sorted(attributes, key=lambda key: (key not in _FIRST, key))
    rows = [(key, value_in_words(attributes[key])) for key in keys]
    behind = in_words(attributions[said["bundle"]]) if said["bundle"] in attributions else UNKNOWN
    return pairs([*rows, ("stated by", behind), ("said in", said["bundle"])])


def value_in_words(value: object) -> str:
    """Return an attribute's value as text; a list on one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value_in_words(one) for one in value)
    if isinstance(value, Mapping) and "text" in value and "name" not in value:  # a reference
        return f"[{value.get('position')}] {value['text']}"
    if isinstance(value, Mapping):
        rest = " ".join(str(value[key]) for key in ("value", "unit") if key in value)
        return f"{value.get('name')} = {rest}"
    return str(value)


def _relations(found: Json, side: str, marks: Marks) -> RenderableType:
    relations = table("relation", "with", "said by")
    for one in sorted(found[side]["first"], key=_order):
        end = one["to"] if side == "out" else one["from"]
        said_by = marks.of(one["bundles"])
        relations.add_row(Text(_relation(one)), marks.named(end, found), said_by)
    return relations


def _relation(one: Json) -> str:
    """Return a relation's name with its qualifiers."""
    said = [
        shortened(f"{key} {cut(value_in_words(value))}", _QUALIFIER)
        for key, value in one["qualifiers"].items()
    ]
    return f"{one['rel']} ({', '.join(said)})" if said else str(one["rel"])


def _order(one: Json) -> tuple[str, int]:
    return str(one["rel"]), one["qualifiers"].get("position", 0)
