"""Errors: the tree of those that packages share; sources add subclasses of their own.

GraphError
├── InputError            the input is wrong: fix it (it lists every fault)
│   ├── BundleError       bytes that are no bundle
│   │   └── DamagedError  stored bytes that are not what was admitted
│   ├── IdentifierError   a text that is no identifier
│   └── NoteError         a text that is no checkpoint signed by that log's key
├── NotFoundError         no such node or bundle here
├── BrokenLogError        a log that isn't what it signed, or what it was before: nothing of it is imported
├── TooDearError          a query above the cost limit: ask for less
├── StoreError            the store can't be used as it is
│   ├── BusyError         another process writes: try again
│   ├── UnreachableError  its server doesn't answer now: try again
│   └── ForeignStoreError the file is no store of ours, or a newer one
├── SourceError           a source gave no usable answer: going on later is safe
│   └── RefusedError      the source refuses: repeating the same request is no use
├── KeyFileError          the installation's key can't be read or made
└── MissingModelError     the embedding model is not there, or is another one
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Fault in an input: where it is, what was expected, what was there instead."""

    where: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}, got {self.got}"


class GraphError(Exception):
    """Root of all errors raised on purpose."""


class InputError(GraphError):
    """Invalid input; `faults` lists everything that is wrong with it."""

    def __init__(self, what: str, faults: Sequence[Fault]) -> None:
        self.what = what
        self.faults = tuple(faults)
        super().__init__("\n  ".join([f"{what}:", *map(str, self.faults)]))


class BundleError(InputError):
    """Bytes that are no bundle."""


class DamagedError(BundleError):
    """Stored bytes that are not what was admitted."""


class IdentifierError(InputError):
    """Text that is no identifier."""


class NoteError(InputError):
    """Text that is no checkpoint, or not one that the log's key signed."""


class NotFoundError(GraphError):
    """Node or bundle that is not in this store."""


class BrokenLogError(GraphError):
    """Log that is not what its checkpoint says, or not what it was: altered, cut, rolled back or forked."""


class TooDearError(GraphError):
    """Query above the cost limit; the message states its cost and the limit."""


class StoreError(GraphError):
    """Store that can't be used as it is."""


class BusyError(StoreError):
    """Store that another process holds for writing: try again."""


class UnreachableError(StoreError):
    """Store whose server doesn't answer, or whose connection broke off: try again."""


class ForeignStoreError(StoreError):
    """File that is no store of ours, is damaged, or was made by a newer version."""


class SourceError(GraphError):
    """Source that gave no usable answer; what was stored stays, going on later is safe."""


class RefusedError(SourceError):
    """Source that refuses; repeating the same request is no use."""


class KeyFileError(GraphError):
    """Key file of the installation that can't be read or made."""


class MissingModelError(GraphError):
    """Embedding model that is not there, or is not the one that was requested."""
