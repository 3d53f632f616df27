import pytest

from ingest.arxiv.paper.listing import ListedVersion, Listing
from ingest.arxiv.paper.withdrawal import evidence_of, says_withdrawn

SAYING = [
    "This paper has been withdrawn by the authors. This paper has been accepted elsewhere",
    "This article has been withdrawn because it has been merged",
    "This paper has been withdrawn",
    "paper withdrawn by author",
    "Withdrawn",
    "withdrawn due to an error in Lemma 3",
    "This submission was withdrawn by arXiv admins",
    "The paper is temporarily withdrawn",
]
OTHERWISE = [
    None,
    "3 pages; v1 was withdrawn from the Journal of Made Up Results",
    "12 pages, replaces the withdrawn cs/0501076",
    "An earlier version was withdrawn; this one is corrected",
    "This paper has not been withdrawn",
    "This paper was withdrawn from Phys. Rev. and is submitted elsewhere",
    "On withdrawal of funds, 5 pages",
]


@pytest.mark.parametrize("comment", SAYING)
def test_comments_that_say_so(comment: str) -> None:
    assert says_withdrawn(comment)


@pytest.mark.parametrize("comment", OTHERWISE)
def test_comments_that_say_something_else(comment: str | None) -> None:
    assert not says_withdrawn(comment)


def test_a_version_without_source_is_withdrawn_and_zero_kilobytes_alone_are_not() -> None:
    gone = ListedVersion(2, size="0kb", source_type="I")
    small = ListedVersion(3, size="0kb")
    listing = Listing("0704.9001", None, comment="Withdrawn")
    assert evidence_of(listing, gone, is_newest=False) == "source type I"
    assert evidence_of(listing, gone, is_newest=True) == "source type I; comment: Withdrawn"
    assert evidence_of(listing, small, is_newest=False) is None
    assert evidence_of(listing, small, is_newest=True) == "size 0kb; comment: Withdrawn"
    assert evidence_of(Listing("0704.9001", None), small, is_newest=True) is None
