"""Benchmark of `ingest pdf`: recall, precision and speed on papers whose references are known; a table for each set.

    python -m bench.pdf DATA [--corpus FOLDER] [--hostile FOLDER] [--reader pdfium] [--errors]

DATA holds folders of PDFs with what is known of them beside each: `jose/*.gold.json` (Crossref deposits),
`arxiv/*.gold.json` (links of each entry), `s2orc/*.s2orc.json` (made by a machine: silver). `--corpus` names a folder
of `*.jsonl.gz` whose `title`s are put into the store as distractors.

*Identifiers*: the set of DOIs and arXiv ids that a PDF's `cites` edges lead to, compared with those of the gold.
*Titles*: each gold reference whose title is given (as such, as the first of unstructured fields, or picked from them by
hand: `jose_titles.json`; also by another deposit for the same DOI) becomes a work of a store (title, year, first
author; no DOI, so that only the title can lead to it), beside the distractors; right is a title match of that PDF to
that work, wrong is any other title match. The matcher sees the store and the PDF alone; a distractor of the same
title as a gold work is left out.
"""

import argparse
import gzip
import hashlib
import json
import re
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bench.generate import bench_speaker
from graph.model.vocabulary import Relation
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.store import GraphStore
from ingest.openalex import ingest_openalex
from ingest.pdf.extract.extract import facts_of
from ingest.pdf.extract.identifiers import doi_of, ids_in_uri
from ingest.pdf.extract.pages import LIMITS
from ingest.pdf.ingest import ingest_pdf_files
from ingest.pdf.input_files import PdfInput
from ingest.pdf.match.title_index import squeeze
from ingest.pdf.sandbox.child import load_reader
from ingest.pdf.sandbox.parent import PdfSandbox

BY_HAND = Path(__file__).with_name("jose_titles.json")
SETS = ("jose", "arxiv", "s2orc")


@dataclass(frozen=True)
class TitledReference:
    """Gold reference whose title is known."""

    title: str
    year: int | None
    author: str | None

    @property
    def work(self) -> str:
        """Id of its work in the store."""
        number = int(hashlib.sha256(squeeze(self.title).encode()).hexdigest()[:12], 16) + 1
        return f"openalex:W{number}"


@dataclass
class Gold:
    """Gold data of one PDF; `ids` is `None` where identifiers are not given."""

    references: int
    ids: set[str] | None
    titles: list[TitledReference]


@dataclass
class Score:
    """Score of one question: how many are right, missing and wrong."""

    right: int = 0
    missing: int = 0
    wrong: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, expected: set[str], actual: set[str]) -> None:
        """Count one PDF."""
        self.right += len(expected & actual)
        self.missing += len(expected - actual)
        self.wrong += len(actual - expected)
        if expected != actual:
            self.notes.append(
                f"{name}: missing {sorted(expected - actual)}, wrong {sorted(actual - expected)}"
            )

    def __str__(self) -> str:
        if not self.right + self.missing:
            return "not known"
        recall = self.right / (self.right + self.missing)
        precision = self.right / max(1, self.right + self.wrong)
        f1 = 2 * recall * precision / max(1e-9, recall + precision)
        counts = f"{self.right} right, {self.missing} missing, {self.wrong} wrong"
        return f"recall {recall:.3f}, precision {precision:.3f}, F1 {f1:.3f} ({counts})"


def titles_of_dois(data: Path) -> dict[str, TitledReference]:
    """Return the titles that some deposit gives for a DOI: they hold for that DOI in every deposit."""
    titles: dict[str, TitledReference] = {}
    for deposit in sorted(data.rglob("*.gold.json")):
        for entry in json.loads(deposit.read_text())["references"]:
            for reference in _titled_references(entry):
                titles |= dict.fromkeys(_ids(entry), reference)
    return titles


def gold_of(pdf: Path, by_doi: Mapping[str, TitledReference]) -> Gold | None:
    """Read the gold data of a PDF; `None` where there is none."""
    deposit, parsed = pdf.with_suffix(".gold.json"), pdf.with_suffix(".s2orc.json")
    if parsed.exists():
        entries = json.loads(parsed.read_text())["pdf_parse"]["bib_entries"].values()
        titles = [reference for entry in entries for reference in _silver_references(entry)]
        return Gold(len(entries), None, titles)
    if not deposit.exists():
        return None
    references = json.loads(deposit.read_text())["references"]
    ids = {name for entry in references for name in _ids(entry)}
    titled = [reference for entry in references for reference in _titled_references(entry)]
    by_hand = json.loads(BY_HAND.read_text()).get(pdf.stem, ())
    titled += [TitledReference(title, year, author) for title, year, author in by_hand]
    titled += [by_doi[name] for name in sorted(ids) if name in by_doi]
    return Gold(len(references), ids, titled)


def _ids(entry: Mapping[str, Any]) -> Iterator[str]:
    doi = doi_of(entry["doi"]) if entry.get("doi") else None
    if doi:
        yield doi
    for url in entry.get("urls", ()):
        yield from ids_in_uri(url)


def _titled_references(entry: Mapping[str, Any]) -> Iterator[TitledReference]:
    title = entry.get("article_title") or entry.get("volume_title")
    year = re.match(r"\d{4}", entry.get("cYear", ""))
    if title:
        yield TitledReference(title, int(year[0]) if year else None, entry.get("author"))
        return
    fields = [unquote(part) for part in entry.get("unstructured_citation", "").split(", ")]
    if len(fields) > 2 and "%20" in entry["unstructured_citation"]:
        years = [int(part) for part in fields if re.fullmatch(r"(?:19|20)\d\d", part)]
        yield TitledReference(fields[0], years[0] if years else None, fields[1].split(" and ")[0])


def _silver_references(entry: Mapping[str, Any]) -> Iterator[TitledReference]:
    if entry.get("title"):
        author = next((person["last"] for person in entry["authors"]), None)
        yield TitledReference(entry["title"], entry.get("year"), author)


def store_with(titles: list[TitledReference], corpus: Path | None, folder: Path) -> GraphStore:
    """Make a store that knows these works and the titles of a corpus."""
    speaker = bench_speaker()
    store = open_store(f"sqlite:{folder}/known.db")
    store.trust([TrustEntry(speaker.signer.key)])
    gold = {squeeze(reference.title) for reference in titles}
    with (folder / "known.jsonl").open("w") as out:
        for reference in {reference.work: reference for reference in titles}.values():
            authors = [{"name": reference.author}] if reference.author else []
            work = {
                "id": reference.work.removeprefix("openalex:"),
                "title": reference.title,
                "year": reference.year,
            }
            out.write(json.dumps(work | {"authors": authors}) + "\n")
        for number, title in enumerate(_distractors(corpus), start=1):
            if squeeze(title) not in gold:
                out.write(json.dumps({"id": f"W{10**15 + number}", "title": title}) + "\n")
    ingest_openalex(store, speaker, folder / "known.jsonl")
    return store


def _distractors(corpus: Path | None) -> Iterator[str]:
    for file in sorted(corpus.glob("*.jsonl.gz")) if corpus else ():
        with gzip.open(file, "rt") as lines:
            for line in lines:
                title = json.loads(line).get("title")
                if title:
                    yield title


def measure(data: Path, corpus: Path | None, reader: str, *, errors: bool) -> None:
    """Print the table of each set."""
    pdfs = {name: sorted((data / name).glob("*.pdf")) for name in SETS}
    by_doi = titles_of_dois(data)
    golds = {pdf: gold_of(pdf, by_doi) for paths in pdfs.values() for pdf in paths}
    titles = [reference for gold in golds.values() if gold for reference in gold.titles]
    with tempfile.TemporaryDirectory() as folder:
        store = store_with(titles, corpus, Path(folder))
        works = store.counts().nodes.get("work", 0)
        print(
            f"store: {works:,} works, {len({reference.work for reference in titles})} of them cited"
        )
        for name, paths in pdfs.items():
            if not paths:
                continue
            start = time.process_time()
            inputs = [PdfInput(pdf) for pdf in paths]
            ingest_pdf_files(store, bench_speaker(), inputs, query=name, reader=reader)
            cpu_s = time.process_time() - start
            _table(store, name, {pdf: golds[pdf] for pdf in paths}, cpu_s, errors=errors)
        store.close()


def _table(
    store: GraphStore, name: str, golds: Mapping[Path, Gold | None], cpu_s: float, *, errors: bool
) -> None:
    ids, titles, entries = Score(), Score(), Counter[str]()
    methods: dict[str, Counter[bool]] = defaultdict(Counter)
    for pdf, gold in golds.items():
        file = "sha256:" + hashlib.sha256(pdf.read_bytes()).hexdigest()
        thing = store.things([file])[file]
        references = thing.shown.description.attributes.get("references", ()) if thing.shown else ()
        by_id, by_title, unresolved = _edges(store, file)
        entries["found"] += len(references)  # type: ignore[arg-type]  # a list by its shape
        entries["unresolved"] += unresolved
        entries["edges"] += len(by_id) + len(by_title) + unresolved
        if gold:
            entries["gold"] += gold.references
            entries["found where gold"] += len(references)  # type: ignore[arg-type]  # as above
            expected = {reference.work for reference in gold.titles}
            titles.add(pdf.name, expected, set(by_title))
            for work, how in by_title.items():
                methods[how][work in expected] += 1
            if gold.ids is not None:
                ids.add(pdf.name, gold.ids, by_id)
    print(f"\n{name}: {len(golds)} PDFs; {cpu_s / len(golds):.2f} s of CPU a PDF outside the child")
    print(f"  entries      {entries['found where gold']} found where {entries['gold']} are")
    print(f"  edges a PDF  {entries['edges'] / len(golds):.1f}, unresolved {entries['unresolved']}")
    print(f"  identifiers  {ids}")
    print(f"  titles       {titles}")
    for how, counts in sorted(methods.items()):
        print(f"    {how}: {counts[True]} right, {counts[False]} wrong")
    for note in [*ids.notes, *titles.notes] if errors else ():
        print(f"    {note}")


def _edges(store: GraphStore, file: str) -> tuple[set[str], dict[str, str], int]:
    """Return the targets of a PDF's statement: by identifier, by title (and how), and how many are unresolved."""
    by_id: set[str] = set()
    by_title: dict[str, str] = {}
    unresolved = 0
    out = store.adjacent([file], outgoing=True)
    bundles = {bundle for asserted in out for bundle in asserted.bundles}
    for stored in store.bundles_by_id(bundles).values():
        for edge in stored.bundle.resolved_body().edges:
            method = str(edge.qualifiers.get("method", ""))
            if "title" in method:
                by_title[edge.target] = f"{method} ({edge.qualifiers['score']})"
            elif edge.relation is Relation.CITES and method == "not resolved":
                unresolved += 1
            elif edge.relation is Relation.CITES:
                by_id.add(edge.target)
    return by_id, by_title, unresolved


def speed(data: Path, reader: str) -> None:
    """Print pages per CPU-second over all reading processes, and the peak memory of the largest."""
    files = [pdf for name in SETS for pdf in sorted((data / name).glob("*.pdf"))]
    pages = 0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with PdfSandbox(reader) as nursery:
        for pdf in files:
            digest = "sha256:" + hashlib.sha256(pdf.read_bytes()).hexdigest()
            pages += nursery.read(pdf, digest).facts.pages or 0
        nursery.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"{reader}: {pages} pages of {len(files)} files, {pages / cpu_s:.0f} pages per CPU-second "
        f"(start of the reader included); peak {after.ru_maxrss / 1024:.0f} MB"
    )


def speed_alone(data: Path, reader: str) -> None:
    """Print pages per CPU-second in this process: without starting the reader, without a fork for each file."""
    files = [pdf.read_bytes() for name in SETS for pdf in sorted((data / name).glob("*.pdf"))]
    pdf_reader = load_reader(reader)
    pdf_reader.read(files[0], LIMITS)
    start = time.process_time()
    documents = [pdf_reader.read(content, LIMITS) for content in files]
    middle = time.process_time()
    pages = sum(facts_of(document, pdf_reader.tool).pages or 0 for document in documents)
    end = time.process_time()
    print(
        f"{reader}: {pages / (middle - start):.0f} pages per CPU-second read, "
        f"{pages / (end - start):.0f} read and understood, without processes"
    )


def hostile(folder: Path, reader: str) -> None:
    """Print the outcomes of reading hostile files, and the longest time."""
    outcomes: Counter[str] = Counter()
    longest = (0.0, "")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with PdfSandbox(reader) as nursery:
        for file in files:
            start = time.monotonic()
            digest = "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()
            outcomes[nursery.read(file, digest).facts.outcome.value] += 1
            longest = max(longest, (time.monotonic() - start, file.name))
    counts = ", ".join(f"{n} {outcome}" for outcome, n in outcomes.most_common())
    print(
        f"{reader}: {len(files)} hostile files: {counts}; longest {longest[0]:.1f} s {longest[1]}"
    )


def main() -> None:
    """Print what the options request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--hostile", type=Path)
    parser.add_argument("--fast", action="store_true", help="print how fast it is and no more")
    parser.add_argument("--reader", default="pypdf", choices=("pypdf", "pdfium"))
    parser.add_argument(
        "--errors", action="store_true", help="name what is missing and what is wrong"
    )
    options = parser.parse_args()
    speed(options.data, options.reader)
    speed_alone(options.data, options.reader)
    if options.fast:
        return
    measure(options.data, options.corpus, options.reader, errors=options.errors)
    if options.hostile:
        hostile(options.hostile, options.reader)


if __name__ == "__main__":
    main()
