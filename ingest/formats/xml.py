"""Strict XML reader: expat, with every document type and every other root than the expected one refused.

Without a document type there are no entities to expand and nothing outside to load, as `defusedxml` refuses them. Expat
is used directly since it gives the exact bytes of an element (a refused record is identified by their hash) at half
the cost (13 µs a record of OAI-PMH against 24, measured on a page of 2,000).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias
from xml.parsers import expat

from graph.errors import SourceError

MARKUP: Final = "<>"
"""Prefix of the name of an element whose text contains another element."""

StartHandler: TypeAlias = Callable[[str, dict[str, str]], None]
"""Type of the function called with an element's name (namespace, space, local name) and attributes where it starts."""

EndHandler: TypeAlias = Callable[[str], None]
"""Type of the function called with an element's name where it ends."""

_BUFFER_BYTES: Final = 1 << 16
_MAX_CHARS: Final = 120


@dataclass(frozen=True, slots=True)
class XmlFormat:
    """Format of a document: its name in messages, its root element, and how messages describe that."""

    name: str
    root: str
    root_text: str


def open_parser(
    data: bytes, document: XmlFormat, start: StartHandler, end: EndHandler, text: list[str]
) -> expat.XMLParserType:
    """Return a parser for these bytes that refuses a document type and another root.

    Args:
        data: The document, for messages.
        document: The format to expect.
        start: Called at the start of each element but the root.
        end: Called at the end of each element.
        text: Gets the text as it is read; the handlers clear it.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = _BUFFER_BYTES

    def refuse_doctype(*_: object) -> None:
        raise SourceError(f"expected {document.name} without a document type, got {excerpt(data)}")

    def check_root(name: str, _: dict[str, str]) -> None:
        if name != document.root:
            local_name = name.rpartition(" ")[2]
            raise SourceError(
                f"expected the root {document.root_text}, got <{local_name}>: {excerpt(data)}"
            )
        parser.StartElementHandler = start

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = check_root
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    return parser


def parse_whole(parser: expat.XMLParserType, data: bytes) -> None:
    """Parse a whole document.

    Raises:
        SourceError: It is not well-formed, has an encoding that can't be read, a document type or another root.
    """
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the last piece, as expat takes it
    except (LookupError, ValueError) as error:  # an encoding that Python or expat doesn't have
        raise SourceError(f"expected XML in UTF-8, got {excerpt(data)} ({error})") from error
    except expat.ExpatError as error:
        raise SourceError(
            f"expected well-formed XML, got {excerpt(data)} "
            f"({expat.errors.messages[error.code]}, line {error.lineno} of {len(data)} bytes)"
        ) from error


def excerpt(data: bytes) -> str:
    """Return the first words of an answer, for an error message."""
    text = " ".join(data[: 4 * _MAX_CHARS].decode("utf-8", "replace").split())
    return (
        repr(text if len(text) <= _MAX_CHARS else text[: _MAX_CHARS - 1] + "…")
        if text
        else "nothing"
    )
