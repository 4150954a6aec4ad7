"""What holds of every text: spans slice to their words, nothing raises, and hostile input takes linear time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from cpu_seconds import least_cpu_seconds
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xsource.facts.dates import dates
from xsource.facts.quantities import quantities
from xsource.facts.quantities_tokens import tokenise
from xsource.records import LANGUAGES

PUBLISHED = datetime(2023, 10, 28, 9, tzinfo=UTC)

FRAGMENTS = st.sampled_from(
    [
        "1,400", "1 400", "1\u00a0400", "١٬٤٠٠", "2.5", "2,5", "27.10.2023", "1.2.3", "0800",
        "2018", "1980s", "80-х", "12:30", "19:60", "3-1", "20–25", "5%", "$5bn", "€", "G7",
        "Covid-19", "737", "половиной", "две", "тысячи", "млн.", "от", "до", "خمسة", "وعشرون",
        "ألف", "مئة", "نصف", "ביום שני", "שבעת", "אלפים", "ב-7", "כ-", "ה-19", "המאה",
        "twenty", "-five", "hundred", "and", "a half", "dozen", "between", "more than",
        "October", "Friday", "мая", "31 февраля", "30 من سبتمبر", "yesterday", "last year",
        "killed", "человек", "שנתיים", "شخصان", "трехдневный", "XIX век", "\u200f", "\u202e",
        "\u2066", "٪", "—", "/", ".", ",", "'", "(", "\n", "İ", "ﬁ", "👍🏽", "a\u0301", "²", "½",
        "Ⅷ", "𝟙𝟚",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=6)), max_size=14).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda joint: joint.join(parts))
)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(LANGUAGES))
def test_spans_slice_to_their_words_and_do_not_overlap(text, language):
    end = 0
    for quantity in quantities(text, language):
        assert text[quantity.start : quantity.end] == quantity.words
        assert quantity.start >= end or not quantity.words.strip()
        end = quantity.end
        for start, stop in quantity.spots:
            assert quantity.start <= start < stop <= quantity.end
    end = 0
    for mention in dates(text, language, PUBLISHED):
        assert text[mention.start : mention.end] == mention.words
        assert mention.start >= end
        end = mention.end
        for part in mention.parts:
            assert mention.start <= part.start < part.end <= mention.end
        assert (mention.first is None) == (mention.last is None)
        assert mention.first is None or mention.first <= mention.last


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(LANGUAGES))
def test_digits_belong_to_a_date_or_to_a_quantity_and_never_to_both(text, language):
    calendar = {place for mention in dates(text, language, None) for place in range(mention.start, mention.end)}
    for quantity in quantities(text, language):
        for start, end in quantity.spots:
            assert calendar.isdisjoint(range(start, end))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
@example("İstanbul 5")
@example("ﬁve")
def test_every_token_knows_its_place(text):
    end = 0
    for token in tokenise(text, spaced_groups=True):
        assert end <= token.start < token.end <= len(text)
        end = token.end


@given(st.integers(1, 999_999_999), st.sampled_from(LANGUAGES))
def test_a_grouped_number_is_itself(number, language):
    separator = {"ru": "\u00a0", "en": ",", "ar": "٬", "he": ","}[language]
    printed = f"{number:,}".replace(",", separator)
    read = [quantity.value for quantity in quantities(f"({printed})", language)]
    if 1000 <= number <= 2199 and separator not in printed:
        return
    assert read == [number]


HOSTILE = [
    "1" * 10_000,
    "1 " * 5_000,
    "1 000 " * 2_000,
    "1,1" * 3_000,
    "1-" * 5_000,
    "twenty-" * 1_500,
    "ו" * 10_000,
    "و عشرون " * 1_200,
    "a@" * 5_000,
    "http://" * 1_500,
    "מאה ה-" * 1_500,
    "between 1 and " * 700,
    "от 1 до " * 1_200,
    "до " * 3_000 + "23",
    "\u202e\u200f" * 5_000,
    'ב"' * 4_000,
    "p.m." * 2_500,
    "2018-10-" * 1_200,
    "сто " * 2_500,
    "двадцатипяти" * 800,
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_ten_thousand_characters_take_less_than_a_second(text, language):
    def read() -> None:
        quantities.__wrapped__(text, language)
        dates.__wrapped__(text, language, PUBLISHED)

    assert least_cpu_seconds(read, enough=1) < 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []), (" ", []), (".", []), ("-", []), ("\u202e", []), ("א", []), ("½", []),
        ("7", [7]), ("0", [0]), ("00", [0]), ("٠", [0]), ("0" * 50, []), ("١.٢.٣", []), ("1.2.3", []),
    ],
)  # fmt: skip
def test_next_to_nothing_is_read_as_what_it_is(text, values, language):
    assert [found.value for found in quantities(text, language)] == values
    assert dates(text, language, None) == ()


@pytest.mark.parametrize(
    "text", ["31 February 2018", "31 февраля 2018 года", "31 فبراير 2018", "31 בפברואר 2018"]
)
def test_a_day_that_the_calendar_lacks_is_no_day(text):
    for language in LANGUAGES:
        for mention in dates(text, language, PUBLISHED):
            if mention.day is not None and mention.month is not None:
                assert (mention.first, mention.last) == (None, None)


@pytest.mark.parametrize(
    ("words", "first_day", "last_day"),
    [
        ("yesterday", None, (date(9999, 12, 30), date(9999, 12, 30))),
        ("tomorrow", (date(1, 1, 2), date(1, 1, 2)), None),
        ("last week", None, (date(9999, 12, 20), date(9999, 12, 26))),
        ("next month", (date(1, 2, 1), date(1, 2, 28)), None),
        ("last year", None, (date(9998, 1, 1), date(9998, 12, 31))),
        ("next year", (date(2, 1, 1), date(2, 12, 31)), None),
    ],
)
def test_beyond_the_ends_of_the_calendar_is_no_day(words, first_day, last_day):
    for published, expected in (
        (datetime(1, 1, 1, tzinfo=UTC), first_day),
        (datetime(9999, 12, 31, tzinfo=UTC), last_day),
    ):
        (mention,) = dates(words, "en", published)
        assert (mention.first, mention.last) == (expected or (None, None))
