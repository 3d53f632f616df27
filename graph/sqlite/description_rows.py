"""Rows of living descriptions, as the choice of what is shown and the digest read them."""

from collections.abc import Sequence
from typing import Any

from graph.sqlite.rule_facts import unpack_id
from graph.view.display_choice import DescriptionRef


def to_ref(row: Sequence[Any]) -> DescriptionRef:
    """Return the reference that a row makes: author, position, at, n, id, actor, by, acts, grants, place, run."""
    author, position, at, n, raw, actor, by, acts, grants, place, run = row
    return DescriptionRef(
        at=at or "",
        n=n,
        bundle=unpack_id(raw),
        author=author,
        actor=actor or author,
        by=by or author,
        position=position,
        acts=bool(acts),
        grants=grants or 0,
        place=place if actor is None else None,
        is_run=bool(run),
    )
