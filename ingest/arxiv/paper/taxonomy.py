"""Full names of arXiv's categories, from arXiv's own taxonomy.

`taxonomy.tsv` holds code and name of each category of https://arxiv.org/category_taxonomy and of the
archives that were closed, as in arxiv/taxonomy/definitions.py of github.com/arXiv/arxiv-base
(commit 53735714). A code that is not in it is newer than it, or was never one of arXiv's categories.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def category_name(code: str) -> str | None:
    """Return the name of a category, `Emerging Technologies` for `cs.ET`; `None` where the taxonomy has no such code."""
    return _names().get(code)


def category_names() -> Mapping[str, str]:
    """Return the names of all categories and closed archives, by code."""
    return _names()


@cache
def _names() -> Mapping[str, str]:
    text = (files("ingest.arxiv.paper") / "taxonomy.tsv").read_text("utf-8")
    return dict(line.split("\t") for line in text.splitlines())
