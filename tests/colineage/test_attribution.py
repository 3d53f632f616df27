"""Every answer says who is behind what it tells, in JSON and in words."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from colineage.answers.attribution import attribution_fields
from colineage.attribution_json import MAX_PER_ITEM, attribution_to_json
from colineage.output import print_json
from colineage.views.attribution import Footnotes, attribution_words
from graph.bundle.bundle import read
from graph.bundle.keys import signer_of
from graph.model.canonical import canonical_bytes, digest
from graph.model.model import Grant
from graph.model.vocabulary import Scope
from graph.open import open_store
from graph.queries.attribution_text import attribution_rows
from graph.store import GraphStore
from tests.graph.histories import ADA, HANDS, ZED
from tests.graph.statements import add, cites, idea, paper, say

Type = Callable[..., Any]

PAPER, IDEA, RUN = "arxiv:2512.05356", "doi:10.5555/idea", "mlflow:7/0123abcd"
ASKING = [
    ("show", PAPER),
    ("show", IDEA),
    ("search", "improve"),
    ("lineage", IDEA),
    ("who", IDEA),
    ("related", IDEA, "--model", "none"),
    ("audit", RUN),
]


def named(found: Any) -> Iterator[str]:
    """Every bundle that an answer names."""
    if isinstance(found, dict):
        for key, value in found.items():
            if key in {"said_in", "bundle"} and isinstance(value, str):
                yield value
            elif key == "bundles":
                yield from value
            elif key == "titled_in":
                yield from value.values()
            elif key != "attributions":
                yield from named(value)
    elif isinstance(found, list):
        for one in found:
            yield from named(one)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("command", ASKING, ids=" ".join)
def test_each_bundle_that_is_named_is_attributed(typed: Type, command: tuple[str, ...]) -> None:
    found = typed(*command, "--json").json
    names = set(named(found))
    assert names
    assert names == set(found["attributions"])
    assert found["more_attributions"] == 0
    for one in found["attributions"].values():
        if one["kind"] == "record":
            assert one["author"].startswith("source:")
            assert all(run["trusted"] for run in one["vouchers"])
            assert one["vouchers"]
        else:
            assert (one["kind"], one["author"]) == ("statement", one["key"])


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("command", ASKING, ids=" ".join)
def test_words_say_it_too_with_the_id_that_tells_all(typed: Type, command: tuple[str, ...]) -> None:
    answers = typed(*command, "--json").json
    words = " ".join(typed(*command).out.split())
    for name, one in answers["attributions"].items():
        assert name in words
        assert ("record of " if one["kind"] == "record" else "statement by ") in words
        assert typed("show", name).status == 0


@pytest.mark.usefixtures("filled")
def test_directions_are_attributed(typed: Type) -> None:
    found = typed("directions", "--model", "none", "--json").json
    assert set(named(found)) == set(found["attributions"])


def test_what_nobody_describes_is_not_recorded(typed: Type, place: Path) -> None:
    (place / "cites.yaml").write_text(
        f"statements: [{{edges: [{{from: '{PAPER}', rel: cites, to: 'arxiv:2401.00001'}}]}}]"
    )
    typed("add", "cites.yaml")
    found = typed("show", PAPER, "--json").json
    assert (found["said_in"], found["shown"]) == (None, None)
    (one,) = found["out"]["first"]
    assert set(one["bundles"]) == set(found["attributions"])


@pytest.fixture
def store() -> Iterator[GraphStore]:
    with closing(open_store("sqlite::memory:")) as opened:
        yield opened


def test_very_long_lists_are_cut_and_the_rest_is_counted(
    store: GraphStore, capsys: pytest.CaptureFixture[str]
) -> None:
    record = paper("2401.00001", "One", cites("arxiv:2401.00001", "arxiv:2401.00002"))
    signers = [signer_of(bytes([number]) * 32) for number in range(1, MAX_PER_ITEM + 6)]
    edge = cites("arxiv:2401.00003", "arxiv:2401.00004")
    ladder = [say(signers[0], grants=Grant(signers[1].key, Scope.SAY))]
    for one, following in pairwise(signers[1:]):
        ladder.append(say(one, under=ladder[-1].id, grants=Grant(following.key, Scope.SAY)))
    last = say(signers[-1], under=ladder[-1].id)
    add(store, record, *(say(one, vouches=(record,)) for one in signers), *ladder, last)
    add(store, *(say(one, edges=(edge,)) for one in signers))
    relations = store.adjacent(["arxiv:2401.00003"], outgoing=True)
    answer = attribution_fields(store, relations=relations, bundles=[record.id, last.id])
    print_json(answer)
    found = json.loads(capsys.readouterr().out)
    assert len(found["attributions"]) == MAX_PER_ITEM + 2
    assert found["more_attributions"] == 5
    told = found["attributions"][record.id]
    assert (len(told["vouchers"]), told["more_vouchers"]) == (MAX_PER_ITEM, 5)
    words = attribution_words(answer["attributions"][record.id])
    assert f"; vouched for by {MAX_PER_ITEM + 5} runs of ed25519:" in words
    assert words.endswith("… (not trusted here) and 12 more; not in the graph now")
    told = found["attributions"][last.id]
    assert (len(told["chain"]), told["more_grants"]) == (MAX_PER_ITEM, 4)
    for name, row in {
        record.id: ("vouched for by", "5 more"),
        last.id: ("under the grant", "4 more"),
    }.items():
        rows = attribution_rows(answer["attributions"][name])
        assert rows.count(row) == 1
        assert sum(label == row[0] for label, _ in rows) == MAX_PER_ITEM + 1
    assert Footnotes(answer).for_bundles(relations[0].bundles).plain == "[1][2][3] +12"


def test_what_is_not_known_is_said_to_be_unknown(store: GraphStore) -> None:
    missing = say(ADA, grants=Grant(HANDS[0].key, Scope.SAY))
    waiting = say(HANDS[0], idea("#1", "waits"), under=missing.id)
    body = canonical_bytes({"nodes": [], "edges": []})
    newer = read(canonical_bytes({"v": 2, "body": digest(body)}), body, None)
    alone = paper("2401.00001", "One")
    add(store, waiting, newer, alone)
    names = [waiting.id, newer.id, alone.id, "sha256:" + "0" * 64]
    found = attribution_fields(store, bundles=names)
    assert found["more_attributions"] == 1
    words = [attribution_words(found["attributions"][name]) for name in names[:3]]
    assert "author not recorded: the grant" in words[0]
    assert words[1].startswith("bundle of a version not understood yet")
    assert words[2].startswith("record of source:arxiv, time not recorded; no living run vouches")
    assert ("vouched for by", "no living run") in attribution_rows(found["attributions"][alone.id])
    assert attribution_to_json(found["attributions"][newer.id])["author"] is None


def test_a_run_that_is_not_trusted_is_said_to_be_so(store: GraphStore) -> None:
    record = paper("2401.00001", "One")
    add(store, record, say(ZED, vouches=(record,)))
    told = attribution_fields(store, bundles=[record.id])["attributions"][record.id]
    assert "(not trusted here)" in attribution_words(told)
    assert attribution_words(told).endswith("; not in the graph now")


def test_every_grant_of_a_key_is_said_with_its_scope(store: GraphStore) -> None:
    first = say(ADA, grants=Grant(HANDS[0].key, Scope.SAY))
    second = say(HANDS[0], under=first.id, grants=Grant(HANDS[1].key, Scope.ACT))
    said = say(HANDS[1], under=second.id)
    add(store, first, second, said)
    (told,) = attribution_fields(store, bundles=[said.id])["attributions"].values()
    grants = f"the grants {second.id[:19]}… (act), {first.id[:19]}… (say)"
    assert attribution_words(told).partition(" under ")[2].startswith(grants)
