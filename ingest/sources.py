"""Table of the sources that read a file or a folder (`ingest.interface`): one line, and one command, for each.

The sources are imported when they are used: what one of them needs takes longer to load than a page of help to print.
"""

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ingest.interface import Source


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """Entry of the table.

    Attributes:
        name: Name of the source.
        location: Module and name of its `Source`.
        metavar: Name of its input in the help of its command.
        input: Kind of its input, in words.
        summary: Help of its command.
    """

    name: str
    location: str
    metavar: str
    input: str
    summary: str

    def load(self) -> "Source":
        """Import the source."""
        source: Source = resolve_name(self.location)
        return source


SOURCES: Final = (
    SourceEntry(
        "openalex",
        "ingest.openalex:OPENALEX",
        "FILE",
        "The file to read.",
        "Import works from OpenAlex. Reads a file of JSON lines (also .gz).",
    ),
    SourceEntry(
        "git",
        "ingest.git:GIT",
        "PATH",
        "A repository, or an export of JSON lines.",
        "Import the commits of a git repository. Includes the people and the AIs that they name.",
    ),
    SourceEntry(
        "mlflow",
        "ingest.mlflow:MLFLOW",
        "PATH",
        "A folder written by MLflow: mlruns.",
        "Import runs from MLflow's file store. Includes parameters, metrics, the commit, the user.",
    ),
)
