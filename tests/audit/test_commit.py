from collections.abc import Callable
from pathlib import Path

import pytest

from audit.commit import Presence, is_commit, look_up_commit
from graph.errors import InputError

Git = Callable[..., str]

ABSENT = "0" * 39 + "1"


def test_a_commit_of_the_repository_is_found(repository: Path, git: Git) -> None:
    for name in ("HEAD", "HEAD~1"):
        sought = look_up_commit(repository, git(repository, "rev-parse", name))
        assert sought.presence is Presence.THERE
        assert str(repository / ".git") in sought.words


def test_it_is_found_from_a_folder_inside_and_in_a_bare_repository(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    head = git(repository, "rev-parse", "HEAD")
    inside = repository / "deep"
    inside.mkdir()
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare.git")
    assert look_up_commit(inside, head).presence is Presence.THERE
    assert look_up_commit(tmp_path / "bare.git", head).presence is Presence.THERE


def test_another_commit_is_missing_with_the_way_out(repository: Path) -> None:
    sought = look_up_commit(repository, ABSENT)
    assert sought.presence is Presence.MISSING
    assert ABSENT in sought.words
    assert sought.remedy


def test_the_id_of_a_file_is_no_commit(repository: Path, git: Git) -> None:
    sought = look_up_commit(repository, git(repository, "rev-parse", "HEAD:train.py"))
    assert sought.presence is Presence.MISSING
    assert "a blob" in sought.words


def test_a_commit_beyond_a_shallow_clone_is_not_known(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", repository.as_uri(), "shallow")
    first = git(repository, "rev-parse", "HEAD~1")
    sought = look_up_commit(tmp_path / "shallow", first)
    assert sought.presence is Presence.NOT_KNOWN
    assert sought.remedy is not None
    assert "--unshallow" in sought.remedy


def test_a_damaged_object_is_not_known(repository: Path, git: Git) -> None:
    head = git(repository, "rev-parse", "HEAD")
    damaged = repository / ".git" / "objects" / head[:2] / head[2:]
    damaged.chmod(0o644)
    damaged.write_bytes(b"")
    assert look_up_commit(repository, head).presence is not Presence.THERE


def test_what_is_no_repository_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(InputError, match="expected a git repository"):
        look_up_commit(tmp_path / "nowhere", ABSENT)


@pytest.mark.parametrize(
    "text", ["HEAD", "main", "--help", "0" * 39, "0" * 41, "g" * 40, "A" * 40, ""]
)
def test_only_a_whole_id_is_asked_of_git(repository: Path, text: str) -> None:
    assert not is_commit(text)
    with pytest.raises(InputError, match="40 or 64 hex digits"):
        look_up_commit(repository, text)


def test_a_path_that_looks_like_an_option_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no repository"):
        look_up_commit(Path("--exec-path=/nowhere"), ABSENT)


def test_nothing_that_the_repository_names_is_run(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    """A partial clone fetches what it misses by a command that its own configuration names."""
    trap = tmp_path / "trap"
    touch = f"touch {trap}; false"
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": str(repository),
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": touch,
        "core.fsmonitor": touch,
        "protocol.allow": "always",
    }.items():
        git(repository, "config", key, value)
    assert look_up_commit(repository, ABSENT).presence is not Presence.THERE
    assert not trap.exists()


def test_variables_of_the_shell_do_not_lead_elsewhere(
    repository: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = git(repository, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert look_up_commit(repository, head).presence is Presence.THERE
    (tmp_path / "other").mkdir()
    git(tmp_path / "other", "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    assert look_up_commit(tmp_path / "other", head).presence is Presence.MISSING


def test_without_git_it_is_not_known(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    sought = look_up_commit(repository, ABSENT)
    assert sought.presence is Presence.NOT_KNOWN
    assert sought.remedy is not None
    assert "install git" in sought.remedy
