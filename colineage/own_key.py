"""Own key: the key file that a command speaks with, the grant that it speaks under, and what it signed at this place."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from colineage.settings import OWN_NAMES, PERSON_FILE, Settings
from graph.bundle.bundle import Bundle
from graph.bundle.grants_file import read_grants
from graph.bundle.key_files import installation_key, read_key
from graph.bundle.keys import Signer
from graph.bundle.private_file import is_there
from graph.bundle.signed_ids import SignedIds
from graph.errors import Fault, InputError
from graph.model.identifiers import ED25519
from graph.model.model import BundleId
from graph.model.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class OwnKey:
    """Key of a command.

    `under` is the grant that it speaks under, if any; `grants` lie beside the key file and lead from the root down to
    `under`, none where `under` is a grant that only the store holds.
    """

    path: Path
    signer: Signer
    under: BundleId | None
    grants: tuple[Bundle, ...]
    signed: SignedIds

    @property
    def root(self) -> str | None:
        """Root key above its grants, its own where it speaks for itself; `None` where the store alone knows."""
        if self.grants:
            header = self.grants[0].header
            return header.key if header else None
        return self.signer.key if self.under is None else None


def key_for_writing(settings: Settings) -> OwnKey:
    """Return the key that statements are signed with; an installation's is made at its first use.

    Raises:
        KeyFileError: A file can't be read or made.
        InputError: A person is to speak for whom there is no key.
    """
    is_made = settings.under is None and settings.speaking_key == settings.key
    return _own_key(settings, installation_key if is_made else read_key)


def existing_key(settings: Settings) -> OwnKey:
    """Return the key that statements are signed with, which must be there.

    Raises:
        KeyFileError: A file can't be read.
        InputError: A person is to speak for whom there is no key.
    """
    return _own_key(settings, read_key)


def own_key_of(path: Path) -> OwnKey:
    """Return the key of a file, which must be there, to speak as it does by default.

    Raises:
        KeyFileError: A file can't be read.
    """
    signer = read_key(path)
    grants = read_grants(path, signer.key)
    return OwnKey(path, signer, grants[-1].id if grants else None, grants, SignedIds(path))


def keys_of_place(settings: Settings) -> list[OwnKey]:
    """Return the keys whose files lie at this place: the one that `--key` names, else the installation's and the person's.

    Raises:
        KeyFileError: A file can't be read.
    """
    paths = [settings.key] if settings.is_key_given else [settings.key, settings.person_key]
    return [own_key_of(path) for path in paths if settings.is_key_given or is_there(path)]


def person_root(settings: Settings) -> str | None:
    """Return the root key of the person of this place: the person's name; `None` where nobody ran `colineage init`.

    Raises:
        KeyFileError: A file can't be read.
    """
    path = settings.person_key
    return own_key_of(path).root if is_there(path) else None


def agent_id(settings: Settings, key: OwnKey, root_agent: str) -> str:
    """Return the id of the agent that is named as the speaker.

    Args:
        settings: Whom they name.
        key: The key.
        root_agent: The agent that the root key is the name of: `person:…` or `software:…` and the key.

    Raises:
        InputError: The key can't speak as that agent.
    """
    agent = settings.speaker or Kind.SOFTWARE.value
    itself = f"software:{key.signer.key}"
    if agent == Kind.SOFTWARE:
        return itself
    if agent == Kind.PERSON:
        if root_agent.startswith("person:"):
            return root_agent
        expected = (
            "a key that speaks for a person (`colineage init` makes one; without --key it is used)"
        )
        fault = Fault("--as", expected, f"{key.path}, which speaks for {root_agent}")
        raise InputError("no person", [fault])
    if key.under is None and agent not in {itself, root_agent}:
        expected = "person or software, as no grant (--under) lets this key speak as another"
        raise InputError("nobody may be spoken for unasked", [Fault("--as", expected, agent)])
    _refuse_name_of_other_key(agent, {key.signer.key, root_agent.partition(":")[2]})
    return agent


def _refuse_name_of_other_key(agent: str, keys: set[str]) -> None:
    """Refuse the name of a key that is neither the speaker's nor the author's: nothing would count (docs/bundle.md, section 5, rule 5).

    Raises:
        InputError: It is such a name.
    """
    kind, _, rest = agent.partition(":")
    if kind in OWN_NAMES and rest.startswith(ED25519) and rest not in keys:
        expected = f"no other key's name than {' or '.join(sorted(keys))}"
        raise InputError("nobody may be spoken for unasked", [Fault("--as", expected, agent)])


def agent_of_root(key: OwnKey) -> str | None:
    """Return the agent that the key's root is the name of; `None` where the store alone knows.

    A grant says it; of a key without one, the name of its file.
    """
    if key.grants:
        header = key.grants[0].header
        return header.by if header else None
    if key.under is not None:
        return None
    kind = Kind.PERSON if key.path.name == PERSON_FILE else Kind.SOFTWARE
    return f"{kind}:{key.signer.key}"


def _own_key(settings: Settings, read: Callable[[Path], Signer]) -> OwnKey:
    path = settings.speaking_key
    if path == settings.person_key and not is_there(path):
        expected = f"a person's key in {path}: `colineage init` makes it"
        raise InputError("no person speaks at this place yet", [Fault("--as", expected, "no file")])
    signer = read(path)
    grants = read_grants(path, signer.key)
    under = settings.under or (grants[-1].id if grants else None)
    if under not in {grant.id for grant in grants[-1:]}:
        grants = ()
    return OwnKey(path, signer, under, grants, SignedIds(path))
