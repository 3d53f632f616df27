"""Texts at the edges of the grammar of docs/bundle.md, section 4: what just has a form, and what just hasn't."""

from collections.abc import Mapping
from typing import Final

HEX40: Final = "3f" * 20
HEX64: Final = "3f" * 32
HASH: Final = f"sha256:{HEX64}"
KEY: Final = f"ed25519:{HEX64}"


def _doi(octets: int) -> str:
    """A DOI of so many octets, of 412 or more: those beyond are in its prefix."""
    tens, rest = divmod(octets - 412, 10)
    assert rest != 1
    tail = "." + "1" * (rest - 1) if rest else ""
    return f"doi:10.1000{'.123456789' * tens}{tail}/{'x' * 400}"


def _hex(prefix: str, *lengths: int) -> tuple[str, ...]:
    """Lower-case hex digits of these lengths, just too short and too long, and others than such."""
    texts = []
    for length in lengths:
        digits = "3f" * (length // 2)
        texts += [digits, digits[1:], digits[2:], digits + "3", digits + "3f"]
        texts += [digits.upper(), digits[:-1] + "g", digits[:-1] + "\u0660", digits + "\n"]
    return tuple(prefix + text for text in texts)


_MENTIONED: Final = f"mention:arxiv:2401.01234/{HEX64}"

IDS: Final[Mapping[str, tuple[str, ...]]] = {
    "arxiv": tuple(
        "arxiv:" + rest
        for rest in (
            *("2401.01234", "2401.0123", "2401.012", "2401.012345", "2400.01234", "2401.01234 "),
            *("2409.01234", "2410.01234", "2412.01234", "2413.01234", "2490.01234", "240.01234"),
            *("2401.01234v1", "2401.01234v0", "2401.01234v01", "2401.01234v", "2401.01234V1"),
            *("2401.01234v999999999", "2401.01234v1000000000", "2401.01234v1v2", "2401-01234"),
            *("math/0309136", "math/0300136", "math/0312136", "math/0313136", "math/030913"),
            *("math/03091366", "math.GT/0309136", "m/0309136", f"{'a' * 16}/0309136"),
            *(f"{'a' * 17}/0309136", "a-b/0309136", "-a/0309136", "Math/0309136", "/0309136"),
            *("solv-int/9901001v2", "math/0309136v2", "math/0309136v0", "math1/0309136"),
        )
    ),
    "doi": (
        *(f"doi:10.{rest}" for rest in ("1000/x", "100/x", "123456789/x", "1234567890/x", "1000/")),
        *(f"doi:10.1000.{rest}" for rest in ("1/x", "10/x", "123456789/x", "1234567890/x", "/x")),
        *(
            f"doi:10.1000/{rest}"
            for rest in ("x" * 400, "x" * 401, "%25" * 160, "X", "x%41", "a b")
        ),
        *(
            f"doi:10.1000/%{rest}"
            for rest in ("20", "21", "7e", "7f", "80", "ff", "FF", "00", "1f")
        ),
        *(f"doi:10.1000/%{rest}" for rest in ("25", "2", "", "%", "c3%a9", "9f", "3f", "2g", "8G")),
        *(
            f"doi:10.1000/{rest}"
            for rest in ("é", "a/b", "//", "!", "~", "@", "[", "`", "#", "\x7f")
        ),
        *("doi:11.1000/x", "doi:10/x", "DOI:10.1000/x", _doi(507), _doi(512), _doi(514)),
        _doi(512).replace("10.1000", "10.10001"),
    ),
    "orcid": (
        *("orcid:0000-0002-1825-0097", "orcid:0000-0002-1825-0098", "orcid:0000-0002-1694-233X"),
        *("orcid:0000-0002-1694-233x", "orcid:0000-0002-1694-2330", "orcid:0000000218250097"),
        *("orcid:0000-0000-0000-0001", "orcid:0000-0002-1825-009", "orcid:0000-0002-1825-00977"),
        *("orcid:X000-0002-1825-0097", "orcid:0000-0002-1825-009\u0667"),
    ),
    "ror": (
        *("ror:02mhbdp94", "ror:02mhbdp9", "ror:02mhbdp944", "ror:12mhbdp94", "ror:02mhbdpa4"),
        *(f"ror:02mhbd{letter}94" for letter in "acdghijklmnopqrtuvz09AZ"),
    ),
    "openalex": (
        *(f"openalex:{letter}1" for letter in "WACTSIPFVXwa"),
        *(f"openalex:W{digits}" for digits in ("0", "01", "", "9" * 15, "9" * 16, "1a", "-1")),
    ),
    "git": _hex("git:", 40, 64),
    "swh": (
        *(
            f"swh:1:{kind}:{HEX40}"
            for kind in ("cnt", "dir", "rev", "rel", "snp", "ori", "REV", "")
        ),
        *(f"swh:2:rev:{HEX40}", f"swh:1:rev:{HEX64}", f"swh:1:rev:{HEX40[1:]}", f"swh:{HEX40}"),
    ),
    "bytes": _hex("sha256:", 64),
    "mlflow": tuple(
        "mlflow:" + rest
        for rest in (
            *("0/a", "0/", "/a", "0", "0/a/b", "0/models/m", "0/models/", "0/models", "0/Models/m"),
            *(
                "models/models",
                "models/models/models",
                "a.b/c_d-e",
                "a:b/c",
                "a b/c",
                "é/c",
                "a@b/c",
            ),
            *(f"{'a' * 128}/{'b' * 128}", f"{'a' * 129}/b", f"a/{'b' * 129}", "a/b\n"),
            *(f"a/models/{'b' * 128}", f"a/models/{'b' * 129}", "a/models/b/c"),
        )
    ),
    "concept": (
        *("concept:arxiv/cs.AI", "concept:a/b", "concept:Arxiv/b", "concept:1a/b", "concept:a1-/b"),
        *("concept:a/", "concept:/b", "concept:a", "concept:a/b/c", "concept:a/é", "concept:a/b c"),
        *(f"concept:a/{'x' * 200}", f"concept:a/{'x' * 201}", "concept:a_b/c", "concept:a/\x7f"),
        *(f"concept:{'a' * 311}/{'x' * 192}", f"concept:{'a' * 311}/{'x' * 193}"),
    ),
    "mention": (
        *_hex("mention:arxiv:2401.01234/", 64),
        *(_MENTIONED + tail for tail in (".1", ".2", ".9", ".10", ".02", ".0", ".", ".999999999")),
        *(_MENTIONED + tail for tail in (".1000000000", ".2.2", ".a", "/2", ".2\n", ".-2")),
        *(f"mention:{rest}/{HEX64}" for rest in ("", "arxiv:1", "#1", _MENTIONED, "source:arxiv")),
        *(f"mention:{rest}/{HEX64}" for rest in ("arxiv:2401.01234v2", "math/0309136", _doi(412))),
        *(
            f"mention:{rest}/{HEX64}"
            for rest in (f"idea:{HEX64}", f"mention:{HEX64}", "doi:10.1000/a/b")
        ),
        *(f"mention:{_doi(octets)}/{HEX64}" for octets in (438, 439, 440)),
        *(f"mention:{_doi(octets)}/{HEX64}.2" for octets in (437, 438)),
    ),
    "minted": (
        *_hex("idea:", 64),
        *(
            f"{kind}:{HEX64}"
            for kind in ("ai", "concept", "model", "person", "mention", "collection")
        ),
        *(
            f"{kind}:{HEX64}"
            for kind in ("Idea", "ideas", "weather", "", "toString", "constructor")
        ),
    ),
    "name": (
        *(
            f"{kind}:{KEY}"
            for kind in ("person", "software", "ai", "organization", "mention", "Person")
        ),
        *(f"person:{rest}" for rest in ("p256:ab", "p256:", "p256:abc", "P256:ab", "p-256:ab")),
        *(f"person:p256:{'ab' * count}" for count in (64, 65)),
        *_hex("software:ed25519:", 64),
    ),
    "source": (
        *(
            "source:arxiv",
            "source:a",
            "source:A",
            "source:1a",
            "source:a-",
            "source:a1-b",
            "source:",
        ),
        *("source:a_b", "source:arxiv:x", "source:é", f"source:{'a' * 505}", f"source:{'a' * 506}"),
    ),
    "readable": tuple(
        "model:" + rest
        for rest in (
            *(
                "a/b",
                "a/b@c",
                "a/b@",
                "/b",
                "a/",
                "a",
                "a/b/c",
                "a@b/c",
                "a/b@c@d",
                "a/b@c/d",
                "é/b",
            ),
            *("a:b/c:d@e:f", "A.b-_/C", f"{'a' * 128}/b", f"{'a' * 129}/b", f"a/{'b' * 128}"),
            *(f"a/{'b' * 129}", f"a/b@{'c' * 128}", f"a/b@{'c' * 129}", "a b/c", "a/b ", "a/b%20"),
        )
    ),
    "repository": (
        *_hex("repository:git/", 40, 64),
        f"repository:hg/{HEX40}",
        f"repository:{HEX40}",
    ),
    "any-id": (
        *(
            "a:b",
            "a:",
            ":b",
            "ab",
            "A:b",
            "1:b",
            "a-1:b",
            "-a:b",
            "a_b:c",
            "a:é",
            "a:b c",
            "a:\x7f",
        ),
        *(
            "a:~!",
            "person:x",
            f"a:{'b' * 510}",
            f"a:{'b' * 511}",
            f"{'a' * 511}:",
            "weather:fair",
            "#1",
        ),
        *("toString:x", "constructor:x", "__proto__:x"),
    ),
}

TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "at": (
        *(f"{day}T00:00:00Z" for day in ("2026-01-01", "0001-01-01", "0000-12-31", "9999-12-31")),
        *(f"{day}T00:00:00Z" for day in ("2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29")),
        *(f"{day}T00:00:00Z" for day in ("2026-13-01", "2026-00-01", "2026-04-31", "2026-01-00")),
        *(f"2026-01-01T{hour}Z" for hour in ("23:59:59", "24:00:00", "23:60:00", "23:59:60")),
        *(f"2026-01-01T{hour}Z" for hour in ("00:00", "00:00:00.5", "00:00:00+00:00", "0:00:00")),
        *("2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2026-01-01t00:00:00z"),
        *("2026-01-01T00:00:00Z\n", " 2026-01-01T00:00:00Z", "12026-01-01T00:00:00Z"),
        *("\u0662\u0660\u0662\u0666-01-01T00:00:00Z", "2026-1-1T00:00:00Z", "-001-01-01T00:00:00Z"),
    ),
    "date": (
        *("2026", "2026-11", "2026-11-20", "0001", "0000", "9999-12-31", "2026-00", "2026-13"),
        *("2026-02-29", "2024-02-29", "2026-11-31", "2026-1", "202", "20266", "2026-11-", "2026-"),
        *(
            "2026-11-20T00:00:00Z",
            "20261120",
            "2026\n",
            " 2026",
            "\u0662\u0660\u0662\u0666",
            "0000-01",
        ),
    ),
    "decimal": (
        *(
            "0",
            "-0",
            "1",
            "01",
            "-01",
            "+1",
            ".5",
            "1.",
            "1.0",
            "0.93",
            "00",
            "-",
            "",
            "-0.00",
            "0x1",
        ),
        *("1e5", "1E5", "1e+5", "1e-5", "1e05", "1e0", "1e-0", "1e", "e5", "1.5e3", "1.e3", "0e1"),
        *("1e999999999", "1e1000000000", "1e-999999999", "1" * 400, "0." + "3" * 400, "1,5", "1_0"),
        *("NaN", "nan", "-NaN", "Infinity", "-Infinity", "+Infinity", "inf", "1\n", " 1", "\u0661"),
    ),
    "hash": (*_hex("sha256:", 64), HEX64, f"sha512:{HEX64}", f"SHA256:{HEX64}"),
    "key": (
        *_hex("ed25519:", 64),
        *("p256:ab", "p256:", "p256:abc", "p256:AB", "P256:ab", "9a:ab", "a-b:ab", "a9:ab", ":ab"),
        *(
            f"p256:{'ab' * 64}",
            f"p256:{'ab' * 65}",
            "ed25519x:ab",
            "ed25519:ab",
            "ed2551:ab",
            "p256:ab\n",
        ),
    ),
    "label": (
        "#1",
        "#",
        "1",
        "#a_B-9",
        f"#{'a' * 64}",
        f"#{'a' * 65}",
        "#é",
        "#a b",
        "##1",
        "#1\n",
        "#a.b",
    ),
    "verb": (
        *(
            "disputes",
            "a",
            "aB" * 16,
            "a" * 33,
            "Ab",
            "a1",
            "a-b",
            "é",
            "ab ",
            "retracts\n",
            "opens",
        ),
        *("likes", "toString", "constructor", "\u017f"),
    ),
    "any-kind": (
        "idea",
        "x" * 32,
        "x" * 33,
        "mention",
        "Idea",
        "idea2",
        "a-b",
        "é",
        "ingest",
        "weather",
    ),
    "mapping": (
        *(
            "arxiv-raw/300",
            "a/1",
            "a/0",
            "a/01",
            "a/999999999",
            "a/1000000000",
            "A/1",
            "/1",
            "a/",
            "a/1/2",
        ),
        *("1a/1", "a", "a/-1", "a/1\n", "a_b/1", "é/1"),
    ),
    "salt": tuple(text for text in _hex("", 32)),
    "words in a set": (
        "revision",
        "lead",
        "none",
        "code",
        "ok",
        "person",
        "observed",
        "Revision",
        "toString",
    ),
    "text": (
        "a",
        "é",
        "e\u0301",
        "\u1e9b\u0323",
        "\U0001f600",
        "\x7f",
        "\x1f",
        "\u2028",
        "\ufeff",
        "\\u0000",
        "a" * 4096,
    ),
}

SHORT: Final = (
    *("a" * 4096, "a" * 4097, "é" * 2048, "é" * 2048 + "a", "\u20ac" * 1365 + "a"),
    *("\U0001f600" * 1024, "\U0001f600" * 1024 + "a", "a"),
)
"""Texts about 4,096 bytes long."""

OTHERS: Final[tuple[object, ...]] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2**53 - 1,
        2**53,
        -(2**53),
        1.5,
        1e300,
        "",
        [],
        {},
        [[]],
        {"a": {}},
    ),
    *(
        [""],
        {"a": ""},
        [None],
        {"a": None},
        "\0",
        "\ud800",
        "\udc00x",
        {"é": 1},
        {"": 1},
        {"a\0": 1},
        [0],
    ),
    *(
        ["a", "b"],
        ["b", "a"],
        ["a", "a"],
        ["\U0001f600", "\uffff"],
        ["\uffff", "\U0001f600"],
        [1, 2],
    ),
    *({"toString": 1}, {"__proto__": 1}, {"a": [{"b": []}]}, [[1, [2]]], "1", "null"),
)
"""Values of every kind, for places that ask for one of them."""
