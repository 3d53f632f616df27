"""Import a file of OpenAlex works into a store."""

from collections.abc import Iterator
from pathlib import Path

from graph.errors import BundleError
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.formats.json_lines import JsonItem, RefusedItem, file_digest, read_items
from ingest.openalex.parse import identity_of, work_from_json
from ingest.openalex.to_bundle import shared_bundles, work_bundle
from ingest.pipeline.commit_file import Progress, SourceRecord, commit_records
from ingest.pipeline.commit_page import Report


def ingest_openalex(
    store: GraphStore, speaker: Speaker, path: Path, *, progress: Progress | None = None
) -> Report:
    """Commit the works of a file: JSON lines or one array, as served or slim, gzip or not.

    Works are counted; authors with an OpenAlex id, concepts and venues get a record of their own beside
    them. `refused` counts the lines that are no work and the single claims that were dropped (an ORCID
    whose check digit is wrong); the runs record the reasons.

    Raises:
        InputError: The file can't be read, or holds no work.
    """
    run = {"query": path.name, "answer": file_digest(path), "tool": "colineage ingest openalex"}
    return commit_records(store, speaker, "openalex", _read_works(path), run, progress=progress)


def _read_works(path: Path) -> Iterator[SourceRecord | RefusedItem]:
    chosen, shared_ids = _newest(path), set[str]()
    for item in read_items(path):
        if isinstance(item, RefusedItem):
            yield item
            continue
        work, faults = work_from_json(item.value)
        if work and chosen[work.id] != item.where:
            continue
        yield from (RefusedItem(item.where, str(fault)) for fault in faults)
        if work is None:
            continue
        try:
            record = work_bundle(work)
        except BundleError as error:
            yield RefusedItem(item.where, str(error))
            continue
        beside = shared_bundles(work, shared_ids)
        shared_ids |= beside.keys()
        yield SourceRecord(record, tuple(beside.values()))


def _newest(path: Path) -> dict[str, str]:
    """Return the place of each work in the file; of a repeated work that of the newest, else the last."""
    newest: dict[str, tuple[str, str]] = {}
    for item in read_items(path):
        identity = identity_of(item.value) if isinstance(item, JsonItem) else None
        if identity and identity[1] >= newest.get(identity[0], ("", ""))[0]:
            newest[identity[0]] = (identity[1], item.where)
    return {identifier: where for identifier, (_, where) in newest.items()}
