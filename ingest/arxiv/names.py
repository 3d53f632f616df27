"""arXiv's names for things: papers, categories, and the OAI-PMH set of a category."""

import re
from typing import Final

from graph.errors import Fault, IdentifierError, InputError
from graph.identifiers import canonical_id, work_of

CATEGORY: Final = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)?)?", re.ASCII)

_NEW: Final = re.compile(r"\d{4}\.\d{4,5}", re.ASCII)
# Archives that stand in the group physics; every other archive is a group of its own name
# (arxiv/taxonomy/definitions.py in github.com/arXiv/arxiv-base).
_PHYSICS: Final = frozenset(
    "astro-ph cond-mat gr-qc hep-ex hep-lat hep-ph hep-th math-ph nlin nucl-ex nucl-th physics quant-ph".split()
)
_GROUPS: Final = frozenset("cs econ eess math q-bio q-fin stat".split())


def work_id(text: str) -> str | None:
    """The canonical id of a paper, without scheme and version; `None` where the text is none."""
    if _NEW.fullmatch(text):
        return text
    try:
        found = canonical_id("arxiv:" + text)
    except IdentifierError:
        return None
    return None if work_of(found) else found.removeprefix("arxiv:")


def oai_set(category: str) -> str:
    """The OAI-PMH set of a category or an archive: `cs.AI` is `cs:cs:AI`, `hep-th` is `physics:hep-th`.

    Raises:
        InputError: arXiv has no such archive.
    """
    archive, _, subject = category.partition(".")
    group = "physics" if archive in _PHYSICS else archive
    if not CATEGORY.fullmatch(category) or (group != "physics" and group not in _GROUPS):
        raise InputError(
            "no category of arXiv",
            [Fault("category", "one like cs.AI, hep-th or math (https://arxiv.org/category_taxonomy)", category)],
        )
    return f"{group}:{archive}" + (f":{subject}" if subject else "")
