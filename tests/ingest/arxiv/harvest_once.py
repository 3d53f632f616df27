"""Harvests a local arXiv into a store and prints the state digest: a process of its own, to be killed.

python harvest_once.py STORE URL
"""

import sys

from graph.clock import system_clock
from graph.keys import signer_of
from graph.open import open_store
from graph.voice import Voice
from ingest.arxiv.asked import Asked
from ingest.arxiv.harvest import harvest


def main() -> None:
    signer = signer_of(b"\1" * 32)
    voice = Voice(signer, f"software:{signer.key}", system_clock)
    store = open_store(sys.argv[1])
    store.trust(frozenset({signer.key}))
    report = harvest(store, voice, Asked("2005-01-01", base_url=sys.argv[2], delay_s=0.0))
    sys.stdout.write(
        f"{store.digest()} {report.seen} {report.new} {report.changed} {report.log_size}\n"
    )
    store.close()


if __name__ == "__main__":
    main()
