"""A person's keys: the root, which is the person's name and lies on paper alone, and the working key of a place."""

import secrets
from pathlib import Path

from colineage.output import Json
from colineage.recovery_words import seed_of
from colineage.terminal import ask_secret
from graph.bundle.bundle import statement
from graph.bundle.key_files import new_key, refuse_if_there, write_key
from graph.bundle.keys import Signer, signer_of
from graph.bundle.signed_ids import SignedIds
from graph.clock import Clock, stamp
from graph.model.model import Grant, Header
from graph.model.vocabulary import Scope

_SEED_BYTES = 32


def new_root_seed() -> bytes:
    """Return the private key of a new root; it is written nowhere."""
    return secrets.token_bytes(_SEED_BYTES)


def root_signer(seed: bytes) -> Signer:
    """Return the signer of a root; the secret of its salts is random, as it says nothing twice."""
    return signer_of(seed, secrets.token_bytes(_SEED_BYTES))


def ask_for_root() -> Signer:
    """Ask for the recovery words at the terminal, and return the signer of the root.

    Raises:
        InputError: They are no recovery words.
    """
    return root_signer(seed_of(ask_secret("The 24 words of the recovery key (not shown): ")))


def make_working_key(path: Path, root: Signer, clock: Clock) -> Json:
    """Make a person's working key in a file, under a new grant of the root: `{"file", "key", "root", "grant"}`.

    Raises:
        KeyFileError: Something is there already, or a file can't be made.
    """
    refuse_if_there(path)
    seed = secrets.token_bytes(_SEED_BYTES)
    key = signer_of(seed).key
    header = Header(f"person:{root.key}", stamp(clock()), grants=Grant(key, Scope.ACT))
    grant = statement(header, None, root)
    SignedIds(path).add(grant.id)
    write_key(path, seed, [grant])
    return {"file": str(path), "key": key, "root": root.key, "grant": grant.id}


def make_root_without_recovery(path: Path) -> Json:
    """Make a person's working key that is the root itself; answers as `make_working_key`.

    Raises:
        KeyFileError: Something is there already, or a file can't be made.
    """
    key = new_key(path).key
    return {"file": str(path), "key": key, "root": key, "grant": None}
