"""Answers of `export`, `pull`, `copy` and `verify DIR`, as JSON."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from colineage.answers.json_shapes import checkpoint_to_json
from colineage.output import Json, Progress, print_message
from colineage.settings import Settings
from graph.bundle.keys import Signer
from graph.export.copy import Original, copy, exported_log, stored_log
from graph.export.reader import opener, read_note_text
from graph.export.writer import export
from graph.open import open_store
from graph.rules.facts import authors_of
from graph.store import GraphStore

if TYPE_CHECKING:
    from graph.export.format import Opener

_WEB: Final = ("http://", "https://")
_PASSWORD: Final = re.compile(r"//([^:/@]*):.*@")


_PARTS: Final = {
    "bundle": "the bundle",
    "body": "the body of the bundle",
    "envelopes": "some envelopes of the bundle",
}
"""Parts of a bundle that a refusal leaves out, in words."""


def export_log(store: GraphStore, folder: Path, signer: Signer, progress: Progress) -> Json:
    """Export the log: `{"folder", "origin", "key", "log": {"size", "root"}, "digest", "added"}`."""
    result = export(store, folder, signer, progress=progress)
    return {
        "folder": str(folder),
        "origin": result.manifest.origin,
        "key": result.manifest.key,
        "log": checkpoint_to_json(result.manifest.checkpoint),
        "digest": result.manifest.digest,
        "added": result.added,
    }


def pull_log(
    settings: Settings,
    place: str,
    pins: Path,
    *,
    key: str | None,
    trust: bool,
    progress: Progress,
) -> Json:
    """Pull another log: `{"from", "origin", "key", "first_sight", "pulled": {"size", "root"}, "seen", "added", "refused", "refusals": [{"bundle", "position", "left_out", "reason"}], "withheld", "waiting", "trusted", "log": {…}}`."""
    from colineage.store_access import open_or_create
    from ingest.pull.pull import pull

    with _open_export(place) as open_file:
        read_note_text(open_file)  # so that an unusable export creates no store
        with open_or_create(settings) as store:
            result = pull(
                store,
                open_file,
                pins,
                key=key,
                address=place if place.startswith(_WEB) else None,
                trust=trust,
                progress=progress,
            )
            trusted = result.key in authors_of(store.trust_list())
            waiting = store.waiting()
    if result.first_sight:
        print_message(
            f"{result.signed.origin} is seen for the first time: that its key is {result.key} is its own word. Ask whoever "
            "runs it, or give --from KEY; from now on another key is refused."
        )
    for refusal in result.refusals:
        print_message(f"left out: {_PARTS[refusal.part]} {refusal.bundle}: {refusal.reason}")
    if result.refused:
        print_message(f"{result.refused:,} bundles are none and were left out, the rest is here.")
    if waiting.bundles:
        print_message(
            f"{waiting.bundles:,} bundles in this store are dated ahead and have no effect yet, the last until {waiting.until}."
        )
    if result.withheld:
        print_message(
            f"{result.withheld:,} bundles came without their body: each later pull asks for it."
        )
    if not trusted:
        print_message(
            f"This store doesn't trust {result.key}: what it vouches for as read from sources isn't shown here. "
            "To trust it: --trust."
        )
    return {
        "from": place,
        "origin": result.signed.origin,
        "key": result.key,
        "first_sight": result.first_sight,
        "pulled": checkpoint_to_json(result.signed.checkpoint),
        "seen": result.seen,
        "added": result.added,
        "refused": result.refused,
        "refusals": [
            {
                "bundle": refusal.bundle,
                "position": refusal.position,
                "left_out": refusal.part,
                "reason": refusal.reason,
            }
            for refusal in result.refusals
        ],
        "withheld": result.withheld,
        "waiting": waiting.bundles,
        "trusted": trusted,
        "log": checkpoint_to_json(result.log),
    }


def copy_log(source: str, target: str, *, patience_s: float, progress: Progress) -> Json:
    """Copy a log: `{"from", "to", "origin", "log": {"size", "root"}, "added", "trusted": [key]}`.

    Raises:
        GraphError: As `graph.export.copy.copy`, or one of the two can't be opened.
    """
    with (
        _open_original(source, patience_s, progress) as original,
        closing(open_store(target, patience_s=patience_s)) as store,
    ):
        result = copy(original, store, progress=progress)
        return {
            "from": _without_password(source),
            "to": _without_password(target),
            "origin": result.origin,
            "log": checkpoint_to_json(result.checkpoint),
            "added": result.added,
            "trusted": sorted(authors_of(store.trust_list())),
        }


def export_verification_of(folder: Path, *, key: str | None, progress: Progress) -> Json:
    """Verify an export: as `answers.verify.verification_of`, plus `origin`, `key`, and `withheld` (count of bodies)."""
    from audit.verify_export import verify_export

    with TemporaryDirectory(prefix="colineage-") as temporary:
        verdict = verify_export(
            opener(folder),
            key=key,
            fresh=lambda clock: open_store(f"sqlite:{temporary}/again.db", clock=clock),
            progress=progress,
        )
    if key is None:
        print_message(
            f"That the key of {verdict.signed.origin} is {verdict.key} is the export's own word: --from KEY holds it to "
            "the key that you know."
        )
    return {
        "ok": verdict.ok,
        "origin": verdict.signed.origin,
        "key": verdict.key,
        "bundles": verdict.bundles,
        "withheld": verdict.withheld,
        "silent": verdict.silent,
        "log": checkpoint_to_json(verdict.signed.checkpoint),
        "digest": verdict.digest,
        "faults": [{"bundle": fault.bundle, "what": fault.what} for fault in verdict.faults],
    }


def seen_folder(environment: Mapping[str, str], option: Path | None) -> Path:
    """Return the folder of the last seen checkpoints of other logs.

    `--seen`, `COLINEAGE_SEEN`; else `colineage/seen` in `XDG_STATE_HOME`, else in `~/.local/state`.
    """
    if option is not None:
        return option.expanduser()
    if environment.get("COLINEAGE_SEEN"):
        return Path(environment["COLINEAGE_SEEN"]).expanduser()
    state = Path(environment.get("XDG_STATE_HOME", ""))
    home = Path(environment.get("HOME") or Path.home())
    return (state if state.is_absolute() else home / ".local" / "state") / "colineage" / "seen"


@contextmanager
def _open_export(place: str) -> "Iterator[Opener]":
    """Open the files of an export in a folder or at a URL."""
    if not place.startswith(_WEB):
        yield opener(Path(place))
        return
    from ingest.http.rate_limit import cache_folder
    from ingest.pull.remote_export import open_remote_export

    with open_remote_export(place, cache_folder() / "pull") as remote:
        yield remote.open_file


def _without_password(url: str) -> str:
    """Return a store's URL without its password."""
    return _PASSWORD.sub(r"//\1@", url)


@contextmanager
def _open_original(source: str, patience_s: float, progress: Progress) -> Iterator[Original]:
    """Open the log to copy: of a store, or an export in a folder."""
    if ":" not in source or Path(source).is_dir():
        yield exported_log(opener(Path(source)), progress=progress)
        return
    with closing(open_store(source, patience_s=patience_s, must_exist=True)) as store:
        yield stored_log(store)
