"""Audit check: what was looked at, the verdict, its evidence, and a remedy."""

from dataclasses import dataclass

from audit.verdict import CheckVerdict
from graph.model.model import BundleId
from graph.store import Thing


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one thing.

    `evidence` states what was found, or what was looked for in vain. `bundles` are the bundles that
    state it. `remedy` is what to type or to record where the verdict is `fail` or `unknown`.
    """

    name: str
    verdict: CheckVerdict
    evidence: str
    bundles: tuple[BundleId, ...] = ()
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """All checks of one thing, each with its own verdict: there is no score."""

    node: Thing
    checks: tuple[Check, ...]

    @property
    def has_passed(self) -> bool:
        """True when something passed and nothing failed or stayed unknown."""
        verdicts = {check.verdict for check in self.checks}
        return CheckVerdict.PASS in verdicts and verdicts <= {
            CheckVerdict.PASS,
            CheckVerdict.NOT_APPLICABLE,
        }
