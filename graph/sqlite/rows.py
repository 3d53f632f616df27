"""Guard for reading rows: report rows that do not fit together as damage.

SQLite does not notice every damaged page: some yield valid rows that contradict the others.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from graph.errors import DamagedError, Fault

Params = ParamSpec("Params")
Result = TypeVar("Result")


def guard_rows(read: Callable[Params, Result]) -> Callable[Params, Result]:
    """Decorate a function that interprets stored rows alone, not user input: its errors mean damage.

    A bug of this program in there looks the same, so the message holds the error and its place.

    Raises:
        DamagedError: The rows don't fit each other.
    """

    @wraps(read)
    def wrapper(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        try:
            return read(*args, **kwargs)
        except DamagedError:
            raise
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            detail = f"{type(error).__name__}: {error}"[:200]
            fault = Fault(_location(error), "rows that fit each other", detail)
            raise DamagedError("what is stored doesn't fit together", [fault]) from error

    return wrapper


def _location(error: Exception) -> str:
    """Return the file and line that raised an error: `reading.py:93`."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
