"""Harvest a local arXiv into a store and print the state digest: a process of its own, to be killed.

python harvest_once.py STORE URL [DELAY]: by the query API where the address is that of one, ten papers at most in an answer.
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


def main() -> None:
    signer = signer_of(b"\1" * 32)
    speaker = Speaker(signer, f"software:{signer.key}", system_clock)
    store = open_store(sys.argv[1])
    store.trust([TrustEntry(signer.key)])
    asked = HarvestOptions(
        "1999-01-01",
        via="api" if "/api/" in sys.argv[2] else "oai",
        base_url=sys.argv[2],
        delay_s=float(sys.argv[3]) if len(sys.argv) > 3 else 0.0,
        slice_size=10,
    )
    report = harvest(IngestContext(store, speaker), asked)
    sys.stdout.write(
        f"{store.digest()} {report.seen} {report.new} {report.changed} {report.log_size}\n"
    )
    store.close()


if __name__ == "__main__":
    main()
