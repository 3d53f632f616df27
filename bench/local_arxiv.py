"""Local arXiv of generated records for benchmarks: OAI-PMH ListRecords in arXivRaw, any number, made on the fly.

    python -m bench.local_arxiv --records 20000 [--revised]

Prints its address and serves until it is stopped. `--revised` serves a later version of each record.
The tests' small arXiv serves real records and misbehaves; this one is for measuring only.
"""

import argparse
import random
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from bench.generate import WORDS, work_id

PAGE = 1000


LATER = '<version version="v3"><date>Mon, 4 May 2020 08:00:00 GMT</date><size>22kb</size></version>'


def record(number: int, *, revised: bool) -> str:
    """Generate one listing: 4 authors, two versions or three, an abstract of some 120 words."""
    rng = random.Random(number)  # noqa: S311 - not for secrets
    name = work_id(number).removeprefix("arxiv:")
    authors = ", ".join(
        f"{rng.choice(WORDS).title()} A. Author{rng.randrange(10**5)}" for _ in range(4)
    )
    title = " ".join(rng.choices(WORDS, k=9)).capitalize()
    abstract = " ".join(rng.choices(WORDS, k=120))
    return (
        f"<record><header><identifier>oai:arXiv.org:{name}</identifier>"
        f"<datestamp>2020-05-0{5 if revised else 1}</datestamp><setSpec>cs</setSpec></header><metadata>"
        '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">'
        f"<id>{name}</id><submitter>A. Author</submitter>"
        '<version version="v1"><date>Mon, 2 Apr 2007 19:18:42 GMT</date><size>20kb</size></version>'
        '<version version="v2"><date>Tue, 24 Jul 2007 20:10:27 GMT</date><size>21kb</size></version>'
        f"{LATER if revised else ''}"
        f"<title>{title}{', revised' if revised else ''}</title><authors>{authors}</authors><categories>cs.AI cs.DL</categories>"
        f"<comments>12 pages</comments><license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>"
        f"<abstract>{abstract}</abstract></arXivRaw></metadata></record>"
    )


def page(start: int, total: int, *, revised: bool = False) -> bytes:
    """Return the response that begins with a record."""
    stop = min(start + PAGE, total)
    token = f"<resumptionToken>{stop}</resumptionToken>" if stop < total else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        "<responseDate>2026-01-01T00:00:00Z</responseDate>"
        '<request verb="ListRecords">http://127.0.0.1/oai</request><ListRecords>'
        + "".join(record(number, revised=revised) for number in range(start, stop))
        + token
        + "</ListRecords></OAI-PMH>"
    ).encode()


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--revised", action="store_true")
    options = parser.parse_args()
    total = options.records

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            start = int(query.get("resumptionToken", ["0"])[0])
            body = page(start, total, revised=options.revised)
            self.send_response(200)
            self.send_header("Content-Type", "text/xml; charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/oai", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
