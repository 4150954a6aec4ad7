"""Ages and numbers that things are called by: neither counts anything, in four languages."""

from __future__ import annotations

import pytest

from xsource.facts.quantities import quantities
from xsource.facts.quantities_naming import AGE

AGES = {
    "en": [
        "A boy of seven was killed.",
        "The dead man was 7 years old.",
        "Two women and a child aged 7 died.",
        "A 7-year-old died of his wounds.",
        "Ruth Adler, 7, was shot dead.",
        "The driver (7) was wounded.",
        "People over 7 were evacuated.",
        "She was 7 when the shell hit.",
    ],
    "ru": [
        "Погиб мальчик семи лет.",
        "Ранен 7-летний мальчик.",
        "Умер в возрасте 7 лет.",
        "Среди погибших Павел Громов (7).",
        "Анна Вольская, 7, ранена.",
        "Девочке, которой было 7, сделали операцию.",
        "Скончался на восьмом году жизни.",
        "Эвакуированы люди старше 7.",
    ],
    "he": [
        "ילדה בת 7 נהרגה.",
        "הילד בן השבע נפצע.",
        "נפטר בגיל 7.",
        "רות אדלר, 7, נהרגה.",
        "הנהג (7) נפצע.",
        "ילדים מתחת לגיל 7 פונו.",
    ],
    "ar": [
        "قتل طفل عمره 7 سنوات.",
        "أصيبت ابنة السابعة.",
        "قتلت طفلة في السابعة من عمرها.",
        "توفي عن عمر 7 أعوام.",
        "قتل السائق (7).",
        "أجلي الأطفال دون سن 7.",
    ],
}
NAMES = {
    "en": [
        "On day 12 of the war three died.",
        "Channel 12 said so.",
        "The Boeing 12 crashed.",
        "An S-12 battery was hit.",
        "In round 12 of the talks",
        "The fire at 12 Long Street",
        "Hospital No. 12 took the wounded.",
        "The 12th brigade",
        "A twelfth gunman was shot.",
    ],
    "ru": [
        "На 12-й день войны погибли трое.",
        "12 канал сообщил об этом.",
        "По двенадцатому каналу",
        "Канал «Вести 12» сообщил об этом.",
        "Упал Ту-12.",
        "На улице Мира, 12 погибли люди.",
        "Больница № 12 приняла раненых.",
        "Двенадцатый нападавший убит.",
    ],
    "he": [
        "ביום ה-12 למלחמה",
        "בערוץ 12 דיווחו",
        "חטיבה 12 נכנסה",
        "ברחוב ביאליק 12",
        "טיל S-12",
    ],
    "ar": [
        "في اليوم الـ12 من الحرب",
        "قالت القناة 12",
        "منظومة إس 12",
        "الكتيبة 12 في الجيش",
        "شارع 12",
        "المهاجم الثاني عشر",
    ],
}
COUNTS = {
    "en": ["On that day 12 Poles died.", "In Kharkiv, 12, all of them civilians, died.", "The unit lost 12."],
    "ru": ["В тот день 12 поляков погибли.", "В Харькове, 12 погибших.", "Убиты 12 мальчиков."],
    "he": ["היום 12 חטופים שוחררו.", "שנים עשר חיילים נהרגו.", "בגדוד נהרגו 12."],
    "ar": ["قتل اليوم 12 فلسطينيا.", "قتل 12، وأصيب آخرون.", "مقتل اثني عشر شخصا."],
}


def each(table):
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), each(AGES))
def test_an_age_counts_nobody(language, text):
    (found,) = [read for read in quantities(text, language) if read.value == 7]
    assert (found.kind, found.unit, found.counted) == ("measure", "year", {AGE})


@pytest.mark.parametrize(("language", "text"), each(NAMES))
def test_what_is_called_by_a_number_is_not_counted(language, text):
    (found,) = [read for read in quantities(text, language) if read.value == 12]
    assert found.kind in ("label", "ordinal")
    assert found.unit is None


@pytest.mark.parametrize(("language", "text"), each(COUNTS))
def test_a_count_beside_such_a_word_stays_one(language, text):
    (found,) = [read for read in quantities(text, language) if read.value == 12]
    assert found.kind == "count"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("מחבל שני נורה.", "ordinal"),
        ("המחבל השני נורה.", "ordinal"),
        ("ביום השני למלחמה", "ordinal"),
        ("שני מחבלים נורו.", "count"),
        ("בין שני הצדדים", "count"),
        ("שני בני הזוג", "count"),
    ],
)
def test_one_hebrew_word_is_second_and_two(text, kind):
    assert [(read.kind, read.value) for read in quantities(text, "he")] == [(kind, 2)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("وبلغ عدد القتلى واحداً وستين", 61),
        ("أفراد الطاقم الأحد والعشرين", 21),
        ("ألفاً وأربعمئة وستين اسماً", 1460),
        ("ملياراً ومئتي مليون", 1_200_000_000),
        ("ألفا شخص", 2000),
    ],
)
def test_arabic_units_of_a_larger_number(text, value):
    assert [read.value for read in quantities(text, "ar")] == [value]


@pytest.mark.parametrize(
    ("text", "language"),
    [("A dozen were hurt.", "en"), ("Пострадала дюжина.", "ru"), ("תריסר נפצעו.", "he")],
)
def test_a_dozen_is_twelve(text, language):
    assert [read.value for read in quantities(text, language)] == [12]
