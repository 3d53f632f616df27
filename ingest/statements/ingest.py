"""Sign the statements of a file and append them to a store: all of them, or none."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from graph.bundle.bundle import Bundle, HeaderSigner, hash_of_said
from graph.errors import Fault, InputError
from graph.model.identifiers import kind_of
from graph.model.model import Answer, BundleId
from graph.model.vocabulary import EFFECTIVE_VERBS, Kind
from graph.speaker import Speaker
from graph.store import AppendView, Log, StoredBundle
from ingest.statements.document import parse_document
from ingest.statements.draft import StatementDraft, drafts_of

MAX_FILE_BYTES: Final = 8 * 2**20


@dataclass(frozen=True, slots=True)
class AddResult:
    """Result of adding a file: the new statements in its order, how many stood already, the log's size after it."""

    appended: tuple[BundleId, ...]
    unchanged: int
    log_size: int


def add_file(store: Log, speaker: Speaker, path: Path) -> AddResult:
    """Sign the statements of a YAML or JSON file and append those that are new, in one append.

    A statement is not new while a living one of this speaker has the same body (and, where it answers
    bundles, the same answers).

    Raises:
        InputError: The file can't be read or something in it is wrong; every fault is listed.
    """
    return append_file(store, speaker, path, lambda bundle: bundle)


def append_file(
    store: Log, speaker: Speaker, path: Path, finish: Callable[[Bundle], Bundle]
) -> AddResult:
    """Append the statements of a file as `add_file` does, each as `finish` returns it; it may be called twice.

    Raises:
        InputError: As `add_file`.
    """
    drafts = read_drafts(path)
    _refuse_words_on_grants(store, drafts)
    speakers = [_speaker_of(speaker, draft, number) for number, draft in enumerate(drafts)]
    repeats = [_has_same_answers(store, speaker, draft) for draft in drafts]
    unchanged: list[int] = []

    def compose(view: AppendView) -> Sequence[Bundle]:
        bundles: list[Bundle] = []
        keys: set[tuple[str, frozenset[object]]] = set()
        for draft, draft_speaker, is_repeat in zip(drafts, speakers, repeats, strict=True):
            key = (_hash(draft, speaker.signer), frozenset(draft.answers))
            if key in keys or is_repeat or _is_recorded(view, draft_speaker, draft):
                continue
            keys.add(key)
            bundles.append(
                draft_speaker.make_statement(view, draft.body, after=bundles, answers=draft.answers)
            )
        unchanged[:] = [len(drafts) - len(bundles)]
        return [finish(bundle) for bundle in bundles]

    result = store.append(compose)
    return AddResult(result.added, unchanged[0], result.checkpoint.size)


def read_drafts(path: Path) -> tuple[StatementDraft, ...]:
    """Read the statements of a file, unsigned.

    Raises:
        InputError: It can't be read or something in it is wrong; every fault is listed.
    """
    summary = f"{path.name} can't be added"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InputError(
            summary, [Fault("the file", "a readable file", error.strerror or str(error))]
        ) from error
    if len(data) > MAX_FILE_BYTES:
        raise InputError(summary, [Fault("the file", f"at most {MAX_FILE_BYTES} bytes", "more")])
    document, faults = parse_document(data, is_json=path.suffix.lower() == ".json")
    if document:
        drafts, faults = drafts_of(document)
        if not faults:
            return drafts
    raise InputError(summary, faults)


def _refuse_words_on_grants(store: Log, drafts: Sequence[StatementDraft]) -> None:
    """Refuse to retract, supersede, erase or restore a grant or an end, as that has no effect (docs/bundle.md, section 5, rule 6).

    Raises:
        InputError: A statement does.
    """
    targets = {
        answer.target: number
        for number, draft in enumerate(drafts, start=1)
        for answer in draft.answers
        if answer.verb in EFFECTIVE_VERBS
    }
    faults = []
    for target, stored in store.bundles_by_id(targets).items():
        header = stored.bundle.header
        if header and (header.grants or header.ends):
            expected = "a bundle that says something: a grant is ended with `colineage key end`"
            got = f"{target}, which {'grants' if header.grants else 'ends a grant'}"
            faults.append(Fault(f"statement {targets[target]}, answers", expected, got))
    if faults:
        raise InputError("the file can't be added", faults)


def _speaker_of(speaker: Speaker, draft: StatementDraft, number: int) -> Speaker:
    """Return the speaker of a draft: the agent that the settings name, or the key itself as software.

    Raises:
        InputError: The draft is a person's, and the speaker is none.
    """
    if draft.by is None or kind_of(speaker.by) is draft.by:
        return speaker
    if draft.by is Kind.SOFTWARE:
        return replace(speaker, by=f"software:{speaker.signer.key}")
    expected = (
        f"the kind of {speaker.by}, which speaks here (--as person: the person of `colineage init`)"
    )
    raise InputError(
        "the file can't be added", [Fault(f"statement {number + 1}, by", expected, draft.by)]
    )


def _hash(draft: StatementDraft, signer: HeaderSigner) -> str:
    return hash_of_said(draft.body, signer)


def _is_recorded(view: AppendView, speaker: Speaker, draft: StatementDraft) -> bool:
    """Return whether the statement stands; one with answers is compared by `_has_same_answers`."""
    is_bare = not (draft.body.nodes or draft.body.edges)
    if is_bare or draft.answers:
        return False
    return view.has_said(speaker.actor, _hash(draft, speaker.signer))


def _has_same_answers(store: Log, speaker: Speaker, draft: StatementDraft) -> bool:
    """Return whether a living statement of this speaker gives the same answers with the same body."""
    answers, body = frozenset(draft.answers), _hash(draft, speaker.signer)
    for candidate in _answering_statements(store, draft.answers):
        header = candidate.bundle.header
        if not (header and candidate.lives and header.actor == speaker.actor):
            continue
        if header.body == body and frozenset(header.answers) == answers:
            return True
    return False


def _answering_statements(store: Log, answers: Sequence[Answer]) -> Iterator[StoredBundle]:
    """Yield the statements that may give these answers."""
    if not answers:
        return
    target = store.bundles_by_id([answers[0].target]).get(answers[0].target)
    if target is None:  # nothing leads from a bundle that isn't here to its answers
        yield from store.bundles()
        return
    yield from store.bundles_by_id(target.answered_by).values()
