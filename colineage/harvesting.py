"""What the options of `ingest arxiv` mean together."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graph.errors import Fault, InputError

if TYPE_CHECKING:  # reading them costs a tenth of a second, and --help needs none of it
    from ingest.arxiv.asked import Asked
    from ingest.quarantine import Quarantine

_SUFFIX: Final = ".quarantine.jsonl"
_MEMORY: Final = "sqlite::memory:"


def asked_of(given: Mapping[str, Any], delay_s: float) -> "Asked":
    """The harvest that the options ask for, checked.

    Raises:
        InputError: They ask for none, or wrongly.
    """
    if given["since"] is None:
        raise InputError(
            "nothing to ingest", [Fault("options", "--since DATE, or --snapshot FILE", "neither")]
        )
    from graph.clock import system_clock
    from ingest.arxiv.asked import OAI, Asked

    return Asked(
        since=given["since"],
        until=given["until"],
        categories=tuple(given["category"] or ()),
        max_records=given["max"],
        via=given["via"] or OAI,
        base_url=given["base-url"],
        delay_s=delay_s,
        mailto=given["mailto"],
        deadline_s=given["deadline"],
    ).check(system_clock())


def refuse_beside_snapshot(given: Mapping[str, object]) -> None:
    """Refuses options that narrow a harvest: a file is read whole.

    Raises:
        InputError: Some are given.
    """
    faults = [
        Fault(f"--{name}", "nothing beside --snapshot, which reads the whole file", str(value))
        for name, value in given.items()
        if value
    ]
    if faults:
        raise InputError("a snapshot is read whole", faults)


def quarantine_of(store: str, named: Path | None) -> "Quarantine":
    """Where refused records are kept: beside a store that is a file, else in the current folder."""
    from graph.clock import system_clock
    from ingest.quarantine import Quarantine

    scheme, _, path = store.partition(":")
    if named is None and store != _MEMORY:
        beside = Path(path) if scheme == "sqlite" and path else Path("colineage")
        named = beside.with_name(beside.stem + _SUFFIX)
    return Quarantine(named, system_clock)
