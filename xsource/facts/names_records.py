"""What a name is: a mention in a sentence, and its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NameKind = Literal["person", "org", "place", "unknown"]


@dataclass(frozen=True, slots=True)
class NamePart:
    """One word of a name.

    Attributes:
        word: as printed.
        start: half-open range of code points in the sentence, with `end`.
        end: see `start`.
        is_ordinary: whether it is a word of the language (`Foreign`), which is translated and not spelled.
        key: its consonants, comparable across scripts; empty when fewer than three.
    """

    word: str
    start: int
    end: int
    is_ordinary: bool
    key: str


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name as a sentence has it.

    Attributes:
        kind: what it names, `unknown` when nothing around it says.
        words: as printed; the sentence's `start:end`.
        start: half-open range of code points in the sentence, with `end`.
        end: see `start`.
        language: of the sentence.
        parts: its words, connectives left out.
        concept: the id in the gazetteer, or `None`.
        is_people: whether a place is named by its people (`Russian`).
        has_title: whether a title stands before it (`President`), which makes it a person.
    """

    kind: NameKind
    words: str
    start: int
    end: int
    language: str
    parts: tuple[NamePart, ...]
    concept: str | None = None
    is_people: bool = False
    has_title: bool = False

    @property
    def skeletons(self) -> tuple[str, ...]:
        """The keys of its spelled words, comparable across scripts."""
        return tuple(part.key for part in self.parts if part.key and not part.is_ordinary)
