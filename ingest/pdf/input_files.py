"""Input files of a PDF import: list the PDFs under a path and group those with the same bytes."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.errors import Fault, InputError
from ingest.formats.json_lines import RefusedItem, file_digest
from ingest.pdf.extract.extraction import IdentityClaim


@dataclass(frozen=True, slots=True)
class PdfInput:
    """A PDF to read.

    `claim` names the work that it is of, where somebody stated it; `label` is its name in reports, by
    default that of the file.
    """

    path: Path
    claim: IdentityClaim | None = None
    label: str | None = None

    @property
    def name(self) -> str:
        """Name in reports."""
        return self.label or file_name(self.path)


def files_of(path: Path) -> tuple[list[Path], list[RefusedItem]]:
    """Return the PDFs that a path names, in the order of their paths, and the folders that can't be listed.

    Raises:
        InputError: There is none.
    """
    if path.is_file():
        return [path], []
    refused: list[RefusedItem] = []

    def refuse(error: OSError) -> None:
        refused.append(
            RefusedItem(file_name(Path(error.filename)), f"a folder: {error_text(error)}")
        )

    paths = (Path(at, name) for at, _, names in os.walk(path, onerror=refuse) for name in names)
    files = sorted(file for file in paths if file.suffix.lower() == ".pdf" and file.is_file())
    if not files:
        got = "; ".join(map(str, refused[:3])) or "none"
        fault = Fault(file_name(path) or str(path), "a PDF, or a folder with *.pdf", got)
        raise InputError("no PDF was found", [fault])
    return files, refused


def copies_of(inputs: Iterable[PdfInput], refused: list[RefusedItem]) -> dict[str, list[PdfInput]]:
    """Group the files by the hash of their bytes, in the order given; unreadable ones go to `refused`."""
    copies: dict[str, list[PdfInput]] = {}
    for pdf in inputs:
        try:
            copies.setdefault(file_digest(pdf.path), []).append(pdf)
        except InputError as error:
            refused.append(RefusedItem(pdf.name, str(error)))
    return copies


def file_name(path: Path) -> str:
    """Return the name of a file as text: on disk it may be any bytes."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def error_text(error: Exception) -> str:
    """Return the text of an error without the paths of this machine."""
    return (error.strerror or "it can't be read") if isinstance(error, OSError) else str(error)
