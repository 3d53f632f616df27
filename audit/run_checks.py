"""Checks of a run's recorded facts (status, commit, seed, parameters, metrics, user): each a pure function."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from audit.check import Check
from audit.commit import is_commit
from audit.run_facts import RecordedValue, RunFacts, bundles_of, bundles_of_links, statement_remedy
from audit.verdict import CheckVerdict

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

Judge = Callable[[str], tuple[CheckVerdict, str]]


def check_finished(facts: RunFacts) -> Check:
    """Check that the run came to its end."""

    def judge(value: str) -> tuple[CheckVerdict, str]:
        word = value.lower()
        if word == "finished":
            return CheckVerdict.PASS, "status finished"
        if word in _UNFINISHED:
            return (
                CheckVerdict.FAIL,
                f"status {word}: its results are those of a run that did not end well",
            )
        return CheckVerdict.UNKNOWN, f"status {word}: the end of the run is not recorded"

    return _check_single_value(
        "run finished",
        facts.values("status"),
        judge,
        missing="no status is recorded",
        remedy="end the run (mlflow.end_run()) and ingest it again",
    )


def check_commit_named(facts: RunFacts) -> Check:
    """Check that one commit is named as the code that ran."""

    def judge(value: str) -> tuple[CheckVerdict, str]:
        if is_commit(value):
            return CheckVerdict.PASS, f"commit {value}"
        return CheckVerdict.FAIL, f"expected a whole commit id (40 or 64 hex digits), got {value!r}"

    return _check_single_value(
        "commit named",
        facts.commits(),
        judge,
        missing="no commit is recorded",
        remedy="run from a git repository (MLflow then records mlflow.source.git.commit), or state "
        + statement_remedy(facts, "commit: <40 hex digits>"),
    )


def check_working_tree(facts: RunFacts) -> Check:
    """Check that the files that ran were those of the commit, or that the difference is recorded."""
    name = "working tree state"
    tags = facts.list_values("tags")
    states = tuple(tag for tag in tags if tag.name.lower() in _DIRTY_TAGS)
    diffs = tuple(tag for tag in tags if tag.name.lower() in _DIFF_TAGS and tag.value.strip())

    def judge(value: str) -> tuple[CheckVerdict, str]:
        word = value.strip().lower()
        if word in {"false", "0", "no", "clean"}:
            return CheckVerdict.PASS, "clean: what ran is what the commit holds"
        if word not in {"true", "1", "yes", "dirty"}:
            return CheckVerdict.UNKNOWN, f"expected true or false, got {value!r}"
        if diffs:
            return CheckVerdict.PASS, f"changed, and the change is recorded ({diffs[0].name})"
        return CheckVerdict.FAIL, "changed against the commit, and the change is not recorded"

    return _check_single_value(
        name,
        states,
        judge,
        missing="whether files were changed against the commit is not recorded",
        remedy="commit before the run, and record it: the tag mlflow.git.dirty = false; or state "
        + statement_remedy(facts, "tags: [{name: git.dirty, value: 'false'}]"),
    )


def check_seed(facts: RunFacts) -> Check:
    """Check that the random seed was fixed, and to one value."""
    params = facts.list_values("params")
    entries = facts.values("seed") + tuple(
        entry for entry in params if _SEED_NAME.fullmatch(entry.name)
    )
    remedy = "fix the seed of every generator and log it: mlflow.log_param('seed', 0); or state "
    remedy += statement_remedy(facts, "seed: '0'")
    if not entries:
        evidence = "no seed is recorded, among the parameters or elsewhere"
        return Check("seed", CheckVerdict.UNKNOWN, evidence, remedy=remedy)
    bad = [entry for entry in entries if not _INTEGER.fullmatch(entry.value.strip())]
    clashing = _clashing_entries(entries)
    if bad or clashing:
        evidence = ", ".join(f"{entry.name} = {entry.value!r}" for entry in bad or clashing)
        prefix = "expected whole numbers, got " if bad else "recorded with several values: "
        return Check(
            "seed", CheckVerdict.FAIL, prefix + evidence, bundles_of(bad or clashing), remedy
        )
    evidence = ", ".join(f"{entry.name} = {entry.value}" for entry in entries)
    if any(entry.value.strip().startswith("-") for entry in entries):
        warning = f"{evidence}: many tools take a negative seed for one chosen by chance"
        return Check("seed", CheckVerdict.UNKNOWN, warning, bundles_of(entries), remedy)
    return Check("seed", CheckVerdict.PASS, evidence, bundles_of(entries))


def check_parameters(facts: RunFacts) -> Check:
    """Check that the settings of the run are recorded."""
    return _check_list(
        "parameters",
        facts.list_values("params"),
        lambda entry: entry.value.strip() == "",
        blank="without a value",
        remedy="log each setting: mlflow.log_params({...}); or state "
        + statement_remedy(facts, "params: [{name: …, value: …}]"),
    )


def check_metrics(facts: RunFacts) -> Check:
    """Check that the results are recorded as numbers."""
    return _check_list(
        "metrics",
        facts.list_values("metrics"),
        lambda entry: entry.value in _NOT_A_NUMBER,
        blank="not a finite number",
        remedy="log each result: mlflow.log_metric('accuracy', 0.93); or state "
        + statement_remedy(facts, "metrics: [{name: …, value: '0.93'}]"),
        several=True,
    )


def check_who_ran_it(facts: RunFacts) -> Check:
    """Check that somebody is named who ran it."""
    name = "who ran it"
    users = facts.values("user")
    named_users = [entry for entry in users if entry.value.strip().lower() not in _NOBODY]
    agents = [link for link in facts.agents if link.thing.title.strip().lower() not in _NOBODY]
    remedy = "record who ran it: "
    remedy += f"an edge {{from: {facts.run.id}, rel: wasAssociatedWith, to: 'orcid:…'}}"
    if agents or named_users:
        names = dict.fromkeys(
            [link.thing.title for link in agents] + [entry.value for entry in named_users]
        )
        bundles = tuple(sorted({*bundles_of_links(agents), *bundles_of(named_users)}))
        return Check(name, CheckVerdict.PASS, ", ".join(names), bundles)
    if users or facts.agents:
        names = dict.fromkeys(
            [link.thing.title for link in facts.agents] + [entry.value for entry in users]
        )
        bundles = tuple(sorted({*bundles_of_links(facts.agents), *bundles_of(users)}))
        evidence = f"an account that names nobody: {', '.join(names)}"
        return Check(name, CheckVerdict.FAIL, evidence, bundles, remedy)
    return Check(name, CheckVerdict.UNKNOWN, "nobody is recorded", remedy=remedy)


def _check_single_value(
    name: str, entries: Sequence[RecordedValue], judge: Judge, *, missing: str, remedy: str
) -> Check:
    """Check a fact that has one value: several that differ are a failure."""
    if not entries:
        return Check(name, CheckVerdict.UNKNOWN, missing, remedy=remedy)
    values = dict.fromkeys(entry.value for entry in entries)
    if len(values) > 1:
        evidence = "recorded with several values: " + ", ".join(values)
        return Check(name, CheckVerdict.FAIL, evidence, bundles_of(entries), remedy)
    verdict, evidence = judge(entries[0].value)
    return Check(
        name,
        verdict,
        evidence,
        bundles_of(entries),
        None if verdict is CheckVerdict.PASS else remedy,
    )


def _check_list(
    name: str,
    entries: Sequence[RecordedValue],
    is_bad: Callable[[RecordedValue], bool],
    *,
    blank: str,
    remedy: str,
    several: bool = False,
) -> Check:
    """Check a list: there is something in it, and each item has one usable value."""
    if not entries:
        return Check(name, CheckVerdict.UNKNOWN, f"no {name} are recorded", remedy=remedy)
    bad = [entry for entry in entries if is_bad(entry)]
    if bad:
        evidence = f"{blank}: " + ", ".join(dict.fromkeys(entry.name for entry in bad))
        return Check(name, CheckVerdict.FAIL, evidence, bundles_of(bad), remedy)
    clashing = [] if several else _clashing_entries(entries)
    if clashing:
        evidence = ", ".join(f"{entry.name} = {entry.value}" for entry in clashing)
        return Check(
            name,
            CheckVerdict.FAIL,
            f"recorded with several values: {evidence}",
            bundles_of(clashing),
            remedy,
        )
    names = list(dict.fromkeys(entry.name for entry in entries))
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return Check(
        name, CheckVerdict.PASS, f"{len(names)}: {', '.join(names[:8])}{more}", bundles_of(entries)
    )


def _clashing_entries(entries: Sequence[RecordedValue]) -> list[RecordedValue]:
    """Return those whose name has more than one value."""
    values: dict[str, set[str]] = {}
    for entry in entries:
        values.setdefault(entry.name, set()).add(entry.value)
    return [entry for entry in entries if len(values[entry.name]) > 1]
