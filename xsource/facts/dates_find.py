"""Where a sentence speaks of the calendar: the part of reading a date that needs no publication date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from xsource.facts.dates_lexicon import DateLexicon, NameKind, date_lexicon
from xsource.facts.quantities_grammar import read_number
from xsource.facts.quantities_lexicon import NumberLexicon, number_lexicon
from xsource.facts.quantities_tokens import Token, tokenise, touches

PartName = Literal["day", "month", "year", "weekday", "decade"]

MAX_NAME_WORDS = 3
# السابع والعشرين, двадцать седьмого, the twenty-seventh: the most words that a day is written in.
_MAX_DAY_WORDS = 4
_LAST_DAY = 31
FIRST_YEAR, LAST_YEAR = 1000, 2199

_NUMERIC = re.compile(r"(\d{1,2})[.](\d{1,2})[.](\d{4}|\d{2})")


class DatePart(NamedTuple):
    """One part of a date in a text: its number and where it stands, half-open, in code points."""

    name: PartName
    value: int
    start: int
    end: int


class CalendarMention(NamedTuple):
    """A mention of the calendar as it stands in a text.

    Attributes:
        parts: in the order of the text; empty for a relative mention.
        relative: what it counts from publication (`days`, -1), or `None`.
        start: half-open range of code points in the text.
        end: see `start`.
        first: indices of its tokens, half-open.
        last: see `first`.
    """

    parts: tuple[DatePart, ...]
    relative: tuple[NameKind, int] | None
    start: int
    end: int
    first: int
    last: int


@lru_cache(maxsize=4096)
def find_mentions(text: str, language: str) -> tuple[CalendarMention, ...]:
    """Find every mention of the calendar in a text, from left to right, none inside another."""
    if is_timestamp(text, language):
        return ()
    numbers = number_lexicon(language)
    tokens = tokenise(text, spaced_groups=numbers.spaced_groups)
    return tuple(_scan(tokens, date_lexicon(language), numbers))


@lru_cache(maxsize=4096)
def is_timestamp(text: str, language: str) -> bool:
    """Whether a text is nothing but a time of day and a date, as pages print them: "12:07, 4 мая 2025"."""
    if ":" not in text:
        return False
    numbers = number_lexicon(language)
    tokens = tokenise(text, spaced_groups=numbers.spaced_groups)
    calendar = {
        at
        for mention in _scan(tokens, date_lexicon(language), numbers)
        for at in range(mention.first, mention.last)
    }
    rest = [token for at, token in enumerate(tokens) if at not in calendar]
    return bool(calendar) and bool(rest) and all(token.kind != "word" for token in rest)


def _scan(tokens: Sequence[Token], dates: DateLexicon, numbers: NumberLexicon) -> Iterator[CalendarMention]:
    at = 0
    free = 0  # tokens before this one belong to the mention before
    while at < len(tokens):
        token = tokens[at]
        found: CalendarMention | None = None
        if token.kind == "word":
            if token.text in dates.starts:
                found = _read_name(tokens, at, free, dates, numbers)
        elif token.kind == "digits":
            found = _read_digits(tokens, at, free, dates, numbers)
        if found is None:
            at += 1
        else:
            yield found
            at = free = found.last


def _mention(
    tokens: Sequence[Token],
    first: int,
    last: int,
    parts: list[DatePart],
    relative: tuple[NameKind, int] | None = None,
) -> CalendarMention:
    ordered = tuple(sorted(parts, key=lambda part: part.start))
    return CalendarMention(ordered, relative, tokens[first].start, tokens[last - 1].end, first, last)


def _read_name(
    tokens: Sequence[Token], at: int, free: int, dates: DateLexicon, numbers: NumberLexicon
) -> CalendarMention | None:
    """Read a month with its day and year, a weekday, or a word like "yesterday" at a token."""
    for words in range(min(MAX_NAME_WORDS, len(tokens) - at), 0, -1):
        named = dates.names.get(" ".join(token.text for token in tokens[at : at + words]))
        if named is not None:
            break
    else:
        return None
    kind, value = named
    last = at + words
    before = tokens[at - 1].text if at else ""
    if kind == "month":
        return _read_month(tokens, at, last, free, value, dates, numbers)
    start, end = tokens[at].start, tokens[last - 1].end
    if kind == "weekday":
        if tokens[at].text in dates.weekday_needs and words == 1 and before not in dates.weekday_openers:
            return None
        return _mention(tokens, at, last, [DatePart("weekday", value, start, end)])
    if kind == "decade":
        return _mention(tokens, at, last, [DatePart("decade", value, start, end)])
    return _mention(tokens, at, last, [], (kind, value))


def _read_month(
    tokens: Sequence[Token],
    at: int,
    last: int,
    free: int,
    month: int,
    dates: DateLexicon,
    numbers: NumberLexicon,
) -> CalendarMention | None:
    parts = [DatePart("month", month, tokens[at].start, tokens[last - 1].end)]
    first = at
    day_at = _day_before(tokens, at, free, dates)
    if day_at is not None:
        parts.append(_part("day", tokens[day_at]))
        first = day_at
    elif (worded := _worded_day_before(tokens, at, free, dates, numbers)) is not None:
        first, day = worded
        parts.append(day)
    after = _skip(tokens, last, dates)
    day_after = last + (last < len(tokens) and tokens[last].text == ".")  # Oct. 27
    if len(parts) == 1 and dates.month_first and _is_day(tokens, day_after):
        parts.append(_part("day", tokens[day_after]))
        after = day_after + 1
        if after < len(tokens) and tokens[after].text in ("st", "nd", "rd", "th"):
            after += 1
        last = after
        after = _skip(tokens, after, dates)
    if after < len(tokens) and _year_of(tokens[after]) is not None:
        parts.append(_part("year", tokens[after]))
        last = after + 1
    if len(parts) == 1 and tokens[at].text in dates.month_needs:
        before = tokens[at - 1].text if at else ""
        if before not in dates.month_openers:
            return None
    return _mention(tokens, first, last, parts)


def _skip(tokens: Sequence[Token], at: int, dates: DateLexicon) -> int:
    """Pass over what stands between a month and its year: a comma, "of", a clitic with its hyphen."""
    after = at
    for _ in range(3):
        if after >= len(tokens):
            return at
        token = tokens[after]
        if token.kind == "digits":
            return after
        if (
            token.text in (",", "-", ".")
            or token.text in dates.fillers
            or token.text in dates.year_words
            or token.text in dates.clitics
        ):
            after += 1
        else:
            return at
    return after if after < len(tokens) else at


def _day_before(tokens: Sequence[Token], at: int, free: int, dates: DateLexicon) -> int | None:
    """Give the index of the day's digits in front of a month: `27 October`, `30th of`, `29-го`, `30 من`."""
    back = at - 1
    for _ in range(4):
        if back < free:
            return None
        token = tokens[back]
        if token.kind == "digits":
            # 59 September is no day, and still the day's place: what differs there is a number.
            return back if len(token.text) <= 2 and token.text.isdecimal() and int(token.text) else None
        suffix = back > 0 and token.kind == "word" and len(token.text) <= 2 and touches(tokens[back - 1], token)
        if not (suffix or token.text in dates.fillers or (token.text == "-" and back + 1 < at)):
            return None
        back -= 1
    return None


def _worded_day_before(
    tokens: Sequence[Token], at: int, free: int, dates: DateLexicon, numbers: NumberLexicon
) -> tuple[int, DatePart] | None:
    """Give the day in words in front of a month and its first token: `السابع من أكتوبر`, `בשבעה באוקטובר`.

    It is an ordinal. In Hebrew it is a cardinal, and is told from "seven in October" by its own preposition.
    """
    last = at
    while last > free and tokens[last - 1].text in dates.fillers:
        last -= 1
    for first in range(max(free, last - _MAX_DAY_WORDS), last):  # the longest first
        word = numbers.words.get(tokens[first].text)
        number = read_number(tokens, first, numbers) if word is not None else first
        if word is None or isinstance(number, int) or number.in_digits or number.last != last:
            continue
        value = number.values[0]
        is_day = value == value.to_integral_value() and 1 <= value <= _LAST_DAY
        if is_day and (number.is_ordinal or word.clitic in dates.day_clitics):
            return first, DatePart("day", int(value), tokens[first].start, tokens[last - 1].end)
    return None


def _is_day(tokens: Sequence[Token], at: int) -> bool:
    if at >= len(tokens) or tokens[at].kind != "digits":
        return False
    text = tokens[at].text
    return len(text) <= 2 and text.isdecimal() and 1 <= int(text) <= 31


def _year_of(token: Token) -> int | None:
    if token.kind == "digits" and len(token.text) == 4 and token.text.isdecimal():
        year = int(token.text)
        if FIRST_YEAR <= year <= LAST_YEAR:
            return year
    return None


def _part(name: PartName, token: Token) -> DatePart:
    return DatePart(name, int(token.text), token.start, token.end)


def _read_digits(
    tokens: Sequence[Token], at: int, free: int, dates: DateLexicon, numbers: NumberLexicon
) -> CalendarMention | None:
    """Read a year, a decade, 27.10.2023 or 2023-10-27 at digits."""
    token = tokens[at]
    numeric = _NUMERIC.fullmatch(token.text)
    if numeric is not None:
        return _read_numeric(tokens, at, numeric)
    year = _year_of(token)
    if year is not None:
        iso = tokens[at + 1 : at + 5]
        if len(iso) == 4 and [part.text for part in iso[::2]] == ["-", "-"] and _are_joined(tokens, at, at + 5):
            month, day = iso[1].text, iso[3].text
            if month.isdecimal() and day.isdecimal() and len(month) == len(day) == 2 and 1 <= int(month) <= 12:
                parts = [
                    _part("year", token),
                    _part("month", iso[1]),
                    *([_part("day", iso[3])] if 1 <= int(day) <= 31 else []),
                ]
                return _mention(tokens, at, at + 5, parts)
        return _read_year(tokens, at, free, year, dates, numbers)
    before = tokens[at - 1].text if at else ""
    back = at - 1
    if before == "-" and at > 1:  # שנות ה-80
        back = at - 3 if tokens[at - 2].text in dates.clitics else at - 2
        before = tokens[back].text if back >= 0 else ""
    value = int(token.text) if len(token.text) == 2 and token.text.isdecimal() else 0
    if len(token.text) == 2 and not value % 10 and before in ("שנות", "בשנות", "משנות", "לשנות", "ושנות"):
        return _mention(tokens, back, at + 1, [DatePart("decade", value, token.start, token.end)])
    if len(token.text) == 2 and not value % 10:
        last = _decade_end(tokens, at, numbers)
        if last is not None:
            return _mention(tokens, at, last, [DatePart("decade", value, token.start, token.end)])
    return None


def _decade_end(tokens: Sequence[Token], at: int, numbers: NumberLexicon) -> int | None:
    """Give the index behind a decade's ending on digits, `1980s`, `80-х`, or `None`."""
    last = at + 2 + (at + 1 < len(tokens) and tokens[at + 1].text == "-")
    if (
        last <= len(tokens)
        and tokens[last - 1].text in numbers.decade_suffixes
        and _are_joined(tokens, at, last)
    ):
        return last
    return None


def _are_joined(tokens: Sequence[Token], first: int, last: int) -> bool:
    return last <= len(tokens) and all(touches(tokens[at], tokens[at + 1]) for at in range(first, last - 1))


def _read_numeric(tokens: Sequence[Token], at: int, numeric: re.Match[str]) -> CalendarMention | None:
    """Read 27.10.2023; with two digits for the year it is of this century."""
    token = tokens[at]
    day, month, year = (int(group) for group in numeric.groups())
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    if len(numeric.group(3)) == 2:
        year += 2000
    names: tuple[PartName, ...] = ("day", "month", "year")
    parts = [
        DatePart(name, value, token.start + numeric.start(group), token.start + numeric.end(group))
        for group, (name, value) in enumerate(zip(names, (day, month, year), strict=True), start=1)
    ]
    return _mention(tokens, at, at + 1, parts)


def _read_year(
    tokens: Sequence[Token], at: int, free: int, year: int, dates: DateLexicon, numbers: NumberLexicon
) -> CalendarMention | None:
    """Read four digits as a year or a decade, unless what stands beside them is counted by them."""
    token = tokens[at]
    before = tokens[at - 1] if at else None
    after = tokens[at + 1 :][:4]
    texts = [part.text for part in after]
    start = at
    if before is not None and at - 1 >= free and before.text in dates.year_words:
        start = at - 1
    if not year % 10:
        last = _decade_end(tokens, at, numbers)
        if last is not None:
            return _mention(tokens, at, last, [DatePart("decade", year, token.start, token.end)])
    if texts[:1] == ["-"] and _are_joined(tokens, at, at + 3) and re.fullmatch(r"\d\d", texts[1]):
        second = year - year % 100 + int(texts[1])
        if second > year:  # 1620-21
            end = after[1]
            parts = [_part("year", token), DatePart("year", second, end.start, end.end)]
            return _mention(tokens, at, at + 3, parts)
    if texts and texts[0] in dates.year_words:
        return _mention(tokens, at, at + 2, [_part("year", token)])
    if start == at and not _stands_as_year(tokens, at, before, texts, numbers):
        return None
    return _mention(tokens, start, at + 1, [_part("year", token)])


def _stands_as_year(
    tokens: Sequence[Token], at: int, before: Token | None, texts: list[str], numbers: NumberLexicon
) -> bool:
    if before is not None:
        if before.text in ("$", "€", "£", "₪", "₽", "¥", "₹") or before.text in numbers.labels:
            return False
        for words in (1, 2, 3):
            if words <= at and " ".join(part.text for part in tokens[at - words : at]) in numbers.bounds_before:
                return False
    for text in texts[:2]:
        if text in numbers.unit_starts and text not in ("$", "م", "г"):
            return False
        if numbers.counted_by(text) or (text in numbers.words and "magnitude" in numbers.words[text].roles):
            return False
        if not text.isalpha():
            break
    return True
