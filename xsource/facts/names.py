"""People, organisations and places in a sentence, with keys that compare across the four scripts.

English and Russian names stand out by their capitals. Arabic and Hebrew have none: there a name is found by the
gazetteer, after a title (`الرئيس`, `שר`), or because a name of another outlet's sentence is spelled in it
(`names_matching.find_name`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from xsource.facts.gazetteer import Concept, NameKind, Phrase, comparison_forms, fold_for_comparison, phrases
from xsource.facts.name_letters import name_probability
from xsource.facts.skeletons import base_forms, fold, key, skeleton
from xsource.facts.words import WORD, is_ordinary, stem_russian
from xsource.languages import language_table

# A name has at most this many words; a longer run of capitals is a headline or a list without commas.
_LONGEST_NAME: Final = 7
# Where at least this part of the longer words is capitalised, capitals say nothing.
_HEADLINE_SHARE: Final = 0.6
_SPACE: Final = re.compile(r"[\s\u200e\u200f\u2066-\u2069]{1,3}")
_INITIAL_GAP: Final = re.compile(r"\.[\s\u00a0]{0,2}")
_SENTENCE_BREAK: Final = re.compile(r"[.!?…:;«»“”„\"‘(\[•—–-]\s*$|^\W*$")
_POSSESSIVES: Final = ("'s", "’s")
# Probability by its letters from which an unknown Arabic or Hebrew word is a name: after a title or beside
# another word of a name, and on its own. On held-out words the second takes 2 % of the others for names.
_NAME_AFTER_TITLE: Final = 0.2
_NAME_ALONE: Final = 0.8
# Lists of `[names]` that are compared with lower-cased words, endings and all.
_AS_PRINTED: Final = frozenset({"connectives", "place_prepositions"})


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


@cache
def name_words(language: str) -> NameWords:
    """Read a language's `[names]`; `ValueError` for a key that is missing or not known."""
    table = language_table(language, "names")
    try:
        sets = {
            field: frozenset(word if field in _AS_PRINTED else _compare(word, language) for word in words)
            for field, words in table.items()
        }
        return NameWords(**sets)
    except TypeError as wrong:
        raise ValueError(f"languages/{language}.toml [names]: {wrong}") from wrong


def _compare(word: str, language: str) -> str:
    """Give the one form under which a word stands in a `[names]` list."""
    if language in {"ar", "he"}:
        return fold_for_comparison(word, language)
    folded = fold(word)
    return stem_russian(folded) if language == "ru" else folded


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int
    is_capital: bool
    is_initial: bool


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for match in WORD.finditer(text):
        before = text[tokens[-1].end : match.start()] if tokens else text[: match.start()]
        word = match.group()
        if word.endswith(_POSSESSIVES):
            word = word[:-2]
        tokens.append(
            _Token(
                word=word,
                start=match.start(),
                end=match.start() + len(word),
                is_capital=word[0].isupper(),
                is_initial=not tokens or (_SENTENCE_BREAK.search(before) is not None and len(before) > 1),
            )
        )
    return tokens


def _match_phrase(tokens: Sequence[_Token], place: int, language: str) -> tuple[int, Phrase] | None:
    """Find the longest gazetteer phrase that begins at a token: how many words, and which."""
    if tokens[place].word.isascii():
        language = "en"  # CNN in an Arabic sentence
    listed = phrases(language)
    best: tuple[int, Phrase] | None = None
    for form in comparison_forms(tokens[place].word, language):
        for phrase in listed.get(form, ()):
            size = len(phrase.words)
            if (best and size <= best[0]) or place + size > len(tokens):
                continue
            if (
                language in {"en", "ru"}
                and not tokens[place].is_capital
                and not (phrase.is_people and language == "ru")
            ):
                continue
            if all(
                phrase.words[step] in comparison_forms(tokens[place + step].word, language)
                for step in range(1, size)
            ):
                best = size, phrase
    return best


def _part(token: _Token, language: str, *, ordinary: bool | None = None) -> NamePart:
    return NamePart(
        word=token.word,
        start=token.start,
        end=token.end,
        is_ordinary=is_ordinary(token.word, language) if ordinary is None else ordinary,
        key=key(skeleton(token.word, language)),
    )


@lru_cache(maxsize=16384)
def names(text: str, language: str) -> tuple[NameMention, ...]:
    """Find the names of a sentence, in its order, none overlapping another.

    Args:
        text: one sentence, any length.
        language: `ru`, `he`, `ar` or `en`; `ValueError` for another.

    Returns:
        Mentions whose `text[start:end] == words`.
    """
    rules = name_words(language)
    tokens = _tokens(text)
    known: dict[int, tuple[int, Concept, bool]] = {}
    place = 0
    while place < len(tokens):
        found = _match_phrase(tokens, place, language)
        if found:
            known[place] = found[0], found[1].concept, found[1].is_people
            place += found[0]
        else:
            place += 1
    if language in {"en", "ru"}:
        return tuple(_capitalised_names(text, tokens, known, language, rules))
    return tuple(_titled_names(text, tokens, known, language, rules))


def _gazetteer_mention(
    text: str, tokens: Sequence[_Token], place: int, found: tuple[int, Concept, bool], language: str
) -> NameMention:
    size, concept, is_people = found
    chosen = tokens[place : place + size]
    return NameMention(
        kind=concept.kind,
        words=text[chosen[0].start : chosen[-1].end],
        start=chosen[0].start,
        end=chosen[-1].end,
        language=language,
        parts=tuple(_part(token, language, ordinary=False) for token in chosen),
        concept=concept.id,
        is_people=is_people,
    )


def _capitalised_names(
    text: str,
    tokens: Sequence[_Token],
    known: dict[int, tuple[int, Concept, bool]],
    language: str,
    rules: NameWords,
) -> list[NameMention]:
    long_words = [token for token in tokens if len(token.word) > 3]
    capitals = sum(token.is_capital for token in long_words)
    is_headline = len(long_words) >= 4 and capitals >= _HEADLINE_SHARE * len(long_words)
    mentions: list[NameMention] = []
    run: list[_Token] = []
    word_before = ""

    def close() -> None:
        mention = _name_of_run(text, run, language, rules, is_headline=is_headline, word_before=word_before)
        if mention:
            mentions.append(mention)
        run.clear()

    place = 0
    while place < len(tokens):
        token = tokens[place]
        if place in known:
            close()
            mentions.append(_gazetteer_mention(text, tokens, place, known[place], language))
            place += known[place][0]
            continue
        if run and not _continues(text, run[-1], token):
            close()
        if token.is_capital:
            if not run:
                word_before = tokens[place - 1].word.lower() if place else ""
            run.append(token)
        elif run:
            # A connective belongs to the name when a capital follows it: Mohammed bin Salman.
            size = _connective(text, tokens, place, known, rules)
            if size and len(run) < _LONGEST_NAME:
                run.extend(tokens[place : place + size])
                place += size
                continue
            close()
        if len(run) >= _LONGEST_NAME:
            close()
        place += 1
    close()
    return mentions


def _continues(text: str, last: _Token, token: _Token) -> bool:
    gap = text[last.end : token.start]
    if _SPACE.fullmatch(gap):
        return True
    # V. V. Putin, А.Б. Иванов: the dot of an initial ends nothing.
    return len(last.word) <= 2 and last.is_capital and _INITIAL_GAP.fullmatch(gap) is not None


def _connective(
    text: str,
    tokens: Sequence[_Token],
    place: int,
    known: dict[int, tuple[int, Concept, bool]],
    rules: NameWords,
) -> int:
    for size in (2, 1):
        after = place + size
        if after < len(tokens) and tokens[after].is_capital and after not in known:
            words = " ".join(token.word.lower() for token in tokens[place:after])
            if words in rules.connectives and all(
                _SPACE.fullmatch(text[left.end : right.start])
                for left, right in zip(tokens[place:after], tokens[place + 1 : after + 1], strict=True)
            ):
                return size
    return 0


def _is_no_name(token: _Token, language: str, rules: NameWords, *, is_headline: bool) -> bool:
    """Say whether a capital at the edge of a run is there for another reason than a name."""
    if not token.is_capital or _compare(token.word, language) in rules.capitalised:
        return True
    return (token.is_initial or is_headline) and is_ordinary(token.word, language)


def _name_of_run(
    text: str,
    run: Sequence[_Token],
    language: str,
    rules: NameWords,
    *,
    is_headline: bool,
    word_before: str,
) -> NameMention | None:
    chosen = list(run)
    has_title = False
    while chosen:
        if _compare(chosen[0].word, language) in rules.titles:
            has_title = True
        elif not _is_no_name(chosen[0], language, rules, is_headline=is_headline):
            break
        chosen.pop(0)
    while chosen and _is_no_name(chosen[-1], language, rules, is_headline=is_headline):
        if len(chosen) > 1 and _compare(chosen[-1].word, language) in rules.also_surnames:
            break
        chosen.pop()
    if not chosen or (len(chosen) == 1 and len(chosen[0].word) == 1):
        return None
    parts = tuple(_part(token, language) for token in chosen if token.is_capital)
    forms = {_compare(part.word, language) for part in parts}
    kind: NameKind = "unknown"
    if forms & rules.organisations:
        kind = "org"
    elif forms & rules.places:
        kind = "place"
    elif has_title or (len(parts) > 1 and not any(part.is_ordinary for part in parts)):
        kind = "person"
    elif len(chosen) == len(run) == 1 and word_before in rules.place_prepositions:
        kind = "place"
    return NameMention(
        kind=kind,
        words=text[chosen[0].start : chosen[-1].end],
        start=chosen[0].start,
        end=chosen[-1].end,
        language=language,
        parts=parts,
        has_title=has_title,
    )


def _titled_names(
    text: str,
    tokens: Sequence[_Token],
    known: dict[int, tuple[int, Concept, bool]],
    language: str,
    rules: NameWords,
) -> list[NameMention]:
    """Find names where nothing is capitalised: in the gazetteer, after a title, or by their letters."""
    mentions: list[NameMention] = []
    run: list[_Token] = []
    bound: NameKind | None = None

    def close() -> None:
        nonlocal bound
        if run:
            mentions.append(_plain_mention(text, run, language, bound or "unknown"))
            run.clear()
            bound = None

    place = 0
    while place < len(tokens):
        token = tokens[place]
        if run and not _SPACE.fullmatch(text[run[-1].end : token.start]):
            close()
        if place in known:
            # The president of Russia Vladimir Putin: the title still binds what follows the country.
            close()
            mentions.append(_gazetteer_mention(text, tokens, place, known[place], language))
            place += known[place][0]
            continue
        place += 1
        binds = _what_follows(token, language, rules)
        if binds and not run:
            bound = binds
        elif _may_be_name(token, language, rules, expected=bool(bound or run)) and len(run) < _LONGEST_NAME:
            run.append(token)
        else:
            close()
            bound = binds
    close()
    return mentions


def _what_follows(token: _Token, language: str, rules: NameWords) -> NameKind | None:
    """Say what a title or a word like "city" announces, or `None` for another word."""
    forms = comparison_forms(token.word, language)
    if not rules.titles.isdisjoint(forms):
        return "person"
    if not rules.organisations.isdisjoint(forms):
        return "org"
    return None if rules.places.isdisjoint(forms) else "place"


def _may_be_name(token: _Token, language: str, rules: NameWords, *, expected: bool) -> bool:
    if token.word[0].isascii():
        return token.is_capital
    if is_ordinary(token.word, language) or not rules.capitalised.isdisjoint(
        comparison_forms(token.word, language)
    ):
        return False
    return name_probability(token.word, language) >= (_NAME_AFTER_TITLE if expected else _NAME_ALONE)


def _plain_mention(text: str, run: Sequence[_Token], language: str, kind: NameKind) -> NameMention:
    return NameMention(
        kind=kind,
        words=text[run[0].start : run[-1].end],
        start=run[0].start,
        end=run[-1].end,
        language=language,
        parts=tuple(_part(token, language) for token in run),
        has_title=kind == "person",
    )


@lru_cache(maxsize=16384)
def name_keys(text: str, language: str) -> frozenset[str]:
    """Give keys of a sentence's names, equal across scripts for the same name: cheap evidence for matching.

    A gazetteer name gives its concept's id; a spelled word its consonants. In Arabic and Hebrew, where names
    have no capitals, every word that is no ordinary word gives keys: more keys than names, so count what two
    sentences share and not what they do not.
    """
    keys = {mention.concept for mention in names(text, language) if mention.concept}
    if language in {"en", "ru"}:
        for mention in names(text, language):
            if not mention.concept:
                for part in mention.parts:
                    if not part.is_ordinary:
                        keys.update(_word_keys(part.word, language))
    else:
        for match in WORD.finditer(text):
            if not is_ordinary(match.group(), language):
                keys.update(_word_keys(match.group(), language))
    return frozenset(keys)


@lru_cache(maxsize=65536)
def _word_keys(word: str, language: str) -> frozenset[str]:
    return frozenset(key(skeleton(form, language)) for form in base_forms(fold(word), language)) - {""}
