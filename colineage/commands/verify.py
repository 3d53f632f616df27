"""Commands that verify the log, audit the reproducibility of a run, and rebuild the graph: verify, audit, rebuild."""

import os
from pathlib import Path
from typing import Annotated

import typer

from colineage.exit_status import ExitStatus
from colineage.options import FromOption, IdArgument, JsonOption, StoreOption
from colineage.output import Json, print_answer, progress
from colineage.settings import settings_from
from graph.errors import Fault, InputError


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
    from colineage.views.verify import verification_view

    if folder is None and from_key is not None:
        fault = Fault("--from", "an export beside it: DIR", "none")
        raise InputError("only an export is checked against a key", [fault])
    if folder is not None and store is not None:
        fault = Fault("--store", "nothing beside an export, which is checked by itself", store)
        raise InputError("one of the two is checked", [fault])
    result = _verification(store) if folder is None else _export_verification(folder, from_key)
    print_answer(result, verification_view, as_json=as_json)
    return ExitStatus.DONE if result["ok"] else ExitStatus.NO


def _verification(store: str | None) -> Json:
    from colineage.answers.verify import verification_of
    from colineage.store_access import open_for_reading

    with open_for_reading(settings_from(os.environ, store=store)) as graph_store:
        return verification_of(graph_store)


def _export_verification(folder: Path, key: str | None) -> Json:
    from colineage.answers.exchange import export_verification_of

    with progress("verify: bundles") as update:
        return export_verification_of(folder, key=key, progress=update)


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
    from colineage.store_access import open_for_reading
    from colineage.views.verify import audit_view

    with open_for_reading(settings_from(os.environ, store=store)) as graph_store:
        result = audit_of(graph_store, identifier, repository=repository, data=data)
    print_answer(result, audit_view, as_json=as_json)
    return ExitStatus.DONE if result["passed"] else ExitStatus.NO


def rebuild(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Rebuild the graph from the log, as after an upgrade."""
    from colineage.answers.json_shapes import checkpoint_to_json
    from colineage.store_access import open_for_reading
    from colineage.views.verify import rebuild_view

    with open_for_reading(settings_from(os.environ, store=store)) as graph_store:
        graph_store.rebuild()
        checkpoint = graph_store.checkpoint()
        result = {
            "bundles": checkpoint.size,
            "log": checkpoint_to_json(checkpoint),
            "digest": graph_store.digest(),
        }
    print_answer(result, rebuild_view, as_json=as_json)
