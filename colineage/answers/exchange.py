"""Answers of `export`, `pull`, `copy` and `verify DIR`, as JSON."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from colineage.answers.json_shapes import Json, checkpoint_to_json
from colineage.output import Progress, talk
from colineage.settings import Settings
from graph.bundle.keys import Signer
from graph.export.copy import Original, copy, exported_log, stored_log
from graph.export.reader import note_in, opener
from graph.export.writer import export
from graph.open import open_store
from graph.store import GraphStore

if TYPE_CHECKING:
    from graph.export.format import Opener

_FAR: Final = datetime(9998, 1, 1, tzinfo=UTC)
_WEB: Final = ("http://", "https://")
_PASSWORD: Final = re.compile(r"//([^:/@]*):.*@")


def export_of(store: GraphStore, folder: Path, signer: Signer, progress: Progress) -> Json:
    """Export the log: `{"folder", "origin", "key", "log": {"size", "root"}, "digest", "added"}`."""
    found = export(store, folder, signer, progress=progress)
    return {
        "folder": str(folder),
        "origin": found.about.origin,
        "key": found.about.key,
        "log": checkpoint_to_json(found.about.checkpoint),
        "digest": found.about.digest,
        "added": found.added,
    }


def pull_of(
    settings: Settings,
    place: str,
    seen: Path,
    *,
    key: str | None,
    trust: bool,
    progress: Progress,
) -> Json:
    """Pull another log: `{"from", "origin", "key", "first_sight", "pulled": {"size", "root"}, "seen", "added", "early", "withheld", "trusted", "log": {…}}`."""
    from colineage.store_access import serving
    from ingest.pull.pull import pull

    with _opened(place) as open_file:
        note_in(open_file)  # so that an unusable export creates no store
        with serving(settings) as store:
            found = pull(
                store,
                open_file,
                seen,
                key=key,
                place=place if place.startswith(_WEB) else None,
                trust=trust,
                progress=progress,
            )
            trusted = found.key in store.trusted()
    if found.first_sight:
        talk(
            f"{found.signed.origin} is seen for the first time: that its key is {found.key} is its own word. Ask whoever "
            "runs it, or give --from KEY; from now on another key is refused."
        )
    if found.early:
        talk(f"{found.early:,} bundles are dated more than a day ahead: a later pull brings them.")
    if found.withheld:
        talk(f"{found.withheld:,} bundles came without their body: each later pull asks for it.")
    if not trusted:
        talk(
            f"This store doesn't trust {found.key}: what it vouches for as read from sources isn't shown here. "
            "To trust it: --trust."
        )
    return {
        "from": place,
        "origin": found.signed.origin,
        "key": found.key,
        "first_sight": found.first_sight,
        "pulled": checkpoint_to_json(found.signed.checkpoint),
        "seen": found.seen,
        "added": found.added,
        "early": found.early,
        "withheld": found.withheld,
        "trusted": trusted,
        "log": checkpoint_to_json(found.log),
    }


def copy_of(source: str, target: str, *, patience_s: float, progress: Progress) -> Json:
    """Copy a log: `{"from", "to", "origin", "log": {"size", "root"}, "added", "trusted": [key]}`.

    Raises:
        GraphError: As `graph.export.copy.copy`, or one of the two can't be opened.
    """
    with (
        _original(source, patience_s, progress) as original,
        closing(open_store(target, patience_s=patience_s)) as store,
    ):
        found = copy(original, store, progress=progress)
        return {
            "from": _shown(source),
            "to": _shown(target),
            "origin": found.origin,
            "log": checkpoint_to_json(found.checkpoint),
            "added": found.added,
            "trusted": sorted(store.trusted()),
        }


def verdict_of_export(folder: Path, *, key: str | None, progress: Progress) -> Json:
    """Verify an export: as `answers.verify.verdict_of`, plus `origin`, `key`, and `withheld` (count of bodies)."""
    from audit.verify_export import verify_export

    with TemporaryDirectory(prefix="colineage-") as again:
        found = verify_export(
            opener(folder),
            key=key,
            fresh=lambda: open_store(f"sqlite:{again}/again.db", clock=lambda: _FAR),
            progress=progress,
        )
    if key is None:
        talk(
            f"That the key of {found.signed.origin} is {found.key} is the export's own word: --from KEY holds it to "
            "the key that you know."
        )
    return {
        "ok": found.ok,
        "origin": found.signed.origin,
        "key": found.key,
        "bundles": found.bundles,
        "withheld": found.withheld,
        "log": checkpoint_to_json(found.signed.checkpoint),
        "digest": found.digest,
        "faults": [{"bundle": one.bundle, "what": one.what} for one in found.faults],
    }


def seen_folder(environment: Mapping[str, str], told: Path | None) -> Path:
    """Return the folder of the last seen checkpoints of other logs.

    `--seen`, `COLINEAGE_SEEN`; else `colineage/seen` in `XDG_STATE_HOME`, else in `~/.local/state`.
    """
    if told is not None:
        return told.expanduser()
    if environment.get("COLINEAGE_SEEN"):
        return Path(environment["COLINEAGE_SEEN"]).expanduser()
    state = Path(environment.get("XDG_STATE_HOME", ""))
    home = Path(environment.get("HOME") or Path.home())
    return (state if state.is_absolute() else home / ".local" / "state") / "colineage" / "seen"


@contextmanager
def _opened(place: str) -> "Iterator[Opener]":
    """Open the files of an export in a folder or at a URL."""
    if not place.startswith(_WEB):
        yield opener(Path(place))
        return
    from ingest.http.rate_limit import cache_folder
    from ingest.pull.remote_export import fetching

    with fetching(place, cache_folder() / "pull") as found:
        yield found.open_file


def _shown(url: str) -> str:
    """Return a store's URL without its password."""
    return _PASSWORD.sub(r"//\1@", url)


@contextmanager
def _original(source: str, patience_s: float, progress: Progress) -> Iterator[Original]:
    """Open the log to copy: of a store, or an export in a folder."""
    if ":" not in source or Path(source).is_dir():
        yield exported_log(opener(Path(source)), progress=progress)
        return
    with closing(open_store(source, patience_s=patience_s, must_exist=True)) as store:
        yield stored_log(store)
