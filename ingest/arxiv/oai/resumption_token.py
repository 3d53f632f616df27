"""Resumption token of OAI-PMH (section 3.5): the text that requests the next page of a list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.errors import SourceError
from ingest.formats.xml import excerpt

_LONGEST_TOKEN: Final = 2000
_TOKEN: Final = re.compile(rf"[ -~]{{0,{_LONGEST_TOKEN}}}")
_MOMENT: Final = re.compile(r"[!-~]{1,40}")
_COUNT: Final = re.compile(r"\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ResumptionToken:
    """Resumption token, which requests the next page; `text` is empty on the last. `size` and `cursor` where announced."""

    text: str
    expires: str | None = None
    size: int | None = None
    cursor: int | None = None


def parse_token(text: str, attributes: Mapping[str, str]) -> ResumptionToken:
    """Return the resumption token of an element's text and attributes.

    Raises:
        SourceError: The text is too long or not ASCII.
    """
    # It is sent in a request and stored in the statement on the run, so it must be fit for both.
    if not _TOKEN.fullmatch(text):
        preview = excerpt(text.encode("utf-8", "replace"))
        raise SourceError(
            f"expected a token of at most {_LONGEST_TOKEN} signs in ASCII, got {preview}"
        )
    # The protocol says expirationDate, arXiv's service writes expires.
    expires = attributes.get("expirationDate") or attributes.get("expires") or ""
    return ResumptionToken(
        text,
        expires if expires and _MOMENT.fullmatch(expires) else None,
        _count(attributes.get("completeListSize", "")),
        _count(attributes.get("cursor", "")),
    )


def _count(text: str) -> int | None:
    return int(text) if _COUNT.fullmatch(text) else None
