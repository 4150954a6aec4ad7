"""The words of a sentence with what the name finders ask of them, and the names that the gazetteer knows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from xsource.facts.gazetteer import Concept, Phrase, comparison_forms, phrases
from xsource.facts.names_records import NameMention, NamePart
from xsource.facts.spelling import key, language_of_word, skeleton
from xsource.facts.text.folding import fold_word
from xsource.facts.words import case_stem, is_ordinary, name_forms, name_spans
from xsource.languages import language_table

# A name has at most this many words; a longer run of capitals is a headline or a list without commas.
LONGEST_NAME: Final = 7
SPACE: Final = re.compile(r"[\s\u200e\u200f\u2066-\u2069]{1,3}")
_SENTENCE_BREAK: Final = re.compile(r"[.!?…:;«»“”„\"‘(\[•—–-]\s*$|^\W*$")
# al-Hadidi, аль-Хадиди: capitals behind a particle.
_PARTICLE: Final = re.compile(r"[^\W\d_]{2,3}-(?=[A-ZА-ЯЁ])")
_POSSESSIVES: Final = ("'s", "’s")
# Lists of `[names]` that are compared with lower-cased words, endings and all.
_AS_PRINTED: Final = frozenset({"connectives", "place_prepositions", "credits"})


# Where gazetteer names begin: token to (number of tokens, concept, whether its people are named).
Known = Mapping[int, tuple[int, Concept, bool]]


@dataclass(frozen=True, slots=True)
class NameWords:
    """Words that make or mark names: a language's `[names]` table."""

    titles: frozenset[str]
    organisations: frozenset[str]
    places: frozenset[str]
    connectives: frozenset[str]
    place_prepositions: frozenset[str]
    capitalised: frozenset[str]
    also_surnames: frozenset[str]
    credits: frozenset[str]


@cache
def name_words(language: str) -> NameWords:
    """Read a language's `[names]`; `ValueError` for a key that is missing or not known."""
    table = language_table(language, "names")
    try:
        sets = {
            field: frozenset(
                fold_word(word) if field in _AS_PRINTED else compare(word, language) for word in words
            )
            for field, words in table.items()
        }
        return NameWords(**sets)
    except TypeError as wrong:
        raise ValueError(f"languages/{language}.toml [names]: {wrong}") from wrong


def compare(word: str, language: str) -> str:
    """Give the one form under which a word stands in a `[names]` list."""
    return case_stem(fold_word(word), language)


class Token(NamedTuple):
    """One word of a sentence; `is_initial` when a sentence, a title or a quotation begins with it."""

    word: str
    start: int
    end: int
    is_capital: bool
    is_initial: bool


def read_tokens(text: str) -> list[Token]:
    """Cut a sentence into words, possessive endings left out."""
    tokens: list[Token] = []
    for start, end in name_spans(text):
        before = text[tokens[-1].end : start] if tokens else text[:start]
        word = text[start:end]
        if word.endswith(_POSSESSIVES):
            word = word[:-2]
        tokens.append(
            Token(
                word=word,
                start=start,
                end=start + len(word),
                is_capital=word[0].isupper() or ("-" in word and _PARTICLE.match(word) is not None),
                is_initial=not tokens or (len(before) > 1 and _SENTENCE_BREAK.search(before) is not None),
            )
        )
    return tokens


def _match_phrase(tokens: Sequence[Token], place: int, language: str) -> tuple[int, Phrase] | None:
    """Find the longest gazetteer phrase that begins at a token: how many words, and which."""
    language = language_of_word(tokens[place].word, language)  # CNN in an Arabic sentence
    forms_of_names = name_forms(language)
    listed = phrases(language)
    best: tuple[int, Phrase] | None = None
    for form in comparison_forms(tokens[place].word, language):
        for phrase in listed.get(form, ()):
            size = len(phrase.words)
            if (best and size <= best[0]) or place + size > len(tokens):
                continue
            if (
                forms_of_names.has_capitals
                and not tokens[place].is_capital
                and not (phrase.is_people and forms_of_names.lower_case_people)
            ):
                continue
            if all(
                phrase.words[step] in comparison_forms(tokens[place + step].word, language)
                for step in range(1, size)
            ):
                best = size, phrase
    if best and not forms_of_names.has_capitals and _is_excepted(tokens[place], language):
        return None
    return best


def _is_excepted(token: Token, language: str) -> bool:
    """Say whether a listed word is no name though one is left without its clitic: כיוון, "as Greece"."""
    return compare(token.word, language) in name_words(language).capitalised


def name_part(token: Token, language: str, *, ordinary: bool | None = None) -> NamePart:
    """Make a word of a name; `ordinary` says what the word list must not be asked."""
    return NamePart(
        word=token.word,
        start=token.start,
        end=token.end,
        is_ordinary=is_ordinary(token.word, language) if ordinary is None else ordinary,
        key=key(skeleton(token.word, language)),
    )


def listed_names(tokens: Sequence[Token], language: str) -> Known:
    """Find the names that the gazetteer knows, the longest from each token on, none overlapping another."""
    known: dict[int, tuple[int, Concept, bool]] = {}
    place = 0
    while place < len(tokens):
        found = _match_phrase(tokens, place, language)
        if found:
            known[place] = found[0], found[1].concept, found[1].is_people
        place += found[0] if found else 1
    return known


def listed_mention(
    text: str, tokens: Sequence[Token], place: int, found: tuple[int, Concept, bool], language: str
) -> NameMention:
    """Make a mention of a name that the gazetteer knows."""
    size, concept, is_people = found
    chosen = tokens[place : place + size]
    return NameMention(
        kind=concept.kind,
        words=text[chosen[0].start : chosen[-1].end],
        start=chosen[0].start,
        end=chosen[-1].end,
        language=language,
        parts=tuple(name_part(token, language, ordinary=False) for token in chosen),
        concept=concept.id,
        is_people=is_people,
    )
