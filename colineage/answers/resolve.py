"""Resolution of typed input: identifiers (whole, cut off or without scheme) and paths, with near misses suggested."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from graph.errors import Fault, IdentifierError, InputError, NotFoundError
from graph.model.identifiers import canonical_id, is_identifier
from graph.store import GraphReader, Thing

MAX_NEAR: Final = 5

_CUT: Final = re.compile(r"[a-z0-9]+:\S*[0-9a-f]{6}")

# Schemes with a distinctive form, so that the prefix may be omitted: 2512.05356, 10.1000/x, W2741809807.
_OPTIONAL_SCHEMES: Final = ("arxiv:", "doi:", "orcid:", "openalex:", "git:")


def identifier_from(text: str) -> str:
    """Return the canonical identifier; its scheme may be omitted where the form is distinctive.

    Raises:
        IdentifierError: The text is no identifier.
    """
    typed = text.strip()
    if ":" not in typed:
        for scheme in _OPTIONAL_SCHEMES:
            form = scheme + (typed.upper() if scheme in {"openalex:", "orcid:"} else typed.lower())
            if is_identifier(form):
                return form
    return canonical_id(typed)


def require_utf8(text: str) -> str:
    """Return the typed text unchanged; refuse one with bytes of another encoding.

    Raises:
        InputError: Its bytes are not UTF-8.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        excerpt = ascii(text[:200])[1:-1]
        raise InputError("no text", [Fault("text", "UTF-8", excerpt)]) from error
    return text


def require_readable(path: Path) -> None:
    """Refuse a path that can't be read twice: an import first hashes the whole file.

    Raises:
        InputError: The path does not exist, or is a pipe or a device.
    """
    if not (path.is_file() or path.is_dir()):
        got = f"{path}, a pipe or a device" if path.exists() else str(path)
        fault = Fault("path", "a file or a folder that is there", got)
        raise InputError("nothing to read", [fault])


def resolve_id(store: GraphReader, text: str) -> str:
    """Return the identifier that was typed, either whole or with its hash cut off, as it is printed.

    Raises:
        InputError: The bytes are not UTF-8.
        IdentifierError: The text is no identifier, nor the beginning of one that is here.
        NotFoundError: The text is the beginning of several identifiers.
    """
    try:
        return identifier_from(require_utf8(text))
    except IdentifierError:
        beginning = text.strip().removesuffix("…")
        if not _CUT.fullmatch(beginning):
            raise
        matches = [
            candidate
            for candidate in store.list_ids(None, after=beginning, limit=MAX_NEAR)
            if candidate.startswith(beginning)
        ]
        if not matches:
            raise
        if len(matches) > 1:
            message = f"expected the beginning of one id, got {beginning}, that of several: "
            raise NotFoundError(message + ", ".join(matches)) from None
        return matches[0]


def find_thing(store: GraphReader, text: str) -> Thing:
    """Return the thing of an identifier.

    Raises:
        IdentifierError: The text is no identifier.
        NotFoundError: No such thing; the message names similar ones.
    """
    identifier = resolve_id(store, text)
    thing = store.things([identifier]).get(identifier)
    if thing is None:
        raise not_found_error(store, identifier)
    return thing


def not_found_error(store: GraphReader, identifier: str) -> NotFoundError:
    """Return the error for a missing id; its message names similar ids."""
    near = _near_ids(store, identifier)
    hint = f"near it: {', '.join(near)}" if near else "and nothing near it: ingest it first"
    return NotFoundError(f"expected an id that is in the store, got {identifier}; {hint}")


def _near_ids(store: GraphReader, identifier: str) -> Sequence[str]:
    return list(dict.fromkeys(_candidates(store, identifier)))[:MAX_NEAR]


def _candidates(store: GraphReader, identifier: str) -> Iterator[str]:
    """Yield ids with a common prefix, the longest first, then those found by full-text search."""
    scheme, _, rest = identifier.partition(":")
    lengths = sorted(
        {len(rest) - 1, len(rest) - 2, len(rest) * 3 // 4, len(rest) // 2}, reverse=True
    )
    for length in lengths:
        if length < 2:
            continue
        beginning = f"{scheme}:{rest[:length]}"
        for candidate in store.list_ids(None, after=beginning, limit=MAX_NEAR):
            if candidate.startswith(beginning):
                yield candidate
    yield from store.search(rest.replace("/", " "), limit=MAX_NEAR)
