"""Whose log it is: the key of the first time stays, and another log in its place isn't taken for it."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from graph.bundle.keys import signer_of
from graph.errors import BrokenLogError, InputError
from graph.export.writer import export
from graph.rules.facts import authors_of
from ingest.pull.pins import pin_path

Labs: TypeAlias = Callable[[int], Any]
EVE = signer_of(b"\x66" * 32)


def test_another_key_is_refused(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ada.exports()
    with pytest.raises(BrokenLogError, match=f"by {EVE.key}"):
        ben.pulls(ada, key=EVE.key)
    with pytest.raises(InputError, match="--from: expected a key"):
        ben.pulls(ada, key="ada")
    ben.pulls(ada)
    with pytest.raises(BrokenLogError, match="under which it was seen before"):
        ben.pulls(ada, key=EVE.key)
    ada.reads(2)
    export(ada.store, ada.folder, EVE)
    with pytest.raises(BrokenLogError, match=f"by {ada.signer.key}"):
        ben.pulls(ada)
    assert len(ben.log) == 2


def test_another_log_in_the_place_of_one_is_refused_unless_its_key_is_told(lab_of: Labs) -> None:
    """It would be seen for the first time, and trusted by whoever gives --trust each night."""
    ada, eve, ben = lab_of(1), lab_of(3), lab_of(2)
    ada.reads(1)
    eve.reads(2)
    place = "https://ada.example/log"
    ben.pulls(ada.exports(), address=place)
    before = ben.log
    for there in (place, place + "/"):
        with pytest.raises(BrokenLogError, match=r"which was there before, got .*--from KEY"):
            ben.pulls(eve.exports(), address=there, trust=True)
    assert ben.log == before
    assert eve.signer.key not in authors_of(ben.store.trust_list())
    ben.pulls(ada, address=place)
    ben.pulls(eve, address="https://eve.example/log")
    ben.pulls(eve, address=place, key=eve.signer.key)
    with pytest.raises(BrokenLogError, match="which was there before"):
        ben.pulls(ada, address=place)
    for one in ben.seen.glob("at-*.json"):
        one.write_bytes(one.read_bytes()[:-4])
    with pytest.raises(InputError, match="remove the file"):
        ben.pulls(eve, address=place)


def test_a_changed_key_is_told_with_the_way_out(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ben.pulls(ada.exports())
    ada.reads(2)
    export(ada.store, ada.folder, EVE)
    path = pin_path(ben.seen, ada.store.origin())
    with pytest.raises(BrokenLogError, match=f"was seen before.* remove {path} and give --from"):
        ben.pulls(ada)
    path.unlink()
    assert ben.pulls(ada, key=EVE.key).added == 2


def test_with_the_key_told_it_is_no_first_sight(lab_of: Labs) -> None:
    ada, ben = lab_of(1), lab_of(2)
    ada.reads(1)
    ada.exports()
    (ada.folder / "about.json").unlink()  # nothing in it is needed
    assert not ben.pulls(ada, key=ada.signer.key).first_sight
