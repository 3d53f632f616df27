"""Subjects of a paper: its categories, and the ACM and MSC classes that some routes print behind them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from ingest.arxiv.paper.identifiers import is_category

# ACM's classes of 1998, I.2.7; all else behind the categories is MSC classes and words to them.
_ACM: Final = re.compile(r"[A-Ka-k](?:\.(?:\d{1,2}|m)){1,2}[,;]?")


@dataclass(frozen=True, slots=True)
class Subjects:
    """Categories, each once, the primary one first; `None` for a class that is not printed."""

    categories: tuple[str, ...]
    acm_class: str | None
    msc_class: str | None


def subjects_of(words: Sequence[str]) -> Subjects:
    """Split the words into the categories that they begin with, and the classes behind these."""
    codes = list(takewhile(is_category, words))
    rest = words[len(codes) :]
    acm = " ".join(word for word in rest if _ACM.fullmatch(word))
    others = " ".join(word for word in rest if not _ACM.fullmatch(word))
    return Subjects(tuple(dict.fromkeys(codes)), acm.rstrip(",;") or None, others or None)
