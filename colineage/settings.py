"""Settings (configuration) of a command: built once at the edge, from its options and environment variables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Final

from graph.errors import Fault, IdentifierError, InputError
from graph.model.vocabulary import AGENT_KINDS, Kind

DEFAULT_STORE: Final = "sqlite:colineage.db"
DEFAULT_MODEL: Final = "all-MiniLM-L6-v2"
NO_MODEL: Final = "none"
DEFAULT_PATIENCE_S: Final = 30.0
# As graph.bundle.header.is_hash, which costs a tenth of a second to load.
_HASH: Final = re.compile(r"sha256:[0-9a-f]{64}")
OWN_NAMES: Final = frozenset({Kind.PERSON.value, Kind.SOFTWARE.value})
"""Kinds of agent that keys are the names of: `--as person` means `person:<the root key>`, software the key that signs."""

PERSON_FILE: Final = "person.pem"
"""Name of a person's working key file."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Configuration of one installation: store, key, model, patience, grant and speaker.

    `store` (`--store`, `COLINEAGE_STORE`): the URL of the graph; `sqlite:colineage.db`, in the
    current folder.

    `key` (`--key`, `COLINEAGE_KEY`): the file of the installation's key, in PEM, made at first use;
    `colineage/key.pem` in `XDG_CONFIG_HOME`, else in `~/.config`. `is_key_given`: `--key` names it, and statements are
    signed with it whoever speaks.

    `model` (`--model`, `COLINEAGE_MODEL`): the source of the embedding model, as
    `recommend.weights.find_weights` accepts it, or `none`; `all-MiniLM-L6-v2`.

    `patience_s` (`COLINEAGE_PATIENCE_S`): the seconds that a write waits for another process's write;
    30.

    `under` (`--under`, `COLINEAGE_UNDER`): the grant that the key signs under; the last of those that lie beside the key
    file, if any.

    `speaker` (`--as`, `COLINEAGE_AS`): the agent named as the speaker of statements: an id, `person` for the person whose
    key `colineage init` made, or `software` for the key itself; software.
    """

    store: str
    key: Path
    model: str
    patience_s: float
    under: str | None = None
    speaker: str | None = None
    is_key_given: bool = False

    @property
    def person_key(self) -> Path:
        """File of the person's working key, beside the installation's key."""
        return self.key.with_name(PERSON_FILE)

    @property
    def speaking_key(self) -> Path:
        """File of the key that statements are signed with."""
        is_person = self.speaker == Kind.PERSON and not self.is_key_given
        return self.person_key if is_person else self.key


def settings_from(
    environment: Mapping[str, str],
    *,
    store: str | None = None,
    key: Path | None = None,
    model: str | None = None,
    under: str | None = None,
    speaker: str | None = None,
) -> Settings:
    """Build the settings: an option overrides its environment variable; an empty variable counts as unset.

    An empty option is refused: `--under "$GRANT"` without a GRANT would sign for another author.

    Raises:
        InputError: An option or a variable has an invalid value.
    """

    def variable(name: str) -> str | None:
        return environment.get(name) or None

    key_file = key or _path(variable("COLINEAGE_KEY"))
    return Settings(
        store=_refuse_empty("--store", store) or variable("COLINEAGE_STORE") or DEFAULT_STORE,
        key=key_file or _config_home(environment) / "colineage" / "key.pem",
        model=_refuse_empty("--model", model) or variable("COLINEAGE_MODEL") or DEFAULT_MODEL,
        patience_s=_seconds(variable("COLINEAGE_PATIENCE_S")),
        under=(
            _grant("--under", _refuse_empty("--under", under))
            or _grant("COLINEAGE_UNDER", variable("COLINEAGE_UNDER"))
        ),
        speaker=(
            _agent("--as", _refuse_empty("--as", speaker))
            or _agent("COLINEAGE_AS", variable("COLINEAGE_AS"))
        ),
        is_key_given=key is not None,
    )


def _path(text: str | None) -> Path | None:
    try:
        return Path(text).expanduser() if text else None
    except RuntimeError:
        fault = Fault(
            "COLINEAGE_KEY", "a file; whose home ~ stands for is not known here", str(text)
        )
        raise InputError("a setting is wrong", [fault]) from None


def _seconds(text: str | None) -> float:
    try:
        seconds = float(text or DEFAULT_PATIENCE_S)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < inf:
        fault = Fault("COLINEAGE_PATIENCE_S", "seconds, like 30", str(text))
        raise InputError("a setting is wrong", [fault])
    return seconds


def _refuse_empty(option: str, text: str | None) -> str | None:
    if text == "":
        expected = "a value (a variable of the shell that is not set is none)"
        raise InputError("a setting is wrong", [Fault(option, expected, "nothing")])
    return text


def _grant(where: str, text: str | None) -> str | None:
    if text is None or _HASH.fullmatch(text):
        return text
    expected = "the id of a grant, sha256: and 64 hex digits (`colineage key list` shows them)"
    raise InputError("a setting is wrong", [Fault(where, expected, text[:80])])


def _agent(where: str, text: str | None) -> str | None:
    if text is None or text in OWN_NAMES:
        return text
    from graph.model.identifiers import canonical_id, kinds_of

    try:
        agent_id = canonical_id(text)
    except IdentifierError:
        agent_id = ""
    if agent_id and kinds_of(agent_id) & AGENT_KINDS:
        return agent_id
    expected = "an agent: person, software, or an id like orcid:…, ai:…, person:…"
    raise InputError("a setting is wrong", [Fault(where, expected, text[:80])])


def _config_home(environment: Mapping[str, str]) -> Path:
    """Return the folder of a user's settings (XDG Base Directory Specification): a relative path is ignored."""
    folder = Path(environment.get("XDG_CONFIG_HOME", ""))
    return (
        folder if folder.is_absolute() else Path(environment.get("HOME") or Path.home()) / ".config"
    )
