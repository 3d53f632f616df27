"""Every parser on changed real inputs: only declared errors, in bounded time. `make fuzz` does it at length."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz.judge import Target, judge_input
from bench.fuzz.mutate import mutate
from bench.fuzz.targets import targets

TARGETS = {one.name: one for one in targets()}
ROOT = Path(__file__).parents[2]
MAX_BYTES = 2**13
# A neighbour on this machine is no finding: `make fuzz` takes 2 seconds for inputs eight times as long.
LIMIT_S = 30.0


@cache
def seeds_of(name: str) -> Sequence[bytes]:
    return TARGETS[name].seeds()


@pytest.mark.parametrize("name", TARGETS)
def test_only_declared_errors(name: str, size: Callable[[int, int], int]) -> None:
    target, chance = TARGETS[name], Random(name)  # noqa: S311 - no secret
    seeds = seeds_of(name)
    assert seeds
    inputs = [
        mutate(chance.choice(seeds), seeds, chance, max_bytes=MAX_BYTES)
        for _ in range(size(60, 3000))
    ]
    found = [(judge_input(target, one, limit_s=LIMIT_S), one) for one in (*seeds, *inputs)]
    assert [(str(what), one) for what, one in found if what] == []


TEXT = st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=9,
).map(lambda value: json.dumps(value).encode())
ANYTHING = st.binary(max_size=60) | TEXT | JSON


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=25)
@given(data=st.data())
def test_anything_anywhere_in_a_real_input_raises_only_what_is_declared(
    name: str, data: st.DataObject
) -> None:
    target = TARGETS[name]
    seed = data.draw(st.sampled_from([b"", *seeds_of(name)]))[:MAX_BYTES]
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(seed))] * 2)))
    found = judge_input(target, seed[:start] + data.draw(ANYTHING) + seed[end:], limit_s=LIMIT_S)
    assert found is None, found


@pytest.mark.parametrize("name", TARGETS)
def test_a_real_input_is_read_to_its_end(name: str) -> None:
    """Else the parser's first check is all that is tried."""
    read = 0
    for seed in seeds_of(name):
        try:
            TARGETS[name].parse(seed)
        except TARGETS[name].declared:
            continue
        read += 1
    assert read


def test_chance_is_seeded() -> None:
    def made() -> list[bytes]:
        chance = Random(7)  # noqa: S311 - no secret
        return [
            mutate(b'{"a": [1, "b"]}', [b"<c>d</c>"], chance, max_bytes=300) for _ in range(200)
        ]

    assert made() == made()
    assert len(set(made())) > 150
    assert max(map(len, made())) <= 300


def planted(parse: Callable[[bytes], Any]) -> Target:
    return Target("planted", parse, (ValueError,), lambda: [b"0,1"])


def test_an_error_that_nobody_declared_is_found() -> None:
    target = planted(lambda data: 1 // int(data.decode().split(",")[1]))
    chance = Random(1)  # noqa: S311 - no secret
    inputs = [mutate(b"0,1", [b"2,0"], chance, max_bytes=50) for _ in range(500)]
    found = [one for data in inputs if (one := judge_input(target, data))]
    assert {one.error for one in found} == {"IndexError", "ZeroDivisionError"}
    assert {one.where.partition(":")[0] for one in found} == {"tests/bench/test_fuzz.py"}


def deep(data: bytes) -> bytes:
    return deep(data + b"[")


def endless(data: bytes) -> None:
    while data:
        with suppress(Exception):  # a parser that takes every error for its own
            data += b""


@pytest.mark.parametrize(("parse", "error"), [(deep, "RecursionError"), (endless, "TooSlowError")])
def test_what_never_ends_is_found(parse: Callable[[bytes], Any], error: str) -> None:
    found = judge_input(planted(parse), b"x", limit_s=0.1)
    assert found
    assert found.error == error


def test_the_command_fuzzes_and_tries_again(tmp_path: Path) -> None:
    done = fuzz("bench.fuzz", "note", "pin", "--runs", "30", "--keep", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(" inputs in ")[0] for line in done.stdout.splitlines()] == [
        "note: 30",
        "pin: 30",
    ]
    again = fuzz("bench.fuzz.run_one", "note", "--again", __file__)
    assert (again.returncode, again.stdout) == (0, f"{__file__}: nothing wrong\n")
    assert fuzz("bench.fuzz", "nothing").returncode == 2


def fuzz(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True
    )
