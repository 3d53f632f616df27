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
from graph.neo4j.connection import address_of
from tests.graph.neo4j.process import RELEASES


@pytest.fixture(scope="module")
def steps(root: Path) -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, continued lines joined."""
    text = (root / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    lines = [line for line in re.sub(r"\\\n\s*", " ", text).splitlines() if line]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


@pytest.fixture(scope="module")
def composed(root: Path) -> Mapping[str, Any]:
    """docker-compose.yml."""
    found = yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))
    assert set(found["services"]) == {"neo4j", "api", "file"}
    assert set(found["volumes"]) == {"store", "neo4j", "neo4j-logs"}
    return dict(found)


@pytest.fixture(scope="module", params=["api", "file"])
def service(composed: Mapping[str, Any], request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """Each service that runs what the Dockerfile makes."""
    found: Mapping[str, Any] = composed["services"][request.param]
    return found


@pytest.fixture(scope="module")
def neo4j(composed: Mapping[str, Any]) -> Mapping[str, Any]:
    """The database."""
    found: Mapping[str, Any] = composed["services"]["neo4j"]
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
    """No engine is at hand here, so a missing file would be found by a user."""
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
    """Keys and stores of the author must not be sent to an engine."""
    for path in (".git", ".venv", ".demo", "tests", "explorer/node_modules", "explorer/dist"):
        assert not _sent_to_the_engine(root, path), path


def test_every_package_of_the_wheel_is_copied(
    project: Mapping[str, Any], steps: list[tuple[str, str]]
) -> None:
    """A new package is forgotten in the Dockerfile easily."""
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = " ".join(rest for name, rest in steps if name == "COPY")
    assert [one for one in wheel["only-include"] if f"{one}/" not in copied] == []


def test_three_stages_and_the_last_is_slim(steps: list[tuple[str, str]]) -> None:
    """Compilers in the last stage are an attacker's tools."""
    stages = [rest for name, rest in steps if name == "FROM"]
    assert [stage.partition(" AS ")[2] for stage in stages] == ["explorer", "build", ""]
    assert stages[1].split()[0] == stages[2], "the environment must run on the Python that made it"
    assert "slim" in stages[2]


def test_it_runs_as_a_user_without_rights(steps: list[tuple[str, str]]) -> None:
    """Whoever breaks out of the service must find nothing."""
    user, _, group = _last(steps, "USER").partition(":")
    assert int(user) > 0
    assert int(group) > 0


def test_the_health_check_asks_the_service(steps: list[tuple[str, str]]) -> None:
    """A health check that asks something else is always green."""
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
    """On its own loopback nobody reaches it."""
    assert json.loads(_last(steps, "ENTRYPOINT")) == ["colineage"]
    for arguments in (json.loads(_last(steps, "CMD")), service["command"]):
        assert arguments[0] == "serve"
        found = _parses(arguments)
        assert (found["host"], found["port"]) == ("0.0.0.0", 8000)  # noqa: S104 - in a container


def test_only_this_machine_reaches_it(service: Mapping[str, Any]) -> None:
    """Publishing a graph is a decision of whoever runs it."""
    assert service["ports"] == ["127.0.0.1:8000:8000"]


def test_it_can_write_to_its_volume_alone(
    steps: list[tuple[str, str]], service: Mapping[str, Any]
) -> None:
    """Everything else of the container can stay read-only."""
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["store:/data"]
    assert _last(steps, "VOLUME") == "/data"
    kept = dict(part.split("=", 1) for part in shlex.split(_last(steps, "ENV")) if "=" in part)
    assert kept["COLINEAGE_STORE"] == "sqlite:/data/colineage.db"
    assert service["environment"]["COLINEAGE_KEY"] == kept["COLINEAGE_KEY"] == "/data/key.pem"


def test_the_environment_names_settings_that_exist(
    steps: list[tuple[str, str]], root: Path
) -> None:
    """A misspelt setting is ignored in silence."""
    settings = (root / "colineage" / "settings.py").read_text(encoding="utf-8")
    named = re.findall(r"COLINEAGE_[A-Z]+", _last(steps, "ENV"))
    assert named
    assert [name for name in named if name not in settings] == []


def test_the_api_asks_neo4j_once_it_answers(
    composed: Mapping[str, Any], neo4j: Mapping[str, Any]
) -> None:
    """Started too early, it would end with an error at each first start."""
    api = composed["services"]["api"]
    assert "profiles" not in api
    address = address_of(api["environment"]["COLINEAGE_STORE"], {})
    assert (address.uri, address.password) == ("bolt://neo4j:7687", None)
    assert api["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert "/127.0.0.1/7687" in " ".join(neo4j["healthcheck"]["test"])


def test_one_file_is_enough_where_that_is_asked_for(composed: Mapping[str, Any]) -> None:
    """The profile `file` must need no Neo4j."""
    file = composed["services"]["file"]
    assert file["profiles"] == ["file"]
    assert file["environment"]["COLINEAGE_STORE"] == "sqlite:/data/colineage.db"
    assert {"depends_on", "secrets"}.isdisjoint(file)


def test_neo4j_is_the_one_that_is_tested(neo4j: Mapping[str, Any]) -> None:
    """What users are told to run is what the suite ran on."""
    assert neo4j["image"] == f"neo4j:{RELEASES['lts'].version}-community"


def test_the_password_is_in_a_file_that_nobody_commits(
    root: Path, composed: Mapping[str, Any], neo4j: Mapping[str, Any]
) -> None:
    """A password in the environment is in every listing of processes."""
    api = composed["services"]["api"]
    assert neo4j["environment"]["NEO4J_AUTH_FILE"] == f"/run/secrets/{neo4j['secrets'][0]}"
    assert api["environment"]["NEO4J_PASSWORD_FILE"] == f"/run/secrets/{api['secrets'][0]}"
    files = {name: one["file"] for name, one in composed["secrets"].items()}
    assert set(files) == {*neo4j["secrets"], *api["secrets"]}
    ignored = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/secrets/" in ignored
    assert all(path.startswith("secrets/") for path in files.values())
    assert not any(_sent_to_the_engine(root, path) for path in files.values())
    told = (root / "docker-compose.yml").read_text(encoding="utf-8").partition("name:")[0]
    assert all(path in told for path in files.values()), "how to make them is said"


def test_neo4j_keeps_its_data_needs_no_rights_and_has_bounds(neo4j: Mapping[str, Any]) -> None:
    """Without bounds a database takes the machine's memory with it."""
    assert "neo4j:/data" in neo4j["volumes"]
    user, _, group = neo4j["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert neo4j["cap_drop"] == ["ALL"]
    assert neo4j["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in neo4j, "nobody but the API reaches it"
    settings = neo4j["environment"]
    heap = _mebibytes(settings["NEO4J_server_memory_heap_max__size"])
    cache = _mebibytes(settings["NEO4J_server_memory_pagecache_size"])
    assert heap + cache < _mebibytes(neo4j["mem_limit"])


def _mebibytes(size: str) -> int:
    number, unit = int(size[:-1]), size[-1]
    return number * {"m": 1, "g": 1024}[unit]
