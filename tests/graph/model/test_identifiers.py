"""Identifiers: one canonical form each, whatever was written; everything else refused."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import IdentifierError
from graph.model.identifiers import (
    belongs,
    canonical_id,
    is_any_id,
    is_identifier,
    is_key_form,
    is_label,
    key_in,
    kind_of,
    kinds_of,
    owner_of,
    work_of,
)
from graph.model.vocabulary import ENTITY_KINDS, Kind

HEX = "3f" * 32

WRITTEN = {
    "arXiv:2401.01234": "arxiv:2401.01234",
    "https://arxiv.org/abs/2401.01234v3": "arxiv:2401.01234v3",
    "http://export.arxiv.org/pdf/0704.0001v1.pdf": "arxiv:0704.0001v1",
    "oai:arXiv.org:math/0309136": "arxiv:math/0309136",
    "arxiv:math.GT/0309136": "arxiv:math/0309136",
    "https://arxiv.org/abs/math.GT/0309136v2": "arxiv:math/0309136v2",
    "arxiv:hep-th/9901001": "arxiv:hep-th/9901001",
    "arxiv:cond-mat.mes-hall/0001001": "arxiv:cond-mat/0001001",
    "https://doi.org/10.1000/ABC(1)": "doi:10.1000/abc(1)",
    "https://doi.org/10.1000/%C3%84%2F%41": "doi:10.1000/%c3%84/a",
    "doi:10.1000/\u00c4A": "doi:10.1000/%c3%84a",
    "doi:10.1000/\u212aK": "doi:10.1000/%e2%84%aak",
    "doi:10.1000/%c3%a4": "doi:10.1000/%c3%a4",
    "doi:10.1000/50%": "doi:10.1000/50%25",
    "http://dx.doi.org/10.1000/x": "doi:10.1000/x",
    "DOI:10.1000/X": "doi:10.1000/x",
    "https://orcid.org/0000-0002-1694-233x": "orcid:0000-0002-1694-233X",
    "https://ror.org/02mhbdp94": "ror:02mhbdp94",
    "https://openalex.org/W2741809807": "openalex:W2741809807",
    "https://api.openalex.org/works/w2741809807": "openalex:W2741809807",
    f"  idea:{HEX}\n": f"idea:{HEX}",
}


@pytest.mark.parametrize(("written", "canonical"), WRITTEN.items())
def test_what_people_write(written: str, canonical: str) -> None:
    assert canonical_id(written) == canonical
    assert is_identifier(canonical)


# Line by line of the grammar in docs/bundle.md, section 4: texts on both sides of each of its edges.
FORMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "arxiv, new": (
        ("arxiv:2401.0123", "arxiv:2401.01234", "arxiv:0001.0000", "arxiv:9912.99999"),
        ("arxiv:2401.012", "arxiv:2401.012345", "arxiv:2400.01234", "arxiv:2413.01234"),
    ),
    "arxiv, new, other forms": (
        ("arxiv:2409.01234", "arxiv:2410.01234"),
        ("arxiv:240101234", "arxiv:٢٤٠١.01234", "ARXIV:2401.01234", "arxiv:2401.01234.pdf", "arxiv:"),
    ),
    "arxiv, old": (
        ("arxiv:math/0309136", "arxiv:q-bio/0309136", "arxiv:a/0012000", "arxiv:" + "a" * 16 + "/0309136"),
        ("arxiv:math/030913", "arxiv:math/03091360", "arxiv:/0309136", "arxiv:" + "a" * 17 + "/0309136"),
    ),
    "arxiv, old, other forms": (
        ("arxiv:a-/0309136",),
        ("arxiv:-a/0309136", "arxiv:Math/0309136", "arxiv:math.GT/0309136", "arxiv:math/0300136", "arxiv:m4th/0309136"),
    ),
    "arxiv, versions": (
        ("arxiv:2401.01234v1", "arxiv:math/0309136v10", "arxiv:2401.01234v123456789"),
        ("arxiv:2401.01234v0", "arxiv:2401.01234v01", "arxiv:2401.01234v1234567890", "arxiv:2401.01234v", "arxiv:2401.01234V1"),
    ),
    "doi, registrant": (
        ("doi:10.1000/x", "doi:10.123456789/x", "doi:10.1000.1/x", "doi:10.1000.123456789.0/x"),
        ("doi:10.100/x", "doi:10.1234567890/x", "doi:10.1000./x", "doi:10.1000.1234567890/x", "doi:11.1000/x"),
    ),
    "doi, characters": (
        ("doi:10.1000/!#$&'()*+,-./0:;<=>?@[\\]^_`a{|}~\"", "doi:10.1000/%25", "doi:10.1000/" + "x" * 400),
        ("doi:10.1000/", "doi:10.1000/X", "doi:10.1000/a b", "doi:10.1000/é", "doi:10.1000/" + "x" * 401),
    ),
    "doi, octets": (
        ("doi:10.1000/%00%1f%20%7f%80%c3%a4%ff", "doi:10.1000/" + "%c3%a4" * 80),
        ("doi:10.1000/%", "doi:10.1000/%2", "doi:10.1000/%21", "doi:10.1000/%61", "doi:10.1000/%C3", "doi:10.1000/%7e"),
    ),
    "orcid": (
        ("orcid:0000-0002-1825-0097", "orcid:0000-0002-1694-233X"),
        ("orcid:0000-0002-1825-0098", "orcid:0000-0002-1694-2339", "orcid:0000-0002-1694-233x", "orcid:0000000218250097"),
    ),
    "ror": (
        ("ror:02mhbdp94", "ror:02mhbdp95", "ror:0abcdef00", "ror:0ghjkmn12", "ror:0pqrstv99", "ror:0wxyz0900"),
        ("ror:12mhbdp94", "ror:02mhbdp9", "ror:02mhbdp9a", "ror:0imhbdp94", "ror:0lmhbdp94", "ror:0omhbdp94", "ror:0umhbdp94", "ror:02MHBDP94"),
    ),
    "openalex": (
        (*(f"openalex:{letter}1" for letter in "WACTSIPF"), "openalex:W" + "1" * 15),
        ("openalex:W", "openalex:W0", "openalex:W01", "openalex:W" + "1" * 16, "openalex:X1", "openalex:Q42", "openalex:w1"),
    ),
    "git": (
        ("git:" + "a0" * 20, "git:" + "a0" * 32),
        ("git:3f", "git:" + "a0" * 20 + "a", "git:" + "a0" * 26, f"git:{HEX.upper()}", "git:" + "g0" * 20),
    ),
    "swh": (
        tuple(f"swh:1:{kind}:{'a0' * 20}" for kind in ("cnt", "dir", "rev", "rel", "snp")),
        (f"swh:2:cnt:{'a0' * 20}", f"swh:1:ori:{'a0' * 20}", f"swh:1:cnt:{'a0' * 32}", f"swh:1:cnt:{'A0' * 20}", f"swh:cnt:{'a0' * 20}"),
    ),
    "bytes": (
        (f"sha256:{HEX}",),
        (f"sha256:{HEX}0", f"sha256:{HEX[:-1]}", f"sha256:{HEX.upper()}"),
    ),
    "mlflow": (
        ("mlflow:0/a", "mlflow:A_1/-.", "mlflow:0/models", "mlflow:0/models/m-1", "mlflow:" + "a" * 128 + "/models/" + "a" * 128),
        ("mlflow:1", "mlflow:0/", "mlflow:/a", "mlflow:a/b/c", "mlflow:0/models/", "mlflow:0/models/a/b", "mlflow:0/" + "a" * 129, "mlflow:0/a:b"),
    ),
    "concept": (
        ("concept:arxiv/cs.AI", "concept:x-1/!", "concept:x/a/b/~", "concept:x/" + "y" * 200),
        ("concept:nameless", "concept:x/", "concept:X/y", "concept:1x/y", "concept:x/a b", "concept:x/é", "concept:x/" + "y" * 201),
    ),
    "mention": (
        tuple(f"mention:arxiv:2401.01234/{HEX}{number}" for number in ("", ".2", ".9", ".10", ".123456789")),
        tuple(f"mention:arxiv:2401.01234/{HEX}{number}" for number in (".", ".0", ".1", ".02", ".1234567890", "0")),
    ),
    "mention, subject": (
        (f"mention:concept:x/a/b/{HEX}", f"mention:idea:{HEX}/{HEX}", f"mention:mlflow:0/models/a/{HEX}"),
        (f"mention:{HEX}", f"mention:/{HEX}", f"mention:nobody/{HEX}", "mention:arxiv:2401.01234/Ada", f"mention:mention:idea:{HEX}/{HEX}/{HEX}"),
    ),
    "minted": (
        tuple(f"{kind.value}:{HEX}" for kind in Kind if kind is not Kind.MENTION),
        (f"idea:{HEX[:-1]}", f"idea:{HEX}0", f"idea:{HEX.upper()}", f"idea: {HEX}", f"idea:{HEX}\n", f"notion:{HEX}", f"mention:{HEX}"),
    ),
    "name": (
        (f"person:ed25519:{HEX}", f"software:ed25519:{HEX}", "person:x25519p:2a", "person:x:" + "ab" * 64),
        ("person:ed25519:abcd", f"person:ed25519:{HEX}00", f"idea:ed25519:{HEX}", f"ai:ed25519:{HEX}", "person:x:abc", "person:x:AB", "person:x:" + "ab" * 65),
    ),
    "source": (
        ("source:arxiv", "source:a", "source:x-1-"),
        ("source:arXiv", "source:", "source:1a", "source:-a", "source:a b", "source:" + "a" * 506),
    ),
    "readable": (
        ("model:a/b", "model:a/b@c", "model:A_:1/b-.@c:d", "model:" + "a" * 128 + "/" + "b" * 128 + "@" + "c" * 128),
        ("model:a", "model:/b", "model:a/", "model:a/b@", "model:a/b@c@d", "model:a/b/c", "model:" + "a" * 129 + "/b", "software:a/b"),
    ),
    "repository": (
        ("repository:git/" + "a0" * 20, "repository:git/" + "a0" * 32),
        (f"repository:{HEX}", f"repository:hg/{'a0' * 20}", "repository:git/3f", "repository:git:" + "a0" * 20),
    ),
    "id": (
        ("source:" + "a" * 505, "doi:10.1000/" + "%c3" * 166 + "xx"),
        ("", ":", "arxiv", "2401.01234", "#1", "arxiv:2401.01234\0", " arxiv:2401.01234", "x" * 9999, "doi:10.1000/" + "%c3" * 166 + "xxx"),
    ),
}  # fmt: skip
TAKEN = [text for texts, _ in FORMS.values() for text in texts]
REFUSED = [text for _, texts in FORMS.values() for text in texts]


@pytest.mark.parametrize("text", TAKEN)
def test_an_identifier(text: str) -> None:
    assert is_identifier(text)
    assert is_any_id(text)
    assert canonical_id(text) == text


@pytest.mark.parametrize("text", REFUSED)
def test_no_identifier(text: str) -> None:
    assert kinds_of(text) == frozenset()
    assert not is_identifier(text)


@pytest.mark.parametrize("text", ["", "2401.01234", "orcid:0000-0002-1825-0098", "x" * 9999])
def test_no_identifier_has_an_error_that_says_what_one_is(text: str) -> None:
    with pytest.raises(IdentifierError, match=r"arxiv:2512\.05356") as caught:
        canonical_id(text)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "text",
    [
        "oai:arXiv.org:2401.01234",
        "arxiv:math.GT/0309136",
        "doi:10.1000/X",
        "orcid:0000-0002-1694-233x",
        "openalex:w1",
        "ARXIV:2401.01234",
        "arxiv:2401.01234.pdf",
        "https://doi.org/10.1000/x",
    ],
)
def test_another_form_than_the_canonical_is_no_identifier(text: str) -> None:
    """Else one paper would be two nodes."""
    assert canonical_id(text) != text
    assert not is_identifier(text)


SAME_TO_UNICODE = {"k": "\u212a", "s": "\u017f", "i": "\u0131\u0130", "I": "\u0131", "S": "\u017f"}
"""Letters that become these of ASCII where a table of Unicode changes their case."""


def _lookalikes(letter: str) -> Iterator[str]:
    yield chr(ord(letter) + 0xFEE0)  # full width: NFKC makes it the letter
    yield letter + "\u0301"  # one character with it, to NFC
    yield letter + "\u200b"
    if letter.isdigit():
        yield from (chr(zero + int(letter)) for zero in (0x0660, 0x0966, 0x2080))
    yield from SAME_TO_UNICODE.get(letter, "")


@pytest.mark.parametrize("text", TAKEN)
def test_no_table_of_unicode_takes_part(text: str) -> None:
    """As tables grow, what one program took for a digit or a letter, another wouldn't."""
    changed = [text.replace(one, other, 1) for one in set(text) for other in _lookalikes(one)]
    for other in (*changed, f"{text}\u00a0", f"\u3000{text}", f"{text}\u2028"):
        assert not is_identifier(other)
        assert not is_any_id(other)
        assert _canonical_id_if_any(other) != text, ascii(other)


def _canonical_id_if_any(text: str) -> str | None:
    try:
        return canonical_id(text)
    except IdentifierError:
        return None


@pytest.mark.parametrize(
    "text",
    ["http\u017f://doi.org/10.1000/x", "https://a\u0280xiv.org/abs/2401.01234", "openalex:\u017f1"],
)
def test_an_address_is_understood_in_ascii_alone(text: str) -> None:
    assert _canonical_id_if_any(text) is None


PIECES = (
    *("arxiv:", "doi:10.1000/", "math/", ".GT", "0309136", "2401.01234", "v2", "orcid:", HEX),
    *("idea:", "mention:", "/", "concept:", "git:", "a", "Ä", "ß", ".2", "mlflow:", "W1", "#", " "),
    "openalex:",
)


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join) | st.text(max_size=30))
def test_a_canonical_form_is_its_own(text: str) -> None:
    try:
        found = canonical_id(text)
    except IdentifierError:
        assert not is_identifier(text)
        return
    assert is_identifier(found)
    assert canonical_id(found) == found
    if is_identifier(text):
        assert found == text


@given(st.integers(0, 10**15 - 1))
def test_exactly_one_check_digit_makes_an_orcid(number: int) -> None:
    digits = f"{number:015d}"
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2 % 11
    right = "0123456789X"[(12 - total) % 11]
    for last in "0123456789X":
        whole = digits + last
        dashed = "-".join(whole[k : k + 4] for k in range(0, 16, 4))
        assert is_identifier(f"orcid:{dashed}") == (last == right)


@pytest.mark.parametrize("depth", [2, 400, 3000])
def test_a_name_is_on_no_other_name(depth: int) -> None:
    """A mention names a work or a source; 8 MiB of body could hold a hundred thousand levels."""
    assert not is_identifier("mention:" * depth + f"idea:{HEX}" + f"/{HEX}" * depth)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("arxiv:2401.01234", {Kind.WORK}),
        ("arxiv:2401.01234v1", {Kind.VERSION}),
        ("doi:10.1000/x", ENTITY_KINDS),
        (f"sha256:{HEX}", ENTITY_KINDS),
        ("openalex:A1", {Kind.PERSON}),
        ("openalex:C1", {Kind.CONCEPT}),
        ("mlflow:0/abc", {Kind.RUN}),
        ("mlflow:0/models/abc", {Kind.MODEL}),
        ("model:openai/gpt-5@2026-01-01", {Kind.MODEL}),
        (f"repository:git/{'0' * 40}", {Kind.CODE}),
        (f"git:{'0' * 40}", {Kind.VERSION}),
        (f"swh:1:cnt:{'0' * 40}", {Kind.FILE}),
        (f"swh:1:dir:{'0' * 40}", {Kind.CODE}),
        (f"swh:1:snp:{'0' * 40}", {Kind.CODE}),
        (f"swh:1:rev:{'0' * 40}", {Kind.VERSION}),
        (f"swh:1:rel:{'0' * 40}", {Kind.VERSION}),
        ("source:arxiv", {Kind.SOFTWARE, Kind.ORGANIZATION}),
        (f"person:ed25519:{HEX}", {Kind.PERSON}),
        (f"mention:git:{'0' * 40}/{HEX}.17", {Kind.MENTION}),
        *[(f"{kind.value}:{HEX}", {kind}) for kind in Kind if kind is not Kind.MENTION],
    ],
)
def test_kinds(text: str, kinds: set[Kind]) -> None:
    assert kinds_of(text) == kinds
    assert kind_of(text) == (next(iter(kinds)) if len(kinds) == 1 else None)


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("arxiv:2401.01234v2", "source:arxiv"),
        (f"mention:arxiv:2401.01234/{HEX}", "source:arxiv"),
        (f"mention:git:{'0' * 40}/{HEX}", "source:git"),
        ("concept:arxiv/cs.AI", "source:arxiv"),
        (f"mention:concept:arxiv/cs.AI/{HEX}", "source:arxiv"),
        ("openalex:W1", "source:openalex"),
        ("doi:10.1000/x", "source:crossref"),
        ("mlflow:0/models/abc", "source:mlflow"),
        ("model:openai/gpt-5", None),
        (f"repository:git/{'0' * 40}", None),
        (f"ai:{HEX}", None),
        (f"idea:{HEX}", None),
        (f"concept:{HEX}", None),
        (f"mention:work:{HEX}/{HEX}", None),
        (f"mention:concept:{HEX}/{HEX}", None),
        (f"sha256:{HEX}", None),
    ],
)
def test_owners(text: str, owner: str | None) -> None:
    assert owner_of(text) == owner


def test_a_name_on_a_name_belongs_to_nobody() -> None:
    assert owner_of(f"mention:mention:arxiv:2401.01234/{HEX}/{HEX}") is None
    assert owner_of("mention:" * 5000 + "a" + "/b" * 5000) is None


def test_what_belongs_to_a_slot() -> None:
    slot = "arxiv:2401.01234"
    for own in ("arxiv:2401.01234", "arxiv:2401.01234v9", f"mention:arxiv:2401.01234/{HEX}"):
        assert belongs(own, slot), own
    for foreign in (
        "arxiv:2401.01235",
        "arxiv:2401.0123",
        f"mention:arxiv:2401.01234v1/{HEX}",
        f"mention:arxiv:2401.012345/{HEX}",
        "concept:arxiv/cs.AI",
        f"idea:{HEX}",
    ):
        assert not belongs(foreign, slot), foreign
    assert belongs("openalex:W1", "openalex:W1")
    assert not belongs("openalex:W11", "openalex:W1")


def test_versions_know_their_work() -> None:
    assert work_of("arxiv:math/0309136v12") == "arxiv:math/0309136"
    assert work_of("arxiv:2401.01234") is None
    assert work_of(f"git:{'0' * 40}") is None


ANY = (
    (
        "x:y",
        "x-1:y",
        "x:~",
        "x:!",
        "colour:red",
        "x:" + "y" * 510,
        f"person:{HEX}",
        "oai:arXiv.org:1",
    ),
    ("x:", ":y", "x", "X:y", "1:y", "-:y", "x_y:z", "x:é", "x:y z", "x:y\n", "x:" + "y" * 511),
)


@pytest.mark.parametrize("text", ANY[0])
def test_what_a_header_may_hold_for_an_id(text: str) -> None:
    """The form is wider than that of the ids of today: what later words bring fits it too."""
    assert is_any_id(text)


@pytest.mark.parametrize("text", ANY[1])
def test_what_no_header_may_hold_for_an_id(text: str) -> None:
    assert not is_any_id(text)
    assert not is_identifier(text)


@given(st.text(max_size=20) | st.sampled_from(REFUSED))
def test_an_identifier_has_the_form_of_any(text: str) -> None:
    assert is_any_id(text) or not is_identifier(text)


KEYS = (
    (f"ed25519:{HEX}", "x:ab", "x25519p:2a", "a1:00", "x:" + "ab" * 64),
    ("ed25519:", f"ed25519:{HEX[:-2]}", f"ed25519:{HEX}00", "x:", "x:abc", "x:AB", "X:ab", "1x:ab", "x-y:ab", "x:" + "ab" * 65, "ab"),
)  # fmt: skip


@pytest.mark.parametrize("text", KEYS[0])
def test_forms_of_keys(text: str) -> None:
    assert is_key_form(text)
    assert key_in(f"person:{text}") == key_in(f"software:{text}") == text
    assert key_in(f"ai:{text}") is None


@pytest.mark.parametrize("text", KEYS[1])
def test_no_forms_of_keys(text: str) -> None:
    assert not is_key_form(text)
    assert key_in(f"person:{text}") is None


@pytest.mark.parametrize("text", ["#1", "#idea", "#A-b_9", "#-", "#" + "x" * 64])
def test_labels(text: str) -> None:
    assert is_label(text)


@pytest.mark.parametrize("text", ["", "#", "1", "# 1", "#ä", "#a.b", "#" + "x" * 65, "#1\n", "##"])
def test_no_labels(text: str) -> None:
    assert not is_label(text)
