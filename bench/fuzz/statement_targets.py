"""Fuzz targets in what people write: YAML, and statements in YAML and JSON."""

import json
from typing import Final

from bench.fuzz.judge import Target
from bench.fuzz.seeds import files, in_file, text_of
from graph.errors import InputError
from ingest.formats.yaml import parse_yaml
from ingest.statements.document import parse_document
from ingest.statements.ingest import read_drafts


def _yaml(data: bytes) -> None:
    parse_yaml(text_of(data), plain=str)


def _statements_yaml(data: bytes) -> None:
    read_drafts(in_file(data, "input.yaml"))


def _statements_json(data: bytes) -> None:
    read_drafts(in_file(data, "input.json"))


_SAMPLES: Final = (
    "nodes:\n- {id: '#a', kind: idea, title: An idea, date: 2026-11-20}\nedges:\n"
    "- {from: '#a', rel: wasDerivedFrom, to: 'https://arxiv.org/abs/2512.05356v1', subtype: inspiration}\n",
    "statements:\n- by: person\n  edges:\n  - from: arxiv:2512.05356\n    rel: wasAttributedTo\n"
    "    to: {name: Jane Doe, on: 'arxiv:2512.05356', nth: 2}\n    position: 1\n    role: methodology\n"
    f"- answers: {{disputes: 'sha256:{'0' * 64}'}}\n  reason: It is another.\n",
    "nodes:\n- id: '#run'\n  kind: run\n  params: {alpha: 0.30, seed: 7}\n"
    "  metrics: [{name: rmse, value: 0.79, unit: m, step: 3}]\n  keywords: [b, a]\n",
)


def _statements(suffix: str) -> list[bytes]:
    samples = [text.encode() for text in _SAMPLES]
    contents = files("tests/ingest/data/statements/bad/*.yaml", "examples/statements/*.yaml")()
    if suffix == ".yaml":
        return [*samples * 9, *contents]
    as_json = []
    for data in (*samples * 9, *contents):
        document, _ = parse_document(data, is_json=False)
        if document:
            as_json.append(json.dumps(document.value).encode())
    return [*as_json, *files("tests/ingest/data/statements/bad/*.json")()]


STATEMENTS: Final = (
    Target(
        "yaml",
        _yaml,
        (),
        files("tests/ingest/data/statements/bad/*.yaml", "examples/mlflow/mlruns/0/meta.yaml"),
    ),
    Target("statements-yaml", _statements_yaml, (InputError,), lambda: _statements(".yaml")),
    Target("statements-json", _statements_json, (InputError,), lambda: _statements(".json")),
)
