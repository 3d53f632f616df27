"""Harvest a local arXiv with its PDFs into a store and print the state digest: a process of its own, to be killed.

python arxiv_pdfs_once.py STORE URL: new PDFs, three at once, without delay; by the query API where the address is that of one.
"""

import sys

from graph.bundle.keys import signer_of
from graph.clock import system_clock
from graph.open import open_store
from graph.rules.facts import TrustEntry
from graph.speaker import Speaker
from ingest.arxiv.context import IngestContext
from ingest.arxiv.harvest import harvest
from ingest.arxiv.options import HarvestOptions
from ingest.arxiv.pdf_cache import PdfFetchOptions, open_pdf_cache
from ingest.arxiv_pdfs import PdfSelection, ingest_missing_pdfs, missing_pdfs_of_harvest


def main() -> None:
    signer = signer_of(b"\1" * 32)
    speaker = Speaker(signer, f"software:{signer.key}", system_clock)
    store = open_store(sys.argv[1])
    store.trust([TrustEntry(signer.key)])
    url = sys.argv[2]
    via = "api" if "/api/" in url else "oai"
    asked = HarvestOptions("1990-01-01", via=via, base_url=url, delay_s=0.0, slice_size=10)
    harvest(IngestContext(store, speaker, naming_new=True), asked)
    owed = missing_pdfs_of_harvest(store, speaker.author, asked, PdfSelection.NEW)
    pdfs = PdfFetchOptions(url.partition("/api/")[0].removesuffix("/oai") + "/pdf", 0.0)
    with open_pdf_cache(pdfs, system_clock()) as shelf:
        found = ingest_missing_pdfs(store, speaker, shelf, owed, query=pdfs.base_url, batch_size=3)
    size = store.checkpoint().size
    sys.stdout.write(f"{store.digest()} {size} {found.fetched} {found.left} {found.why_left}\n")
    store.close()


if __name__ == "__main__":
    main()
