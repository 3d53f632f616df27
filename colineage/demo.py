"""Demo: import the real input of examples/, embed it, and print what the graph answers about it.

`make demo` starts it as `python -m colineage.demo`. It may be killed at any moment and started again:
each step adds only what is missing.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from colineage.answers.json_shapes import stats_to_json
from colineage.answers.query import contributors_of
from colineage.answers.recommend import embedder_of, find_related_to, suggest_directions
from colineage.answers.verify import audit_of
from colineage.cli import run
from colineage.options import JsonOption, KeyOption, ModelOption, StoreOption
from colineage.output import Json, Progress, print_answer, print_message, progress
from colineage.settings import settings_from
from colineage.store_access import WriteAccess, open_for_writing
from colineage.views.demo import summary_view
from graph.errors import Fault, InputError, NotFoundError
from graph.model.vocabulary import Kind
from graph.speaker import Speaker
from graph.store import GraphReader, GraphStore
from ingest.arxiv.context import IngestContext
from ingest.arxiv.snapshot.snapshot import ingest_snapshot
from ingest.git import ingest_git
from ingest.mlflow import ingest_mlflow
from ingest.openalex import ingest_openalex
from ingest.pipeline.commit_page import Report
from ingest.statements import add_file
from recommend.embed import Embedder, embed_store

IDEA: Final = "Co-improvement"
COMMIT: Final = "git:0982a1c61e2aab25cddd929738d1f3d94be08e7a"
EXPERIMENT: Final = "mlflow:0/c4e130d6e2f84b70acaf2c6f1127da26"
MAX_ITEMS: Final = 3

Ingest: TypeAlias = Callable[..., Report]


def _ingest_papers(
    store: GraphStore, speaker: Speaker, path: Path, *, progress: Progress
) -> Report:
    return ingest_snapshot(IngestContext(store, speaker, progress=progress), path)


_RECORDS: Final[tuple[tuple[str, Ingest], ...]] = (
    ("papers.jsonl.gz", _ingest_papers),
    ("openalex.jsonl.gz", ingest_openalex),
    ("git/claude-code-transcripts.jsonl.gz", ingest_git),
    ("git/workers-oauth-provider.jsonl.gz", ingest_git),
    ("mlflow", ingest_mlflow),
)
_STATEMENTS: Final = ("statements/co-improvement.yaml", "statements/ai-in-commits.yaml")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def demo(
    *,
    examples: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Import the real input in this folder.")
    ] = Path("examples"),
    store: StoreOption = "sqlite:.demo/colineage.db",
    key: KeyOption = Path(".demo/key.pem"),
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import the examples, embed them and print what the graph answers about them."""
    names = [*(name for name, _ in _RECORDS), *_STATEMENTS]
    missing = [name for name in names if not (examples / name).exists()]
    if missing:
        faults = [Fault(str(examples / name), "a file of the checkout", "none") for name in missing]
        raise InputError("the demo's input is not here: start it in the checkout", faults)
    settings = settings_from(os.environ, store=store, key=key, model=model)
    embedder = embedder_of(settings)
    with open_for_writing(settings) as access:
        result = {
            "ingested": [*_ingest_records(access, examples), *_add_statements(access, examples)],
            "embedded": _embed(access.store, embedder),
            **_summary(access.store, embedder),
        }
    print_answer(result, summary_view, as_json=as_json)


def _ingest_records(access: WriteAccess, examples: Path) -> list[Json]:
    """Import each source; return its report as JSON."""
    reports = []
    for name, ingest in _RECORDS:
        print_message(f"Importing {name}")
        with progress(name) as update:
            report = ingest(access.store, access.speaker, examples / name, progress=update)
        reports.append({"file": name, **asdict(report)})
    return reports


def _add_statements(access: WriteAccess, examples: Path) -> list[Json]:
    """Add each file of statements; return the counts in the shape of an import's report."""
    reports = []
    for name in _STATEMENTS:
        print_message(f"Adding {name}")
        outcome = add_file(access.store, access.speaker, examples / name)
        report = Report(
            source="statements",
            seen=len(outcome.appended) + outcome.unchanged,
            new=len(outcome.appended),
            unchanged=outcome.unchanged,
            complete=True,
            log_size=outcome.log_size,
        )
        reports.append({"file": name, **asdict(report)})
    return reports


def _embed(store: GraphStore, embedder: Embedder | None) -> int:
    if embedder is None:
        return 0
    print_message(f"Embedding with {embedder.model} (minutes the first time)")
    with progress("texts embedded") as update:
        return embed_store(store, embedder, progress=update)


def _summary(store: GraphStore, embedder: Embedder | None) -> Json:
    print_message("Looking at what is there")
    idea = _idea(store)
    return {
        "related": _works(find_related_to(store, embedder, idea, limit=MAX_ITEMS * 10)),
        "directions": suggest_directions(store, embedder, limit=MAX_ITEMS),
        "who": [contributors_of(store, thing_id) for thing_id in (idea, COMMIT)],
        "audit": audit_of(store, EXPERIMENT, repository=None, data=None),
        **stats_to_json(store.counts(), store.checkpoint()),
        "digest": store.digest(),
    }


def _works(related: Json) -> Json:
    """Keep the first works among the related items, without other kinds."""
    items = [item for item in related["items"] if item["kind"] == Kind.WORK]
    return {**related, "items": items[:MAX_ITEMS]}


def _idea(store: GraphReader) -> str:
    """Return the id of the demo's idea, which depends on the key that stated it."""
    things = store.things(store.search(IDEA, kind=Kind.IDEA, limit=100))
    matches = sorted(thing_id for thing_id, thing in things.items() if thing.title == IDEA)
    if not matches:
        raise NotFoundError(f"expected the idea {IDEA!r} of {_STATEMENTS[0]}, got no such idea")
    return matches[0]


if __name__ == "__main__":
    sys.exit(run(app, "colineage.demo", sys.argv[1:]))
