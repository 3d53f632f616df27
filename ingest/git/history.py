"""Read the commits of a git repository or of an export of one."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from graph.errors import Fault, InputError, SourceError
from ingest.formats.json_lines import JsonItem, RefusedItem, read_items
from ingest.formats.text import without_lone_surrogates
from ingest.formats.timestamps import utc_of_iso, utc_of_seconds
from ingest.git.commit import Commit, Person, person_of
from ingest.git.octets import lossless_text

_SHA: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# Nothing that the repository's own configuration names is run: no hook, pager, file-system monitor or fetch of missing
# objects.
_QUIET: Final = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    "--no-pager",
)
_ENVIRONMENT: Final = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


def commits_of(path: Path) -> Callable[[], Iterator[Commit | RefusedItem]]:
    """Return a reader of the commits of a folder or an export, newest first as git lists them; it may be called again.

    Raises:
        InputError: It is no repository, is shallow, or has no commits.
    """
    if not path.is_dir():
        return lambda: _read_export(path)
    head = _head(path)
    return lambda: _read_log(path, head)


def earlier_commit(first: Commit, second: Commit) -> Commit:
    """Return the one of two commits that is nearer to the repository's first, which is the oldest without parents.

    In an export that ends before the first, that is the oldest commit; names then get other ids than
    with the whole history. The hash breaks ties between equal times.
    """
    return min(first, second, key=lambda commit: (bool(commit.parents), commit.at, commit.sha))


def commit_from_json(value: Any) -> tuple[Commit | None, list[Fault]]:
    """Parse the commit of an export's line: sha, parents, author, committer (if known), date, message."""
    if not isinstance(value, dict):
        return None, [Fault("commit", "an object", repr(value)[:80])]
    parents, date = value.get("parents"), value.get("date")
    author = _person_in_json(value.get("author"))
    at = utc_of_iso(date) if isinstance(date, str) else None
    tests = {
        "sha": ("40 or 64 hex digits", _is_sha(value.get("sha"))),
        "parents": ("a list of hashes", isinstance(parents, list) and all(map(_is_sha, parents))),
        "author": ("a name", author is not None),
        "date": ("a time with its offset", at is not None),
        "message": ("a text", isinstance(value.get("message"), str)),
    }
    faults = [
        Fault(key, expected, repr(value.get(key))[:80])
        for key, (expected, holds) in tests.items()
        if not holds
    ]
    if faults or author is None or at is None:
        return None, faults
    return Commit(
        sha=value["sha"],
        parents=tuple(value["parents"]),
        author=author,
        committer=_person_in_json(value.get("committer")),
        at=at,
        message=without_lone_surrogates(value["message"]),
    ), []


def _person_in_json(name: object) -> Person | None:
    return person_of(without_lone_surrogates(name), None) if isinstance(name, str) else None


def commit_from_object(sha: str, data: bytes) -> Commit | RefusedItem:
    """Parse a commit object: headers, one of them a line or more, an empty line, the message.

    See https://git-scm.com/docs/git-commit-tree, "Commit information", and git's `split_ident_line`.
    """
    head, _, message = data.partition(b"\n\n")
    headers = [line.partition(b" ")[::2] for line in head.split(b"\n")]
    values = dict(reversed(headers))  # of a repeated one the first counts
    encoding = lossless_text(values.get(b"encoding", b"")) or None
    author, _ = _signature(values.get(b"author", b""), encoding)
    committer, seconds = _signature(values.get(b"committer", b""), encoding)
    at = utc_of_seconds(int(seconds)) if re.fullmatch(rb"[0-9]{1,12}", seconds) else None
    if author is None or at is None:
        expected = "a name and a time" if at else "a time"
        got = f"{values.get(b'author')!r}, {values.get(b'committer')!r}"
        return RefusedItem(f"commit {sha}", f"expected {expected}, got {got[:160]}")
    return Commit(
        sha=sha,
        parents=tuple(lossless_text(value) for key, value in headers if key == b"parent"),
        author=author,
        committer=committer,
        at=at,
        message=lossless_text(message),
        encoding=encoding,
    )


def _signature(value: bytes, encoding: str | None) -> tuple[Person | None, bytes]:
    """Return the person in `Name <address> seconds zone`, and the seconds."""
    name, _, rest = value.partition(b"<")
    address = lossless_text(rest.partition(b">")[0]).strip()
    seconds = value.rpartition(b">")[2].split()[:1]
    return person_of(lossless_text(name), address, encoding), seconds[0] if seconds else b""


def _is_sha(value: object) -> bool:
    return isinstance(value, str) and _SHA.fullmatch(value) is not None


def _read_export(path: Path) -> Iterator[Commit | RefusedItem]:
    for item in read_items(path):
        if isinstance(item, JsonItem):
            commit, faults = commit_from_json(item.value)
            if commit:
                yield commit
            else:
                yield RefusedItem(item.where, "; ".join(map(str, faults)))
        else:
            yield item


def _head(path: Path) -> str:
    """Return the hash of the commit that HEAD names."""
    if not (path / ".git").exists() and not (path / "objects").is_dir():
        expected = "a git repository (a folder with .git), or an export of one"
        raise InputError(
            f"{path.name} can't be read", [Fault("the folder", expected, "another folder")]
        )
    if _git_output(path, "rev-parse", "--is-shallow-repository") == "true":
        expected = "the whole history (git fetch --unshallow brings it)"
        raise InputError(
            f"{path.name} can't be read", [Fault("the history", expected, "a shallow clone")]
        )
    return _git_output(path, "rev-parse", "--verify", "--end-of-options", "HEAD^{commit}")


def _command(path: Path, *arguments: str) -> list[str]:
    git = shutil.which("git")
    if git is None:
        raise SourceError(
            "git was not found: install it, or give an export (.jsonl) of the history"
        )
    return [git, "-C", str(path), *_QUIET, *arguments]


def _environment(path: Path) -> dict[str, str]:
    variables = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return variables | _ENVIRONMENT | {"GIT_CEILING_DIRECTORIES": str(path.resolve().parent)}


def _git_output(path: Path, *arguments: str) -> str:
    command = _command(path, *arguments)
    result = subprocess.run(  # noqa: S603 - an argument list, no shell
        command, env=_environment(path), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if result.returncode:
        raise _git_error(path, result.stderr)
    return result.stdout.decode(errors="replace").strip()


def _git_error(path: Path, stderr: bytes) -> InputError:
    message = stderr.decode(errors="replace").strip() or "an error without words"
    return InputError(f"{path.name} can't be read", [Fault("git", "a history", message[:300])])


def _read_log(path: Path, head: str) -> Iterator[Commit | RefusedItem]:
    """Yield the commits behind one, from their objects: `git log` would convert what isn't in UTF-8."""
    list_commits = _command(path, "rev-list", head, "--")
    show_objects = _command(path, "cat-file", "--batch", "--buffer")
    environment = _environment(path)
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603 - an argument list, no shell
            list_commits,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as lister,
        subprocess.Popen(  # noqa: S603 - an argument list, no shell
            show_objects,
            env=environment,
            stdin=lister.stdout,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as shower,
    ):
        if lister.stdout is None or shower.stdout is None:
            raise SourceError("git gave no output to read")
        lister.stdout.close()  # the other process has it
        yield from _read_objects(path, shower.stdout)
        if lister.wait() or shower.wait():
            errors.seek(0)
            raise _git_error(path, errors.read(4096))


def _read_objects(path: Path, stream: IO[bytes]) -> Iterator[Commit | RefusedItem]:
    """Yield the commits in the output of `git cat-file --batch`: `<sha> commit <size>`, the object, line by line."""
    while line := stream.readline():
        words = line.split()
        if len(words) != 3 or words[1] != b"commit":
            raise _git_error(path, b"no commit: " + line)
        data = stream.read(int(words[2]) + 1)
        yield commit_from_object(words[0].decode(), data[:-1])
