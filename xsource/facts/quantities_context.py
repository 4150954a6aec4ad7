"""What stands around a number: its unit, its bound, the clock it belongs to, and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xsource.facts.quantities_digits import Number, touches
from xsource.facts.quantities_lexicon import MAX_PHRASE_WORDS, Bound, NumberLexicon
from xsource.facts.quantities_ranges import Pair
from xsource.facts.quantities_tokens import Token

# How far what is counted may stand from its number, in words. Farther nouns belong to others more often.
_WORDS_AHEAD, _WORDS_BEHIND = 6, 4
# "The death toll from the explosion at the port of Morinda has risen to": how far back the toll may stand.
_WORDS_OF_CHANGE = 30
# тыс., млн., bn.: a full stop behind them ends no sentence.
_LONGEST_ABBREVIATION = 4
# Concepts that say what befell people; a number has at most one of them, the nearest.
STATES = frozenset(
    {
        "killed",
        "wounded",
        "hospitalised",
        "missing",
        "captive",
        "arrested",
        "released",
        "displaced",
        "rescued",
        "infected",
    }
)
# Between a number of people and the hospital that they are in.
_WORDS_TO_HOSPITAL = 7
# What those are called who are taken there: "to hospital" says nothing of the dead, nor of 200 beds.
_PATIENTS = frozenset({"wounded", "displaced"})
_PEOPLE = frozenset({"people", "soldiers", "children"})
_SIGNS = frozenset("$€£₪₽¥₹")
_CLAUSE_MARKS = frozenset(",;:.!?،؛؟()—–")
_PASSED_OVER = _SIGNS | {"-", "a", "an", "the", "us"}


class Clock(NamedTuple):
    """A time of day: minutes since midnight, the likeliest reading first, and its tokens."""

    minutes: tuple[Decimal, ...]
    first: int
    last: int


def find_unit(
    tokens: Sequence[Token], number: Number, pair: Pair, free: int, calendar: set[int], lexicon: NumberLexicon
) -> tuple[int, int, str | None]:
    """Find the unit of a number or range: the sign before it or the phrase behind it.

    Returns:
        First token of the quantity, index after its last, and the unit or `None`.
    """
    first, last = number.first, pair.last
    if number.is_ordinal and not number.in_digits:
        return first, last, None
    if first > free and tokens[first - 1].text in _SIGNS:
        sign = lexicon.units.get(tokens[first - 1].text)
        if sign is not None:
            return first - 1, last, sign
    ends = (last,) if pair.second is None else (last, number.last)
    for end in ends:
        behind = end + (end < len(tokens) and tokens[end].text == "." and touches(tokens[end - 1], tokens[end]))
        behind += behind < len(tokens) and tokens[behind].text == "-"
        if behind >= len(tokens) or behind in calendar or tokens[behind].text not in lexicon.unit_starts:
            continue
        for words in range(min(MAX_PHRASE_WORDS, len(tokens) - behind), 0, -1):
            phrase = " ".join(token.text for token in tokens[behind : behind + words] if token.text != "-")
            unit = lexicon.units.get(phrase)
            if unit is not None:
                return first, max(behind + words, last), unit
    return first, last, None


def find_bound(tokens: Sequence[Token], number: Number, last: int, free: int, lexicon: NumberLexicon) -> Bound:
    """Find "more than", "לפחות", "около" or "or so" beside a number."""
    before: list[str] = []
    word = lexicon.words.get(tokens[number.first].text)
    if word is not None and word.clitic:
        before.append(word.clitic)
    at = number.first - 1
    while at >= free and len(before) < MAX_PHRASE_WORDS:
        if tokens[at].text not in _PASSED_OVER:
            if tokens[at].kind != "word":
                break
            before.insert(0, tokens[at].text)
        at -= 1
    for words in range(len(before)):
        bound = lexicon.bounds_before.get(" ".join(before[words:]))
        if bound == "at most" and words and before[words - 1] in lexicon.change_words:
            continue  # it rose to 23: возросло до 23
        if bound is not None:
            return bound
    for start in range(number.first + 1, number.last - 2):  # 50 и более миллионов
        for end in (start + 2, start + 3):
            bound = lexicon.bounds_after.get(" ".join(token.text for token in tokens[start:end]))
            if bound is not None:
                return bound
    behind = [token.text for token in tokens[last : last + MAX_PHRASE_WORDS + 2]]
    for skipped in range(min(3, len(behind))):  # 12 people at least
        for words in range(min(MAX_PHRASE_WORDS, len(behind) - skipped), 0, -1):
            bound = lexicon.bounds_after.get(" ".join(behind[skipped : skipped + words]))
            if bound is not None:
                return bound
    return "exact"


def find_clock(tokens: Sequence[Token], number: Number, lexicon: NumberLexicon) -> Clock | None:
    """Read a time of day at digits: `19:30`, `6 pm`, `4.40 صباحا`, `בשעה 7`."""
    if not number.in_digits or number.magnitude != 1 or number.is_ordinal:
        return None
    at = number.first
    digits = tokens[at].text
    before = tokens[at - 1].text if at else ""
    hour, minutes, last = digits, "00", at + 1
    if (
        last + 1 < len(tokens)
        and tokens[last].text == ":"
        and tokens[last + 1].kind == "digits"
        and len(tokens[last + 1].text) == 2
        and touches(tokens[at], tokens[last])
        and touches(tokens[last], tokens[last + 1])
    ):
        minutes, last = tokens[last + 1].text, last + 2
        is_clock = True
    else:
        is_clock = False
        whole, mark, part = digits.partition(".")
        if mark and len(part) == 2:
            hour, minutes = whole, part
    if not (
        hour.isdecimal() and len(hour) <= 2 and int(hour) <= 24 and minutes.isdecimal() and int(minutes) < 60
    ):
        return None
    half_day: int | None = None
    for words in range(min(MAX_PHRASE_WORDS, len(tokens) - last), 0, -1):
        half_day = lexicon.half_days.get(" ".join(token.text for token in tokens[last : last + words]))
        if half_day is not None:
            last += words
            break
    named = before in lexicon.hour_words or (
        before == "-" and at > 1 and tokens[at - 2].text in lexicon.hour_words
    )
    follows = last < len(tokens) and tokens[last].text in ("o'clock", "oclock")
    if (
        not is_clock
        and last < len(tokens)
        and tokens[last].text == ":"
        and touches(tokens[last - 1], tokens[last])
    ):
        return None  # 19:60 is no time, and its hour alone is none either
    if not (is_clock or half_day is not None or named or follows):
        return None
    if half_day is None and before in lexicon.score_words:
        return None
    if half_day is None and not is_clock and "." in digits and not named:
        return None
    hours = int(hour)
    if half_day is not None and hours <= 12:
        readings: tuple[int, ...] = (hours % 12 + half_day,)
    elif 0 < hours <= 12:
        readings = (hours, (hours + 12) % 24)
    else:
        readings = (hours,)
    return Clock(tuple(Decimal(reading * 60 + int(minutes)) for reading in readings), at, last)


def find_counted(tokens: Sequence[Token], first: int, last: int, lexicon: NumberLexicon) -> frozenset[str]:
    """Find what a number counts: nouns behind it, and the nearest word for what befell them on either side."""
    things: set[str] = set()
    state: str | None = None
    state_words = _WORDS_AHEAD + 1
    words = 0
    if last < len(tokens) and tokens[last].text == "." and touches(tokens[last - 1], tokens[last]):
        last += len(tokens[last - 1].text) <= _LONGEST_ABBREVIATION and tokens[last - 1].text in lexicon.words
    for token in tokens[last : last + _WORDS_AHEAD]:
        if token.kind != "word":
            if token.text in "-\"'«»":
                continue
            break
        words += 1
        for concept in lexicon.counted_by(token.text):
            if concept not in STATES:
                if words <= 3:
                    things.add(concept)
            elif state is None:
                state, state_words = concept, words
    words = 0
    for at in range(first - 1, max(-1, first - 1 - _WORDS_BEHIND), -1):
        token = tokens[at]
        if token.kind != "word":
            if token.text in "-\"'«»$":
                continue
            break
        words += 1
        if words >= state_words:
            break
        found = sorted(lexicon.counted_by(token.text) & STATES)
        if found:
            state = found[0]
            break
    if state is None and first and _follows_change(tokens, first, lexicon):
        # The death toll from the explosion has risen to 26.
        for token in reversed(tokens[max(0, first - _WORDS_OF_CHANGE) : first]):
            found = sorted(lexicon.counted_by(token.text) & STATES)
            if found:
                state = found[0]
                break
    if (state in _PATIENTS or (state is None and things & _PEOPLE)) and _is_in_hospital(
        tokens, first, last, lexicon
    ):
        state = "hospitalised"
    return frozenset(things | ({state} if state is not None else set()))


def _is_in_hospital(tokens: Sequence[Token], first: int, last: int, lexicon: NumberLexicon) -> bool:
    """Whether people were taken to hospital in the clause of a number: more are hurt than are taken there."""
    start, end = first, last
    while start > 0 and first - start < _WORDS_TO_HOSPITAL and tokens[start - 1].text not in _CLAUSE_MARKS:
        start -= 1
    while end < len(tokens) and end - last < _WORDS_TO_HOSPITAL and tokens[end].text not in _CLAUSE_MARKS:
        end += 1
    texts = [token.text for token in tokens[start:end]]
    return any(
        " ".join(texts[at : at + words]) in lexicon.hospital
        for at in range(len(texts))
        for words in range(1, MAX_PHRASE_WORDS + 1)
    )


def _follows_change(tokens: Sequence[Token], first: int, lexicon: NumberLexicon) -> bool:
    """Whether a number follows "to" and a change stands somewhere before it."""
    before = tokens[first - 1].text
    if before == "-" and first > 1:
        before = tokens[first - 2].text
    word = lexicon.words.get(tokens[first].text)
    is_joined = before in lexicon.range_joiners or (word is not None and word.clitic in lexicon.range_joiners)
    return is_joined and any(
        token.text in lexicon.change_words for token in tokens[max(0, first - _WORDS_OF_CHANGE) : first]
    )
