"""Audit of a run: could somebody else reproduce it from what is recorded?"""

from pathlib import Path

from audit.check import Audit, Check, Outcome
from audit.commit import Presence, is_commit, seek_commit
from audit.inputs import data_digest, data_same, environment
from audit.run_checks import (
    commit_named,
    finished,
    metrics,
    parameters,
    seed,
    who_ran_it,
    working_tree,
)
from audit.run_facts import RunFacts, run_facts
from graph.store import GraphStore


def audit_run(
    store: GraphStore, identifier: str, *, repository: Path | None = None, data: Path | None = None
) -> Audit:
    """Make every check of a run, in a fixed order.

    Args:
        store: Where the run is recorded.
        identifier: A run, a training or a replication.
        repository: The git repository in which the commit is looked for.
        data: A file that is compared with the digests of the data that the run used.

    Raises:
        NotFoundError: No such node.
        InputError: The node is no run, the repository is none, or the file can't be read.
    """
    facts = run_facts(store, identifier)
    checks = (
        finished(facts),
        commit_named(facts),
        _commit_found(facts, repository),
        working_tree(facts),
        data_digest(facts),
        data_same(facts, data),
        seed(facts),
        parameters(facts),
        environment(facts),
        metrics(facts),
        who_ran_it(facts),
    )
    return Audit(facts.run, checks)


def _commit_found(facts: RunFacts, repository: Path | None) -> Check:
    name = "commit found"
    remedy = f"git clone the repository, then: colineage audit {facts.run.id} --repository PATH"
    named = facts.commits()
    commits = [entry for entry in named if is_commit(entry.value)]
    bundles = tuple(sorted({entry.bundle for entry in commits}))
    if not named:
        return Check(name, Outcome.UNKNOWN, "no commit is recorded to look for", remedy=remedy)
    if not commits:
        return Check(name, Outcome.NOT_APPLICABLE, "what is recorded is no whole commit id")
    if repository is None:
        evidence = "no repository was given to look in"
        return Check(name, Outcome.UNKNOWN, evidence, bundles, remedy)
    sought = [seek_commit(repository, entry.value) for entry in commits]
    worst = next((lookup for lookup in sought if lookup.presence is not Presence.THERE), sought[0])
    verdict = {
        Presence.THERE: Outcome.PASS,
        Presence.MISSING: Outcome.FAIL,
        Presence.NOT_KNOWN: Outcome.UNKNOWN,
    }[worst.presence]
    return Check(name, verdict, worst.words, bundles, worst.remedy)
