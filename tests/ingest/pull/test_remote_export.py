"""An export over HTTP: pulled as from a folder; whatever the server does, memory, disk and store stay sound."""

import gzip
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from graph.errors import BrokenLogError, BusyError, InputError, RefusedError, SourceError
from graph.export.format import PAGE
from ingest.pull.pins import read_pin
from ingest.pull.pull import PullResult, pull
from ingest.pull.pull_lock import pull_lock
from ingest.pull.remote_export import open_remote_export

Labs: TypeAlias = Callable[[int], Any]
FIRST = "bundles/00000000.ndjson"


@pytest.fixture
def pulled(tmp_path: Path, served: Any) -> Callable[..., PullResult]:
    """Pulls from the server into the store of a lab."""

    def pulled(lab: Any, **options: Any) -> PullResult:
        with open_remote_export(served.url + "/", tmp_path / "cache") as found:
            return pull(lab.store, found.open_file, lab.seen, **options)

    return pulled


def kept(folder: Path) -> list[str]:
    """What lies in the cache but locks."""
    names = (one.name for one in folder.rglob("*") if one.is_file())
    return sorted(name for name in names if not name.endswith((".lock", ".turn")))


def test_from_an_address_as_from_a_folder(
    lab_of: Labs, served: Any, pulled: Callable[..., PullResult], tmp_path: Path
) -> None:
    ada, ben, cem = lab_of(1), lab_of(2), lab_of(3)
    ada.reads(1, 2, 3)
    served.holds(ada.exports().folder)
    served.types = {
        "checkpoint": "text/plain; charset=utf-8",
        "about.json": "Application/JSON",
        FIRST: "application/x-ndjson",
    }
    assert pulled(ben) == cem.pulls(ada)
    assert ben.log == cem.log == ada.log
    assert served.requests == ["checkpoint", "about.json", FIRST]  # each once
    assert kept(tmp_path / "cache") == []
    assert pulled(ben).seen == 0
    assert served.requests[3:] == ["checkpoint"]


def test_a_log_that_grows_while_it_is_read_is_the_one_that_was_signed(
    lab_of: Labs, served: Any, pulled: Callable[..., PullResult]
) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    served.holds(ada.exports().folder)
    note = served.files["checkpoint"]
    ada.reads(2)
    served.holds(ada.exports().folder)
    served.files["checkpoint"] = note
    assert pulled(ben).log.size == 2


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def body(data: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        told = {"Content-Type": "application/octet-stream", "Content-Length": str(len(data))}
        for name, value in (told | {k.replace("_", "-"): v for k, v in headers.items()}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


REFUSING = {
    "a redirect": (status(302, Location="http://127.0.0.1:1/"), RefusedError, "moved to"),
    "not there": (status(404), RefusedError, "got 404"),
    "forbidden": (status(403), RefusedError, "got 403"),
    "a page for browsers": (
        body(b"<html>", Content_Type="text/html"),
        SourceError,
        "got text/html",
    ),
    "no type": (body(b"{}", Content_Type=""), SourceError, "got no media type"),
    "cut": (body(b"x", Content_Length="9"), SourceError, "a whole answer"),
    "broken": (status(500), SourceError, "got 500"),
    "packed twice": (
        body(gzip.compress(gzip.compress(b"x")), Content_Encoding="gzip, gzip"),
        SourceError,
        "plain or in gzip",
    ),
}


@pytest.mark.parametrize("what", REFUSING)
@pytest.mark.parametrize("name", ["checkpoint", "about.json", FIRST])
def test_what_is_no_usable_answer_stores_nothing(
    lab_of: Labs, served: Any, pulled: Callable[..., PullResult], what: str, name: str
) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    served.holds(ada.exports().folder)
    answer, error, words = REFUSING[what]
    served.troubles[name] = answer
    with pytest.raises(error, match=words):
        pulled(ben)
    assert ben.log == []
    assert read_pin(ben.seen, ada.store.origin()) is None
    served.troubles.clear()
    assert pulled(ben).added == 2


@pytest.mark.parametrize(
    ("name", "most"), [("checkpoint", 1_000_001), ("about.json", 4 * 2**20 + 1)]
)
def test_a_bomb_is_not_unpacked(
    lab_of: Labs, served: Any, pulled: Callable[..., PullResult], name: str, most: int
) -> None:
    """Some kilobytes that would unpack to a gigabyte."""
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    served.holds(ada.exports().folder)
    served.troubles[name] = body(gzip.compress(bytes(2**23)), Content_Encoding="gzip")
    with pytest.raises(SourceError, match=f"expected at most {most} bytes, got more"):
        pulled(ben)


def test_a_log_that_does_not_hold_is_not_kept(
    lab_of: Labs, served: Any, pulled: Callable[..., PullResult], tmp_path: Path
) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    served.holds(ada.exports().folder)
    good = served.files[FIRST]
    served.files[FIRST] = good.replace(b"CC0-1.0", b"CC0-1.1")
    with pytest.raises(BrokenLogError, match="position 0 is refused"):
        pulled(ben)
    assert (ben.log, kept(tmp_path / "cache")) == ([], [])
    served.files[FIRST] = good
    assert pulled(ben).added == 2


def test_whole_files_are_fetched_once_though_the_pull_is_stopped(
    lab_of: Labs, served: Any, pulled: Callable[..., PullResult], tmp_path: Path
) -> None:
    ada, ben = lab_of(1), lab_of(2)
    second = f"bundles/{PAGE:08d}.ndjson"
    ada.reads(*range(PAGE + 5))
    served.holds(ada.exports().folder)
    served.troubles[second] = status(503)
    with pytest.raises(SourceError, match="give the command again to go on"):
        pulled(ben)
    assert ben.log == []
    assert kept(tmp_path / "cache") == ["about.json", "bundles-00000000.ndjson", "checkpoint"]
    served.troubles.clear()
    served.requests.clear()
    assert pulled(ben).added == PAGE + 6
    assert served.requests == ["checkpoint", "about.json", second]
    assert kept(tmp_path / "cache") == []
    assert {raw.id for raw in ben.log} == {raw.id for raw in ada.log}


def test_what_was_kept_of_another_log_accuses_nobody(
    lab_of: Labs, served: Any, pulled: Callable[..., PullResult], tmp_path: Path
) -> None:
    """A pull is stopped, and then another log is at that address."""
    ada, ben, cem = lab_of(1), lab_of(2), lab_of(3)
    second = f"bundles/{PAGE:08d}.ndjson"
    ada.reads(*range(PAGE + 5))
    served.holds(ada.exports().folder)
    served.troubles[second] = body(b"x", Content_Length="9")
    with pytest.raises(SourceError):
        pulled(ben)
    assert kept(tmp_path / "cache") == ["about.json", "bundles-00000000.ndjson", "checkpoint"]
    served.troubles.clear()
    cem.reads(1)
    served.holds(cem.exports().folder)
    with pytest.raises(SourceError, match="give the command again"):
        pulled(ben)
    assert pulled(ben).added == 2


@pytest.mark.parametrize("kind", ["text/plain; charset=utf-8", "binary/octet-stream"])
def test_a_server_that_knows_no_types_can_publish_a_log(
    lab_of: Labs, served: Any, pulled: Callable[..., PullResult], kind: str
) -> None:
    """As raw files of a forge, nginx by itself and a bucket are served."""
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    served.holds(ada.exports().folder)
    served.types = dict.fromkeys(served.files, kind)
    assert pulled(ben).added == 2


def test_who_is_asked_to_wait_for_an_hour_is_told_so(
    served: Any, pulled: Callable[..., PullResult], lab_of: Labs
) -> None:
    served.troubles["checkpoint"] = status(503, Retry_After="3000")
    with pytest.raises(SourceError, match=r"after 1 tries.* asked to wait 3000 s"):
        pulled(lab_of(1))
    # Nor does the next one ask before that, or wait for it in silence.
    with pytest.raises(SourceError, match=r"asked to be left alone for another \d+ s"):
        pulled(lab_of(1))


def test_two_pulls_from_one_address_wait_for_each_other(tmp_path: Path, served: Any) -> None:
    with open_remote_export(served.url, tmp_path):
        (lock,) = tmp_path.glob("*.lock")
        with (
            pytest.raises(BusyError, match="another pull from http"),
            open_remote_export(served.url, tmp_path),
        ):
            pass
    with (
        pull_lock(lock, "it"),
        pytest.raises(BusyError, match="it is under way"),
        pull_lock(lock, "it"),
    ):
        pass


@pytest.mark.parametrize("url", ["ftp://x/log", "http://", "http://a:b@c/log", "http://x/log?y"])
def test_what_is_no_address_is_refused(tmp_path: Path, url: str) -> None:
    with (
        pytest.raises(InputError, match="can't fetch from there"),
        open_remote_export(url, tmp_path),
    ):
        pass


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path, served: Any) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(InputError, match="can't be kept"),
        open_remote_export(served.url, tmp_path / "file"),
    ):
        pass


def test_names_of_files_lead_nowhere_else(
    lab_of: Labs, served: Any, pulled: Callable[..., PullResult], tmp_path: Path
) -> None:
    """A log's name is what it likes to be called: it is no path."""
    ada, ben = lab_of(1), lab_of(2)
    ada.store.adopt("../../../../etc/passwd")
    ada.reads(1)
    served.holds(ada.exports().folder)
    pulled(ben)
    assert [one.name[:12] for one in ben.seen.glob("*.json")] == ["------------"]
    assert {one.name for one in tmp_path.iterdir()} == {"lab1", "lab2", "cache"}
