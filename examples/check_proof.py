"""Checks one proof of a Colineage log, with nothing of Colineage: the standard library and `cryptography`.

    colineage log inclusion ID --json > proof.json       # or /log/inclusion and /log/consistency of a service
    python check_proof.py proof.json KEY [CHECKPOINT]    # KEY is the log's, ed25519:…; CHECKPOINT a file you kept

Checked: that the key signed each checkpoint in the proof (https://c2sp.org/tlog-checkpoint); of an inclusion, that the
header hashes to the bundle's id and its leaf leads to the signed root (RFC 6962, 2.1.1); of a consistency, that the log
of the first root is how that of the second begins (2.1.2). With CHECKPOINT, that the proof is about the log that you
saw: that a consistency starts from it, or that an inclusion ends in it. Exit status 1 where anything does not hold.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def demand(holds, what):
    if not holds:
        raise ValueError(what)


def sha256(data):
    return hashlib.sha256(data).digest()


def checkpoint(note, key):
    """The origin, the size and the root that a note signs under a key."""
    text, _, signatures = note.rpartition("\n\n")
    origin, size, root = text.split("\n")[:3]
    raw = bytes.fromhex(key.removeprefix("ed25519:"))
    hint = sha256(f"{origin}\n".encode() + b"\x01" + raw)[:4]
    for line in signatures.splitlines():
        _, name, encoded = line.split(" ")
        value = base64.b64decode(encoded, validate=True)
        if name == origin and value[:4] == hint:
            try:
                Ed25519PublicKey.from_public_bytes(raw).verify(value[4:], f"{text}\n".encode())
            except InvalidSignature:
                raise ValueError(f"the signature of the checkpoint is not one by {key}") from None
            return origin, int(size), base64.b64decode(root, validate=True)
    raise ValueError(f"the checkpoint is not signed by {key}")


def node(left, right):
    return sha256(b"\x01" + left + right)


def half_of(size):
    return 1 << (size - 1).bit_length() - 1


def climbed(leaf, position, size, path):
    """The root that an audit path leads to, by the definition of the tree."""
    demand(0 <= position < size, f"position {position} is not in a log of {size}")
    if size == 1:
        demand(not path, "the path is too long")
        return leaf
    demand(path, "the path is too short")
    half = half_of(size)
    if position < half:
        return node(climbed(leaf, position, half, path[:-1]), path[-1])
    return node(path[-1], climbed(leaf, position - half, size - half, path[:-1]))


def grown(first, second, path, start):
    """The two roots that a proof leads to; `start` is the first root, where this part begins the log, else None."""
    if first == second:
        demand(len(path) == (start is None), "the path has another length")
        return (path[0], path[0]) if start is None else (start, start)
    demand(0 < first < second and path, "the path is too short, or the log did not grow")
    half = half_of(second)
    if first <= half:
        old, new = grown(first, half, path[:-1], start)
        return old, node(new, path[-1])
    old, new = grown(first - half, second - half, path[:-1], None)
    return node(path[-1], old), node(path[-1], new)


def check(proof, key, kept=None):
    """What the proof shows, in words; `kept` is the text of a checkpoint that you saw before."""
    path = [bytes.fromhex(one) for one in proof["hashes"]]
    demand(all(len(one) == 32 for one in path), "a hash of the path has another length")
    seen = None if kept is None else checkpoint(kept, key)
    if "bundle" in proof:
        header = proof["header"].encode()
        demand(proof["bundle"] == "sha256:" + sha256(header).hex(), "the header has another hash")
        origin, size, root = checkpoint(proof["log"]["note"], key)
        leaf = sha256(b"\x00" + header)
        demand(climbed(leaf, proof["position"], size, path) == root, "the path leads elsewhere")
        demand(seen in (None, (origin, size, root)), "it is about another log than you saw")
        return f"{proof['bundle']} is in {origin} of {size:,} bundles, at position {proof['position']:,}"
    origin, first, old = checkpoint(proof["first"]["note"], key)
    demand(seen in (None, (origin, first, old)), "it does not start from the log that you saw")
    again, second, new = checkpoint(proof["second"]["note"], key)
    demand(origin == again, "it is about two logs")
    if first == 0:
        demand(not path and old == sha256(b""), "an empty log has another root")
    else:
        demand(grown(first, second, path, old) == (old, new), "the path leads elsewhere")
    return f"{origin} of {second:,} bundles begins with the {first:,} that it had"


if __name__ == "__main__":
    try:
        kept = Path(sys.argv[3]).read_bytes().decode() if sys.argv[3:] else None
        print(check(json.loads(Path(sys.argv[1]).read_bytes()), sys.argv[2], kept))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        sys.exit(f"DOES NOT HOLD: {error}")
