"""Verdict of an audit check: pass, fail, unknown or not applicable; unknown is never a pass."""

from enum import StrEnum


class CheckVerdict(StrEnum):
    """Verdict of a check; only the first is good."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"
