import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

Type = Callable[..., Any]

REPORT = {
    "source",
    "seen",
    "new",
    "changed",
    "unchanged",
    "withdrawn",
    "deleted",
    "refused",
    "cut",
    "complete",
    "log_size",
}
PAPER = {
    "id": "2512.05356",
    "title": "Better together",
    "authors": ["Ada Lovelace"],
    "categories": ["cs.AI"],
    "abstract": "Together.",
    "announced": "2025-12-08",
}
RECORD = """<record>
<header><identifier>oai:arXiv.org:2512.05356</identifier><datestamp>2025-12-08</datestamp>
<setSpec>cs:cs:AI</setSpec></header>
<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2512.05356</id>
<submitter>Ada</submitter><version version="v1"><date>Fri, 5 Dec 2025 01:00:00 GMT</date>
<size>10kb</size></version><title>Better together</title><authors>Ada Lovelace</authors>
<categories>cs.AI</categories><abstract>Together.</abstract></arXivRaw></metadata></record>"""
ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2025-12-09T08:00:00Z</responseDate>
<request verb="ListRecords">http://127.0.0.1/oai</request>{}</OAI-PMH>"""
STATEMENTS = """\
statements:
  - nodes:
      - {id: "#1", kind: idea, title: AI and people improve each other}
    edges:
      - {from: "#1", rel: wasDerivedFrom, to: "arxiv:2512.05356", subtype: inspiration}
"""


class _Service(ThreadingHTTPServer):
    """Answers every question in the same way."""

    status = 200
    body: ClassVar[str] = ENVELOPE.format(f"<ListRecords>{RECORD}</ListRecords>")
    asked: ClassVar[list[str]] = []


class _Handler(BaseHTTPRequestHandler):
    server: _Service

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        data = self.server.body.encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base names it so
        """Says nothing."""


@pytest.fixture
def service() -> Iterator[_Service]:
    server = _Service(("127.0.0.1", 0), _Handler)
    server.asked.clear()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def address(service: _Service) -> str:
    return f"http://127.0.0.1:{service.server_address[1]}/oai"


@pytest.fixture
def snapshot(place: Path) -> Path:
    file = place / "papers.jsonl"
    file.write_text(json.dumps(PAPER) + "\n")
    return file


def test_a_harvest_in_the_shape_that_others_rely_on(typed: Type, address: str, key: Path) -> None:
    words = ("ingest", "arxiv", "--since", "2025-12-01", "--base-url", address, "--delay", "0")
    found = typed(*words, "--json")
    assert found.status == 0, found.err
    assert set(found.json) == REPORT
    assert (found.json["source"], found.json["new"], found.json["complete"]) == ("arxiv", 1, True)
    assert found.json["log_size"] > 0
    again = typed(*words, "--json").json
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 1)
    assert again["log_size"] == found.json["log_size"]
    assert key.stat().st_mode & 0o077 == 0
    assert "seen" in typed(*words).out
    assert typed("verify").status == 0


def test_categories_are_asked_for_one_after_another(
    typed: Type, address: str, service: _Service
) -> None:
    words = ("--since", "2025-12-01", "--base-url", address, "--delay", "0")
    found = typed("ingest", "arxiv", *words, "--category", "cs.AI", "--category", "cs.CL", "--json")
    assert found.status == 0, found.err
    asked = [parse_qs(urlsplit(path).query)["set"] for path in service.asked]
    assert asked == [["cs:cs:AI"], ["cs:cs:CL"]]


def test_a_service_that_says_no_is_not_asked_again(
    typed: Type, address: str, service: _Service
) -> None:
    service.status = 404
    found = typed(
        *("ingest", "arxiv", "--since", "2025-12-01"),
        *("--base-url", address, "--delay", "0", "--json"),
    )
    assert found.status == 69
    assert found.json["error"]["kind"] == "RefusedError"
    assert len(service.asked) == 1


def test_a_service_that_is_not_there_can_be_asked_later(
    typed: Type, address: str, service: _Service
) -> None:
    service.server_close()
    found = typed(
        *("ingest", "arxiv", "--since", "2025-12-01"),
        *("--base-url", address, "--delay", "0", "--json"),
    )
    assert found.status == 75
    assert "give the command again" in found.json["error"]["message"]


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("--since", "yesterday"), "since"),
        (("--since", "2025-02-30"), "since"),
        (("--since", "2025-02-01", "--until", "2025-01-01"), "until"),
        (("--since", "2025-02-01", "--delay", "1"), "delay"),
        (("--since", "2025-02-01", "--base-url", "ftp://x"), ""),
        ((), "options"),
        (("--snapshot", "papers.jsonl", "--since", "2025-02-01"), "--since"),
    ],
)
def test_what_is_asked_wrongly_says_what_was_expected(
    typed: Type, snapshot: Path, words: tuple[str, ...], where: str
) -> None:
    found = typed("ingest", "arxiv", *words, "--json")
    assert found.status == 2, found
    fault = found.json["error"]["faults"][0]
    assert where in fault["where"]
    assert fault["expected"]
    assert fault["got"]


def test_a_snapshot_and_its_second_time(typed: Type, snapshot: Path) -> None:
    found = typed("ingest", "arxiv", "--snapshot", str(snapshot), "--json")
    assert (found.status, found.json["new"], found.json["complete"]) == (0, 1, True)
    again = typed("ingest", "arxiv", "--snapshot", str(snapshot), "--json").json
    assert (again["new"], again["log_size"]) == (0, found.json["log_size"])


def test_refused_records_are_counted_and_the_rest_is_stored(typed: Type, snapshot: Path) -> None:
    with snapshot.open("a") as file:
        file.write("{not json\n")
    found = typed("ingest", "arxiv", "--snapshot", str(snapshot), "--json")
    assert (found.status, found.json["new"], found.json["refused"]) == (65, 1, 1)
    assert "refused: " in found.err
    assert "line 2" in found.err
    assert typed("show", "arxiv:2512.05356").status == 0


@pytest.mark.parametrize("source", ["openalex", "git", "mlflow", "pdf"])
def test_a_path_that_is_not_there(typed: Type, place: Path, source: str) -> None:
    found = typed("ingest", source, "nowhere", "--json")
    assert found.status == 2
    assert found.json["error"]["faults"][0]["got"] == "nowhere"
    assert not (place / "colineage.db").exists()


def test_statements_are_signed_once(typed: Type, place: Path) -> None:
    (place / "idea.yaml").write_text(STATEMENTS)
    found = typed("add", "idea.yaml", "--json")
    assert found.status == 0, found.err
    assert set(found.json) == {
        *("file", "appended", "unchanged", "log_size"),
        *("attributions", "more_attributions"),
    }
    assert set(found.json["attributions"]) == set(found.json["appended"])
    assert len(found.json["appended"]) == 1
    again = typed("add", "idea.yaml", "--json").json
    assert (again["appended"], again["unchanged"], again["log_size"]) == ([], 1, 1)
    assert typed("search", "improve", "--json").json["results"][0]["kind"] == "idea"
    assert typed("show", found.json["appended"][0]).status == 0


def test_faults_of_a_file_are_all_told_and_nothing_is_stored(typed: Type, place: Path) -> None:
    (place / "wrong.yaml").write_text(
        STATEMENTS.replace("idea,", "notion,").replace("arxiv:", "arx:")
    )
    found = typed("add", "wrong.yaml", "--json")
    assert found.status == 2
    assert len(found.json["error"]["faults"]) >= 2
    assert all("line" in fault["where"] for fault in found.json["error"]["faults"])
    assert not (place / "colineage.db").exists()
