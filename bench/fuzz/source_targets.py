"""Fuzz targets in `ingest`: parsers of what sources serve (pages, files, lines), to the bundles that they become."""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from bench.fuzz.golden import SIGNER
from bench.fuzz.judge import Target
from bench.fuzz.seeds import (
    NoValueError,
    both,
    files,
    in_file,
    lines,
    parts,
    text_of,
    texts,
    value_of,
)
from bench.local_arxiv import page
from graph.bundle.body import content_from_json
from graph.bundle.bundle import Bundle, read
from graph.errors import BundleError, InputError, SourceError
from graph.model.canonical import encode_checked, parse
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from ingest.arxiv.api.atom import read_feed
from ingest.arxiv.api.query import name_of, read_entries
from ingest.arxiv.oai.arxivraw import read_records
from ingest.arxiv.oai.response import read_response
from ingest.arxiv.options import HarvestOptions
from ingest.arxiv.paper.author_line import authors_of, is_group
from ingest.arxiv.paper.identifiers import work_id
from ingest.arxiv.paper.listing import Listing, ListingError
from ingest.arxiv.paper.subjects import subjects_of
from ingest.arxiv.paper.tex_text import clean, line, paragraphs, readable_text
from ingest.arxiv.paper.to_bundle import API, RAW, SNAPSHOT, bundle_of, category_bundle
from ingest.arxiv.paper.withdrawal import says_withdrawn
from ingest.arxiv.session.resume import newest_resume_point
from ingest.arxiv.snapshot.listing_line import read_value
from ingest.formats.json_lines import JsonItem, read_items
from ingest.formats.timestamps import utc_of_iso, utc_of_rfc822
from ingest.git.commit import Commit
from ingest.git.contributions import machines_in
from ingest.git.history import commit_from_object, commits_of
from ingest.git.to_bundle import commit_bundle, names_on
from ingest.http.rate_limit import retry_after_s
from ingest.http.url_policy import checked_delay_s
from ingest.mlflow.folder import RunFiles
from ingest.mlflow.parse import run_of
from ingest.mlflow.to_bundle import run_bundle
from ingest.openalex.parse import identity_of, work_from_json
from ingest.openalex.to_bundle import companions_of, work_bundle

_ARXIV: Final = "tests/ingest/data/arxiv"
_NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)


def _check_bundles(bundles: Iterable[Bundle]) -> None:
    """Require that what was made of foreign text is a bundle that everybody reads."""
    for bundle in bundles:
        if read(bundle.header_bytes, bundle.body_bytes, bundle.signature) != bundle:
            raise AssertionError(f"{bundle.id} is read as another bundle than it was made")


def _check_listings(listings: Iterable[Listing], mapping: str) -> None:
    """Require bundles of listings; one that can't be is refused with its faults."""
    for listing in listings:
        try:
            bundle = bundle_of(listing, mapping)
        except ListingError:
            continue
        _check_bundles([bundle, *map(category_bundle, listing.categories)])


def _oai(data: bytes) -> None:
    _check_listings(read_records(read_response(data).records).listings, RAW)


def _atom(data: bytes) -> None:
    feed = read_feed(data)
    for entry in feed.entries:
        name_of(entry)
    _check_listings(read_entries(feed.entries).listings, API)


def _snapshot(data: bytes) -> None:
    for item in read_items(in_file(data)):
        if isinstance(item, JsonItem):
            try:
                listing = read_value(item.value, item.where)
            except ListingError:
                continue
            _check_listings([listing], SNAPSHOT)


def _arxiv_text(data: bytes) -> None:
    text = text_of(data)
    for author in authors_of(line(text) or ""):
        is_group(author.name)
    says_withdrawn(f"withdrawn {text}")
    subjects_of(text.split())
    for read_text in (clean, line, paragraphs, readable_text, work_id, utc_of_rfc822):
        read_text(text)


def _header(data: bytes) -> None:
    text = data.decode("latin-1")  # as HTTP gives the values of headers
    if retry_after_s(text, _NOW) < 0:
        raise AssertionError("a pause below nothing")


def _harvest_options(data: bytes) -> None:
    since, until, category, address, mail = map(text_of, parts(data, 5))
    HarvestOptions(
        since, until or None, (category,), base_url=address or None, mailto=mail or None
    ).check()
    checked_delay_s(3.0, address)


def _resume_point(data: bytes) -> None:
    """Read the resume point of a harvest from a run whose author this store trusts."""
    query, run = "https://oaipmh.arxiv.org/oai?verb=ListRecords", "#run"
    node = {"id": run, "kind": "ingest", "query": query, "params": value_of(data)}
    data = encode_checked({"nodes": [node]}, "body")
    body, faults = content_from_json(parse(data, "body"))
    if body is None:
        raise InputError("no run", faults)
    speaker = Speaker(SIGNER, f"software:{SIGNER.key}", lambda: _NOW)
    with closing(open_store("sqlite::memory:", clock=lambda: _NOW)) as store:
        store.trust([TrustEntry(SIGNER.key)])
        store.append(lambda look: [speaker.make_statement(look, body)])
        run_query, resume_point = newest_resume_point(store, [query], _NOW)
    if run_query is None and resume_point.is_open:
        raise AssertionError("a place in no query")


def _openalex(data: bytes) -> None:
    value = value_of(data)
    for entry in value if isinstance(value, list) else [value]:
        identity_of(entry)
        work, _ = work_from_json(entry)
        if work:
            companions = [companion.to_record() for companion in companions_of(work)]
            _check_bundles([work_bundle(work), *companions])


def _commits(commits: Iterable[object]) -> None:
    valid_commits = [commit for commit in commits if isinstance(commit, Commit)]
    machines = machines_in(valid_commits)
    for commit in valid_commits:
        _check_bundles([commit_bundle(commit, commit.sha, machines)])
        names = names_on(commit, commit.sha, machines)
        _check_bundles(name.to_record() for name in names)


def _git_export(data: bytes) -> None:
    _commits(commits_of(in_file(data))())


def _git_object(data: bytes) -> None:
    """Parse a commit object whose parents are sound, as git's are."""
    commit = commit_from_object("a" * 40, data)
    if isinstance(commit, Commit):
        _commits([replace(commit, parents=("b" * 40,))])


def _mlflow(data: bytes) -> None:
    meta, metric, param, source, described, name = parts(data, 6)
    run, _ = run_of(
        RunFiles(
            experiment="0",
            run="c4e130d6e2f84b70acaf2c6f1127da26",
            meta=meta,
            params={"alpha": param, text_of(name) or "a": param},
            metrics={"rmse": metric, text_of(name) or "a": metric},
            tags={
                "mlflow.user": source,
                "mlflow.source.name": source,
                "mlflow.parentRunId": param,
                "a": source,
            },
            inputs={"1/meta.yaml": described},
            datasets={"d/meta.yaml": described},
            artifacts=(),
            left_out=(),
        )
    )
    if run:
        _check_bundles([run_bundle(run)])


def _moments(data: bytes) -> None:
    utc_of_iso(text_of(data))


_RUN: Final = b"\x1e".join(
    (
        b"artifact_uri: mlflow-artifacts:/0/c4\nend_time: 1713866413\nexperiment_id: '0'\n"
        b"lifecycle_stage: active\nrun_name: able-shrew-1\nstart_time: 1713866413000\nstatus: 3\n",
        b"1713866413123 0.7931640229276851 0\n1713866413124 nan 1\n",
        b"0.5",
        b"/srv/work/train.py",
        b"source_id: d\nname: wine\ndigest: 0f1e2d3c\n",
        b"l1_ratio",
    )
)
_COMMIT: Final = (
    "tree aaaa\nparent bbbb\nauthor Ada Lovelace <ada@example.org> 1764000000 +0100\n"
    "committer GitHub <noreply@github.com> 1764000000 +0000\nencoding ISO-8859-1\ngpgsig a\n b\n\nFix: read all\n\n"
    "\N{ROBOT FACE} Generated with [Claude Code](https://claude.com/claude-code)\n\n"
    "Co-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>\nReviewed-by: Bo <bo@example.org>\n"
    "Assisted-by: aider:gpt-5\nClaude-Session: 0f1e\nEntire-Checkpoint: a1\n"
)


SOURCES: Final = (
    Target(
        "arxiv-oai",
        _oai,
        (SourceError,),
        both(
            lambda: [page(0, 1), page(0, 3), page(3, 5, revised=True)],
            files(f"{_ARXIV}/hepcrawl/*.xml", f"{_ARXIV}/ads/*.xml"),
        ),
    ),
    Target("arxiv-atom", _atom, (SourceError,), files(f"{_ARXIV}/atom/*.atom.xml")),
    Target(
        "arxiv-snapshot",
        _snapshot,
        (InputError,),
        both(files(f"{_ARXIV}/snapshot/*.jsonl"), lines(f"{_ARXIV}/snapshot/*.jsonl", 4)),
    ),
    Target(
        "arxiv-text",
        _arxiv_text,
        (),
        texts(
            "J. Chaloupka, T.C.\\ M\\\"uller and Bal\\'azs {\\L}ukasz",
            "A. Author (1), B. Author (1 and 2), for the D0 Collaboration ((1) Here, (2) There)",
            "A B (1 2), C (2) (1 Here; 2 There) et al., Jr.",
            "This paper has been withdrawn by the author due to a crucial error in eqn. 3",
            "  An abstract with $x^2$ math\n  and a paragraph\n\n  that \\v{c} is $\\hat{a}$ indented.",
            "Mon, 2 Apr 2007 12:02:40 GMT",
            "cs.AI hep-th math.GT I.2.7; 68T05",
        ),
    ),
    Target(
        "retry-after",
        _header,
        (),
        texts("120", "Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 -0000", "0"),
    ),
    Target(
        "harvest-asked",
        _harvest_options,
        (InputError,),
        texts(
            "2026-11-20\x1e2026-11-21\x1ecs.AI\x1ehttps://oaipmh.arxiv.org/oai\x1ea@example.org",
            "2026-11-20\x1e\x1ehep-th\x1ehttp://[::1]:8080/oai\x1e",
        ),
    ),
    Target(
        "harvest-place",
        _resume_point,
        (NoValueError, InputError),
        lambda: [
            json.dumps([{"name": name, "value": value} for name, value in sorted(given)]).encode()
            for given in (
                [("next", "token|1"), ("expires", "2026-11-24T00:00:00Z"), ("received", "1000")],
                [("received", "20"), ("then", "cs:cs:AI physics:hep-th")],
            )
        ],
    ),
    Target(
        "openalex",
        _openalex,
        (NoValueError, BundleError),
        both(
            lines("tests/ingest/data/openalex/slice.jsonl", 8),
            lambda: [
                json.dumps(one).encode()
                for one in json.loads(files("tests/ingest/data/openalex/raw-sample.json")()[0])[:4]
            ],
        ),
    ),
    Target(
        "git-export",
        _git_export,
        (InputError,),
        both(
            files("tests/ingest/data/git/*.jsonl"),
            lines("tests/ingest/data/git/entireio-*.jsonl", 3),
        ),
    ),
    Target("git-object", _git_object, (BundleError,), texts(_COMMIT)),
    Target(
        "mlflow",
        _mlflow,
        (),
        both(lambda: [_RUN], files("examples/mlflow/mlruns/0/*/meta.yaml")),
    ),
    Target(
        "moments", _moments, (), texts("2026-11-20T00:00:00Z", "20261120T1011+0200", "2026-W47")
    ),
)
