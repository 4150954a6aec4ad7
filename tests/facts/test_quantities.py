"""Quantities as news prints them, in four languages: value, kind, unit, bound, counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xsource.facts.quantities import quantities

# What is printed -> what is read: `value`, `low..high` or `a:b` for a score, with unit, bound and counted
# concepts where there are any. Nothing is an empty list.
CASES: dict[str, list[tuple[str, list[str]]]] = {
    "en": [
        ("30 people were taken to hospital.", ["30 hospitalised people"]),
        ("31 were wounded, hospital officials said.", ["31 wounded"]),
        ("Two people died in hospital.", ["2 killed people"]),
        ("The bill is 1,400 pages long.", ["1400"]),
        ("The bill is 1\u00a0400 pages long.", ["1400"]),
        ("Some 2,240,191 cases were confirmed.", ["2240191 about infected"]),
        ("More than 7,000 people were killed.", ["7000 more than killed people"]),
        ("At least 12 people were wounded.", ["12 at least people wounded"]),
        ("Twelve were killed and 30 wounded.", ["12 killed", "30 wounded"]),
        ("Two hundred and five homes burned.", ["205 buildings"]),
        ("one hundred twenty thousand three hundred forty-five", ["120345"]),
        ("two and a half thousand refugees", ["2500 displaced"]),
        ("half a million votes", ["500000 votes"]),
        ("between three million and five million people", ["3000000..5000000 range people"]),
        ("a couple of thousand", []),
        ("a million and a half", ["1500000"]),
        ("A dozen rockets fell.", ["12 weapons"]),
        ("Two dozen soldiers", ["24 soldiers"]),
        ("It costs $5bn.", ["5000000000 USD"]),
        ("a $2.5 million fine", ["2500000 USD"]),
        ("He ran 100m in ten seconds.", ["100 meter", "10 second"]),
        ("13 per cent of homes", ["13 percent buildings"]),
        ("between 20 and 25 trucks", ["20..25 range vehicles"]),
        ("from 5 to 10 million dollars", ["5000000..10000000 range USD"]),
        ("18- to 29-year-olds", ["18..29 range year"]),
        ("a 31-27 defeat", ["31:27"]),
        ("The 29th minute", ["29 minute"]),
        ("in the 19th century", ["19 century"]),
        ("at 6 p.m. and 19:30", ["18h00", "19h30"]),
        ("at 4.40am", ["4h40"]),
        ("50 or more ships", ["50 more than vehicles"]),
        ("about 30 meters (100 feet)", ["30 about meter", "100 foot"]),
        ("two thirds of voters", ["0.6666666666 votes"]),
        ("No one came, and one of them left.", []),
        ("One person was hurt.", ["1 people wounded"]),
        ("tens of thousands of people", []),
        ("Covid-19, 5G networks and 1.2.3 came to weather.com", ["19"]),
        ("Call 0800 555 111 or see https://example.org/2018/77", []),
        ("On 27 October 2018 and in the 1980s", []),
        ("2000 soldiers in 2016", ["2000 soldiers"]),
        ("300+ billion euros", ["300000000000 EUR"]),
        ("the second quarter of the year", ["2"]),
    ],
    "ru": [
        ("40 пострадавших доставлены в городскую больницу.", ["40 hospitalised"]),
        ("В больнице 200 коек.", ["200"]),
        ("30 госпитализированы.", ["30 hospitalised"]),
        ("Погибли 15 000 человек.", ["15000 killed people"]),
        ("Погибли 15\u202f000 человек.", ["15000 killed people"]),
        ("Эвакуировано 1,4 тыс. жителей.", ["1400 displaced people"]),
        ("Две с половиной тысячи солдат", ["2500 soldiers"]),
        ("двухсот пятидесяти трех домов", ["253 buildings"]),
        ("тысяча двести тридцать четыре", ["1234"]),
        ("полтора миллиона рублей", ["1500000 RUB"]),
        ("37 млрд. долл. США", ["37000000000 USD"]),
        ("Около 40 человек ранены", ["40 about people wounded"]),
        ("более двух тысяч заложников", ["2000 more than captive"]),
        ("не менее 384 погибших", ["384 at least killed"]),
        ("от 20 до 25 ракет", ["20..25 range weapons"]),
        ("18–29 лет", ["18..29 range year"]),
        ("3—10 миллионов", ["3000000..10000000 range"]),
        ("со счетом 2:0", ["2:0"]),
        ("на 14 процентов больше", ["14 percent"]),
        ("14-процентный рост", ["14 percent"]),
        ("32-летний мужчина", ["32 year age"]),
        ("трехдневный траур", ["3 day"]),
        ("двадцатипятилетняя женщина", ["25 year people"]),
        ("25-тысячная толпа", ["25000"]),
        ("в 19-м веке, в XIX веке", ["19 century", "19 century"]),
        ("50-я годовщина", ["50"]),
        ("двадцать первый", ["21"]),
        ("в 6 часов утра", ["6h00"]),
        ("в 18:40", ["18h40"]),
        ("300-килограммовое животное", ["300 kilogram"]),
        ("скорость 497 км/ч", ["497 kilometer / hour"]),
        ("возросло до 23 человек", ["23 people"]),
        ("50 и более миллионов человек", ["50000000 more than people"]),
        ("сотни тысяч людей", []),
        ("один из домов, одни и другие", []),
        ("Один человек погиб.", ["1 killed people"]),
        ("27 октября 2018 года, в 1980-х", []),
        ("1.2.3", []),
    ],
    "ar": [
        ("ونقل 43 جريحا إلى مستشفى المدينة", ["43 hospitalised"]),
        ("بحسب مستشفى المدينة 21 قتيلا", ["21 killed"]),
        ("قُتل 12 شخصا", ["12 killed people"]),
        ("١٬٤٠٠ شخص", ["1400 people"]),
        ("۲۵۰۰ نفر", ["2500"]),
        ("أكثر من 360.000 شخص", ["360000 more than people"]),
        ("250,000 دولار", ["250000 USD"]),
        ("خمسة وعشرون جنديا", ["25 soldiers"]),
        ("خمسة عشر ألفا", ["15000"]),
        ("ثلاثمائة وخمسة وعشرين ألف نسمة", ["325000 people"]),
        ("ألفان وخمسمائة", ["2500"]),
        ("مليون ونصف", ["1500000"]),
        ("بين مليوني وثلاثة ملايين عام", ["2000000..3000000 range year"]),
        ("الشاعر الذي ألف رائعتين", []),
        ("مليوني دولار", ["2000000 USD"]),
        ("7 آلاف قتيل", ["7000 killed"]),
        ("بعد يومين وشهرين", ["2 day", "2 month"]),
        ("أصيب شخصان بجروح", ["2 people wounded"]),
        ("نحو ثلاثة آلاف من السكان", ["3000 about people"]),
        ("384 شخصا على الأقل", ["384 at least people"]),
        ("ما لا يقل عن عشرين", ["20 at least"]),
        ("بين 18 و29 عاما", ["18..29 range year"]),
        ("من 5 إلى 10 في المائة", ["5..10 range percent"]),
        ("بنسبة 14٪", ["14 percent"]),
        ("40 بالمائة", ["40 percent"]),
        ("القرن التاسع عشر", ["19 century"]),
        ("الذكرى الرابعة والثلاثين", ["34"]),
        ("الساعة 4.40 صباحا", ["4h40"]),
        ("الساعة 19:30", ["19h30"]),
        ("800 كيلو متر في الساعة", ["800 kilometer / hour"]),
        ("93 و34 و39 عاما", ["93", "34", "39 year"]),
        ("بلغ من العمر 32 عاما", ["32 year age"]),
        ("150 مليار جنيه إسترليني", ["150000000000 GBP"]),
        ("آلاف من الناس", []),
        ("واحد من كل خمسة", ["5"]),
        ("في 29 سبتمبر 2021", []),
        ("ثمانينيات القرن العشرين", ["20 century"]),
    ],
    "he": [
        ("לבית החולים פונו 43 פצועים.", ["43 hospitalised"]),
        ("אושפזו 30 בני אדם", ["30 hospitalised people"]),
        ("יותר מ-7,000 בני אדם נהרגו", ["7000 more than killed people"]),
        ("שבעת אלפים איש", ["7000 people"]),
        ("עשרים וחמישה חיילים", ["25 soldiers"]),
        ("מאתיים וחמישים", ["250"]),
        ("שלוש מאות", ["300"]),
        ("חמש עשרה שנים", ["15 year"]),
        ("שלושת אלפים חמש מאות", ["3500"]),
        ("מיליון וחצי דולר", ["1500000 USD"]),
        ("2 מיליון שקל", ["2000000 ILS"]),
        ("כ-300 רקטות", ["300 about weapons"]),
        ("כחמישים בתים", ["50 about buildings"]),
        ("לפחות 384 הרוגים", ["384 at least killed"]),
        ("40 אחוזים", ["40 percent"]),
        ("בין גילאי 18 ל-29", ["18..29 range year age"]),
        ("25 עד 50 מ\"מ", ["25..50 range millimeter"]),
        ("ניצחון 1-0", ["1:0"]),
        ("בן ה-33", ["33 year age"]),
        ("במאה ה-19", ["19 century"]),
        ("ב-7 בבוקר", ["7h00"]),
        ("בשעה 14:00", ["14h00"]),
        ("300 ק\u201cג", ["300 kilogram"]),
        ("120 מיליון ליש\u201cט", ["120000000 GBP"]),
        ("לפני שנתיים ויומיים", ["2 year", "2 day"]),
        ("5.6 נקודות", ["5.6 goals"]),
        ("עשרות אלפי אנשים", []),
        ("כרטיסים רב-יומיים", []),
        ("אחד מהם", []),
        ("איש אחד נהרג", ["1 killed"]),
        ("ב-10 במאי 2005", []),
        ("ביום שני", []),
        ("שנות ה-80", []),
        ("2,000 חיילים ב-2016", ["2000 soldiers"]),
        ("חצי מהקולות", ["0.5 votes"]),
    ],
}  # fmt: skip


def shown(text: str, language: str) -> list[str]:
    """Write what is read in the notation of the table."""
    lines = []
    for quantity in quantities(text, language):
        value = f"{quantity.value:f}"
        if quantity.kind == "clock":
            value = f"{int(quantity.value) // 60}h{int(quantity.value) % 60:02d}"
        if quantity.upper is not None:
            value += (":" if quantity.kind == "score" else "..") + f"{quantity.upper:f}"
        words = [value]
        if quantity.bound != "exact":
            words.append(quantity.bound)
        if quantity.unit:
            words.append(quantity.unit)
        lines.append(" ".join([*words, *sorted(quantity.counted)]))
    return lines


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(language, *case, id=f"{language}: {case[0]}")
        for language, cases in CASES.items()
        for case in cases
    ],
)
def test_reads(language, text, expected):
    assert shown(text, language) == expected


@pytest.mark.parametrize("language", CASES)
def test_words_are_what_is_printed(language):
    for text, _ in CASES[language]:
        for quantity in quantities(text, language):
            assert text[quantity.start : quantity.end] == quantity.words
            for start, end in quantity.spots:
                assert quantity.start <= start < end <= quantity.end


def test_the_unit_belongs_to_the_words():
    assert [quantity.words for quantity in quantities("a fine of $2.5 million or 3 per cent", "en")] == [
        "$2.5 million",
        "3 per cent",
    ]


def test_a_number_that_can_be_read_in_two_ways_says_so():
    (quantity,) = quantities("1,400 человек", "ru")
    assert (quantity.value, quantity.alternatives) == (Decimal("1.4"), (Decimal(1400),))


def test_a_time_without_half_of_the_day_may_be_either():
    (quantity,) = quantities("at 6:40", "en")
    assert {quantity.value, *quantity.alternatives} == {Decimal(400), Decimal(1120)}


def test_the_last_printed_digit_tells_how_far_a_figure_was_rounded():
    assert [q.step for q in quantities("1.4 thousand, 1,400 and 3 million", "en")] == [100, 1, 1_000_000]


def test_a_boeing_737_counts_nothing():
    (quantity,) = quantities("A Boeing 737 crashed.", "en")
    assert quantity.kind == "label"


@pytest.mark.parametrize("language", ["fr", "", "EN"])
def test_other_languages_are_refused(language):
    with pytest.raises(ValueError, match="expected one of ru, he, ar, en"):
        quantities("5", language)
