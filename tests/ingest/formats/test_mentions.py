"""Ids of names: by the octets that a source serves, and nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.identifiers import is_identifier
from ingest.formats.mentions import mention_id, mention_ids

SUBJECT = "arxiv:2401.00001"


def hash_of(octets: bytes) -> str:
    return f"mention:{SUBJECT}/{hashlib.sha256(octets).hexdigest()}"


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("Jane Doe", b"Jane Doe"),
        (" \t\n\v\f\rJane  Doe\r\n ", b"Jane  Doe"),
        ("\u00a0Jane\u2003", b"\xc2\xa0Jane\xe2\x80\x83"),
        ("Zo\u00e9", b"Zo\xc3\xa9"),
        ("Zoe\u0301", b"Zoe\xcc\x81"),
        (b"Zo\xe9 ", b"Zo\xe9"),
        ("\ud800", b"\xef\xbf\xbd"),
    ],
)
def test_the_octets_of_a_name(name: bytes | str, octets: bytes) -> None:
    assert mention_id(SUBJECT, name) == hash_of(octets)


def test_the_second_of_a_name_has_a_number() -> None:
    names: list[bytes | str] = ["A", b"B", "A ", b"A", "\u00c5", "A\u030a"]
    assert mention_ids(SUBJECT, names) == [
        hash_of(b"A"),
        hash_of(b"B"),
        hash_of(b"A") + ".2",
        hash_of(b"A") + ".3",
        hash_of(b"\xc3\x85"),
        hash_of(b"A\xcc\x8a"),
    ]


@given(st.lists(st.binary(max_size=3) | st.text(max_size=3), max_size=6))
def test_every_name_of_a_thing_has_an_id_of_its_own(names: list[bytes | str]) -> None:
    ids = mention_ids(SUBJECT, names)
    assert len(set(ids)) == len(names)
    assert all(map(is_identifier, ids))
