"""The statements in examples/ say only what their sources say: quotes are looked up, ids exist."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.model.vocabulary import Activity, Kind, Relation
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.json_lines import JsonItem, read_items
from ingest.formats.mentions import mention_id
from ingest.git import ingest_git
from ingest.mlflow import ingest_mlflow
from ingest.statements import add_file
from ingest.statements.ingest import read_drafts

PAPER = "arxiv:2512.05356"
GIT_EXPORTS = ("claude-code-transcripts.jsonl.gz", "workers-oauth-provider.jsonl.gz")


def values(path: Path) -> Iterator[Any]:
    for item in read_items(path):
        assert isinstance(item, JsonItem)
        yield item.value


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def messages(examples: Path) -> dict[str, str]:
    return {
        f"git:{value['sha']}": flat(value["message"])
        for name in GIT_EXPORTS
        for value in values(examples / "git" / name)
    }


@pytest.fixture
def abstract(examples: Path) -> str:
    papers = values(examples / "papers.jsonl.gz")
    return flat(next(value["abstract"] for value in papers if value["id"] == "2512.05356"))


def test_what_is_said_of_a_commit_is_a_quote_of_it(
    examples: Path, messages: dict[str, str]
) -> None:
    quotes = 0
    for draft in read_drafts(examples / "statements" / "ai-in-commits.yaml"):
        for edge in draft.body.edges:
            for quote in str(edge.qualifiers["text"]).split("[…]"):
                assert flat(quote).rstrip(")") in messages[edge.source], quote
                quotes += 1
            if edge.relation is Relation.CORRECTS:
                assert edge.target in messages
    assert quotes >= 14


def test_whoever_checked_is_an_author_of_that_history(
    store: GraphStore, speaker: Speaker, examples: Path
) -> None:
    for name in GIT_EXPORTS:
        ingest_git(store, speaker, examples / "git" / name)
    for draft in read_drafts(examples / "statements" / "ai-in-commits.yaml"):
        described = {node.id for node in draft.body.nodes}
        for edge in draft.body.edges:
            for key in ("verified_by", "initiative"):
                agent = edge.qualifiers.get(key)
                assert agent is None or agent in described or store.things([str(agent)])


def test_the_references_are_those_of_the_paper(examples: Path) -> None:
    (draft,) = read_drafts(examples / "statements" / "co-improvement.yaml")
    cited = [edge for edge in draft.body.edges if edge.relation is Relation.CITES]
    assert sorted(int(str(edge.qualifiers["number"])) for edge in cited) == list(range(1, 70))
    assert {edge.source for edge in cited} == {PAPER}
    by_arxiv = [edge for edge in cited if edge.target.startswith("arxiv:")]
    assert len(by_arxiv) == 32
    for edge in by_arxiv:
        printed, number = str(edge.qualifiers["text"]), edge.target.removeprefix("arxiv:")
        assert number in printed
    for node in draft.body.nodes:
        if node.kind is Kind.WORK:
            assert str(node.attributes["title"]) in str(node.attributes["text"])
            year = node.attributes.get("year")
            assert year is None or str(year) in str(node.attributes["text"])


def test_the_idea_is_that_of_the_abstract(examples: Path, abstract: str) -> None:
    (draft,) = read_drafts(examples / "statements" / "co-improvement.yaml")
    (quoted,) = [
        str(edge.qualifiers["text"])
        for edge in draft.body.edges
        if edge.qualifiers.get("subtype") == "inspiration"
    ]
    assert flat(quoted) in abstract
    activities = [
        node.attributes["activity"] for node in draft.body.nodes if "activity" in node.attributes
    ]
    assert sorted(map(str, activities)) == sorted(Activity)


def test_the_ideas_lead_to_people_and_works(
    store: GraphStore, speaker: Speaker, examples: Path
) -> None:
    add_file(store, speaker, examples / "statements" / "co-improvement.yaml")
    ideas = store.things(store.list_ids(Kind.IDEA, limit=20))
    titles = {thing.title: name for name, thing in ideas.items()}
    assert len(titles) == 8
    out = store.adjacent([titles["Co-improvement"]], outgoing=True)
    assert {a.edge.target for a in out if a.edge.relation is Relation.WAS_ATTRIBUTED_TO} == {
        mention_id(PAPER, "Jason Weston"),
        mention_id(PAPER, "Jakob Foerster"),
    }
    kind = store.adjacent([titles["Self-evaluation, self-reward"]], outgoing=True)
    sources = {a.edge.target for a in kind if a.edge.relation is Relation.WAS_DERIVED_FROM}
    assert {PAPER, "arxiv:2401.10020", "arxiv:2212.08073"} < sources
    assert len(sources) == 4


def test_adding_the_examples_again_adds_nothing(
    store: GraphStore, speaker: Speaker, examples: Path
) -> None:
    for name in ("co-improvement.yaml", "ai-in-commits.yaml"):
        first = add_file(store, speaker, examples / "statements" / name)
        again = add_file(store, speaker, examples / "statements" / name)
        assert again.appended == ()
        assert again.log_size == first.log_size


def test_the_things_worth_a_look_are_there(
    store: GraphStore, speaker: Speaker, examples: Path
) -> None:
    for name in GIT_EXPORTS:
        ingest_git(store, speaker, examples / "git" / name)
    ingest_mlflow(store, speaker, examples / "mlflow")
    readme = (examples / "README.md").read_text()
    named = set(re.findall(r"`((?:git:|mlflow:0/)[0-9a-f]+)`", readme))
    assert len(named) == 5
    assert set(store.things(sorted(named))) == named


def test_the_readme_names_every_file_with_its_licence(examples: Path) -> None:
    readme = (examples / "README.md").read_text()
    rows = [line for line in readme.splitlines() if line.startswith("| `")]
    for path in [*examples.glob("*.gz"), *examples.glob("*/*.gz"), *examples.glob("*/*.yaml")]:
        name = path.relative_to(examples).as_posix()
        (row,) = [row for row in rows if row.startswith(f"| `{name}`")]
        assert re.search(r"CC0-1.0|MIT|Apache-2.0", row)
    assert sum(path.stat().st_size for path in examples.rglob("*") if path.is_file()) < 4_000_000


def test_no_address_of_a_person_is_in_the_histories(examples: Path) -> None:
    for name in GIT_EXPORTS:
        for value in values(examples / "git" / name):
            for address in re.findall(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", json.dumps(value)):
                assert re.match(
                    r"redacted@|noreply@|git@|.*@users\.noreply|cursoragent@", address
                ), address
