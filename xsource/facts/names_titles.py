"""Names where nothing is capitalised, in Arabic and Hebrew: after a title, or by their letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xsource.facts.gazetteer import comparison_forms
from xsource.facts.name_letters import name_probability
from xsource.facts.names_alike import is_listed
from xsource.facts.names_records import NameKind, NameMention
from xsource.facts.names_tokens import LONGEST_NAME, SPACE, Known, NameWords, Token, listed_mention, name_part
from xsource.facts.text.folding import fold_word
from xsource.facts.words import ends_name, is_ordinary

# Probability by its letters from which an unknown Arabic or Hebrew word is a name: after a title or beside
# another word of a name, and on its own. On held-out words the second takes 2 % of the others for names.
_NAME_AFTER_TITLE: Final = 0.2
_NAME_ALONE: Final = 0.8


def titled_names(
    text: str,
    tokens: Sequence[Token],
    known: Known,
    language: str,
    rules: NameWords,
) -> list[NameMention]:
    """Find names where nothing is capitalised: in the gazetteer, after a title, or by their letters."""
    mentions: list[NameMention] = []
    run: list[Token] = []
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
        if run and not SPACE.fullmatch(text[run[-1].end : token.start]):
            close()
        if place in known:
            # The president of Russia Vladimir Putin: the title still binds what follows the country.
            close()
            mentions.append(listed_mention(text, tokens, place, known[place], language))
            place += known[place][0]
            continue
        place += 1
        if run and _joins_names(text, tokens, place - 1, language, rules):
            run.extend((token, tokens[place]))  # מוחמד בן סלמאן
            place += 1
            continue
        binds = _what_follows(token, language, rules)
        if binds and not run:
            bound = binds
        elif (
            not (run and ends_name(token.word, language))
            and (
                _may_be_name(token, language, rules, expected=bool(bound or run))
                or (run and _is_surname(run[-1], token, language, rules))
            )
            and len(run) < LONGEST_NAME
        ):
            run.append(token)
        else:
            close()
            bound = binds
    close()
    return mentions


def _is_surname(given: Token, token: Token, language: str, rules: NameWords) -> bool:
    """Whether an unknown word stands behind a well-known given name, whatever its letters: רוברט פיצו."""
    return (
        is_listed(given.word, language)
        and not is_ordinary(token.word, language)
        and rules.capitalised.isdisjoint(comparison_forms(token.word, language))
    )


def _joins_names(text: str, tokens: Sequence[Token], place: int, language: str, rules: NameWords) -> bool:
    """Whether a word stands inside a name, as "bin" does, and another word of the name follows."""
    if fold_word(tokens[place].word) not in rules.connectives or place + 1 >= len(tokens):
        return False
    follow = tokens[place + 1]
    return SPACE.fullmatch(text[tokens[place].end : follow.start]) is not None and (
        not is_ordinary(follow.word, language) or is_listed(follow.word, language)
    )


def _what_follows(token: Token, language: str, rules: NameWords) -> NameKind | None:
    """Say what a title or a word like "city" announces, or `None` for another word."""
    forms = comparison_forms(token.word, language)
    if not rules.titles.isdisjoint(forms):
        return "person"
    if not rules.organisations.isdisjoint(forms):
        return "org"
    return None if rules.places.isdisjoint(forms) else "place"


def _may_be_name(token: Token, language: str, rules: NameWords, *, expected: bool) -> bool:
    if token.word[0].isascii():
        return token.is_capital
    if expected and is_listed(token.word, language):
        return True  # a given name that is a word too: طارق, דוד
    if is_ordinary(token.word, language) or not rules.capitalised.isdisjoint(
        comparison_forms(token.word, language)
    ):
        return False
    return name_probability(token.word, language) >= (_NAME_AFTER_TITLE if expected else _NAME_ALONE)


def _plain_mention(text: str, run: Sequence[Token], language: str, kind: NameKind) -> NameMention:
    return NameMention(
        kind=kind,
        words=text[run[0].start : run[-1].end],
        start=run[0].start,
        end=run[-1].end,
        language=language,
        parts=tuple(name_part(token, language) for token in run),
        has_title=kind == "person",
    )
