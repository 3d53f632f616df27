"""arXiv identifiers: paper ids, categories, and the OAI-PMH set of a category."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from graph.errors import Fault, IdentifierError, InputError
from graph.model.identifiers import canonical_id, work_of
from ingest.arxiv.paper.taxonomy import category_names

OAI_PREFIX: Final = "oai:arXiv.org:"
"""Prefix of a paper's id in OAI-PMH."""
CATEGORY: Final = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)?)?", re.ASCII)

_NEW_STYLE_ID: Final = re.compile(r"\d{4}\.\d{4,5}", re.ASCII)
# The group of each archive that takes papers
# (arxiv/taxonomy/definitions.py in github.com/arXiv/arxiv-base).
_GROUPS: Final = {
    **dict.fromkeys(("astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph"), "physics"),
    **dict.fromkeys(("hep-th", "math-ph", "nlin", "nucl-ex", "nucl-th", "physics"), "physics"),
    "quant-ph": "physics",
    "cs": "cs",
    "econ": "econ",
    "eess": "eess",
    "math": "math",
    "q-bio": "q-bio",
    "q-fin": "q-fin",
    "stat": "stat",
}
# Archives that were closed or renamed; old papers still name them.
_CLOSED_ARCHIVES: Final = frozenset(
    {
        *(
            "acc-phys",
            "adap-org",
            "alg-geom",
            "ao-sci",
            "atom-ph",
            "bayes-an",
            "chao-dyn",
            "chem-ph",
        ),
        *("cmp-lg", "comp-gas", "dg-ga", "funct-an", "mtrl-th", "patt-sol", "plasm-ph", "q-alg"),
        *("solv-int", "supr-con"),
    }
)


def is_category(text: str) -> bool:
    """Return whether the text is a category of an archive that arXiv has or had."""
    archive = text.partition(".")[0]
    return bool(CATEGORY.fullmatch(text)) and (archive in _GROUPS or archive in _CLOSED_ARCHIVES)


def work_id(text: str) -> str | None:
    """Return the canonical id of a paper, without scheme and version; `None` where the text is no id."""
    if _NEW_STYLE_ID.fullmatch(text):
        return text
    try:
        identifier = canonical_id("arxiv:" + text)
    except IdentifierError:
        return None
    return None if work_of(identifier) else identifier.removeprefix("arxiv:")


def canonical_category(category: str) -> str | None:
    """Return the category or archive as arXiv writes it, whatever its case; `None` where arXiv accepts no papers in it."""
    return _open_categories().get(category.lower())


@cache
def _open_categories() -> Mapping[str, str]:
    """Return the categories and archives that accept papers, by their names in lower case."""
    names = {name for name in category_names() if name.partition(".")[0] in _GROUPS}
    return {name.lower(): name for name in sorted(names | _GROUPS.keys())}


def oai_set(category: str) -> str:
    """Return the OAI-PMH set of a category or an archive: `cs.AI` is `cs:cs:AI`, `hep-th` is `physics:hep-th`.

    Raises:
        InputError: arXiv has no such category. An unknown one would be harvested as "nothing new" forever.
    """
    archive, _, subject = category.partition(".")
    group = _GROUPS.get(archive)
    canonical = canonical_category(category)
    if group is None or canonical != category:
        expected = "one like cs.AI, hep-th or math (https://arxiv.org/category_taxonomy)"
        if canonical or group:
            expected += (
                f"; perhaps {canonical}" if canonical else f"; {archive} takes in all of its own"
            )
        raise InputError("no category of arXiv", [Fault("category", expected, category[:120])])
    return f"{group}:{archive}" + (f":{subject}" if subject else "")
