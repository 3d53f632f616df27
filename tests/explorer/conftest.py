"""Fixtures of the explorer tests: a small real graph behind the real API, and a browser."""

import gzip
import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from api.app import make_app
from graph.bundle.bundle import Bundle, record, statement
from graph.bundle.keys import signer_of
from graph.model.model import Body, Description, Edge, Grant, Header, RecordSource
from graph.model.vocabulary import Kind, Relation, Scope
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from graph.store import GraphStore
from ingest.arxiv.context import IngestContext
from ingest.arxiv.snapshot.snapshot import ingest_snapshot
from ingest.formats.mentions import mention_id
from ingest.mlflow import ingest_mlflow
from tests.graph.statements import RUN_BODY

ROOT = Path(__file__).parents[2]
DIST = ROOT / "explorer" / "dist"
EXAMPLES = ROOT / "examples"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAPER = "arxiv:2512.05356"
CITED = 45
AUTHORS = 5_000
SIGNER = signer_of(bytes(range(32)))
PERSON = signer_of(bytes(range(32, 64)))
MACHINE = signer_of(bytes(range(64, 96)))
KEPT_WAITING_S = 20

HOSTILE = {
    "arxiv:2401.00001": '<img src=x onerror="document.title=1"><script>document.title=2</script>',
    "arxiv:2401.00002": "\u202eמחקר של מכונות ובני אדם\u202c (a title from right to left)",
    "arxiv:2401.00003": "Endless" + "wordwithoutaspace" * 17,
    "arxiv:2401.00004": r"A $\mathcal{O}(n^2)$ bound for \emph{attention} \& ${{7*7}}$",
    "arxiv:2401.00005": "A paper by very many",
}


def _clock() -> datetime:
    return datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """The service, and ids of things in it that only the store knows."""

    url: str
    idea: str
    run: str
    granted: str
    store: GraphStore


@dataclass(slots=True)
class Watched:
    """What a page did that it must not do."""

    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def _papers(folder: Path) -> Path:
    """The real paper that the story is about, and 40 of its neighbours."""
    with gzip.open(EXAMPLES / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in lines]
    story = [one for one in papers if one["id"] == PAPER.removeprefix("arxiv:")]
    file = folder / "papers.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in [*story, *papers[:40]]))
    return file


def _hostile(identifier: str, title: str, authors: int) -> Bundle:
    names = [f"Author {k} <b>" for k in range(1, authors + 1)]
    ids = [mention_id(identifier, name) for name in names]
    nodes = [Description(identifier, Kind.WORK, {"title": title, "abstract": title})]
    nodes += [
        Description(one, Kind.MENTION, {"name": name}) for one, name in zip(ids, names, strict=True)
    ]
    edges = tuple(
        Edge(identifier, Relation.WAS_ATTRIBUTED_TO, one, {"position": k})
        for k, one in enumerate(ids, 1)
    )
    uri = identifier
    return record(
        "source:arxiv",
        "2024-01-02T00:00:00Z",
        RecordSource(uri, "arxiv-raw/300"),
        Body(tuple(nodes), edges),
    )


def _said() -> Body:
    """An idea by a person and an AI, from the paper; and what the paper cites."""
    nodes = [
        Description("#idea", Kind.IDEA, {"title": "Let both improve each other"}),
        Description("#root", Kind.IDEA, {"title": "Machines that improve themselves"}),
        Description("#work", Kind.RESEARCH, {"activity": "method-innovation"}),
        Description("#ada", Kind.PERSON, {"name": "Ada"}),
        Description("#model", Kind.AI, {"name": "A model", "model": "lab/model@1"}),
        Description("#lab", Kind.ORGANIZATION, {"name": "The lab"}),
        *(
            Description(f"#c{k:02}", Kind.WORK, {"title": f"Cited work {k}", "year": 1950 + k})
            for k in range(CITED)
        ),
    ]
    both: dict[str, Any] = {"role": "conceptualization", "autonomy": "ai-generated"}
    edges = [
        Edge("#idea", Relation.WAS_DERIVED_FROM, PAPER, {"subtype": "inspiration"}),
        Edge("#idea", Relation.WAS_GENERATED_BY, "#work"),
        Edge(
            "#idea", Relation.WAS_ATTRIBUTED_TO, "#ada", {"role": "supervision", "degree": "lead"}
        ),
        Edge("#idea", Relation.WAS_ATTRIBUTED_TO, "#model", both | {"verified_by": "#ada"}),
        Edge("#work", Relation.WAS_ASSOCIATED_WITH, "#lab"),
        Edge("#c00", Relation.WAS_DERIVED_FROM, "#root", {"subtype": "source"}),
        Edge("#ada", Relation.DISPUTES, "arxiv:2401.00004", {"reason": "No proof."}),
        *(Edge(PAPER, Relation.CITES, f"#c{k:02}", {"number": k + 1}) for k in range(CITED)),
    ]
    return Body(tuple(nodes), tuple(edges))


def _granted() -> list[Bundle]:
    """A person lets an AI speak for her, and it makes a claim."""
    grant = statement(
        Header(
            by=f"person:{PERSON.key}",
            at="2026-11-20T00:00:00Z",
            body="",
            grants=Grant(MACHINE.key, Scope.SAY),
        ),
        None,
        PERSON,
    )
    claim = Body(
        (Description("#claim", Kind.CLAIM, {"text": "Machines can check machines"}),),
        (Edge("#claim", Relation.SUPPORTS, "arxiv:2401.00002"),),
    )
    header = Header(by="ai:" + "5" * 64, at="2026-11-21T00:00:00Z", body="", under=grant.id)
    return [grant, statement(header, claim, MACHINE)]


def _fill(store: GraphStore, folder: Path) -> tuple[str, str, str]:
    speaker = Speaker(SIGNER, f"software:{SIGNER.key}", _clock)
    store.trust([TrustEntry(SIGNER.key)])
    ingest_snapshot(IngestContext(store, speaker), _papers(folder))
    ingest_mlflow(store, speaker, EXAMPLES / "mlflow")
    records = [
        _hostile(one, title, AUTHORS if one.endswith("5") else 1) for one, title in HOSTILE.items()
    ]
    vouches = tuple(sorted(one.id for one in records))
    store.append(lambda look: [*records, speaker.make_statement(look, RUN_BODY, vouches=vouches)])
    made: list[Bundle] = []

    def compose(look: Any) -> list[Bundle]:
        made[:] = [speaker.make_statement(look, _said())]
        return made

    store.append(compose)
    ideas = [one for one in made[0].minted_ids() if one.startswith("idea:")]
    idea = next(one for one in ideas if store.things([one])[one].title.startswith("Let both"))
    granted = _granted()
    store.append(lambda look: granted)
    return idea, store.list_ids(Kind.RUN, limit=1)[0], granted[1].id


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The service over the small graph, on a free port."""
    if not (DIST / "index.html").is_file():
        pytest.fail("expected the built explorer in explorer/dist, found none; run: make explorer")
    folder = tmp_path_factory.mktemp("site")
    store = open_store(f"sqlite:{folder / 'colineage.db'}", clock=_clock)
    idea, run, granted = _fill(store, folder)
    listener = socket.create_server(("127.0.0.1", 0))
    app = make_app(lambda: store, explorer=DIST, signer=SIGNER)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", idea, run, granted, store)
    server.should_exit = True
    thread.join(KEPT_WAITING_S)
    listener.close()
    store.close()


def _program(playwright: Playwright) -> str:
    """A browser that is there, else the one that Playwright downloaded."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    own = playwright.chromium.executable_path
    if found is None and not Path(own).exists():
        pytest.fail(
            f"expected a browser ({', '.join(BROWSERS)}) or Playwright's own, found none; run: "
            "make browser, or: playwright install chromium, or as root on Debian: "
            "apt-get install chromium"
        )
    return found or own


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        # As root it starts only without its sandbox; it opens nothing but our own pages.
        program = _program(playwright)
        expect.set_options(timeout=KEPT_WAITING_S * 1000)
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A fresh profile, 1280 by 900, light, that says at its end what a page did wrong."""
    made = browser.new_context(
        base_url=site.url, viewport={"width": 1280, "height": 900}, color_scheme="light"
    )
    made.set_default_timeout(KEPT_WAITING_S * 1000)
    watched = Watched()

    def asked(url: str) -> None:
        if not url.startswith((site.url + "/", "blob:" + site.url, "data:")):
            watched.strangers.append(url)

    made.on(
        "console", lambda said: watched.errors.append(said.text) if said.type == "error" else None
    )
    made.on("weberror", lambda wrong: watched.errors.append(str(wrong.error)))
    made.on("request", lambda request: asked(request.url))
    yield made
    made.close()
    assert watched.errors == []
    assert watched.strangers == []


@pytest.fixture
def visit() -> Callable[[Page, str], None]:
    """Goes to an address and waits until nothing is loading any more."""

    def visit(page: Page, path: str) -> None:
        page.goto(path)
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator(".loading")).to_have_count(0)

    return visit


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of that profile."""
    opened = context.new_page()
    yield opened
    try:
        opened.close()
    except Error:  # pragma: no cover - a page that crashed is told by its test
        return
