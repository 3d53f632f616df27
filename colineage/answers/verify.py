"""Answers of `verify` and `audit`, as JSON."""

from pathlib import Path
from tempfile import TemporaryDirectory

from audit.run import audit_run
from audit.verify import verify
from colineage.answers.attribution import attribution_fields
from colineage.answers.json_shapes import checkpoint_to_json, thing_to_json
from colineage.answers.resolve import find_thing
from colineage.output import Json
from graph.open import open_store
from graph.store import GraphStore


def verification_of(store: GraphStore) -> Json:
    """Verify the store: `{"ok", "bundles", "silent", "log": {"size", "root"}, "digest", "faults": [{"bundle", "what"}]}`."""
    with TemporaryDirectory(prefix="colineage-") as folder:
        verdict = verify(store, fresh=lambda: open_store(f"sqlite:{folder}/again.db"))
    return {
        "ok": verdict.ok,
        "bundles": verdict.bundles,
        "silent": verdict.silent,
        "log": checkpoint_to_json(verdict.checkpoint),
        "digest": verdict.digest,
        "faults": [{"bundle": fault.bundle, "what": fault.what} for fault in verdict.faults],
    }


def audit_of(store: GraphStore, text: str, *, repository: Path | None, data: Path | None) -> Json:
    """Audit a run: `{"id", "kind", "title", "passed", "checks": [{"name", "verdict", "evidence", "bundles", "remedy"}], "attributions"}`.

    Raises:
        IdentifierError: The text is no identifier.
        NotFoundError: No such thing.
        InputError: It is no run, or the repository or the file can't be read.
    """
    thing = find_thing(store, text)
    audit = audit_run(store, thing.id, repository=repository, data=data)
    return {
        **thing_to_json(audit.node),
        "passed": audit.has_passed,
        "checks": [
            {
                "name": check.name,
                "verdict": check.verdict.value,
                "evidence": check.evidence,
                "bundles": list(check.bundles),
                "remedy": check.remedy,
            }
            for check in audit.checks
        ],
        **attribution_fields(
            store,
            things=[audit.node],
            bundles=[name for check in audit.checks for name in check.bundles],
        ),
    }
