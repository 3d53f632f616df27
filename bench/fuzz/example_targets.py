"""Fuzz targets in the examples: parsers that check what others hand over and import nothing of ours."""

import importlib.util
import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from types import ModuleType
from typing import Any, Final

from bench.fuzz.golden import SIGNER, golden_store
from bench.fuzz.judge import ROOT, Target
from bench.fuzz.seeds import SPLIT, parts, scratch, text_of
from graph.export.format import ABOUT, CHECKPOINT, line_of, page_name
from graph.export.log_manifest import make_manifest
from graph.log.signed_note import sign_checkpoint
from graph.proofs.signed_proofs import consistency_evidence, inclusion_evidence

# The errors by which both report that something does not hold.
_REFUSALS: Final = (*(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError),)


@cache
def _example(name: str) -> ModuleType:
    """Load a program of `examples/`, which imports nothing of ours and is imported by nothing of ours."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"expected examples/{name}.py, got none")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _verify_export(data: bytes) -> None:
    """Verify an altered export of three files."""
    manifest, note, bundles = parts(data, 3)
    folder = scratch() / "export"
    (folder / page_name(0)).parent.mkdir(parents=True, exist_ok=True)
    for name, content in ((ABOUT, manifest), (CHECKPOINT, note), (page_name(0), bundles)):
        (folder / name).write_bytes(content)
    with redirect_stdout(StringIO()):
        _example("verify_export").main(folder)


def _check_proof(data: bytes) -> None:
    known_checkpoint, proof = parts(data, 2)
    _example("check_proof").check(json.loads(proof), SIGNER.key, text_of(known_checkpoint) or None)


def _export() -> Sequence[bytes]:
    store = golden_store()
    note = sign_checkpoint(store.origin(), store.checkpoint(), SIGNER).encode()
    manifest = make_manifest(store, SIGNER.key).to_bytes()
    return [SPLIT.join((manifest, note, b"".join(map(line_of, store.raw_bundles()))))]


def _proofs() -> Sequence[bytes]:
    store = golden_store()
    checkpoint = sign_checkpoint(store.origin(), store.checkpoint(), SIGNER)
    cases: list[tuple[str, Any]] = [
        ("", inclusion_evidence(store, 3, SIGNER)),
        (checkpoint, inclusion_evidence(store, 0, SIGNER)),
        ("", consistency_evidence(store, 3, SIGNER)),
        ("", consistency_evidence(store, 0, SIGNER)),
    ]
    return [
        f"{known_checkpoint}\x1e{json.dumps(proof)}".encode() for known_checkpoint, proof in cases
    ]


EXAMPLES: Final = (
    Target(
        "verify-export",
        _verify_export,
        _REFUSALS,
        _export,
    ),
    Target(
        "check-proof",
        _check_proof,
        _REFUSALS,
        _proofs,
    ),
)
