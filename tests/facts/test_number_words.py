"""Numbers as four languages write them: what a library writes is read back, and real text too."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from number_round_trip import FORMS, reading, written

from xsource.facts.quantities import quantities


@pytest.mark.parametrize("language", FORMS)
def test_what_a_library_writes_is_read_back(language):
    """A sample of `tools/number_round_trip.py`, which `make eval` runs in full."""
    items = [item for item in written(sample=12) if item.language == language]
    assert len(items) > 400
    wrong = [(item.text, item.value, found) for item in items if (found := reading(item)) != [item.value]]
    assert wrong == []


VALUES = {
    "en": [
        ("three hundred and fifty million dollars", ["350000000"]),
        ("Two thousand three hundred and six", ["2306"]),
        ("2 thousand 500 people", ["2500"]),
        ("$4.25 billion", ["4250000000"]),
        ("nineteen hundred people", ["1900"]),
        ("half a million, three quarters of a million", ["500000", "750000"]),
        ("two-fifths of the seats", ["0.4"]),
        ("four tenths", ["0.4"]),
        ("minus twelve degrees", ["-12"]),
        ("27 degrees below zero", ["-27"]),
        ("\u22123.5 per cent", ["-3.5"]),
        ("Phones 10-15 and 3-4", ["10..15", "3..4"]),
        ("two thousand, five of them children", ["2000", "5"]),
        ("five and six", ["5", "6"]),
        ("between two and three hundred", ["200..300"]),
        ("between a hundred and two hundred", ["100..200"]),
        ("several thousand, a few hundred, couple of million", []),
        ("5m people", ["5000000"]),
        ("5,000 and 5.000 and 5,000.5", ["5000", "5000", "5000.5"]),
        ("the two third-placed teams", ["2", "3"]),
        ("+44 20 7946 0958", []),
        ("ISBN 978-3-16-148410-0", []),
        ("https://example.org/12/345,000", []),
    ],
    "ru": [
        ("4 миллиона 250 тысяч рублей", ["4250000"]),
        ("3 тысячи 200 человек", ["3200"]),
        ("11 тыс. 119 человек", ["11119"]),
        ("11 тыс. Затем 119 человек", ["11000", "119"]),
        ("две целых семь десятых процента", ["2.7"]),
        ("три с четвертью миллиона", ["3250000"]),
        ("две трети и три четверти", ["0.6666666666", "0.75"]),
        ("минус 12, плюс 12", ["-12", "12"]),
        ("от \u22125 до \u221210 градусов", ["-5..-10"]),
        ("25 градусов мороза", ["-25"]),
        ("7 000, 7.000 и 7\u00a0000", ["7000", "7000", "7000"]),
        ("несколько тысяч и пара сотен", []),
        ("8 (495) 123-45-67, 8 495 123-45-67", []),
    ],
    "he": [
        ("שלוש מאות וחמישים מיליון", ["350000000"]),
        ("נהרגו שנים עשר, שתים־עשרה ושתים-עשרה", ["12", "12", "12"]),
        ("אלפיים וחמש מאות", ["2500"]),
        ("4 מיליון ו-250 אלף", ["4250000"]),
        ("מיליון ומאתיים אלף", ["1200000"]),
        ("שלושה מיליון וחצי", ["3500000"]),
        ("שלוש שנים וחצי, שעתיים וחצי", ["3.5", "2.5"]),
        ("שני שלישים מהתושבים, שלושה רבעים", ["0.6666666666", "0.75"]),
        ("מינוס 12 מעלות", ["-12"]),
        ("8 מעלות מתחת לאפס", ["-8"]),
        ("השניים נמלטו, והשלושה נעצרו", ["3"]),
        ("שנים רבות", []),
        ("טלפון 03-1234567, 050-123-4567", []),
        ("בין מאתיים לשלוש מאות", ["200..300"]),
    ],
    "ar": [
        ("ثلاثمئة وخمسين مليون دولار", ["350000000"]),
        ("مليونين وثلاثمئة ألف", ["2300000"]),
        ("قتل مائة و ستة عشر شخصا", ["116"]),
        ("3 آلاف و200، 20 ألفاً و426", ["3200", "20426"]),
        ("خمسة ملايين ونصف المليون", ["5500000"]),
        ("خمس مئة وأربعون", ["540"]),
        ("ثلاثة أرباع السكان وثلثا المقاعد", ["0.75", "0.6666666667"]),
        ("12 درجة تحت الصفر، سالب 3", ["-12", "-3"]),
        ("على المدنيين، بمواطنين", []),
        ("٧٬٠٠٠ و٧٫٥ و7.000", ["7000", "7.5", "7000"]),
        ("1.250 مليون", ["1250000"]),
        ("علم24 وسكاي24", []),
        ("بين مليوني وثلاثة ملايين", ["2000000..3000000"]),
        ("بضعة آلاف، عدة ملايين", []),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(language, *case, id=f"{language}: {case[0]}")
        for language, cases in VALUES.items()
        for case in cases
    ],
)
def test_reads_values(language, text, expected):
    read = [
        f"{found.value:f}" if found.upper is None else f"{found.value:f}..{found.upper:f}"
        for found in quantities(text, language)
    ]
    assert read == expected


# 12 killed and 7 wounded, in the words and the orders of each language.
TOLLS = {
    "en": [
        "The blast killed {12} people and wounded {7}",
        "{12} people were killed and {7} were wounded",
        "{12} dead, {7} injured",
        "Killing {12} people and injuring {7}, it fell at dawn",
        "{7} were wounded; {12} died",
    ],
    "ru": [
        "Погибли {12} человек, {7} ранены",
        "Убиты {12} и ранены {7}",
        "{12} человек погибли, ещё {7} пострадали",
        "Ранены {7} человек, погибли {12}",
    ],
    "he": [
        "נהרגו {12} ונפצעו {7}",
        "{12} בני אדם נהרגו ו-{7} נפצעו",
        "{12} הרוגים ו-{7} פצועים",
        "נפצעו {7}, נהרגו {12}",
    ],
    "ar": [
        "قتل {12} وأصيب {7}",
        "مقتل {12} شخصا وإصابة {7}",
        "مقتل {12} شخصا و إصابة {7} آخرين",
        "أصيب {7} أشخاص وقتل {12}",
    ],
}


@pytest.mark.parametrize(
    ("language", "frame"),
    [pytest.param(key, frame, id=frame) for key, frames in TOLLS.items() for frame in frames],
)
@pytest.mark.parametrize(("dead", "hurt"), [("12", "7"), ("7", "12"), ("5,000", "300")])
def test_each_toll_is_bound_to_its_own_word(language, frame, dead, hurt):
    text = frame.replace("{12}", dead).replace("{7}", hurt)
    tolls = {state: found.value for found in quantities(text, language) for state in found.counted}
    read = tolls.get("killed"), tolls.get("wounded")
    assert read == (Decimal(dead.replace(",", "")), Decimal(hurt.replace(",", "")))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Police arrested 14 and released 6", [{"arrested"}, {"released"}]),
        ("he", "נעצרו 5 ושוחררו 3", [{"arrested"}, {"released"}]),
        ("ru", "арестованы 14, освобождены 6", [{"arrested"}, {"released"}]),
        ("ar", "اعتقل 14 وأفرج عن 6", [{"arrested"}, {"released"}]),
        ("en", "killed 12 soldiers and 7 civilians", [{"killed", "soldiers"}, {"killed", "people"}]),
        ("en", "12 soldiers and 7 civilians were killed", [{"killed", "soldiers"}, {"killed", "people"}]),
        ("en", "Twelve people, including 3 children, died", [{"killed", "people"}, {"killed", "children"}]),
        ("en", "killed 12 people and destroyed 7 homes", [{"killed", "people"}, {"buildings"}]),
        ("en", "12 were killed, 300 firefighters came", [{"killed"}, set()]),
        ("ru", "погибли 12 человек, в том числе 3 ребёнка", [{"killed", "people"}, {"killed", "children"}]),
    ],
)  # fmt: skip
def test_a_number_shares_a_word_only_where_it_has_none_of_its_own(language, text, expected):
    assert [set(found.counted) for found in quantities(text, language)] == expected


def test_the_noun_that_is_counted_has_its_place():
    text = "170 drones, 30 cruise missiles and 120 ballistic missiles"
    nouns = [found.noun for found in quantities(text, "en")]
    assert [text[noun[0] : noun[1]] for noun in nouns if noun] == [
        "drones", "cruise missiles", "ballistic missiles",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "minutes"),
    [
        ("he", "ב-2 בלילה", 120), ("he", "ב-12 בלילה", 0), ("he", "ב-11 בלילה", 23 * 60), ("ar", "12 ليلا", 0),
        ("ar", "الساعة 12 ظهرا", 720), ("ar", "1 ظهرا", 13 * 60), ("ru", "в 2 часа ночи", 120),
        ("ru", "в 12 ночи", 0), ("en", "10 at night", 22 * 60), ("he", "ב-12 בצהריים", 720),
    ],
)  # fmt: skip
def test_hours_of_the_night_and_of_noon(language, text, minutes):
    assert [(found.kind, found.value) for found in quantities(text, language)] == [("clock", minutes)]


@pytest.mark.parametrize("text", ["12:07, 4 мая 2025", "14:30 | 03.02.2026", "04.05.2025 12:07"])
def test_a_time_stamp_has_no_figures(text):
    assert quantities(text, "ru") == ()
