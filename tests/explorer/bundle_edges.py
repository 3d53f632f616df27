"""Bundles at the edge of each rule of docs/bundle.md, sections 1 to 4: what just keeps it, and what just doesn't."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from tests.explorer.bundle_drafts import (
    ADA,
    ANSWER,
    END,
    GOOD,
    GRANT,
    IDEA,
    LATER,
    LATER_KEY,
    NAME,
    OTHER,
    PAPER,
    RUN,
    SAID,
    SALT,
    SERVED,
    TRIED,
    ZED,
    Case,
    Draft,
    Json,
    case,
    drop,
    put,
)
from tests.explorer.edge_texts import HASH, HEX64, IDS, OTHERS, SHORT, TEXTS


def each_rule() -> Iterator[Case]:
    """The cases at the edges of each rule, the same each time."""
    for rule, draft in GOOD.items():
        yield case(rule, draft)
    for part in _PARTS:
        yield from part()


_KINDS_BY_SCHEME: Final = {
    "arxiv": "work",
    "doi": "dataset",
    "orcid": "person",
    "ror": "organization",
    "openalex": "work",
    "git": "version",
    "swh": "version",
    "sha256": "file",
    "mlflow": "run",
    "source": "software",
    "repository": "code",
    "mention": "mention",
}


def _node_of(text: str) -> Draft:
    kind = _KINDS_BY_SCHEME.get(text.split(":")[0], text.split(":")[0])
    return replace(ANSWER, body={"words": 1, "salt": SALT, "nodes": [{"id": text, "kind": kind}]})


def _edge_of(source: str, relation: str, target: str) -> Draft:
    edge = {"from": source, "rel": relation, "to": target}
    return replace(ANSWER, body={"words": 1, "salt": SALT, "edges": [edge]})


def _ids() -> Iterator[Case]:
    for form, texts in IDS.items():
        for text in texts:
            rule = "any-id" if form == "any-id" else f"id: {form}"
            yield case(rule, _node_of(text))
            yield case(rule, _edge_of(IDEA, "cites", text))
    for version in ("v2", "v0", "v", "v2v2", "v999999999"):
        for subject in (PAPER, "arxiv:solv-int/9901001", "arxiv:9999", "doi:10.1000/x"):
            node = {"id": subject + version, "kind": "version"}
            yield case("a record's own", _record_of(subject, node))
    for subject in (PAPER, f"{PAPER}v2", "doi:10.1000/a/b", "idea:x", NAME, "source:arxiv"):
        yield case(
            "a record's own",
            _record_of(subject, {"id": f"mention:{subject}/{HEX64}", "kind": "mention"}),
        )
        yield case(
            "a record's own",
            _record_of(PAPER, {"id": f"mention:{subject}/{HEX64}", "kind": "mention"}),
        )
        yield case("a record's own", _record_of(subject, {"id": subject, "kind": "mention"}))
        yield case("a record's own", _record_of(subject, {"id": PAPER, "kind": "work"}))


def _record_of(subject: str, *nodes: Json) -> Draft:
    draft = SERVED.changed(put("source", "uri", value=subject))
    return replace(draft, body={"words": 1, "nodes": list(nodes)})


def _any_ids() -> Iterator[Case]:
    for text in (*IDS["any-id"], *IDS["source"], *IDS["name"]):
        yield case("any-id", ANSWER.changed(put("by", value=text)))
        yield case("any-id", _record_of(text))
        yield case("any-id", SERVED.changed(put("by", value=text)))


_PLACES: Final[Mapping[str, tuple[tuple[Draft, bool, tuple[str | int, ...]], ...]]] = {
    "at": (
        *((SAID, True, ("at",)), (SERVED, True, ("at",)), (SAID, False, ("nodes", 2, "started"))),
        (SAID, False, ("edges", 4, "at")),
    ),
    "date": ((SAID, False, ("nodes", 3, "date")),),
    "decimal": (
        (SAID, False, ("edges", 2, "score")),
        (SAID, False, ("nodes", 4, "metrics", 1, "value")),
    ),
    "hash": (
        *((ANSWER, True, ("under",)), (SAID, True, ("prev", 0)), (RUN, True, ("vouches", 0))),
        *((END, True, ("ends", 0)), (END, True, ("ends", 1)), (ANSWER, True, ("answers", 0, 1))),
        *((SERVED, True, ("body",)), (SAID, True, ("body",)), (LATER, True, ("body",))),
    ),
    "key": ((GRANT, True, ("grants", 0)), (LATER_KEY, True, ("key",))),
    "label": ((RUN, True, ("mints", 0, 0)),),
    "verb": ((ANSWER, True, ("answers", 0, 0)), (GRANT, True, ("grants", 1))),
    "any-kind": ((SAID, True, ("mints", 2, 1)),),
    "mapping": ((SERVED, True, ("source", "mapping")),),
    "salt": ((ANSWER, False, ("salt",)),),
    "words in a set": (
        *((SAID, False, ("edges", 2, "subtype")), (SAID, False, ("edges", 0, "degree"))),
        *((SAID, False, ("edges", 3, "autonomy")), (SAID, False, ("nodes", 1, "agent"))),
        (SAID, False, ("nodes", 1, "known")),
    ),
    "text": (
        *((SAID, False, ("nodes", 0, "title")), (SERVED, True, ("source", "licence"))),
        *((ANSWER, False, ("reason",)), (SAID, True, ("beside",)), (LATER, True, ("weather", 0))),
    ),
}  # fmt: skip


def _at(draft: Draft, is_header: bool, path: tuple[str | int, ...], value: object) -> Draft:
    change = put(*path, value=value)
    return draft.changed(change) if is_header else draft.changed(None, change)


def _texts() -> Iterator[Case]:
    for form, places in _PLACES.items():
        for draft, is_header, path in places:
            for text in TEXTS[form]:
                yield case(f"text: {form}", _at(draft, is_header, path, text))
    for text in SHORT:
        yield case("4,096 bytes", SAID.changed(None, put("nodes", 0, "title", value=text)))
        yield case("4,096 bytes", SAID.changed(None, put("nodes", 0, "name", value=text)))
        yield case("4,096 bytes", SAID.changed(None, put("nodes", 0, "abstract", value=text)))
        yield case("4,096 bytes", ANSWER.changed(None, put("reason", value=text)))
        yield case("4,096 bytes", SAID.changed(None, put("edges", 0, "name", value=text)))


_ANY_PLACES: Final = (
    *((SAID, True, (key,)) for key in ("v", "by", "at", "key", "n", "prev", "under", "mints")),
    *((SAID, True, (key,)) for key in ("vouches", "answers", "grants", "ends", "source", "beside")),
    *((SERVED, True, (key,)) for key in ("v", "at", "by", "body", "source", "beside", "key", "n")),
    *((SERVED, True, ("source", key)) for key in ("uri", "mapping", "licence", "beside")),
    *((LATER, True, (key,)) for key in ("v", "body", "at", "source", "beside", "key", "grants")),
    *((LATER_KEY, True, (key,)) for key in ("at", "beside", "n", "by", "ends")),
    *((SAID, False, (key,)) for key in ("words", "nodes", "edges", "salt", "reason", "beside")),
    *((SAID, False, ("nodes", 0, key)) for key in ("id", "kind", "title", "keywords", "cut", "beside")),
    *((SAID, False, ("nodes", 0, key)) for key in ("level", "params", "metrics", "references", "answer")),
    *((SAID, False, ("edges", 3, key)) for key in ("from", "rel", "to", "evidence", "position", "beside")),
    *((SERVED, False, ("nodes", 0, "references", 0, key)) for key in ("position", "linked", "year", "x")),
    *((SAID, False, ("nodes", 4, "metrics", 1, key)) for key in ("name", "step", "unit", "x")),
)  # fmt: skip


def _others() -> Iterator[Case]:
    for draft, is_header, path in _ANY_PLACES:
        yield case(f"a value of any kind: {path[-1]}", draft)
        for value in OTHERS:
            yield case(f"a value of any kind: {path[-1]}", _at(draft, is_header, path, value))


def _keys() -> Iterator[Case]:
    """Each key left out, and each of another kind of header added."""
    for draft in GOOD.values():
        for key in draft.header:
            yield case("a key left out", draft.changed(drop(key)))
        for key in draft.body or ():
            yield case("a key left out", draft.changed(None, drop(key)))
        for other in GOOD.values():
            for key in other.header.keys() - draft.header.keys() - {"weather", "beside"}:
                value = HASH if key == "body" else other.header[key]
                yield case("a key of another", draft.changed(put(key, value=value)))


def _answers() -> Iterator[Case]:
    for pairs in (
        [["erases", HASH], ["retracts", HASH]],
        [["erases", HASH], ["retracts", OTHER]],
        [["restores", HASH], ["supersedes", HASH]],
        [["disputes", HASH], ["opens", HASH]],
        [["opens", HASH], ["restores", HASH]],
        [["disputes", HASH], ["disputes", HASH]],
        [["disputes", OTHER], ["disputes", HASH]],
        [["opens", HASH], ["disputes", HASH]],
        [["disputes"]],
        [["disputes", HASH, HASH]],
    ):
        yield case("answers", ANSWER.changed(put("answers", value=pairs)))


def _grants() -> Iterator[Case]:
    answer = replace(ANSWER, header={**ANSWER.header, "key": ADA.key})
    for name in ("person", "software", "ai"):
        for key in (ADA.key, ZED.key):
            for draft in (RUN, GRANT, answer):
                yield case("by its own key", draft.changed(put("by", value=f"{name}:{key}")))
    for heads in ([], [HASH], [HASH, HASH], [OTHER, HASH]):
        yield case("ends", END.changed(put("ends", value=[HASH, *heads])))
        yield case("ends", END.changed(put("ends", value=[[HASH], *heads])))


def _mints() -> Iterator[Case]:
    for kinds in (
        ("ingest", "idea"),
        ("ingest", "ingest"),
        ("idea", "idea"),
        ("ingests", "idea"),
        ("ingest",),
        ("idea",),
    ):
        mints = put("mints", value=[[f"#{k}", kind] for k, kind in enumerate(kinds, 1)])
        yield case("runs", RUN.changed(mints))
        yield case("runs", RUN.changed(mints).changed(drop("vouches")))
    for pairs in (
        [["#1", "idea"]] * 2,
        [["#1", "ai"], ["#1", "idea"]],
        [["#2", "ai"], ["#1", "idea"]],
        [["#10", "ai"], ["#2", "ai"]],
    ):
        yield case("mints", SAID.changed(put("mints", value=pairs)))


def _later() -> Iterator[Case]:
    named, unnamed = {"licence": None, "uri": "x"}, {"licence": None, "uri": None}
    for keys in ({}, {"grants": 1}, {"ends": 1}, {"body": 1}, {"body": None}, {"key": "x"}):
        for source in ({}, {"at": None, "source": named}, {"at": None, "source": unnamed}):
            yield case("later", Draft({"v": 3, **source, **keys}, None, None))
            yield case("later", Draft({"v": 3, "body": HASH, **source, **keys}, None, None))
    yield case("null", SERVED)
    for name in ("source.licence", "licence"):
        yield case("null", SERVED.changed(put(name, value=None)))
    yield case("null", SERVED.changed(put("source", "licence", value={"at": None})))


def _labels() -> Iterator[Case]:
    for label in ("#1", "#2", "#9", "#"):
        for path in (
            ("nodes", 1, "configuration"),
            ("edges", 1, "initiative"),
            ("edges", 5, "verified_by"),
            ("edges", 4, "to"),
        ):
            yield case("labels", SAID.changed(None, put(*path, value=label)))
        yield case("labels", SAID.changed(None, put("edges", 3, "evidence", value=[label])))
        yield case("labels", SERVED.changed(None, put("edges", 0, "to", value=label)))
        yield case("labels", SERVED.changed(None, put("nodes", 0, "answer", value=label)))
        yield case(
            "labels",
            SERVED.changed(None, put("nodes", 0, "references", 0, "linked", value=[label])),
        )
        yield case("labels", SAID.changed(None, put("nodes", 3, "id", value=label)))
    for kind in ("idea", "ai", "weather", "claim"):
        yield case("labels", SAID.changed(put("mints", 0, 1, value=kind)))
        yield case("labels", SAID.changed(None, put("nodes", 0, "kind", value=kind)))
    for mints in ([["#1", "idea"]], [*SAID.header["mints"], ["#b", "idea"]]):
        yield case("labels", SAID.changed(put("mints", value=mints)))


def _bodies() -> Iterator[Case]:
    for draft in (SAID, SERVED, RUN, ANSWER):
        for key, value in (("reason", "why"), ("salt", SALT), ("words", 2), ("weather", "fair")):
            yield case("a key of another", draft.changed(None, put(key, value=value)))
    for relation in (
        "used",
        "wasAssociatedWith",
        "wasInformedBy",
        "wasGeneratedBy",
        "cites",
        "hadMember",
    ):
        for source in ("#1", f"ingest:{HEX64}"):
            edge = {"from": source, "rel": relation, "to": f"ingest:{HEX64}"}
            yield case("a run's own", RUN.changed(None, put("edges", value=[edge])))
    for k in range(6):
        yield case("subtype", SAID.changed(None, put("edges", k, "subtype", value="revision")))
    for node in ({"id": IDEA, "kind": "idea"}, {"id": f"ingest:{HEX64}", "kind": "ingest"}):
        nodes = [*(RUN.body or {})["nodes"], node]
        yield case("a run's own", RUN.changed(None, put("nodes", value=nodes)))
    for ends in (
        ("mlflow:0/models/m", "wasGeneratedBy", "mlflow:0/a"),
        ("mlflow:0/models/m", "wasGeneratedBy", "mlflow:0/b"),
        ("mlflow:0/models/m", "cites", "mlflow:0/a"),
    ):
        own = [dict(zip(("from", "rel", "to"), ends, strict=True))]
        yield case("a record's edges", TRIED.changed(None, put("edges", value=own)))


def _orders() -> Iterator[Case]:
    for draft in (SAID, SERVED):
        for part in ("nodes", "edges"):
            items = (draft.body or {})[part]
            for k in range(len(items) - 1):
                turned = [*items[:k], items[k + 1], items[k], *items[k + 2 :]]
                yield case(f"order of {part}", draft.changed(None, put(part, value=turned)))
            yield case(
                f"order of {part}", draft.changed(None, put(part, value=[*items, items[-1]]))
            )
            yield case(f"order of {part}", draft.changed(None, put(part, value=items[:-1])))


_PARTS: Final = (
    *(
        _ids,
        _any_ids,
        _texts,
        _others,
        _keys,
        _answers,
        _grants,
        _mints,
        _later,
        _labels,
        _bodies,
        _orders,
    ),
)
