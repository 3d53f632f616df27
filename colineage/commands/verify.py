"""Commands that ask whether the record holds and what it allows: verify, audit, rebuild."""

import os
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from colineage.commands.exchange import FromOption
from colineage.exit_status import Status
from colineage.options import IdArgument, JsonOption, StoreOption
from colineage.output import answer, progress
from colineage.settings import settings_from
from graph.errors import Fault, InputError

Json: TypeAlias = dict[str, Any]


def verify(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR", show_default=False, help="An export to check, instead of the store."
        ),
    ] = None,
    *,
    from_key: FromOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> int:
    """Whether the record holds: each bundle, the log's root, the graph that the log makes.

    The graph is made again in a temporary store. Exit status 1 where anything does not hold.
    """
    from colineage.views.verify import verdict_view

    if folder is None and from_key is not None:
        fault = Fault("--from", "an export beside it: DIR", "none")
        raise InputError("a store is not held to a key", [fault])
    if folder is not None and store is not None:
        fault = Fault("--store", "nothing beside an export, which is checked by itself", store)
        raise InputError("one of the two is checked", [fault])
    found = _verdict(store) if folder is None else _verdict_of_export(folder, from_key)
    answer(found, verdict_view, as_json=as_json)
    return Status.DONE if found["ok"] else Status.NO


def _verdict(store: str | None) -> Json:
    from colineage.answers.verify import verdict_of
    from colineage.store_access import reading

    with reading(settings_from(os.environ, store=store)) as opened:
        return verdict_of(opened)


def _verdict_of_export(folder: Path, key: str | None) -> Json:
    from colineage.answers.exchange import verdict_of_export

    with progress("verify: bundles") as told:
        return verdict_of_export(folder, key=key, progress=told)


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
    from colineage.answers.verify import audit_of
    from colineage.store_access import reading
    from colineage.views.verify import audit_view

    with reading(settings_from(os.environ, store=store)) as opened:
        found = audit_of(opened, identifier, repository=repository, data=data)
    answer(found, audit_view, as_json=as_json)
    return Status.DONE if found["passed"] else Status.NO


def rebuild(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Makes the graph again from the log, as after an upgrade."""
    from colineage.answers.json_shapes import checkpoint_to_json
    from colineage.store_access import reading
    from colineage.views.verify import rebuilt_view

    with reading(settings_from(os.environ, store=store)) as opened:
        opened.rebuild()
        checkpoint = opened.checkpoint()
        found = {
            "bundles": checkpoint.size,
            "log": checkpoint_to_json(checkpoint),
            "digest": opened.digest(),
        }
    answer(found, rebuilt_view, as_json=as_json)
