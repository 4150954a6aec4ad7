"""Dates and days as news prints them, in four languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from xsource.facts.dates import dates

PUBLISHED = datetime(2023, 10, 28, 9, tzinfo=UTC)  # a Saturday

# What is printed -> the mentions: `value` of each. Nothing is an empty list.
CASES: dict[str, list[tuple[str, list[str]]]] = {
    "en": [
        ("on Friday, 27 October 2023", ["friday", "2023-10-27"]),
        ("On October 27, 2023, talks began.", ["2023-10-27"]),
        ("on Oct. 27", ["--10-27"]),
        ("the 30th of September", ["--09-30"]),
        ("September 30th, 2018", ["2018-09-30"]),
        ("in May 2017", ["2017-05"]),
        ("since last March", ["--03"]),
        ("Mrs May said that they may march.", []),
        ("Theresa May told the House.", []),
        ("early Friday", ["friday"]),
        ("in 2016 and 2018", ["2016", "2018"]),
        ("2016 people", []),
        ("more than 2000", []),
        ("in the 1980s", ["1980s"]),
        ("the 60s hit", ["60s"]),
        ("in the nineties", ["90s"]),
        ("1620-21", ["1620"]),
        ("2023-10-27", ["2023-10-27"]),
        ("yesterday", ["2023-10-27"]),
        ("the day before yesterday", ["2023-10-26"]),
        ("tomorrow", ["2023-10-29"]),
        ("last week", ["2023-10-16..2023-10-22"]),
        ("last year", ["2022"]),
        ("next month", ["2023-11"]),
        ("The sun sat there.", []),
        ("31 February 2018", ["2018-02-31"]),
        ("the attack of the seventh of October", ["--10-07"]),
        ("the twenty-seventh of October", ["--10-27"]),
        ("seven in October", ["--10"]),
    ],
    "ru": [
        ("в пятницу, 27 октября 2023 года", ["friday", "2023-10-27"]),
        ("29-го сентября 2018 г.", ["2018-09-29"]),
        ("27.10.2023", ["2023-10-27"]),
        ("27.10.23", ["2023-10-27"]),
        ("в мае 2017 года", ["2017-05"]),
        ("9 мая", ["--05-09"]),
        ("события седьмого октября", ["--10-07"]),
        ("двадцать седьмого октября", ["--10-27"]),
        ("погибли семь в октябре", ["--10"]),
        ("во вторник вечером", ["tuesday"]),
        ("в среду", ["wednesday"]),
        ("окружающая среда", []),
        ("защита среды обитания", []),
        ("субботняя игра прошла", []),
        ("в субботнем матче", ["saturday"]),
        ("в 2016 году", ["2016"]),
        ("2000 человек", []),
        ("около 2000", []),
        ("в 1980-х годах", ["1980s"]),
        ("в 80-х", ["80s"]),
        ("лихие девяностые", ["90s"]),
        ("вчера", ["2023-10-27"]),
        ("позавчера", ["2023-10-26"]),
        ("завтра", ["2023-10-29"]),
        ("на прошлой неделе", ["2023-10-16..2023-10-22"]),
        ("в прошлом году", ["2022"]),
        ("в следующем месяце", ["2023-11"]),
        ("с 2014 по 2018 год", ["2014", "2018"]),
        ("1.2.3", []),
    ],
    "ar": [
        ("هجوم السابع من أكتوبر", ["--10-07"]),
        ("السابع والعشرين من أكتوبر 2023", ["2023-10-27"]),
        ("الجولة الثانية في أكتوبر", ["--10"]),
        ("يوم الجمعة 27 أكتوبر 2023", ["friday", "2023-10-27"]),
        ("27 تشرين الأول 2023", ["2023-10-27"]),
        ("في تشرين الأول/أكتوبر 2023", ["--10", "2023-10"]),
        ("30 من سبتمبر", ["--09-30"]),
        ("في 30 مايو 2005", ["2005-05-30"]),
        ("في آذار", ["--03"]),
        ("تيريزا ماي تستقيل", []),
        ("مارس الضغط على الحكومة", []),
        ("في مارس", ["--03"]),
        ("مساء الثلاثاء", ["tuesday"]),
        ("يوم الاثنين", ["monday"]),
        ("كلا الاثنين", []),
        ("السبت الماضي", ["saturday"]),
        ("الأحد", ["sunday"]),
        ("عام 2016", ["2016"]),
        ("منذ ٢٠١٦", ["2016"]),
        ("2000 جندي", []),
        ("حوالي 1998 جنديا", []),
        ("ثمانينيات القرن العشرين", ["80s"]),
        ("أمس", ["2023-10-27"]),
        ("أول أمس", ["2023-10-26"]),
        ("غدا", ["2023-10-29"]),
        ("الأسبوع الماضي", ["2023-10-16..2023-10-22"]),
        ("العام الماضي", ["2022"]),
        ("الشهر المقبل", ["2023-11"]),
        ("31 فبراير 2018", ["2018-02-31"]),
    ],
    "he": [
        ("מתקפת השבעה באוקטובר", ["--10-07"]),
        ("בשבעה באוקטובר", ["--10-07"]),
        ("נהרגו שבעה באוקטובר", ["--10"]),
        ("ביום שישי, 27 באוקטובר 2023", ["friday", "2023-10-27"]),
        ("ב-7 באוקטובר", ["--10-07"]),
        ("ה- 20 בספטמבר", ["--09-20"]),
        ("באוקטובר 2023", ["2023-10"]),
        ("בחודש יוני", ["--06"]),
        ("תרזה מיי", []),
        ("ביום ראשון", ["sunday"]),
        ("ביום שני", ["monday"]),
        ("יום ג' בבוקר", ["tuesday"]),
        ("בשבת", ["saturday"]),
        ("ביום שבת", ["saturday"]),
        ("השורה הראשונה", []),
        ("המקום השני", []),
        ("ב- 2016", ["2016"]),
        ("בשנת 2016", ["2016"]),
        ("2,000 חיילים", []),
        ("2000 חיילים", []),
        ("שנות ה-80", ["80s"]),
        ("בשנות השמונים", ["80s"]),
        ("אתמול", ["2023-10-27"]),
        ("שלשום", ["2023-10-26"]),
        ("מחר", ["2023-10-29"]),
        ("בשבוע שעבר", ["2023-10-16..2023-10-22"]),
        ("בשנה שעברה", ["2022"]),
        ("בחודש הבא", ["2023-11"]),
        ("31 בפברואר 2018", ["2018-02-31"]),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(language, *case, id=f"{language}: {case[0]}")
        for language, cases in CASES.items()
        for case in cases
    ],
)
def test_reads(language, text, expected):
    assert [mention.value for mention in dates(text, language, PUBLISHED)] == expected


@pytest.mark.parametrize("language", CASES)
def test_words_are_what_is_printed(language):
    for text, _ in CASES[language]:
        for mention in dates(text, language, PUBLISHED):
            assert text[mention.start : mention.end] == mention.words
            for part in mention.parts:
                assert mention.start <= part.start < part.end <= mention.end


def test_yesterday_without_a_publication_date_has_no_day():
    (mention,) = dates("yesterday", "en", None)
    assert (mention.first, mention.day, mention.is_relative) == (None, None, True)


def test_a_month_lasts_from_its_first_to_its_last_day():
    (mention,) = dates("in February 2024", "en", None)
    assert (mention.first, mention.last) == (date(2024, 2, 1), date(2024, 2, 29))


def test_a_date_knows_its_weekday():
    (mention,) = dates("7 באוקטובר 2023", "he", None)
    assert mention.weekday == 6


def test_the_parts_of_a_date_stand_where_they_are_printed():
    text = "في 29 سبتمبر 2021"
    (mention,) = dates(text, "ar", None)
    assert [(part.name, part.value, text[part.start : part.end]) for part in mention.parts] == [
        ("day", 29, "29"),
        ("month", 9, "سبتمبر"),
        ("year", 2021, "2021"),
    ]
