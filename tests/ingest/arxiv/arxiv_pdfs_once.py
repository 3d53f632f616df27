"""Harvest a local arXiv with its PDFs into a store and print the state digest: a process of its own, to be killed.

python arxiv_pdfs_once.py STORE URL: new PDFs, three at once, without delay; by the query API where the address is that of one.
"""

import sys

from graph.bundle.keys import signer_of
from graph.clock import system_clock
from graph.open import open_store
from graph.speaker import Voice
from ingest.arxiv.harvest import harvest
from ingest.arxiv.options import Asked
from ingest.arxiv.pdf_cache import PdfsAsked, open_shelf
from ingest.arxiv_pdfs import Which, owed_by_harvest, take_papers


def main() -> None:
    signer = signer_of(b"\1" * 32)
    voice = Voice(signer, f"software:{signer.key}", system_clock)
    store = open_store(sys.argv[1])
    store.trust(frozenset({signer.key}))
    url = sys.argv[2]
    via = "api" if "/api/" in url else "oai"
    asked = Asked("1990-01-01", via=via, base_url=url, delay_s=0.0, slice_size=10)
    harvest(store, voice, asked, naming_new=True)
    owed = owed_by_harvest(store, voice.author, asked, Which.NEW)
    pdfs = PdfsAsked(url.partition("/api/")[0].removesuffix("/oai") + "/pdf", 0.0)
    with open_shelf(pdfs, system_clock()) as shelf:
        found = take_papers(store, voice, shelf, owed, query=pdfs.base_url, at_once=3)
    size = store.checkpoint().size
    sys.stdout.write(f"{store.digest()} {size} {found.fetched} {found.left} {found.why_left}\n")
    store.close()


if __name__ == "__main__":
    main()
