"""Entry points of the CLI: `colineage`, `ingest`, and `python -m colineage` (the same as `colineage`).

The commands are imported inside the entry points, so that Ctrl-C during the slow import ends cleanly.
"""

import sys
from types import ModuleType
from typing import Final

_INTERRUPTED: Final = 130  # as in `colineage.exit_status`, which is not loaded yet


def main() -> None:
    """Run the command `colineage`."""
    _load_cli().main()


def ingest() -> None:
    """Run the command `ingest`, the same as `colineage ingest`."""
    _load_cli().ingest()


def _load_cli() -> ModuleType:
    try:
        from colineage import cli
    except KeyboardInterrupt:
        sys.stderr.write("Error: interrupted: nothing was begun\n")
        sys.exit(_INTERRUPTED)
    return cli


if __name__ == "__main__":
    main()
