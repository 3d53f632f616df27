"""Every error raised on purpose.

GraphError
├── InputError            what was given is wrong: fix it (it lists every fault)
│   ├── BundleError       bytes that are no bundle
│   │   └── DamagedError  stored bytes that are not what was admitted
│   ├── IdentifierError   a text that is no identifier
│   └── NoteError         a text that is no checkpoint signed by that log's key
├── NotFoundError         no such node or bundle here
├── BrokenLogError        a log that isn't what it signed, or what it was before: nothing of it is taken
├── TooEarlyError         dated more than a day ahead: give it again when its time has come
├── TooDearError          a question above the limit: ask for less
├── StoreError            the store can't be used as it is
│   ├── BusyError         somebody else writes: try again
│   ├── UnreachableError  its server doesn't answer now: try again
│   └── ForeignStoreError the file is no store of ours, or a newer one
├── SourceError           a source gave no usable answer: going on later is safe
│   └── RefusedError      the source says no: asking again in the same way is no use
├── KeyFileError          the installation's key can't be read or made
└── MissingModelError     the embedding model is not there, or is another one
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, what was expected, what came."""

    where: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}, got {self.got}"


class GraphError(Exception):
    """The root of all errors raised on purpose."""


class InputError(GraphError):
    """What was given is wrong; `faults` lists everything that is."""

    def __init__(self, what: str, faults: Sequence[Fault]) -> None:
        self.what = what
        self.faults = tuple(faults)
        super().__init__("\n  ".join([f"{what}:", *map(str, self.faults)]))


class BundleError(InputError):
    """Bytes that are no bundle."""


class DamagedError(BundleError):
    """Stored bytes that are not what was admitted."""


class IdentifierError(InputError):
    """A text that is no identifier."""


class NoteError(InputError):
    """A text that is no checkpoint, or not one that the log's key signed."""


class NotFoundError(GraphError):
    """No such node or bundle here."""


class BrokenLogError(GraphError):
    """A log that is not what its checkpoint says, or not what it was: altered, cut, rolled back or forked."""


class TooEarlyError(GraphError):
    """Dated more than a day ahead of the clock: it can be admitted when its time has come."""


class TooDearError(GraphError):
    """A question above the limit; the message states its cost and the limit."""


class StoreError(GraphError):
    """The store can't be used as it is."""


class BusyError(StoreError):
    """Somebody else holds the store for writing: try again."""


class UnreachableError(StoreError):
    """The store's server doesn't answer, or the connection broke off: try again."""


class ForeignStoreError(StoreError):
    """The file is no store of ours, is damaged, or was made by a newer version."""


class SourceError(GraphError):
    """A source gave no usable answer; what was stored stays, going on later is safe."""


class RefusedError(SourceError):
    """The source says no; asking again in the same way is no use."""


class KeyFileError(GraphError):
    """The installation's key can't be read or made."""


class MissingModelError(GraphError):
    """The embedding model is not there, or is not the one that was asked for."""
