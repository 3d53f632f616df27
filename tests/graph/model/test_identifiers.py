"""Identifiers: one canonical form each, whatever was written; everything else refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import IdentifierError
from graph.model.identifiers import (
    belongs,
    canonical_id,
    is_identifier,
    is_label,
    kind_of,
    kinds_of,
    owner_of,
    subject_of,
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


REFUSED = (
    "",
    ":",
    "arxiv:",
    "arxiv",
    "2401.01234",
    "arxiv:2401.01234v0",
    "arxiv:2401.01234v01",
    "arxiv:2401.123",
    "arxiv:2401.123456",
    "arxiv:math/030913",
    "arxiv:٢٤٠١.01234",
    "doi:11.1000/x",
    "doi:10.1000/",
    "doi:10.1000/a b",
    "orcid:0000-0002-1825-0098",
    "orcid:0000-0002-1694-2339",
    "orcid:0000000218250097",
    "ror:12mhbdp94",
    "openalex:W0",
    "openalex:X1",
    "openalex:Q42",
    "git:3f",
    f"git:{HEX.upper()}",
    f"sha256:{HEX}0",
    f"idea:{HEX[:-1]}",
    f"idea:{HEX.upper()}",
    f"idea: {HEX}",
    f"idea:{HEX}\n",
    f"notion:{HEX}",
    "mlflow:1",
    "mlflow:a/b/c",
    "concept:nameless",
    f"mention:{HEX}",
    f"mention:nobody/{HEX}",
    f"mention:arxiv:2401.01234/{HEX}.1",
    f"mention:arxiv:2401.01234/{HEX}.02",
    "mention:arxiv:2401.01234/Ada",
    "person:ed25519:abc",
    f"idea:ed25519:{HEX}",
    "source:arXiv",
    "#1",
    "arxiv:2401.01234\0",
)


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
    slot = "oai:arXiv.org:2401.01234"
    assert subject_of(slot) == "arxiv:2401.01234"
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


@pytest.mark.parametrize("text", ["#1", "#idea", "#A-b_9", "#" + "x" * 64])
def test_labels(text: str) -> None:
    assert is_label(text)


@pytest.mark.parametrize("text", ["#", "1", "# 1", "#ä", "#" + "x" * 65, "#1\n", "##"])
def test_no_labels(text: str) -> None:
    assert not is_label(text)
