"""Independent check of proofs: `examples/check_proof.py`, which imports nothing of ours.

It climbs the tree as RFC 6962 defines it, by splitting, and not as `graph.log.merkle` does, bit by bit.
"""

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final


def _loaded() -> ModuleType:
    path = Path(__file__).parents[1] / "examples" / "check_proof.py"
    spec = importlib.util.spec_from_file_location("check_proof", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_SCRIPT: Final[Any] = _loaded()


def read_checkpoint(note: str, key: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a note; a ValueError unless the key (`ed25519:…`) signed it."""
    found: tuple[str, int, bytes] = _SCRIPT.checkpoint(note, key)
    return found


def check(proof: Mapping[str, Any], key: str, kept: str | None = None) -> str:
    """What a proof shows; a ValueError where it does not hold, or not of the log that was kept."""
    found: str = _SCRIPT.check(proof, key, kept)
    return found


def climbed(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an audit path leads to."""
    found: bytes = _SCRIPT.climbed(leaf, position, size, path)
    return found


def grown(first: int, second: int, path: Sequence[bytes], start: bytes) -> tuple[bytes, bytes]:
    """Both roots that a consistency proof leads to."""
    found: tuple[bytes, bytes] = _SCRIPT.grown(first, second, path, start)
    return found
