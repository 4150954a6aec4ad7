"""Numbers that differ, that agree, and that only look different, in four languages."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.compare.detectors.date import detect_dates
from xsource.compare.detectors.number import detect_numbers
from xsource.compare.detectors.update import detect_updates
from xsource.compare.figures import are_compatible, read_figures
from xsource.records import LANGUAGES, Article, Claim, ClaimGroup, GroupId, Outlet, OutletId, Sentence, StoryId


def claim(outlet: str, language: str, text: str, when: datetime | None = None) -> Claim:
    source = f"https://{outlet}.example/{when:%d%H}" if when else f"https://{outlet}.example/1"
    article_id = Article.identify(outlet, source, text)
    published = when or datetime(2024, 5, 15, 9, tzinfo=UTC)
    article = Article(article_id, OutletId(outlet), source, "", text, language, 1.0, published)
    sentence = Sentence(Sentence.identify(article_id, 0), article_id, 0, 0, len(text), text, True, "test")
    return Claim(sentence, article, Outlet(OutletId(outlet), outlet))


def group(*claims: Claim) -> ClaimGroup:
    return ClaimGroup(GroupId("group"), StoryId("story"), claims)


def differing(left: str, left_language: str, right: str, right_language: str) -> list[tuple[str, str]]:
    """Give the words of both sides of each number that differs between two outlets, the left one's first."""
    pair = group(claim("left", left_language, left), claim("right", right_language, right))
    found = []
    for divergence in detect_numbers(pair):
        words = {side.outlet_id: side.words for side in divergence.sides}
        found.append((words["left"], words["right"]))
    return found


# One outlet writes in the table's language, the other in English (for English: in Russian). `None` where
# nothing differs, otherwise the words on both sides.
CASES: dict[str, list[tuple[str, str, str, tuple[str, str] | None]]] = {
    "en": [
        ("deaths differ", "At least 23 people were killed.", "Погибли 31 человек.", ("23", "31")),
        ("a digit differs", "The fire destroyed 145 homes.", "Огонь уничтожил 146 домов.", ("145", "146")),
        ("years differ", "The base was built in 2012.", "База построена в 2009 году.", ("2012", "2009")),
        ("shares differ", "Turnout was 40 per cent.", "Явка составила 46 процентов.", ("40", "46")),
        ("money differs", "The fine is $250,000.", "Штраф составил 150 000 долларов.", ("250,000", "150 000")),
        ("magnitudes differ", "It cost 37 million euros", "Это стоило 37 млрд евро", ("37 million", "37 млрд")),
        ("scores differ", "They won 4-1 on Sunday.", "Они победили 1:1 в воскресенье.", ("4", "1")),
        ("words differ", "Two people were killed.", "Погибли три человека.", ("Two", "три")),
        ("ages differ", "The 32-year-old driver fled.", "82-летний водитель скрылся.", ("32", "82")),
        ("metres differ", "It fell from 30 meters.", "Он упал с высоты 50 метров.", ("30", "50")),
        ("hours and days differ", "It lasts three days.", "Перемирие продлится 48 часов.", ("three", "48")),
        ("bounds differ", "More than 2,500 died.", "Погибло более 3,4 тыс. человек.", ("2,500", "3,4 тыс")),
        ("ordinals differ", "It was the 29th minute.", "Это была 59-я минута.", ("29th", "59-я")),
        ("a range's end differs", "Aged 18 to 29 years", "В возрасте от 18 до 39 лет", ("29", "39")),
        ("words and digits", "Twelve rockets were fired.", "Выпущено 12 ракет.", None),
        ("a dozen", "A dozen civilians were killed.", "Погибли 12 мирных жителей.", None),
        ("thousands", "1,400 residents left.", "Уехали 1,4 тыс. жителей.", None),
        ("a half", "two and a half thousand refugees", "2500 беженцев", None),
        ("more than", "More than 7,000 people died.", "Погибли 7028 человек.", None),
        ("at least", "At least 23 people were killed.", "Погибли 23 человека.", None),
        ("about", "About 50,000 fled.", "Бежали 48 тыс. человек.", None),
        ("nearly", "Nearly 400 were hurt.", "Пострадали 384 человека.", None),
        ("rounded", "25 points a game", "25,4 очка за игру", None),
        ("a number inside a range", "between 20 and 25 trucks", "22 грузовика", None),
        ("feet", "a crater some 30 feet deep", "воронка глубиной девять метров", None),
        ("miles", "three miles away", "в пяти километрах", None),
        ("pounds", "a 650 pound pig", "свинья весом 300 килограммов", None),
        ("72 hours", "It will last three days.", "Это продлится 72 часа.", None),
        ("killed and wounded", "12 people were killed.", "15 человек были ранены.", None),
        ("one side has none", "12 people were killed.", "Погибли люди.", None),
        ("people and tonnes", "7,000 people fled.", "Сгорели 900 тонн топлива.", None),
        ("a half as a share", "Half of voters agree.", "Согласны 50% избирателей.", None),
        ("a century in Roman digits", "in the 19th century", "в XIX веке", None),
        ("a decade", "in the 1980s", "в 80-х годах", None),
        ("a model", "A Boeing 737 crashed.", "Разбился самолет, погибли 12 человек.", None),
        ("dozens", "Dozens were killed.", "Погибли 24 человека.", None),
        ("one as a pronoun", "One of them said that 5 left.", "Один из них сказал, что ушли пятеро.", None),
    ],
    "ru": [
        ("deaths differ", "Погибли 17 человек.", "23 people were killed.", ("17", "23")),
        ("words differ", "Погибли пятеро детей.", "Seven children were killed.", ("пятеро", "Seven")),
        ("compound words", "двести пятьдесят домов", "253 homes", ("двести пятьдесят", "253")),
        ("years differ", "С 2003 года", "Since 2006", ("2003", "2006")),
        ("thousands differ", "48 тыс. жителей", "84,000 residents", ("48 тыс", "84,000")),
        ("days differ", "трехдневный траур", "two days of mourning", ("трехдневный", "two")),
        ("shares differ", "14-процентный рост", "a 40% rise", ("14", "40")),
        ("speeds differ", "497 км/ч", "800 kph", ("497", "800")),
        ("money differs", "штраф 500 рублей", "a fine of 700 roubles", ("500", "700")),
        ("money in words", "полтора миллиона долларов", "$2.5 million", ("полтора миллиона", "2.5 million")),
        ("a score differs", "счет 2:0", "2-8 win", ("0", "8")),
        ("rose to", "Число погибших возросло до 23.", "The death toll rose to 32.", ("23", "32")),
        ("kilometres and miles differ", "отведут на 20 километров", "pulled back six miles", ("20", "six")),
        ("cases", "двухсот пятидесяти трех домов", "253 homes", None),
        ("thousand in words", "две с половиной тысячи солдат", "2,500 soldiers", None),
        ("an adjective", "25-тысячная толпа", "a 25,000-strong crowd", None),
        ("a decimal comma", "2,5 процента", "2.5 per cent", None),
        ("a comma by habit", "1,400 человек", "1,400 people", None),
        ("a space that does not break", "15\u00a0000 долларов", "$15,000", None),
        ("more than forty", "Более 40 пострадавших", "43 were injured", None),
        ("a hundred and twenty", "120 пожарных", "more than 100 firefighters", None),
        ("centimetres", "2,5–5 см осадков", "1 to 2 inches of rain", None),
        ("a day and 24 hours", "за сутки 183 выброса", "183 emissions over 24 hours", None),
        ("an age", "30-летний мужчина", "a man, 30,", None),
        ("an anniversary", "50-я годовщина", "the 50th anniversary", None),
        ("both", "оба солдата погибли", "two soldiers were killed", None),
        ("none", "Никто не погиб.", "12 were killed.", None),
        ("hundreds", "Сотни людей бежали.", "300 people fled.", None),
        ("a range", "от 18 до 29 лет", "18- to 29-year-olds", None),
        ("half of the day", "в 6 часов утра", "at 6am", None),
        ("evening", "в 18:40", "at 6:40 p.m.", None),
        ("one house", "один из домов сгорел", "a house burned", None),
    ],
    "ar": [
        ("deaths differ", "قتل 31 شخصا", "23 people were killed", ("31", "23")),
        ("eastern digits differ", "أصيب ٥٤٠ شخصا", "640 people were injured", ("٥٤٠", "640")),
        ("words differ", "خمسة وعشرون جنديا", "26 soldiers", ("خمسة وعشرون", "26")),
        ("thousands differ", "نحو ثلاثة آلاف من السكان", "1,400 residents", ("ثلاثة آلاف", "1,400")),
        ("years differ", "عام 2016", "in 2013", ("2016", "2013")),
        ("money differs", "150 مليار دولار", "$350 billion", ("150 مليار", "350 billion")),
        ("shares differ", "40 في المائة", "30 per cent", ("40", "30")),
        ("ages differ", "البالغ من العمر 31 عاما", "aged 21", ("31", "21")),
        ("days differ", "تستمر عشرة أيام", "It will last for three days.", ("عشرة", "three")),
        ("the dual differs", "قتل جنديان", "Three soldiers were killed.", ("جنديان", "Three")),
        ("observers differ", "150 مراقبا", "Two hundred observers", ("150", "Two hundred")),
        ("a list differs", "93 و34 و39 عاما", "33, 34 and 39", ("93", "33")),
        ("the dual", "أصيب شخصان بجروح", "Two people were wounded.", None),
        ("the dual of years", "بعد عامين", "after two years", None),
        ("dual millions", "مليوني دولار", "$2 million", None),
        ("Arabic separators", "١٬٤٠٠ شخص", "1,400 people", None),
        ("a point as a separator", "360.000 شخص", "360,000 people", None),
        ("a decimal comma", "2,5 مليون", "2.5 million", None),
        ("units before tens", "خمسة وعشرون ألفا", "25,000", None),
        ("thousands in words", "سبعة آلاف فلسطيني", "7,000 Palestinians", None),
        ("at least, behind", "23 شخصا على الأقل", "At least 23 people", None),
        ("more than", "أكثر من 100 رجل إطفاء", "120 firefighters", None),
        ("about", "نحو 30 مترا", "32 meters", None),
        ("an ordinal", "الذكرى الخمسون", "the 50th anniversary", None),
        ("a late ordinal", "المرة الرابعة والثلاثين", "his 34th start", None),
        ("a century", "القرن التاسع عشر", "the 19th century", None),
        ("per cent", "14٪", "14%", None),
        ("percent in words", "عشرون بالمائة", "20 per cent", None),
        ("metres and feet", "حفرة بعمق تسعة أمتار", "a crater 30 feet deep", None),
        ("thousands of people", "آلاف الناس", "5,000 people", None),
        ("one as a pronoun", "أحد الجنود قال", "5 soldiers spoke", None),
        ("killed and wounded", "قتل 12 شخصا", "15 people were wounded", None),
        ("a range", "بين 18 و29 عاما", "18- to 29-year-olds", None),
    ],
    "he": [
        ("deaths differ", "12 בני אדם נהרגו", "19 people were killed", ("12", "19")),
        ("words differ", "שבעת אלפים איש", "8,000 people", ("שבעת אלפים", "8,000")),
        ("compound words differ", "עשרים וחמישה חיילים", "24 soldiers", ("עשרים וחמישה", "24")),
        ("years differ", "עד שנת 2030", "by 2032", ("2030", "2032")),
        ("clitics", "ב-2017", "in 2014", ("2017", "2014")),
        ("money differs", "2 מיליון דולר", "$5 million", ("2 מיליון", "5 million")),
        ("shares differ", "33 אחוזים", "13 per cent", ("33", "13")),
        ("ages differ", "בן 10 נעצר", "aged 20, was arrested", ("10", "20")),
        ("injured differ", "114 בני אדם נפצעו", "More than 140 people were injured", ("114", "140")),
        ("days differ", "שלושה ימי אבל", "two days of mourning", ("שלושה", "two")),
        ("missing differ", "שמונה נעדרים", "Five people are missing", ("שמונה", "Five")),
        ("a coastline differs", "חוף באורך 200 ק\"מ", "a coast of 300 km", ("200", "300")),
        ("scores differ", "ניצחון 3-0", "a 1-0 win", ("3", "1")),
        ("words and digits", "שבעת אלפים איש", "7,000 people", None),
        ("the construct", "שלושת אלפים חמש מאות", "3,500", None),
        ("a half", "מיליון וחצי דולר", "$1.5 million", None),
        ("about", "כ-300 רקטות", "some 310 rockets", None),
        ("more than", "יותר מ-2,500 בני אדם", "2,600 people", None),
        ("at least", "לפחות 384 הרוגים", "384 dead", None),
        ("up to", "עד חמישה קילומטרים", "up to three miles", None),
        ("days and hours", "72 שעות", "three days", None),
        ("miles and kilometres", "עשרה קילומטרים מקו המגע", "six miles from the line", None),
        ("gershayim", "620 ק“מ", "385 miles", None),
        ("the dual", "לפני שנתיים", "two years ago", None),
        ("twice", "פעמיים", "two times", None),
        ("a century", "המאה ה-19", "the 19th century", None),
        ("a decade", "שנות ה-80", "the 1980s", None),
        ("a decade in words", "בשנות השמונים", "in the 80s", None),
        ("an age", "בן ה-33", "33-year-old", None),
        ("hundreds", "מאות אנשים", "300 people", None),
        ("one as an article", "איש אחד מהם", "5 of them", None),
        ("a weekday is no number", "ביום שני", "on Monday, 5 left", None),
        ("killed and wounded", "12 נהרגו", "15 were wounded", None),
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


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("A second gunman was killed.", "en"), ("Убит третий нападавший.", "ru")),
        (("מחבל שני נהרג.", "he"), ("قتل مسلح ثالث.", "ar")),
        (("المسلح الثاني قتل.", "ar"), ("Three gunmen were killed.", "en")),
        (("המחבל השני נהרג.", "he"), ("Убиты трое нападавших.", "ru")),
        (("It is the second day of the war.", "en"), ("Идёт третий день войны.", "ru")),
        (("ביום ה-2 למלחמה", "he"), ("في اليوم الـ3 من الحرب", "ar")),
        (("A girl of 10 was killed.", "en"), ("Убиты 12 человек.", "ru")),
        (("בת העשר נהרגה.", "he"), ("قتل 12 شخصا.", "ar")),
        (("قتلت ابنة العاشرة.", "ar"), ("12 people were killed.", "en")),
        (("Погибла 10-летняя девочка.", "ru"), ("12 בני אדם נהרגו.", "he")),
        (("Channel 12 reported deaths.", "en"), ("Канал 13 сообщил о погибших.", "ru")),
        (("ערוץ 12 דיווח על הרוגים.", "he"), ("قتل 13 شخصا.", "ar")),
        (("A Boeing 737 crashed.", "en"), ("Упал Боинг 747.", "ru")),
        (("On 12 Long Street people were killed.", "en"), ("Погибли 15 человек.", "ru")),
    ],
)  # fmt: skip
def test_a_number_that_counts_nothing_contradicts_no_count(left, right):
    assert differing(*left, *right) == []


def test_the_outlet_apart_comes_first_and_the_others_agree():
    four = group(
        claim("a", "en", "The quake killed 384 people."),
        claim("b", "ru", "Землетрясение унесло жизни 384 человек."),
        claim("c", "ar", "أودى الزلزال بحياة 484 شخصا."),
        claim("d", "he", "רעידת האדמה גבתה את חייהם של 384 בני אדם."),
    )
    (divergence,) = detect_numbers(four)
    assert [(side.outlet_id, side.words, side.value) for side in divergence.sides] == [
        ("c", "484", "484"),
        ("a", "384", "384"),
        ("b", "384", "384"),
        ("d", "384", "384"),
    ]
    assert divergence.confidence > 0.9
    assert divergence.explanation == "484 (killed, people) in c; 384 in a, b, d."


def test_two_facts_are_two_divergences():
    found = differing(
        "The storm killed 12 people and destroyed 300 homes.", "en",
        "Ураган унес жизни 15 человек и разрушил 900 домов.", "ru",
    )  # fmt: skip
    assert sorted(found) == [("12", "15"), ("300", "900")]


def test_a_year_is_a_number_and_a_day_of_the_month_is_a_date():
    days = group(
        claim("a", "en", "Talks begin on 20 September."), claim("b", "ru", "Переговоры начнутся 25 сентября.")
    )
    assert list(detect_numbers(days)) == []
    (divergence,) = detect_dates(days)
    assert [side.words for side in divergence.sides] == ["25 сентября", "20 September"]


def test_a_time_of_day_is_a_date():
    times = group(
        claim("a", "en", "The explosion happened at 7:15 p.m."),
        claim("b", "ru", "Взрыв прогремел около 18:40."),
    )
    assert list(detect_numbers(times)) == []
    assert [divergence.kind for divergence in detect_dates(times)] == ["date"]


def test_whole_hours_may_be_another_zone():
    times = group(claim("a", "en", "It began at 14:00 GMT."), claim("b", "ru", "Началось в 17:00 по Москве."))
    assert list(detect_dates(times)) == []


DAY = [
    datetime(2024, 5, 14, 19, tzinfo=UTC),
    datetime(2024, 5, 15, 9, tzinfo=UTC),
    datetime(2024, 5, 16, 9, tzinfo=UTC),
]


def kinds(*claims: Claim) -> list[tuple[str, list[str]]]:
    found = [*detect_numbers(group(*claims)), *detect_updates(group(*claims))]
    return [(divergence.kind, [side.words for side in divergence.sides]) for divergence in found]


def test_the_same_outlet_raising_its_own_toll_is_an_update():
    assert kinds(
        claim("a", "ru", "Погибли 17 человек, сообщила мэр.", DAY[0]),
        claim("a", "ru", "Число погибших возросло до 23 человек, сообщило министерство.", DAY[1]),
    ) == [("update", ["17", "23"])]


def test_the_same_source_raising_its_toll_is_an_update():
    assert kinds(
        claim("a", "he", "לפי משרד הפנים, 23 בני אדם נהרגו.", DAY[1]),
        claim("b", "en", "The death toll has risen to 26, the interior ministry said.", DAY[2]),
    ) == [("update", ["23", "26"])]


def test_another_source_at_once_is_a_disagreement():
    assert kinds(
        claim("a", "ar", "قتل 31 شخصا، بحسب مصادر طبية.", DAY[1]),
        claim("b", "en", "At least 23 people were killed, the interior ministry said.", DAY[1]),
    ) == [("number", ["23", "31"])]


def test_another_source_later_is_a_disagreement():
    assert kinds(
        claim("a", "en", "At least 23 people were killed, the interior ministry said.", DAY[1]),
        claim("b", "ar", "ارتفع عدد القتلى إلى 31 شخصا، بحسب مصادر طبية في المستشفى.", DAY[2]),
    ) == [("number", ["31", "23"])]


def test_the_dead_do_not_become_fewer():
    assert kinds(
        claim("a", "en", "Police said 30 people were killed.", DAY[1]),
        claim("a", "en", "Police said 20 people were killed.", DAY[2]),
    ) == [("number", ["20", "30"])]


def test_the_missing_may_become_fewer():
    assert kinds(
        claim("a", "en", "Eight people are missing, the ministry said.", DAY[1]),
        claim("b", "en", "Five people are still missing, the ministry said.", DAY[2]),
    ) == [("update", ["Eight", "Five"])]


def test_four_values_in_four_outlets_are_one_divergence():
    (divergence,) = detect_numbers(
        group(
            claim("a", "en", "The quake killed 384 people."),
            claim("b", "ru", "Землетрясение унесло жизни 391 человека."),
            claim("c", "ar", "أودى الزلزال بحياة 484 شخصا."),
            claim("d", "he", "רעידת האדמה גבתה את חייהם של 402 בני אדם."),
        )
    )
    assert {(side.outlet_id, side.value) for side in divergence.sides} == {
        ("a", "384"), ("b", "391"), ("c", "484"), ("d", "402"),
    }  # fmt: skip
    assert divergence.apart == 3
    assert divergence.explanation == "391 (killed, people) in b; 484 in c; 402 in d; 384 in a."


HOURS = [datetime(2024, 5, 14, hour, tzinfo=UTC) for hour in (6, 10, 14, 18)]


def test_a_figure_that_grows_is_one_series_in_order_of_time():
    found = kinds(
        claim("d", "en", "The death toll has risen to 16, the interior ministry said.", HOURS[3]),
        claim("b", "ru", "Число погибших возросло до 12, сообщило МВД.", HOURS[1]),
        claim("a", "he", "11 בני אדם נהרגו, מסר משרד הפנים.", HOURS[0]),
        claim("c", "ar", "ارتفع عدد القتلى إلى 15 شخصا، بحسب وزارة الداخلية.", HOURS[2]),
    )
    assert found == [("update", ["11", "12", "15", "16"])]


def test_a_later_and_higher_toll_continues_a_series_and_stands_against_nothing():
    claims = (
        claim("a", "en", "Police said 11 people were killed.", HOURS[0]),
        claim("b", "en", "The death toll rose to 15 people killed, police said.", HOURS[1]),
        claim("c", "en", "Some 31 people were killed.", HOURS[2]),
    )
    (divergence,) = [*detect_numbers(group(*claims)), *detect_updates(group(*claims))]
    assert (divergence.kind, divergence.against) == ("update", 0)
    assert [side.words for side in divergence.sides] == ["11", "15", "31"]


def test_a_series_says_when_and_names_what_stands_against_it():
    claims = (
        claim("a", "en", "Police said 11 people were killed.", HOURS[0]),
        claim("b", "en", "The death toll rose to 15 people killed, police said.", HOURS[2]),
        claim("c", "en", "Doctors said 31 people were killed.", HOURS[2]),
    )
    (divergence,) = [*detect_numbers(group(*claims)), *detect_updates(group(*claims))]
    assert divergence.kind == "update"
    assert divergence.explanation == (
        "11 (killed, people) in a (2024-05-14 06:00); then 15 in b (2024-05-14 14:00). "
        "Against it: 31 in c (2024-05-14 14:00)."
    )
    assert [side.words for side in divergence.sides] == ["11", "31", "15"]
    assert (divergence.apart, divergence.against) == (2, 1)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "300 people came, not 1,000, police said."),
        ("ru", "Пришли 300 человек, а не 1000, сообщила полиция."),
        ("he", "הגיעו 300 איש, ולא 1,000, מסרה המשטרה."),
        ("ar", "حضر 300 شخص وليس 1000، بحسب الشرطة."),
    ],
)
def test_a_denied_figure_is_not_the_outlets_own(language, text):
    (divergence,) = detect_numbers(
        group(claim("a", language, text), claim("b", "en", "Some 1,000 people came, the organisers said."))
    )
    assert {side.outlet_id: side.value for side in divergence.sides} == {"a": "300", "b": "1000"}


SENTENCES = {
    "en": ["12 people were killed on 3 May 2019.", "It cost $2.5 million in 2018.", "Nobody was hurt."],
    "ru": [
        "3 мая 2019 года погибли 15 человек.",
        "Это обошлось в 2,5 млн долларов в 2016 году.",
        "Никто не пострадал.",
    ],
    "ar": ["قتل 12 شخصا في 3 أيار 2019.", "بلغت التكلفة 3 ملايين دولار عام 2018.", "لم يصب أحد."],
    "he": ["12 בני אדם נהרגו ב-3 במאי 2019.", "העלות: 2.5 מיליון דולר ב-2018.", "איש לא נפגע."],
}
CLAIMS = st.builds(
    lambda language, texts, name: claim(name, language, texts),
    language := st.shared(st.sampled_from(LANGUAGES), key="language"),
    language.flatmap(lambda code: st.one_of(st.sampled_from(SENTENCES[code]), st.text(max_size=40))),
    st.sampled_from(["a", "b", "c"]),
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(LANGUAGES).flatmap(lambda code: st.tuples(st.just(code), st.text(max_size=80))))
def test_a_claim_never_differs_from_itself(case):
    language, text = case
    twice = group(claim("a", language, text), claim("b", language, text))
    assert [*detect_numbers(twice), *detect_dates(twice), *detect_updates(twice)] == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_outlets_changes_nothing(data):
    claims = [
        claim(name, language, data.draw(st.sampled_from(SENTENCES[language])))
        for name, language in zip("abcd", LANGUAGES, strict=True)
    ]
    expected = [*detect_numbers(group(*claims)), *detect_dates(group(*claims))]
    for order in list(permutations(claims))[1::5]:
        assert [*detect_numbers(group(*order)), *detect_dates(group(*order))] == expected


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_evidence_slices_to_its_words(data):
    claims = [
        claim(name, language, " ".join(data.draw(st.lists(st.sampled_from(SENTENCES[language]), max_size=3))))
        for name, language in zip("abcd", LANGUAGES, strict=True)
    ]
    for divergence in [*detect_numbers(group(*claims)), *detect_dates(group(*claims))]:
        assert len({side.outlet_id for side in divergence.sides}) > 1
        assert 0.5 <= divergence.confidence <= 1
        for side in divergence.sides:
            assert side.sentence[side.start : side.end] == side.words != ""


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([text for texts in SENTENCES.values() for text in texts]), st.sampled_from(LANGUAGES))
def test_compatibility_is_symmetric_and_true_of_a_figure_and_itself(text, language):
    figures = [*read_figures(claim("a", language, text)), *read_figures(claim("b", "en", SENTENCES["en"][0]))]
    for a in figures:
        assert are_compatible(a, a)
        for b in figures:
            assert are_compatible(a, b) == are_compatible(b, a)


@pytest.mark.parametrize(
    "text", ["7", "1.2.3", "\u202e31\u202c", "0800 555 111", "5" * 40, "31 February", "½", "1-2-3-4-5"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_next_to_nothing_is_no_divergence(text, language):
    empty = group(claim("a", language, text), claim("b", "en", "Nothing happened."))
    assert [*detect_numbers(empty), *detect_dates(empty), *detect_updates(empty)] == []


def test_a_table_of_numbers_is_left_alone():
    table = " ".join(str(number) for number in range(100, 200))
    assert list(detect_numbers(group(claim("a", "en", table), claim("b", "en", table[4:])))) == []
