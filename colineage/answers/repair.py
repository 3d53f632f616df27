"""Repair after the theft of a working key: the candidates for what is good, the new key, and the one append."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from colineage.answers.person import make_working_key
from colineage.answers.repair_plan import RepairPlan, sign_repair
from colineage.output import Json
from colineage.own_key import own_key_of
from colineage.settings import Settings
from colineage.store_access import WriteAccess
from graph.bundle.bundle import Bundle
from graph.bundle.key_files import move_aside, read_public_key
from graph.bundle.keys import Signer
from graph.bundle.private_file import is_there
from graph.bundle.signed_ids import SignedIds
from graph.errors import Fault, InputError
from graph.model.model import BundleId
from graph.queries.principals import principals
from graph.store import AppendView, GraphStore

_MOST_SHOWN: Final = 20


def refuse_without_heads(store: GraphStore, stolen: str, file: Path) -> None:
    """Refuse to repair where nobody said what is good of the stolen key, and show what may be.

    Candidates are the last statements that were signed with it, and those before them down to the first that was
    signed at this place: where a thief followed the owner, the owner's last one is no head.

    Args:
        store: The store.
        stolen: The stolen key.
        file: The key file of this place.

    Raises:
        InputError: Always, with the candidates as faults.
    """
    own = SignedIds(file).names()
    waiting = [
        head for actor in principals(store).actors() if actor.key == stolen for head in actor.heads
    ]
    found: dict[BundleId, str] = {}
    while waiting and len(found) < _MOST_SHOWN:
        name = waiting.pop(0)
        stored = store.bundles_by_id([name]).get(name)
        header = stored.bundle.header if stored else None
        if header is None or name in found:
            continue
        where = "signed at this place" if name in own else "not signed at this place"
        found[name] = f"{header.at}, as {header.by}, {where}"
        waiting += [] if name in own else header.prev
    expected = "--good and your own last statement of these (or --none)"
    faults = [Fault("--good", expected, f"{name} ({text})") for name, text in found.items()]
    nothing = [Fault("--stolen", "a key that has signed something in this store", stolen)]
    raise InputError("what is good of the stolen key can't be guessed", faults or nothing)


def carry_out_repair(
    settings: Settings, access: WriteAccess, root: Signer, stolen: str, plan: RepairPlan
) -> Json:
    """Put a new working key in place of the stolen one, and say what was planned: all of it or nothing.

    The key comes first: where the append fails, the same command goes on with it.

    Returns:
        `{"stolen", "theirs", "ends", "answers", "ended_with_it", "erased", "file", "key", "grant", "log_size"}`.

    Raises:
        KeyFileError: A file can't be made.
    """
    path = settings.person_key
    if is_there(path) and read_public_key(path) == stolen:
        move_aside(path, path.with_name(f"stolen-{stolen[8:16]}.pem"))
    if not is_there(path):
        make_working_key(path, root, access.speaker.clock)
    key = own_key_of(path)
    if key.root != root.key:
        expected = f"no key in {path}, or one of {root.key}"
        raise InputError(
            "the key at this place is another person's",
            [Fault("person.pem", expected, f"one of {key.root}")],
        )

    def compose(view: AppendView) -> Sequence[Bundle]:
        return [*key.grants, *sign_repair(plan, access.speaker, view)]

    result = access.store.append(compose)
    return {
        "stolen": stolen,
        "theirs": len(plan.theirs),
        "ends": [{"grant": end.grant, "heads": list(end.heads)} for end in plan.ends],
        "answers": [
            {"verb": answer.verb, "target": answer.target}
            for answers in plan.answers
            for answer in answers
        ],
        "ended_with_it": list(plan.ended_with_it),
        "erased": list(plan.erased),
        "file": str(path),
        "key": key.signer.key,
        "grant": key.under,
        "log_size": result.checkpoint.size,
    }
