"""Exit statuses of the commands, and errors as JSON."""

from enum import IntEnum
from typing import Any

from graph.errors import (
    BrokenLogError,
    BusyError,
    GraphError,
    InputError,
    KeyFileError,
    NotFoundError,
    RefusedError,
    SourceError,
    StoreError,
    UnreachableError,
)


class ExitStatus(IntEnum):
    """Exit status of a command (those from 65 to 75 as in BSD's sysexits.h, later ones as a shell gives them)."""

    DONE = 0
    NO = 1
    USAGE_ERROR = 2
    SOME_REFUSED = 65
    SOURCE_REFUSES = 69
    INTERNAL_ERROR = 70
    UNUSABLE = 74
    TRY_AGAIN_LATER = 75
    INTERRUPTED = 130
    BROKEN_PIPE = 141


EXIT_STATUS_HELP = """
Exit status: 0 done; 1 the answer is no; 2 wrong usage; 69 a source refuses; 74 the store, the key
or a file can't be used; 75 something outside failed, and trying again later is safe; 130 interrupted.
"""

INGEST_EXIT_STATUS_HELP = """
Exit status: 0 done; 2 wrong usage; 65 some records were refused and counted, the rest is stored;
69 the source refuses; 74 the store, the key or a file can't be used; 75 something outside failed,
and the same command later resumes where it stopped; 130 interrupted, what was stored stays.
"""

# The first matching class decides.
_STATUSES: tuple[tuple[type[Exception], ExitStatus], ...] = (
    (NotFoundError, ExitStatus.NO),
    (BrokenLogError, ExitStatus.NO),
    (BusyError, ExitStatus.TRY_AGAIN_LATER),
    (UnreachableError, ExitStatus.TRY_AGAIN_LATER),
    (RefusedError, ExitStatus.SOURCE_REFUSES),
    (SourceError, ExitStatus.TRY_AGAIN_LATER),
    (StoreError, ExitStatus.UNUSABLE),
    (KeyFileError, ExitStatus.UNUSABLE),
    (GraphError, ExitStatus.USAGE_ERROR),
    (OSError, ExitStatus.UNUSABLE),
)


def status_of(error: Exception) -> ExitStatus:
    """Return the exit status for an error: it tells what the user can do about it."""
    return next(
        (status for kind, status in _STATUSES if isinstance(error, kind)), ExitStatus.INTERNAL_ERROR
    )


def error_to_json(error: BaseException, message: str) -> dict[str, Any]:
    """Return an error as `{"error": {"kind", "message", "faults": [{"where", "expected", "got"}]}}`."""
    faults = error.faults if isinstance(error, InputError) else ()
    return {
        "error": {
            "kind": type(error).__name__,
            "message": message,
            "faults": [
                {"where": fault.where, "expected": fault.expected, "got": fault.got}
                for fault in faults
            ],
        }
    }
