"""Dockerfile and docker-compose.yml, as far as they can be checked without an engine."""

import json
import re
import shlex
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from colineage.cli import app


@pytest.fixture(scope="module")
def steps(root: Path) -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, continued lines joined."""
    text = (root / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    lines = [line for line in re.sub(r"\\\n\s*", " ", text).splitlines() if line]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


@pytest.fixture(scope="module")
def service(root: Path) -> Mapping[str, Any]:
    """The only service of docker-compose.yml."""
    text = (root / "docker-compose.yml").read_text(encoding="utf-8")
    composed = yaml.safe_load(text)
    assert set(composed["services"]) == {"api"}
    assert set(composed["volumes"]) == {"store"}
    found: Mapping[str, Any] = composed["services"]["api"]
    return found


def _last(steps: list[tuple[str, str]], instruction: str) -> str:
    return [rest for name, rest in steps if name == instruction][-1]


def _sent_to_the_engine(root: Path, path: str) -> bool:
    """Whether .dockerignore lets a path through; the last line that fits decides."""
    sent = True
    for line in (root / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!")
        top = path.split("/", 1)[0]
        if any(fnmatch(one, pattern) for one in (path, top)):
            sent = line.startswith("!")
    return sent


def test_what_is_copied_is_there_and_is_sent(root: Path, steps: list[tuple[str, str]]) -> None:
    copied = [
        source.rstrip("/")
        for name, rest in steps
        if name == "COPY" and "--from=" not in rest
        for source in rest.split()[:-1]
    ]
    assert {"pyproject.toml", "requirements.lock", "graph", "explorer"} <= set(copied)
    assert [path for path in copied if not (root / path).exists()] == []
    assert [path for path in copied if not _sent_to_the_engine(root, path)] == []


def test_what_is_not_copied_stays_here(root: Path) -> None:
    for path in (".git", ".venv", ".demo", "tests", "explorer/node_modules", "explorer/dist"):
        assert not _sent_to_the_engine(root, path), path


def test_every_package_of_the_wheel_is_copied(
    project: Mapping[str, Any], steps: list[tuple[str, str]]
) -> None:
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = " ".join(rest for name, rest in steps if name == "COPY")
    assert [one for one in wheel["only-include"] if f"{one}/" not in copied] == []


def test_three_stages_and_the_last_is_slim(steps: list[tuple[str, str]]) -> None:
    stages = [rest for name, rest in steps if name == "FROM"]
    assert [stage.partition(" AS ")[2] for stage in stages] == ["explorer", "build", ""]
    assert stages[1].split()[0] == stages[2], "the environment must run on the Python that made it"
    assert "slim" in stages[2]


def test_it_runs_as_a_user_without_rights(steps: list[tuple[str, str]]) -> None:
    user, _, group = _last(steps, "USER").partition(":")
    assert int(user) > 0
    assert int(group) > 0


def test_the_health_check_asks_the_service(steps: list[tuple[str, str]]) -> None:
    assert "http://127.0.0.1:8000/health" in _last(steps, "HEALTHCHECK")


def _parses(arguments: list[str]) -> Mapping[str, Any]:
    """The parameters of a command line of ours, without running it."""
    command = get_command(app)
    with command.make_context("colineage", arguments) as context:
        rest = [*context._protected_args, *context.args]
        name, found, arguments = command.resolve_command(context, rest)  # type: ignore[attr-defined]
        with found.make_context(name, arguments, parent=context) as inner:
            parameters: Mapping[str, Any] = inner.params
            return parameters


def test_both_start_our_service_on_every_address_of_the_container(
    steps: list[tuple[str, str]], service: Mapping[str, Any]
) -> None:
    assert json.loads(_last(steps, "ENTRYPOINT")) == ["colineage"]
    for arguments in (json.loads(_last(steps, "CMD")), service["command"]):
        assert arguments[0] == "serve"
        found = _parses(arguments)
        assert (found["host"], found["port"]) == ("0.0.0.0", 8000)  # noqa: S104 - in a container


def test_only_this_machine_reaches_it(service: Mapping[str, Any]) -> None:
    assert service["ports"] == ["127.0.0.1:8000:8000"]


def test_it_can_write_to_its_volume_alone(
    steps: list[tuple[str, str]], service: Mapping[str, Any]
) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["store:/data"]
    assert _last(steps, "VOLUME") == "/data"
    kept = dict(part.split("=", 1) for part in shlex.split(_last(steps, "ENV")) if "=" in part)
    environment = service["environment"]
    assert environment["COLINEAGE_STORE"] == kept["COLINEAGE_STORE"] == "sqlite:/data/colineage.db"
    assert environment["COLINEAGE_KEY"] == kept["COLINEAGE_KEY"] == "/data/key.pem"


def test_the_environment_names_settings_that_exist(
    steps: list[tuple[str, str]], root: Path
) -> None:
    settings = (root / "colineage" / "settings.py").read_text(encoding="utf-8")
    named = re.findall(r"COLINEAGE_[A-Z]+", _last(steps, "ENV"))
    assert named
    assert [name for name in named if name not in settings] == []
