"""Bundle: a small, immutable, content-addressed pair of header and body (docs/bundle.md)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from graph.bundle.attribute_values import ATTRIBUTE_FORMS, QUALIFIER_FORMS
from graph.bundle.body import (
    abbreviate,
    admitted_body,
    admitted_descriptions,
    body_from_json,
    body_to_json,
    mints_of,
)
from graph.bundle.envelopes import (
    are_envelopes,
    envelopes_faults,
    signatures,
    unpack,
    with_payload,
)
from graph.bundle.header import (
    admitted_header,
    header_from_json,
    header_to_json,
    is_later,
    is_understood,
    later_faults,
    signature_faults,
)
from graph.bundle.keys import envelope, is_key, is_signed
from graph.errors import BundleError, DamagedError, Fault
from graph.model.canonical import (
    MAX_BODY_BYTES,
    MAX_HEADER_BYTES,
    Json,
    canonical_bytes,
    decode_admitted,
    digest,
    encode_checked,
    parse,
)
from graph.model.model import Body, BundleId, Description, Edge, Header, RecordSource


class HeaderSigner(Protocol):
    """Signer of headers."""

    @property
    def key(self) -> str:
        """Public key: `ed25519:` and 64 hex digits."""
        ...

    def sign(self, header: bytes) -> bytes:
        """Return the 64 bytes of the signature of a header."""
        ...

    def salt(self, body: bytes) -> str:
        """Return the salt of a body, 32 hex digits: the same for the same bytes, and nobody else's to guess."""
        ...


@dataclass(frozen=True, slots=True)
class Bundle:
    """Bundle: its bytes, and what they mean.

    `header` is `None` where its version, or the algorithm of its key, is not understood yet: then `signature` holds the
    envelopes that came with it, packed (`graph.bundle.envelopes`). `body` is `None` where nothing is said: then, where the body
    is not here (`body_bytes` is `None` too), and where it doesn't fit.
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
        names = self._names()
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
            body.reason,
            body.salt,
        )

    def minted_ids(self) -> Iterator[str]:
        """Yield the ids of the new things that it mints, whether its body is here or not."""
        yield from self._names().values()

    @property
    def body_hash(self) -> str | None:
        """Hash of the body, `None` where the header grants or ends, and where it is not understood."""
        return self.header.body if self.header else None

    @property
    def is_withheld(self) -> bool:
        """Whether the header has a body that is not here."""
        if self.body_bytes is not None:
            return False
        if self.header is not None:
            return self.header.body is not None
        return "body" in decode_admitted(self.header_bytes)

    @property
    def body_text(self) -> str | None:
        """Body as text; `None` where it is not here, and where its bytes are none, so that it says nothing."""
        try:
            return None if self.body_bytes is None else self.body_bytes.decode()
        except UnicodeDecodeError:
            return None

    @property
    def is_unfit(self) -> bool:
        """Whether its body is here and doesn't fit, so that it says nothing; never where its header is not understood."""
        return self.header is not None and self.body_bytes is not None and self.body is None

    def _names(self) -> dict[str, str]:
        """Return by each label the id that it mints."""
        mints = self.header.mints if self.header else ()
        return {mint.label: mint_id(self.id, mint.label, mint.kind) for mint in mints}

    def to_json(self) -> dict[str, Any]:
        """Return the form for other programs: `{"id", "header", "body", "envelope"}`, envelope as in DSSE.

        Of a header that is not understood, `envelopes` with all that came stand in its place.
        """
        return {
            "id": self.id,
            "header": self.header_bytes.decode(),
            "body": self.body_text,
            **envelope_json(self.header_bytes, self.signature),
        }


def envelope_json(header: bytes, signature: bytes | None) -> dict[str, Any]:
    """Return the part of a published bundle that holds its envelope, or its envelopes."""
    if signature is None:
        return {"envelope": None}
    if are_envelopes(signature):
        return {"envelopes": [with_payload(one, header) for one in unpack(signature)]}
    return {"envelope": envelope(header, signature)}


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
        return _validate_own(
            self.header_bytes, header_to_json(self.header), self.body_bytes, body_to_json(self.body)
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


def statement(header: Header, body: Body | None, signer: HeaderSigner) -> Bundle:
    """Return a signed statement; `key`, `body` and `mints` of the header are filled in, and the body is salted.

    Args:
        header: Who says it, when, on what authority, and what it does.
        body: What is said, `None` where the header grants or ends.
        signer: Signs the header, and salts the body.

    Raises:
        BundleError: With all that is wrong.
    """
    if body is None:
        complete, value, body_bytes = replace(header, key=signer.key, body=None), None, None
    else:
        value = body_to_json(with_salt(body, signer))
        body_bytes = encode_checked(value, "body")
        complete = replace(header, key=signer.key, body=digest(body_bytes), mints=mints_of(body))
    header_value = header_to_json(complete)
    header_bytes = encode_checked(header_value, "header")
    return _validate_own(header_bytes, header_value, body_bytes, value, signer.sign(header_bytes))


def with_salt(body: Body, signer: HeaderSigner) -> Body:
    """Return the body with the salt of who says it: the same said again has the same bytes.

    Raises:
        BundleError: It has no canonical bytes.
    """
    return replace(
        body, salt=signer.salt(encode_checked(body_to_json(replace(body, salt=None)), "body"))
    )


def hash_of_said(body: Body, signer: HeaderSigner) -> str:
    """Return the hash of the body that a statement of this signer has where it says this.

    Raises:
        BundleError: It has no canonical bytes.
    """
    return digest(canonical_bytes(body_to_json(with_salt(body, signer))))


def read(header_bytes: bytes, body_bytes: bytes | None, signature: bytes | None) -> Bundle:
    """Read a bundle from foreign bytes, admitted by the header and its signature alone.

    A body that is not of its header makes an error; one that says nothing, whatever its bytes, makes none.

    Args:
        header_bytes: The header.
        body_bytes: The body, `None` where it is not here.
        signature: The 64 bytes of the signature, or packed envelopes of which one must hold; `None` for a record.

    Raises:
        BundleError: With all that is wrong.
    """
    value = parse(header_bytes, "header", at_most=MAX_HEADER_BYTES)
    if is_understood(value) and are_envelopes(signature):
        signature = _holding(value, header_bytes, signature)
    header, faults = _header_of(value, header_bytes, signature)
    faults += _body_hash_faults(value, body_bytes)
    name = digest(header_bytes)
    _refuse(name, faults)
    body = None if header is None or body_bytes is None else _said_in(header, body_bytes)[0]
    return Bundle(name, header_bytes, body_bytes, signature, header, body)


def _header_of(
    value: Any, header_bytes: bytes, signature: bytes | None
) -> tuple[Header | None, list[Fault]]:
    """Return the header, `None` where it is not understood or refused, and all that is wrong with it."""
    if not is_understood(value):
        return None, later_faults(value) + envelopes_faults(signature)
    header, faults = header_from_json(value)
    if header is not None:
        faults += signature_faults(header, header_bytes, signature)
    return header, faults


def _holding(value: Any, header_bytes: bytes, packed: bytes | None) -> bytes | None:
    """Return the signature in the envelopes that holds, else no bytes; `None` for a record, which needs none."""
    key = value.get("key") if isinstance(value, dict) else None
    if key is None:
        return None
    holding = (
        one for one in signatures(packed) if is_key(key) and is_signed(key, header_bytes, one)
    )
    return next(holding, b"")


def read_logged(header_bytes: bytes, body_bytes: bytes | None, signature: bytes | None) -> Bundle:
    """Read a bundle of a log that holds it already, as `read` does.

    What came while its version, or the algorithm of its key, was not understood stays in logs if it is refused now, and
    means nothing.

    Raises:
        BundleError: With all that is wrong.
    """
    try:
        return read(header_bytes, body_bytes, signature)
    except BundleError:
        if not has_later_header(header_bytes) or envelopes_faults(signature):
            raise
        return Bundle(digest(header_bytes), header_bytes, body_bytes, signature, None, None)


def has_later_header(header_bytes: bytes) -> bool:
    """Return whether a header is of a later version than the first, or of a later algorithm."""
    try:
        return is_later(decode_admitted(header_bytes))
    except (ValueError, RecursionError):
        return False


def _said_in(header: Header, body_bytes: bytes) -> tuple[Body | None, list[Fault]]:
    """Return what a body says, `None` where it doesn't fit its header, with the faults."""
    try:
        value = parse(body_bytes, "body")
    except BundleError as error:
        return None, list(error.faults)
    return body_from_json(value, header)


def body_faults(bundle: Bundle) -> list[Fault]:
    """Return the faults for which the body of an admitted bundle says nothing; none where it is not here."""
    if bundle.header is None or bundle.body_bytes is None:
        return []
    return _said_in(bundle.header, bundle.body_bytes)[1]


def _validate_own(
    header_bytes: bytes,
    header_value: Any,
    body_bytes: bytes | None,
    body_value: Any,
    signature: bytes | None = None,
) -> Bundle:
    """Return a bundle made here, after the same checks as a foreign one; and its body must fit."""
    header, faults = _header_of(header_value, header_bytes, signature)
    faults += _size_faults(header_bytes, "header", MAX_HEADER_BYTES)
    faults += _body_hash_faults(header_value, body_bytes)
    body = None
    if header is not None and body_bytes is not None:
        body, more = body_from_json(body_value, header)
        faults += more
    name = digest(header_bytes)
    _refuse(name, faults)
    return Bundle(name, header_bytes, body_bytes, signature, header, body)


def _refuse(name: BundleId, faults: list[Fault]) -> None:
    if faults:
        raise BundleError(f"bundle {name} is refused", faults)


def _size_faults(data: bytes, what: str, at_most: int) -> list[Fault]:
    if len(data) <= at_most:
        return []
    return [Fault(what, f"at most {at_most} bytes", f"{len(data)} bytes")]


def _body_hash_faults(header_value: Any, body: bytes | None) -> list[Fault]:
    """Return the faults of a body that is too long, or not the one whose hash the header holds."""
    if body is None:
        return []
    if faults := _size_faults(body, "body", MAX_BODY_BYTES):
        return faults
    expected = header_value.get("body") if isinstance(header_value, dict) else None
    if digest(body) == expected:
        return []
    return [Fault("header.body", f"the hash of the body, {digest(body)}", abbreviate(expected))]


def reread(
    header_bytes: bytes, body_bytes: bytes | None, signature: bytes | None, *, is_fit: bool = True
) -> Bundle:
    """Read a bundle from bytes that were admitted before: nothing is validated again.

    Args:
        header_bytes: The header.
        body_bytes: The body, `None` where it is not here.
        signature: The signature, `None` for a record.
        is_fit: Whether the body fitted when it came; else it says nothing.

    Raises:
        DamagedError: The bytes are not what was admitted.
    """
    name = digest(header_bytes)
    try:
        value = decode_admitted(header_bytes)
        if not is_understood(value) or are_envelopes(signature):
            return Bundle(name, header_bytes, body_bytes, signature, None, None)
        header = admitted_header(value)
        is_said = is_fit and body_bytes is not None
        body = admitted_body(decode_admitted(body_bytes)) if is_said and body_bytes else None
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
    """Return the descriptions of a bundle that fits, from bytes that were admitted before.

    Raises:
        DamagedError: The bytes are not what was admitted.
    """
    try:
        if signature is not None or body_bytes is None:
            nodes = reread(header_bytes, body_bytes, signature).resolved_body().nodes
        else:  # a record mints nothing: its header adds nothing to what it says
            nodes = admitted_descriptions(decode_admitted(body_bytes))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _damage_error(digest(header_bytes), str(error)) from error
    if not all(isinstance(node.id, str) for node in nodes):
        raise _damage_error(digest(header_bytes), "a node whose id is no text")
    return nodes


def _damage_error(name: BundleId, what: str) -> DamagedError:
    return DamagedError(
        "a stored bundle is damaged", [Fault(name, "what was admitted", what[:200])]
    )
