"""Admission of a line of another log: the bundle, or why it, or its body, is left out (docs/bundle.md, section 5, rule 1). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from graph.bundle.bundle import Bundle, read
from graph.bundle.envelopes import admissible, are_envelopes, unpack
from graph.errors import BundleError, Fault
from graph.export.format import RefusedLine
from graph.store import RawBundle

_OF_ENVELOPE: Final = "signature"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Refusal of a bundle of another log, or of its body alone.

    Attributes:
        bundle: Its id.
        position: Its position in that log.
        reason: All that is wrong with it.
        part: What is left out: the `bundle`, its `body` alone, or some of its `envelopes`.
    """

    bundle: str
    position: int
    reason: str
    part: Literal["bundle", "body", "envelopes"] = "bundle"


@dataclass(frozen=True, slots=True)
class Admission:
    """Judgement of a line.

    Attributes:
        bundle: The bundle, without its body where that is refused; `None` where all of it is.
        refusal: What is left out and why, `None` where nothing is.
        is_final: True where the header itself is refused: the log can't serve it otherwise, while an envelope or a body
            may have been damaged on the way.
    """

    bundle: Bundle | None
    refusal: Refusal | None = None
    is_final: bool = False


def admit(line: RawBundle | RefusedLine) -> Admission:
    """Judge a line whose id is the hash of its header."""
    if isinstance(line, RefusedLine):
        return Admission(None, _refusal(line.raw, line.faults))
    try:
        return Admission(read(line.header, line.body, line.signature))
    except BundleError as error:
        faults = error.faults
    envelopes: bytes | None = line.signature
    surplus: list[Fault] = []
    if are_envelopes(line.signature):
        envelopes, surplus = admissible(unpack(line.signature))
    for body in (line.body, None):
        try:
            bundle = read(line.header, body, envelopes)
        except BundleError as error:
            faults = error.faults
        else:
            if body is None and line.body is not None:
                return Admission(bundle, _refusal(line, faults, "body"))
            return Admission(bundle, _refusal(line, surplus, "envelopes") if surplus else None)
    is_final = any(fault.where != _OF_ENVELOPE for fault in faults)
    return Admission(None, _refusal(line, faults), is_final)


def _refusal(
    raw: RawBundle,
    faults: Iterable[Fault],
    part: Literal["bundle", "body", "envelopes"] = "bundle",
) -> Refusal:
    return Refusal(raw.id, raw.position, "; ".join(map(str, faults)), part)
