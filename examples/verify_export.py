"""Checks an export of a Colineage log, with nothing of Colineage: the standard library and `cryptography`.

    python verify_export.py DIR [KEY]      # KEY is the log's, ed25519:…, if you know it

Checked: the signed checkpoint (https://c2sp.org/tlog-checkpoint); that each bundle's id is the hash of its header,
and the header holds the hash of its body; each statement's DSSE signature; and that the headers, in their order,
have the Merkle root (RFC 6962) that the checkpoint signs. Exit status 1 where anything does not hold.
Not checked: what the bundles say and what follows from it (`colineage verify DIR` does); nor the signatures of those that
are not understood here, of another `v` or with a key of another algorithm: these are counted.
"""

import base64
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TYPE = b"application/vnd.colineage.header.v1+json"
PER_FILE = 10_000


def demand(holds, what):
    if not holds:
        raise ValueError(what)


def sha256(data):
    return hashlib.sha256(data).digest()


def raw(key):
    return bytes.fromhex(key.removeprefix("ed25519:"))


def demand_signature(key, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(raw(key)).verify(signature, message)
    except InvalidSignature:
        raise ValueError(f"the signature is not one by {key}") from None


def checkpoint(note, key):
    """The origin, the size and the root that a note signs under a key."""
    text, _, signatures = note.rpartition("\n\n")
    origin, size, root = text.split("\n")[:3]
    hint = sha256(f"{origin}\n".encode() + b"\x01" + raw(key))[:4]
    for line in signatures.splitlines():
        _, name, encoded = line.split(" ")
        value = base64.b64decode(encoded, validate=True)
        if name == origin and value[:4] == hint:
            demand_signature(key, f"{text}\n".encode(), value[4:])
            return origin, int(size), base64.b64decode(root, validate=True)
    raise ValueError(f"the checkpoint is not signed by {key}")


def checked(bundle):
    """The hash of a bundle's leaf in the log, and what kind of bundle it is."""
    header, body = bundle["header"].encode(), bundle["body"]
    leaf, said = sha256(b"\x00" + header), json.loads(header)
    demand("sha256:" + sha256(header).hex() == bundle["id"], "the id is not the hash of the header")
    is_own = body is None or "sha256:" + sha256(body.encode()).hex() == said.get("body")
    demand(is_own, "the body has another hash")
    withheld = ", body withheld" if body is None and "body" in said else ""
    key = said.get("key", "ed25519:")
    if said["v"] != 1 or not key.startswith("ed25519:"):
        return leaf, f"not understood here{withheld}"
    envelope = bundle["envelope"]
    if "key" not in said:
        demand(envelope is None, "a record has a signature")
        return leaf, f"records{withheld}"
    demand(("body" in said) != ("grants" in said or "ends" in said), "a body too many, or none")
    demand(envelope is not None, "a statement has no signature")
    (signature,) = envelope["signatures"]
    demand(base64.b64decode(envelope["payload"]) == header, "the envelope holds another header")
    demand(envelope["payloadType"].encode() == TYPE, "the envelope is of another type")
    message = b"DSSEv1 %d %s %d %s" % (len(TYPE), TYPE, len(header), header)
    demand_signature(key, message, base64.b64decode(signature["sig"]))
    return leaf, f"statements, signatures too{withheld}"


def root_of(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"")
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root_of(leaves[:half]) + root_of(leaves[half:]))


def main(folder, known=None):
    own = known is None
    key = json.loads((folder / "about.json").read_bytes())["key"] if own else known
    origin, size, root = checkpoint((folder / "checkpoint").read_bytes().decode(), key)
    print(f"signed by {key}" + (": the export's own word for whose key it is" if own else ""))
    kinds, leaves = Counter(), []
    for first in range(0, size, PER_FILE):
        with (folder / "bundles" / f"{first:08d}.ndjson").open("rb") as lines:
            for position, line in zip(
                range(first, min(first + PER_FILE, size)), lines, strict=False
            ):
                try:
                    bundle = json.loads(line.decode())
                    leaf, kind = checked(bundle)
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                    raise ValueError(f"position {position}: {error}") from error
                leaves.append(leaf)
                kinds[kind] += 1
    demand(len(leaves) == size, f"{size} bundles are signed, {len(leaves)} are here")
    demand(root_of(leaves) == root, "the headers have another root than the signed one")
    print(*(f"checked {count:,} {kind}" for kind, count in sorted(kinds.items())), sep="\n")
    print(f"root {root.hex()} over {size:,} bundles of {origin}")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), *sys.argv[2:3])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        sys.exit(f"DOES NOT HOLD: {error}")
