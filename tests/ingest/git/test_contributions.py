"""Who a commit says took part."""

from dataclasses import replace
from typing import Any

import pytest

from graph.model.vocabulary import AgentNature, Autonomy, Degree, Role
from ingest.git.ai_recognition import Machine, ai_from_name, recognise
from ingest.git.commit import Commit, Person
from ingest.git.contributions import (
    AI_NOT_NAMED,
    CommitContribution,
    contributions_of,
    machines_in,
)

SHA = "a" * 40


def commit(message: str = "Do it", author: str = "Jane Doe", **rest: Any) -> Commit:
    made = {"committer": None, "at": "2026-01-01T00:00:00Z", "parents": (), "sha": SHA} | rest
    return Commit(author=Person(author, made.pop("address", None)), message=message, **made)


def shown(one: CommitContribution) -> tuple[str, str | None, str | None, str]:
    nature = one.machine.nature.value if one.machine else None
    return one.name, nature, one.degree.value if one.degree else None, one.method


def test_an_author_alone() -> None:
    (one,) = contributions_of(commit())
    assert one == CommitContribution("Jane Doe", None, Role.SOFTWARE, Degree.LEAD, "author")


def test_co_authors_in_their_order_each_once() -> None:
    message = (
        "Do it\n\nCo-authored-by: John Roe <john@example.org>\n"
        "co-authored-by: Claude Opus 4.5 <noreply@anthropic.com>\n"
        "Co-Authored-By: Jane Doe <jane@example.org>\n"
        "Co-authored-by: John Roe <other@example.org>\n"
    )
    assert [shown(one) for one in contributions_of(commit(message))] == [
        ("Jane Doe", None, "lead", "author"),
        ("John Roe", None, "supporting", "Co-authored-by trailer"),
        ("Claude Opus 4.5", "ai", "supporting", "Co-authored-by trailer"),
    ]


def test_a_committer_is_named_without_a_role_and_github_is_nobody() -> None:
    one, other = contributions_of(commit(author="Claude", committer=Person("Jane Doe")))
    assert (other.name, other.role, other.method) == ("Jane Doe", None, "committer")
    assert len(contributions_of(commit(committer=Person("GitHub", "noreply@github.com")))) == 1
    assert len(contributions_of(commit(committer=Person("Jane Doe")))) == 1
    assert one.name == "Claude"


@pytest.mark.parametrize(
    ("name", "address", "model", "tool"),
    [
        ("Claude Opus 4.5", "noreply@anthropic.com", "Claude Opus 4.5", None),
        ("Claude Opus 4.7 (1M context)", None, "Claude Opus 4.7 (1M context)", None),
        ("Claude", "noreply@anthropic.com", None, None),
        ("Copilot", "175728472+Copilot@users.noreply.github.com", None, None),
        ("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com", None, None),
        ("Cursor", "cursoragent@cursor.com", None, None),
        ("devin-ai-integration[bot]", None, None, None),
        ("aider (gpt-4o)", "noreply@aider.chat", "gpt-4o", "aider"),
        ("gemini-code-assist[bot]", None, None, None),
        ("Codex", "codex@openai.com", None, None),
        ("GPT-5", None, "GPT-5", None),
    ],
)
def test_an_ai_is_told_by_its_marks(
    name: str, address: str | None, model: str | None, tool: str | None
) -> None:
    found = recognise(name, address)
    assert found
    assert (found.nature, found.model, found.tool) == (AgentNature.AI, model, tool)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Claude", None),
        ("Claude Monet", "claude@example.org"),
        ("Claude Code", None),
        ("Devin Smith", None),
        ("Amp", "amp@example.org"),
    ],
)
def test_a_name_without_a_mark_is_only_a_name(name: str, address: str | None) -> None:
    assert (recognise(name, address) is None) == (name != "Claude Code")


def test_the_number_in_a_bot_s_login_is_no_model() -> None:
    assert ai_from_name("x-2[bot]") == Machine(AgentNature.AI)
    assert ai_from_name("x-2") == Machine(AgentNature.AI, model="x-2")


def test_other_bots_are_software() -> None:
    found = recognise("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
    assert found
    assert found.nature is AgentNature.SOFTWARE


def test_evidence_of_a_session_stands_beside_the_ai_that_is_named() -> None:
    message = (
        "Do it\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n\n"
        "Co-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>\n"
        "Claude-Session: https://claude.ai/code/session_01\n"
    )
    _, ai = contributions_of(commit(message))
    assert ai.name == "Claude Opus 4.5"
    assert ai.degree is Degree.SUPPORTING
    assert ai.method == "Co-authored-by trailer; Generated with line; Claude-Session trailer"
    assert ai.text == (
        "🤖 Generated with [Claude Code](https://claude.com/claude-code)\n"
        "Claude-Session: https://claude.ai/code/session_01"
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Generated with [Claude Code](https://claude.ai/code)", "Claude Code"),
        ("🤖 Generated with Codex CLI", "Codex CLI"),
        ("Claude-Session: https://claude.ai/code/session_01", "Claude"),
        ("Entire-Checkpoint: 94de498254e2", AI_NOT_NAMED),
    ],
)
def test_evidence_alone_stands_for_an_ai(line: str, name: str) -> None:
    _, ai = contributions_of(commit(f"Do it\n\n{line}"))
    assert (ai.name, ai.is_ai, ai.degree, ai.role) == (name, True, None, Role.SOFTWARE)
    assert ai.autonomy is None
    assert ai.text == line


@pytest.mark.parametrize(
    "message",
    [
        "Generated with protoc 3.1",
        "We talked of Claude Code and of Generated with [Claude Code] in a sentence",
        "    Co-authored-by: quoted <noreply@anthropic.com>",
        "Co-authored-by:",
        "Co-authored-by: <noreply@anthropic.com>",
        "Co-authored-by: someone@example.org",
    ],
)
def test_what_only_looks_like_a_trailer_or_evidence(message: str) -> None:
    assert [one.name for one in contributions_of(commit(message))] == ["Jane Doe"]


def test_assisted_by_and_generated_by_state_how_much_the_machine_did() -> None:
    message = "Do it\n\nAssisted-by: Claude:claude-3-opus\nGenerated-by: Some Model"
    _, assisted, generated = contributions_of(commit(message))
    assert assisted.machine
    assert (assisted.machine.model, assisted.machine.tool) == ("claude-3-opus", "Claude")
    assert assisted.autonomy is Autonomy.AI_ASSISTED
    assert generated.is_ai
    assert generated.autonomy is Autonomy.AI_GENERATED


def test_the_author_mark_of_aider() -> None:
    person, ai = contributions_of(commit(author="Jane Doe (aider)"))
    assert shown(person) == ("Jane Doe", None, "lead", "author")
    assert shown(ai) == ("aider", "ai", None, "author-name mark (aider)")


def test_who_reviewed_and_tested() -> None:
    message = "Do it\n\nReviewed-by: Ann <ann@example.org>\nTested-by: Bob <bob@example.org>"
    _, reviewer, tester = contributions_of(commit(message))
    assert (reviewer.role, reviewer.method) == (Role.VALIDATION, "Reviewed-by trailer")
    assert tester.role is Role.VALIDATION


def test_an_address_as_a_name_is_not_kept() -> None:
    assert contributions_of(commit(author="jane@example.org")) == ()


def test_a_name_is_a_machines_where_one_commit_shows_it_and_none_denies_it() -> None:
    marked = commit("x\n\nCo-authored-by: Claude <noreply@anthropic.com>")
    bare = commit(author="Claude")
    known = machines_in([bare, marked])
    assert set(known) == {b"Claude"}
    (one,) = contributions_of(bare, known)
    assert one.is_ai
    person = commit(author="Claude", address="claude@example.org")
    assert machines_in([marked, person]) == {}


@pytest.mark.parametrize("piece", ["a", "@", "a@", " ", " \t<", "<a", "."])
def test_a_trailer_of_any_length_is_read_in_time(piece: str) -> None:
    # Quadratic, a megabyte took an hour: the test's own time-out would end it.
    found = contributions_of(commit(f"Do it\n\nReviewed-by: B{piece * 2**20}x", author="A" * 2**20))
    assert [one.method for one in found[:1]] == ["author"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ann <a@example.org> <b@example.org>", "Ann"),
        ("Ann <b <a@example.org>", "Ann <b"),
        ("Ann <a@example.org", None),
        ("a@b", "a@b"),
        ("a@b.c", None),
        ("@b.c and a@.c", "@b.c and a@.c"),
    ],
)
def test_who_is_named_beside_an_address(text: str, name: str | None) -> None:
    found = contributions_of(commit(f"Do it\n\nReviewed-by: {text}"))
    assert [one.name for one in found[1:]] == ([name] if name else [])


def test_names_are_told_apart_by_their_octets() -> None:
    served = "Do it\n\nReviewed-by: Zo\udce9 <z@example.org>\nReviewed-by: Zo\udce8 \t\nTested-by: Zoe\u0301\r"
    found = contributions_of(commit(served, author="Zo\u00e9"))
    assert [one.octets for one in found] == [b"Zo\xc3\xa9", b"Zo\xe9", b"Zo\xe8", b"Zoe\xcc\x81"]
    assert [one.name for one in found] == ["Zo\u00e9", "Zo\ufffd", "Zo\ufffd", "Zo\u00e9"]
    latin = contributions_of(commit(served, encoding="ISO-8859-1"))
    assert [one.name for one in latin[1:3]] == ["Zo\u00e9", "Zo\u00e8"]
    assert [one.octets for one in latin[1:3]] == [b"Zo\xe9", b"Zo\xe8"]


def test_the_name_before_the_mark_of_aider_keeps_its_octets() -> None:
    author = Person("Zo\ufffd (aider)", served=b"Zo\xe9 (aider)")
    made = replace(commit(), author=author)
    assert [one.octets for one in contributions_of(made)] == [b"Zo\xe9", b"aider"]
