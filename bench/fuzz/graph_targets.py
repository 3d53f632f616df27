"""Fuzz targets in `graph`: parsers of what other installations hand over, and of this one's files."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from bench.fuzz.golden import SIGNER, golden_lines, golden_parts
from bench.fuzz.judge import Target
from bench.fuzz.seeds import (
    SPLIT,
    NoValueError,
    in_file,
    parts,
    scratch,
    text_of,
    texts,
    value_of,
)
from graph.bundle.body import body_from_json, body_to_json, content_from_json
from graph.bundle.bundle import body_faults, read, read_late, reread, reread_descriptions, statement
from graph.bundle.key_files import read_key
from graph.bundle.keys import is_key, parse_public_key
from graph.clock import is_date, is_time
from graph.errors import (
    BundleError,
    DamagedError,
    IdentifierError,
    InputError,
    KeyFileError,
    NoteError,
)
from graph.export.format import first_of, line_of, raw_bundles, read_lines, validate_bundle
from graph.export.log_manifest import parse_manifest
from graph.log.checkpoint import Checkpoint
from graph.log.frontier import Peaks
from graph.log.signed_note import read_note, sign_checkpoint, verifier_key
from graph.model.canonical import canonical_bytes, digest, encode_checked, parse
from graph.model.identifiers import (
    belongs,
    canonical_id,
    is_any_id,
    is_key_form,
    key_in,
    kind_of,
    kinds_of,
    mention_subject,
    owner_of,
    work_of,
)
from graph.model.model import Header
from graph.store import RawBundle
from ingest.pull.pins import MissingBundle, Pin, PullProgress, pin_path, read_pin, write_pin

_ORIGIN: Final = "colineage/" + "a" * 32
_AT: Final = "2026-11-20T00:00:00Z"


def _bundle(data: bytes) -> None:
    header, body, signature = parts(data, 3)
    bundle = read(header, body or None, signature[:64] or None)
    is_fit = not bundle.is_unfit
    if reread(header, body or None, signature[:64] or None, is_fit=is_fit) != bundle:
        raise AssertionError(f"{bundle.id} is another bundle when it is read again")
    if bool(body_faults(bundle)) != bundle.is_unfit:
        raise AssertionError(f"{bundle.id} says nothing, and nothing is wrong with it")
    list(bundle.minted_ids())
    bundle.resolved_body()
    if not bundle.is_unfit:  # such a body may be no text
        bundle.to_json()


def _body(data: bytes) -> None:
    """Read a body whose bytes are canonical and whose header is sound, so that its values decide."""
    value = value_of(data)
    body_bytes = encode_checked(value, "body")
    parse(body_bytes, "body")
    content, faults = content_from_json(value)
    if content is None:
        raise InputError("no body", faults)
    header = Header(by=f"person:{SIGNER.key}", at=_AT)
    bundle = statement(header, content, SIGNER)
    if bundle.body is None or bundle.header is None or bundle.body_bytes is None:
        raise AssertionError("a statement of ours says nothing")
    again, faults = body_from_json(parse(bundle.body_bytes, "body"), bundle.header)
    if again != bundle.body or faults:
        raise AssertionError("a body is read in another way than it was written")
    if body_to_json(content) != {"words": 1, **value}:
        raise AssertionError("a body is written in another way than it was read")
    bundle.resolved_body()


def _header(data: bytes) -> None:
    """Read a header whose bytes are canonical, with the hash of a body that says nothing, so that its values decide."""
    value = value_of(data)
    body = b"{}"
    if isinstance(value, dict) and not value.keys() & {"grants", "ends"}:
        value["body"] = digest(body)
    header = encode_checked(value, "header")
    read_late(header, body, SIGNER.sign(header))
    read(header, body, SIGNER.sign(header))


def _stored_bundle(data: bytes) -> None:
    header, body, signature = parts(data, 3)
    for reader in (reread, reread_descriptions):
        reader(header, body or None, signature[:64] or None)


def _export(data: bytes) -> None:
    first_of(text_of(data[:60]))
    for raw in read_lines(lambda _: BytesIO(data), 0, 20):
        if isinstance(raw, BundleError):
            continue
        try:
            bundle = validate_bundle(raw)
        except BundleError:
            continue
        if bundle.header and _round_trip(raw) != raw:
            raise AssertionError(f"the line of {raw.id} is read in another way")


def _round_trip(raw: RawBundle) -> RawBundle:
    with BytesIO(line_of(raw)) as file:
        (copy,) = raw_bundles(lambda _: file, 0, 1)
    return replace(copy, position=raw.position)


def _note(data: bytes) -> None:
    text = text_of(data)
    with suppress(NoteError):
        read_note(text, SIGNER.key)
    note = read_note(text)
    sign_checkpoint(note.origin, note.checkpoint, SIGNER)
    verifier_key(note.origin, SIGNER.key)


def _about(data: bytes) -> None:
    manifest = parse_manifest(data)
    if parse_manifest(manifest.to_bytes()) != manifest:
        raise AssertionError("about.json is read in another way than it was written")


def _pin(data: bytes) -> None:
    in_file(data, pin_path(Path(), _ORIGIN).name)
    pin = read_pin(scratch(), _ORIGIN)
    if pin:
        write_pin(scratch(), pin)
        if read_pin(scratch(), _ORIGIN) != pin:
            raise AssertionError("a pin is read in another way than it was written")


def _key_file(data: bytes) -> None:
    path = in_file(data, "key.pem")
    path.chmod(0o600)
    read_key(path)


def _key(data: bytes) -> None:
    text = text_of(data)
    is_key(text)
    parse_public_key(text)


def _identifier(data: bytes) -> None:
    text = text_of(data)
    for look in (kinds_of, kind_of, owner_of, mention_subject, key_in, work_of, is_key_form):
        look(text)
    belongs(text, text)
    is_date(text)
    is_time(text)
    identifier = canonical_id(text)
    if not is_any_id(identifier) or not kinds_of(identifier):
        raise AssertionError(f"{identifier!r} is none")
    if canonical_id(identifier) != identifier:
        raise AssertionError(f"{identifier!r} has another canonical form")


def _golden_headers() -> Sequence[bytes]:
    """Return the headers of golden statements, as this key would make them."""
    headers = []
    for data in golden_parts():
        value = json.loads(data.split(SPLIT)[0])
        if "key" in value:
            value |= {"key": SIGNER.key}
            value["by"] = value["by"] if "under" in value else f"person:{SIGNER.key}"
        headers.append(canonical_bytes(value))
    return headers


@cache
def _notes() -> tuple[bytes, ...]:
    peaks = _peaks(5)
    note = sign_checkpoint(_ORIGIN, Checkpoint(5, peaks.root()), SIGNER)
    empty = sign_checkpoint(_ORIGIN, Checkpoint(0, Peaks().root()), SIGNER)
    witness = note.rpartition("\n\n")[2].replace(_ORIGIN, "witness.example/w")
    return note.encode(), empty.encode(), (note + witness).encode()


def _peaks(size: int) -> Peaks:
    return Peaks().plus(bytes([number]) * 32 for number in range(size))


def _pins() -> Sequence[bytes]:
    missing = MissingBundle(4, "sha256:" + "1" * 64)
    taken = PullProgress(_peaks(2), Checkpoint(3, "0" * 64), (missing,))
    pin = Pin(_ORIGIN, SIGNER.key, _notes()[0].decode(), _peaks(5), {_ORIGIN: taken})
    return [canonical_bytes(variant.to_json()) for variant in (pin, replace(pin, stores={}))]


def _abouts() -> Sequence[bytes]:
    value = {
        "origin": _ORIGIN,
        "key": SIGNER.key,
        "size": 5,
        "root": "0" * 64,
        "rules": 1,
        "trusted": [{"author": SIGNER.key}, {"author": SIGNER.key, "sources": ["source:arxiv"]}],
        "digest": "sha256:" + "0" * 64,
        "sources": {"source:arxiv": {"licences": {"CC0-1.0": 4, "not stated": 1}}},
    }
    first, until = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
    all_waiting = (None, {"bundles": 2, "first": first, "until": until})
    return [json.dumps(value | {"waiting": one}, indent=2).encode() for one in all_waiting]


_PEM: Final = (
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
    "-----END PRIVATE KEY-----\n"
)

GRAPH: Final = (
    Target("bundle", _bundle, (BundleError,), golden_parts),
    Target(
        "bundle-body",
        _body,
        (NoValueError, InputError),
        lambda: [body for one in golden_parts() if (body := one.split(SPLIT)[1])],
    ),
    Target("bundle-header", _header, (NoValueError, BundleError), _golden_headers),
    Target("bundle-stored", _stored_bundle, (DamagedError,), golden_parts),
    Target("export", _export, (), lambda: [*golden_lines(), b"".join(golden_lines())]),
    Target("note", _note, (NoteError,), _notes),
    Target("about", _about, (InputError,), _abouts),
    Target("pin", _pin, (InputError,), _pins),
    Target("key-file", _key_file, (KeyFileError,), texts(_PEM)),
    Target("key", _key, (InputError,), texts(SIGNER.key, f"person:{SIGNER.key}")),
    Target(
        "identifier",
        _identifier,
        (IdentifierError,),
        texts(
            *("arxiv:2512.05356v2", "https://arxiv.org/abs/math.GT/0309136", "doi:10.5555/A(1)<b>"),
            *("orcid:0000-0002-1825-0097", "https://openalex.org/works/w123", "git:" + "a" * 40),
            *("mention:arxiv:2512.05356/" + "0" * 64 + ".2", "concept:openalex/machine-learning"),
            *("oai:arXiv.org:hep-th/9901001", "swh:1:rev:" + "a" * 40, "mlflow:0/c4e130d6"),
            *("mlflow:0/models/m-1", "model:provider/name@2.1", "repository:git/" + "a" * 40),
            *("2026-11-20", "2026-11-20T00:00:00Z", "ai:" + "0" * 64, "ror:02mhbdp94"),
        ),
    ),
)
