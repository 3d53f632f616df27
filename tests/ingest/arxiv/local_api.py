"""Query API of the local arXiv, at `/api/query`: Atom as arXiv's writes it, made from its arXivRaw records.

Windows of `submittedDate` and categories are understood, no other query. The newest version is told with its
date, the first one by its date alone; authors have their accents as letters, as the API prints them.
"""

import random
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache, cached_property
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import defusedxml.ElementTree

from ingest.arxiv.paper.author_line import authors_of
from ingest.arxiv.paper.tex_text import line, readable_text

RAW = "{http://arxiv.org/OAI/arXivRaw/}"
WINDOW = re.compile(r"submittedDate:\[(\d{12}) TO (\d{12})\]")
CATEGORY = re.compile(r"cat:(\S+?)\)?(?= |$)")
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
    "<id>https://arxiv.org/api/x</id>\n<updated>2026-11-20T08:00:00Z</updated>\n"
)


class Paper:
    """One record, read for Atom."""

    def __init__(self, record: Any) -> None:
        root = defusedxml.ElementTree.fromstring(record.metadata)
        self.id: str = record.id
        dates = [v.findtext(f"{RAW}date") or "" for v in root.findall(f"{RAW}version")]
        moments = [parsedate_to_datetime(date.replace("GMT", "+0000")) for date in dates]
        self.published: datetime = moments[0]
        self.updated: datetime = moments[-1]
        self.number = len(moments)
        self.given = {child.tag.removeprefix(RAW): child.text or "" for child in root}
        self.categories = self.given["categories"].split()

    def is_in(self, query: str) -> bool:
        window = WINDOW.search(query)
        assert window, query
        wanted = CATEGORY.findall(query)
        held = any(fits(own, name) for own in self.categories for name in wanted)
        return window[1] <= f"{self.published:%Y%m%d%H%M}" <= window[2] and (held or not wanted)

    @cached_property
    def entry(self) -> str:
        def text(name: str) -> str:
            return escape(self.given.get(name, "").strip())

        parts = [
            f"<id>http://arxiv.org/abs/{self.id}v{self.number}</id>",
            f"<title>{text('title')}</title>",
            f"<updated>{self.updated:%Y-%m-%dT%H:%M:%SZ}</updated>",
            f'<link href="https://arxiv.org/abs/{self.id}" rel="alternate" type="text/html"/>',
            f"<summary>{escape(self.given['abstract'])}</summary>",
            *(f'<category term={quoteattr(c)} scheme="x"/>' for c in self.categories),
            f"<published>{self.published:%Y-%m-%dT%H:%M:%SZ}</published>",
            f"<arxiv:primary_category term={quoteattr(self.categories[0])}/>",
        ]
        for key, name in (("comments", "comment"), ("journal-ref", "journal_ref"), ("doi", "doi")):
            if self.given.get(key):
                parts.append(f"<arxiv:{name}>{text(key)}</arxiv:{name}>")
        for author in authors_of(line(self.given["authors"]) or ""):
            name = readable_text(author.name).replace("~", " ")
            told = author.affiliation
            beside = f"<arxiv:affiliation>{escape(told)}</arxiv:affiliation>" if told else ""
            parts.append(f"<author><name>{escape(name)}</name>{beside}</author>")
        return "<entry>\n" + "\n".join(parts) + "\n</entry>"


@cache
def paper_of(record: Any) -> Paper:
    return Paper(record)


def fits(own: str, wanted: str) -> bool:
    return own.startswith(wanted[:-1]) if wanted.endswith("*") else own == wanted


def feed(records: tuple[Any, ...], given: Mapping[str, str]) -> str:
    """The answer to a query; papers of the same moment come in another order each time."""
    query = given["search_query"]
    found = [p for r in records if r.metadata is not None and (p := paper_of(r)).is_in(query)]
    chance = random.Random()  # noqa: S311 - as the real one: without a tie-break
    found.sort(key=lambda paper: (paper.published, chance.random()))
    start, size = int(given["start"]), int(given["max_results"])
    counts = (("itemsPerPage", size), ("totalResults", len(found)), ("startIndex", start))
    told = "".join(f"<opensearch:{name}>{n}</opensearch:{name}>\n" for name, n in counts)
    entries = "\n".join(paper.entry for paper in found[start : start + size])
    return f"{HEAD}{told}{entries}\n</feed>\n"
