"""Days and times that differ, that agree, and that only look different, in four languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.compare.days import may_be_one, read_days
from xsource.compare.detectors.date import detect_dates
from xsource.records import LANGUAGES, Article, Claim, ClaimGroup, GroupId, Outlet, OutletId, Sentence, StoryId

PUBLISHED = datetime(2023, 10, 28, 9, tzinfo=UTC)  # a Saturday


def claim(outlet: str, language: str, text: str, when: datetime | None = PUBLISHED) -> Claim:
    source = f"https://{outlet}.example/1"
    article_id = Article.identify(outlet, source, text)
    article = Article(article_id, OutletId(outlet), source, "", text, language, 1.0, when)
    sentence = Sentence(Sentence.identify(article_id, 0), article_id, 0, 0, len(text), text, True, "test")
    return Claim(sentence, article, Outlet(OutletId(outlet), outlet))


def group(*claims: Claim) -> ClaimGroup:
    return ClaimGroup(GroupId("group"), StoryId("story"), claims)


def differing(left: str, left_language: str, right: str, right_language: str) -> list[tuple[str, str]]:
    """Give the words of both sides of each day that differs between two outlets, the left one's first."""
    found = []
    for divergence in detect_dates(
        group(claim("left", left_language, left), claim("right", right_language, right))
    ):
        words = {side.outlet_id: side.words for side in divergence.sides}
        found.append((words["left"], words["right"]))
    return found


# One outlet writes in the table's language, the other in English (for English: in Russian). `None` where
# nothing differs, otherwise the words on both sides. Published on Saturday, 28 October 2023.
CASES: dict[str, list[tuple[str, str, str, tuple[str, str] | None]]] = {
    "en": [
        ("weekdays differ", "It begins on Sunday.", "Начнется в среду.", ("Sunday", "среду")),
        ("months differ", "It began in February.", "Началось в марте.", ("February", "марте")),
        ("days differ", "Talks resume on Sept. 20.", "Переговоры — 25 сентября.", ("Sept. 20", "25 сентября")),
        ("weekday and date", "Monday, 9 May", "вторник, 10 мая", ("Monday, 9 May", "вторник, 10 мая")),
        ("yesterday and a weekday", "It burned yesterday.", "Сгорело во вторник.", ("yesterday", "вторник")),
        ("a weekday and a date", "It fell on Monday.", "24 октября 2023 года", ("Monday", "24 октября 2023")),
        ("times differ", "It struck at 7:15 p.m.", "Удар был в 18:40.", ("7:15 p.m.", "18:40")),
        ("officials said", "Officials said Friday", "Сообщили в субботу", ("Friday", "субботу")),
        ("the same weekday", "It begins on Sunday.", "Начнется в воскресенье.", None),
        ("a weekday is its date", "It began on Friday.", "Началось 27 октября 2023 года.", None),
        ("a date without a year", "It began on Friday.", "Началось 27 октября.", None),
        ("three notations", "the Oct. 7 attack", "атака 07.10.2023", None),
        ("yesterday is Friday", "It began yesterday.", "Началось в пятницу.", None),
        ("a day off by the clock", "It began yesterday.", "Началось в субботу.", None),
        ("today is nowadays", "Today few remember it.", "Сейчас мало кто помнит об этом во вторник.", None),
        ("one side is silent", "It begins on Sunday.", "Скоро начнется.", None),
        ("a month and a weekday", "It began in October.", "Началось в пятницу.", None),
        ("a month and its date", "It began in October.", "Началось 27 октября.", None),
        ("a year is a number", "It began in May 2012.", "Началось в мае 2009 года.", None),
        ("May is a name", "Theresa May resigned.", "Тереза Мэй ушла в июне.", None),
        ("may and march", "They may march on.", "Они могут пройти маршем в июле.", None),
        ("the event and the telling", "It blew up on Tuesday.", "Взрыв, сообщило в среду министерство.", None),
        ("two days told twice", "From Monday to Friday", "С понедельника по пятницу", None),
        ("one of two is left out", "From Monday to Friday", "До пятницы", None),
        ("31 February", "It began on 31 February.", "Началось в феврале.", None),
        ("the evening", "at 6:40 p.m.", "в 18:40", None),
        ("half of the day unsaid", "at 6:40", "в 18:40", None),
        ("another zone", "at 14:00 GMT", "в 17:00 по Москве", None),
    ],
    "ru": [
        ("weekdays differ", "Начнется в понедельник.", "It begins on Sunday.", ("понедельник", "Sunday")),
        ("cases differ", "До вторника закрыто.", "Closed until Thursday.", ("вторника", "Thursday")),
        ("months differ", "В июне суд отказал.", "The court refused in July.", ("июне", "July")),
        ("days differ", "29-го сентября", "on 28 September", ("29-го сентября", "28 September")),
        ("dates in digits differ", "27.10.2023", "on 26 October 2023", ("27.10.2023", "26 October 2023")),
        ("Wednesday", "в среду", "on Thursday", ("среду", "Thursday")),
        ("an adjective", "в субботнем матче", "in Sunday's match", ("субботнем", "Sunday's")),
        ("the day before yesterday", "Позавчера", "on Monday", ("Позавчера", "Monday")),
        ("the same weekday", "в воскресенье", "on Sunday", None),
        ("the same month", "в марте", "in March", None),
        ("the environment", "окружающая среда", "on Friday", None),
        ("the environment's case", "защита среды", "on Friday", None),
        ("Wednesday's case", "до среды", "until Wednesday", None),
        ("abbreviated", "27 октября", "on Oct. 27", None),
        ("yesterday", "Вчера вечером", "on Friday evening", None),
        ("tomorrow", "завтра", "on Sunday", None),
        ("next year", "в следующем году", "in 2024", None),
        ("last week", "на прошлой неделе", "on Wednesday", None),
        ("the weekday of a date", "7 октября 2023 года", "on Saturday", None),
        ("the year alone", "в 2016 году", "on Sunday", None),
        ("a march", "марш протеста", "in May", None),
        ("a name", "Август Иванов ушел", "He left", None),
        ("the order", "в пятницу, 27 октября", "on 27 October, a Friday", None),
        ("morning", "в 6 часов утра", "at 6 a.m.", None),
        ("a score is no time", "счет 2:10", "at 3:15", None),
        ("an English name of a paper", "газете Sunday Times", "the Sunday Times", None),
    ],
    "ar": [
        ("weekdays differ", "يبدأ يوم الأحد", "It begins on Monday.", ("الأحد", "Monday")),
        ("without the word day", "مساء الثلاثاء", "on Thursday evening", ("الثلاثاء", "Thursday")),
        ("months differ", "في آذار", "in February", ("آذار", "February")),
        ("Levantine months differ", "في تشرين الثاني", "in October", ("تشرين الثاني", "October")),
        ("days differ", "30 من سبتمبر", "on 29 September", ("30 من سبتمبر", "29 September")),
        ("eastern digits differ", "٢٧ أكتوبر", "on 26 October", ("٢٧ أكتوبر", "26 October")),
        ("put off", "أرجئ إلى يوم الأربعاء", "It is put off until Tuesday.", ("الأربعاء", "Tuesday")),
        ("times differ", "الساعة 18:40", "at 7:15 p.m.", ("18:40", "7:15 p.m.")),
        ("the same weekday", "يوم الجمعة", "on Friday", None),
        ("both traditions", "تشرين الأول", "in October", None),
        ("both at once", "تشرين الأول/أكتوبر", "in October", None),
        ("Maghreb months", "في جويلية 2018", "in July 2018", None),
        ("a date", "27 تشرين الأول 2023", "Friday, 27 October 2023", None),
        ("a weekday is its date", "يوم الجمعة", "on 27 October", None),
        ("yesterday", "أمس", "on Friday", None),
        ("the day before yesterday", "أول أمس", "on Thursday", None),
        ("the two", "كلا الاثنين", "on Friday", None),
        ("Theresa May", "تيريزا ماي", "in June", None),
        ("it practised", "مارس الضغط", "in June", None),
        ("last year", "العام الماضي", "in 2022", None),
        ("that day", "في ذلك اليوم", "on Tuesday", None),
        ("a paper", "صنداي تايمز", "the Sunday Times", None),
        ("someone", "لم يصب أحد", "on Monday nobody was hurt", None),
        ("a decade", "ثمانينيات القرن الماضي", "in the 1980s", None),
        ("the morning", "الساعة 4.40 صباحا", "at 4.40am", None),
        ("31 February", "31 فبراير", "in February", None),
    ],
    "he": [
        ("weekdays differ", "ביום שני", "on Sunday", ("ביום שני", "Sunday")),
        ("the Sabbath", "בשבת", "on Sunday", ("בשבת", "Sunday")),
        ("letters for days", "ביום ב' בלילה", "on Wednesday night", ("ביום ב", "Wednesday")),
        ("months differ", "הזהיר כבר במרץ", "warned in February", ("במרץ", "February")),
        ("days differ", "ב-10 במאי", "on 30 May", ("10 במאי", "30 May")),
        ("both differ", "ליום שני, 9 במאי", "on Sunday, 8 May", ("ליום שני, 9 במאי", "Sunday, 8 May")),
        ("the attack", "מתקפת 7 באוקטובר", "the Oct. 8 attack", ("7 באוקטובר", "Oct. 8")),
        ("times differ", "בשעה 14:20", "at 15:45", ("14:20", "15:45")),
        ("the same weekday", "ביום ראשון", "on Sunday", None),
        ("Friday", "ביום שישי", "on Friday", None),
        ("Friday by its letter", "ביום ו'", "on Friday", None),
        ("the eve", "במוצאי שבת", "on Saturday night", None),
        ("the first line", "השורה הראשונה", "on Monday", None),
        ("the second place", "המקום השני", "on Friday", None),
        ("a date", "7 באוקטובר", "the Oct. 7 attack", None),
        ("a weekday is its date", "ביום שישי", "on 27 October", None),
        ("clitics", "ל-20 בספטמבר", "on Sept. 20", None),
        ("a month", "בחודש יוני", "in June", None),
        ("yesterday", "אתמול", "on Friday", None),
        ("tomorrow", "מחר", "on Sunday", None),
        ("last week", "בשבוע שעבר", "on Wednesday", None),
        ("next year", "בשנה הבאה", "in 2024", None),
        ("today", "היום", "on Tuesday", None),
        ("a decade", "בשנות השמונים", "in the 1980s", None),
        ("a paper", "סאנדיי טיימס", "the Sunday Times", None),
        ("in the morning", "ב- 6 בבוקר", "at 6am", None),
        ("31 February", "31 בפברואר", "in February", None),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "other", "expected"),
    [
        pytest.param(language, text, other, expected, id=f"{language}: {name}")
        for language, cases in CASES.items()
        for name, text, other, expected in cases
    ],
)
def test_between_two_outlets(language, text, other, expected):
    other_language = "ru" if language == "en" else "en"
    assert differing(text, language, other, other_language) == ([] if expected is None else [expected])


def test_the_outlet_apart_comes_first_and_the_others_agree():
    four = group(
        claim("a", "en", "Voters will vote Wednesday."),
        claim("b", "ru", "Голосование пройдет в воскресенье."),
        claim("c", "ar", "سوف يدلي الناخبون بأصواتهم يوم الأحد."),
        claim("d", "he", "האזרחים יצביעו ביום ראשון."),
    )
    (divergence,) = detect_dates(four)
    assert [(side.outlet_id, side.words, side.value) for side in divergence.sides] == [
        ("a", "Wednesday", "wednesday"),
        ("b", "воскресенье", "sunday"),
        ("c", "الأحد", "sunday"),
        ("d", "ביום ראשון", "sunday"),
    ]
    assert divergence.explanation == "Wednesday in a; воскресенье in b, c, d."


def test_what_was_said_on_two_days_by_articles_of_two_days_is_no_divergence():
    assert not list(
        detect_dates(
            group(
                claim("a", "ru", "Порт закрыт, сообщили в среду власти.", PUBLISHED),
                claim(
                    "b", "en", "The port is closed, officials said on Thursday.", PUBLISHED + timedelta(days=1)
                ),
            )
        )
    )


def test_an_outlet_that_gives_both_days_contradicts_nobody_and_the_same_days_reports_are_compared():
    before = PUBLISHED - timedelta(days=2)
    old = [
        claim("post", "en", "The exchange is due on Sunday.", before),
        claim("gazette", "en", "The exchange is due on Sunday.", before),
    ]
    moved = claim("post", "en", "The exchange has been put off until Tuesday.")
    assert list(detect_dates(group(*old, moved))) == []
    (found,) = detect_dates(group(*old, moved, claim("voice", "ar", "وأرجئ تبادل الأسرى إلى يوم الأربعاء.")))
    assert {side.value for side in found.sides} == {"tuesday", "wednesday"}


def test_undated_articles_compare_what_they_write():
    pair = group(claim("a", "en", "It burned yesterday.", None), claim("b", "ru", "Сгорело во вторник.", None))
    assert not list(detect_dates(pair))


SENTENCES = {
    "en": ["It began on Friday, 27 October 2023, at 6 p.m.", "They met yesterday.", "In May nobody came."],
    "ru": [
        "Началось в четверг, 26 октября 2023 года.",
        "Они встретились во вторник.",
        "В июне никто не пришел.",
    ],
    "ar": ["بدأ يوم الجمعة 27 أكتوبر 2023.", "التقوا أمس.", "لم يأت أحد في أيار."],
    "he": ["זה החל ביום שישי, 27 באוקטובר 2023.", "הם נפגשו אתמול בשעה 18:30.", "במאי איש לא בא."],
}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_outlets_changes_nothing_and_evidence_slices_to_its_words(data):
    claims = [
        claim(name, language, data.draw(st.sampled_from(SENTENCES[language])))
        for name, language in zip("abcd", LANGUAGES, strict=True)
    ]
    expected = list(detect_dates(group(*claims)))
    for divergence in expected:
        assert len({side.outlet_id for side in divergence.sides}) > 1
        for side in divergence.sides:
            assert side.sentence[side.start : side.end] == side.words != ""
    for order in list(permutations(claims))[1::5]:
        assert list(detect_dates(group(*order))) == expected


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_agreement_is_symmetric_and_true_of_a_day_and_itself(data):
    language = data.draw(st.sampled_from(LANGUAGES))
    texts = data.draw(st.lists(st.sampled_from(SENTENCES[language]), min_size=1, max_size=3))
    days = [day for at, text in enumerate(texts) for day in read_days(claim(f"o{at}", language, text))]
    for a in days:
        assert may_be_one(a, a)
        for b in days:
            assert may_be_one(a, b) == may_be_one(b, a)


@pytest.mark.parametrize("when", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), None])
@pytest.mark.parametrize(
    "text", ["yesterday", "29 February", "31 February", "last week on Friday", "1 January"]
)
def test_the_ends_of_the_calendar_raise_nothing(text, when):
    pair = group(claim("a", "en", text, when), claim("b", "en", "tomorrow, on Monday, 2 March", when))
    for divergence in detect_dates(pair):
        assert divergence.kind == "date"
