"""The settings: built once at the edge, from the arguments of a command and the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Final

from graph.errors import Fault, InputError

DEFAULT_STORE: Final = "sqlite:colineage.db"
DEFAULT_MODEL: Final = "all-MiniLM-L6-v2"
DEFAULT_PATIENCE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs from one installation to another.

    `store` (`--store`, `COLINEAGE_STORE`): the URL of the graph; `sqlite:colineage.db`, in the
    current folder.

    `key` (`--key`, `COLINEAGE_KEY`): the file of the installation's key, in PEM, made at first use;
    `colineage/key.pem` in `XDG_CONFIG_HOME`, else in `~/.config`.

    `model` (`--model`, `COLINEAGE_MODEL`): where the embedding model comes from, a source as
    `recommend.weights.find_weights` knows it; `all-MiniLM-L6-v2`.

    `patience_s` (`COLINEAGE_PATIENCE_S`): how long a write waits for another process's, in seconds;
    30.
    """

    store: str
    key: Path
    model: str
    patience_s: float


def settings_from(
    environment: Mapping[str, str],
    *,
    store: str | None = None,
    key: Path | None = None,
    model: str | None = None,
) -> Settings:
    """The settings: an argument counts before its variable, an empty variable is none.

    Raises:
        InputError: A variable holds what it can't mean.
    """

    def variable(name: str) -> str | None:
        return environment.get(name) or None

    named_key = key or _path(variable("COLINEAGE_KEY"))
    return Settings(
        store=store or variable("COLINEAGE_STORE") or DEFAULT_STORE,
        key=named_key or _configuration(environment) / "colineage" / "key.pem",
        model=model or variable("COLINEAGE_MODEL") or DEFAULT_MODEL,
        patience_s=_seconds(variable("COLINEAGE_PATIENCE_S")),
    )


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser() if text else None


def _seconds(text: str | None) -> float:
    try:
        found = float(text or DEFAULT_PATIENCE_S)
    except ValueError:
        found = -1.0
    if not 0 <= found < inf:
        fault = Fault("COLINEAGE_PATIENCE_S", "seconds, like 30", str(text))
        raise InputError("a setting is wrong", [fault])
    return found


def _configuration(environment: Mapping[str, str]) -> Path:
    """Where a user's settings are (XDG Base Directory Specification): a relative path is ignored."""
    named = Path(environment.get("XDG_CONFIG_HOME", ""))
    return (
        named if named.is_absolute() else Path(environment.get("HOME") or Path.home()) / ".config"
    )
