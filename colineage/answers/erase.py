"""Action and answer of `colineage erase`, as JSON."""

from collections.abc import Mapping, Sequence
from typing import Final

from colineage.answers.attribution import attribution_fields
from colineage.output import Json, print_message
from colineage.safe_text import shorten
from colineage.store_access import WriteAccess
from graph.bundle.bundle import Bundle
from graph.bundle.header import is_hash
from graph.errors import Fault, InputError, NotFoundError, StoreError
from graph.model.model import Answer, Body, BundleId
from graph.model.vocabulary import Verb
from graph.queries.attribution import attributions
from graph.queries.attribution_text import attribution_line
from graph.store import AppendView, GraphStore, StoredBundle
from ingest.statements.sealed_folder import SealedFolder

_MAX_NODES: Final = 10
_TITLE_LENGTH: Final = 100


def bundles_to_erase(access: WriteAccess, names: Sequence[str]) -> list[StoredBundle]:
    """Return the bundles of these ids, each once.

    Raises:
        NotFoundError: One isn't here.
        InputError: One is no bundle's id, has no body ever, or isn't this speaker's to erase; every fault is listed.
    """
    unique = list(dict.fromkeys(names))
    expected = "the id of a bundle, sha256: and 64 hex digits (`colineage show` names those that say something of a thing)"
    if faults := [Fault("ID", expected, name[:80]) for name in unique if not is_hash(name)]:
        raise InputError("nothing is erased", faults)
    stored = access.store.bundles_by_id(unique)
    if missing := [name for name in unique if name not in stored]:
        raise NotFoundError(f"no bundle {', '.join(missing)} in this log")
    for name in unique:
        if stored[name].bundle.body_hash is None:
            expected = "a bundle with a body (a grant is ended: `colineage key end`)"
            faults.append(Fault("ID", expected, name))
    if faults:
        raise InputError("nothing is erased", faults)
    _refuse_others(access, stored)
    return [stored[name] for name in unique]


def _refuse_others(access: WriteAccess, stored: Mapping[BundleId, StoredBundle]) -> None:
    """Refuse bundles on which this speaker's word decides nothing.

    Raises:
        InputError: There are such.
    """
    faults: list[Fault] = []

    def look(view: AppendView) -> Sequence[Bundle]:
        faults[:] = [
            Fault(
                "ID", f"a bundle that {access.speaker.author} may end", f"{name} by {entry.author}"
            )
            for name, entry in stored.items()
            if not view.has_word_on(access.speaker.actor, name)
        ]
        return ()

    access.store.append(look)
    if faults:
        raise InputError("nothing is erased: here it would have no effect", faults)


def print_loss(store: GraphStore, bundles: Sequence[StoredBundle]) -> None:
    """Print to stderr what erasing these bundles drops, and what stays."""
    known = attributions(store, [entry.bundle.id for entry in bundles])
    for entry in bundles:
        print_message(f"{entry.bundle.id}  {attribution_line(known[entry.bundle.id])}")
        body = entry.bundle.resolved_body()
        for node in body.nodes[:_MAX_NODES]:
            words = (node.attributes.get(key) for key in ("title", "name", "text", "message"))
            title = next((word for word in words if isinstance(word, str)), "")
            print_message(
                f"    {node.kind.value}  {node.id}  {shorten(title, _TITLE_LENGTH)}".rstrip()
            )
        rest = len(body.nodes[_MAX_NODES:])
        print_message(
            f"    {f'{rest:,} more descriptions, ' if rest else ''}{len(body.edges):,} relations"
            if entry.bundle.body_bytes is not None
            else "    its body is not here; none will be taken in"
        )
    print_message(
        "Its body goes, here and wherever this word is pulled. For good stay the header (who, when, which labels, what it answers), "
        "the signature and the place in the log; beyond reach are copies, backups and exports elsewhere, and the same words said by others."
    )


def erase(
    access: WriteAccess,
    bundles: Sequence[StoredBundle],
    reason: str,
    folder: SealedFolder | None,
) -> Json:
    """Say `erases` of bundles in one statement, and purge the store's files of them.

    Returns:
        `{"appended", "erased": [id], "not_erased": [id], "sealed", "remains", "try_again", "log_size", "attributions"}`.
        `appended` is null where all were erased already; `not_erased` are those on which a higher word stands; `sealed` counts the
        files of sealed bodies that went, too; `remains` tells what still holds some of the bytes, and `try_again` whether the same
        command will remove them later.
    """
    store, speaker = access.store, access.speaker
    names = tuple(sorted(entry.bundle.id for entry in bundles if not entry.is_erased))
    appended: BundleId | None = None
    if names:
        answers = tuple(Answer(Verb.ERASES, name) for name in names)

        def compose(view: AppendView) -> Sequence[Bundle]:
            return [speaker.make_statement(view, Body(reason=reason), answers=answers)]

        appended = store.append(compose).added[0]
    after = store.bundles_by_id([entry.bundle.id for entry in bundles])
    erased = [name for name, entry in after.items() if entry.is_erased]
    hashes = {after[name].bundle.body_hash for name in erased}
    sealed = sum(folder.remove(name) for name in hashes if name) if folder else 0
    remains, may_repeat = _purge(store)
    return {
        "appended": appended,
        "erased": erased,
        "not_erased": [name for name in after if name not in erased],
        "sealed": sealed,
        "remains": remains,
        "try_again": may_repeat,
        "log_size": store.checkpoint().size,
        **attribution_fields(store, bundles=[*after, *([appended] if appended else [])]),
    }


def _purge(store: GraphStore) -> tuple[str | None, bool]:
    """Purge the store's files; return what still holds some bytes, and whether trying again helps."""
    try:
        return store.purge(), False
    except StoreError as error:
        return str(error), True
