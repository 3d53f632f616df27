"""Import a file of OpenAlex works into a store."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from ingest.formats.json_lines import JsonItem, RefusedItem, file_digest, read_items
from ingest.interface import Source, SourceItem
from ingest.openalex.parse import identity_of, work_from_json
from ingest.openalex.to_bundle import companions_of, work_bundle
from ingest.pipeline.ingest_source import ingest_source


class _OpenAlexFile:
    """File of works: JSON lines or one array, as served or slim, gzip or not.

    Works are counted; authors with an OpenAlex id, concepts and venues get a record of their own beside
    them. A claim that is wrong (an ORCID whose check digit is) is refused alone, without its work.
    """

    name = "openalex"

    def run_attributes(self, path: Path) -> dict[str, str]:
        """See `Source`."""
        return {"query": path.name, "answer": file_digest(path)}

    def read(self, path: Path) -> Iterator[SourceItem | RefusedItem]:
        """Yield the works, of a repeated one the newest, and the faults of each."""
        chosen = _newest(path)
        for item in read_items(path):
            if isinstance(item, RefusedItem):
                yield item
                continue
            work, faults = work_from_json(item.value)
            if work and chosen[work.id] != item.where:
                continue
            yield from (RefusedItem(item.where, str(fault)) for fault in faults)
            if work is not None:
                yield SourceItem(
                    item.where, partial(work_bundle, work), partial(companions_of, work)
                )


OPENALEX: Final[Source] = _OpenAlexFile()
ingest_openalex: Final = partial(ingest_source, OPENALEX)


def _newest(path: Path) -> dict[str, str]:
    """Return the place of each work in the file; of a repeated work that of the newest, else the last."""
    newest: dict[str, tuple[str, str]] = {}
    for item in read_items(path):
        identity = identity_of(item.value) if isinstance(item, JsonItem) else None
        if identity and identity[1] >= newest.get(identity[0], ("", ""))[0]:
            newest[identity[0]] = (identity[1], item.where)
    return {identifier: where for identifier, (_, where) in newest.items()}
