"""Logging in to a Neo4j that asks for a password, and speaking to it in secret."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from colineage.cli import app, run
from graph.clock import system_clock
from graph.errors import StoreError
from graph.open import open_store
from tests.graph.neo4j.process import Server, Unavailable
from tests.graph.neo4j.server import Servers

PASSWORD = "correct horse: battery/staple@7"  # noqa: S105 - of a server that lives a minute
TLS = (
    "dbms.ssl.policy.bolt.enabled=true",
    "dbms.ssl.policy.bolt.base_directory={home}/certificates",
    "dbms.ssl.policy.bolt.private_key=private.key",
    "dbms.ssl.policy.bolt.public_certificate=public.crt",
    "dbms.ssl.policy.bolt.client_auth=NONE",
    "server.bolt.tls_level=OPTIONAL",
)

pytestmark = pytest.mark.neo4j


def _certify(folder: Path) -> None:
    """A certificate that nobody but its key vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = system_clock()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True)
    pem = serialization.Encoding.PEM
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "private.key").write_bytes(key.private_bytes(pem, form, plain))
    (folder / "public.crt").write_bytes(made.public_bytes(pem))


@pytest.fixture(scope="module")
def place(neo4j_servers: Servers) -> Iterator[str]:
    """Host and port of a server with a password and a certificate of its own making."""
    home = neo4j_servers.folder()
    _certify(home / "certificates")
    more = tuple(line.format(home=home) for line in TLS)
    try:
        with Server(neo4j_servers.kit(), home, password=PASSWORD, more=more) as server:
            open_store(_with_password(server.url)).close()
            yield server.place
    except Unavailable as why:
        pytest.skip(str(why))


def _with_password(url: str) -> str:
    return url.replace("://", "://neo4j:correct%20horse%3A%20battery%2Fstaple%407@")


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+ssc", "neo4j+ssc"])
def test_the_password_opens_it(
    place: str, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{scheme}://{place}"
    open_store(_with_password(url), must_exist=False).close()
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    open_store(url).close()
    monkeypatch.delenv("NEO4J_PASSWORD")
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    monkeypatch.setenv("NEO4J_PASSWORD_FILE", str(secret))
    open_store(url).close()


@pytest.mark.parametrize("password", ["wrong", None])
def test_a_wrong_password_is_one_error_that_does_not_tell_it(
    place: str,
    password: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", password or "")
    status = run(app, "colineage", ["stats", "--store", f"bolt://{place}"])
    said = capsys.readouterr()
    assert (status, said.out) == (74, "")
    assert len(said.err.splitlines()) == 1
    assert "NEO4J_PASSWORD_FILE" in said.err
    assert "wrong" not in said.err


def test_a_certificate_that_nobody_vouches_for_is_refused(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    with pytest.raises(StoreError, match="certificate"):
        open_store(f"bolt+s://{place}", patience_s=1)
