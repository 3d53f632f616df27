"""Import PDFs into a store: a file or a folder, in batches of files, then the citations they print."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from graph.bundle.bundle import Bundle
from graph.errors import BundleError, Fault, InputError
from graph.model.model import Description
from graph.model.vocabulary import Kind, Outcome
from graph.speaker import Voice
from graph.store import GraphStore, Stored
from ingest.formats.json_lines import Refused
from ingest.pdf.extract.extraction import Facts, Named, digest_of
from ingest.pdf.extract.pages import LIMITS, Limits
from ingest.pdf.input_files import Given, copies_of, file_name, files_of, told
from ingest.pdf.sandbox.parent import READERS, Nursery
from ingest.pdf.statements.bodies import Reading
from ingest.pdf.statements.identity import given as given_of
from ingest.pdf.statements.identity import identity_of
from ingest.pdf.statements.publish import FILES_AT_ONCE, Paper, say_citations, say_outcome
from ingest.pdf.statements.record import (
    BY,
    facts_from,
    file_description,
    file_record,
    mapping_number,
)
from ingest.pipeline.commit_file import Progress
from ingest.pipeline.commit_page import Report
from ingest.pipeline.run_log import commit_run

FILES_PER_PAGE: Final = 25
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class PdfReport:
    """Result of a PDF import: the counts of records, the outcomes of the readings, statements made."""

    report: Report
    outcomes: Mapping[str, int] = field(default_factory=dict)
    statements: int = 0


def ingest_pdf(
    store: GraphStore,
    voice: Voice,
    path: Path,
    *,
    of: str | None = None,
    reader: str = "pypdf",
    limits: Limits = LIMITS,
    files_per_page: int = FILES_PER_PAGE,
    progress: Progress | None = None,
) -> PdfReport:
    """Import a PDF, or every `*.pdf` of a folder and the folders in it.

    Args:
        store: The store to write to.
        voice: Vouches for the records and states the citations.
        path: The file or folder.
        of: The id of the work that the file is of; for a single file only.
        reader: `pypdf`, or `pdfium` where its extra is installed.
        limits: Resource limits for one file.
        files_per_page: Number of files whose records make one append.
        progress: Called with the number of files processed so far.

    Raises:
        InputError: There is no PDF, `of` is given for several, or the reader isn't installed.
    """
    files, refused = files_of(path)
    if of is not None and len(files) > 1:
        fault = Fault("--of", "one file", f"a folder with {len(files)}")
        raise InputError("only one file can be of that work", [fault])
    named = given_of(of) if of is not None else None
    return take_pdfs(
        store,
        voice,
        [Given(file, named) for file in files],
        query=file_name(path) or "PDFs",
        reader=reader,
        limits=limits,
        files_per_page=files_per_page,
        progress=progress,
        refused=refused,
    )


def take_pdfs(
    store: GraphStore,
    voice: Voice,
    given: Sequence[Given],
    *,
    query: str,
    reader: str = "pypdf",
    limits: Limits = LIMITS,
    files_per_page: int = FILES_PER_PAGE,
    progress: Progress | None = None,
    refused: Sequence[Refused] = (),
) -> PdfReport:
    """Import these PDFs, in this order; for the other arguments see `ingest_pdf`.

    `refused` lists inputs that could not even be looked up. The same bytes under two names are one file. A file
    whose record in the store is from this reader is not read again.

    Raises:
        InputError: The reader is unknown or isn't installed.
    """
    if reader not in READERS:
        raise InputError("unknown reader", [Fault("reader", " or ".join(READERS), reader)])
    with Nursery(reader, limits) as nursery:
        taking = _Taking(store, voice, nursery, query, Report("pdf"), list(refused))
        copies = copies_of(given, taking.refused)
        every = list(copies.items())
        for k in range(0, max(len(every), 1), files_per_page):
            taking.page(every[k : k + files_per_page])
            if len(taking.papers) >= FILES_AT_ONCE:
                taking.say()
            if progress:
                progress(min(k + files_per_page, len(every)))
    taking.say()
    report = replace(taking.report, complete=True, log_size=store.checkpoint().size)
    outcomes = {one.value: n for one, n in taking.outcomes.items()}
    return PdfReport(report, outcomes, taking.said)


def resolved(store: GraphStore, voice: Voice) -> PdfReport:
    """Match the unresolved references of a store's PDFs against the titles that it has by now."""
    papers = list(_papers(store))
    said = say_citations(store, voice, papers)
    seen = len(papers)
    report = Report("pdf", seen, unchanged=seen, complete=True, log_size=store.checkpoint().size)
    return PdfReport(report, statements=said)


@dataclass(slots=True)
class _Taking:
    """PDF import in progress: records and citations not yet committed."""

    store: GraphStore
    voice: Voice
    nursery: Nursery
    query: str
    report: Report
    refused: list[Refused] = field(default_factory=list)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    papers: list[Paper] = field(default_factory=list)
    said: int = 0

    def say(self) -> None:
        """State the citations of the papers read since the last call; only these are kept in memory."""
        self.said += say_citations(self.store, self.voice, self.papers)
        self.papers.clear()

    def page(self, files: Sequence[tuple[str, list[Given]]]) -> None:
        """Commit the records of some files in one append, those of unreadable files beside them."""
        records: list[Bundle] = []
        beside: list[Bundle] = []
        ended: dict[str, tuple[Description | None, Named | None]] = {}
        for file, copies in files:
            first, of = copies[0], next((copy.of for copy in copies if copy.of), None)
            try:
                bundle, facts, size = self._record(file, first.path)
            except (BundleError, InputError, OSError) as error:
                self.refused.append(Refused(first.name, told(error)))
                continue
            self.outcomes[facts.outcome] += 1
            if facts.outcome is not Outcome.OK:
                self.refused.append(Refused(first.name, _why(facts)))
            if bundle is None:
                ended[file] = file_description(file, facts, size), of
            elif facts.outcome is Outcome.OK:
                records.append(bundle)
                self._paper(file, copies, bundle, facts)
            else:
                beside.append(bundle)
                ended[file] = None, of
        self._commit([file for file, _ in files], records, beside)
        for file, (said, of) in ended.items():
            say_outcome(self.store, self.voice, file, said, of=of)

    def _record(self, file: str, path: Path) -> tuple[Bundle | None, Facts, int]:
        """Return the record of a file, its facts and size; no record where this machine's limits caused the outcome."""
        standing = _standing(self.store, self.voice, file, self.nursery)
        if standing is not None:
            return *standing, 0
        size = path.stat().st_size
        read = self.nursery.read(path, file)
        if read.by_machine:
            return None, read.facts, size
        return file_record(file, read.facts, size, self.nursery.reader), read.facts, size

    def _paper(self, file: str, copies: Sequence[Given], bundle: Bundle, facts: Facts) -> None:
        given = next((one.of for one in copies if one.of), None)
        identity = identity_of(
            facts.names, (one.path.name for one in copies if not one.called), given
        )
        if identity.conflict:
            self.refused.append(Refused(copies[0].name, identity.conflict))
        self.papers.append(Paper(Reading(file, bundle.id, facts), identity))

    def _commit(
        self, files: Sequence[str], records: Sequence[Bundle], beside: Sequence[Bundle]
    ) -> None:
        run = {
            "query": self.query,
            "answer": digest_of("\n".join(files).encode()),
            "tool": f"colineage ingest pdf, {self.nursery.tool}",
        }
        self.report = commit_run(
            self.store, self.voice, records, run, self.report, beside=beside, refused=self.refused
        )
        self.refused.clear()


def _standing(
    store: GraphStore, voice: Voice, file: str, nursery: Nursery
) -> tuple[Bundle, Facts] | None:
    """Return the record of a file that this author's run vouches for, if made by the same tool or a better reader."""
    stored = next(iter(_records(store, [file])), None)
    source = stored.bundle.header.source if stored and stored.bundle.header else None
    if stored is None or source is None:
        return None
    facts = facts_from(stored.bundle)
    vouchers = store.stored(stored.vouchers).values()
    if facts is None or not any(one.author == voice.author for one in vouchers):
        return None
    is_better = source.mapping_number > mapping_number(nursery.reader)
    return (stored.bundle, facts) if is_better or facts.tool == nursery.tool else None


def _records(store: GraphStore, files: Sequence[str]) -> Iterator[Stored]:
    """Yield the living records of these files."""
    things = store.things(files).values()
    descriptions = (
        description for thing in things for description in (thing.shown, *thing.also) if description
    )
    records = store.stored(
        [description.bundle for description in descriptions if description.author == BY]
    )
    yield from (record for record in records.values() if record.lives)


def _papers(store: GraphStore) -> Iterator[Paper]:
    """Yield every PDF with references that the store has a record of, with its work as stated before."""
    after = ""
    while ids := store.listed(Kind.FILE, after=after, limit=_AT_ONCE):
        for stored in _records(store, ids):
            facts, header = facts_from(stored.bundle), stored.bundle.header
            if facts and facts.references and header and header.source:
                yield Paper(Reading(header.source.uri, stored.bundle.id, facts), None)
        after = ids[-1]


def _why(facts: Facts) -> str:
    return f"{facts.outcome}: {facts.reason}" if facts.reason else facts.outcome.value
