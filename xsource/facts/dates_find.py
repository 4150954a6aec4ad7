"""Where a sentence speaks of the calendar: the part of reading a date that needs no publication date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from xsource.facts.dates_digits import (
    CalendarMention,
    DatePart,
    PartName,
    is_day,
    mention,
    part,
    read_date_digits,
    year_of,
)
from xsource.facts.dates_lexicon import DateLexicon, date_lexicon
from xsource.facts.quantities_grammar import read_number
from xsource.facts.quantities_lexicon import NumberLexicon, number_lexicon
from xsource.facts.quantities_tokens import Token, tokenise, touches

__all__ = ["CalendarMention", "DatePart", "PartName", "find_mentions", "is_timestamp"]

MAX_NAME_WORDS = 3
# السابع والعشرين, двадцать седьмого, the twenty-seventh: the most words that a day is written in.
_MAX_DAY_WORDS = 4
_LAST_DAY = 31
_DAYS_OF_WEEK = 7
_LAST_HIJRI_YEAR = 1600
# From a number of days to "ago": "two and a half weeks ago".
_MAX_AGO_WORDS = 6


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
        at for found in _scan(tokens, date_lexicon(language), numbers) for at in range(found.first, found.last)
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
        elif token.kind == "digits" and not _is_hijri_number(tokens, at + 1, dates):
            found = read_date_digits(tokens, at, free, dates, numbers) or _read_day_of_month(tokens, at, dates)
        if found is None and token.kind != "mark":
            found = _read_ago(tokens, at, dates, numbers)
        if found is None:
            at += 1
        else:
            yield found
            at = free = found.last


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
    if kind == "hijri":
        return _read_hijri(tokens, at, last, free, dates)
    start, end = tokens[at].start, tokens[last - 1].end
    if kind in ("weekday", "night", "weekday_bare"):
        night = _read_night(tokens, at, last, kind, value, dates)
        if night is not None or kind != "weekday":
            return night
        is_short = tokens[at].text in dates.weekday_needs and words == 1
        if is_short and before not in dates.weekday_openers:
            return None
        if _is_unit_of_tens(tokens, at, last, numbers):
            return None
        return mention(tokens, at, last, [DatePart("weekday", value, start, end)])
    if kind == "decade":
        return mention(tokens, at, last, [DatePart("decade", value, start, end)])
    return mention(tokens, at, last, [], (kind, value))


def _is_unit_of_tens(tokens: Sequence[Token], at: int, last: int, numbers: NumberLexicon) -> bool:
    """Whether the name of a day is the first word of a number: `الأحد والعشرين` are the twenty-one."""
    if not numbers.units_first or last >= len(tokens):
        return False
    word = numbers.words.get(tokens[last].text)
    value = None if word is None or not word.clitic else word.roles.get("cardinal")
    return value is not None and 20 <= value <= 90 and tokens[at].text in numbers.words


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
    is_short = tokens[at].text in dates.month_needs
    if is_short and last < len(tokens) and tokens[last].text in ("'", "."):
        last += touches(tokens[last - 1], tokens[last])  # באוג', 24 июн.
    day_at = _day_before(tokens, at, free, dates)
    if day_at is not None:
        parts.append(part("day", tokens[day_at]))
        first = day_at
        earlier = _earlier_day(tokens, day_at, free, dates, numbers)
        if earlier is not None:
            first = earlier
            parts.append(part("day", tokens[earlier]))
    elif (worded := _worded_day_before(tokens, at, free, dates, numbers)) is not None:
        first, day = worded
        parts.append(day)
    after = _skip(tokens, last, dates)
    day_after = last + (last < len(tokens) and tokens[last].text == ".")  # Oct. 27
    if len(parts) == 1 and dates.month_first and is_day(tokens, day_after):
        parts.append(part("day", tokens[day_after]))
        after = day_after + 1
        if after < len(tokens) and tokens[after].text in ("st", "nd", "rd", "th"):
            after += 1
        last = after
        later = _later_day(tokens, day_after, after, numbers)
        if later is not None:
            parts.append(part("day", tokens[later]))
            last = after = later + 1
        after = _skip(tokens, after, dates)
    if after < len(tokens) and year_of(tokens[after]) is not None:
        parts.append(part("year", tokens[after]))
        last = after + 1
    if len(parts) == 1 and is_short and tokens[last - 1].text != "'":
        before = tokens[at - 1].text if at else ""
        if before not in dates.month_openers:
            return None
    return mention(tokens, first, last, parts)


def _earlier_day(
    tokens: Sequence[Token], day_at: int, free: int, dates: DateLexicon, numbers: NumberLexicon
) -> int | None:
    """Give the index of the first day of a range before its last: с *11* по 13 сентября, *22*-24 October."""
    back = day_at - 1
    joined = False
    for _ in range(3):
        if back < free:
            return None
        token = tokens[back]
        if token.kind == "digits":
            break
        joined = joined or token.text in numbers.range_joiners or token.text in numbers.joiners
        joined = joined or token.text == "-" or token.text[0] in numbers.joining_clitics
        if not (joined or token.text in dates.clitics):
            return None
        back -= 1
    if not joined or back < free or not is_day(tokens, back):
        return None
    return back if int(tokens[back].text) < int(tokens[day_at].text) <= _LAST_DAY else None


def _later_day(tokens: Sequence[Token], day_at: int, after: int, numbers: NumberLexicon) -> int | None:
    """Give the index of the last day of a range behind its first: October 22-*24*, March 6 to *10*."""
    if after + 1 >= len(tokens):
        return None
    token = tokens[after]
    is_joint = token.text == "-" and touches(tokens[after - 1], token) and touches(token, tokens[after + 1])
    if not (is_joint or token.text in numbers.range_joiners) or not is_day(tokens, after + 1):
        return None
    return after + 1 if int(tokens[day_at].text) < int(tokens[after + 1].text) else None


def _read_night(
    tokens: Sequence[Token], at: int, last: int, kind: str, value: int, dates: DateLexicon
) -> CalendarMention | None:
    """Read the night between two days: "Friday to Saturday", `בין שישי לשבת`, `в ночь на субботу`."""
    start, end = tokens[at].start, tokens[last - 1].end
    if kind == "night":  # its words name the second of the two days
        days = (value, (value - 2) % _DAYS_OF_WEEK + 1)
        return mention(tokens, at, last, [DatePart("weekday", day, start, end) for day in days])
    opened = at > 0 and (tokens[at - 1].text in dates.night_openers or tokens[at].text in dates.night_opened)
    follow = last
    while follow < len(tokens) and (tokens[follow].text in dates.night_joiners or tokens[follow].text == "-"):
        follow += 1
    if follow >= len(tokens) or not (opened or follow > last):
        return None
    for words in range(min(MAX_NAME_WORDS, len(tokens) - follow), 0, -1):
        named = dates.names.get(" ".join(token.text for token in tokens[follow : follow + words]))
        if named is not None and named[0] in ("weekday", "weekday_bare"):
            break
    else:
        return None
    if named[1] != value % _DAYS_OF_WEEK + 1 or (not opened and not dates.night_joiners):
        return None
    second = DatePart("weekday", named[1], tokens[follow].start, tokens[follow + words - 1].end)
    return mention(tokens, at, follow + words, [DatePart("weekday", value, start, end), second])


def _read_hijri(
    tokens: Sequence[Token], at: int, last: int, free: int, dates: DateLexicon
) -> CalendarMention | None:
    """Read a date of the Islamic calendar by its month or the word behind its year; its days are not ours."""
    first = at
    before = at - 1 if not at or tokens[at - 1].text not in dates.year_words else at - 2
    if before >= free and _is_hijri_number(tokens, before + 1, dates):
        first = before
    if last < len(tokens) and _is_hijri_year(tokens[last]):
        last += 1
        if last < len(tokens) and dates.names.get(tokens[last].text) == ("hijri", 0):
            last += 1
    # A month without day and year is a person's name as often: رمضان, شعبان.
    return None if last - first < 2 else mention(tokens, first, last, [], calendar="hijri")


def _is_hijri_number(tokens: Sequence[Token], at: int, dates: DateLexicon) -> bool:
    """Whether the digits before a token are the day of an Islamic month or the year before its word."""
    number = tokens[at - 1]
    if at < len(tokens) and tokens[at].text in dates.year_words:
        at += 1  # 1445 год хиджры
    if at >= len(tokens) or tokens[at].text not in dates.starts:
        return False
    for words in (2, 1):
        named = dates.names.get(" ".join(token.text for token in tokens[at : at + words]))
        if named is not None and named[0] == "hijri":
            return is_day((number,), 0) if named[1] else _is_hijri_year(number)
    return False


def _is_hijri_year(token: Token) -> bool:
    digits = token.text if token.kind == "digits" and token.text.isdecimal() else "0"
    return len(digits) <= len(str(_LAST_HIJRI_YEAR)) and 100 <= int(digits) <= _LAST_HIJRI_YEAR


def _read_day_of_month(tokens: Sequence[Token], at: int, dates: DateLexicon) -> CalendarMention | None:
    """Read a day of the month of publication: "ב-15 לחודש", "15-го числа", "the 15th of this month"."""
    if not is_day(tokens, at):
        return None
    after = at + 1
    for _ in range(2):  # 15-го, 15th
        if after < len(tokens) and touches(tokens[after - 1], tokens[after]) and len(tokens[after].text) <= 2:
            after += 1
    words = _words_listed(tokens, after, dates.day_of_month)
    if not words:
        return None
    return mention(tokens, at, after + words, [part("day", tokens[at])], ("day_of_month", int(tokens[at].text)))


def _read_ago(
    tokens: Sequence[Token], at: int, dates: DateLexicon, numbers: NumberLexicon
) -> CalendarMention | None:
    """Read so many days, weeks or months ago: `два дня назад`, `לפני יומיים`, "three days ago"."""
    opened = at > 0 and tokens[at - 1].text in dates.ago_before
    dual = numbers.duals.get(tokens[at].text)
    if dual is not None:
        value, last, unit = 2, at + 1, dual
    else:
        if tokens[at].kind == "word" and tokens[at].text not in numbers.words:
            return None
        if not opened and not any(
            token.text in dates.ago_starts for token in tokens[at + 1 : at + 1 + _MAX_AGO_WORDS]
        ):
            return None
        number = read_number(tokens, at, numbers)
        if isinstance(number, int) or number.is_closed or number.values[0] % 1 or number.values[0] > 999:
            return None
        value, last = int(number.values[0]), number.last
        unit = numbers.units.get(tokens[last].text, "") if last < len(tokens) else ""
        last += 1
    kind = dates.ago_units.get(unit)
    if kind is None:
        return None
    if opened and not (last < len(tokens) and tokens[last].text in dates.ago_not_before):
        return mention(tokens, at - 1, last, [], (kind, -value))
    words = _words_listed(tokens, last, dates.ago_after)
    return mention(tokens, at, last + words, [], (kind, -value)) if words else None


def _words_listed(tokens: Sequence[Token], at: int, listed: frozenset[str]) -> int:
    """Count the words of the longest listed phrase at a token; 0 without one."""
    for words in range(min(MAX_NAME_WORDS + 1, len(tokens) - at), 0, -1):
        if " ".join(token.text for token in tokens[at : at + words]) in listed:
            return words
    return 0


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
