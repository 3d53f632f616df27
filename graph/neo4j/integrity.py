"""Integrity check of all that is derived from the log (rule properties, minters, full-text search) against the log.

No query would reveal such a fault: a store can answer right today and misjudge what arrives tomorrow.
(Neo4j checks its own files only offline, with `neo4j-admin database check`.)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from graph.bundle.bundle import Bundle, read_late, reread
from graph.errors import DamagedError
from graph.model.model import Description
from graph.neo4j.connection import Asker
from graph.neo4j.graph_writer import row_of_node
from graph.neo4j.log_writer import row_of

_CHUNK: Final = 500
_MOST: Final = 20
_NOTED: Final = ("at", "n", "slot", "actor", "key", "said", "ends")

Said = Callable[[Asker, Iterable[int]], Mapping[int, Mapping[str, Description]]]
"""Returns the descriptions by the bundles at some positions, by node."""


def damage(asker: Asker, said: Said) -> list[str]:
    """See `GraphStore`."""
    found = [str(row["what"]) for row in asker.ask("strays")]
    minters: dict[str, str] = {}
    for check in (_notes(asker, minters), _shown(asker, said, minters)):
        try:
            found += islice(check, _MOST)
        except (DamagedError, LookupError, TypeError, ValueError) as error:
            found.append(f"what is kept beside the log can't be read: {error}")
    return found


def _notes(asker: Asker, minters: dict[str, str]) -> Iterator[str]:
    """Check the properties by which the rules look up a bundle; collect the minters into `minters`."""
    start = 0
    while rows := asker.ask("noted", start=start, limit=_CHUNK):
        for row in rows:
            try:
                bundle = _read(row)
            except DamagedError:  # the log's own check reports it
                continue
            noted, told = _pair(row, bundle)
            for name in (one for one in told if told[one] != noted[one]):
                yield f"position {row['position']} is not noted with the {name} that it has"
            minters.update(dict.fromkeys(bundle.mints(), bundle.id))
        start = rows[-1]["position"] + 1


def _read(row: Mapping[str, Any]) -> Bundle:
    """Read a bundle; one without rule properties was not understood on arrival, and may still not be."""
    is_unread = row["noted"]["slot"] is None and row["noted"]["actor"] is None
    return (read_late if is_unread else reread)(row["header"], row["body"], row["signature"])


def _pair(row: Mapping[str, Any], bundle: Bundle) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the stored properties of a bundle, and those that its bytes imply."""
    noted = {**row["noted"], "answers": sorted(row["answers"])}
    noted |= {"vouches": row["vouches"], "follows": row["follows"]}
    wanted = row_of(bundle)
    header = bundle.header if wanted["actor"] is not None else None
    told: dict[str, Any] = {name: wanted[name] for name in _NOTED}
    told["head"] = None if row["followed"] else wanted["head"]
    told["withheld"] = True if bundle.body_bytes is None else None
    answers = header.answers if header else ()
    told["answers"] = sorted([answer.verb.value, answer.target] for answer in answers)
    told["vouches"] = sorted(header.vouches) if header else []
    told["follows"] = sorted(header.prev) if header else []
    return noted, told


def _shown(asker: Asker, said_at: Said, minters: dict[str, str]) -> Iterator[str]:
    """Check the kind under which a node is listed, its full-text words, and the minter of a minted one."""
    after = ""
    while rows := asker.ask("shown", after=after, limit=_CHUNK):
        said = said_at(asker, {row["shown"] for row in rows if row["shown"] is not None})
        for row in rows:
            name, place = row["id"], row["shown"]
            description = None if place is None else said[place][name]
            _, kind, _, *words = row_of_node(name, place, description)
            if row["kind"] != kind:
                yield f"{name} is listed as {row['kind']}, and is {kind}"
            if [row["title_words"], row["text_words"]] != words:
                yield f"the words of {name} are not filed as they are shown"
            if row["minter"] != minters.pop(name, None):
                yield f"{name} is not noted as new in the bundle that it is new in"
        after = rows[-1]["id"]
    for name, bundle in minters.items():
        yield f"{name} is not noted as new in {bundle}"
