"""Input files of a PDF import: list the PDFs under a path and group those with the same bytes."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.errors import Fault, InputError
from ingest.formats.json_lines import Refused, file_digest
from ingest.pdf.extract.extraction import Named


@dataclass(frozen=True, slots=True)
class Given:
    """A PDF to read.

    `claim` names the work that it is of, where somebody stated it; `label` is its name in reports, by
    default that of the file.
    """

    path: Path
    of: Named | None = None
    called: str | None = None

    @property
    def name(self) -> str:
        """Name in reports."""
        return self.called or file_name(self.path)


def files_of(path: Path) -> tuple[list[Path], list[Refused]]:
    """Return the PDFs that a path names, in the order of their paths, and the folders that can't be listed.

    Raises:
        InputError: There is none.
    """
    if path.is_file():
        return [path], []
    refused: list[Refused] = []

    def refuse(error: OSError) -> None:
        refused.append(Refused(file_name(Path(error.filename)), f"a folder: {told(error)}"))

    every = (Path(at, name) for at, _, names in os.walk(path, onerror=refuse) for name in names)
    found = sorted(one for one in every if one.suffix.lower() == ".pdf" and one.is_file())
    if not found:
        got = "; ".join(map(str, refused[:3])) or "none"
        fault = Fault(file_name(path) or str(path), "a PDF, or a folder with *.pdf", got)
        raise InputError("no PDF was found", [fault])
    return found, refused


def copies_of(given: Iterable[Given], refused: list[Refused]) -> dict[str, list[Given]]:
    """Group the files by the hash of their bytes, in the order given; unreadable ones go to `refused`."""
    found: dict[str, list[Given]] = {}
    for one in given:
        try:
            found.setdefault(file_digest(one.path), []).append(one)
        except InputError as error:
            refused.append(Refused(one.name, str(error)))
    return found


def file_name(path: Path) -> str:
    """Return the name of a file as text: on disk it may be any bytes."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def told(error: Exception) -> str:
    """Return the text of an error without the paths of this machine."""
    return (error.strerror or "it can't be read") if isinstance(error, OSError) else str(error)
