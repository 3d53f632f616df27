"""Detect withdrawn versions, with the evidence.

arXiv makes a withdrawal a new version without a source: its type is "I" (ignore). The older rule of
arXiv's own reader, "0kb means withdrawn", does not hold for what its OAI-PMH service prints, as that
rounds sizes down and prints 0kb where it knows none (arXiv/oaipmh, `arXivRawRecord`); so 0kb counts only
together with a comment that states the withdrawal. Comments are those of the newest version.
"""

import re
from typing import Final

from ingest.arxiv.paper.listing import ListedVersion, Listing

_THING: Final = r"(?:paper|article|manuscript|submission|preprint|work|note|letter|version|draft|report|document)"
_SAYS_SO: Final = re.compile(
    rf"\b(?:this|the|our)\s+(?:\w+\s+)?{_THING}\s+(?:has\s+been|is|was|have\s+been)\s+(?:\w+\s+)?withdrawn"
    rf"|^\W*(?:{_THING}\s+)?(?:has\s+been\s+|is\s+|was\s+)?(?:temporarily\s+)?withdrawn\b"
    rf"|\b{_THING}\s+(?:was\s+|has\s+been\s+)?withdrawn\s+(?:by|due|because|pending)\b"
    rf"|\bwithdrawn\s+by\s+(?:the\s+)?(?:arxiv|author|submitter)",
    re.IGNORECASE,
)
# "withdrawn from the journal" is about another place; "an earlier version was withdrawn" about another version.
_ELSEWHERE: Final = re.compile(
    r"withdrawn\s+from\s+(?!(?:the\s+)?arxiv)|(?:previous|earlier|first|v\d+)\s+(?:\w+\s+)?version"
    r"|not\s+(?:been\s+)?withdrawn",
    re.IGNORECASE,
)


def says_withdrawn(comment: str | None) -> bool:
    """Return whether a comment says that the paper it stands on is withdrawn."""
    if comment is None or "ithdrawn" not in comment.lower():
        return False
    return bool(_SAYS_SO.search(comment)) and not _ELSEWHERE.search(comment)


def evidence_of(listing: Listing, version: ListedVersion, *, is_newest: bool) -> str | None:
    """Return the evidence that this version was withdrawn; `None` where there is none."""
    evidence = (
        [f"comment: {listing.comment}"] if is_newest and says_withdrawn(listing.comment) else []
    )
    if version.source_type is not None and "I" in version.source_type:
        return "; ".join([f"source type {version.source_type}", *evidence])
    if evidence and version.size == "0kb":
        evidence.insert(0, "size 0kb")
    return "; ".join(evidence) or None
