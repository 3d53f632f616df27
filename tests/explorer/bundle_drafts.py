"""Good bundles of every kind as values that a test changes, and the bytes of such values, good or not."""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from graph.bundle.keys import Signer, signer_of
from graph.model.canonical import digest
from tests.explorer.edge_texts import HASH, HEX64

Json: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Json], object]

ADA: Final = signer_of(bytes(range(32)))
ZED: Final = signer_of(bytes(range(32, 64)))
OTHER: Final = f"sha256:{'4f' * 32}"
IDEA: Final = f"idea:{HEX64}"
SALT: Final = "3f" * 16
PAPER: Final = "arxiv:2401.01234"
NAME: Final = f"mention:{PAPER}/{HEX64}"


class Case(NamedTuple):
    """Bytes to be judged, and the rule at whose edge they are."""

    rule: str
    header: bytes
    body: bytes | None
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class Draft:
    """Values of a bundle before they are bytes: `body` of the header is filled in where the key is there."""

    header: Json
    body: Json | None
    signer: Signer | None = field(default=ADA)

    def changed(self, header: Change | None = None, body: Change | None = None) -> "Draft":
        """A copy with its header, its body or both changed."""
        copied = copy.deepcopy(self)
        if header:
            header(copied.header)
        if body and copied.body is not None:
            body(copied.body)
        return copied


def in_bytes(value: object) -> bytes:
    """Sorted JSON, also of values that no bundle may hold."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="surrogatepass")


def case(rule: str, draft: Draft) -> Case:
    """The bytes of a draft, with the right hash and signature."""
    body = None if draft.body is None else in_bytes(draft.body)
    header = dict(draft.header)
    if body is not None and header.get("body") == "":
        header["body"] = digest(body)
    return signed(rule, in_bytes(header), body, draft.signer)


def signed(rule: str, header: bytes, body: bytes | None, signer: Signer | None) -> Case:
    """The case of a header that this signer signs."""
    return Case(rule, header, body, signer.sign(header) if signer else None)


# -- good bundles ----------------------------------------------------------------------------------

SPOKEN: Final[Json] = {"v": 1, "by": f"person:{ADA.key}", "at": "2026-01-01T00:00:00Z", "n": 0}
SAID: Final = Draft(
    {
        **SPOKEN,
        "key": ADA.key, "body": "", "prev": [HASH, OTHER], "beside": {"a": [1, "b", True]},
        "mints": [["#1", "idea"], ["#2", "ai"], ["#a", "research"]],
    },
    {
        "words": 1, "salt": SALT,
        "nodes": [
            {"id": "#1", "kind": "idea", "title": "An idea", "keywords": ["a", "b"], "cut": True},
            {"id": "#2", "kind": "ai", "agent": "ai", "known": "observed", "configuration": IDEA},
            {"id": "#a", "kind": "research", "started": "2026-01-01T00:00:00Z", "answer": "#1"},
            {"id": IDEA, "kind": "idea", "date": "2026-01", "level": 3, "activity": "evaluation-and-error-analysis"},
            {
                "id": "mlflow:0/a", "kind": "run", "params": [{"name": "a"}, {"name": "b", "value": "1"}],
                "metrics": [
                    {"name": "loss", "step": 10, "value": "0.5"},
                    {"name": "loss", "step": 2, "unit": "nat", "value": "-1e-7"},
                ],
            },
        ],
        "edges": [
            {"from": "#1", "rel": "wasAttributedTo", "to": "#2", "role": "software", "degree": "lead"},
            {"from": "#1", "rel": "wasAttributedTo", "to": "#2", "initiative": f"person:{ADA.key}"},
            {"from": "#1", "rel": "wasDerivedFrom", "to": IDEA, "subtype": "inspiration", "score": "0.93"},
            {"from": "#1", "rel": "wasGeneratedBy", "to": "#a", "evidence": ["#1", IDEA], "autonomy": "none"},
            {"from": "#a", "rel": "used", "to": PAPER, "at": "2026-01-01T00:00:00Z", "primary": False},
            {"from": "mlflow:0/a", "rel": "wasAssociatedWith", "to": "#2", "verified_by": NAME, "position": 1},
        ],
    },
)  # fmt: skip
SERVED: Final = Draft(
    {
        "v": 1, "by": "source:arxiv", "at": "2026-01-01T00:00:00Z", "body": "",
        "source": {"uri": PAPER, "mapping": "arxiv-raw/300", "licence": None},
    },
    {
        "words": 1,
        "nodes": [
            {
                "id": PAPER, "kind": "work", "title": "Sheep", "authors": "A, B", "year": 2026, "list": "found",
                "references": [
                    {"position": 1, "page": 2, "text": "One", "linked": [PAPER, "doi:10.1000/x"], "year": 1999},
                    {"position": 2, "page": 2, "text": "Two", "printed": ["doi:10.1000/x"], "doubt": "much"},
                ],
            },
            {"id": f"{PAPER}v2", "kind": "version", "submitted": "2026-01-01T00:00:00Z", "number": 2},
            {"id": NAME, "kind": "mention", "name": "J. Schäfer", "agent": "person"},
            {"id": f"{NAME}.2", "kind": "mention", "name": "J. Schäfer"},
        ],
        "edges": [
            {"from": PAPER, "rel": "cites", "to": "doi:10.1000/x", "position": 1, "text": "One"},
            {"from": PAPER, "rel": "wasAttributedTo", "to": NAME, "position": 1},
            {"from": PAPER, "rel": "wasAttributedTo", "to": NAME, "position": 2},
            {"from": f"{PAPER}v2", "rel": "specializationOf", "to": PAPER},
        ],
    },
    None,
)  # fmt: skip
TRIED: Final = Draft(
    {
        "v": 1,
        "by": "source:mlflow",
        "at": None,
        "body": "",
        "source": {"uri": "mlflow:0/a", "mapping": "mlflow-run/100", "licence": "CC0-1.0"},
    },
    {
        "words": 1,
        "nodes": [{"id": "mlflow:0/a", "kind": "run", "status": "FINISHED"}],
        "edges": [
            {"from": "mlflow:0/models/m", "rel": "wasGeneratedBy", "to": "mlflow:0/a"},
            {"from": "mlflow:0/a", "rel": "used", "to": f"sha256:{HEX64}"},
        ][::-1],
    },
    None,
)
RUN: Final = Draft(
    {
        **SPOKEN,
        "by": f"software:{ADA.key}",
        "key": ADA.key,
        "body": "",
        "n": 7,
        "vouches": [HASH, OTHER],
        "mints": [["#1", "ingest"]],
    },
    {
        "words": 1,
        "salt": SALT,
        "nodes": [
            {"id": "#1", "kind": "ingest", "query": "q", "seen": 2, "answer": f"sha256:{HEX64}"}
        ],
        "edges": [
            {"from": "#1", "rel": "used", "to": f"sha256:{HEX64}"},
            {"from": "#1", "rel": "wasAssociatedWith", "to": f"software:{ADA.key}"},
            {"from": "#1", "rel": "wasInformedBy", "to": f"ingest:{HEX64}"},
        ],
    },
)
ANSWER: Final = Draft(
    {
        **SPOKEN,
        "by": f"ai:{HEX64}",
        "key": ADA.key,
        "body": "",
        "under": HASH,
        "answers": [["disputes", HASH], ["retracts", OTHER], ["supersedes", HASH]],
    },
    {"words": 1, "salt": SALT, "reason": "Half of them are gone"},
)
GRANT: Final = Draft({**SPOKEN, "key": ADA.key, "grants": [ZED.key, "say"]}, None)
END: Final = Draft({**SPOKEN, "key": ADA.key, "ends": [OTHER, HASH, OTHER]}, None)
LATER: Final = Draft({"v": 2, "body": HASH, "weather": ["fair"]}, None, None)
LATER_KEY: Final = Draft({**SPOKEN, "key": "p256:abcd", "body": HASH}, None)
GOOD: Final[Mapping[str, Draft]] = {
    "a statement": SAID,
    "a record": SERVED,
    "a record of a run": TRIED,
    "a run": RUN,
    "an answer": ANSWER,
    "a grant": GRANT,
    "an end": END,
    "a later version": LATER,
    "a later key": LATER_KEY,
}


def put(*path: str | int, value: object) -> Change:
    """Set the value at a place."""

    def change(whole: Any) -> None:
        for step in path[:-1]:
            whole = whole[step]
        whole[path[-1]] = value

    return change


def drop(key: str) -> Change:
    """Leave a key out."""
    return lambda whole: whole.pop(key, None)
