"""Lookup of a commit in a git repository that is not trusted.

A repository's own configuration can name commands to run (a promisor remote with an `uploadpack`,
`core.fsmonitor`, hooks). So no protocol may be used, which rules out lazy fetching, hooks are
disabled, and only commands that read objects are run, without a shell and with a time limit.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from graph.errors import Fault, InputError

LIMIT_S: Final = 20

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SAFE_OPTIONS: Final = (
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    "--no-pager",
    "--literal-pathspecs",
)
_ENVIRONMENT: Final = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


class Presence(StrEnum):
    """Presence of a commit in a repository."""

    THERE = "there"
    MISSING = "missing"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class CommitLookup:
    """Result of looking up a commit; `words` states it and names the repository."""

    presence: Presence
    words: str
    remedy: str | None = None


def is_commit(text: str) -> bool:
    """Return whether the text is a whole commit id: 40 hex digits, or 64 in a SHA-256 repository."""
    return bool(_COMMIT.fullmatch(text))


def look_up_commit(repository: Path, commit: str) -> CommitLookup:
    """Look up a commit in a git repository.

    Args:
        repository: A working tree, a folder in one, or a bare repository.
        commit: A whole commit id (`is_commit`).

    Raises:
        InputError: The path is no git repository that can be read.
    """
    git = shutil.which("git")
    if git is None:
        return CommitLookup(
            Presence.NOT_KNOWN, "git is not installed here", "install git and ask again"
        )
    if not is_commit(commit):
        raise InputError("no commit", [Fault("commit", "40 or 64 hex digits", commit[:80])])
    folder, shallow = _repository(git, repository)
    process = _run_git(git, repository, ["cat-file", "--batch-check"], commit + "\n")
    if process is None or process.returncode != 0:
        reason = "no answer in time" if process is None else _last_line(process.stderr)
        return CommitLookup(
            Presence.NOT_KNOWN, f"git could not look in {folder}: {reason}", f"git -C {folder} fsck"
        )
    object_id, _, rest = process.stdout.strip().partition(" ")
    kind = rest.partition(" ")[0]
    if object_id == commit and kind == "commit":
        return CommitLookup(Presence.THERE, f"commit {commit} is in {folder}")
    if object_id == commit and kind not in {"missing", "ambiguous", ""}:
        return CommitLookup(Presence.MISSING, f"{commit} is a {kind} in {folder}, not a commit")
    if shallow:
        return CommitLookup(
            Presence.NOT_KNOWN,
            f"commit {commit} is not in {folder}, which is a shallow clone",
            f"git -C {folder} fetch --unshallow, and ask again",
        )
    return CommitLookup(
        Presence.MISSING,
        f"commit {commit} is not in {folder}",
        "give the repository that the run was made from, or fetch the branch that holds the commit",
    )


def _repository(git: str, path: Path) -> tuple[str, bool]:
    """Return the repository's own folder, and whether it is a shallow clone."""
    command = ["rev-parse", "--absolute-git-dir", "--is-shallow-repository"]
    process = _run_git(git, path, command, "")
    lines = process.stdout.splitlines() if process and process.returncode == 0 else []
    if len(lines) != 2:
        reason = _last_line(process.stderr) if process else f"no answer within {LIMIT_S} s"
        raise InputError(
            "no repository", [Fault("repository", "a git repository", f"{path}: {reason}")]
        )
    return lines[0], lines[1] == "true"


def _run_git(
    git: str, repository: Path, command: list[str], stdin: str
) -> subprocess.CompletedProcess[str] | None:
    """Run one git command; `None` where it took too long."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    try:
        return subprocess.run(  # noqa: S603 - a fixed program and fixed words, no shell
            [git, *_SAFE_OPTIONS, "-C", str(repository.absolute()), *command],
            input=stdin,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            env=environment | _ENVIRONMENT,
            timeout=LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        return None


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:200] if lines else "it said nothing"
