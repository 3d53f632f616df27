"""Sign the statements of a file and append them to a store: all of them, or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from graph.bundle.body import body_to_json
from graph.bundle.bundle import Bundle
from graph.errors import Fault, InputError
from graph.model.canonical import canonical, digest
from graph.model.identifiers import kind_of
from graph.model.model import Answer, BundleId
from graph.speaker import Voice
from graph.store import GraphStore, Look, Stored
from ingest.statements.document import document_of
from ingest.statements.draft import Draft, drafts_of

MAX_FILE_BYTES: Final = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Added:
    """Result of adding a file: the new statements in its order, how many stood already, the log's size after it."""

    appended: tuple[BundleId, ...]
    unchanged: int
    log_size: int


def add_file(store: GraphStore, voice: Voice, path: Path) -> Added:
    """Sign the statements of a YAML or JSON file and append those that are new, in one append.

    A statement is not new while a living one of this speaker has the same body (and, where it answers
    bundles, the same answers).

    Raises:
        InputError: The file can't be read or something in it is wrong; every fault is listed.
    """
    drafts = read_drafts(path)
    voices = [_voice_for(voice, draft, number) for number, draft in enumerate(drafts)]
    answered = [_answers_already(store, voice, draft) for draft in drafts]
    unchanged: list[int] = []

    def compose(look: Look) -> Sequence[Bundle]:
        made: list[Bundle] = []
        said: set[tuple[str, frozenset[object]]] = set()
        for draft, draft_speaker, already in zip(drafts, voices, answered, strict=True):
            told = (_hash(draft), frozenset(draft.answers))
            if told in said or already or _is_said(look, draft_speaker, draft):
                continue
            said.add(told)
            made.append(draft_speaker.say(look, draft.body, after=made, answers=draft.answers))
        unchanged[:] = [len(drafts) - len(made)]
        return made

    appended = store.append(compose)
    return Added(appended.added, unchanged[0], appended.checkpoint.size)


def read_drafts(path: Path) -> tuple[Draft, ...]:
    """Read the statements of a file, unsigned.

    Raises:
        InputError: It can't be read or something in it is wrong; every fault is listed.
    """
    what = f"{path.name} can't be added"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InputError(
            what, [Fault("the file", "a readable file", error.strerror or str(error))]
        ) from error
    if len(data) > MAX_FILE_BYTES:
        raise InputError(what, [Fault("the file", f"at most {MAX_FILE_BYTES} bytes", "more")])
    document, faults = document_of(data, is_json=path.suffix.lower() == ".json")
    if document:
        drafts, faults = drafts_of(document)
        if not faults:
            return drafts
    raise InputError(what, faults)


def _voice_for(voice: Voice, draft: Draft, number: int) -> Voice:
    """Return the speaker of a draft: a key of its own may speak as a person or as software."""
    if draft.by is None or kind_of(voice.by) is draft.by:
        return voice
    if voice.under is not None:
        wanted = f"the kind of {voice.by}, which the grant lets this key speak as"
        raise InputError(
            "the file can't be added", [Fault(f"statement {number + 1}, by", wanted, draft.by)]
        )
    return replace(voice, by=f"{draft.by}:{voice.signer.key}")


def _hash(draft: Draft) -> str:
    return digest(canonical(body_to_json(draft.body)))


def _is_said(look: Look, voice: Voice, draft: Draft) -> bool:
    """Return whether the statement stands; one with answers is compared by `_has_same_answers`."""
    is_bare = not (draft.body.nodes or draft.body.edges)
    return not (is_bare or draft.answers) and look.has_said(voice.actor, _hash(draft))


def _answers_already(store: GraphStore, voice: Voice, draft: Draft) -> bool:
    """Return whether a living statement of this speaker gives the same answers with the same body."""
    wanted, body = frozenset(draft.answers), _hash(draft)
    for stored in _answering(store, draft.answers):
        header = stored.bundle.header
        if not (header and stored.lives and header.actor == voice.actor):
            continue
        if header.body == body and frozenset(header.answers) == wanted:
            return True
    return False


def _answering(store: GraphStore, answers: Sequence[Answer]) -> Iterator[Stored]:
    """Yield the statements that may give these answers."""
    if not answers:
        return
    target = store.stored([answers[0].target]).get(answers[0].target)
    if target is None:  # nothing leads from a bundle that isn't here to its answers
        yield from store.bundles()
        return
    yield from store.stored(target.answered_by).values()
