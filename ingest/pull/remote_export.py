"""Export files at an HTTP address: fetch each once, cache them on disk while a pull is under way."""

import hashlib
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Final

from graph.clock import system_clock
from graph.errors import BrokenLogError, RefusedError, SourceError
from graph.export.format import ABOUT, CHECKPOINT, PAGE
from graph.export.log_manifest import MAX_ABOUT_BYTES
from graph.log.signed_note import MAX_NOTE
from ingest.http.client import FetchLimits, Transport, open_client
from ingest.http.rate_limit import RateLimiter
from ingest.http.url_policy import checked_host, is_loopback
from ingest.pull.pull_lock import pull_lock

AGENT: Final = "colineage (pull)"
MAX_PAGE_BYTES: Final = 4 * 2**30
"""Largest file of 10,000 bundles; it lies on the disk, never in memory."""

# Media types that plain servers give a file of unknown extension (many web servers, an S3 bucket, nginx and raw
# files of GitHub) are accepted for each kind of file.
_ANY: Final = frozenset({"application/octet-stream", "binary/octet-stream", "text/plain"})
_JSON: Final = _ANY | {"application/json"}
_LINES: Final = _ANY | {"application/x-ndjson", "application/ndjson", "application/jsonl"}

_DELAY_S: Final = 0.5
# A service that asks to come back in an hour ends the pull with an error that says so, instead of a silent wait.
_LIMITS: Final = FetchLimits(read_s=60.0, whole_s=1800.0, longest_pause_s=120.0)


class RemoteExport:
    """Remote export: opens its files from a cache on disk; complete files are kept, so that a stopped pull resumes."""

    def __init__(self, base_url: str, folder: Path, transport: Transport) -> None:
        self._base_url = base_url.rstrip("/")
        self._folder = folder
        self._transport = transport
        self._fetched: set[str] = set()
        self.reused = False

    def open_file(self, name: str) -> IO[bytes]:
        """Open the file of this name, fetched if need be (`graph.export.format.Opener`).

        Raises:
            SourceError: No usable answer.
            RefusedError: The service refuses.
        """
        path = self._folder / name.replace("/", "-")
        if name not in self._fetched:
            if _is_full_page(path):
                self.reused = True
            else:
                self._fetch(name, path)
        self._fetched.add(name)
        return path.open("rb")

    def _fetch(self, name: str, path: Path) -> None:
        media_types, max_bytes = {
            CHECKPOINT: (_ANY, MAX_NOTE + 1),
            ABOUT: (_JSON, MAX_ABOUT_BYTES + 1),
        }.get(name, (_LINES, MAX_PAGE_BYTES))
        part = path.with_name(path.name + ".part")
        url = f"{self._base_url}/{name}"
        try:
            self._transport.save(url, part, media_types=media_types, max_bytes=max_bytes)
        except RefusedError as error:
            if name != CHECKPOINT:
                raise
            hint = "the log of a colineage serve is at its address and /log"
            raise RefusedError(f"no log there ({hint}): {error}") from error
        part.replace(path)


@contextmanager
def open_remote_export(base_url: str, cache: Path) -> Iterator[RemoteExport]:
    """Open the export at an address for the duration of a pull.

    Files fetched are kept where the pull stops for an outside reason, and removed where it completed
    or the log fails verification.

    Args:
        base_url: The address of the export, like `https://lab.example/log`.
        cache: Folder for the files meanwhile.

    Raises:
        InputError: It is no valid address.
        SourceError: Files kept from an earlier pull aren't of the log that is there now.
        BusyError: Another pull from there is under way.
    """
    host = checked_host(base_url)
    name = hashlib.sha256(base_url.rstrip("/").encode()).hexdigest()[:32]
    folder = cache / name
    delay_s = 0.0 if is_loopback(host) else _DELAY_S
    transport = Transport(
        open_client(base_url, agent=AGENT, limits=_LIMITS),
        RateLimiter(cache / f"{name}.turn", delay_s, system_clock, time.sleep),
        limits=_LIMITS,
        clock=system_clock,
        sleep=time.sleep,
        rng=random.Random(),  # noqa: S311 - spreads retries, guards nothing
    )
    with (
        pull_lock(cache / f"{name}.lock", f"another pull from {base_url}"),
        closing(transport),
    ):
        folder.mkdir(exist_ok=True)
        remote_export = RemoteExport(base_url, folder, transport)
        try:
            yield remote_export
        except BrokenLogError as error:
            shutil.rmtree(folder)
            if (
                remote_export.reused
            ):  # it may be another log by now: nobody is accused by an old file
                raise SourceError(
                    f"{base_url}: files kept from a pull that was stopped don't fit what is there now, and are removed: "
                    f"give the command again ({error})"
                ) from error
            raise
        finally:
            for part in folder.glob("*.part"):
                part.unlink(missing_ok=True)
        shutil.rmtree(folder)


def _is_full_page(path: Path) -> bool:
    """Return whether a cached file of bundles is a full page, which can't grow any more."""
    if not path.name.endswith(".ndjson") or not path.exists():
        return False
    with path.open("rb") as file:
        lines = sum(part.count(b"\n") for part in iter(lambda: file.read(2**20), b""))
    return lines == PAGE
