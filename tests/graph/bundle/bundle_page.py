"""Write the parts of docs/bundle.md that the code decides: tables, identifiers, the worked examples.

    PYTHONPATH=. python tests/graph/bundle/bundle_page.py

The tests hold the page and the code equal, so run this after changing the vocabulary.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from graph.bundle.body import body_to_json
from graph.bundle.bundle import Bundle, record, statement
from graph.bundle.keys import pae, signer_of
from graph.model import vocabulary as words
from graph.model.canonical import canonical_bytes, digest
from graph.model.identifiers import kinds_of, owner_of
from graph.model.model import Answer, Body, Description, Edge, End, Grant, Header, RecordSource
from graph.model.vocabulary import Kind, Relation, Scope, Shape, Verb

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
    words.ReferenceListState: "list",
}

_HASH: Final = "3f" * 32
_EXAMPLES: Final = (
    ("arxiv:2401.01234", "a paper"),
    ("arxiv:math/0309136", "an old paper, without its subject class"),
    ("arxiv:2401.01234v2", "one version of it"),
    ("doi:10.1000/xyz123", "lower-case; other octets as `%c3`"),
    ("orcid:0000-0002-1825-0097", "with its check digit (ISO 7064 MOD 11-2)"),
    ("ror:02mhbdp94", ""),
    (
        "openalex:W2741809807",
        "`W` work, `A` person, `C` and `T` concept, `S` venue, `I`, `P`, `F` organization",
    ),
    (f"git:{'3f' * 20}", "a commit: 40 hex digits, or 64"),
    (
        f"swh:1:rev:{'3f' * 20}",
        "`cnt` file, `dir` and `snp` code, `rev` and `rel` version",
    ),
    (f"sha256:{_HASH}", "bytes; also a bundle"),
    ("mlflow:0/a1b2c3", "experiment and run"),
    ("mlflow:0/models/m-a1b2c3", "experiment and logged model"),
    (f"repository:git/{'3f' * 20}", "the first commit; 40 hex digits, or 64"),
    ("model:example/reasoner@2026-01-15", "provider, name and, where it is known, version"),
    ("concept:arxiv/cs.AI", "a source's own concept"),
    (f"mention:arxiv:2401.01234/{_HASH}", "a name on a paper: the SHA-256 of the name as served"),
    (f"mention:arxiv:2401.01234/{_HASH}.2", "the second of that name"),
    (f"idea:{_HASH}", "minted; so for every kind but `mention`"),
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
    sets = [(f"*{name}*", _code(*(one.value for one in form))) for form, name in _NAMES.items()]
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


PERSON: Final = signer_of(bytes(range(32)))
INSTALLATION: Final = signer_of(bytes(range(32, 64)))
AGENT: Final = signer_of(bytes(range(64, 96)))


def example_bundles() -> dict[str, Bundle]:
    """The bundles of the worked examples, by their headings; the keys are made of the seeds 00 01 02 … (RFC 8032)."""
    paper = "arxiv:2401.01234"
    name = f"mention:{paper}/{hashlib.sha256('J. Schäfer'.encode()).hexdigest()}"
    served = record(
        "source:arxiv",
        "2026-01-04T00:00:00Z",
        RecordSource(paper, "arxiv-raw/300", "CC0-1.0"),
        Body(
            (
                Description(paper, Kind.WORK, {"title": "Counting Sheep"}),
                Description(name, Kind.MENTION, {"name": "J. Schäfer"}),
            ),
            (Edge(paper, Relation.WAS_ATTRIBUTED_TO, name, {"position": 1}),),
        ),
    )
    lab, ada = f"software:{INSTALLATION.key}", f"person:{PERSON.key}"
    run = statement(
        Header(by=lab, at="2026-01-05T00:00:00Z", vouches=(served.id,)),
        Body(
            (Description("#1", Kind.INGEST, {"query": "from=2026-01-04", "seen": 1}),),
            (Edge("#1", Relation.WAS_ASSOCIATED_WITH, lab),),
        ),
        INSTALLATION,
    )
    minting = statement(
        Header(by=ada, at="2026-01-05T00:00:00Z"),
        Body(
            (
                Description("#1", Kind.IDEA, {"title": "Count sheep lazily"}),
                Description("#2", Kind.AI, {"name": "Ada's agent"}),
            ),
            (
                Edge("#1", Relation.WAS_ATTRIBUTED_TO, "#2", {"initiative": ada}),
                Edge("#1", Relation.WAS_DERIVED_FROM, paper, {"subtype": "inspiration"}),
            ),
        ),
        PERSON,
    )
    grant = statement(
        Header(
            by=ada,
            at="2026-01-06T00:00:00Z",
            prev=(minting.id,),
            n=1,
            grants=Grant(AGENT.key, Scope.SAY),
        ),
        None,
        PERSON,
    )
    _, agent = minting.minted_ids()
    answer = statement(
        Header(
            by=agent,
            at="2026-01-07T00:00:00Z",
            under=grant.id,
            answers=(Answer(Verb.DISPUTES, minting.id),),
        ),
        Body(reason="Lazily counted, half of them are gone"),
        AGENT,
    )
    end = statement(
        Header(
            by=ada,
            at="2026-01-08T00:00:00Z",
            prev=(grant.id,),
            n=2,
            ends=End(grant.id, (answer.id,)),
        ),
        None,
        PERSON,
    )
    return {
        "A record": served,
        "A run that vouches for it": run,
        "A statement that mints": minting,
        "A grant": grant,
        "An answer with a reason, under the grant": answer,
        "The end of the grant, which keeps that answer": end,
    }


def examples() -> str:
    """The examples, byte by byte, and the state that they make."""
    bundles = example_bundles()
    first = next(title for title, bundle in bundles.items() if bundle.signature is not None)
    parts = [
        f"### {title}\n\n{_bytes_of(bundle, with_signed=title == first)}"
        for title, bundle in bundles.items()
    ]
    return "\n\n".join((*parts, f"### What they mean together\n\n{_state(bundles.values())}"))


def _bytes_of(bundle: Bundle, *, with_signed: bool) -> str:
    """A bundle in its bytes: body, header, signature, id and the ids that it mints."""
    parts = []
    if bundle.body is not None and bundle.body.salt is not None:
        unsalted = canonical_bytes(body_to_json(replace(bundle.body, salt=None)))
        parts.append(_block("The body without its salt, of which the salt is made", unsalted))
    if bundle.body_bytes is not None:
        parts.append(_block("The body", bundle.body_bytes))
    parts.append(_block("The header", bundle.header_bytes))
    if with_signed:
        parts.append(_block("The bytes that are signed", pae(bundle.header_bytes)))
    if bundle.signature is not None:
        parts.append(_block("The signature (hex)", bundle.signature.hex()))
    parts.append(_block("The id, which is the hash of the header", bundle.id))
    if bundle.header and bundle.header.mints:
        labels = _code(*(mint.label for mint in bundle.header.mints))
        parts.append(_block(f"In the graph, {labels} is", *bundle.minted_ids()))
    return "\n\n".join(parts)


def _block(title: str, *lines: bytes | str) -> str:
    texts = (line.decode() if isinstance(line, bytes) else line for line in lines)
    return f"{title}:\n\n```text\n" + "\n".join(texts) + "\n```"


def _state(bundles: Iterable[Bundle]) -> str:
    """The state of section 6: lines and leaf of each node, the root, the digest."""
    nodes = _lines_by_node(bundles)
    leaves = {_place(node): _leaf(node, lines) for node, lines in nodes.items()}
    root = _digest_below("", leaves)
    blocks = [
        _block(f"The lines of `{node}`, its place and its leaf (hex)", *lines, place, leaf.hex())
        for node, lines in nodes.items()
        for place, leaf in [(_place(node), leaves[_place(node)])]
    ]
    return "\n\n".join(
        (
            "All of them live where the installation is trusted; the answer and the run add nothing to the state.",
            *blocks,
            _block("The root (hex)", root.hex()),
            _block("The state digest", state_digest(bundles)),
        )
    )


def state_digest(bundles: Iterable[Bundle]) -> str:
    """The digest of the state that these bundles make, where all live and none lacks its body."""
    nodes = _lines_by_node(bundles)
    root = _digest_below("", {_place(node): _leaf(node, lines) for node, lines in nodes.items()})
    return digest(canonical_bytes(["colineage-state", 1]) + b"\n" + root)


def _lines_by_node(bundles: Iterable[Bundle]) -> dict[str, list[str]]:
    """The lines of each node; the author of what the agent says is the person."""
    lines: dict[str, set[str]] = {}
    for bundle in bundles:
        header, body = bundle.header, bundle.resolved_body()
        if header is None or header.is_run:
            continue
        author = PERSON.key if header.under else header.key or header.by
        speaker = author, header.actor or header.by, header.by
        for node in body.nodes:
            line = canonical_bytes(["node", *speaker, node.to_json()])
            lines.setdefault(node.id, set()).add(line.decode())
        for edge in body.edges:
            line = canonical_bytes(["edge", *speaker, edge.to_json()])
            lines.setdefault(edge.source, set()).add(line.decode())
    return {node: sorted(lines[node], key=str.encode) for node in sorted(lines)}


def _place(node: str) -> str:
    return hashlib.sha256(node.encode()).hexdigest()


def _leaf(node: str, lines: Iterable[str]) -> bytes:
    text = canonical_bytes(node) + b"".join(b"\n" + line.encode() for line in lines) + b"\n"
    return hashlib.sha256(b"\0" + text).digest()


def _digest_below(prefix: str, leaves: dict[str, bytes]) -> bytes:
    below = [leaf for place, leaf in leaves.items() if place.startswith(prefix)]
    if len(below) < 2:
        return below[0] if below else bytes(32)
    return hashlib.sha256(
        b"\1" + b"".join(_digest_below(prefix + digit, leaves) for digit in "0123456789abcdef")
    ).digest()


PARTS: Final[dict[str, Callable[[], str]]] = {
    "vocabulary": vocabulary,
    "identifiers": identifiers,
    "examples": examples,
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
