"""The words of a claim that name something, and in scripts without capitals those that might."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from xsource.facts.name_letters import name_probability
from xsource.facts.names import NameKind, NamePart, names
from xsource.facts.words import WORD, is_ordinary
from xsource.records import Claim

# Languages whose names begin with a capital.
CAPITALS: Final = frozenset({"en", "ru"})
_BEGINNINGS: Final = frozenset(".!?…:;«“„\"‘'([—–-")
# Where everybody else has a name, words are taken for one from this probability of one of them on.
_LOOKS_LIKE_NAME: Final = 0.3
_ADJACENT: Final = re.compile(r"[\s\u200e\u200f.]{1,2}")


@dataclass(frozen=True, slots=True)
class NameRun:
    """Words of one name that stand together.

    Attributes:
        claim: whose sentence has them.
        parts: at least one.
        kind: of the mention that they belong to.
        has_title: whether a title binds them to a person.
        concept: the gazetteer's id, or `None` for a spelled name.
        is_people: whether a place is named by its people (`Russian`).
    """

    claim: Claim
    parts: tuple[NamePart, ...]
    kind: NameKind
    has_title: bool = False
    concept: str | None = None
    is_people: bool = False

    @property
    def start(self) -> int:
        """Where the words begin, in code points of the sentence."""
        return self.parts[0].start

    @property
    def end(self) -> int:
        """Where the words end, in code points of the sentence."""
        return self.parts[-1].end

    @property
    def is_sentence_start(self) -> bool:
        """Whether a sentence, a title or a quotation begins with it, so that its capital says nothing."""
        before = self.claim.sentence.text[: self.start].rstrip()
        return not before or before[-1] in _BEGINNINGS

    @property
    def words(self) -> str:
        """The words as printed."""
        return self.claim.sentence.text[self.start : self.end]


def is_acronym(run: NameRun) -> bool:
    """Say whether a name is an acronym: it is translated, spelled out or left as it is, so it matches badly."""
    if len(run.parts) != 1:
        return False
    word = run.parts[0].word
    capitals = sum(sign.isupper() for sign in word)
    return capitals > 1 and 2 * capitals >= len(word)


@lru_cache(maxsize=1024)
def name_runs(claim: Claim) -> tuple[NameRun, ...]:
    """Give the names of a claim as `names` finds them."""
    return tuple(
        NameRun(claim, mention.parts, mention.kind, mention.has_title, mention.concept, mention.is_people)
        for mention in names(claim.sentence.text, claim.article.language)
    )


def unknown_words(claim: Claim) -> Iterator[NameRun]:
    """Give every run of words that are neither ordinary nor in the gazetteer."""
    language, text = claim.article.language, claim.sentence.text
    listed = [(mention.start, mention.end) for mention in names(text, language) if mention.concept]
    stretch: list[NamePart] = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if is_ordinary(match.group(), language) or any(left < end and start < right for left, right in listed):
            continue
        if stretch and not _ADJACENT.fullmatch(text[stretch[-1].end : start]):
            yield NameRun(claim, tuple(stretch), "unknown")
            stretch = []
        stretch.append(NamePart(match.group(), start, end, is_ordinary=False, key=""))
    if stretch:
        yield NameRun(claim, tuple(stretch), "unknown")


def looks_like_name(run: NameRun) -> bool:
    """Say whether some word of a run has the letters of a spelled foreign name."""
    language = run.claim.article.language
    return any(name_probability(part.word, language) >= _LOOKS_LIKE_NAME for part in run.parts)
