"""Every way in which a body doesn't fit, so that it says nothing: the bundle is taken all the same, and ours are refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.bundle.bundle import Bundle, body_faults, read, record, reread, statement
from graph.errors import BundleError
from graph.model.canonical import MAX_BODY_BYTES, MAX_DEPTH, canonical_bytes, digest
from graph.model.model import Answer, Body, Description, Edge, Header, RecordSource
from graph.model.vocabulary import ATTRIBUTES, Kind, Relation, Verb
from tests.graph.bundle.dishonest import (
    HASH,
    NAME,
    OTHER,
    PAPER,
    SALT,
    SERVED,
    SPOKEN,
    Change,
    changed,
    made,
    put,
    without,
)
from tests.graph.histories import ADA

IDEA = "idea:" + "3f" * 32
SAID: dict[str, Any] = {
    "words": 1,
    "nodes": [
        {"id": "#1", "kind": "idea", "title": "An idea"},
        {"id": IDEA, "kind": "idea", "title": "Another"},
        {"id": "mlflow:0/a", "kind": "run", "metrics": [{"name": "loss", "value": "0.5"}]},
    ],
    "edges": [
        {"from": "#1", "rel": "cites", "to": "arxiv:2401.00001"},
        {"from": "#1", "rel": "wasDerivedFrom", "to": IDEA, "subtype": "inspiration"},
        {"from": "mlflow:0/a", "rel": "wasAssociatedWith", "to": f"person:{ADA.key}"},
    ],
    "salt": SALT,
}
ANSWERING: dict[str, Any] = {**SPOKEN, "answers": [["corrects", HASH]]}


def faults(bundle: Bundle) -> set[str]:
    """The places of all for which a body that was taken says nothing; none where it says something."""
    found = body_faults(bundle)
    assert all(fault.expected and fault.got for fault in found)
    parts = bundle.header_bytes, bundle.body_bytes, bundle.signature
    assert bundle.header is not None
    assert bundle.body_bytes is not None
    assert bundle.is_unfit == (bundle.body is None) == bool(found)
    assert reread(*parts, is_fit=not bundle.is_unfit) == bundle
    if bundle.is_unfit:
        assert bundle.resolved_body() == Body()
    return {fault.where for fault in found}


def test_the_honest_ones_fit() -> None:
    for bundle in (made(SPOKEN, SAID, ADA), made(SERVED, PAPER, None)):
        assert faults(bundle) == set()


DISORDER = [{"name": "b", "value": "1"}, {"name": "a", "value": "1"}]
TEXT = {"position": 1, "page": 1, "text": "A. Author, A paper"}
STATEMENT_BODIES: dict[str, tuple[Change, str]] = {
    "an unknown key": (put("colour", value="red"), "body.colour"),
    "no vocabulary": (without("words"), "body.words"),
    "a later vocabulary": (put("words", value=2), "body.words"),
    "vocabulary nought": (put("words", value=0), "body.words"),
    "a vocabulary that is true": (put("words", value=True), "body.words"),
    "a vocabulary in words": (put("words", value="1"), "body.words"),
    "empty nodes": (put("nodes", value=[]), "body.nodes"),
    "empty edges": (put("edges", value=[]), "body.edges"),
    "nodes that are null": (put("nodes", value=None), "body.nodes"),
    "nodes that are an object": (put("nodes", value={}), "body.nodes"),
    "a node that is a text": (put("nodes", 0, value="x"), "body.nodes[0]"),
    "an edge that is a list": (put("edges", 0, value=[]), "body.edges[0]"),
    "no salt": (without("salt"), "body.salt"),
    "a short salt": (put("salt", value="ab"), "body.salt"),
    "a salt that is null": (put("salt", value=None), "body.salt"),
    "a salt in capitals": (put("salt", value="AB" * 16), "body.salt"),
    "a reason though nothing is answered": (put("reason", value="so"), "body.reason"),
    "nodes out of order": (lambda b: b["nodes"].reverse(), "body.nodes"),
    "a node twice": (lambda b: b["nodes"].insert(0, b["nodes"][0]), "body.nodes"),
    "edges out of order": (lambda b: b["edges"].reverse(), "body.edges"),
    "an edge twice": (lambda b: b["edges"].insert(0, b["edges"][0]), "body.edges"),
    "no id": (lambda b: b["nodes"][0].pop("id"), "body.nodes[0].id"),
    "an id that is a number": (put("nodes", 0, "id", value=1), "body.nodes[0].id"),
    "an id that is none": (put("nodes", 0, "id", value="!"), "body.nodes[0].id"),
    "an id in another form": (
        put("nodes", 0, value={"id": "doi:10.1000/X", "kind": "work"}),
        "body.nodes[0].id",
    ),
    "no kind": (lambda b: b["nodes"][0].pop("kind"), "body.nodes[0].kind"),
    "an unknown kind": (put("nodes", 0, "kind", value="notion"), "body.nodes[0].kind"),
    "a kind that is a list": (put("nodes", 0, "kind", value=[]), "body.nodes[0].kind"),
    "a kind against the id": (put("nodes", 1, "kind", value="claim"), "body.nodes[1].kind"),
    "a kind against the header": (put("nodes", 0, "kind", value="claim"), "body.nodes[0].kind"),
    "a label that the header doesn't mint": (
        lambda b: b["nodes"].insert(1, {"id": "#2", "kind": "idea"}),
        "body.nodes[1].id",
    ),
    "a minted label that no node describes": (
        lambda b: [b["nodes"].pop(0), b["edges"].pop(0), b["edges"].pop(0)],
        "body.nodes",
    ),
    "an unknown attribute": (put("nodes", 1, "colour", value="red"), "body.nodes[1].colour"),
    "an empty text": (put("nodes", 1, "text", value=""), "body.nodes[1].text"),
    "a text that is null": (put("nodes", 1, "title", value=None), "body.nodes[1].title"),
    "a text that is a number": (put("nodes", 1, "title", value=1), "body.nodes[1].title"),
    "a title of 4,097 bytes": (put("nodes", 1, "title", value="x" * 4097), "body.nodes[1].title"),
    "a name of 4,097 bytes": (
        put("nodes", 1, "name", value="ä" * 2048 + "x"),
        "body.nodes[1].name",
    ),
    "words out of order": (put("nodes", 1, "keywords", value=["b", "a"]), "body.nodes[1].keywords"),
    "a word twice": (put("nodes", 1, "keywords", value=["a", "a"]), "body.nodes[1].keywords"),
    "an empty word": (put("nodes", 1, "keywords", value=[""]), "body.nodes[1].keywords"),
    "no words": (put("nodes", 1, "keywords", value=[]), "body.nodes[1].keywords"),
    "words that are a text": (put("nodes", 1, "keywords", value="a"), "body.nodes[1].keywords"),
    "a truth in words": (put("nodes", 1, "deleted", value="yes"), "body.nodes[1].deleted"),
    "a truth that is 1": (put("nodes", 1, "deleted", value=1), "body.nodes[1].deleted"),
    "a negative integer": (put("nodes", 1, "seen", value=-1), "body.nodes[1].seen"),
    "an integer that is true": (put("nodes", 1, "seen", value=True), "body.nodes[1].seen"),
    "an impossible day": (put("nodes", 1, "date", value="2026-02-29"), "body.nodes[1].date"),
    "month 13": (put("nodes", 1, "date", value="2026-13"), "body.nodes[1].date"),
    "year nought": (put("nodes", 1, "date", value="0000"), "body.nodes[1].date"),
    "a time that is a date": (
        put("nodes", 1, "started", value="2026-01-01"),
        "body.nodes[1].started",
    ),
    "a word outside its set": (put("nodes", 1, "known", value="guessed"), "body.nodes[1].known"),
    "a word that is a list": (put("nodes", 1, "known", value=[]), "body.nodes[1].known"),
    "a metric in figures": (
        put("nodes", 2, "metrics", value=[{"name": "loss", "value": 1}]),
        "body.nodes[2].metrics",
    ),
    "a metric that is no number": (
        put("nodes", 2, "metrics", value=[{"name": "loss", "value": "low"}]),
        "body.nodes[2].metrics",
    ),
    "a metric without a value": (
        put("nodes", 2, "metrics", value=[{"name": "loss"}]),
        "body.nodes[2].metrics",
    ),
    "a metric with an unknown key": (
        put("nodes", 2, "metrics", value=[{"name": "a", "value": "1", "colour": "red"}]),
        "body.nodes[2].metrics",
    ),
    "metrics out of order": (put("nodes", 2, "metrics", value=DISORDER), "body.nodes[2].metrics"),
    "steps in the order of numbers": (
        put(
            *("nodes", 2, "metrics"),
            value=[{"name": "a", "step": step, "value": "1"} for step in (2, 10)],
        ),
        "body.nodes[2].metrics",
    ),
    "no metrics": (put("nodes", 2, "metrics", value=[]), "body.nodes[2].metrics"),
    "parameters out of order": (put("nodes", 2, "params", value=DISORDER), "body.nodes[2].params"),
    "a parameter with an empty value": (
        put("nodes", 2, "params", value=[{"name": "a", "value": ""}]),
        "body.nodes[2].params",
    ),
    "a tag without a name": (
        put("nodes", 2, "tags", value=[{"value": "a"}]),
        "body.nodes[2].tags",
    ),
    "a parameter that is a text": (put("nodes", 2, "params", value=["a"]), "body.nodes[2].params"),
    "no parameters": (put("nodes", 2, "params", value=[]), "body.nodes[2].params"),
    "references that link a label": (
        put("nodes", 1, "references", value=[{**TEXT, "linked": ["#1"]}]),
        "body.nodes[1].references",
    ),
    "references that print nothing": (
        put("nodes", 1, "references", value=[{**TEXT, "printed": []}]),
        "body.nodes[1].references",
    ),
    "references with an empty title": (
        put("nodes", 1, "references", value=[{**TEXT, "title": ""}]),
        "body.nodes[1].references",
    ),
    "no references": (put("nodes", 1, "references", value=[]), "body.nodes[1].references"),
    "an identifier that is none": (
        put("nodes", 1, "configuration", value="x"),
        "body.nodes[1].configuration",
    ),
    "a label at an end that nothing describes": (
        put("edges", 0, "to", value="#2"),
        "body.edges[0].to",
    ),
    "an attribute's label that nothing describes": (
        put("nodes", 1, "configuration", value="#2"),
        "body.nodes[1].configuration",
    ),
    "a qualifier's label that nothing describes": (
        put("edges", 0, "evidence", value=["#2"]),
        "body.edges[0].evidence",
    ),
    "an end that is none": (put("edges", 0, "to", value="nowhere"), "body.edges[0].to"),
    "an end that is a list": (put("edges", 0, "to", value=[]), "body.edges[0].to"),
    "no end": (lambda b: b["edges"][0].pop("to"), "body.edges[0].to"),
    "no start": (lambda b: b["edges"][0].pop("from"), "body.edges[0].from"),
    "no relation": (lambda b: b["edges"][0].pop("rel"), "body.edges[0].rel"),
    "an unknown relation": (put("edges", 0, "rel", value="loves"), "body.edges[0].rel"),
    "a relation that is a list": (put("edges", 0, "rel", value=[]), "body.edges[0].rel"),
    "an unknown qualifier": (put("edges", 0, "colour", value="red"), "body.edges[0].colour"),
    "an empty qualifier": (put("edges", 0, "method", value=""), "body.edges[0].method"),
    "a score in figures": (put("edges", 0, "score", value=1), "body.edges[0].score"),
    "a score in words": (put("edges", 0, "score", value="high"), "body.edges[0].score"),
    "a subtype elsewhere": (put("edges", 0, "subtype", value="revision"), "body.edges[0].subtype"),
    "an unknown subtype": (put("edges", 1, "subtype", value="theft"), "body.edges[1].subtype"),
    "evidence out of order": (
        put("edges", 0, "evidence", value=[OTHER, HASH]),
        "body.edges[0].evidence",
    ),
    "no evidence": (put("edges", 0, "evidence", value=[]), "body.edges[0].evidence"),
    "an association of no activity": (
        put("edges", 0, "rel", value="wasAssociatedWith"),
        "body.edges[0].from",
    ),
    "an association with no agent": (put("edges", 2, "to", value=IDEA), "body.edges[2].to"),
    "a generation by no activity": (
        put("edges", 0, "rel", value="wasGeneratedBy"),
        "body.edges[0].to",
    ),
}


@pytest.mark.parametrize("name", STATEMENT_BODIES)
def test_a_statement_body_says_nothing(name: str) -> None:
    change, where = STATEMENT_BODIES[name]
    bundle = made(SPOKEN, changed(SAID, change), ADA)
    assert where in faults(bundle)
    assert len(list(bundle.minted_ids())) == 1, "what its header mints exists all the same"


def test_a_kind_of_later_words_is_minted_and_not_described() -> None:
    body = changed(SAID, put("nodes", 0, "kind", value="pasture"))
    bundle = made({**SPOKEN, "mints": [["#1", "pasture"]]}, body, ADA)
    assert faults(bundle)
    assert [name.partition(":")[0] for name in bundle.minted_ids()] == ["pasture"]


@pytest.mark.parametrize("reason", ["", "x" * 4097, None, 7, ["so"]])
def test_a_reason_is_a_short_text(reason: object) -> None:
    assert faults(made(ANSWERING, {**SAID, "reason": "x" * 4096}, ADA)) == set()
    assert faults(made(ANSWERING, {**SAID, "reason": reason}, ADA)) == {"body.reason"}


FITS: dict[str, Change] = {
    "nothing but a node for each label": lambda b: [b.pop("edges"), b.update(nodes=b["nodes"][:1])],
    "a title of 4,096 bytes": put("nodes", 1, "title", value="ä" * 2048),
    "a long text": put("nodes", 1, "text", value="x" * 5000),
    "no such character yet": put("nodes", 1, "title", value="\U0001e030e\u0301"),
    "steps in the order of bytes": put(
        *("nodes", 2, "metrics"),
        value=[{"name": "a", "step": step, "value": "-0"} for step in (10, 2)],
    ),
    "parameters without a value": put("nodes", 2, "params", value=[{"name": "a"}, {"name": "b"}]),
    "ids on a list of references": put(
        *("nodes", 1, "references"),
        value=[{**TEXT, "linked": ["arxiv:2401.00001"], "printed": ["doi:10.1000/x"]}],
    ),
    "a label as a configuration": put("nodes", 1, "configuration", value="#1"),
    "a score": put("edges", 0, "score", value="1e-5"),
}


@pytest.mark.parametrize("name", FITS)
def test_a_statement_body_fits(name: str) -> None:
    assert faults(made(SPOKEN, changed(SAID, FITS[name]), ADA)) == set()


RUN: dict[str, Any] = {**SPOKEN, "mints": [["#run", "ingest"]], "vouches": [HASH]}
RAN: dict[str, Any] = {
    "words": 1,
    "nodes": [{"id": "#run", "kind": "ingest", "answer": OTHER}],
    "edges": [
        {"from": "#run", "rel": "used", "to": "arxiv:2401.00001"},
        {"from": "#run", "rel": "wasAssociatedWith", "to": f"software:{ADA.key}"},
        {"from": "#run", "rel": "wasInformedBy", "to": f"ingest:{NAME}"},
    ],
    "salt": SALT,
}
RUN_BODIES: dict[str, tuple[Change, str]] = {
    "an idea too": (
        lambda b: b["nodes"].append({"id": IDEA, "kind": "idea"}),
        "body.nodes[1].id",
    ),
    "its subject": (
        lambda b: b["nodes"].append({"id": "arxiv:2401.00001", "kind": "work"}),
        "body.nodes[1].id",
    ),
    "an edge from elsewhere": (put("edges", 0, "from", value=f"ingest:{NAME}"), "body.edges[0]"),
    "another relation": (put("edges", 0, "rel", value="cites"), "body.edges[0]"),
    "a claim to have made something": (
        put("edges", value=[{"from": IDEA, "rel": "wasGeneratedBy", "to": "#run"}]),
        "body.edges[0]",
    ),
    "nothing of itself": (lambda b: [b.pop("edges"), b.pop("nodes")], "body.nodes"),
}


@pytest.mark.parametrize("name", RUN_BODIES)
def test_the_body_of_a_run_says_nothing(name: str) -> None:
    change, where = RUN_BODIES[name]
    assert faults(made(RUN, RAN, ADA)) == set()
    assert where in faults(made(RUN, changed(RAN, change), ADA))


MADE_HERE = {"from": "mlflow:0/a", "rel": "wasGeneratedBy", "to": "arxiv:2401.00001"}
RECORD_BODIES: dict[str, tuple[Change, str]] = {
    "a salt": (put("salt", value=SALT), "body.salt"),
    "a reason": (put("reason", value="so"), "body.reason"),
    "a label": (put("nodes", 0, value={"id": "#1", "kind": "work"}), "body.nodes[0].id"),
    "a label at an end": (put("edges", 0, "to", value="#1"), "body.edges[0].to"),
    "a foreign paper": (put("nodes", 0, "id", value="arxiv:2401.00002"), "body.nodes[0].id"),
    "a longer id": (put("nodes", 0, "id", value="arxiv:2401.000011"), "body.nodes[0].id"),
    "another's mention": (
        put("nodes", 0, value={"id": f"mention:arxiv:2401.00002/{NAME}", "kind": "mention"}),
        "body.nodes[0].id",
    ),
    "a mention on a version": (
        put("nodes", 0, value={"id": f"mention:arxiv:2401.00001v1/{NAME}", "kind": "mention"}),
        "body.nodes[0].id",
    ),
    "a concept": (
        put("nodes", 0, value={"id": "concept:arxiv/cs.AI", "kind": "concept"}),
        "body.nodes[0].id",
    ),
    "an idea": (put("nodes", 0, value={"id": IDEA, "kind": "idea"}), "body.nodes[0].id"),
    "an edge from another paper": (
        put("edges", 0, "from", value="arxiv:2401.00002"),
        "body.edges[0].from",
    ),
    "what another paper was made by": (
        put("edges", 0, value={**MADE_HERE, "from": "arxiv:2401.00002", "to": "mlflow:0/a"}),
        "body.edges[0].from",
    ),
}


@pytest.mark.parametrize("name", RECORD_BODIES)
def test_a_record_body_says_nothing(name: str) -> None:
    change, where = RECORD_BODIES[name]
    assert where in faults(made(SERVED, changed(PAPER, change), None))


def test_a_record_tells_of_its_versions_its_names_and_what_it_generated() -> None:
    run = {**SERVED, "by": "source:mlflow"}
    run["source"] = {"uri": "mlflow:0/a", "mapping": "mlflow-run/1", "licence": None}
    generated = {"from": IDEA, "rel": "wasGeneratedBy", "to": "mlflow:0/a"}
    body = {"words": 1, "nodes": [{"id": "mlflow:0/a", "kind": "run"}], "edges": [generated]}
    assert faults(made(run, body, None)) == set()
    mention = f"mention:arxiv:2401.00001/{NAME}"
    paper = {
        "words": 1,
        "nodes": [
            {"id": "arxiv:2401.00001v2", "kind": "version"},
            {"id": mention, "kind": "mention"},
        ],
        "edges": [
            {"from": "arxiv:2401.00001v2", "rel": "wasAttributedTo", "to": mention},
            {"from": mention, "rel": "actedOnBehalfOf", "to": "ror:02mhbdp94"},
        ],
    }
    assert faults(made(SERVED, paper, None)) == set()


def test_a_record_may_say_nothing() -> None:
    """An empty body fits: a source may serve no more than that it has the thing."""
    assert faults(made(SERVED, {"words": 1}, None)) == set()


def test_a_slot_that_is_no_id_of_today_has_nothing_to_say() -> None:
    """A name of another form than an id is one of later words, perhaps."""
    served = {**SERVED, "source": {**SERVED["source"], "uri": "oai:arXiv.org:2401.00001"}}
    assert faults(made(served, PAPER, None)) == {"body.nodes[0].id", "body.edges[0].from"}


def unread(body: bytes) -> Bundle:
    """A statement with any bytes for its body."""
    header = canonical_bytes({**SPOKEN, "body": digest(body)})
    return read(header, body, ADA.sign(header))


@given(st.binary(max_size=40) | st.text(max_size=20).map(str.encode))
def test_a_body_of_any_bytes_is_taken(body: bytes) -> None:
    assert faults(unread(body)) != set()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff",
        b'{"nodes":[],"nodes":[],"words":1}',
        b'{ "words":1}',
        b'{"words":1.0}',
        b'{"nodes":[1.5],"words":1}',
        b'{"words":1}\n',
        b'\xef\xbb\xbf{"words":1}',
        b'{"salt":"\\u0000","words":1}',
        b'{"salt":"\\ud800","words":1}',
        b"[" * 100_000,
        b"[" * MAX_DEPTH + b"]" * MAX_DEPTH,
        *map(canonical_bytes, ([], "x", 1, None, True)),
    ],
)
def test_a_body_in_another_form_says_nothing(text: bytes) -> None:
    assert faults(unread(text)) == {"body"}


@given(st.integers(1, 40))
def test_a_deep_body_says_nothing_whatever_is_deep_in_it(depth: int) -> None:
    title: Any = "x"
    for _ in range(depth):
        title = [title]
    where = faults(made(SPOKEN, changed(SAID, put("nodes", 1, "title", value=title)), ADA))
    assert where == ({"body.nodes[1].title"} if depth + 3 <= MAX_DEPTH else {"body"})


@given(st.sampled_from(sorted(ATTRIBUTES)), st.sampled_from(["", [], {}, None, [[]], [""], [{}]]))
def test_no_attribute_is_empty(key: str, value: Any) -> None:
    where = faults(made(SPOKEN, changed(SAID, put("nodes", 1, key, value=value)), ADA))
    assert where == {f"body.nodes[1].{key}"}


# Making is judged more strictly than reading.


def spoken(**rest: Any) -> Header:
    return Header(by=f"person:{ADA.key}", at="2026-01-01T00:00:00Z", **rest)


@pytest.mark.parametrize(
    "title", ["", "x" * 4097, "a\0b", "\ud800", 1.5, float("nan"), 2**53, b"bytes", None, object()]
)
def test_a_bad_value_is_refused_when_a_bundle_is_made(title: Any) -> None:
    body = Body((Description(IDEA, Kind.IDEA, {"title": title}),))
    with pytest.raises(BundleError):
        statement(spoken(), body, ADA)


def test_a_label_is_refused_in_a_record_that_is_made() -> None:
    body = Body((Description("#1", Kind.IDEA, {}),))
    source = RecordSource("arxiv:2401.00001", "arxiv-raw/300")
    with pytest.raises(BundleError, match=r"belongs|identifier"):
        record("source:arxiv", None, source, body)


def test_a_reason_without_an_answer_is_refused_when_it_is_made() -> None:
    with pytest.raises(BundleError, match="nothing is answered"):
        statement(spoken(), Body(reason="so"), ADA)
    answers = (Answer(Verb.CORRECTS, HASH),)
    assert statement(spoken(answers=answers), Body(reason="so"), ADA).body == Body(
        reason="so", salt=ADA.salt(b'{"reason":"so","words":1}')
    )


def test_a_subtype_stays_with_its_relation_when_made() -> None:
    edge = Edge(IDEA, Relation.CITES, IDEA, {"subtype": "revision"})
    with pytest.raises(BundleError, match="wasDerivedFrom"):
        statement(spoken(), Body(edges=(edge,)), ADA)


def test_a_body_just_small_enough_is_made() -> None:
    one = Body((Description(IDEA, Kind.IDEA, {"text": "x"}),))
    room = MAX_BODY_BYTES - len(statement(spoken(), one, ADA).body_bytes or b"")
    bundle = statement(
        spoken(), Body((Description(IDEA, Kind.IDEA, {"text": "x" * (room + 1)}),)), ADA
    )
    assert len(bundle.body_bytes or b"") == MAX_BODY_BYTES
    with pytest.raises(BundleError, match="at most"):
        statement(spoken(), Body((Description(IDEA, Kind.IDEA, {"text": "x" * (room + 2)}),)), ADA)


def test_all_faults_are_told_at_once() -> None:
    body = changed(SAID, put("edges", 0, "rel", value="loves"))
    body["nodes"][1] |= {"title": "", "colour": "red", "kind": "claim"}
    assert faults(made(SPOKEN, body, ADA)) == {
        "body.nodes[1].title",
        "body.nodes[1].colour",
        "body.nodes[1].kind",
        "body.edges[0].rel",
    }


@pytest.mark.parametrize("path", [("nodes", 1, "id"), ("edges", 0, "to"), ("nodes", 1, "known")])
def test_a_long_value_is_told_shortly(path: tuple[str | int, ...]) -> None:
    bundle = made(SPOKEN, changed(SAID, put(*path, value="x" * 100_000)), ADA)
    assert all(len(fault.got) <= 160 for fault in body_faults(bundle))
