"""Identifiers in text and addresses: the forms that papers print, and any text at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.identifiers import is_identifier
from ingest.pdf.extract.identifiers import arxiv_of, doi_of, dois_in, ids_in_text, ids_in_uri


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("doi:10.1103/PhysRevLett.13.321.", "doi:10.1103/physrevlett.13.321"),
        ("(https://doi.org/10.1016/0031-9163(64)91136-9).", "doi:10.1016/0031-9163(64)91136-9"),
        ("[doi:10.1007/JHEP06(2013)081]", "doi:10.1007/jhep06(2013)081"),
        ("10.1890/0012-9658(2003)084%5B1412:\nTETTWU%5D2.0.CO;2", "doi:10.1890/0012-9658(2003)084[1412:tettwu]2.0.co;2"),
        ("https:\n//doi.org/10.1002/ecy.3709", "doi:10.1002/ecy.3709"),
        ("https://doi.org/10.1073/pnas.\n1710231115", "doi:10.1073/pnas.1710231115"),
        ("https://doi.org/10.1111/\noik.03726", "doi:10.1111/oik.03726"),
        ("https://doi.org/10.\n1039/C8RP00105G", "doi:10.1039/c8rp00105g"),
        ("10.1146/annurev-polisci-041719-\n102107", "doi:10.1146/annurev-polisci-041719-102107"),
        ("doi: 10.1000/182, and more", "doi:10.1000/182"),
        ("DOI 10.1000/a&amp;b", "doi:10.1000/a&b"),
        ("https://doi.org/10.48550/ARXIV.1812.11589", "arxiv:1812.11589"),
        ("10.1000/182\nSmith, J. (2010)", "doi:10.1000/182"),
        ("10.1109/MSP.2011.139\n1Contributions are listed", "doi:10.1109/msp.2011.139"),
        ("10.1000/182\nhttps://example.org/1", "doi:10.1000/182"),
        ("10.1000/182\n(2010)", "doi:10.1000/182"),
        ("10.1000/Zo\u00e9.", "doi:10.1000/zo%c3%a9"),
        ("10.1000/\u212aELVIN", "doi:10.1000/%e2%84%aaelvin"),
        ("10.1000/50%zz", "doi:10.1000/50%25zz"),
        ("arXiv:2007.14289 [hep-ex]", "arxiv:2007.14289"),
        ("arXiv:\n1703.01234v3", "arxiv:1703.01234"),
        ("arXiv:1703.\n01234", "arxiv:1703.01234"),
        ("CoRR, abs/1607.01759", "arxiv:1607.01759"),
        ("http://www.arXiv.org/abs/hep-ph/0302233", "arxiv:hep-ph/0302233"),
        ("[hep-th/9901001]", "arxiv:hep-th/9901001"),
        ("math.GT/0309136", "arxiv:math/0309136"),
    ],
)  # fmt: skip
def test_what_papers_print_is_found(text: str, found: str) -> None:
    assert ids_in_text(text) == (found,)


@pytest.mark.parametrize(
    "text",
    ["10.1/x", "version 10.2345", "110.1000/182 is a room", "pp. 1234.5678", "arXiv:1213.4567", "1703.01234", "the 10.1000/ ", ""],
)  # fmt: skip
def test_what_only_looks_so_is_not(text: str) -> None:
    assert ids_in_text(text) == ()


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("https://doi.org/10.1177/0160017607301605%20", ("doi:10.1177/0160017607301605",)),
        ("http://dx.doi.org/10.1000/182", ("doi:10.1000/182",)),
        ("https://doi.org/10.1000/Zo%C3%A9", ("doi:10.1000/zo%c3%a9",)),
        ("https://link.springer.com/article/10.1007/s10052-014-3046-5?x=1#y", ("doi:10.1007/s10052-014-3046-5",)),
        ("https://www.frontiersin.org/articles/10.3389/fmicb.2020.578600/full", ("doi:10.3389/fmicb.2020.578600",)),
        ("https://onlinelibrary.wiley.com/doi/epdf/10.1002/ecy.2373.pdf", ("doi:10.1002/ecy.2373",)),
        ("https://arxiv.org/pdf/2401.01234v2.pdf", ("arxiv:2401.01234",)),
        ("https://arxiv.org/abs/hep-th/9901001", ("arxiv:hep-th/9901001",)),
        ("https://example.org/10/20", ()),
        ("mailto:someone@example.org", ()),
    ],
)  # fmt: skip
def test_addresses(uri: str, found: tuple[str, ...]) -> None:
    assert ids_in_uri(uri) == found


def test_a_link_tells_where_a_doi_ends() -> None:
    text = "https://doi.org/10.1007/978-94-015-3445-1_5\nnick1627. (2019)"
    assert list(dois_in(text, {"doi:10.1007/978-94-015-3445-1_5"})) == ["doi:10.1007/978-94-015-3445-1_5"]  # fmt: skip


_SCRAPS = st.sampled_from(
    ["10.", "10.1000/", "/", "(", ")", "[", "]", "\n", " ", ".", "-", "arXiv:", "2401.01234", "hep-th/", "9901001", "v2", "https://doi.org/", "%5B", "&amp;", "<", "\ud800"]
)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=300), st.lists(_SCRAPS, max_size=60).map("".join))


@given(_TEXTS)
def test_of_any_text_what_is_found_is_an_identifier(text: str) -> None:
    found = [*ids_in_text(text), *ids_in_uri(text), doi_of(text), arxiv_of(text)]
    assert all(is_identifier(one) for one in found if one is not None)


@given(
    st.from_regex(r"10\.[1-9][0-9]{3}/[a-z0-9]{1,8}([./_-][a-z0-9]{1,8}){0,3}", fullmatch=True),
    st.data(),
)
def test_a_doi_is_found_however_it_is_broken_behind_a_mark(doi: str, data: st.DataObject) -> None:
    marks = [k for k, letter in enumerate(doi, start=1) if letter in "/_-"]
    k = data.draw(st.sampled_from(marks))
    if (
        doi[k:].startswith(("http", "arxiv", "doi", "url", "isbn", "www."))
        or doi[k : k + 4].isdecimal()
    ):
        return
    if doi[k].isdecimal():  # a year or a footnote's number may begin so
        return
    assert list(dois_in(f"{doi[:k]}\n{doi[k:]}")) == ["doi:" + doi]
