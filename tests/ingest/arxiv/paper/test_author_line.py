import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.arxiv.paper.author_line import authors_of, is_group


def read(text: str) -> list[tuple[str, str | None]]:
    return [(author.name, author.affiliation) for author in authors_of(text)]


def names(text: str) -> list[str]:
    return [author.name for author in authors_of(text)]


def test_commas_and_and_separate_names() -> None:
    assert names("A.A. Serga, M. Kostylev, and B. Hillebrands") == [
        "A.A. Serga",
        "M. Kostylev",
        "B. Hillebrands",
    ]
    assert names("Gil Kalai and Roy Meshulam") == ["Gil Kalai", "Roy Meshulam"]
    assert names("C.-P. Yuan & X. Y") == ["C.-P. Yuan", "X. Y"]
    assert names("J. Anderson, Sandy Band") == ["J. Anderson", "Sandy Band"]


def test_a_suffix_stays_with_its_name_and_et_al_is_nobody() -> None:
    assert names("John Von Neumann, Fred Bloggs, Jr, et al") == [
        "John Von Neumann",
        "Fred Bloggs, Jr",
    ]
    assert names("Anatoly Zlotnik and Jr-Shin Li") == ["Anatoly Zlotnik", "Jr-Shin Li"]


def test_collaborations_are_names_of_their_own() -> None:
    assert names("BELLE Collaboration: A Person, Nother Person") == [
        "BELLE Collaboration",
        "A Person",
        "Nother Person",
    ]
    assert names("J. Doe for the BaBar Collaboration") == ["J. Doe", "the BaBar Collaboration"]
    assert is_group("the BaBar Collaboration")
    assert not is_group("J. Grouping")


def test_affiliations_count_for_the_names_before_them() -> None:
    assert read("a.b.first, c.d.second (affil)") == [
        ("a.b.first", "affil"),
        ("c.d.second", "affil"),
    ]
    assert read("XY Collaboration: A. B (lab)") == [("XY Collaboration", None), ("A. B", "lab")]
    assert read("sum won (lab a, lab b (c))") == [("sum won", "lab a, lab b (c)")]


def test_numbered_affiliations_are_looked_up() -> None:
    numbered = (
        "A. One, B. Two (1), C. Three (2 and 3), D. Four (9) ((1) here, (2) there, (3) a (b))"
    )
    assert read(numbered) == [
        ("A. One", "here"),
        ("B. Two", "here"),
        ("C. Three", "there; a (b)"),
        ("D. Four", None),
    ]
    assert read("Foo Bar (1), Baz Qux (2) (1) Inst A, (2) Inst B") == [
        ("Foo Bar", "Inst A"),
        ("Baz Qux", "Inst B"),
    ]


def test_a_list_numbered_without_parentheses_is_looked_up() -> None:
    assert read("B. L (1,2), C. M (3) (1 Dip. Astro., Bologna; 2 INAF, Bologna, 3 Firenze)") == [
        ("B. L", "Dip. Astro., Bologna; INAF, Bologna"),
        ("C. M", "Firenze"),
    ]


def test_a_line_beyond_reading_is_one_name() -> None:
    assert names("(just affil)") == ["(just affil)"]
    assert names("") == []


@given(st.text(alphabet="ab ,.;:()12&and\\'{}", max_size=60))
def test_no_line_is_lost(text: str) -> None:
    found = authors_of(" ".join(text.split()))
    assert bool(found) == bool(text.strip())
    assert all(author.name.strip() for author in found)


@pytest.mark.parametrize("piece", ["A for ", "on behalf of the ", "(1) ", "B and ", "( "])
def test_a_line_of_any_length_is_read_in_time(piece: str) -> None:
    # Quadratic, this took an hour: the test's own time-out would end it.
    assert authors_of((piece * 2**18).strip())


def test_only_ascii_separates_names() -> None:
    """Which names a line holds decides ids, so it depends on no table of Unicode."""
    assert names("A\u00a0and\u00a0B, C\u2003, D\uff0cE") == [
        "A\u00a0and\u00a0B",
        "C\u2003",
        "D\uff0cE",
    ]
    assert names("Zoe\u0301 X, Zo\u00e9 X") == ["Zoe\u0301 X", "Zo\u00e9 X"]


def test_a_name_of_space_and_controls_alone_is_nobody() -> None:
    assert read("A, \u00a0, \x96, B (\u00a0)") == [("A", None), ("B", None)]
    assert names("\u00a0\x85") == []
