"""Audit of a run: could somebody else reproduce it from what is recorded?"""

from pathlib import Path

from audit.check import Audit, Check
from audit.commit import Presence, is_commit, look_up_commit
from audit.inputs import check_data_digest, check_data_matches, check_environment
from audit.run_checks import (
    check_commit_named,
    check_finished,
    check_metrics,
    check_parameters,
    check_seed,
    check_who_ran_it,
    check_working_tree,
)
from audit.run_facts import RunFacts, read_run_facts
from audit.verdict import CheckVerdict
from graph.store import GraphReader


def audit_run(
    store: GraphReader, identifier: str, *, repository: Path | None = None, data: Path | None = None
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
    facts = read_run_facts(store, identifier)
    checks = (
        check_finished(facts),
        check_commit_named(facts),
        _check_commit_exists(facts, repository),
        check_working_tree(facts),
        check_data_digest(facts),
        check_data_matches(facts, data),
        check_seed(facts),
        check_parameters(facts),
        check_environment(facts),
        check_metrics(facts),
        check_who_ran_it(facts),
    )
    return Audit(facts.run, checks)


def _check_commit_exists(facts: RunFacts, repository: Path | None) -> Check:
    name = "commit found"
    remedy = f"git clone the repository, then: colineage audit {facts.run.id} --repository PATH"
    recorded = facts.commits()
    commits = [entry for entry in recorded if is_commit(entry.value)]
    bundles = tuple(sorted({entry.bundle for entry in commits}))
    if not recorded:
        return Check(name, CheckVerdict.UNKNOWN, "no commit is recorded to look for", remedy=remedy)
    if not commits:
        return Check(name, CheckVerdict.NOT_APPLICABLE, "what is recorded is no whole commit id")
    if repository is None:
        evidence = "no repository was given to look in"
        return Check(name, CheckVerdict.UNKNOWN, evidence, bundles, remedy)
    lookups = [look_up_commit(repository, entry.value) for entry in commits]
    worst = next(
        (lookup for lookup in lookups if lookup.presence is not Presence.THERE), lookups[0]
    )
    verdict = {
        Presence.THERE: CheckVerdict.PASS,
        Presence.MISSING: CheckVerdict.FAIL,
        Presence.NOT_KNOWN: CheckVerdict.UNKNOWN,
    }[worst.presence]
    return Check(name, verdict, worst.words, bundles, worst.remedy)
