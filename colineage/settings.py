"""The settings: built once at the edge, from the arguments of a command and the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEFAULT_STORE: Final = "sqlite:colineage.db"
DEFAULT_MODEL: Final = "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs from one installation to another.

    `store` (`--store`, `COLINEAGE_STORE`): the URL of the graph; `sqlite:colineage.db`, in the
    current folder.

    `key` (`--key`, `COLINEAGE_KEY`): the file of the installation's key, in PEM, made at first use;
    `colineage/key.pem` in `XDG_CONFIG_HOME`, else in `~/.config`.

    `model` (`--model`, `COLINEAGE_MODEL`): where the embedding model comes from, a source as
    `recommend.weights.find_weights` knows it; `all-MiniLM-L6-v2`.
    """

    store: str
    key: Path
    model: str


def settings_from(
    environment: Mapping[str, str],
    *,
    store: str | None = None,
    key: Path | None = None,
    model: str | None = None,
) -> Settings:
    """The settings: an argument counts before its variable, an empty variable is none."""

    def variable(name: str) -> str | None:
        return environment.get(name) or None

    named_key = key or _path(variable("COLINEAGE_KEY"))
    return Settings(
        store=store or variable("COLINEAGE_STORE") or DEFAULT_STORE,
        key=named_key or _configuration(environment) / "colineage" / "key.pem",
        model=model or variable("COLINEAGE_MODEL") or DEFAULT_MODEL,
    )


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser() if text else None


def _configuration(environment: Mapping[str, str]) -> Path:
    """Where a user's settings are (XDG Base Directory Specification): a relative path is ignored."""
    named = Path(environment.get("XDG_CONFIG_HOME", ""))
    return (
        named if named.is_absolute() else Path(environment.get("HOME") or Path.home()) / ".config"
    )
