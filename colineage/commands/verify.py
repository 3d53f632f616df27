"""Commands that verify the log, audit the reproducibility of a run, and rebuild the graph: verify, audit, rebuild."""

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
            metavar="DIR", show_default=False, help="Verify this export instead of the store."
        ),
    ] = None,
    *,
    from_key: FromOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> int:
    """Verify the log, and the graph made from it. Checks each bundle and the log's root.

    The graph is rebuilt in a temporary store and compared. Exit status 1 if anything does not verify.
    """
    from colineage.views.verify import verdict_view

    if folder is None and from_key is not None:
        fault = Fault("--from", "an export beside it: DIR", "none")
        raise InputError("only an export is checked against a key", [fault])
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
        typer.Option(metavar="PATH", help="Look for the commit in this git repository."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Check this file against the recorded digests."),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> int:
    """Audit whether a run could be reproduced. Prints pass, fail or unknown for each check, with remedies.

    Exit status 0 if every check that applies passed, 1 if one failed or is unknown.
    """
    from colineage.answers.verify import audit_of
    from colineage.store_access import reading
    from colineage.views.verify import audit_view

    with reading(settings_from(os.environ, store=store)) as opened:
        found = audit_of(opened, identifier, repository=repository, data=data)
    answer(found, audit_view, as_json=as_json)
    return Status.DONE if found["passed"] else Status.NO


def rebuild(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Rebuild the graph from the log, as after an upgrade."""
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
