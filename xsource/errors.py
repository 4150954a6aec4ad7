"""What can go wrong, as types a caller can act on.

    XSourceError            the root: a message and a hint, which the command line prints as two lines
    ├─ InputError           a file, a record or a field that was handed in is not what it must be
    ├─ IndexStateError      the index is absent, of another embedder, newer than this program, or damaged
    ├─ ModelError           a model or a translation package is absent, changed or cannot be used here
    ├─ MissingExtraError    an optional library is not installed
    └─ StorageError         the disk is full, a folder cannot be written, another process is writing

Wrong arguments from our own code are `ValueError`, which nobody turns into a sentence: that is our bug.
"""

from __future__ import annotations

from dataclasses import dataclass


class XSourceError(Exception):
    """A failure that a user can understand and act on.

    Args:
        message: what was found, what was expected, and where (`file:line: field is "x", not a date`).
        hint: what to do next, as one sentence; empty when the message already says it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class InputError(XSourceError):
    """A file, a record or a field that was handed in is not what it must be."""


class IndexStateError(XSourceError):
    """The index is absent, made by another embedder, newer than this program, or damaged."""


class ModelError(XSourceError):
    """A model or a translation package is absent, changed, or cannot be used on this machine."""


class MissingExtraError(XSourceError):
    """An optional library is not installed; the hint names the command that installs it."""


class StorageError(XSourceError):
    """The disk is full, a folder cannot be written, or another process holds the index."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One article (or file) that was left out of a batch, and why. Counted and shown, never swallowed.

    Attributes:
        where: `path`, `path:line` or a URL.
        message: what was found and what was expected.
        hint: what to do next, or an empty string.
    """

    where: str
    message: str
    hint: str = ""
