"""PDF bombs: hostile files, each a way to use up the memory, time or stack of a reader."""

import random
import zlib
from collections.abc import Callable, Iterator
from typing import Final

from tests.ingest.pdf.sample_pdfs import flate, one_page, raw_pdf, stream

Bomb = Callable[[], bytes]

_MEGA: Final = 1_000_000
_TEXT: Final = b"BT /F1 10 Tf 72 700 Td (Hello) Tj ET\n"
_CATALOG: Final = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGE: Final = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>"


def bombs() -> Iterator[tuple[str, Bomb]]:
    """The bombs by name, in the order of their names."""
    for name, value in sorted(globals().items()):
        if name.startswith("bomb_"):
            yield name.removeprefix("bomb_"), value


def bomb_flate_zeros() -> bytes:
    return one_page(flate(bytes(400 * _MEGA)))


def bomb_flate_operators() -> bytes:
    return one_page(flate(_TEXT * 1_500_000))


def bomb_flate_nested() -> bytes:
    data = bytes(200 * _MEGA)
    for _ in range(8):
        data = zlib.compress(data, 9)
    filters = b"/Filter [" + b"/FlateDecode " * 8 + b"]"
    return one_page(stream(data, filters))


def bomb_filters_many() -> bytes:
    return one_page(stream(_TEXT, b"/Filter [" + b"/ASCIIHexDecode " * 5000 + b"]"))


def bomb_run_length() -> bytes:
    return one_page(stream(b"\x81A" * 3 * _MEGA + b"\x80", b"/Filter /RunLengthDecode"))


def bomb_lzw() -> bytes:
    return one_page(stream(random.Random(3).randbytes(2 * _MEGA), b"/Filter /LZWDecode"))  # noqa: S311 - noise


def bomb_predictor_columns() -> bytes:
    parameters = b"/DecodeParms << /Predictor 12 /Columns 2000000000 >>"
    return one_page(flate(_TEXT * 1000, parameters))


def bomb_length_of_itself() -> bytes:
    return one_page(b"<< /Length 4 0 R >>\nstream\n" + _TEXT + b"\nendstream")


def bomb_length_huge() -> bytes:
    return one_page(b"<< /Length 99999999999999 >>\nstream\n" + _TEXT + b"\nendstream")


def bomb_indirect_loop() -> bytes:
    return one_page(b"10 0 R", more={10: b"11 0 R", 11: b"10 0 R"})


def bomb_pages_loop() -> bytes:
    pages = b"<< /Type /Pages /Kids [2 0 R 2 0 R 2 0 R] /Count 3 >>"
    return raw_pdf({1: _CATALOG, 2: pages})


def bomb_pages_loop_of_two() -> bytes:
    two = b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 /Parent 3 0 R >>"
    three = b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"
    return raw_pdf({1: _CATALOG, 2: two, 3: three})


def bomb_pages_deep() -> bytes:
    depth = 20_000
    objects = {1: _CATALOG}
    for k in range(2, depth):
        objects[k] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (k + 1, k - 1)
    objects[depth] = _PAGE
    return raw_pdf(objects)


def bomb_pages_doubling() -> bytes:
    """Thirty levels, each twice the next: 2^30 pages in 30 objects."""
    objects = {1: _CATALOG}
    for k in range(2, 32):
        objects[k] = b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 2 >>" % (k + 1, k + 1)
    objects[32] = _PAGE
    return raw_pdf(objects)


def bomb_pages_many() -> bytes:
    kids = b" ".join([b"3 0 R"] * 90_000)
    pages = b"<< /Type /Pages /Kids [" + kids + b"] /Count 90000 >>"
    return raw_pdf({1: _CATALOG, 2: pages, 3: _PAGE, 4: stream(_TEXT)})


def bomb_pages_301() -> bytes:
    kids = b" ".join([b"3 0 R"] * 301)
    pages = b"<< /Type /Pages /Kids [" + kids + b"] /Count 301 >>"
    return raw_pdf({1: _CATALOG, 2: pages, 3: _PAGE, 4: stream(_TEXT)})


def bomb_count_lies() -> bytes:
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>"
    return raw_pdf({1: _CATALOG, 2: pages, 3: _PAGE, 4: stream(_TEXT)})


def bomb_parent_loop() -> bytes:
    page = b"<< /Type /Page /Parent 6 0 R /Contents 4 0 R >>"
    six = b"<< /Type /Pages /Parent 7 0 R >>"
    seven = b"<< /Type /Pages /Parent 6 0 R >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return raw_pdf({1: _CATALOG, 2: pages, 3: page, 4: stream(_TEXT), 6: six, 7: seven})


def bomb_objects_many() -> bytes:
    more = {k: b"<< /A %d >>" % k for k in range(10, 400_000)}
    return one_page(stream(_TEXT), more=more)


def bomb_xref_prev_itself() -> bytes:
    found = one_page(stream(_TEXT))
    start = int(found.rpartition(b"startxref\n")[2].split()[0])
    return found.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def bomb_xref_size() -> bytes:
    found = one_page(stream(_TEXT))
    return found.replace(b"xref\n0 6", b"xref\n0 2000000000")


def _xref_stream(entries: bytes, rows: bytes) -> bytes:
    body = b"%PDF-1.7\n1 0 obj\n" + _CATALOG + b"\nendobj\n"
    place = len(body)
    entries = b"/Type /XRef /W [1 4 1] /Root 1 0 R " + entries.replace(b"HERE", b"%d" % place)
    body += b"2 0 obj\n" + flate(rows, entries) + b"\nendobj\n"
    return body + b"startxref\n%d\n%%%%EOF\n" % place


def bomb_xref_stream_prev_itself() -> bytes:
    return _xref_stream(b"/Size 3 /Prev HERE", b"\x01\x00\x00\x00\x09\x00" * 3)


def bomb_xref_stream_index() -> bytes:
    return _xref_stream(b"/Size 2000000000 /Index [0 2000000000]", bytes(6 * 5 * _MEGA))


def bomb_object_stream_of_itself() -> bytes:
    inner = flate(
        b"10 0 11 20 << /A 10 0 R >> << >>", b"/Type /ObjStm /N 2000000 /First 10 /Extends 10 0 R"
    )
    return one_page(stream(_TEXT), page=b"/B 10 0 R", more={10: inner})


def bomb_arrays_deep() -> bytes:
    return one_page(stream(_TEXT), page=b"/Annots " + b"[" * 300_000 + b"]" * 300_000)


def bomb_dictionaries_deep() -> bytes:
    return one_page(
        stream(_TEXT), page=b"/Annots [" + b"<< /A " * 100_000 + b"1" + b" >>" * 100_000 + b"]"
    )


def bomb_arrays_deep_in_contents() -> bytes:
    return one_page(flate(b"BT /F1 10 Tf " + b"[" * 2 * _MEGA + b"] TJ ET"))


def bomb_name_giant() -> bytes:
    return one_page(stream(_TEXT), page=b"/" + b"N" * 30 * _MEGA + b" 1")


def bomb_string_giant() -> bytes:
    return one_page(flate(b"BT /F1 10 Tf (" + b"x" * 60 * _MEGA + b") Tj ET"))


def bomb_string_open() -> bytes:
    return one_page(flate(b"BT /F1 10 Tf " + b"(" * 3 * _MEGA))


def bomb_text_much() -> bytes:
    show = b"BT /F1 1 Tf 0 1 Td (" + b"word " * 4000 + b") Tj ET\n"
    kids = b" ".join([b"3 0 R"] * 60)
    pages = b"<< /Type /Pages /Kids [" + kids + b"] /Count 60 >>"
    page = _PAGE[:-2] + b"/Resources << /Font << /F1 5 0 R >> >> >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return raw_pdf({1: _CATALOG, 2: pages, 3: page, 4: flate(show * 25), 5: font})


def bomb_image_huge() -> bytes:
    image = flate(
        bytes(50 * _MEGA),
        b"/Type /XObject /Subtype /Image /Width 1000000 /Height 1000000 /BitsPerComponent 8 /ColorSpace /DeviceRGB",
    )
    page = b"/Resources << /XObject << /I 10 0 R >> >>"
    return one_page(stream(b"q 600 0 0 600 0 0 cm /I Do Q"), page=page, more={10: image})


def bomb_image_inline() -> bytes:
    data = b"BI /W 100000 /H 100000 /BPC 8 /CS /G ID " + bytes(20 * _MEGA) + b" EI\n"
    return one_page(flate(data + _TEXT))


def bomb_image_inline_open() -> bytes:
    return one_page(flate(b"BI /W 9 /H 9 ID " + b"E I " * 3 * _MEGA))


def bomb_image_jbig2() -> bytes:
    image = stream(
        b"\x00" * 1000, b"/Type /XObject /Subtype /Image /Width 9 /Height 9 /Filter /JBIG2Decode"
    )
    page = b"/Resources << /XObject << /I 10 0 R >> >>"
    return one_page(stream(b"/I Do"), page=page, more={10: image})


def bomb_form_of_itself() -> bytes:
    form = stream(
        b"/X Do " * 20,
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 10 0 R >> >>",
    )
    page = b"/Resources << /XObject << /X 10 0 R >> >>"
    return one_page(stream(b"/X Do"), page=page, more={10: form})


def bomb_forms_laughing() -> bytes:
    """Twelve forms, each ten times the next: 10^12."""
    more = {}
    for k in range(10, 22):
        resources = b"/Resources << /XObject << /X %d 0 R >> >>" % (k + 1)
        more[k] = stream(
            b"/X Do " * 10, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + resources
        )
    more[22] = stream(_TEXT, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    page = b"/Resources << /XObject << /X 10 0 R >> >>"
    return one_page(stream(b"/X Do"), page=page, more=more)


def _font(more: dict[int, bytes], entries: bytes) -> bytes:
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H " + entries + b" >>"
    page = b"/Resources << /Font << /F1 10 0 R >> >>"
    shown = b"BT /F1 10 Tf 72 700 Td <" + b"00410042" * 1000 + b"> Tj ET"
    return one_page(stream(shown), page=page, more={10: font, **more})


def bomb_cmap_ranges() -> bytes:
    ranges = b"1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\n" * 20_000
    return _font({11: flate(ranges)}, b"/ToUnicode 11 0 R")


def bomb_cmap_range_wide() -> bytes:
    ranges = b"1 beginbfrange\n<00000000> <FFFFFFFF> <00000000>\nendbfrange\n"
    return _font({11: flate(ranges)}, b"/ToUnicode 11 0 R")


def bomb_cmap_long_targets() -> bytes:
    one = b"<0041> <" + b"0041" * 20_000 + b">\n"
    return _font(
        {11: flate(b"100 beginbfchar\n" + one * 100 + b"endbfchar\n")}, b"/ToUnicode 11 0 R"
    )


def bomb_encoding_bad() -> bytes:
    differences = b" ".join(b"%d /g%d" % (k % 256, k) for k in range(200_000))
    encoding = b"<< /Type /Encoding /Differences [-5 /x 999999999 /y " + differences + b"] >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /X /Encoding 11 0 R >>"
    page = b"/Resources << /Font << /F1 10 0 R >> >>"
    return one_page(stream(_TEXT), page=page, more={10: font, 11: encoding})


def bomb_widths_many() -> bytes:
    widths = b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /W [0 2000000000 500] >>]"
    return _font({}, widths)


def bomb_type3_of_itself() -> bytes:
    glyph = stream(b"BT /F1 10 Tf (a) Tj ET", b"/Resources << /Font << /F1 10 0 R >> >>")
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 11 0 R >> "
        b"/Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [9] "
        b"/Resources << /Font << /F1 10 0 R >> >> >>"
    )
    page = b"/Resources << /Font << /F1 10 0 R >> >>"
    return one_page(stream(b"BT /F1 9 Tf (aaa) Tj ET"), page=page, more={10: font, 11: glyph})


def bomb_operands_many() -> bytes:
    return one_page(flate(b"1 " * 10 * _MEGA + b"Td"))


def bomb_states_saved() -> bytes:
    return one_page(flate(b"q " * 5 * _MEGA + _TEXT))


def bomb_numbers_odd() -> bytes:
    numbers = b"1e999 -0.0000 --5 +-+3 .. 9" + b"9" * 5000
    shown = b"BT /F1 " + numbers + b" Tf NaN inf Td 1 0 0 1 1e308 1e308 Tm (Hello) Tj ET"
    return one_page(stream(shown))


def bomb_links_many() -> bytes:
    link = (
        b"<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://doi.org/10.1000/"
        + b"x" * 3000
        + b") >> >>\n"
    )
    return one_page(stream(_TEXT), page=b"/Annots [" + link * 20_000 + b"]")


def bomb_links_loop() -> bytes:
    more = {
        10: b"<< /Subtype /Link /Rect 10 0 R /A 11 0 R >>",
        11: b"<< /S /URI /URI 12 0 R /Next 11 0 R >>",
        12: b"12 0 R",
    }
    return one_page(stream(_TEXT), page=b"/Annots [10 0 R 10 0 R 11 0 R [10 0 R]]", more=more)


def bomb_outline_loop() -> bytes:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: _PAGE,
        4: stream(_TEXT),
        6: b"<< /First 7 0 R /Last 7 0 R /Count 999999999 >>",
        7: b"<< /Title (a) /Next 7 0 R /First 7 0 R /Parent 7 0 R >>",
    }
    return raw_pdf(objects)


def bomb_names_loop() -> bytes:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /Names << /Dests 6 0 R >> /AcroForm << /Fields [7 0 R] >> >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: _PAGE,
        4: stream(_TEXT),
        6: b"<< /Kids [6 0 R 6 0 R] >>",
        7: b"<< /T (x) /Kids [7 0 R 7 0 R] >>",
    }
    return raw_pdf(objects)


def bomb_information_huge() -> bytes:
    info = {9: b"<< /Title (" + b"T" * 20 * _MEGA + b") /Author 9 0 R >>"}
    found = one_page(stream(_TEXT), more=info)
    return found.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 9 0 R")


def bomb_script_and_launch() -> bytes:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9/'\\)) >> "
        b"/AA << /WC << /S /Launch /F (/bin/sh) >> >> >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: _PAGE[:-2] + b"/AA << /O << /S /URI /URI (http://127.0.0.1:9/) >> >> >>",
        4: b"<< /Length 0 /F (/etc/passwd) /FFilter /FlateDecode >>\nstream\n\nendstream",
    }
    return raw_pdf(objects)


def bomb_encryption_odd() -> bytes:
    found = one_page(stream(_TEXT))
    crypt = b"/Encrypt << /Filter /Standard /V 99 /R 99 /O (x) /U (x) /P -1 /Length 99999999 >> /ID [(a) (a)]"
    return found.replace(b"/Root 1 0 R", b"/Root 1 0 R " + crypt)


def bomb_encryption_slow() -> bytes:
    found = one_page(stream(_TEXT))
    word = b"<" + b"00" * 48 + b">"
    crypt = (
        b"/Encrypt << /Filter /Standard /V 5 /R 6 /O " + word + b" /U " + word + b" /OE " + word + b" /UE " + word
        + b" /Perms <" + b"00" * 16 + b"> /P -1 /Length 256 /CF << /StdCF << /CFM /AESV3 /Length 32 >> >> "
        b"/StmF /StdCF /StrF /StdCF >> /ID [(a) (a)]"
    )  # fmt: skip
    return found.replace(b"/Root 1 0 R", b"/Root 1 0 R " + crypt)


def bomb_brackets_in_references() -> bytes:
    """What would make a careless expression run for ever."""
    lines = [b"References"] + [
        b"[%d] 10.1000/" % k + b"(" * 900 + b"A, B., " * 200 for k in range(1, 150)
    ]
    shown = b"".join(
        b"BT /F1 1 Tf 1 0 0 1 72 %d Tm (" % (790 - 5 * k)
        + line.replace(b"(", b"\\(")
        + b") Tj ET\n"
        for k, line in enumerate(lines)
    )
    return one_page(flate(shown))


def bomb_dois_without_end() -> bytes:
    lines = [
        b"References",
        b"[1] Smith, J. 2010. x",
        b"[2] Smith, J. 2010. x",
        b"[3] Smith, J. 2010. " + b"10.1000/" * 200_000,
    ]
    shown = b"".join(
        b"BT /F1 1 Tf 1 0 0 1 72 %d Tm (" % (790 - 12 * k) + line + b") Tj ET\n"
        for k, line in enumerate(lines)
    )
    return one_page(flate(shown))


def bomb_lines_many() -> bytes:
    shown = b"".join(
        b"BT /F1 1 Tf 1 0 0 1 %d 700 Tm (%d.) Tj 0 -1 Td (References) Tj ET\n" % (k % 600, k)
        for k in range(60_000)
    )
    return one_page(flate(shown))


def bomb_controls_in_text() -> bytes:
    shown = b"BT /F1 10 Tf 72 700 Td <" + bytes(range(256)).hex().encode() * 40 + b"> Tj ET"
    info = {9: b"<< /Title <FEFF202E0041200F0000D800002100A0FFFE> >>"}
    found = one_page(stream(shown), more=info)
    return found.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 9 0 R")


def bomb_nothing() -> bytes:
    return b""


def bomb_head_alone() -> bytes:
    return b"%PDF-1.7\n"


def bomb_noise() -> bytes:
    return b"%PDF-1.7\n" + random.Random(1).randbytes(3 * _MEGA) + b"\nstartxref\n9\n%%EOF"  # noqa: S311 - noise


def bomb_zeros() -> bytes:
    return b"%PDF-1.7\n" + bytes(60 * _MEGA)


def bomb_objects_without_table() -> bytes:
    return b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj\n" * 200_000
