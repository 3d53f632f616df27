"""Sample PDFs for the tests: whole ones with lines and links at given places, and raw ones out of any objects."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Put:
    """A line of text at a place, in points from the lower left corner; `link` is an address on it."""

    text: str
    x: float = 72
    y: float = 700
    link: str | None = None


def raw_pdf(
    objects: Mapping[int, bytes],
    *,
    trailer: bytes = b"",
    root: int = 1,
    head: bytes = b"%PDF-1.7\n",
) -> bytes:
    """A file of these objects with a table of them."""
    out = bytearray(head)
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        place = places.get(number)
        out += b"%010d 00000 n \n" % place if place is not None else b"0000000000 65535 f \n"
    out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\n" % (size, root, trailer)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream as it is."""
    return b"<< /Length %d %s >>\nstream\n" % (len(data), entries) + data + b"\nendstream"


def flate(data: bytes, entries: bytes = b"") -> bytes:
    """A stream, deflated."""
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


def one_page(
    contents: bytes, *, page: bytes = b"", more: Mapping[int, bytes] | None = None
) -> bytes:
    """A file of one page with this stream as its contents; further objects from 10 on."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    resources = b"" if b"/Resources" in page else b"/Resources << /Font << /F1 5 0 R >> >>"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s %s >>"
        % (resources, page),
        4: contents,
        5: font,
    }
    return raw_pdf({**objects, **(more or {})})


def paper(pages: Sequence[Sequence[Put]], *, info: Mapping[str, str] | None = None) -> bytes:
    """A sound paper: each page some lines, with links over those that have one."""
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    kids = []
    for k, lines in enumerate(pages):
        number = 10 + 2 * k
        kids.append(b"%d 0 R" % number)
        links = b" ".join(_link(line) for line in lines if line.link)
        objects[number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> /Annots [%s] >>" % (number + 1, links)
        )
        objects[number + 1] = flate(b"".join(map(_show, lines)))
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    trailer = b""
    if info:
        objects[3] = b"<< %s >>" % b" ".join(
            b"/%s %s" % (key.encode(), _text(value)) for key, value in info.items()
        )
        trailer = b"/Info 3 0 R"
    return raw_pdf(objects, trailer=trailer)


def listed(
    entries: Sequence[str], *, width: int = 90, heading: str = "References"
) -> list[list[Put]]:
    """A paper's lines: a title page, then entries that hang, each broken at this many characters."""
    first = [
        Put("A paper about sheep", y=720),
        Put("It has little to say and says it here.", y=700),
    ]
    lines = [(heading, 72.0)]
    for entry in entries:
        for k, part in enumerate(_broken(entry, width)):
            lines.append((part, 72.0 if k == 0 else 87.0))
    pages = [first]
    for k in range(0, len(lines), 50):
        some = lines[k : k + 50]
        pages.append([Put(text, x, 740 - 13 * n) for n, (text, x) in enumerate(some)])
    return pages


def _broken(text: str, width: int) -> list[str]:
    found: list[str] = []
    for word in text.split(" "):
        if found and len(found[-1]) + len(word) < width:
            found[-1] += " " + word
        else:
            found.append(word)
    return found


def _show(line: Put) -> bytes:
    return b"BT /F1 10 Tf 1 0 0 1 %d %d Tm %s Tj ET\n" % (line.x, line.y, _text(line.text))


def _text(text: str) -> bytes:
    plain = text.encode("cp1252")
    for letter in (b"\\", b"(", b")"):
        plain = plain.replace(letter, b"\\" + letter)
    return b"(" + plain + b")"


def _link(line: Put) -> bytes:
    box = b"[%d %d %d %d]" % (line.x, line.y - 2, line.x + 300, line.y + 9)
    uri = _text(line.link or "")
    return b"<< /Type /Annot /Subtype /Link /Rect %s /A << /S /URI /URI %s >> >>" % (box, uri)
