import pytest

from graph.errors import InputError
from ingest.arxiv.paper.identifiers import is_category, oai_set, work_id


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("cs.AI", "cs:cs:AI"),
        ("hep-th", "physics:hep-th"),
        ("math-ph", "physics:math-ph"),
        ("math.MP", "math:math:MP"),
        ("cond-mat.str-el", "physics:cond-mat:str-el"),
        ("physics.atm-clus", "physics:physics:atm-clus"),
        ("nlin.CD", "physics:nlin:CD"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
        ("stat", "stat:stat"),
    ],
)
def test_a_category_has_a_set(category: str, name: str) -> None:
    assert oai_set(category) == name


@pytest.mark.parametrize(
    "category", ["", "cs.", "CS.AI", "biology", "cs.AI&verb=Identify", "cs:cs:AI"]
)
def test_what_is_no_category_is_refused(category: str) -> None:
    with pytest.raises(InputError, match=r"one like cs\.AI"):
        oai_set(category)


@pytest.mark.parametrize(
    ("category", "way"),
    [
        ("cs.ai", "perhaps cs.AI"),
        ("Hep-Th", "perhaps hep-th"),
        ("cs.Al", "cs takes in all of its own"),
        ("math.ZZ", "math takes in all of its own"),
        ("q-bio.nc", "perhaps q-bio.NC"),
    ],
)
def test_what_arxiv_would_answer_with_nothing_new_is_refused(category: str, way: str) -> None:
    """A slip of the pen must not be harvested as silence, night after night."""
    with pytest.raises(InputError, match=way):
        oai_set(category)


def test_papers_have_one_name() -> None:
    assert work_id("0704.0001") == "0704.0001"
    assert work_id("math.GT/0309136") == "math/0309136"
    assert work_id("hep-th/9901001") == "hep-th/9901001"
    assert [work_id(text) for text in ("", "0704.0001v2", "704.1", "x/1", "10.1/x")] == [None] * 5


def test_closed_archives_are_categories_of_old_papers() -> None:
    assert is_category("alg-geom")
    assert not is_category("software")
