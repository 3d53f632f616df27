"""Write the parts of docs/bundle.md that the code decides: tables, identifiers, the worked example.

    PYTHONPATH=. python tests/graph/bundle/bundle_page.py

The tests hold the page and the code equal, so run this after changing the vocabulary.
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from graph.bundle.bundle import Bundle, statement
from graph.bundle.keys import pae, signer_of
from graph.model import vocabulary as words
from graph.model.canonical import canonical_bytes, digest
from graph.model.identifiers import kinds_of, owner_of
from graph.model.model import Body, Description, Edge, Header
from graph.model.vocabulary import Kind, Relation, Shape
from tests.oracle import Oracle

PAGE: Final = Path(__file__).parents[3] / "docs" / "bundle.md"

_NAMES: Final = {
    words.Derivation: "derivation",
    words.Activity: "activity",
    words.Role: "role",
    words.Degree: "degree",
    words.Autonomy: "autonomy",
    words.Improves: "improves",
    words.IdentificationBasis: "known",
    words.AgentNature: "nature",
    words.ReadingOutcome: "outcome",
}

_HASH: Final = "3f" * 32
_EXAMPLES: Final = (
    ("arxiv:2401.01234", "a paper"),
    ("arxiv:math/0309136", "an old paper, without its subject class"),
    ("arxiv:2401.01234v2", "one version of it"),
    ("doi:10.1000/xyz123", "lower-case"),
    ("orcid:0000-0002-1825-0097", "with its check digit (ISO 7064 MOD 11-2)"),
    ("ror:02mhbdp94", ""),
    (
        "openalex:W2741809807",
        "`W` work, `A` person, `C` and `T` concept, `S` venue, `I`, `P`, `F` organization",
    ),
    (f"git:{'3f' * 20}", "a commit: 40 hex digits, or 64"),
    (f"swh:1:rev:{'3f' * 20}", "`cnt`, `dir`, `rev`, `rel`, `snp`"),
    (f"sha256:{_HASH}", "bytes; also a bundle"),
    ("mlflow:0/a1b2c3", "experiment and run"),
    ("concept:arxiv/cs.AI", "a source's own concept"),
    (f"mention:arxiv:2401.01234/{_HASH}", "a name on a paper: the SHA-256 of the name as printed"),
    (f"mention:arxiv:2401.01234/{_HASH}.2", "the second of that name"),
    (f"idea:{_HASH}", "minted; so for every kind"),
    (f"ai:{_HASH}", "an AI agent"),
    (f"person:ed25519:{_HASH}", "a key that speaks for a person"),
    (f"software:ed25519:{_HASH}", "a key that speaks for an installation"),
    ("source:arxiv", "a source itself"),
)


def _code(*texts: str) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def _form(form: Shape | type[StrEnum]) -> str:
    return form.value if isinstance(form, Shape) else f"a word of *{_NAMES[form]}*"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _ends(relation: Relation) -> tuple[str, str]:
    source = "an activity" if relation in words.FROM_ACTIVITY else "any"
    target = "an activity" if relation in words.TO_ACTIVITY else "any"
    return source, "an agent" if relation in words.TO_AGENT else target


def vocabulary() -> str:
    """The closed sets, as tables."""
    groups = (
        ("entities", words.ENTITY_KINDS),
        ("activities", words.ACTIVITY_KINDS),
        ("agents", words.AGENT_KINDS),
    )
    kinds = [(name, _code(*(k.value for k in Kind if k in group))) for name, group in groups]
    relations = [(_code(one.value), *_ends(one)) for one in Relation]
    forms = ("key", "value")
    attributes = [(_code(key), _form(form)) for key, form in words.ATTRIBUTES.items()]
    qualifiers = [(_code(key), _form(form)) for key, form in words.QUALIFIERS.items()]
    sets = [(f"*{name}*", _code(*(one.value for one in of))) for of, name in _NAMES.items()]
    parts = (
        ("**Kinds.**", _table(("group", "kinds"), kinds)),
        ("**Relations**, and what their ends must be.", _table(("rel", "from", "to"), relations)),
        ("**Attributes** of a description, beside `id` and `kind`.", _table(forms, attributes)),
        ("**Qualifiers** of an edge, beside `from`, `rel` and `to`.", _table(forms, qualifiers)),
        ("**Closed sets of words.**", _table(("set", "words"), sets)),
    )
    return "\n\n".join(part for pair in parts for part in pair)


def identifiers() -> str:
    """One example of each form, what it may be, and whose it is."""
    rows = []
    for example, note in _EXAMPLES:
        kinds = kinds_of(example)
        entities = kinds == words.ENTITY_KINDS
        may_be = "any entity" if entities else _code(*sorted(kind.value for kind in kinds))
        owner = owner_of(example)
        rows.append((f"`{_short(example)}`", may_be, f"`{owner}`" if owner else "", note))
    return _table(("form", "kind", "belongs to", ""), rows)


def _short(text: str) -> str:
    return re.sub(r"(3f){8,}", lambda match: f"3f…({len(match[0])} hex)", text)


def example_bundle() -> Bundle:
    """The statement of the worked example: the key is made of the seed 00 01 02 … 1f (RFC 8032)."""
    signer = signer_of(bytes(range(32)))
    body = Body(
        (Description("#1", Kind.IDEA, {"title": "Count sheep lazily"}),),
        (Edge("#1", Relation.WAS_DERIVED_FROM, "arxiv:2401.01234", {"subtype": "inspiration"}),),
    )
    header = Header(by=f"person:{signer.key}", at="2026-01-05T00:00:00Z", body="")
    return statement(header, body, signer)


def example() -> str:
    """The example, byte by byte."""
    bundle = example_bundle()
    assert bundle.header is not None
    state = Oracle([bundle], frozenset())
    said = bundle.resolved_body()
    lines = [
        canonical_bytes(["colineage-state", 1]),
        *(canonical_bytes(["node", bundle.header.key, node.to_json()]) for node in said.nodes),
        *(canonical_bytes(["edge", edge.to_json()]) for edge in said.edges),
    ]
    signed = pae(bundle.header_bytes)
    parts = (
        ("The body", (bundle.body_bytes or b"").decode()),
        ("the header, which holds the body's hash", bundle.header_bytes.decode()),
        ("the bundle's id, the hash of the header", bundle.id),
        ("the bytes that are signed", signed.decode()),
        ("the signature (hex)", (bundle.signature or b"").hex()),
        ("the id that the label `#1` mints", next(bundle.minted_ids())),
        ("the lines of the state, when this bundle is all there is", _lines(lines)),
        ("and their digest", digest(b"".join(line + b"\n" for line in lines))),
    )
    assert state.graph().digest == parts[-1][1]
    return "\n\n".join(f"{words_}:\n\n```text\n{text}\n```" for words_, text in parts)


def _lines(lines: list[bytes]) -> str:
    return "\n".join(line.decode() for line in lines)


PARTS: Final[dict[str, Callable[[], str]]] = {
    "vocabulary": vocabulary,
    "identifiers": identifiers,
    "example": example,
}


def filled(text: str) -> str:
    """The page with each marked part as the code has it."""
    for name, part in PARTS.items():
        begin, end = f"<!-- {name}: begin -->\n", f"\n<!-- {name}: end -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"docs/bundle.md has no part marked {name}")
        text = before + begin + part() + end + after
    return text


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
