"""Names by their capitals, in English and Russian."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from xsource.facts.names_records import NameKind, NameMention
from xsource.facts.names_tokens import (
    LONGEST_NAME,
    SPACE,
    Known,
    NameWords,
    Token,
    compare,
    listed_mention,
    name_part,
)
from xsource.facts.words import is_ordinary

# Where at least this part of the longer words is capitalised, capitals say nothing.
_HEADLINE_SHARE: Final = 0.6
_INITIAL_GAP: Final = re.compile(r"\.[\s\u00a0]{0,2}")


def capitalised_names(
    text: str,
    tokens: Sequence[Token],
    known: Known,
    language: str,
    rules: NameWords,
) -> list[NameMention]:
    """Find the names of a sentence by capitals, gazetteer names among them, in its order."""
    long_words = [token for token in tokens if len(token.word) > 3]
    capitals = sum(token.is_capital for token in long_words)
    is_headline = len(long_words) >= 4 and capitals >= _HEADLINE_SHARE * len(long_words)
    mentions: list[NameMention] = []
    run: list[Token] = []
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
            mentions.append(listed_mention(text, tokens, place, known[place], language))
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
            if size and len(run) < LONGEST_NAME:
                run.extend(tokens[place : place + size])
                place += size
                continue
            close()
        if len(run) >= LONGEST_NAME:
            close()
        place += 1
    close()
    return mentions


def _continues(text: str, last: Token, token: Token) -> bool:
    gap = text[last.end : token.start]
    if SPACE.fullmatch(gap):
        return True
    # V. V. Putin, А.Б. Иванов: the dot of an initial ends nothing.
    return len(last.word) <= 2 and last.is_capital and _INITIAL_GAP.fullmatch(gap) is not None


def _connective(
    text: str,
    tokens: Sequence[Token],
    place: int,
    known: Known,
    rules: NameWords,
) -> int:
    for size in (2, 1):
        after = place + size
        if after < len(tokens) and tokens[after].is_capital and after not in known:
            words = " ".join(token.word.lower() for token in tokens[place:after])
            if words in rules.connectives and all(
                SPACE.fullmatch(text[left.end : right.start])
                for left, right in zip(tokens[place:after], tokens[place + 1 : after + 1], strict=True)
            ):
                return size
    return 0


def _is_no_name(
    token: Token, language: str, rules: NameWords, *, is_headline: bool, is_initial: bool = False
) -> bool:
    """Say whether a capital at the edge of a run is there for another reason than a name."""
    if not token.is_capital or compare(token.word, language) in rules.capitalised:
        return len(token.word) > 1 or not is_initial
    if len(token.word) == 1 and is_initial:
        return False  # А. Б. Чернов
    return (token.is_initial or is_headline) and is_ordinary(token.word, language)


def _name_of_run(
    text: str,
    run: Sequence[Token],
    language: str,
    rules: NameWords,
    *,
    is_headline: bool,
    word_before: str,
) -> NameMention | None:
    chosen = list(run)
    has_title = False
    while chosen:
        if compare(chosen[0].word, language) in rules.titles:
            has_title = True
        elif not _is_no_name(
            chosen[0],
            language,
            rules,
            is_headline=is_headline,
            is_initial=len(chosen) > 1 and text[chosen[0].end : chosen[1].start].startswith("."),
        ):
            break
        chosen.pop(0)
    while chosen and _is_no_name(chosen[-1], language, rules, is_headline=is_headline):
        if len(chosen) > 1 and compare(chosen[-1].word, language) in rules.also_surnames:
            break
        chosen.pop()
    if not chosen or (len(chosen) == 1 and len(chosen[0].word) == 1):
        return None
    parts = tuple(name_part(token, language) for token in chosen if token.is_capital)
    forms = {compare(part.word, language) for part in parts}
    kind: NameKind = "unknown"
    if forms & rules.organisations:
        kind = "org"
    elif forms & rules.places:
        kind = "place"
    elif has_title:
        kind = "person"
    elif len(chosen) == len(run) and word_before in rules.place_prepositions:
        # In Kharkiv, in San Diego; but in Daniel Defoe as well, so two words stay open.
        kind = "place" if len(parts) == 1 else "unknown"
    elif len(parts) > 1 and not any(part.is_ordinary for part in parts):
        kind = "person"
    return NameMention(
        kind=kind,
        words=text[chosen[0].start : chosen[-1].end],
        start=chosen[0].start,
        end=chosen[-1].end,
        language=language,
        parts=parts,
        has_title=has_title,
    )
