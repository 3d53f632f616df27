"""PDFs of the local arXiv, at `/pdf/`: small ones, made for the records that it holds; it misbehaves on request."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.ingest.pdf.sample_pdfs import Put, listed, paper

_CLASS = re.compile(r"\.[A-Z]{2}/")  # `math.GT/0309136` is asked for as `math/0309136`
HTML = b"<html><body>PDF is not ready. %PDF-1.7 %%EOF</body></html>"
DAMAGED = b"%PDF-1.7\nnothing\n%%EOF\n"


def made(name: str, *entries: str) -> bytes:
    """The PDF of a version, with arXiv's stamp on its first page and this reference list."""
    pages = listed(entries)
    pages[0].append(Put(f"arXiv:{name} [cs.AI] 3 Jan 2024", y=500))
    return paper(pages)


def pdfs_of(records: tuple[Any, ...]) -> dict[str, bytes]:
    """One for each version of each record: each cites DOIs of its own, and the work before it."""
    found: dict[str, bytes] = {}
    before = "0612.0001"
    for record in records:
        for number in range(1, (record.metadata or "").count("<version ") + 1):
            name = f"{_CLASS.sub('/', record.id)}v{number}"
            dois = [
                f"Baum, D. A. ({2000 + k}). The {k}th challenge. doi:10.1126/science.{len(found)}{k}"
                for k in range(4)
            ]
            found[name] = made(name, *dois, f"Smith, J. (2007). A work before. arXiv:{before}")
        before = _CLASS.sub("/", record.id)
    return found


@dataclass
class LocalPdfs:
    """The PDFs by version, and what goes wrong: for each version one trouble a request, or always the same one."""

    files: Mapping[str, bytes]
    troubles: dict[str, list[str]] = field(default_factory=dict)
    always: str | None = None
    retry_after: str | None = None
    requests: list[str] = field(default_factory=list)

    def __call__(self, handler: Any, name: str) -> None:
        """Answers one request."""
        self.requests.append(name)
        own = self.troubles.get(name)
        trouble = own.pop(0) if own else self.always
        data = self.files.get(name)
        if data is None or trouble == "404":
            send(handler, b"not found", 404, "text/html")
        elif trouble is None:
            send(handler, data)
        elif trouble.isdecimal():
            send(handler, b"", int(trouble), "text/plain", retry_after=self.retry_after)
        else:
            misbehave(handler, trouble, data)


def misbehave(handler: Any, trouble: str, data: bytes) -> None:
    """Answers in one of the ways that are wrong."""
    match trouble:
        case "html":
            send(handler, HTML, 200, "text/html; charset=utf-8")
        case "wrong":  # a web page that calls itself a PDF
            send(handler, HTML)
        case "chopped":  # less than was announced
            send(handler, data, only=len(data) // 2)
        case "truncated":  # whole by its length, cut before
            send(handler, data[: len(data) // 2])
        case "endless":  # nothing told of its length, and cut
            handler.send_response(200)
            handler.send_header("Content-Type", "application/pdf")
            handler.end_headers()
            handler.wfile.write(data[: len(data) // 2])
            handler.close_connection = True
        case "long":
            send(handler, data, announced=2**40)
        case "hang":
            time.sleep(0.5)
            handler.close_connection = True
        case "cut":
            handler.close_connection = True
        case _:
            raise ValueError(trouble)


def send(
    handler: Any,
    data: bytes,
    status: int = 200,
    media_type: str = "application/pdf",
    *,
    only: int | None = None,
    announced: int | None = None,
    retry_after: str | None = None,
) -> None:
    """Sends an answer, or only its first bytes."""
    handler.send_response(status)
    handler.send_header("Content-Type", media_type)
    handler.send_header("Content-Length", str(announced or len(data)))
    if retry_after:
        handler.send_header("Retry-After", retry_after)
    handler.end_headers()
    handler.wfile.write(data[:only])
    if only is not None or announced:
        handler.close_connection = True
