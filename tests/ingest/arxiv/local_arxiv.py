"""Local arXiv server: OAI-PMH ListRecords in arXivRaw, made from native `.abs` records.

Where it is given an `api` (`local_api.feed`), it answers queries in Atom at `/api/query` too, and with `pdfs`
(`local_pdfs.LocalPdfs`) PDFs at `/pdf/`. It pages as arXiv's own service does (github.com/arXiv/oaipmh: by day of last change, a token is the query
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
    api: Callable[[tuple[Record, ...], Mapping[str, str]], str] | None = None
    pdfs: Callable[["Handler", str], None] | None = None
    on_request: Callable[[int], None] = lambda number: None
    on_answer: Callable[[int], None] = lambda number: None
    requests: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    server: ThreadingHTTPServer | None = None

    def start(self, port: int = 0) -> str:
        """Starts serving in a thread; its address."""
        self.server = Server(self, port)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_address[1]}/oai"

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()

    def asked(self, path: str) -> int:
        """Notes a request; its number, from 1."""
        with self.lock:
            self.starts.append(time.monotonic())
            self.requests.append(path)
            return len(self.requests)

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


NO_HEADERS: Mapping[str, str | None] = {}
FEED = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors'
    "</id><title>Error</title><summary>internal error</summary></entry></feed>"
)


class Handler(BaseHTTPRequestHandler):
    """One connection of a client; the server knows the `LocalArxiv` it serves."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement
    is_api = False

    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        arxiv = self.server.arxiv
        number = arxiv.asked(self.path)
        arxiv.agents.append(self.headers.get("User-Agent", ""))
        arxiv.on_request(number)
        parts = urlsplit(self.path)
        if arxiv.pdfs and parts.path.startswith("/pdf/"):
            arxiv.pdfs(self, parts.path.removeprefix("/pdf/"))
            arxiv.on_answer(number)
            return
        self.is_api = parts.path.startswith("/api/")
        if self.is_api and arxiv.api:
            given = {key: values[0] for key, values in parse_qs(parts.query).items()}
            good = arxiv.api(arxiv.records, given)
        else:
            good = arxiv.answer(parts.query)
        trouble = arxiv.troubles.get(number, arxiv.always)
        if trouble is None:
            self.reply(good)
        else:
            TROUBLES[trouble](self, arxiv, good)
        arxiv.on_answer(number)

    def reply(
        self,
        text: str,
        media_type: str | None = None,
        *,
        status: int = 200,
        headers: Mapping[str, str | None] = NO_HEADERS,
        send: int | None = None,
    ) -> None:
        """Answers; only the first `send` bytes of what is announced, where that is given."""
        body = text.encode()
        usual = "application/atom+xml; charset=utf-8" if self.is_api else "text/xml"
        self.send_response(status)
        self.send_header("Content-Type", media_type or usual)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
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


class Server(ThreadingHTTPServer):
    """Serves one `LocalArxiv`, each client in a thread that ends with the program."""

    daemon_threads = True

    def __init__(self, arxiv: LocalArxiv, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.arxiv = arxiv


def cut(handler: Handler, arxiv: LocalArxiv, good: str) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def hang(handler: Handler, arxiv: LocalArxiv, good: str) -> None:
    time.sleep(2)
    handler.close_connection = True


def repeated(handler: Handler, arxiv: LocalArxiv, good: str) -> None:
    first = re.search(r"<(record|entry)>.*?</\1>", good, re.DOTALL)
    handler.reply(good.replace(first[0], first[0] * 2, 1) if first else good)


def short(handler: Handler, arxiv: LocalArxiv, good: str) -> None:
    """Leaves one out and says nothing of it."""
    found = [m[0] for m in re.finditer(r"<(record|entry)>.*?</\1>", good, re.DOTALL)]
    handler.reply(good.replace(found[-1], "") if found else good)


def shifted(handler: Handler, arxiv: LocalArxiv, good: str) -> None:
    """The first one twice and the last one not at all, as pages do whose order changes while they are read."""
    found = re.findall(r"<entry>.*?</entry>", good, re.DOTALL)
    handler.reply(good.replace(found[-1], found[0]) if found else good)


def no_entries(handler: Handler, arxiv: LocalArxiv, good: str) -> None:
    """An answer that announces papers and holds none."""
    handler.reply(re.sub(r"<entry>.*</entry>", "", good, flags=re.DOTALL))


def none_at_all(handler: Handler, arxiv: LocalArxiv, good: str) -> None:
    """An empty answer that looks whole."""
    empty = re.sub(r"<entry>.*</entry>", "", good, flags=re.DOTALL)
    handler.reply(re.sub(r"(totalResults>)\d+", r"\g<1>0", empty))


def status(code: int) -> Callable[[Handler, LocalArxiv, str], None]:
    def answer(handler: Handler, arxiv: LocalArxiv, good: str) -> None:
        headers = {"Retry-After": arxiv.retry_after}
        handler.reply(f"status {code}", "text/plain", status=code, headers=headers)

    return answer


def elsewhere(handler: Handler, arxiv: LocalArxiv, good: str) -> None:
    handler.reply("", status=301, headers={"Location": "https://elsewhere.example/oai"})


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
TROUBLES: dict[str, Callable[[Handler, LocalArxiv, str], None]] = {
    "html": lambda h, a, good: h.reply(
        "<html><body>Down for maintenance", "text/html; charset=utf-8"
    ),
    "feed": lambda h, a, good: h.reply(FEED, "application/xml"),
    "rate": lambda h, a, good: h.reply("Rate exceeded.", "text/plain"),
    "503": status(503),
    "429": status(429),
    "500": status(500),
    "403": status(403),
    "moved": elsewhere,
    # Whole by its length, cut before: what only the XML can tell.
    "truncated": lambda h, a, good: h.reply(good[: len(good) // 2]),
    "chopped": lambda h, a, good: h.reply(good, send=len(good) // 2),
    "cut": cut,
    "hang": hang,
    "doctype": lambda h, a, good: h.reply(good.replace("\n", f"\n{BOMB}\n", 1)),
    "empty": lambda h, a, good: h.reply(envelope("<ListRecords></ListRecords>")),
    "nothing": lambda h, a, good: h.reply(""),
    "expired": lambda h, a, good: h.reply(error("badResumptionToken", "invalid or expired")),
    "gone": lambda h, a, good: h.reply(error("noRecordsMatch", "an empty list")),
    # The first page of all, whatever was asked for.
    "stale": lambda h, a, good: h.reply(
        a.answer("verb=ListRecords&metadataPrefix=arXivRaw&from=1990-01-01")
    ),
    "malformed": lambda h, a, good: h.reply(
        good.replace(" GMT</date>", " o'clock</date>", 1).replace(
            "Z</published>", "</published>", 1
        )
    ),
    "repeated": repeated,
    "short": short,
    "shifted": shifted,
    "no_entries": no_entries,
    "none_at_all": none_at_all,
    "no_date": lambda h, a, good: h.reply(re.sub("<published>.*?</published>", "", good, count=1)),
    "no_authors": lambda h, a, good: h.reply(
        re.sub(r"(?:<author>.*?</author>\s*)+", "", good, count=1, flags=re.DOTALL)
    ),
    "list": lambda h, a, good: h.reply(error("badArgument", "not a query"), "application/xml"),
}


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
