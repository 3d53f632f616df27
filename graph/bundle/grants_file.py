"""Grants file: beside a key file `FILE`, in `FILE.grants`, the grants from the root down to that key.

A line is `{"id", "header", "envelope"}`, as in an export; a grant has no body.
"""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph.bundle.bundle import Bundle, read
from graph.bundle.keys import envelope
from graph.bundle.private_file import is_there, read_private, write_once
from graph.errors import BundleError, KeyFileError


def grants_file(path: Path) -> Path:
    """Return the file beside a key file that holds its grants."""
    return path.with_name(f"{path.name}.grants")


def write_grants(path: Path, grants: Sequence[Bundle]) -> None:
    """Write the grants of the key file of this path, which isn't there yet.

    Raises:
        KeyFileError: They are there already, or the file can't be made.
    """
    if not write_once(grants_file(path), b"".join(map(_line_of, grants))):
        raise KeyFileError(f"{grants_file(path)} is there already: name another file")


def read_grants(path: Path, key: str) -> tuple[Bundle, ...]:
    """Return the grants beside a key file, from the root down to this key; none where there is no such file.

    Raises:
        KeyFileError: The file holds something else, or grants that don't lead to this key.
    """
    file = grants_file(path)
    if not is_there(file):
        return ()
    grants = tuple(
        _parse_line(line, f"{file}, line {number}")
        for number, line in enumerate(read_private(file).splitlines(), start=1)
    )
    _refuse_unconnected(file, grants, key)
    return grants


def _line_of(grant: Bundle) -> bytes:
    fields = grant.to_json()
    del fields["body"]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _parse_line(line: bytes, where: str) -> Bundle:
    expected = f"expected a grant {{id, header, envelope}} in {where}"
    try:
        fields: dict[str, Any] = json.loads(line)
        header = fields["header"].encode()
        signature = base64.b64decode(fields["envelope"]["signatures"][0]["sig"], validate=True)
        grant = read(header, None, signature)
        belongs = (fields["id"], fields["envelope"]) == (grant.id, envelope(header, signature))
    except (BundleError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise KeyFileError(f"{expected}, got {error}") from error
    if not belongs:
        raise KeyFileError(f"{expected}, got an id or an envelope that isn't the header's")
    if grant.header is None or grant.header.grants is None:
        raise KeyFileError(f"{expected}, got {grant.id}, which grants nothing")
    return grant


def _refuse_unconnected(file: Path, grants: Sequence[Bundle], key: str) -> None:
    """Refuse grants of which one isn't made under the one before it, by its key; or the last not to this key.

    Raises:
        KeyFileError: They are not such.
    """
    above: str | None = None
    speaker: str | None = None
    for grant in grants:
        header = grant.header
        if header is None or header.grants is None or header.under != above:
            raise KeyFileError(
                f"expected in {file} each grant under the one before it, got {grant.id}"
            )
        if speaker is not None and header.key != speaker:
            raise KeyFileError(f"expected in {file} a grant made by {speaker}, got {grant.id}")
        above, speaker = grant.id, header.grants.key
    if speaker != key:
        raise KeyFileError(
            f"expected in {file} grants that lead to {key}, got {speaker or 'none'}: "
            "bring the file that belongs to this key, or take this one away"
        )
