"""Where the commands begin: `colineage`, `ingest`, and `python -m colineage`, which is the first of them.

Whoever sees that they typed the wrong thing interrupts while what the commands need is still being loaded.
"""

import sys
from types import ModuleType
from typing import Final

_INTERRUPTED: Final = 130  # as `colineage.exit_status` has it, which is not loaded yet


def main() -> None:
    """The command `colineage`."""
    _loaded().main()


def ingest() -> None:
    """The command `ingest`: the same as `colineage ingest`."""
    _loaded().ingest()


def _loaded() -> ModuleType:
    try:
        from colineage import cli
    except KeyboardInterrupt:
        sys.stderr.write("Error: interrupted: nothing was begun\n")
        sys.exit(_INTERRUPTED)
    return cli


if __name__ == "__main__":
    main()
