"""A sentence read once: every fact that the readers find in it, in one record that detectors share.

The readers are asked when their part of the record is first wanted, and the record itself is kept, so what two
claims of a group ask twice is read once.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, lru_cache

from xsource.facts.attribution import Attribution, attributions
from xsource.facts.certainty import Certainty, certainty
from xsource.facts.dates import DateMention, dates
from xsource.facts.names import NameMention, names
from xsource.facts.naming import LoadedTerm, loaded_terms
from xsource.facts.polarity import Polarity, read_polarity
from xsource.facts.quantities import Quantity, quantities
from xsource.facts.text.folding import Folded, fold_text
from xsource.facts.text.words import Word, words_of
from xsource.records import Language

SENTENCES_KEPT = 8192


class ReadSentence:
    """What a sentence says, each kind of fact from left to right; spans count the code points of `text`."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language

    @cached_property
    def folded(self) -> Folded:
        """The text in one spelling."""
        return fold_text(self.text)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words."""
        return words_of(self.text)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """How many, of what, how exactly."""
        return quantities(self.text, self.language)

    def dates(self, published_at: datetime | None) -> tuple[DateMention, ...]:
        """Its days; "yesterday" is counted from `published_at`."""
        return dates(self.text, self.language, published_at)

    @cached_property
    def names(self) -> tuple[NameMention, ...]:
        """People, organisations and places."""
        return names(self.text, self.language)

    @cached_property
    def polarity(self) -> Polarity:
        """What it denies, and on which side of opposites it stands."""
        return read_polarity(self.text, self.language)

    @cached_property
    def attributions(self) -> tuple[Attribution, ...]:
        """Who says it."""
        return attributions(self.text, self.language)

    @cached_property
    def certainty(self) -> Certainty:
        """How surely it is said."""
        return certainty(self.text, self.language)

    @cached_property
    def loaded_terms(self) -> tuple[LoadedTerm, ...]:
        """Words that another outlet might put differently."""
        return loaded_terms(self.text, self.language)


@lru_cache(maxsize=SENTENCES_KEPT)
def read_sentence(text: str, language: Language) -> ReadSentence:
    """Read a sentence, or give the record of one that was read before.

    Args:
        text: any text.
        language: of it; a reader raises `ValueError` for one that is not known.
    """
    return ReadSentence(text, language)
