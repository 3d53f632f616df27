"""Plan of a repair after the theft of a working key: what the root says, so that what the owner said holds again.

The thief's statements are those signed with the stolen key that no good head leads to, and all that was said under
grants that are among them. First come ends: of each grant to the stolen key, and of each that the thief ended, with what
is good as heads. What of the thief's still counts then lies before a good head, as the owner took it for its own: it is
answered one by one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from colineage.answers.trial import trial_without
from graph.bundle.bundle import Bundle
from graph.errors import Fault, InputError
from graph.model.model import Answer, Body, BundleId, End, Header
from graph.model.vocabulary import EFFECTIVE_VERBS, ENDING_VERBS, Verb
from graph.speaker import Speaker
from graph.store import AppendView, GraphStore, StoredBundle

_REASON: Final = "The key that signed it was stolen"
_MOST_ANSWERS: Final = 5000
"""Most answers of one statement: its header then has half of the bytes that it may have."""

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class RepairPlan:
    """What the root is to say, and why.

    `theirs` are the thief's statements. `ends` are said first, then a statement for each of `answers`. `ended_with_it` are
    the keys whose grants end with those of the stolen key, without being stolen. `erased` lost their bodies by the thief.
    """

    theirs: tuple[BundleId, ...]
    ends: tuple[End, ...]
    answers: tuple[tuple[Answer, ...], ...]
    ended_with_it: tuple[str, ...]
    erased: tuple[BundleId, ...]


def plan_repair(
    store: GraphStore,
    root: Speaker,
    stolen: str,
    *,
    good: Sequence[BundleId],
    bad: Sequence[BundleId] = (),
) -> RepairPlan:
    """Plan a repair and try it out: afterwards counts and lives what would without the thief's statements, and no more.

    Args:
        store: The store.
        root: The root of the person whose working key was stolen.
        stolen: The stolen key.
        good: The last statements signed with it that are the owner's.
        bad: Statements before those that are the thief's all the same.

    Raises:
        InputError: The key has no grant of this root; a head is not of it; or the trial shows something else.
    """
    statements = _statements_of(store, root.author)
    _refuse_wrong(statements, root.author, stolen, [*good, *bad])
    theirs = _thefts(statements, stolen, good, bad)
    trier = replace(root, signed=None)
    with trial_without(store, theirs) as honest, trial_without(store, ()) as trial:
        before, now = _stored(honest, statements), _stored(store, statements)
        revived = [
            name
            for name, was in before.items()
            if now[name].counts and not was.counts and not _grants_or_ends(statements, name)
        ]
        ends = _ends(statements, before, stolen, theirs)
        trial.append(lambda view: _sign_ends(ends, trier, view))
        of_theirs = _ends_of_counting_grants(trial, statements, theirs)
        trial.append(lambda view: _sign_ends(of_theirs, trier, view))
        answers = _answers(honest, trial, statements, [*theirs, *revived])
        trial.append(lambda view: _sign_answers(answers, trier, view, ()))
        _refuse_unless_restored(honest, trial, statements, theirs)
    return RepairPlan(
        tuple(theirs),
        (*ends, *of_theirs),
        answers,
        _ended_with_it(statements, before, ends, stolen),
        _erased(store, statements, theirs),
    )


def sign_repair(plan: RepairPlan, root: Speaker, view: AppendView) -> list[Bundle]:
    """Return the statements of a repair, signed."""
    ends = _sign_ends(plan.ends, root, view)
    return [*ends, *_sign_answers(plan.answers, root, view, ends)]


def _sign_ends(ends: Sequence[End], root: Speaker, view: AppendView) -> list[Bundle]:
    made: list[Bundle] = []
    for end in ends:
        made.append(root.make_statement(view, None, after=made, ends=end))
    return made


def _sign_answers(
    answers: Sequence[tuple[Answer, ...]], root: Speaker, view: AppendView, ends: Sequence[Bundle]
) -> list[Bundle]:
    made = list(ends)
    for several in answers:
        body = Body(reason=_REASON)
        made.append(root.make_statement(view, body, after=made, answers=several))
    return made[len(ends) :]


def _statements_of(store: GraphStore, author: str) -> dict[BundleId, Header]:
    """Return the headers of an author's statements, in the order of the log."""
    return {
        stored.bundle.id: header
        for stored in store.bundles()
        if (header := stored.bundle.header) and header.key and stored.author == author
    }


def _stored(store: GraphStore, names: Iterable[BundleId]) -> dict[BundleId, StoredBundle]:
    """Return those of these bundles that are here, some hundred at a time."""
    ids, found = list(names), dict[BundleId, StoredBundle]()
    for start in range(0, len(ids), _AT_ONCE):
        found |= store.bundles_by_id(ids[start : start + _AT_ONCE])
    return found


def _refuse_wrong(
    statements: Mapping[BundleId, Header], root: str, stolen: str, named: Sequence[BundleId]
) -> None:
    """Refuse a key without a grant of this root, and heads that aren't its statements.

    Raises:
        InputError: It is such.
    """
    if stolen == root:
        expected = "a working key: nobody is above a root, and nothing ends it"
        raise InputError("there is no repair", [Fault("--stolen", expected, "the root itself")])
    if not any(header.grants and header.grants.key == stolen for header in statements.values()):
        expected = f"a key with a grant of {root} in this store"
        raise InputError("there is no repair", [Fault("--stolen", expected, stolen)])
    faults = [
        Fault("--good, --bad", f"a statement signed with {stolen} in this store", name[:80])
        for name in named
        if name not in statements or statements[name].key != stolen
    ]
    if faults:
        raise InputError("what is good can't be told", faults)


def _thefts(
    statements: Mapping[BundleId, Header],
    stolen: str,
    good: Sequence[BundleId],
    bad: Sequence[BundleId],
) -> dict[BundleId, None]:
    """Return the thief's statements, in the order of the log."""
    kept, waiting = set[BundleId](), list(good)
    while waiting:
        name = waiting.pop()
        if name not in kept and name in statements and statements[name].key == stolen:
            kept.add(name)
            waiting += statements[name].prev
    kept -= set(bad)
    theirs = {
        name for name, header in statements.items() if header.key == stolen and name not in kept
    }
    size = 0
    while size < len(theirs):
        size = len(theirs)
        theirs |= {name for name, header in statements.items() if header.under in theirs}
    return {name: None for name in statements if name in theirs}


def _grants_or_ends(statements: Mapping[BundleId, Header], name: BundleId) -> bool:
    return bool(statements[name].grants or statements[name].ends)


def _ends(
    statements: Mapping[BundleId, Header],
    before: Mapping[BundleId, StoredBundle],
    stolen: str,
    theirs: Collection[BundleId],
) -> tuple[End, ...]:
    """Return the ends of the grants to the stolen key, and of those that the thief ended, each with its good heads."""
    to_end = {
        name
        for name, header in statements.items()
        if header.grants and header.grants.key == stolen and name not in theirs
    }
    ended = (end.grant for name in theirs if (end := statements[name].ends))
    to_end |= {grant for grant in ended if grant in before and statements[grant].grants}
    kept = [name for name, stored in before.items() if stored.counts]
    above = {name: _grants_above(statements, name) for name in kept}
    return tuple(
        End(grant, _heads(statements, {name for name in kept if grant in above[name]}))
        for grant in statements
        if grant in to_end
    )


def _grants_above(statements: Mapping[BundleId, Header], name: BundleId) -> set[BundleId]:
    above: set[BundleId] = set()
    under = statements[name].under
    while under is not None and under not in above:
        above.add(under)
        under = statements[under].under if under in statements else None
    return above


def _heads(
    statements: Mapping[BundleId, Header], kept: Collection[BundleId]
) -> tuple[BundleId, ...]:
    """Return those that no other of these follows."""
    followed = {earlier for name in kept for earlier in statements[name].prev}
    return tuple(sorted(set(kept) - followed))


def _ends_of_counting_grants(
    trial: GraphStore, statements: Mapping[BundleId, Header], theirs: Collection[BundleId]
) -> tuple[End, ...]:
    """Return ends, which keep nothing, of the grants that the thief made and that count all the same."""
    stored = _stored(trial, theirs)
    return tuple(End(name) for name in theirs if statements[name].grants and stored[name].counts)


def _answers(
    honest: GraphStore,
    trial: GraphStore,
    statements: Mapping[BundleId, Header],
    opposed: Sequence[BundleId],
) -> tuple[tuple[Answer, ...], ...]:
    """Return the answers of the root: to what of the thief's still counts, and to what that answered.

    What lived without the thief is restored. What didn't is ended again; where the thief alone erased it, first it is
    restored, so that the erasure is lifted. Where nothing of the thief's counts, nothing is said: a root's `restores`
    would outlast each later retraction of a working key.
    """
    stored = _stored(trial, opposed)
    counting = [name for name in opposed if stored[name].counts]
    verdicts = {name: Verb.RETRACTS for name in counting if not _grants_or_ends(statements, name)}
    lifted: set[BundleId] = set()
    for name in counting:
        for answer in statements[name].answers:
            was = honest.bundles_by_id([answer.target]).get(answer.target)
            if answer.verb not in EFFECTIVE_VERBS or was is None or answer.target in opposed:
                continue
            verdicts[answer.target] = _verdict(honest, was)
            if verdicts[answer.target] is Verb.RETRACTS and answer.verb == Verb.ERASES:
                lifted.add(answer.target)
    first = [Answer(Verb.RESTORES, name) for name in sorted(lifted)]
    then = [Answer(verb, name) for name, verb in sorted(verdicts.items())]
    return (*_batches(first), *_batches(then))


def _batches(answers: Sequence[Answer]) -> list[tuple[Answer, ...]]:
    starts = range(0, len(answers), _MOST_ANSWERS)
    return [tuple(answers[start : start + _MOST_ANSWERS]) for start in starts]


def _verdict(honest: GraphStore, was: StoredBundle) -> Verb:
    """Return the word that stood on a bundle without the thief."""
    if was.is_erased:
        return Verb.ERASES
    if was.lives:
        return Verb.RESTORES
    answering = honest.bundles_by_id(was.answered_by).values()
    headers = [stored.bundle.header for stored in answering if stored.counts]
    ending = (Answer(verb, was.bundle.id) for verb in ENDING_VERBS)
    answers = {answer for header in headers if header for answer in header.answers}
    return Verb.RESTORES if answers.isdisjoint(ending) else Verb.RETRACTS


def _refuse_unless_restored(
    honest: GraphStore,
    trial: GraphStore,
    statements: Mapping[BundleId, Header],
    theirs: Collection[BundleId],
) -> None:
    """Refuse a plan after which the trial store isn't what it would be without the thief's statements.

    Raises:
        InputError: It isn't.
    """
    targets = {answer.target for name in theirs for answer in statements[name].answers}
    names = [*statements, *targets]
    after, before = _stored(trial, names), _stored(honest, names)
    faults = []
    for name, stored in after.items():
        was = before.get(name)
        if was is not None:
            expected, got = _state_text(was), _state_text(stored)
            if expected != got:
                faults.append(Fault(name, expected, got))
        elif stored.lives and not _grants_or_ends(statements, name):
            faults.append(
                Fault(name, "a statement of the thief's that doesn't live", "one that does")
            )
    if faults:
        raise InputError("no repair was found: name other heads with --good and --bad", faults)


def _state_text(stored: StoredBundle) -> str:
    words = ["counts" if stored.counts else "doesn't count"]
    words.append("lives" if stored.lives else "doesn't live")
    return ", ".join([*words, *(["is erased"] if stored.is_erased else [])])


def _ended_with_it(
    statements: Mapping[BundleId, Header],
    before: Mapping[BundleId, StoredBundle],
    ends: Sequence[End],
    stolen: str,
) -> tuple[str, ...]:
    """Return the keys with a good grant below one that ends."""
    ended = {end.grant for end in ends}
    keys = {
        header.grants.key
        for name, header in statements.items()
        if header.grants and name in before and before[name].counts
        if not ended.isdisjoint({name, *_grants_above(statements, name)})
    }
    return tuple(sorted(keys - {stolen}))


def _erased(
    store: GraphStore, statements: Mapping[BundleId, Header], theirs: Collection[BundleId]
) -> tuple[BundleId, ...]:
    """Return what the thief erased in this store."""
    targets = {
        answer.target
        for name in theirs
        for answer in statements[name].answers
        if answer.verb == Verb.ERASES and answer.target not in theirs
    }
    stored = _stored(store, targets)
    return tuple(sorted(name for name, entry in stored.items() if entry.bundle.is_withheld))
