from pathlib import Path

import pytest

from colineage.settings import Settings, settings_from
from graph.errors import InputError


def test_the_defaults() -> None:
    assert settings_from({"HOME": "/home/ada"}) == Settings(
        store="sqlite:colineage.db",
        key=Path("/home/ada/.config/colineage/key.pem"),
        model="all-MiniLM-L6-v2",
        patience_s=30.0,
    )


def test_variables_count_before_defaults_and_arguments_before_variables() -> None:
    variables = {
        "HOME": "/home/ada",
        "COLINEAGE_STORE": "sqlite:a.db",
        "COLINEAGE_KEY": "/keys/a.pem",
        "COLINEAGE_MODEL": "package",
        "COLINEAGE_PATIENCE_S": "0.5",
    }
    assert settings_from(variables) == Settings("sqlite:a.db", Path("/keys/a.pem"), "package", 0.5)
    given = settings_from(variables, store="sqlite:b.db", key=Path("b.pem"), model="/models/b")
    assert given == Settings("sqlite:b.db", Path("b.pem"), "/models/b", 0.5, is_key_given=True)


def test_an_empty_variable_is_none() -> None:
    found = settings_from({"HOME": "/home/ada", "COLINEAGE_STORE": "", "COLINEAGE_KEY": ""})
    assert found == settings_from({"HOME": "/home/ada"})


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf"])
def test_a_patience_that_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="COLINEAGE_PATIENCE_S"):
        settings_from({"HOME": "/home/ada", "COLINEAGE_PATIENCE_S": text})


def test_the_key_follows_xdg_where_it_is_absolute() -> None:
    there = settings_from({"HOME": "/home/ada", "XDG_CONFIG_HOME": "/etc/ada"})
    assert there.key == Path("/etc/ada/colineage/key.pem")
    relative = settings_from({"HOME": "/home/ada", "XDG_CONFIG_HOME": "here"})
    assert relative.key == Path("/home/ada/.config/colineage/key.pem")


def test_a_home_that_nobody_has_is_refused() -> None:
    with pytest.raises(InputError, match="COLINEAGE_KEY"):
        settings_from({"HOME": "/home/ada", "COLINEAGE_KEY": "~no-such-user/key.pem"})


def test_a_person_s_key_lies_beside_the_installation_s() -> None:
    variables = {"HOME": "/home/ada", "COLINEAGE_KEY": "/keys/a.pem"}
    assert settings_from(variables).speaking_key == Path("/keys/a.pem")
    assert settings_from(variables, speaker="person").speaking_key == Path("/keys/person.pem")
    assert settings_from(variables, speaker="software").speaking_key == Path("/keys/a.pem")
    named = settings_from(variables, speaker="person", key=Path("b.pem"))
    assert named.speaking_key == Path("b.pem")


GRANT = "sha256:" + "a" * 64


def test_who_speaks_and_under_which_grant() -> None:
    variables = {"HOME": "/home/ada", "COLINEAGE_UNDER": GRANT, "COLINEAGE_AS": "person"}
    found = settings_from(variables)
    assert (found.under, found.speaker) == (GRANT, "person")
    given = settings_from(variables, under="sha256:" + "b" * 64, speaker="ai:" + "c" * 64)
    assert (given.under, given.speaker) == ("sha256:" + "b" * 64, "ai:" + "c" * 64)
    orcid = settings_from(variables, speaker="https://orcid.org/0000-0002-1825-0097")
    assert orcid.speaker == "orcid:0000-0002-1825-0097"
    assert settings_from({"HOME": "/home/ada", "COLINEAGE_UNDER": ""}).under is None


@pytest.mark.parametrize("option", ["store", "model", "under", "speaker"])
def test_an_empty_argument_is_refused(option: str) -> None:
    """`--under "$GRANT"` without a GRANT would be said for another author, and stay."""
    with pytest.raises(InputError, match="got nothing"):
        settings_from({"HOME": "/home/ada"}, **{option: ""})  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("name", ["COLINEAGE_UNDER", "COLINEAGE_AS"])
def test_a_wrong_variable_is_called_by_its_name(name: str) -> None:
    with pytest.raises(InputError, match=name):
        settings_from({"HOME": "/home/ada", name: "mine"})


@pytest.mark.parametrize("text", ["mine", "sha256:abc", GRANT.upper(), GRANT + "0"])
def test_a_grant_that_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--under"):
        settings_from({"HOME": "/home/ada"}, under=text)


@pytest.mark.parametrize("text", ["ada", "arxiv:2512.05356", "source", "idea:" + "a" * 64])
def test_who_speaks_is_an_agent(text: str) -> None:
    with pytest.raises(InputError, match="--as"):
        settings_from({"HOME": "/home/ada"}, speaker=text)
