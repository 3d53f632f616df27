"""Seal the statements of a file, and open sealed ones: the header is in the log at once, the body in a folder until then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graph.bundle.bundle import Bundle, read
from graph.errors import Fault, InputError, NotFoundError
from graph.model.model import Answer, Body, BundleId
from graph.model.vocabulary import Verb
from graph.speaker import Speaker
from graph.store import AppendView, Log, StoredBundle
from ingest.statements.ingest import AddResult, append_file
from ingest.statements.sealed_folder import SealedFolder


@dataclass(frozen=True, slots=True)
class OpenResult:
    """Result of opening: the statement that tells of it (`None` where it was open already), and the log's size."""

    appended: BundleId | None
    log_size: int


def seal_file(store: Log, speaker: Speaker, path: Path, folder: SealedFolder) -> AddResult:
    """Sign the statements of a file as `add_file` does, and append them without their bodies, which the folder keeps.

    Each body is on the disk before the first header is in the log.

    Raises:
        InputError: The file can't be read or something in it is wrong; every fault is listed.
        StoreError: The folder can't be written.
    """

    def withhold(bundle: Bundle) -> Bundle:
        if bundle.body_bytes is not None:
            folder.write(bundle.body_bytes)
        return replace(bundle, body_bytes=None, body=None)

    return append_file(store, speaker, path, withhold)


def open_sealed(store: Log, speaker: Speaker, name: BundleId, folder: SealedFolder) -> OpenResult:
    """Say `opens` of a sealed statement and let its body join it, in one append; the folder's file goes after that.

    Where the body is in the store already, only the file goes: an earlier run was stopped before that.

    Raises:
        NotFoundError: The statement isn't here.
        InputError: There is nothing to open, it isn't this speaker's, or the body isn't what was sealed.
    """
    stored = store.bundles_by_id([name]).get(name)
    if stored is None:
        raise NotFoundError(f"no bundle {name} in this log")
    body_hash = _sealed_hash(stored)
    if stored.bundle.body_bytes is not None:
        folder.remove(body_hash)
        return OpenResult(None, store.checkpoint().size)
    body = folder.read(body_hash)
    opened = read(stored.bundle.header_bytes, body, stored.bundle.signature)

    def compose(view: AppendView) -> Sequence[Bundle]:
        if not view.has_word_on(speaker.actor, name):
            fault = Fault(
                "ID", f"a statement that {speaker.author} may end", f"{name} by {stored.author}"
            )
            raise InputError("it isn't this key's to open", [fault])
        word = speaker.make_statement(view, Body(), answers=(Answer(Verb.OPENS, name),))
        return [word, opened]

    result = store.append(compose)
    folder.remove(body_hash)
    return OpenResult(result.added[0], result.checkpoint.size)


def _sealed_hash(stored: StoredBundle) -> str:
    """Return the hash of the body of a statement that may be sealed.

    Raises:
        InputError: It has none, or it was erased.
    """
    bundle = stored.bundle
    if bundle.header is None or bundle.header.key is None or bundle.body_hash is None:
        raise _nothing(bundle.id, "a record, a grant, an end, or not understood here")
    if stored.is_erased:
        raise _nothing(bundle.id, "erased: who may says `restores` of it first")
    return bundle.body_hash


def _nothing(name: BundleId, got: str) -> InputError:
    return InputError("nothing to open", [Fault(name, "a sealed statement", got)])
