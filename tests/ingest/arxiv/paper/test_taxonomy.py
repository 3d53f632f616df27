"""The names of arXiv's categories."""

from importlib.resources import files

import pytest

from ingest.arxiv.paper.identifiers import is_category, oai_set
from ingest.arxiv.paper.taxonomy import category_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("cs.ET", "Emerging Technologies"),
        ("hep-th", "High Energy Physics - Theory"),
        ("physics.atm-clus", "Atomic and Molecular Clusters"),
        ("alg-geom", "Algebraic Geometry"),
        ("cs", None),
        ("cs.et", None),
        ("", None),
    ],
)
def test_names(code: str, name: str | None) -> None:
    assert category_name(code) == name


def test_every_line_is_a_category_and_its_name_once() -> None:
    lines = (files("ingest.arxiv.paper") / "taxonomy.tsv").read_text("utf-8").splitlines()
    codes = [line.split("\t")[0] for line in lines]
    assert codes == sorted(set(codes))
    assert all(is_category(code) for code in codes)
    assert all(
        category_name(code) == line.split("\t")[1].strip()
        for code, line in zip(codes, lines, strict=True)
    )
    open_ones = [code for code in codes if "." in code]
    assert all(oai_set(code) for code in open_ones)
