"""Import PDFs into a store: a file or a folder, in batches of files, then the citations they print."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from graph.bundle.bundle import Bundle
from graph.errors import BundleError, Fault, InputError
from graph.model.model import Description
from graph.model.vocabulary import Kind, ReadingOutcome
from graph.speaker import Speaker
from graph.store import GraphStore, StoredBundle
from ingest.formats.json_lines import RefusedItem
from ingest.pdf.extract.extraction import IdentityClaim, PdfFacts, digest_of
from ingest.pdf.extract.pages import LIMITS, PdfLimits
from ingest.pdf.input_files import PdfInput, copies_of, error_text, file_name, files_of
from ingest.pdf.sandbox.parent import READERS, PdfSandbox
from ingest.pdf.statements.bodies import Reading
from ingest.pdf.statements.identity import given_claim, identity_of
from ingest.pdf.statements.publish import (
    FILES_AT_ONCE,
    CitingPdf,
    may_say,
    publish_citations,
    publish_outcome,
)
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
    """Result of a PDF import: the counts of records, the outcomes of the readings, statements made.

    `unsaid` counts the files of which a statement would say something, and none was made: the grant is to harvest alone.
    """

    report: Report
    outcomes: Mapping[str, int] = field(default_factory=dict)
    statements: int = 0
    unsaid: int = 0


def ingest_pdf(
    store: GraphStore,
    speaker: Speaker,
    path: Path,
    *,
    of: str | None = None,
    reader: str = "pypdf",
    limits: PdfLimits = LIMITS,
    files_per_page: int = FILES_PER_PAGE,
    progress: Progress | None = None,
) -> PdfReport:
    """Import a PDF, or every `*.pdf` of a folder and the folders in it.

    Args:
        store: The store to write to.
        speaker: Vouches for the records and states the citations.
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
    claim = given_claim(of) if of is not None else None
    return ingest_pdf_files(
        store,
        speaker,
        [PdfInput(file, claim) for file in files],
        query=file_name(path) or "PDFs",
        reader=reader,
        limits=limits,
        files_per_page=files_per_page,
        progress=progress,
        refused=refused,
    )


def ingest_pdf_files(
    store: GraphStore,
    speaker: Speaker,
    inputs: Sequence[PdfInput],
    *,
    query: str,
    reader: str = "pypdf",
    limits: PdfLimits = LIMITS,
    files_per_page: int = FILES_PER_PAGE,
    progress: Progress | None = None,
    refused: Sequence[RefusedItem] = (),
) -> PdfReport:
    """Import these PDFs, in this order; for the other arguments see `ingest_pdf`.

    `refused` lists inputs that could not even be looked up. The same bytes under two names are one file. A file
    whose record in the store is from this reader is not read again.

    Raises:
        InputError: The reader is unknown or isn't installed.
    """
    if reader not in READERS:
        raise InputError("unknown reader", [Fault("reader", " or ".join(READERS), reader)])
    with PdfSandbox(reader, limits) as sandbox:
        ingest = _PdfIngest(
            store,
            speaker,
            sandbox,
            query,
            Report("pdf"),
            list(refused),
            may_say=may_say(store, speaker),
        )
        copies = copies_of(inputs, ingest.refused)
        files = list(copies.items())
        for k in range(0, max(len(files), 1), files_per_page):
            ingest.commit_page(files[k : k + files_per_page])
            if len(ingest.papers) >= FILES_AT_ONCE:
                ingest.publish()
            if progress:
                progress(min(k + files_per_page, len(files)))
    ingest.publish()
    report = replace(ingest.report, complete=True, log_size=store.checkpoint().size)
    outcomes = {outcome.value: n for outcome, n in ingest.outcomes.items()}
    return PdfReport(report, outcomes, ingest.statements, ingest.unsaid)


def resolve_citations(store: GraphStore, speaker: Speaker) -> PdfReport:
    """Match the unresolved references of a store's PDFs against the titles that it has by now."""
    papers = list(_papers(store))
    is_allowed = may_say(store, speaker)
    statements = publish_citations(store, speaker, papers) if is_allowed else 0
    count = len(papers)
    report = Report("pdf", count, unchanged=count, complete=True, log_size=store.checkpoint().size)
    return PdfReport(report, statements=statements, unsaid=0 if is_allowed else count)


@dataclass(slots=True)
class _PdfIngest:
    """PDF import in progress: records and citations not yet committed."""

    store: GraphStore
    speaker: Speaker
    sandbox: PdfSandbox
    query: str
    report: Report
    refused: list[RefusedItem] = field(default_factory=list)
    outcomes: Counter[ReadingOutcome] = field(default_factory=Counter)
    papers: list[CitingPdf] = field(default_factory=list)
    statements: int = 0
    unsaid: int = 0
    may_say: bool = True

    def publish(self) -> None:
        """State the citations of the papers read since the last call; only these are kept in memory."""
        if self.may_say:
            self.statements += publish_citations(self.store, self.speaker, self.papers)
        else:
            self.unsaid += len(self.papers)
        self.papers.clear()

    def commit_page(self, files: Sequence[tuple[str, list[PdfInput]]]) -> None:
        """Commit the records of some files in one append, those of unreadable files beside them."""
        records: list[Bundle] = []
        beside: list[Bundle] = []
        unread: dict[str, tuple[Description | None, IdentityClaim | None]] = {}
        for file, copies in files:
            first, claim = copies[0], next((copy.claim for copy in copies if copy.claim), None)
            try:
                bundle, facts, size = self._record(file, first.path)
            except (BundleError, InputError, OSError) as error:
                self.refused.append(RefusedItem(first.name, error_text(error)))
                continue
            self.outcomes[facts.outcome] += 1
            if facts.outcome is not ReadingOutcome.OK:
                self.refused.append(RefusedItem(first.name, _outcome_text(facts)))
            if bundle is None:
                unread[file] = file_description(file, facts, size), claim
            elif facts.outcome is ReadingOutcome.OK:
                records.append(bundle)
                self._add_paper(file, copies, bundle, facts)
            else:
                beside.append(bundle)
                unread[file] = None, claim
        self._commit([file for file, _ in files], records, beside)
        for file, (description, claim) in unread.items():
            if self.may_say:
                publish_outcome(self.store, self.speaker, file, description, claim=claim)
            elif description or claim:
                self.unsaid += 1

    def _record(self, file: str, path: Path) -> tuple[Bundle | None, PdfFacts, int]:
        """Return the record of a file, its facts and size; no record where this machine's limits caused the outcome."""
        reusable = _reusable_record(self.store, self.speaker, file, self.sandbox)
        if reusable is not None:
            return *reusable, 0
        size = path.stat().st_size
        result = self.sandbox.read(path, file)
        if result.is_machine_dependent:
            return None, result.facts, size
        return file_record(file, result.facts, size, self.sandbox.reader), result.facts, size

    def _add_paper(
        self, file: str, copies: Sequence[PdfInput], bundle: Bundle, facts: PdfFacts
    ) -> None:
        claim = next((copy.claim for copy in copies if copy.claim), None)
        identity = identity_of(
            facts.names, (copy.path.name for copy in copies if not copy.label), claim
        )
        if identity.conflict:
            self.refused.append(RefusedItem(copies[0].name, identity.conflict))
        self.papers.append(CitingPdf(Reading(file, bundle.id, facts), identity))

    def _commit(
        self, files: Sequence[str], records: Sequence[Bundle], beside: Sequence[Bundle]
    ) -> None:
        run = {
            "query": self.query,
            "answer": digest_of("\n".join(files).encode()),
            "tool": f"colineage ingest pdf, {self.sandbox.tool}",
        }
        self.report = commit_run(
            self.store,
            self.speaker,
            records,
            run,
            self.report,
            companions=beside,
            refusals=self.refused,
        )
        self.refused.clear()


def _reusable_record(
    store: GraphStore, speaker: Speaker, file: str, sandbox: PdfSandbox
) -> tuple[Bundle, PdfFacts] | None:
    """Return the record of a file that this author's run vouches for, if made by the same tool or a better reader."""
    stored = next(iter(_records(store, [file])), None)
    source = stored.bundle.header.source if stored and stored.bundle.header else None
    if stored is None or source is None:
        return None
    facts = facts_from(stored.bundle)
    vouchers = store.bundles_by_id(stored.vouchers).values()
    if facts is None or not any(voucher.author == speaker.author for voucher in vouchers):
        return None
    is_better = source.mapping_number > mapping_number(sandbox.reader)
    return (stored.bundle, facts) if is_better or facts.tool == sandbox.tool else None


def _records(store: GraphStore, files: Sequence[str]) -> Iterator[StoredBundle]:
    """Yield the living records of these files."""
    things = store.things(files).values()
    descriptions = (
        description for thing in things for description in (thing.shown, *thing.also) if description
    )
    records = store.bundles_by_id(
        [description.bundle for description in descriptions if description.author == BY]
    )
    yield from (record for record in records.values() if record.lives)


def _papers(store: GraphStore) -> Iterator[CitingPdf]:
    """Yield every PDF with references that the store has a record of, with its work as stated before."""
    after = ""
    while ids := store.list_ids(Kind.FILE, after=after, limit=_AT_ONCE):
        for stored in _records(store, ids):
            facts, header = facts_from(stored.bundle), stored.bundle.header
            if facts and facts.references and header and header.source:
                yield CitingPdf(Reading(header.source.uri, stored.bundle.id, facts), None)
        after = ids[-1]


def _outcome_text(facts: PdfFacts) -> str:
    return f"{facts.outcome}: {facts.reason}" if facts.reason else facts.outcome.value
