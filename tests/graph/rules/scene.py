"""Scene: a small history, written out bundle by bundle, and what it means."""

from collections.abc import Iterable
from typing import Any

from graph.bundle.bundle import Bundle
from graph.model.canonical import canonical_bytes, digest
from tests.graph.world import (
    NOW,
    content,
    header_of,
    key,
    moment,
    node,
    person,
    run,
    sealed,
    stamp,
)
from tests.oracle import Graph, Oracle, graph_of
from tests.oracle_form import Json, Rules, minted_ids

TRUST = ((key("A"), None), (key("L"), frozenset({"source:arxiv"})))


class Scene:
    """The bundles of a history so far, by rules of which some may be taken out.

    The letters are those of `tests.graph.world`: A's store trusts her, and the lab L for arXiv.
    """

    def __init__(self, out: Rules = frozenset()) -> None:
        self.out = out
        self.bundles: list[Bundle] = []
        self._roots: dict[str, str] = {}

    def say(
        self,
        letter: str,
        under: Bundle | None = None,
        *,
        at: int = 0,
        by: str | None = None,
        prev: Iterable[Bundle] = (),
        body: Json | None = None,
        **wish: Any,
    ) -> Bundle:
        """Add a statement; under a grant it is by the root's person."""
        root = self._roots[under.id] if under else letter
        prev = list(prev)
        header = {
            "v": 1,
            "by": by or person(root),
            "at": stamp(at),
            "key": key(letter),
            "under": under and under.id,
            "prev": sorted(one.id for one in prev),
            "n": 1 + max((header_of(one)["n"] for one in prev), default=-1),
            "answers": [[verb, one.id] for verb, one in wish.get("answers", ())],
            "grants": wish.get("grants"),
            "ends": wish.get("ends"),
            "vouches": sorted(wish.get("vouches", ())),
            "mints": sorted(map(list, wish.get("mints", ()))),
        }
        if body is None and not wish.keys() & {"grants", "ends"}:
            body = content()
        made = self.put(header, body and {**body, "salt": "5" * 32}, letter)
        self._roots[made.id] = root
        return made

    def grant(self, letter: str, to: str, scope: str, under: Bundle | None = None) -> Bundle:
        """Add a grant."""
        return self.say(letter, under, grants=[key(to), scope])

    def end(
        self, letter: str, grant: Bundle, *heads: Bundle, under: Bundle | None = None, **more: Any
    ) -> Bundle:
        """Add an end of a grant that keeps these."""
        ends = [grant.id, *sorted(head.id for head in heads)]
        return self.say(letter, under, ends=ends, **more)

    def answer(
        self, letter: str, verb: str, target: Bundle, under: Bundle | None = None, **more: Any
    ) -> Bundle:
        """Add an answer."""
        return self.say(letter, under, answers=[(verb, target)], **more)

    def harvest(
        self, letter: str, *records: Bundle, under: Bundle | None = None, **more: Any
    ) -> Bundle:
        """Add a run that vouches for these."""
        return self.say(letter, under, **{**run(*(one.id for one in records)), **more})

    def describe(
        self, letter: str, name: str, title: str, under: Bundle | None = None, **more: Any
    ) -> Bundle:
        """Add a description."""
        return self.say(letter, under, body=content(node(name, title)), **more)

    def record(
        self,
        subject: str,
        title: str,
        *,
        at: int | None = 0,
        mapping: int = 1,
        source: str | None = None,
        edges: Iterable[Json] = (),
        **more: Any,
    ) -> Bundle:
        """Add a record of a source."""
        name = source or subject.partition(":")[0]
        header = {
            "v": 1,
            "by": f"source:{name}",
            "at": stamp(at),
            "source": {"uri": subject, "mapping": f"{name}/{mapping}", "licence": None},
            **more,
        }
        return self.put(header, content(node(subject, title), edges=edges), None)

    def put(self, header: dict[str, Any], body: Json | None, letter: str | None) -> Bundle:
        """Add a bundle, whatever a store makes of it; what is empty is left out of its header."""
        data = None if body is None else canonical_bytes(body)
        full = {k: v for k, v in header.items() if v not in (None, []) or k == "at"}
        made = sealed(full | ({} if data is None else {"body": digest(data)}), data, letter)
        self.bundles.append(made)
        return made

    # --- what it means

    def oracle(self, *bundles: Bundle, **more: Any) -> Oracle:
        """What these bundles mean, or all, to A's store."""
        more = {"trust": TRUST, "now": moment(NOW), **more}
        return Oracle(bundles or self.bundles, out=self.out, **more)

    def graph(self, *bundles: Bundle, **more: Any) -> Graph:
        return graph_of(self.oracle(*bundles, **more))

    def counts(self, bundle: Bundle) -> bool:
        """Whether it is of the set, and counts."""
        return bundle.id in self.graph().counts

    def lives(self, bundle: Bundle) -> bool:
        """Whether it is of the set, and lives."""
        return bundle.id in self.graph().lives

    def is_said(self, bundle: Bundle, **more: Any) -> bool:
        """Whether it is of the set, and its body says something."""
        oracle = self.oracle(**more)
        return bundle.id in oracle.heads and oracle.said(bundle.id) is not None

    def title(self, name: str, *bundles: Bundle, **more: Any) -> object:
        """The title that is shown of a node, none where nothing is shown."""
        oracle = self.oracle(*bundles, **more)
        shown = oracle.shown.get(name)
        said = oracle.said(shown) if shown else None
        titles = {one.id: one.attributes["title"] for one in said.nodes} if said else {}
        return titles.get(name)


def minted_by(bundle: Bundle) -> str:
    """The one id that a statement mints."""
    (name,) = minted_ids(bundle.id, header_of(bundle), None).values()
    return name
