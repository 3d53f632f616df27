"""Ingest a git history into a store."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from graph.errors import BundleError
from graph.speaker import Voice
from graph.store import GraphStore
from ingest.formats.json_lines import Refused
from ingest.git.ai_recognition import Machine
from ingest.git.commit import Commit
from ingest.git.contributions import contributions_of, machines_in
from ingest.git.history import commits_of, earlier
from ingest.git.to_bundle import commit_bundle, name_bundle
from ingest.pipeline.commit_file import Found, Progress, commit_found
from ingest.pipeline.commit_page import Report


def ingest_git(
    store: GraphStore, voice: Voice, path: Path, *, progress: Progress | None = None
) -> Report:
    """Ingest the history behind HEAD of a repository, or an export of one (`.jsonl`, `.jsonl.gz`).

    Commits are counted; each name of the repository gets a record of its own beside them.

    Raises:
        InputError: It is no repository and no export, it is shallow, or it has no commit.
        SourceError: git is not installed.
    """
    read = commits_of(path)
    run = {"query": path.name or "repository", "tool": "colineage ingest git"}
    return commit_found(store, voice, "git", _found(read), run, progress=progress)


def _found(read: Callable[[], Iterator[Commit | Refused]]) -> Iterator[Found | Refused]:
    """Yield the records of a history in a second pass: its machines and its first commit are known only at its end."""
    root, known = _surveyed(one for one in read() if isinstance(one, Commit))
    shas, said = set[str](), set[str]()
    for one in read():
        if isinstance(one, Refused):
            yield one
        elif one.sha not in shas:
            shas.add(one.sha)
            try:
                record = commit_bundle(one, root, known)
            except BundleError as error:
                yield Refused(f"commit {one.sha}", str(error))
                continue
            names = [c.name for c in contributions_of(one, known) if c.name not in said]
            said.update(names)
            yield Found(record, tuple(name_bundle(name, root, known.get(name)) for name in names))


def _surveyed(commits: Iterable[Commit]) -> tuple[str, dict[str, Machine]]:
    """Return the hash of a history's first commit, and the machines in it by name."""
    root: Commit | None = None

    def watched() -> Iterator[Commit]:
        nonlocal root
        for commit in commits:
            root = commit if root is None else earlier(root, commit)
            yield commit

    known = machines_in(watched())
    return root.sha if root else "", known
