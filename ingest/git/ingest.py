"""Ingest a git history into a store."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from graph.errors import BundleError
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.json_lines import RefusedItem
from ingest.git.ai_recognition import Machine
from ingest.git.commit import Commit
from ingest.git.contributions import contributions_of, machines_in
from ingest.git.history import commits_of, earlier_commit
from ingest.git.to_bundle import commit_bundle, name_bundle
from ingest.pipeline.commit_file import Progress, SourceRecord, commit_records
from ingest.pipeline.commit_page import Report


def ingest_git(
    store: GraphStore, speaker: Speaker, path: Path, *, progress: Progress | None = None
) -> Report:
    """Ingest the history behind HEAD of a repository, or an export of one (`.jsonl`, `.jsonl.gz`).

    Commits are counted; each name of the repository gets a record of its own beside them.

    Raises:
        InputError: It is no repository and no export, it is shallow, or it has no commit.
        SourceError: git is not installed.
    """
    read = commits_of(path)
    run = {"query": path.name or "repository", "tool": "colineage ingest git"}
    return commit_records(store, speaker, "git", _records(read), run, progress=progress)


def _records(
    read: Callable[[], Iterator[Commit | RefusedItem]],
) -> Iterator[SourceRecord | RefusedItem]:
    """Yield the records of a history in a second pass: its machines and its first commit are known only at its end."""
    root, machines = _survey(item for item in read() if isinstance(item, Commit))
    shas, recorded_names = set[str](), set[str]()
    for item in read():
        if isinstance(item, RefusedItem):
            yield item
        elif item.sha not in shas:
            shas.add(item.sha)
            try:
                record = commit_bundle(item, root, machines)
            except BundleError as error:
                yield RefusedItem(f"commit {item.sha}", str(error))
                continue
            names = [
                c.name for c in contributions_of(item, machines) if c.name not in recorded_names
            ]
            recorded_names.update(names)
            yield SourceRecord(
                record, tuple(name_bundle(name, root, machines.get(name)) for name in names)
            )


def _survey(commits: Iterable[Commit]) -> tuple[str, dict[str, Machine]]:
    """Return the hash of a history's first commit, and the machines in it by name."""
    root: Commit | None = None

    def track_root() -> Iterator[Commit]:
        nonlocal root
        for commit in commits:
            root = commit if root is None else earlier_commit(root, commit)
            yield commit

    machines = machines_in(track_root())
    return root.sha if root else "", machines
