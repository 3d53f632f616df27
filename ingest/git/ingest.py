"""Ingest a git history into a store."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from ingest.formats.json_lines import RefusedItem
from ingest.git.ai_recognition import Machine
from ingest.git.commit import Commit
from ingest.git.contributions import machines_in
from ingest.git.history import commits_of, earlier_commit
from ingest.git.to_bundle import commit_bundle, names_on
from ingest.interface import Source, SourceItem
from ingest.pipeline.ingest_source import ingest_source


class _GitHistory:
    """History behind HEAD of a repository, or an export of one (`.jsonl`, `.jsonl.gz`).

    Commits are counted; each name of the repository gets a record of its own beside them. A repository must not be
    shallow.
    """

    name = "git"

    def run_attributes(self, path: Path) -> dict[str, str]:
        """See `Source`."""
        return {"query": path.name or "repository"}

    def read(self, path: Path) -> Iterator[SourceItem | RefusedItem]:
        """Yield the commits in a second pass: the machines and the first commit are known only at the end of one."""
        read_commits = commits_of(path)
        root, machines = _survey(item for item in read_commits() if isinstance(item, Commit))
        shas = set[str]()
        for item in read_commits():
            if isinstance(item, RefusedItem):
                yield item
            elif item.sha not in shas:
                shas.add(item.sha)
                yield SourceItem(
                    f"commit {item.sha}",
                    partial(commit_bundle, item, root, machines),
                    partial(names_on, item, root, machines),
                )


GIT: Final[Source] = _GitHistory()
ingest_git: Final = partial(ingest_source, GIT)


def _survey(commits: Iterable[Commit]) -> tuple[str, dict[bytes, Machine]]:
    """Return the hash of a history's first commit, and the machines in it by the octets of their names."""
    root: Commit | None = None

    def track_root() -> Iterator[Commit]:
        nonlocal root
        for commit in commits:
            root = commit if root is None else earlier_commit(root, commit)
            yield commit

    machines = machines_in(track_root())
    return root.sha if root else "", machines
