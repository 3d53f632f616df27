"""Checks of the inputs of a run: its data and its software environment are identified by digests."""

import hashlib
import re
from pathlib import Path
from typing import Final

from audit.check import Check
from audit.run_facts import (
    LinkedThing,
    RecordedValue,
    RunFacts,
    bundles_of,
    bundles_of_links,
    statement_remedy,
)
from audit.verdict import CheckVerdict
from graph.errors import Fault, InputError
from graph.model.vocabulary import Kind

_SHA256 = re.compile(r"(?<![0-9a-f])(?:sha256:)?([0-9a-f]{64})(?![0-9a-f])")
_DATA_KINDS: Final = frozenset({Kind.DATASET, Kind.BENCHMARK, Kind.FILE})


def check_data_digest(facts: RunFacts) -> Check:
    """Check that the data is identified by a digest of its content."""
    name = "data digest"
    used = [link for link in facts.used if _is_data(link)]
    without = [link for link in used if not data_digests_of(link)]
    own = facts.values("digest")
    if without:
        return Check(
            name,
            CheckVerdict.FAIL,
            "used without a digest: " + ", ".join(link.thing.title for link in without),
            bundles_of_links(without),
            "record the SHA-256 of each file that was read (sha256sum FILE), as its digest",
        )
    if used or own:
        digests = [digest for link in used for digest in data_digests_of(link)]
        values = [entry.value for entry in (*digests, *own)]
        return Check(
            name,
            CheckVerdict.PASS,
            "digest " + ", ".join(dict.fromkeys(values)),
            tuple(sorted({*bundles_of_links(used), *(entry.bundle for entry in (*digests, *own))})),
        )
    return Check(
        name,
        CheckVerdict.UNKNOWN,
        "no data set or file is recorded as used",
        remedy="record what was read: mlflow.log_input(mlflow.data.from_pandas(df)), or state "
        + f"an edge {{from: {facts.run.id}, rel: used, to: 'sha256:<sha256sum of the file>'}}",
    )


def _is_data(link: LinkedThing) -> bool:
    """Return whether it is data: bytes of which only the hash is known count as such."""
    if link.thing.kind is None:
        return link.thing.id.startswith("sha256:")
    return link.thing.kind in _DATA_KINDS


def data_digests_of(link: LinkedThing) -> tuple[RecordedValue, ...]:
    """Return the digests of one used thing: its id where that is a hash, and those recorded of it."""
    hash_id = link.thing.id if link.thing.id.startswith("sha256:") else None
    own = (
        tuple(RecordedValue("id", hash_id, bundle) for bundle in link.bundles[:1])
        if hash_id
        else ()
    )
    return own + link.values("digest")


def check_environment(facts: RunFacts) -> Check:
    """Check that the software environment is identified by a digest of its content."""
    name = "environment"
    own = facts.values("environment")
    used = [link for link in facts.used if link.thing.kind is Kind.ENVIRONMENT]
    digests = [entry for entry in own if _SHA256.search(entry.value)]
    digests += [digest for link in used for digest in data_digests_of(link)]
    remedy = "keep conda.yaml or requirements.txt with the run (mlflow.log_artifact), or state "
    remedy += statement_remedy(facts, "environment: 'sha256:<sha256sum requirements.lock>'")
    if digests:
        words = ", ".join(dict.fromkeys(digest.value for digest in digests))
        return Check(
            name, CheckVerdict.PASS, f"recorded with its digest: {words}", bundles_of(digests)
        )
    if own or used:
        words = ", ".join([entry.value for entry in own] + [link.thing.title for link in used])
        bundles = tuple(sorted({*bundles_of(own), *bundles_of_links(used)}))
        return Check(name, CheckVerdict.FAIL, f"named without a digest: {words}", bundles, remedy)
    return Check(name, CheckVerdict.UNKNOWN, "no environment is recorded", remedy=remedy)


def check_data_matches(facts: RunFacts, data: Path | None) -> Check:
    """Check that a file is the data that the run read."""
    name = "data as recorded"
    recorded = [entry for link in facts.used for entry in data_digests_of(link)]
    recorded += facts.values("digest")
    comparable = {
        match[1]: entry.bundle for entry in recorded for match in _SHA256.finditer(entry.value)
    }
    remedy = f"colineage audit {facts.run.id} --data FILE"
    if not recorded:
        evidence = "no digest is recorded to compare with"
        return Check(
            name, CheckVerdict.UNKNOWN, evidence, remedy="record the digest of the data first"
        )
    if not comparable:
        values = ", ".join(dict.fromkeys(entry.value for entry in recorded))
        evidence = f"no recorded digest is a SHA-256: {values}"
        return Check(
            name,
            CheckVerdict.UNKNOWN,
            evidence,
            bundles_of(recorded),
            "record its SHA-256",
        )
    if data is None:
        bundles = tuple(sorted(set(comparable.values())))
        return Check(name, CheckVerdict.UNKNOWN, "no file was given to compare", bundles, remedy)
    digest = _sha256(data)
    if digest in comparable:
        evidence = f"{data} has the SHA-256 {digest}, as recorded"
        return Check(name, CheckVerdict.PASS, evidence, (comparable[digest],))
    evidence = f"expected the SHA-256 {' or '.join(sorted(comparable))}, got {digest} of {data}"
    bundles = tuple(sorted(set(comparable.values())))
    return Check(name, CheckVerdict.FAIL, evidence, bundles, "give the file that the run read")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        fault = Fault("data", "a file that can be read", f"{path}: {error.strerror}")
        raise InputError("the data can't be read", [fault]) from error
