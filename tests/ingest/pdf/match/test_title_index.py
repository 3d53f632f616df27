"""Known titles in references: found however they are printed, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pdf.match.match import Match, matches_of
from ingest.pdf.match.title_index import KnownWork, ReferenceIndex, squeeze, title_letters

LONG = "Observation of gravitational waves from a binary black hole merger"


def match(
    reference: str, *known: KnownWork, authors: dict[str, list[str]] | None = None
) -> Match | None:
    index = ReferenceIndex()
    index.add("f", [reference])
    hits = [hit for one in known for hit in index.hits(one)]
    return matches_of(hits, {"f": [reference]}, authors or {}).get(("f", 1))


@pytest.mark.parametrize(
    "reference",
    [
        f"[5] R. Abbott et al., {LONG}, Phys. Rev. Lett. 116, 061102 (2016).",
        f"Abbott, R. (2016). {LONG.lower()}. PRL, 116.",
        f"Abbott 2016. \u201c{LONG}\u201d, PRL.",
        "Abbott. 2016. Observation of gravita- tional waves from a bi- nary black hole merger. PRL.",
        "Abbott. 2016. Observationofgravitationalwaves froma binary blackhole merger. PRL.",
        "Abbott. 2016. Observation of gravitationál waves from a bínary black hole merger. PRL.",
    ],
)
def test_a_long_title_is_found(reference: str) -> None:
    found = match(reference, KnownWork("arxiv:1602.03837", LONG, 2016), authors={"arxiv:1602.03837": ["R. Abbott"]})  # fmt: skip
    assert found == Match("arxiv:1602.03837", "title, author, year", "0.99")


def test_a_longer_title_is_not_the_shorter_one() -> None:
    reference = f"Jones, A. (2019). {LONG} and of its ring-down. PRL."
    assert match(reference, KnownWork("openalex:W1", LONG, 2016)) is None
    assert (
        match(f"Jones, A. (2016). On the {LONG}. PRL.", KnownWork("openalex:W1", LONG, 2016))
        is None
    )


def test_another_author_speaks_against_it() -> None:
    reference = f"Jones, A. (2016). {LONG}. PRL."
    assert match(reference, KnownWork("openalex:W1", LONG, 2016), authors={"openalex:W1": ["R. Abbott"]}) is None  # fmt: skip


def test_another_year_lowers_the_score() -> None:
    found = match(f"Abbott, R. (2017). {LONG}. PRL.", KnownWork("openalex:W1", LONG, 2016))
    assert found == Match("openalex:W1", "title", "0.85")


def test_a_short_title_needs_author_and_year() -> None:
    reference = "Wilson, G. (2014). Deep learning. F1000Research, 3, 62."
    known = KnownWork("openalex:W1", "Deep learning", 2014)
    assert match(reference, known) is None
    assert match(reference, known, authors={"openalex:W1": ["Yann LeCun"]}) is None
    assert match(reference, KnownWork("openalex:W1", "Deep learning", 2015), authors={"openalex:W1": ["Greg Wilson"]}) is None  # fmt: skip
    found = match(reference, known, authors={"openalex:W1": ["Greg Wilson"]})
    assert found == Match("openalex:W1", "short title, author, year", "0.95")


def test_a_slip_of_the_pen_is_a_proposal_with_its_score() -> None:
    reference = (
        "Abbott, R. (2016). Observation of gravitational vaves from a binary black-hole merge. PRL."
    )
    found = match(
        reference, KnownWork("openalex:W1", LONG, 2016), authors={"openalex:W1": ["R. Abbott"]}
    )
    assert found is not None
    assert found.method == "nearly the title, author, year"
    assert 0.92 <= float(found.score) <= 0.95
    assert match(reference, KnownWork("openalex:W1", LONG)) is None


def test_of_several_the_source_nearest_to_the_paper_is_named() -> None:
    known = [KnownWork("openalex:W1", LONG, 2016), KnownWork("arxiv:1602.03837", LONG, 2016)]
    found = match(f"Abbott, R. (2016). {LONG}. PRL.", *known)
    assert found == Match("arxiv:1602.03837", "title, year", "0.98")
    twins = [KnownWork("openalex:W2", LONG, 2016), KnownWork("openalex:W1", LONG, 2016)]
    found = match(f"Abbott, R. (2016). {LONG}. PRL.", *twins)
    assert found == Match("openalex:W1", "title, year; one of 2 works of that title", "0.49")


def test_a_title_across_two_entries_that_were_split_wrongly() -> None:
    index = ReferenceIndex()
    references = [
        "[1] Abbott, Observation of gravitational",
        "waves from a binary black hole merger, 2016.",
    ]
    index.add("f", references)
    (hit,) = index.hits(KnownWork("openalex:W1", LONG, 2016))
    assert hit.position == 1


def test_greek_letters_and_tex() -> None:
    assert title_letters(r"$\alpha$-decay of \emph{heavy} nuclei") == squeeze(
        "α-decay of heavy nuclei"  # noqa: RUF001 - meant
    )


def test_the_order_of_what_is_known_does_not_matter() -> None:
    reference = f"Abbott, R. (2016). {LONG}. PRL."
    known = [KnownWork(f"openalex:W{k}", LONG, 2016) for k in range(1, 5)]
    assert match(reference, *known) == match(reference, *reversed(known))


_TEXT = st.text(st.sampled_from("abc αßﬁ-.\n$\\{}é12(),"), max_size=80)


@given(st.lists(_TEXT, max_size=4), _TEXT)
def test_any_title_against_any_list(references: list[str], title: str) -> None:
    index = ReferenceIndex()
    index.add("f", references)
    for hit in index.hits(KnownWork("openalex:W1", title, 2000)):
        assert 1 <= hit.position <= len(references)
        assert 0.92 <= hit.ratio <= 1


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_squeezing_twice_is_squeezing_once(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)
