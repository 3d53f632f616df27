"""Statements written by hand: what they become, what is refused, and what is said only once."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.bundle.bundle import Bundle
from graph.bundle.keys import signer_of
from graph.errors import InputError
from graph.model.model import Grant
from graph.model.vocabulary import Kind
from graph.speaker import Speaker
from graph.store import GraphStore, StoredBundle
from ingest.formats.mentions import mention_id
from ingest.statements import AddResult, add_file
from ingest.statements.document import parse_document
from ingest.statements.draft import drafts_of
from ingest.statements.ingest import read_drafts

PAPER = "arxiv:2512.05356"


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(text: str, name: str = "statements.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def stored(store: GraphStore, added: AddResult, k: int = 0) -> StoredBundle:
    found = store.bundles_by_id([added.appended[k]]).get(added.appended[k])
    assert found
    return found


def body(bundle: Bundle) -> Any:
    assert bundle.body_bytes
    return json.loads(bundle.body_bytes)


def as_person(speaker: Speaker) -> Speaker:
    """The speaker where its key is a person's."""
    return replace(speaker, by=f"person:{speaker.signer.key}")


def test_an_idea_and_where_it_came_from(store: GraphStore, speaker: Speaker, write: Any) -> None:
    path = write("""
statements:
  - by: person
    nodes:
      - {id: "#idea", kind: idea, title: Ask the reader, year: 2026}
    edges:
      - {from: "#idea", rel: wasDerivedFrom, to: "https://arxiv.org/abs/2512.05356", subtype: source}
      - from: "#idea"
        rel: wasAttributedTo
        to: {name: " Jane  Doe ", on: arXiv:2512.05356}
        role: conceptualization
""")
    added = add_file(store, as_person(speaker), path)
    assert (len(added.appended), added.unchanged, added.log_size) == (1, 0, 1)
    bundle = stored(store, added).bundle
    assert bundle.header
    assert bundle.header.by == f"person:{speaker.signer.key}"
    assert body(bundle) == {
        "words": 1,
        "salt": bundle.body.salt if bundle.body else None,
        "nodes": [{"id": "#idea", "kind": "idea", "title": "Ask the reader", "year": 2026}],
        "edges": [
            {
                "from": "#idea",
                "rel": "wasAttributedTo",
                "to": mention_id(PAPER, b"Jane  Doe"),
                "role": "conceptualization",
            },
            {"from": "#idea", "rel": "wasDerivedFrom", "to": PAPER, "subtype": "source"},
        ],
    }
    (idea,) = store.list_ids(Kind.IDEA, limit=2)
    assert store.things([idea])[idea].title == "Ask the reader"


def test_the_same_in_json_is_the_same(store: GraphStore, speaker: Speaker, write: Any) -> None:
    yaml = write('nodes: [{id: "#a", kind: result, title: x, metrics: {loss: 0.30}}]')
    value = {"nodes": [{"id": "#a", "kind": "result", "title": "x", "metrics": {"loss": 0}}]}
    text = json.dumps(value).replace('"loss": 0', '"loss": 0.30')
    assert len(add_file(store, speaker, yaml).appended) == 1
    assert add_file(store, speaker, write(text, "statements.json")).unchanged == 1


def test_what_looks_like_something_else_stays_text(write: Any) -> None:
    path = write("""
nodes:
  - id: "#a"
    kind: run
    name: 2026-11-20
    title: no
    note: 1e3
    text: 007
    started: 2026-11-20T12:00:00Z
    year: 2026
    retracted: true
    seed: 42
    date: 2026
    params: {alpha: 0.30, on: yes, "off": "null", beta: 1E+05}
    metrics: [{name: loss, value: 1, step: 3}, {name: auc, value: 0.9300}, {name: 1E+05, value: 1E+05}]
    keywords: [b, a, b]
""")
    (draft,) = read_drafts(path)
    assert draft.body.nodes[0].attributes == {
        "name": "2026-11-20",
        "title": "no",
        "note": "1e3",
        "text": "007",
        "started": "2026-11-20T12:00:00Z",
        "year": 2026,
        "retracted": True,
        "seed": "42",
        "date": "2026",
        "params": [
            {"name": "alpha", "value": "0.30"},
            {"name": "beta", "value": "1E+05"},
            {"name": "off", "value": "null"},
            {"name": "on", "value": "yes"},
        ],
        "metrics": [
            {"name": "1E+05", "value": "1e5"},
            {"name": "auc", "value": "0.9300"},
            {"name": "loss", "value": "1", "step": 3},
        ],
        "keywords": ["a", "b"],
    }


def test_qualifiers_take_their_forms(write: Any) -> None:
    path = write("""
nodes: [{id: "#a", kind: idea, title: "e\\u0301"}]
edges:
  - from: "#a"
    rel: wasAttributedTo
    to: ORCID:0000-0002-1825-0097
    score: 1
    evidence: [https://doi.org/10.1000/ABC, "#a"]
    verified_by: {name: Wei Li, on: doi:10.1000/ABC, nth: 2}
""")
    (draft,) = read_drafts(path)
    assert draft.body.nodes[0].attributes["title"] == "\u00e9"
    (edge,) = draft.body.edges
    assert edge.target == "orcid:0000-0002-1825-0097"
    assert edge.qualifiers == {
        "score": "1",
        "evidence": ["#a", "doi:10.1000/abc"],
        "verified_by": mention_id("doi:10.1000/abc", "Wei Li", 2),
    }


def test_adding_again_adds_nothing(store: GraphStore, speaker: Speaker, write: Any) -> None:
    path = write('- nodes: [{id: "#a", kind: idea}]\n- nodes: [{id: "#b", kind: claim, text: b}]')
    assert len(add_file(store, speaker, path).appended) == 2
    again = add_file(store, speaker, path)
    assert (again.appended, again.unchanged, again.log_size) == ((), 2, 2)
    more = write('- nodes: [{id: "#a", kind: idea}]\n- nodes: [{id: "#c", kind: claim}]')
    assert (len(add_file(store, speaker, more).appended), store.checkpoint().size) == (1, 3)


def test_a_file_that_says_a_thing_twice_says_it_once(
    store: GraphStore, speaker: Speaker, write: Any
) -> None:
    path = write('- nodes: [{id: "#a", kind: idea}]\n- nodes: [{id: "#a", kind: idea}]')
    added = add_file(store, speaker, path)
    assert (len(added.appended), added.unchanged) == (1, 1)


def test_another_author_may_say_the_same(store: GraphStore, speaker: Speaker, write: Any) -> None:
    path = write('nodes: [{id: "#a", kind: idea}]')
    add_file(store, speaker, path)
    signer = signer_of(b"\x08" * 32)
    other = replace(speaker, signer=signer, by=f"person:{signer.key}")
    assert len(add_file(store, other, path).appended) == 1


def test_what_was_retracted_may_be_said_again(
    store: GraphStore, speaker: Speaker, write: Any
) -> None:
    idea = write('nodes: [{id: "#a", kind: idea}]', "idea.yaml")
    first = add_file(store, speaker, idea)
    retraction = write(f'answers: {{retracts: "{first.appended[0]}"}}')
    second = add_file(store, speaker, retraction)
    assert not stored(store, first).lives
    assert store.list_ids(Kind.IDEA, limit=1) == []
    assert add_file(store, speaker, retraction).unchanged == 1
    third = add_file(store, speaker, idea)
    assert len(third.appended) == 1
    assert third.log_size == second.log_size + 1


def test_answers_with_the_same_empty_body_are_told_apart(
    store: GraphStore, speaker: Speaker, write: Any
) -> None:
    first, second = ("sha256:" + digit * 64 for digit in "01")
    path = write(f'- answers: {{disputes: "{first}"}}\n- answers: [[disputes, "{second}"]]\n')
    assert len(add_file(store, speaker, path).appended) == 2
    assert add_file(store, speaker, path).unchanged == 2
    other = write(f'answers: [{{supports: "{first}"}}, {{supports: "{second}"}}]')
    added = add_file(store, speaker, other)
    header = stored(store, added).bundle.header
    assert header
    assert {answer.target for answer in header.answers} == {first, second}


def test_an_answer_has_a_reason_and_what_was_retracted_is_restored(
    store: GraphStore, speaker: Speaker, write: Any
) -> None:
    first = add_file(store, speaker, write('nodes: [{id: "#a", kind: idea}]'))
    target = first.appended[0]
    retraction = write(f'reason: "It was  wrong."\nanswers: {{retracts: "{target}"}}')
    second = add_file(store, speaker, retraction)
    answer = stored(store, second).bundle.body
    assert answer
    assert answer.reason == "It was  wrong."
    assert not stored(store, first).lives
    assert add_file(store, speaker, retraction).unchanged == 1
    other = write(f'reason: Another.\nanswers: {{retracts: "{target}"}}')
    assert len(add_file(store, speaker, other).appended) == 1
    add_file(store, speaker, write(f'answers: {{restores: "{target}"}}'))
    assert stored(store, first).lives
    add_file(store, speaker, write(f'answers: {{erases: "{target}"}}'))
    assert stored(store, first).is_erased


def test_an_answer_twice_is_one_answer(store: GraphStore, speaker: Speaker, write: Any) -> None:
    target = "sha256:" + "0" * 64
    path = write(
        f'answers: [{{disputes: "{target}"}}, [disputes, "{target}"], {{retracts: "{target}"}}]'
    )
    header = stored(store, add_file(store, speaker, path)).bundle.header
    assert header
    assert [answer.verb for answer in header.answers] == ["disputes", "retracts"]


@pytest.mark.parametrize("verb", ["retracts", "supersedes", "erases", "restores", "disputes"])
def test_a_grant_is_ended_and_not_retracted(
    verb: str, store: GraphStore, speaker: Speaker, write: Any
) -> None:
    other = signer_of(b"\x08" * 32)
    grants = Grant(other.key, "say")
    made = store.append(lambda view: [speaker.make_statement(view, None, grants=grants)])
    path = write(f'- nodes: [{{id: "#a", kind: idea}}]\n- answers: {{{verb}: "{made.added[0]}"}}')
    if verb == "disputes":
        assert len(add_file(store, speaker, path).appended) == 2
        return
    with pytest.raises(InputError, match=r"statement 2, answers.*colineage key end"):
        add_file(store, speaker, path)
    assert store.checkpoint().size == 1


def test_the_heads_follow_one_another(store: GraphStore, speaker: Speaker, write: Any) -> None:
    path = write('- nodes: [{id: "#a", kind: idea}]\n- nodes: [{id: "#b", kind: idea, title: b}]')
    added = add_file(store, speaker, path)
    headers = [stored(store, added, k).bundle.header for k in (0, 1)]
    assert headers[0]
    assert headers[1]
    assert (headers[0].n, headers[1].n, headers[1].prev) == (0, 1, (added.appended[0],))


BAD = {
    "alias.yaml": "line 2: expected YAML, got an alias",
    "another-key-at-the-top.yaml": "line 1, version: expected only `statements` at the top",
    "answer-contradicts.yaml": "line 1, answers: expected one of erases, restores, retracts, supersedes for sha256:000",
    "answer-no-bundle.yaml": "line 1, answers: expected the id of a bundle",
    "answer-no-pair.yaml": "line 1, answers[0]: expected a verb and the id of a bundle",
    "answer-opens.yaml": "line 1, answers: expected one of confirms",
    "answer-unknown-verb.yaml": "line 1, answers[0]: expected one of confirms",
    "described-twice.yaml": "line 4, nodes[2]: expected each thing described once in a statement",
    "edge-twice.yaml": "line 3, edges[1]: expected each edge once",
    "empty-list.yaml": "line 1, statements: expected a statement, or a list of statements, got []",
    "empty-statement.yaml": "line 1, [0]: expected at least one node, edge or answer",
    "empty-text.yaml": "line 2, nodes[0].title: expected text",
    "empty.yaml": "the file: expected a statement, or a list of statements, got None",
    "impossible-date.yaml": "line 2, nodes[0].date: expected a date like 2026-11-20",
    "item-no-object.yaml": "line 1, nodes[1]: expected names with values",
    "key-no-text.yaml": "line 1: expected a key that is text",
    "key-twice.json": "expected each key once in an object, got 'kind' again",
    "key-twice.yaml": "line 5: expected each key once, got 'title' again",
    "kind-against-id.yaml": "line 2, nodes[0].kind: expected one of work, got idea for arxiv:2512.05356",
    "label-not-quoted.yaml": "line 2, nodes[0].id: expected a value; what is not known is left out",
    "list-no-list.yaml": "line 1, nodes: expected a list",
    "lone-surrogate.json": "expected Unicode without lone surrogates",
    "mention-without-thing.yaml": "line 2, nodes[0].id: expected a name as printed",
    "mints-a-mention.yaml": "line 2, nodes[0].kind: expected a kind that a person makes",
    "mints-an-ingest.yaml": "line 2, nodes[0].kind: expected a kind that a person makes",
    "nested.json": "the file: expected at most 50 values inside each other, got more",
    "no-identifier.yaml": "line 2, nodes[0].id: expected an identifier or a label like #1, got arxiv:99",
    "no-json.json": "line 1: expected JSON, got Expecting value",
    "no-statement.yaml": "line 1, the file: expected a statement, or a list of statements",
    "no-yaml.yaml": "line 2: expected YAML",
    "not-utf-8.yaml": "the file: expected UTF-8",
    "nothing-as-value.yaml": "line 2, nodes[0].title: expected a value",
    "nul.yaml": "the file: expected YAML",
    "reason-without-answer.yaml": "line 1, reason: expected none, as nothing is answered",
    "subtype-on-another-relation.yaml": "line 2, edges[0].subtype: expected only with wasDerivedFrom",
    "tag.yaml": "line 2: expected no tags, got tag:yaml.org,2002:python/name:os.system",
    "too-deep.json": "the file: expected JSON",
    "too-deep.yaml": "expected YAML",
    "two-documents.yaml": "expected YAML, got but found another document",
    "unknown-attribute.yaml": "line 4, nodes[0].titel: expected one of title, name",
    "unknown-key.yaml": "line 2, egdes: expected one of answers, by, edges, nodes",
    "unknown-kind.yaml": "line 2, nodes[0].kind: expected one of work, version",
    "unknown-label.yaml": "line 2, edges[0].from: expected a label that this statement's nodes describe",
    "unknown-qualifier.yaml": "line 3, edges[0].colour: expected one of subtype",
    "unknown-relation.yaml": "line 3, edges[0].rel: expected one of wasGeneratedBy",
    "unknown-speaker.yaml": "line 1, by: expected person or software, got robot",
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_refused_and_nothing_said(
    name: str, store: GraphStore, speaker: Speaker, data: Path
) -> None:
    with pytest.raises(InputError) as caught:
        add_file(store, speaker, data / "statements" / "bad" / name)
    assert BAD[name] in str(caught.value)
    assert store.checkpoint().size == 0


def test_every_bad_file_is_tried(data: Path) -> None:
    assert {path.name for path in (data / "statements" / "bad").iterdir()} == set(BAD)


def test_every_fault_of_a_file_at_once_in_the_order_of_its_lines(
    store: GraphStore, speaker: Speaker, write: Any
) -> None:
    path = write("""- nodes:
    - {id: "#b", kind: thought}
    - {id: "#a", kind: idea, titel: x}
  edges:
    - {from: "#a", rel: cites, to: nothing}
- nodes: [{id: "#c", kind: idea}]
- by: robot
  nodes: 7
""")
    with pytest.raises(InputError) as caught:
        add_file(store, speaker, path)
    wheres = [fault.where for fault in caught.value.faults]
    assert wheres == [
        "line 2, [0].nodes[0].kind",
        "line 3, [0].nodes[1].titel",
        "line 5, [0].edges[0].to",
        "line 7, [2].by",
        "line 8, [2].nodes",
    ]
    assert store.checkpoint().size == 0


def test_a_file_that_is_not_there(store: GraphStore, speaker: Speaker, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.yaml can't be added"):
        add_file(store, speaker, tmp_path / "nowhere.yaml")


def test_an_installation_s_key_is_no_person(
    store: GraphStore, speaker: Speaker, write: Any
) -> None:
    """Nor is a key under a grant whatever the file says: the settings tell who speaks."""
    path = write('by: person\nnodes: [{id: "#a", kind: idea}]')
    for other in (speaker, replace(speaker, by="ai:" + "a" * 64, under="sha256:" + "0" * 64)):
        with pytest.raises(InputError, match="--as person"):
            add_file(store, other, path)
    assert store.checkpoint().size == 0


def test_a_person_lets_its_key_speak_as_software(
    store: GraphStore, speaker: Speaker, write: Any
) -> None:
    added = add_file(
        store, as_person(speaker), write('by: software\nnodes: [{id: "#a", kind: idea}]')
    )
    header = stored(store, added).bundle.header
    assert header
    assert header.by == f"software:{speaker.signer.key}"


def test_the_examples_of_the_documentation(
    store: GraphStore, speaker: Speaker, examples: Path, write: Any
) -> None:
    text = (examples.parent / "docs" / "statements.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        assert len(add_file(store, as_person(speaker), write(block)).appended) == 1


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["#a", PAPER, "idea", "cites", "person", "retracts", "0.5", "\ud800", "a\0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "statements",
                    "by",
                    "nodes",
                    "edges",
                    "answers",
                    "id",
                    "kind",
                    "from",
                    "rel",
                    "to",
                    "title",
                    "params",
                    "score",
                    "evidence",
                    "name",
                    "on",
                    "nth",
                    "keywords",
                    "metrics",
                    "verified_by",
                    "retracts",
                    "restores",
                    "reason",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)
_STATEMENTS = st.fixed_dictionaries(
    {},
    optional={
        "by": _VALUES,
        "nodes": st.lists(_VALUES, max_size=3) | _VALUES,
        "edges": st.lists(
            st.fixed_dictionaries(
                {"from": st.just(PAPER), "rel": st.just("cites"), "to": st.just(PAPER)},
                optional={"text": _VALUES, "evidence": _VALUES, "x": _VALUES},
            )
            | _VALUES,
            max_size=3,
        ),
        "answers": _VALUES,
        "reason": _VALUES,
    },
)


@given(_STATEMENTS | _VALUES)
def test_no_json_leads_to_anything_but_drafts_or_faults(value: Any) -> None:
    document, faults = parse_document(json.dumps(value).encode(), is_json=True)
    assert (document is None) == bool(faults)
    if document:
        drafts, found = drafts_of(document)
        assert bool(drafts) != bool(found)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_lead_to_anything_but_a_document_or_faults(data: bytes) -> None:
    document, faults = parse_document(data, is_json=False)
    assert (document is None) == bool(faults)
    if document:
        drafts, found = drafts_of(document)
        assert bool(drafts) != bool(found)
