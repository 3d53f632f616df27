"""Checks of a run's recorded facts (status, commit, seed, parameters, metrics, user): each a pure function."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from audit.check import Check, Outcome
from audit.commit import is_commit
from audit.run_facts import Recorded, RunFacts, bundles_of, bundles_of_links, to_state

_SEED_NAME = re.compile(r"(?:.*[._/-])?(?:\w*seed|random_state|randomstate)", re.IGNORECASE)
_INTEGER = re.compile(r"-?\d{1,20}", re.ASCII)
_DIRTY_TAGS: Final = frozenset(
    {"dirty", "git.dirty", "mlflow.git.dirty", "mlflow.source.git.dirty"}
)
_DIFF_TAGS: Final = frozenset({"git.diff", "mlflow.git.diff", "mlflow.source.git.diff"})
_NOBODY: Final = frozenset(
    {
        "admin",
        "anonymous",
        "docker",
        "jovyan",
        "nobody",
        "root",
        "runner",
        "ubuntu",
        "unknown",
        "user",
    }
)
_UNFINISHED: Final = frozenset({"failed", "killed"})
_NOT_A_NUMBER: Final = frozenset({"NaN", "Infinity", "-Infinity"})

Judge = Callable[[str], tuple[Outcome, str]]


def finished(facts: RunFacts) -> Check:
    """Check that the run came to its end."""

    def judge(value: str) -> tuple[Outcome, str]:
        word = value.lower()
        if word == "finished":
            return Outcome.PASS, "status finished"
        if word in _UNFINISHED:
            return (
                Outcome.FAIL,
                f"status {word}: its results are those of a run that did not end well",
            )
        return Outcome.UNKNOWN, f"status {word}: the end of the run is not recorded"

    return _one_value(
        "run finished",
        facts.values("status"),
        judge,
        missing="no status is recorded",
        remedy="end the run (mlflow.end_run()) and ingest it again",
    )


def commit_named(facts: RunFacts) -> Check:
    """Check that one commit is named as the code that ran."""

    def judge(value: str) -> tuple[Outcome, str]:
        if is_commit(value):
            return Outcome.PASS, f"commit {value}"
        return Outcome.FAIL, f"expected a whole commit id (40 or 64 hex digits), got {value!r}"

    return _one_value(
        "commit named",
        facts.commits(),
        judge,
        missing="no commit is recorded",
        remedy="run from a git repository (MLflow then records mlflow.source.git.commit), or state "
        + to_state(facts, "commit: <40 hex digits>"),
    )


def working_tree(facts: RunFacts) -> Check:
    """Check that the files that ran were those of the commit, or that the difference is recorded."""
    name = "working tree state"
    tags = facts.listed("tags")
    states = tuple(one for one in tags if one.name.lower() in _DIRTY_TAGS)
    diffs = tuple(one for one in tags if one.name.lower() in _DIFF_TAGS and one.value.strip())

    def judge(value: str) -> tuple[Outcome, str]:
        word = value.strip().lower()
        if word in {"false", "0", "no", "clean"}:
            return Outcome.PASS, "clean: what ran is what the commit holds"
        if word not in {"true", "1", "yes", "dirty"}:
            return Outcome.UNKNOWN, f"expected true or false, got {value!r}"
        if diffs:
            return Outcome.PASS, f"changed, and the change is recorded ({diffs[0].name})"
        return Outcome.FAIL, "changed against the commit, and the change is not recorded"

    return _one_value(
        name,
        states,
        judge,
        missing="whether files were changed against the commit is not recorded",
        remedy="commit before the run, and record it: the tag mlflow.git.dirty = false; or state "
        + to_state(facts, "tags: [{name: git.dirty, value: 'false'}]"),
    )


def seed(facts: RunFacts) -> Check:
    """Check that the random seed was fixed, and to one value."""
    params = facts.listed("params")
    found = facts.values("seed") + tuple(one for one in params if _SEED_NAME.fullmatch(one.name))
    remedy = "fix the seed of every generator and log it: mlflow.log_param('seed', 0); or state "
    remedy += to_state(facts, "seed: '0'")
    if not found:
        evidence = "no seed is recorded, among the parameters or elsewhere"
        return Check("seed", Outcome.UNKNOWN, evidence, remedy=remedy)
    bad = [one for one in found if not _INTEGER.fullmatch(one.value.strip())]
    clashing = _clashes(found)
    if bad or clashing:
        evidence = ", ".join(f"{one.name} = {one.value!r}" for one in bad or clashing)
        prefix = "expected whole numbers, got " if bad else "recorded with several values: "
        return Check("seed", Outcome.FAIL, prefix + evidence, bundles_of(bad or clashing), remedy)
    evidence = ", ".join(f"{one.name} = {one.value}" for one in found)
    if any(one.value.strip().startswith("-") for one in found):
        said = f"{evidence}: many tools take a negative seed for one chosen by chance"
        return Check("seed", Outcome.UNKNOWN, said, bundles_of(found), remedy)
    return Check("seed", Outcome.PASS, evidence, bundles_of(found))


def parameters(facts: RunFacts) -> Check:
    """Check that the settings of the run are recorded."""
    return _listed(
        "parameters",
        facts.listed("params"),
        lambda one: one.value.strip() == "",
        blank="without a value",
        remedy="log each setting: mlflow.log_params({...}); or state "
        + to_state(facts, "params: [{name: …, value: …}]"),
    )


def metrics(facts: RunFacts) -> Check:
    """Check that the results are recorded as numbers."""
    return _listed(
        "metrics",
        facts.listed("metrics"),
        lambda one: one.value in _NOT_A_NUMBER,
        blank="not a finite number",
        remedy="log each result: mlflow.log_metric('accuracy', 0.93); or state "
        + to_state(facts, "metrics: [{name: …, value: '0.93'}]"),
        several=True,
    )


def who_ran_it(facts: RunFacts) -> Check:
    """Check that somebody is named who ran it."""
    name = "who ran it"
    users = facts.values("user")
    known = [entry for entry in users if entry.value.strip().lower() not in _NOBODY]
    agents = [link for link in facts.agents if link.thing.title.strip().lower() not in _NOBODY]
    remedy = "record who ran it: "
    remedy += f"an edge {{from: {facts.run.id}, rel: wasAssociatedWith, to: 'orcid:…'}}"
    if agents or known:
        names = dict.fromkeys(
            [link.thing.title for link in agents] + [entry.value for entry in known]
        )
        bundles = tuple(sorted({*bundles_of_links(agents), *bundles_of(known)}))
        return Check(name, Outcome.PASS, ", ".join(names), bundles)
    if users or facts.agents:
        names = dict.fromkeys(
            [link.thing.title for link in facts.agents] + [entry.value for entry in users]
        )
        bundles = tuple(sorted({*bundles_of_links(facts.agents), *bundles_of(users)}))
        evidence = f"an account that names nobody: {', '.join(names)}"
        return Check(name, Outcome.FAIL, evidence, bundles, remedy)
    return Check(name, Outcome.UNKNOWN, "nobody is recorded", remedy=remedy)


def _one_value(
    name: str, found: Sequence[Recorded], judge: Judge, *, missing: str, remedy: str
) -> Check:
    """Check a fact that has one value: several that differ are a failure."""
    if not found:
        return Check(name, Outcome.UNKNOWN, missing, remedy=remedy)
    values = dict.fromkeys(one.value for one in found)
    if len(values) > 1:
        evidence = "recorded with several values: " + ", ".join(values)
        return Check(name, Outcome.FAIL, evidence, bundles_of(found), remedy)
    verdict, evidence = judge(found[0].value)
    return Check(
        name, verdict, evidence, bundles_of(found), None if verdict is Outcome.PASS else remedy
    )


def _listed(
    name: str,
    found: Sequence[Recorded],
    is_bad: Callable[[Recorded], bool],
    *,
    blank: str,
    remedy: str,
    several: bool = False,
) -> Check:
    """Check a list: there is something in it, and each item has one usable value."""
    if not found:
        return Check(name, Outcome.UNKNOWN, f"no {name} are recorded", remedy=remedy)
    bad = [one for one in found if is_bad(one)]
    if bad:
        evidence = f"{blank}: " + ", ".join(dict.fromkeys(one.name for one in bad))
        return Check(name, Outcome.FAIL, evidence, bundles_of(bad), remedy)
    clashing = [] if several else _clashes(found)
    if clashing:
        evidence = ", ".join(f"{one.name} = {one.value}" for one in clashing)
        return Check(
            name,
            Outcome.FAIL,
            f"recorded with several values: {evidence}",
            bundles_of(clashing),
            remedy,
        )
    names = list(dict.fromkeys(one.name for one in found))
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return Check(
        name, Outcome.PASS, f"{len(names)}: {', '.join(names[:8])}{more}", bundles_of(found)
    )


def _clashes(found: Sequence[Recorded]) -> list[Recorded]:
    """Return those whose name has more than one value."""
    values: dict[str, set[str]] = {}
    for one in found:
        values.setdefault(one.name, set()).add(one.value)
    return [one for one in found if len(values[one.name]) > 1]
