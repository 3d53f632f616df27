"""The same key at another place: a thief's copy, or a second machine's."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Type = Callable[..., Any]


class Elsewhere:
    """A copy of the key files without the list of what was signed, as a thief or a second machine has it."""

    def __init__(self, typed: Type, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
        self.typed, self.monkeypatch, self.home = typed, monkeypatch, home
        self.away = home.with_name("away")
        shutil.copytree(home, self.away, ignore=shutil.ignore_patterns("*.signed"))

    def says(self, *words: str) -> Any:
        """What came of a command there, on a copy of the store that comes back."""
        self.monkeypatch.setenv("HOME", str(self.away))
        try:
            self.typed("export", "seen")
            self.typed("pull", "seen", "--store", "sqlite:away.db")
            found = self.typed(*words, "--store", "sqlite:away.db", "--json")
            self.typed("export", "back", "--store", "sqlite:away.db")
        finally:
            self.monkeypatch.setenv("HOME", str(self.home))
        assert self.typed("pull", "back").status == 0
        return found
