"""Reference lists split into entries: numbered, labelled, hanging, spaced; and any lines at all."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.pdf.extract.extract import join_lines, reference_list
from ingest.pdf.extract.reference_section import PrintedLine, candidates, is_heading
from ingest.pdf.extract.split_references import entries_of, hanging_run, numbered_run

AUTHOR_YEAR = [
    ("Archer, A. L., & Hughes, C. A. (2010). Explicit instruction: Effective and efficient", 72),
    ("teaching. Guilford Publications.", 87),
    ("Baum, D. A. (2005). The tree-thinking challenge. Science, 310(5750), 979-980.", 72),
    ("https://doi.org/10.1126/science.1117727", 87),
    ("van der Walt, S. (2011). The NumPy array: a structure for efficient numerical", 72),
    ("computation. Computing in Science, 13(2), 22-30.", 87),
    ("Wilson, G. (2014). Software Carpentry: lessons learned. F1000Research, 3, 62.", 72),
]


def lines_of(*texts: str) -> list[PrintedLine]:
    return [PrintedLine(text, 1, k, 72, 700 - 12 * k) for k, text in enumerate(texts)]


def hanging(pairs: list[tuple[str, int]]) -> list[PrintedLine]:
    return [PrintedLine(text, 1, k, x, 700 - 12 * k) for k, (text, x) in enumerate(pairs)]


def test_numbers_in_brackets_split_and_what_follows_the_list_is_left() -> None:
    lines = lines_of(
        "[1] F. Englert, Phys. Rev. Lett. 13 (1964) 321.",
        "[2] P. W. Higgs, Broken symmetries, massless particles and gauge",
        "fields, Phys. Lett. 12 (1964) 132.",
        "[3] C. Quigg, as shown in [1], 1977.",
    )
    found = [join_lines(entry) for entry in entries_of(lines)]
    assert len(found) == 3
    assert found[1] == "[2] P. W. Higgs, Broken symmetries, massless particles and gauge fields, Phys. Lett. 12 (1964) 132."  # fmt: skip


def test_a_number_out_of_its_turn_starts_nothing() -> None:
    lines = lines_of(
        "1. Smith, J. One thing. 2001.",
        "2. Smith, J. Another thing, in",
        "1999. Not an entry, 2002.",
        "3. Smith, J. A third thing. 2003.",
    )
    assert [len(entry) for entry in entries_of(lines)] == [1, 2, 1]


def test_labels_split() -> None:
    lines = lines_of(
        "[ABC+19] A, B and C. One. 2019.", "[DE20] D, E. Two. 2020.", "[F21] F. Three. 2021."
    )
    assert len(entries_of(lines)) == 3


def test_entries_hang() -> None:
    assert [len(entry) for entry in entries_of(hanging(AUTHOR_YEAR))] == [2, 2, 2, 1]


def test_entries_without_indent_are_told_by_the_space_between_them() -> None:
    y = 700.0
    lines = []
    for k, (text, x) in enumerate(AUTHOR_YEAR):
        y -= 18 if x == 72 else 12
        lines.append(PrintedLine(text, 1, k, 72, y))
    assert [len(entry) for entry in entries_of(lines)] == [2, 2, 2, 1]


def test_entries_without_either_are_told_by_their_form() -> None:
    lines = [PrintedLine(text, 1, k, 72, 700 - 12 * k) for k, (text, _) in enumerate(AUTHOR_YEAR)]
    assert [len(entry) for entry in entries_of(lines)] == [2, 2, 2, 1]


def test_a_list_without_a_heading_is_found_at_the_end() -> None:
    before = lines_of("We thank everybody.", "And nobody else.")
    after = [PrintedLine(one.text, 2, one.number, one.x, one.y) for one in hanging(AUTHOR_YEAR)]
    assert len(hanging_run([*before, *after])) == 4
    numbered = lines_of(*(f"[{k}] A. Author, Phys. Rev. {k} (1999) 1." for k in range(1, 8)))
    assert len(numbered_run([*before, *numbered])) == 7
    assert len(reference_list([*before, *numbered])) == 7


def test_a_document_of_nothing_but_first_entries_is_read_in_time() -> None:
    # Quadratic, this took an hour: the test's own time-out would end it.
    assert numbered_run(lines_of(*["[1] J. Doe"] * 200_000)) == ()


def test_a_word_broken_by_a_hyphen_is_put_together() -> None:
    lines = lines_of("[1] Hawking, Breakdown of Predictability in Gravita-", "tional Collapse, Phys. Rev. D-", "14, 1976.")  # fmt: skip
    assert join_lines(lines) == "[1] Hawking, Breakdown of Predictability in Gravitational Collapse, Phys. Rev. D- 14, 1976."  # fmt: skip


def test_headings() -> None:
    for text in ("References", "REFERENCES", "7. References", "VII. REFERENCES", "R EFERENCES", "Bibliography:", "2019 References", "14 References"):  # fmt: skip
        assert is_heading(text), text
    for text in ("references to these objects", "See References 3 and 4", "Referees", ""):
        assert not is_heading(text), text


def test_the_list_ends_where_an_appendix_begins() -> None:
    lines = lines_of("References", *(f"[{k}] Author, Title. 200{k}." for k in range(1, 6)), "A Appendix", "More, 2001.")  # fmt: skip
    (stretch,) = candidates(lines)
    assert len(stretch) == 5


_PIECES = st.sampled_from(
    ["References", "[1] ", "[2] ", "1. ", "Smith, J. ", "(2010). ", "A title.", "https://", "10.1000/x", "van der ", "-", "\u201c", "appendix", ""]
)  # fmt: skip
_LINES = st.lists(
    st.builds(
        lambda words, page, x, y: ("".join(words), page, x, y),
        st.lists(st.one_of(_PIECES, st.text(max_size=20)), max_size=6),
        st.integers(1, 3),
        st.floats(-50, 700, allow_nan=False),
        st.floats(-50, 900, allow_nan=False),
    ),
    max_size=60,
)


@given(_LINES)
def test_any_lines_split_into_some_of_themselves_in_order(
    lines: list[tuple[str, int, float, float]],
) -> None:
    printed = [PrintedLine(text, page, k, x, y) for k, (text, page, x, y) in enumerate(lines)]
    found = [line.number for entry in reference_list(printed) for line in entry]
    assert found == sorted(set(found))
    assert all(reference_list(printed))
