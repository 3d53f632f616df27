"""A small arXiv on this machine: OAI-PMH ListRecords in arXivRaw, made from native `.abs` records.

It pages as arXiv's own service does (github.com/arXiv/oaipmh: by day of last change, a token is the query
that goes on from the last day, and how many of that day to skip), and misbehaves on request.

    python tests/ingest/arxiv/local_arxiv.py --port 0 --records tests/ingest/data/arxiv --page-size 50
"""

import argparse
import io
import re
import socket
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit
from xml.sax.saxutils import escape

PHYSICS = {"astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th"} | {
    "math-ph",
    "nlin",
    "nucl-ex",
    "nucl-th",
    "physics",
    "quant-ph",
}
FIELDS = {
    "Title": "title",
    "Authors": "authors",
    "Categories": "categories",
    "Comments": "comments",
    "Proxy": "proxy",
    "Report-no": "report-no",
    "ACM-class": "acm-class",
    "MSC-class": "msc-class",
    "Journal-ref": "journal-ref",
    "DOI": "doi",
    "License": "license",
}
TROUBLES = (
    "html",
    "feed",
    "rate",
    "503",
    "503-date",
    "429",
    "500",
    "403",
    "moved",
    "truncated",
    "chopped",
    "cut",
    "hang",
    "doctype",
    "empty",
    "expired",
    "malformed",
    "repeated",
    "nothing",
)
_LINE = re.compile(r"([-A-Za-z]+):\s*(.*)")
_VERSION = re.compile(r"(?:Date(?: \(revised.*?\))?:)\s*(.*?)\s*(?:\((\d+kb),?(.*?)\))?")


@dataclass(frozen=True)
class Record:
    """One paper as the service lists it: its id, the day of its last change, its sets, its arXivRaw."""

    id: str
    day: str
    sets: tuple[str, ...]
    metadata: str | None

    def xml(self) -> str:
        status = "" if self.metadata is not None else ' status="deleted"'
        sets = "".join(f"<setSpec>{name}</setSpec>" for name in self.sets)
        header = (
            f"<header{status}><identifier>oai:arXiv.org:{self.id}</identifier>"
            f"<datestamp>{self.day}</datestamp>{sets}</header>"
        )
        metadata = "" if self.metadata is None else f"<metadata>{self.metadata}</metadata>"
        return f"<record>\n{header}\n{metadata}\n</record>\n"


def read_abs(text: str) -> Record:
    """The record behind a native `.abs` file; a line `Deleted: DAY` makes it a deletion."""
    _, head, *rest = re.split(r"^\\\\\n", text, flags=re.MULTILINE)
    abstract = "\\\\\n".join(rest[:-1]) if len(rest) > 1 else "".join(rest)
    prehistory, _, body = head.partition("\n\n")
    name = prehistory.partition("\n")[0].removeprefix("arXiv:").strip()
    deleted = re.search(r"^Deleted: (\S+)$", prehistory, re.MULTILINE)
    if deleted:
        return Record(name, deleted[1], (), None)
    given = dict(_fields(body))
    submitter = re.search(r"^From: ([^<\n]*)", prehistory, re.MULTILINE)
    parts = [
        f"<id>{name}</id>",
        f"<submitter>{_text(submitter[1]) if submitter else ''}</submitter>",
    ]
    days = []
    lines = [line for line in prehistory.split("\n") if line.startswith("Date")]
    for number, line in enumerate(lines, start=1):
        match = _VERSION.fullmatch(line)
        assert match, line
        moment = parsedate_to_datetime(match[1].replace("GMT", "+0000"))
        days.append(moment.strftime("%Y-%m-%d"))
        kind = f"<source_type>{match[3]}</source_type>" if match[3] else ""
        parts.append(
            f'<version version="v{number}"><date>{moment.strftime("%a, %d %b %Y %H:%M:%S GMT")}</date>'
            f"<size>{match[2]}</size>{kind}</version>"
        )
    parts += [f"<{FIELDS[key]}>{_text(value)}</{FIELDS[key]}>" for key, value in given.items()]
    parts.append(f"<abstract>{escape(abstract.rstrip())}</abstract>")
    changed = re.search(r"^Changed: (\S+)$", prehistory, re.MULTILINE)
    day = changed[1] if changed else days[-1]
    metadata = (
        '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/ http://arxiv.org/OAI/arXivRaw.xsd">\n'
        + "\n".join(parts)
        + "\n</arXivRaw>"
    )
    return Record(name, day, tuple(map(set_of, given["Categories"].split())), metadata)


def _fields(text: str) -> Iterator[tuple[str, str]]:
    key, value = "", ""
    for line in text.rstrip("\n").split("\n"):
        match = _LINE.fullmatch(line)
        if match and match[1] in FIELDS:
            if key:
                yield key, value
            key, value = match[1], match[2]
        else:
            value += "\n" + line
    yield key, value


def _text(value: str) -> str:
    return escape(value.strip())


def set_of(category: str) -> str:
    """The set of a category, as arXiv's service writes it."""
    archive, _, subject = category.partition(".")
    group = "physics" if archive in PHYSICS else archive
    return f"{group}:{archive}" + (f":{subject}" if subject else "")


def read_records(place: Path) -> tuple[Record, ...]:
    """The records of every `.abs` file under a folder, and inside every `.tar.gz` there."""
    files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
    found = {}
    for file in files:
        if file.suffix == ".abs":
            record = read_abs(file.read_text("utf-8"))
            found[record.id] = record
        elif file.name.endswith(".tar.gz"):
            with tarfile.open(file) as archive:
                for member in archive:
                    data = archive.extractfile(member)
                    if data is not None and member.name.endswith(".abs"):
                        record = read_abs(data.read().decode("utf-8"))
                        found[record.id] = record
    if not found:
        raise SystemExit(f"no .abs file in {place}")
    return tuple(found.values())


@dataclass
class LocalArxiv:
    """The service: what it holds, how it pages, and at which request (from 1) what goes wrong.

    `announce` adds `completeListSize` and `cursor` to tokens, which the protocol allows and arXiv leaves out.
    `on_request` is told the number of each request before it is answered, `on_answer` after.
    """

    records: tuple[Record, ...]
    page_size: int = 50
    troubles: Mapping[int, str] = field(default_factory=dict)
    always: str | None = None
    announce: bool = False
    expires: str = "2999-01-01T00:00:00Z"
    retry_after: str | None = None
    on_request: Callable[[int], None] = lambda number: None
    on_answer: Callable[[int], None] = lambda number: None
    requests: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    server: ThreadingHTTPServer | None = None

    def start(self, port: int = 0) -> str:
        """Starts serving in a thread; its address."""
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler_of(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_address[1]}/oai"

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()

    def answer(self, query: str) -> str:
        """The answer to a query, as text."""
        given = {key: values[0] for key, values in parse_qs(query).items()}
        if given.get("verb") != "ListRecords":
            return error("badVerb", "only ListRecords here")
        skip, cursor = 0, 0
        if "resumptionToken" in given:
            parsed = parse_qs(unquote(given["resumptionToken"]))
            given = {key: values[0] for key, values in parsed.items()}
            if "skip" not in given:
                return error("badResumptionToken", "Token decoding failed or format is invalid.")
            skip, cursor = int(given.pop("skip")), int(given.pop("cursor", "0"))
        if given.get("metadataPrefix") != "arXivRaw":
            return error("cannotDisseminateFormat", "only arXivRaw here")
        return self.page(given, skip, cursor)

    def page(self, given: dict[str, str], skip: int, cursor: int) -> str:
        matching = sorted(
            filter(lambda r: matches(r, given), self.records), key=lambda r: (r.day, r.id)
        )
        some = matching[skip : skip + self.page_size + 1]
        if not some:
            return error(
                "noRecordsMatch", "The combination of the values results in an empty list."
            )
        token = ""
        size = f' completeListSize="{cursor + len(matching) - skip}" cursor="{cursor}"'
        if len(some) > self.page_size:
            last = some.pop()
            if last.day == some[0].day:
                onward = {**given, "skip": str(skip + self.page_size)}
            else:
                same = sum(record.day == last.day for record in some)
                onward = {**given, "from": last.day, "skip": str(same)}
            if self.announce:
                onward["cursor"] = str(cursor + self.page_size)
            words = escape(quote(urlencode({"verb": "ListRecords", **onward})))
            token = f"<resumptionToken expires='{self.expires}'{size if self.announce else ''}>{words}</resumptionToken>"
        elif self.announce:
            token = f"<resumptionToken{size}/>"
        return envelope(f"<ListRecords>\n{''.join(r.xml() for r in some)}{token}</ListRecords>")


def matches(record: Record, given: Mapping[str, str]) -> bool:
    wanted = given.get("set", "")
    in_set = not wanted or any(f"{name}:".startswith(f"{wanted}:") for name in record.sets)
    return given.get("from", "") <= record.day <= given.get("until", "9999") and in_set


def envelope(inside: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
        "<responseDate>2026-11-20T08:00:00Z</responseDate>\n"
        '<request verb="ListRecords">http://127.0.0.1/oai</request>\n'
        f"{inside}\n</OAI-PMH>\n"
    )


def error(code: str, words: str) -> str:
    return envelope(f"<error code='{code}'>{escape(words)}</error>")


FEED = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors'
    "</id><title>Error</title><summary>internal error</summary></entry></feed>"
)


def handler_of(arxiv: LocalArxiv) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802 - the name http.server calls
            with arxiv.lock:
                arxiv.starts.append(time.monotonic())
                arxiv.requests.append(self.path)
                number = len(arxiv.requests)
            arxiv.on_request(number)
            trouble = arxiv.troubles.get(number, arxiv.always)
            query = urlsplit(self.path).query
            if trouble is None:
                self.reply(200, "text/xml", arxiv.answer(query))
            else:
                self.misbehave(trouble, query)
            arxiv.on_answer(number)

        def misbehave(self, trouble: str, query: str) -> None:
            good = arxiv.answer(query)
            match trouble:
                case "html":
                    self.reply(200, "text/html; charset=utf-8", "<html><body>Down for maintenance")
                case "feed":
                    self.reply(200, "application/xml", FEED)
                case "rate":
                    self.reply(200, "text/plain", "Rate exceeded.")
                case "503":
                    self.reply(
                        503, "text/html", "Retry after", retry_after=arxiv.retry_after or "7"
                    )
                case "503-date":
                    self.reply(503, "text/html", "Later", retry_after=arxiv.retry_after)
                case "429" | "500" | "403":
                    self.reply(
                        int(trouble),
                        "text/plain",
                        f"status {trouble}",
                        retry_after=arxiv.retry_after,
                    )
                case "moved":
                    self.reply(301, "text/html", "", location="https://elsewhere.example/oai")
                case "truncated":
                    # Whole by its length, cut before: what only the XML can tell.
                    self.reply(200, "text/xml", good[: len(good) // 2])
                case "chopped":
                    self.reply(200, "text/xml", good, send=len(good) // 2)
                case "cut":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                case "hang":
                    time.sleep(2)
                    self.close_connection = True
                case "doctype":
                    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                    self.reply(200, "text/xml", good.replace("\n", f"\n{bomb}\n", 1))
                case "empty":
                    self.reply(200, "text/xml", envelope("<ListRecords></ListRecords>"))
                case "expired":
                    self.reply(200, "text/xml", error("badResumptionToken", "invalid or expired"))
                case "malformed":
                    self.reply(200, "text/xml", good.replace(" GMT</date>", " o'clock</date>", 1))
                case "repeated":
                    first = re.search(r"<record>.*?</record>", good, re.DOTALL)
                    self.reply(
                        200, "text/xml", good.replace(first[0], first[0] * 2, 1) if first else good
                    )
                case "nothing":
                    self.reply(200, "text/xml", "")
                case _:
                    raise AssertionError(trouble)

        def reply(
            self,
            status: int,
            media_type: str,
            text: str,
            *,
            retry_after: str | None = None,
            location: str | None = None,
            send: int | None = None,
        ) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            if retry_after:
                self.send_header("Retry-After", retry_after)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body[:send])
            if send is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Says nothing: the tests read `requests`."""

        def handle(self) -> None:
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                # A client that was killed.
                self.close_connection = True

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description="A small arXiv on this machine.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument(
        "--records", type=Path, default=Path(__file__).parents[1] / "data" / "arxiv"
    )
    parser.add_argument("--page-size", type=int, default=50)
    parser.add_argument(
        "--trouble", action="append", default=[], metavar="N:KIND", help=", ".join(TROUBLES)
    )
    parser.add_argument("--announce", action="store_true", help="say how many records there are")
    given = parser.parse_args()
    troubles = dict(one.split(":", 1) for one in given.trouble)
    arxiv = LocalArxiv(
        read_records(given.records),
        page_size=given.page_size,
        troubles={int(number): kind for number, kind in troubles.items()},
        announce=given.announce,
    )
    out = io.TextIOWrapper(sys.stdout.buffer, write_through=True)
    out.write(f"{arxiv.start(given.port)}\n")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        arxiv.stop()


if __name__ == "__main__":
    main()
