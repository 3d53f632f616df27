"""docs/commands.md and README.md against the program: its options, its examples, its JSON."""

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import urlopen

import pytest
import typer
from typer.main import get_command

from colineage.cli import app
from colineage.exit_status import ExitStatus

SHARED = {"--store", "--json", "--help", "--key", "--under", "--as", "--model"}
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "commands.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shell() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "docs_shell", Path(__file__).with_name("shell.py")
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["docs_shell"] = module  # dataclasses look up annotations there
    spec.loader.exec_module(module)
    return module


def _commands() -> Iterator[tuple[str, Any]]:
    """Every command as it is named in the headings, with what the program knows of it."""
    top: Any = get_command(app)
    for name, command in top.commands.items():
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            yield from ((f"{name} {second}", leaf) for second, leaf in inner.items())


COMMANDS = dict(_commands())


def _section(page: str, name: str) -> str:
    found = re.search(rf"^##+ `{name}`\n(.*?)(?=^##|\Z)", page, flags=re.DOTALL | re.MULTILINE)
    assert found, f"docs/commands.md has no section for {name}"
    return found.group(1)


def _options(command: Any) -> set[str]:
    return {
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--")
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(page: str, name: str) -> None:
    section = _section(page, name)
    wanted = _options(COMMANDS[name]) - SHARED
    assert {option for option in wanted if f"`{option}" not in section} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_is_documented_that_is_not_there(page: str, name: str) -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", _section(page, name)))
    assert named - _options(COMMANDS[name]) - SHARED == set()


def test_no_section_is_of_a_command_that_is_not_there(page: str) -> None:
    headings = set(re.findall(r"^##+ `(.+)`$", page, flags=re.MULTILINE))
    assert headings == set(COMMANDS) | {"ingest"}


def test_every_command_shares_store_and_json() -> None:
    """A copy names its two stores as arguments; a new key is kept in no store."""
    no_store = ("copy", "init", "key new", "key new-device")
    lacking = {
        name: {"--store", "--json"} - _options(one)
        for name, one in COMMANDS.items()
        if not {"--store", "--json"} <= _options(one)
    }
    assert lacking == {name: {"--store"} for name in no_store}


def test_every_command_that_says_something_can_say_it_for_another() -> None:
    ingests = {name for name in COMMANDS if "ingest " in name}
    says = {"add", "seal", "open", "erase", "key grant", "key end"} | ingests
    assert {name for name, one in COMMANDS.items() if "--as" in _options(one)} == says
    under = {name for name, one in COMMANDS.items() if "--under" in _options(one)}
    assert under == says


def test_the_exit_statuses_are_those_of_the_program(page: str) -> None:
    table = page.partition("**Exit status**")[2].partition("With `--json`")[0]
    stated = {int(number) for number in re.findall(r"^\| (\d+) \|", table, flags=re.MULTILINE)}
    assert stated == {int(status) for status in ExitStatus}


def test_every_variable_is_documented(root: Path, page: str) -> None:
    code = "".join(
        file.read_text(encoding="utf-8") for file in sorted((root / "colineage").rglob("*.py"))
    )
    assert set(re.findall(r"COLINEAGE_[A-Z_]+", code)) == set(
        re.findall(r"COLINEAGE_[A-Z_]+", page)
    )


def _environment(folder: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COLINEAGE_")}
    clean["PATH"] = f"{BIN}{os.pathsep}{clean['PATH']}"
    places = {
        f"XDG_{name.upper()}_HOME": str(folder / name) for name in ("config", "state", "cache")
    }
    return clean | places


@pytest.mark.model
@pytest.mark.timeout(900)  # some forty commands, and a model to load for a few of them
def test_every_example_does_what_the_document_says(
    root: Path, shell: ModuleType, workplace: Path
) -> None:
    """One after the other: the README's ask the store that the others filled."""
    pages = [root / "docs" / "commands.md", root / "README.md"]
    found = [shell.examples(one.read_text(encoding="utf-8")) for one in pages]
    assert min(map(len, found)) > 5
    for example in (one for document in found for one in document):
        said = " ".join(example.words)
        if example.is_live:
            _parse(example.words)
        elif example.serves:
            _serve(example, workplace)
        else:
            done = subprocess.run(
                example.words,
                cwd=workplace,
                env=_environment(workplace),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
            assert done.returncode == example.status, f"{said}\n{done.stdout}\n{done.stderr}"
            if "--json" in example.words:
                assert shell.differences(example.shape, json.loads(done.stdout)) == [], said


def _parse(words: tuple[str, ...]) -> None:
    """What can't be run without the network is at least understood."""
    command: Any = get_command(app)
    arguments = list(words[1:] if words[0] == "colineage" else words)
    while getattr(command, "commands", None):
        command = command.commands[arguments.pop(0)]
    context: typer.Context = command.make_context(words[0], arguments)
    assert context.params


def _serve(example: Any, folder: Path) -> None:
    """Starts the service as shown, but at a free port, asks it, and interrupts it."""
    words = [*example.words, "--port", "0", *({"--json"} - set(example.words))]
    with subprocess.Popen(
        words, cwd=folder, env=_environment(folder), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        with urlopen(told["url"] + "/health", timeout=60) as answer:  # noqa: S310 - our own
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
