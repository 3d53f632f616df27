"""What a user does with a SQLite file is done the same way with a Neo4j, and is answered the same."""

import gzip
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

Type = Callable[..., Any]

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "ingest" / "data"
EXAMPLES = ROOT / "examples"
PAPER = "arxiv:2512.05356"
INGESTS = (
    ("arxiv", "--snapshot", "papers.jsonl"),
    ("openalex", str(DATA / "openalex" / "slice.jsonl")),
    ("git", str(DATA / "git" / "sqlite-utils.jsonl")),
    ("mlflow", str(EXAMPLES / "mlflow")),
)
FILE = "sqlite:here.db"
STATEMENTS = str(EXAMPLES / "statements" / "co-improvement.yaml")
QUESTIONS = (
    ("stats",),
    ("show", PAPER),
    ("lineage", PAPER),
    ("lineage", PAPER, "--down"),
    ("who", PAPER),
    ("related", PAPER, "--model", "none"),
    ("directions", "--model", "none"),
    ("audit", "mlflow:0/c4e130d6e2f84b70acaf2c6f1127da26"),
    ("key", "list"),
)
QUERY = """{
  stats { bundles nodes { name count } edges { name count } }
  node(id: "arxiv:2512.05356") { __typename id title }
}"""


@pytest.fixture
def papers(place: Path) -> None:
    """Some of the papers of the examples, among them the one that is asked about."""
    with gzip.open(EXAMPLES / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        kept = [line for k, line in enumerate(lines) if k < 100 or PAPER[6:] in line]
    (place / "papers.jsonl").write_text("".join(kept), encoding="utf-8")


@pytest.mark.neo4j
@pytest.mark.usefixtures("papers")
def test_what_is_taken_in_is_the_same_in_both(typed: Type, neo4j_url: str) -> None:
    def both(*words: str) -> tuple[Any, Any]:
        here, there = (typed(*words, "--store", url, "--json") for url in (FILE, neo4j_url))
        assert here.status == there.status, (words, here.err, there.err)
        return here.json, there.json

    for words in INGESTS:
        here, there = both("ingest", *words)
        assert here == there
        assert here["complete"]
        again, again_there = both("ingest", *words)
        assert again == again_there
        assert again["unchanged"] == here["new"]
    here, there = both("verify")
    assert here["ok"]
    assert there["ok"]
    assert here["digest"] == there["digest"]
    here, there = both("add", STATEMENTS)
    assert here.keys() == there.keys()
    here, there = both("stats")
    assert here["log"]["size"] == there["log"]["size"]
    assert {**here, "log": None} == {**there, "log": None}
    assert here["nodes"]["idea"] > 0


@pytest.mark.neo4j
@pytest.mark.usefixtures("papers")
def test_what_is_asked_is_answered_the_same(typed: Type, neo4j_url: str) -> None:
    for words in (*(("ingest", *one) for one in INGESTS), ("add", STATEMENTS)):
        assert typed(*words, "--store", FILE).status in {0, 65}
    assert typed("copy", FILE, neo4j_url).status == 0
    for words in QUESTIONS:
        here, there = (typed(*words, "--store", url, "--json") for url in (FILE, neo4j_url))
        assert (here.status, here.json) == (there.status, there.json), words
    here, there = (_served(url) for url in (FILE, neo4j_url))
    assert here == there
    assert here["data"]["stats"]["bundles"] > 100


def _served(url: str) -> Any:
    """What the service answers over a store."""
    words = ["serve", "--store", url, "--port", "0", "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "colineage", *words], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        base = json.loads(process.stdout.readline())["url"]
        for path in ("/health", "/ready"):
            with urlopen(base + path, timeout=60) as answer:  # noqa: S310 - our own
                assert answer.status == 200
        asked = Request(  # noqa: S310 - our own
            base + "/graphql",
            json.dumps({"query": QUERY}).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own
            found = json.load(answer)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    return found
