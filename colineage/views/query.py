"""Views of the commands that query the graph: counts, facts, search results, lineage, contributors."""

from collections.abc import Mapping
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from colineage.output import Json
from colineage.safe_text import sanitize_line, shorten
from colineage.views.attribution import Footnotes, attribution_words
from colineage.views.layout import (
    NOT_RECORDED,
    TITLE_LENGTH,
    cut_hashes,
    heading,
    log_rows,
    pairs,
    table,
    title_and_id,
)
from graph.queries.attribution_text import attribution_rows

_MAX_QUALIFIER_LENGTH: Final = 60
_MAX_ANSWERS: Final = 10
_RELATION_TEXT: Final = {"wasAttributedTo": "named as author", "wasAssociatedWith": "took part"}
_FIRST_ATTRIBUTES: Final = ("title", "name", "text")
_NATURES: Final = {
    "person": "person",
    "ai": "AI",
    "software": "software",
    "organization": "organisation",
}


def stats_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage stats`."""
    counts = table("things", "count", numbers=["count"])
    for kind, number in answer["nodes"].items():
        counts.add_row(kind, f"{number:,}")
    edges = table("relations", "count", numbers=["count"])
    for relation, number in answer["edges"].items():
        edges.add_row(relation, f"{number:,}")
    return Group(counts, Text(), edges, Text(), pairs(log_rows(answer["log"])))


def show_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage show`."""
    if "bundle" in answer:
        return bundle_view(answer)
    footnotes = Footnotes(answer)
    parts: list[RenderableType] = [
        heading(answer["title"]),
        Text(f"{answer['kind'] or 'kind ' + NOT_RECORDED}  {answer['id']}"),
        *(Text(f"! {sanitize_line(word)}", style="bold red") for word in answer["warnings"]),
        Text(),
    ]
    if answer["shown"] is None:
        parts.append(Text("Nobody describes it: it is only named by others.", style="dim"))
    else:
        parts.append(_description_pairs(answer["shown"], answer["attributions"]))
    for description in answer["also"]:
        parts += [
            Text(),
            heading("also stated"),
            _description_pairs(description, answer["attributions"]),
        ]
    for side, words in (("out", "relations from it"), ("in", "relations to it")):
        if answer[side]["total"]:
            parts += [Text(), heading(f"{words}: {answer[side]['total']:,}")]
            parts.append(_relations(answer, side, footnotes))
            rest = answer[side]["total"] - len(answer[side]["first"])
            if rest:
                parts.append(Text(f"and {rest:,} more (--limit)", style="dim"))
    return Group(*parts, *footnotes.legend())


def bundle_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage show` for the id of a bundle."""
    bundle, footnotes = answer["bundle"], Footnotes(answer)
    answers = "".join(
        footnotes.for_bundles([name]).plain for name in bundle["answered_by"][:_MAX_ANSWERS]
    )
    rest = len(bundle["answered_by"][_MAX_ANSWERS:])
    rows = [
        ("bundle", bundle["id"]),
        ("is", attribution_words(bundle["attribution"])),
        *attribution_rows(bundle["attribution"]),
        ("position", f"{bundle['position']:,}"),
        ("counts", "yes" if bundle["counts"] else "no"),
        ("lives", "yes" if bundle["lives"] else "no"),
        ("answered by", (answers or "nobody") + (f" +{rest:,}" if rest else "")),
        ("header", bundle["header"]),
        *([("body", bundle["body"])] if bundle["body"] is not None else []),
        *([("says nothing", bundle["says_nothing"])] if bundle["says_nothing"] else []),
    ]
    return Group(pairs(rows), *footnotes.legend())


def search_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage search`."""
    if not answer["results"]:
        return Text(f"Nothing here holds every word of: {sanitize_line(answer['text'])}")
    footnotes = Footnotes(answer)
    results = table("kind", "id", "title", "said by")
    for result in answer["results"]:
        title = Text(shorten(result["title"], TITLE_LENGTH))
        results.add_row(
            result["kind"] or NOT_RECORDED, Text(result["id"]), title, footnotes.for_thing(result)
        )
    return Group(results, *footnotes.legend())


def lineage_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage lineage`."""
    nodes = answer["nodes"]
    titles = {
        "titles": {node["id"]: node["title"] for node in nodes},
        "titled_in": {node["id"]: node["said_in"] for node in nodes},
    }
    depths = {node["id"]: node["depth"] for node in nodes}
    up, footnotes = answer["direction"] == "up", Footnotes(answer)
    start = footnotes.title_and_mark(answer["start"], titles)
    parts: list[RenderableType] = [heading(f"What {start} {'came from' if up else 'led to'}")]
    if not answer["relations"]:
        parts.append(
            Text("Nothing is recorded." if up else "Nothing that came from it is recorded.")
        )
        return Group(*parts, *footnotes.legend())
    steps = table("step", "this", "relation", "that", "said by", numbers=["step"])
    for relation in answer["relations"]:
        step = max(depths.get(relation["from"], 0), depths.get(relation["to"], 0))
        steps.add_row(
            str(step),
            footnotes.title_and_mark(relation["from"], titles),
            Text(_relation_text(relation)),
            footnotes.title_and_mark(relation["to"], titles),
            footnotes.for_bundles(relation["bundles"]),
        )
    parts.append(steps)
    rest = sum(answer["more"].values())
    if rest:
        parts.append(Text(f"and {rest:,} more relations (--limit)", style="dim"))
    return Group(*parts, *footnotes.legend())


def who_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage who`."""
    footnotes = Footnotes(answer)
    about = Text(f"{answer['id']}  {footnotes.for_thing(answer)}")
    parts: list[RenderableType] = [heading(answer["title"]), about, Text()]
    if not answer["contributions"]:
        parts.append(Text("Nobody is recorded as a contributor."))
        return Group(*parts, *footnotes.legend())
    contributors = table("who", "is a", "did", "checked by", "said by")
    for contribution in answer["contributions"]:
        who, *rest = contribution_row(contribution, answer["titles"])
        mark, said_by = (
            footnotes.for_thing(contribution["agent"]),
            footnotes.for_bundles(contribution["relation"]["bundles"]),
        )
        contributors.add_row(Text(f"{who} {mark}"), *rest, said_by)
    parts.append(contributors)
    return Group(*parts, *footnotes.legend())


def contribution_row(
    contribution: Json, titles: Mapping[str, str]
) -> tuple[Text, Text, Text, Text]:
    """Return the cells of a contribution: agent, kind of agent, what it did, and who checked it."""
    qualifiers = contribution["relation"]["qualifiers"]
    words = ("role", "degree", "autonomy", "activity", "improves")
    did = [str(qualifiers[key]) for key in words if key in qualifiers]
    if "role" not in qualifiers:
        did.insert(
            0,
            f"{_RELATION_TEXT.get(contribution['relation']['rel'], 'took part')}, role {NOT_RECORDED}",
        )
    if "initiative" in qualifiers:
        did.append(f"proposed by {titles.get(qualifiers['initiative'], qualifiers['initiative'])}")
    if contribution["via"]:
        did.append(f"in {title_and_id(contribution['via'], titles)}")
    if "text" in qualifiers:
        did.append(f"“{shorten(qualifiers['text'], TITLE_LENGTH)}”")
    checked = qualifiers.get("verified_by")
    return (
        Text(sanitize_line(contribution["agent"]["title"])),
        Text(_NATURES.get(contribution["nature"], NOT_RECORDED)),
        Text(sanitize_line(", ".join(did))),
        Text(sanitize_line(titles.get(checked, checked)) if checked else NOT_RECORDED),
    )


def _description_pairs(description: Json, attributions: Json) -> RenderableType:
    attributes = description["attributes"]
    keys = sorted(attributes, key=lambda key: (key not in _FIRST_ATTRIBUTES, key))
    rows = [(key, value_text(attributes[key])) for key in keys]
    attribution = (
        attribution_words(attributions[description["bundle"]])
        if description["bundle"] in attributions
        else NOT_RECORDED
    )
    return pairs([*rows, ("stated by", attribution), ("said in", description["bundle"])])


def value_text(value: object) -> str:
    """Return an attribute's value as text; a list on one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value_text(item) for item in value)
    if isinstance(value, Mapping) and "text" in value and "name" not in value:  # a reference
        return f"[{value.get('position')}] {value['text']}"
    if isinstance(value, Mapping):
        rest = " ".join(str(value[key]) for key in ("value", "unit") if key in value)
        return f"{value.get('name')} = {rest}" if rest else str(value.get("name"))
    return str(value)


def _relations(answer: Json, side: str, footnotes: Footnotes) -> RenderableType:
    relations = table("relation", "with", "said by")
    for relation in sorted(answer[side]["first"], key=_relation_sort_key):
        end = relation["to"] if side == "out" else relation["from"]
        said_by = footnotes.for_bundles(relation["bundles"])
        relations.add_row(
            Text(_relation_text(relation)), footnotes.title_and_mark(end, answer), said_by
        )
    return relations


def _relation_text(relation: Json) -> str:
    """Return a relation's name with its qualifiers."""
    qualifiers = [
        shorten(f"{key} {cut_hashes(value_text(value))}", _MAX_QUALIFIER_LENGTH)
        for key, value in relation["qualifiers"].items()
    ]
    return f"{relation['rel']} ({', '.join(qualifiers)})" if qualifiers else str(relation["rel"])


def _relation_sort_key(relation: Json) -> tuple[str, int]:
    return str(relation["rel"]), relation["qualifiers"].get("position", 0)
