"""Bundle: a small, immutable, content-addressed pair of header and body (docs/bundle.md)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from graph.bundle.attribute_values import ATTRIBUTE_FORMS, QUALIFIER_FORMS
from graph.bundle.body import (
    MAX_BODY_BYTES,
    abbreviate,
    admitted_body,
    admitted_descriptions,
    body_from_json,
    body_to_json,
)
from graph.bundle.header import (
    VERSION,
    admitted_header,
    hash_faults,
    header_from_json,
    header_to_json,
    later_signature_faults,
    signature_faults,
)
from graph.bundle.keys import envelope
from graph.errors import BundleError, DamagedError, Fault
from graph.model.canonical import Json, decode_admitted, digest, encode_checked, parse
from graph.model.model import Body, BundleId, Description, Edge, Header, RecordSource

_FIRST_VERSION: Final = 1


class HeaderSigner(Protocol):
    """Signer of headers."""

    @property
    def key(self) -> str:
        """Public key: `ed25519:` and 64 hex digits."""
        ...

    def sign(self, header: bytes) -> bytes:
        """Return the 64 bytes of the signature of a header."""
        ...


@dataclass(frozen=True, slots=True)
class Bundle:
    """Bundle: its bytes, and what they mean.

    `header` is `None` for a version that is not understood yet. `body` is `None` then, and where
    the body is withheld (`body_bytes` is `None` too).
    """

    id: BundleId
    header_bytes: bytes
    body_bytes: bytes | None
    signature: bytes | None
    header: Header | None
    body: Body | None

    def resolved_body(self) -> Body:
        """Return the body with each label replaced by the id that it mints; an empty one where there is none."""
        body = self.body or Body()
        if self.signature is None:  # a record mints nothing
            return body
        names = {n.id: mint_id(self.id, n.id, n.kind) for n in body.nodes if n.id.startswith("#")}
        if not names:
            return body
        return Body(
            tuple(
                Description(
                    names.get(n.id, n.id),
                    n.kind,
                    _resolve_labels(n.attributes, names, ATTRIBUTE_FORMS.reference_keys),
                )
                for n in body.nodes
            ),
            tuple(
                Edge(
                    names.get(e.source, e.source),
                    e.relation,
                    names.get(e.target, e.target),
                    _resolve_labels(e.qualifiers, names, QUALIFIER_FORMS.reference_keys),
                )
                for e in body.edges
            ),
        )

    def minted_ids(self) -> Iterator[str]:
        """Yield the ids of the new things that it mints."""
        for node in self.body.nodes if self.body else ():
            if node.id.startswith("#"):
                yield mint_id(self.id, node.id, node.kind)

    def to_json(self) -> dict[str, Any]:
        """Return the form for other programs: `{"id", "header", "body", "envelope"}`, envelope as in DSSE.

        A bundle of a newer version keeps its signature, without the key, which can't be known here.
        """
        key = self.header.key if self.header else None
        return {
            "id": self.id,
            "header": self.header_bytes.decode(),
            "body": None if self.body_bytes is None else self.body_bytes.decode(),
            "envelope": None
            if self.signature is None
            else envelope(self.header_bytes, key, self.signature),
        }


def mint_id(bundle: BundleId, label: str, kind: str) -> str:
    """Return the id of a new thing: its kind and the SHA-256 of `<bundle id>#<k>`; the label is `#k`."""
    return f"{kind}:{hashlib.sha256((bundle + label).encode()).hexdigest()}"


def _resolve_labels(
    values: Mapping[str, Any], names: Mapping[str, str], referring: frozenset[str]
) -> dict[str, Json]:
    resolved = dict(values)
    for key in referring & values.keys():
        value = values[key]
        if isinstance(value, str):
            resolved[key] = names.get(value, value)
        else:
            resolved[key] = sorted(names.get(identifier, identifier) for identifier in value)
    return resolved


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """Record in its bytes, not validated yet."""

    id: BundleId
    header_bytes: bytes
    body_bytes: bytes
    header: Header
    body: Body

    def validate(self) -> Bundle:
        """Return the record, validated.

        Raises:
            BundleError: With all that is wrong.
        """
        return _validate(
            self.header_bytes,
            header_to_json(self.header),
            self.body_bytes,
            body_to_json(self.body),
            None,
        )

    def to_admitted_record(self) -> Bundle:
        """Return the record where a log holds this id with its body: the same bytes were validated when they came."""
        return Bundle(self.id, self.header_bytes, self.body_bytes, None, self.header, self.body)


def draft(by: str, at: str | None, source: RecordSource, body: Body) -> RecordDraft:
    """Return a record still to be validated: what a source served, a pure function of it, without a key.

    Raises:
        BundleError: It has no canonical bytes.
    """
    value = body_to_json(body)
    body_bytes = encode_checked(value, "body")
    header = Header(by=by, at=at, body=digest(body_bytes), source=source)
    header_value = header_to_json(header)
    header_bytes = encode_checked(header_value, "header")
    name = digest(header_bytes)
    return RecordDraft(name, header_bytes, body_bytes, header, body)


def record(by: str, at: str | None, source: RecordSource, body: Body) -> Bundle:
    """Return a validated record; see `draft`.

    Raises:
        BundleError: With all that is wrong.
    """
    return draft(by, at, source, body).validate()


def statement(header: Header, body: Body, signer: HeaderSigner) -> Bundle:
    """Return a signed statement; `key` and `body` of the header are filled in.

    Raises:
        BundleError: With all that is wrong.
    """
    value = body_to_json(body)
    body_bytes = encode_checked(value, "body")
    complete = replace(header, key=signer.key, body=digest(body_bytes))
    header_value = header_to_json(complete)
    header_bytes = encode_checked(header_value, "header")
    return _validate(header_bytes, header_value, body_bytes, value, signer.sign(header_bytes))


def read(header_bytes: bytes, body_bytes: bytes | None, signature: bytes | None) -> Bundle:
    """Read a bundle from foreign bytes, validated by nothing but the bytes.

    Args:
        header_bytes: The header.
        body_bytes: The body, `None` where it is withheld.
        signature: The 64 bytes of the signature, `None` for a record.

    Raises:
        BundleError: With all that is wrong.
    """
    if body_bytes is not None and len(body_bytes) > MAX_BODY_BYTES:
        raise BundleError("no bundle", [_too_long(body_bytes)])
    header = parse(header_bytes, "header")
    body = None if body_bytes is None else parse(body_bytes, "body")
    return _validate(header_bytes, header, body_bytes, body, signature)


def _validate(
    header_bytes: bytes,
    header_value: Any,
    body_bytes: bytes | None,
    body_value: Any,
    signature: bytes | None,
) -> Bundle:
    name = digest(header_bytes)
    version: Any = header_value.get("v") if isinstance(header_value, dict) else None
    faults = hash_faults(header_value, body_bytes)
    bare = Bundle(name, header_bytes, body_bytes, signature, None, None)
    is_later = (
        isinstance(version, int) and not isinstance(version, bool) and version > _FIRST_VERSION
    )
    if is_later:
        faults += later_signature_faults(header_value, header_bytes, signature)
        _refuse(name, faults)
        if version > VERSION:
            return bare
    elif version != VERSION or isinstance(version, bool):
        faults.append(Fault("header.v", f"{VERSION}, or a newer version", abbreviate(version)))
    header, body, content_faults = _interpret(
        header_value, header_bytes, body_bytes, body_value, signature
    )
    if (
        content_faults and is_later
    ):  # logs admitted it before its version was understood: it means nothing
        return bare
    _refuse(name, faults + content_faults)
    return replace(bare, header=header, body=body)


def _refuse(name: BundleId, faults: list[Fault]) -> None:
    if faults:
        raise BundleError(f"bundle {name} is refused", faults)


def _interpret(
    header_value: Any,
    header_bytes: bytes,
    body_bytes: bytes | None,
    body_value: Any,
    signature: bytes | None,
) -> tuple[Header | None, Body | None, list[Fault]]:
    """Return header and body, parsed, and all that is wrong with them."""
    header, faults = header_from_json(header_value)
    faults += signature_faults(header, header_bytes, signature)
    if body_bytes is None:
        return header, None, faults
    slot = header.source.uri if header and header.source else None
    body, body_faults = body_from_json(body_value, slot=slot)
    faults += body_faults
    if len(body_bytes) > MAX_BODY_BYTES:
        faults.append(_too_long(body_bytes))
    return header, body, faults


def _too_long(body: bytes) -> Fault:
    return Fault("body", f"at most {MAX_BODY_BYTES} bytes", f"{len(body)} bytes")


def reread(header_bytes: bytes, body_bytes: bytes | None, signature: bytes | None) -> Bundle:
    """Read a bundle from bytes that were admitted before: nothing is validated again.

    Raises:
        DamagedError: The bytes are not what was admitted.
    """
    name = digest(header_bytes)
    try:
        value = decode_admitted(header_bytes)
        if value["v"] != VERSION:
            return Bundle(name, header_bytes, body_bytes, signature, None, None)
        header = admitted_header(value)
        body = None if body_bytes is None else admitted_body(decode_admitted(body_bytes))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _damage_error(name, str(error)) from error
    return Bundle(name, header_bytes, body_bytes, signature, header, body)


def read_late(header_bytes: bytes, body_bytes: bytes | None, signature: bytes | None) -> Bundle:
    """Read a bundle from bytes that came when their version was not understood: they are validated only now.

    A bundle that would be refused today is still not understood: it stays in the log and means nothing.
    """
    try:
        return read(header_bytes, body_bytes, signature)
    except BundleError:
        return Bundle(digest(header_bytes), header_bytes, body_bytes, signature, None, None)


def reread_descriptions(
    header_bytes: bytes, body_bytes: bytes | None, signature: bytes | None
) -> tuple[Description, ...]:
    """Return the descriptions of a bundle from bytes that were admitted before.

    Raises:
        DamagedError: The bytes are not what was admitted.
    """
    try:
        if signature is not None or body_bytes is None:
            return reread(header_bytes, body_bytes, signature).resolved_body().nodes
        # A record mints nothing: its header adds nothing to what it says.
        return admitted_descriptions(decode_admitted(body_bytes))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _damage_error(digest(header_bytes), str(error)) from error


def _damage_error(name: BundleId, what: str) -> DamagedError:
    return DamagedError(
        "a stored bundle is damaged", [Fault(name, "what was admitted", what[:200])]
    )
