"""Repositories and exports, into a store."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError
from graph.model.vocabulary import Kind
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.mentions import mention_id
from ingest.git import ingest_git
from ingest.git.history import commit_from_json, commits_of
from ingest.git.to_bundle import commit_bundle

TRANSCRIPTS_ROOT = "git:8af5508de82e0a51eebbbd0363e78fe1f6945b2c"


def git(repository: Path, *arguments: str, **more: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(repository),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Jane Doe",
        "GIT_AUTHOR_EMAIL": "jane@example.org",
        "GIT_AUTHOR_DATE": "2026-01-01T12:00:00+02:00",
        "GIT_COMMITTER_NAME": "Jane Doe",
        "GIT_COMMITTER_EMAIL": "jane@example.org",
        "GIT_COMMITTER_DATE": "2026-01-01T12:00:00+02:00",
    }
    done = subprocess.run(
        ["git", "-C", str(repository), *arguments],
        env=environment | more,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "repository"
    path.mkdir()
    git(path, "init", "-q", "-b", "main")
    git(path, "commit", "-q", "--allow-empty", "-m", "First — größer")
    message = "Second\n\nCo-authored-by: Claude Opus 4.5 <noreply@anthropic.com>"
    later = "2026-01-02T00:00:00-05:00"
    git(path, "commit", "-q", "--allow-empty", "-m", message, GIT_COMMITTER_DATE=later)
    return path


def shown(store: GraphStore, identifier: str) -> dict[str, Any]:
    said = store.things([identifier])[identifier].shown
    assert said
    return said.description.to_json()


def test_a_repository(store: GraphStore, speaker: Speaker, repository: Path) -> None:
    report = ingest_git(store, speaker, repository)
    assert (report.source, report.seen, report.new, report.complete) == ("git", 2, 2, True)
    head, first = git(repository, "rev-list", "HEAD").split()
    assert shown(store, f"git:{first}")["message"] == "First — größer"
    assert shown(store, f"git:{head}")["date"] == "2026-01-02"
    said = store.things([f"git:{head}"])[f"git:{head}"].shown
    assert said
    assert said.at == "2026-01-02T05:00:00Z"
    claude = shown(store, mention_id(f"git:{first}", "Claude Opus 4.5"))
    assert (claude["agent"], claude["model"]) == ("ai", "Claude Opus 4.5")
    assert "agent" not in shown(store, mention_id(f"git:{first}", "Jane Doe"))
    again = ingest_git(store, speaker, repository)
    assert (again.new, again.unchanged, again.log_size) == (0, 2, report.log_size)


def test_no_address_reaches_the_store(
    store: GraphStore, speaker: Speaker, repository: Path
) -> None:
    ingest_git(store, speaker, repository)
    for stored in store.bundles():
        assert b"example.org" not in stored.bundle.header_bytes + (stored.bundle.body_bytes or b"")
        assert b"anthropic.com" not in (stored.bundle.body_bytes or b"")


def test_more_commits_later(store: GraphStore, speaker: Speaker, repository: Path) -> None:
    ingest_git(store, speaker, repository)
    git(repository, "commit", "-q", "--allow-empty", "-m", "Third")
    report = ingest_git(store, speaker, repository)
    assert (report.seen, report.new, report.unchanged) == (3, 1, 2)


def test_a_name_is_as_old_as_the_newest_commit_that_gives_it(
    store: GraphStore, speaker: Speaker, repository: Path
) -> None:
    ingest_git(store, speaker, repository)
    first = git(repository, "rev-list", "HEAD").split()[-1]
    names = [mention_id(f"git:{first}", name) for name in ("Jane Doe", "Claude Opus 4.5")]
    times = [said.at for thing in store.things(names).values() if (said := thing.shown)]
    assert times == ["2026-01-02T05:00:00Z"] * 2
    size = store.checkpoint().size
    later = "2026-01-03T00:00:00Z"
    git(repository, "commit", "-q", "--allow-empty", "-m", "Third", GIT_COMMITTER_DATE=later)
    report = ingest_git(store, speaker, repository)
    assert report.log_size == size + 2, "the commit and the run: of Jane nothing else is said"
    message = "Fourth\n\nCo-authored-by: Jane Doe <claude@users.noreply.github.com>"
    late = "2026-01-04T00:00:00Z"
    git(repository, "commit", "-q", "--allow-empty", "-m", message, GIT_COMMITTER_DATE=late)
    assert ingest_git(store, speaker, repository).log_size == report.log_size + 2


def commit_octets(repository: Path, name: bytes, message: bytes, encoding: bytes = b"") -> None:
    """Make a commit of these octets on top of the others."""
    head = git(repository, "rev-parse", "HEAD").encode()
    tree = git(repository, "rev-parse", "HEAD^{tree}").encode()
    person = name + b" <x@example.org> 1767500000 +0000"
    lines = [b"tree " + tree, b"parent " + head, b"author " + person, b"committer " + person]
    lines += [b"encoding " + encoding] if encoding else []
    made = subprocess.run(
        ["git", "-C", str(repository), "hash-object", "-t", "commit", "-w", "--stdin"],
        input=b"\n".join(lines) + b"\n\n" + message,
        check=True,
        capture_output=True,
    )
    git(repository, "update-ref", "HEAD", made.stdout.decode().strip())


def test_names_are_known_by_their_octets_and_shown_in_the_commit_s_encoding(
    store: GraphStore, speaker: Speaker, repository: Path
) -> None:
    git(repository, "config", "i18n.logOutputEncoding", "UTF-16")
    commit_octets(repository, b"M\xfcller", b"gr\xf6\xdfer", b"ISO-8859-1")
    commit_octets(repository, b"M\xf6ller", b"gr\xf6\xdfer")
    commit_octets(repository, b"Mu\xcc\x88ller", b"One", b"rot13")
    heads = git(repository, "rev-list", "HEAD").split()
    ingest_git(store, speaker, repository)
    octets = {
        b"M\xfcller": "M\u00fcller",
        b"M\xf6ller": "M\ufffdller",
        b"Mu\xcc\x88ller": "M\u00fcller",
    }
    for name, text in octets.items():
        assert shown(store, mention_id(f"git:{heads[-1]}", name))["name"] == text
    messages = [shown(store, f"git:{head}")["message"] for head in heads[:3]]
    assert messages == ["One", "gr\ufffd\ufffder", "gr\u00f6\u00dfer"]


def test_a_commit_from_the_future_hides_nobody(
    store: GraphStore, speaker: Speaker, repository: Path
) -> None:
    far = "2099-01-01T00:00:00Z"
    git(repository, "commit", "-q", "--allow-empty", "-m", "Far", GIT_COMMITTER_DATE=far)
    report = ingest_git(store, speaker, repository)
    assert (report.seen, report.refused) == (2, 1)
    first = git(repository, "rev-list", "HEAD").split()[-1]
    assert shown(store, mention_id(f"git:{first}", "Jane Doe"))["name"] == "Jane Doe"


def test_nothing_that_the_repository_names_is_run(
    store: GraphStore, speaker: Speaker, repository: Path, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n")
    script.chmod(0o755)
    for key in ("core.pager", "pager.log", "gpg.program", "core.fsmonitor", "core.sshCommand"):
        git(repository, "config", key, str(script))
    git(repository, "config", "log.showSignature", "true")
    assert ingest_git(store, speaker, repository).seen == 2
    assert not trap.exists()


def test_a_shallow_clone_is_refused_with_the_way_out(
    store: GraphStore, speaker: Speaker, repository: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    with pytest.raises(InputError, match="--unshallow"):
        ingest_git(store, speaker, tmp_path / "shallow")


def test_a_folder_inside_a_repository_is_none(
    store: GraphStore, speaker: Speaker, repository: Path
) -> None:
    inside = repository / "inside"
    inside.mkdir()
    with pytest.raises(InputError, match="a git repository"):
        ingest_git(store, speaker, inside)


def test_a_repository_without_commits(store: GraphStore, speaker: Speaker, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(InputError, match="can't be read"):
        ingest_git(store, speaker, tmp_path)


def test_a_bare_repository(
    store: GraphStore, speaker: Speaker, repository: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare")
    assert ingest_git(store, speaker, tmp_path / "bare").seen == 2


def test_an_export_says_what_the_repository_says(
    store: GraphStore, speaker: Speaker, repository: Path, tmp_path: Path
) -> None:
    ingest_git(store, speaker, repository)
    before = store.digest()
    form = "%H%x1f%P%x1f%an%x1f%cn%x1f%cI%x1f%B%x1e"
    entries = git(repository, "log", f"--format={form}").split("\x1e")
    keys = ("sha", "parents", "author", "committer", "date", "message")
    lines = []
    for entry in entries:
        if entry.strip():
            value: dict[str, Any] = dict(zip(keys, entry.strip("\n").split("\x1f"), strict=True))
            lines.append(json.dumps(value | {"parents": value["parents"].split()}))
    export = tmp_path / "export.jsonl"
    export.write_text("\n".join(lines))
    report = ingest_git(store, speaker, export)
    assert (report.new, report.changed, report.unchanged) == (0, 0, 2)
    assert store.digest() == before


def test_a_real_export_and_again(store: GraphStore, speaker: Speaker, examples: Path) -> None:
    path = examples / "git" / "claude-code-transcripts.jsonl.gz"
    report = ingest_git(store, speaker, path)
    assert (report.seen, report.new, report.refused) == (60, 60, 0)
    again = ingest_git(store, speaker, path)
    assert (again.new, again.changed, again.log_size) == (0, 0, report.log_size)
    natures = {
        shown(store, one)["name"]: shown(store, one).get("agent")
        for one in store.list_ids(Kind.MENTION, limit=100)
    }
    assert natures == {
        "Brendan Becker": None,
        "Claude": "ai",
        "Claude Opus 4.5": "ai",
        "Simon Willison": None,
    }
    opus = mention_id(TRANSCRIPTS_ROOT, "Claude Opus 4.5")
    assert len(store.adjacent([opus], outgoing=False)) == 16


def test_checkpoints_and_sessions_of_real_histories(
    store: GraphStore, speaker: Speaker, data: Path
) -> None:
    ingest_git(store, speaker, data / "git" / "entireio-cli.jsonl")
    ingest_git(store, speaker, data / "git" / "sqlite-utils.jsonl")
    methods = {
        (shown(store, asserted.edge.target)["name"], asserted.edge.qualifiers["method"])
        for one in store.list_ids(Kind.VERSION, limit=100)
        for asserted in store.adjacent([one], outgoing=True)
        if asserted.edge.relation == "wasAttributedTo"
    }
    assert {
        ("AI agent (not named)", "Entire-Checkpoint trailer"),
        ("Claude", "Co-authored-by trailer; Entire-Checkpoint trailer"),
        ("Copilot", "Co-authored-by trailer"),
        ("Claude Fable 5", "Co-authored-by trailer; Claude-Session trailer"),
        ("Claude", "author; Claude-Session trailer"),
    } <= methods


def test_an_export_without_the_first_commit_is_named_after_its_oldest(
    store: GraphStore, speaker: Speaker, data: Path
) -> None:
    ingest_git(store, speaker, data / "git" / "sqlite-utils.jsonl")
    lines = (data / "git" / "sqlite-utils.jsonl").read_text().splitlines()
    commits = [commit_from_json(json.loads(line))[0] for line in lines]
    oldest = min(commit.at + commit.sha for commit in commits if commit)[20:]
    roots = {shown(store, one)["repository"] for one in store.list_ids(Kind.VERSION, limit=9)}
    assert roots == {f"git:{oldest}"}


def test_checkpoint_records_are_no_commits(store: GraphStore, speaker: Speaker, data: Path) -> None:
    with pytest.raises(InputError, match="sha: expected 40 or 64 hex digits"):
        ingest_git(store, speaker, data / "git" / "entireio-checkpoints.jsonl")
    assert store.checkpoint().size == 0


def test_every_fault_of_a_line_is_named() -> None:
    found, faults = commit_from_json({"sha": "1", "parents": ["x"], "date": "today", "message": 1})
    assert found is None
    assert [fault.where for fault in faults] == ["sha", "parents", "author", "date", "message"]
    assert commit_from_json([])[1][0].expected == "an object"


def test_a_broken_line_is_refused_and_the_rest_taken(
    store: GraphStore, speaker: Speaker, data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text((data / "git" / "entireio-cli.jsonl").read_text() + "{}\nnothing\n")
    report = ingest_git(store, speaker, path)
    assert (report.seen, report.refused) == (6, 2)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read"):
        list(commits_of(tmp_path / "none.jsonl")())


_TEXTS = st.text() | st.sampled_from(
    ["a" * 40, "2026-01-01T00:00:00+01:00", "x\n\nCo-authored-by: A <a@b.org>", "\ud800", "\0"]
)


@given(
    st.fixed_dictionaries(
        {
            "sha": st.just("a" * 40) | _TEXTS,
            "parents": st.lists(st.just("b" * 40) | _TEXTS, max_size=2),
            "author": _TEXTS,
            "date": st.just("2026-01-01T00:00:00+01:00") | _TEXTS,
            "message": _TEXTS,
        },
        optional={"committer": _TEXTS | st.none() | st.integers()},
    )
    | st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x, max_size=2))
)
def test_no_line_leads_to_anything_but_a_record_or_faults(value: Any) -> None:
    commit, faults = commit_from_json(value)
    assert (commit is None) == bool(faults)
    if commit:
        assert commit_bundle(commit, commit.sha, {}).id
