"""Reading rows: a damaged page need not break SQLite, it can also hold rows that fit nothing else."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from graph.errors import DamagedError, Fault

Given = ParamSpec("Given")
Found = TypeVar("Found")


def reads_rows(read: Callable[Given, Found]) -> Callable[Given, Found]:
    """For what makes something of stored rows, and of nothing that was asked.

    A mistake of this program in there looks the same, so the error and its place are told with it.

    Raises:
        DamagedError: The rows don't fit each other.
    """

    @wraps(read)
    def reading(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        try:
            return read(*args, **kwargs)
        except DamagedError:
            raise
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            came = f"{type(error).__name__}: {error}"[:200]
            fault = Fault(_place(error), "rows that fit each other", came)
            raise DamagedError("what is stored doesn't fit together", [fault]) from error

    return reading


def _place(error: Exception) -> str:
    """Where it was raised, as `reading.py:93`."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
