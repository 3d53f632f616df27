"""Commands that ask whether the record holds and what it allows: verify, audit, rebuild."""

import os
from pathlib import Path
from typing import Annotated

import typer

from colineage.options import IdArgument, JsonOption, StoreOption
from colineage.output import answer
from colineage.settings import settings_from
from colineage.status import Status


def verify(*, store: StoreOption = None, as_json: JsonOption = False) -> int:
    """Whether the record holds: each bundle, the log's root, the graph that the log makes.

    The graph is made again in a temporary store. Exit status 1 where anything does not hold.
    """
    from colineage.opening import reading
    from colineage.views.record import verdict_view
    from colineage.vouching import verdict_of

    with reading(settings_from(os.environ, store=store)) as opened:
        found = verdict_of(opened)
    answer(found, verdict_view, as_json=as_json)
    return Status.DONE if found["ok"] else Status.NO


def audit(
    identifier: IdArgument,
    *,
    repository: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The git repository in which to look for the commit."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A file to hold against the recorded digests."),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> int:
    """Whether a run could be made again from what is recorded: pass, fail or unknown, with remedies.

    Exit status 0 where every check that applies passed, 1 where one failed or is unknown.
    """
    from colineage.opening import reading
    from colineage.views.record import audit_view
    from colineage.vouching import audit_of

    with reading(settings_from(os.environ, store=store)) as opened:
        found = audit_of(opened, identifier, repository=repository, data=data)
    answer(found, audit_view, as_json=as_json)
    return Status.DONE if found["passed"] else Status.NO


def rebuild(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Makes the graph again from the log, as after an upgrade."""
    from colineage.opening import reading
    from colineage.shapes import checkpoint_to_json
    from colineage.views.record import rebuilt_view

    with reading(settings_from(os.environ, store=store)) as opened:
        opened.rebuild()
        checkpoint = opened.checkpoint()
        found = {
            "bundles": checkpoint.size,
            "log": checkpoint_to_json(checkpoint),
            "digest": opened.digest(),
        }
    answer(found, rebuilt_view, as_json=as_json)
