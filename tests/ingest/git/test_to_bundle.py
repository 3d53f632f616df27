"""From a commit to its record."""

import pytest

from graph.model.vocabulary import AgentNature
from ingest.formats.mentions import mention_id
from ingest.git.ai_recognition import Machine
from ingest.git.commit import Commit, Person
from ingest.git.contributions import CommitContribution
from ingest.git.to_bundle import commit_bundle, name_bundle, names_on, without_mail

ROOT, PARENT, SHA = "0" * 40, "1" * 40, "2" * 40


def test_a_commit_is_a_version_of_its_parents_by_those_it_names() -> None:
    message = (
        "Add a thing\n\nBecause.\n\nCo-authored-by: Claude Opus 4.5 <noreply@anthropic.com>\n"
        "Reviewed-by: Ann Lee <ann@example.org>"
    )
    author = Person("Jane Doe", "jane@example.org")
    commit = Commit(SHA, (PARENT, ROOT, PARENT), author, author, "2026-01-02T03:04:05Z", message)
    bundle = commit_bundle(commit, ROOT, {})
    assert bundle.header
    assert bundle.header.source
    assert (bundle.header.by, bundle.header.at) == ("source:git", "2026-01-02T03:04:05Z")
    assert bundle.header.source.uri == f"git:{SHA}"
    assert bundle.header.source.mapping == "git-commit/100"
    assert bundle.body
    jane, claude, ann = (
        mention_id(f"git:{ROOT}", name) for name in ("Jane Doe", "Claude Opus 4.5", "Ann Lee")
    )
    assert [node.to_json() for node in bundle.body.nodes] == [
        {
            "id": f"git:{SHA}",
            "kind": "version",
            "date": "2026-01-02",
            "repository": f"git:{ROOT}",
            "message": "Add a thing\n\nBecause.\n\nCo-authored-by: Claude Opus 4.5\nReviewed-by: Ann Lee",
        }
    ]
    edges = [edge.to_json() for edge in bundle.body.edges]
    by = [edge for edge in edges if edge["rel"] == "wasAttributedTo"]
    assert sorted(by, key=lambda edge: int(edge["position"])) == [
        {
            "from": f"git:{SHA}",
            "rel": "wasAttributedTo",
            "to": jane,
            "position": 1,
            "role": "software",
            "degree": "lead",
            "method": "author",
        },
        {
            "from": f"git:{SHA}",
            "rel": "wasAttributedTo",
            "to": claude,
            "position": 2,
            "role": "software",
            "degree": "supporting",
            "method": "Co-authored-by trailer",
            "verified_by": ann,
        },
        {
            "from": f"git:{SHA}",
            "rel": "wasAttributedTo",
            "to": ann,
            "position": 3,
            "role": "validation",
            "method": "Reviewed-by trailer",
        },
    ]
    assert [edge for edge in edges if edge["rel"] == "wasDerivedFrom"] == [
        {
            "from": f"git:{SHA}",
            "rel": "wasDerivedFrom",
            "to": f"git:{parent}",
            "subtype": "revision",
        }
        for parent in (ROOT, PARENT)
    ]


def test_a_commit_without_a_message() -> None:
    commit = Commit(SHA, (), Person("Jane"), None, "2026-01-02T03:04:05Z", " \n")
    bundle = commit_bundle(commit, SHA, {})
    assert bundle.body
    assert "message" not in bundle.body.nodes[0].attributes


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (None, {}),
        (Machine(AgentNature.SOFTWARE), {"agent": "software"}),
        (Machine(AgentNature.AI), {"agent": "ai", "known": "self-reported"}),
        (
            Machine(AgentNature.AI, model="GPT-5", tool="aider"),
            {"agent": "ai", "known": "self-reported", "model": "GPT-5", "tool": "aider"},
        ),
    ],
)
def test_a_name_has_a_record_of_its_own(machine: Machine | None, said: dict[str, str]) -> None:
    contribution = CommitContribution("Jane Doe", machine, None, None, "author")
    bundle = name_bundle(contribution, ROOT, machine, "2026-01-02T03:04:05Z")
    identifier = mention_id(f"git:{ROOT}", "Jane Doe")
    assert bundle.header
    assert bundle.header.source
    at = "2026-01-02T03:04:05Z"
    assert (bundle.header.at, bundle.header.source.uri) == (at, identifier)
    assert bundle.body
    (node,) = bundle.body.nodes
    assert node.to_json() == {"id": identifier, "kind": "mention", "name": "Jane Doe"} | said


def test_a_name_that_is_too_long_is_cut_and_known_by_all_of_it() -> None:
    long = "word " * 1000 + "end"
    commit = Commit(SHA, (), Person(long), None, "2026-01-02T03:04:05Z", "x")
    [name] = names_on(commit, ROOT, {})
    body = name.to_record().body
    assert body
    [node] = body.nodes
    assert (name.id, node.id) == (mention_id(f"git:{ROOT}", long),) * 2
    assert (node.attributes["name"], node.attributes["cut"]) == ("word " * 818 + "word", True)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Signed-off-by: Jane Doe <jane@example.org>", "Signed-off-by: Jane Doe"),
        ("ask jane.doe+x@mail.example.org, please", "ask [e-mail left out], please"),
        ("a <77+j@users.noreply.github.com> b", "a b"),
        ("github-actions[bot]@users.noreply.github.com", "[e-mail left out]"),
        ("git clone git@github.com:a/b.git", "git clone git@github.com:a/b.git"),
        ("@cloudflare/workers-oauth-provider@0.10.3", "@cloudflare/workers-oauth-provider@0.10.3"),
        ("mail: jane@example.org: gone", "mail: [e-mail left out]: gone"),
    ],
)
def test_no_address_is_kept(text: str, kept: str) -> None:
    assert without_mail(text) == kept


@pytest.mark.parametrize("piece", ["a@", " ", "<", "<a@", "a.", "a@a.", "é"])
def test_a_message_of_any_length_is_cleaned_in_time(piece: str) -> None:
    # Quadratic, a megabyte took an hour: the test's own time-out would end it.
    assert without_mail(f"<{piece * 2**19}x").startswith("<")
