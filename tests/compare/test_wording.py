"""When outlets call the same thing by words that take sides, in four languages."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.compare.detectors.wording import detect_wording
from xsource.evaluate.polarity import group_of_sentences
from xsource.records import LANGUAGES

# For each family: a plain sentence and one that takes sides, in each language, with the words that do.
FAMILIES = {
    "fighters": {
        "en": (("Gunmen took the village.", "Gunmen"), ("Terrorists took the village.", "Terrorists")),
        "ru": (("Боевики заняли село.", "Боевики"), ("Террористы заняли село.", "Террористы")),
        "he": (("חמושים כבשו את הכפר.", "חמושים"), ("מחבלים כבשו את הכפר.", "מחבלים")),
        "ar": (("سيطر مسلحون على القرية.", "مسلحون"), ("سيطر إرهابيون على القرية.", "إرهابيون")),
    },
    "killing": {
        "en": (("Nine people died.", "died"), ("Nine people were murdered.", "murdered")),
        "ru": (("Погибли девять человек.", "Погибли"), ("Ликвидированы девять человек.", "Ликвидированы")),
        "he": (("נהרגו תשעה בני אדם.", "נהרגו"), ("נרצחו תשעה בני אדם.", "נרצחו")),
        "ar": (("توفي تسعة أشخاص.", "توفي"), ("استشهد تسعة أشخاص.", "استشهد")),
    },
    "war": {
        "en": (("The war goes on.", "war"),
               ("The special military operation goes on.", "special military operation")),
        "ru": (("Война продолжается.", "Война"), ("Спецоперация продолжается.", "Спецоперация")),
        "he": (("המלחמה נמשכת.", "המלחמה"), ("התוקפנות נמשכת.", "התוקפנות")),
        "ar": (("تستمر الحرب.", "الحرب"), ("يستمر العدوان.", "العدوان")),
    },
    "captives": {
        "en": (("The prisoners came home.", "prisoners"), ("The hostages came home.", "hostages")),
        "ru": (("Пленные вернулись домой.", "Пленные"), ("Заложники вернулись домой.", "Заложники")),
        "he": (("האסירים שבו הביתה.", "האסירים"), ("החטופים שבו הביתה.", "החטופים")),
        "ar": (("عاد الأسرى إلى بيوتهم.", "الأسرى"), ("عاد الرهائن إلى بيوتهم.", "الرهائن")),
    },
    "protest": {
        "en": (("Protesters filled the square.", "Protesters"), ("A mob filled the square.", "mob")),
        "ru": (("Демонстранты заполнили площадь.", "Демонстранты"),
               ("Погромщики заполнили площадь.", "Погромщики")),
        "he": (("מפגינים מילאו את הכיכר.", "מפגינים"), ("פורעים מילאו את הכיכר.", "פורעים")),
        "ar": (("ملأ متظاهرون الساحة.", "متظاهرون"), ("ملأ مشاغبون الساحة.", "مشاغبون")),
    },
    "attack": {
        "en": (("The attack shook the city.", "attack"),
               ("The terror attack shook the city.", "terror attack")),
        "ru": (("Нападение потрясло город.", "Нападение"), ("Теракт потряс город.", "Теракт")),
        "he": (("המתקפה זעזעה את העיר.", "המתקפה"), ("מתקפת הטרור זעזעה את העיר.", "מתקפת הטרור")),
        "ar": (("هز الهجوم المدينة.", "الهجوم"), ("هز الهجوم الإرهابي المدينة.", "الهجوم الإرهابي")),
    },
    "migrants": {
        "en": (("Migrants crossed the river.", "Migrants"),
               ("Illegal aliens crossed the river.", "Illegal aliens")),
        "ru": (("Мигранты перешли реку.", "Мигранты"), ("Нелегалы перешли реку.", "Нелегалы")),
        "he": (("מהגרים חצו את הנהר.", "מהגרים"), ("מסתננים חצו את הנהר.", "מסתננים")),
        "ar": (("عبر مهاجرون النهر.", "مهاجرون"), ("عبر متسللون النهر.", "متسللون")),
    },
    "land": {
        "en": (("The disputed area was shut.", "disputed"), ("The occupied area was shut.", "occupied")),
        "ru": (("Спорная территория закрыта.", "Спорная территория"),
               ("Оккупированный район закрыт.", "Оккупированный")),
        "he": (("הגדה המערבית נסגרה.", "הגדה המערבית"), ("השטחים הכבושים נסגרו.", "השטחים הכבושים")),
        "ar": (("أغلقت المنطقة المتنازع عليها.", "المتنازع عليها"), ("أغلقت المنطقة المحتلة.", "المحتلة")),
    },
    "forces": {
        "en": (("Israeli troops withdrew.", "Israeli troops"),
               ("The occupation forces withdrew.", "occupation forces")),
        "ru": (("ЦАХАЛ отошёл.", "ЦАХАЛ"), ("Оккупанты отошли.", "Оккупанты")),
        "he": (('צה"ל נסוג.', 'צה"ל'), ("כוחות הכיבוש נסוגו.", "כוחות הכיבוש")),
        "ar": (("انسحب الجيش الإسرائيلي.", "الجيش الإسرائيلي"), ("انسحبت قوات الاحتلال.", "قوات الاحتلال")),
    },
}  # fmt: skip
OTHER = {"en": "ru", "ru": "ar", "ar": "he", "he": "en"}
CASES = list(product(FAMILIES, LANGUAGES))


def group(*claims: tuple[str, str]):
    return group_of_sentences([(f"outlet-{i}", language, text) for i, (language, text) in enumerate(claims)])


@pytest.mark.parametrize(("family", "language"), CASES)
def test_plain_words_in_two_languages_agree(family, language):
    other = OTHER[language]
    claims = [(code, FAMILIES[family][code][0][0]) for code in (language, other)]
    assert list(detect_wording(group(*claims))) == []


@pytest.mark.parametrize(("family", "language"), CASES)
def test_a_word_that_takes_sides_differs_from_a_plain_one(family, language):
    other = OTHER[language]
    loaded, loaded_words = FAMILIES[family][language][1]
    plain, plain_words = FAMILIES[family][other][0]
    (found,) = detect_wording(group((language, loaded), (other, plain)))
    assert found.kind == "wording"
    assert {side.language: side.words for side in found.sides} == {language: loaded_words, other: plain_words}
    assert all(side.value.startswith(f"{family}: ") for side in found.sides)
    assert found.confidence >= 0.5


@pytest.mark.parametrize(("family", "language"), CASES)
def test_an_outlet_that_does_not_name_the_thing_takes_no_part(family, language):
    silent = {"en": "It rained.", "ru": "Шёл дождь.", "he": "ירד גשם.", "ar": "هطل المطر."}
    claims = ((language, FAMILIES[family][language][1][0]), (OTHER[language], silent[OTHER[language]]))
    assert list(detect_wording(group(*claims))) == []


@pytest.mark.parametrize(
    "claims",
    [
        (("ru", "Девять человек убиты."), ("he", "נרצחו תשעה בני אדם.")),  # both "killed" and "murdered"
        (("ar", "قتل تسعة أشخاص."), ("en", "Nine people were murdered.")),
        (("ru", "Убийство произошло ночью."), ("en", "The murder was at night.")),
        (("en", "Terrorists and gunmen fled."), ("ru", "Боевики бежали.")),  # one of the words is shared
        (("en", "The hostages and prisoners came home."), ("ar", "عاد الأسرى.")),
        (("he", "הפיגוע זעזע את העיר."), ("en", "The attack shook the city.")),
        (("ar", "المحتجزون عادوا."), ("en", "The hostages came home.")),
        (("ar", "المحتجزون عادوا."), ("ru", "Пленные вернулись.")),
    ],
)
def test_a_word_that_leaves_it_open_agrees_with_both(claims):
    assert list(detect_wording(group(*claims))) == []


def test_four_words_for_the_same_men_are_one_divergence_with_a_side_each():
    (found,) = detect_wording(
        group(
            ("he", "ביום חמישי הפגיזו מחבלים את הכפר."),
            ("ru", "В четверг боевики обстреляли село."),
            ("en", "On Thursday rebels shelled the village."),
            ("ar", "قصفت فصائل المقاومة القرية الخميس."),
        )
    )
    assert [(side.language, side.words) for side in found.sides] == [
        ("he", "מחבלים"),
        ("ar", "فصائل المقاومة"),
        ("ru", "боевики"),
        ("en", "rebels"),
    ]
    assert "“боевики”" in found.explanation


_CLAIMS = st.sampled_from(
    [(code, each[0]) for family in FAMILIES.values() for code in LANGUAGES for each in family[code]]
    + [("en", "x"), ("ru", "1.2.3"), ("he", "31/02/2023"), ("ar", "\u202b؟\u202c"), ("en", "war " * 500)]
)


@given(_CLAIMS)
def test_a_claim_never_diverges_from_itself(claim):
    assert list(detect_wording(group(claim, claim))) == []


@given(st.lists(_CLAIMS, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_outlets_changes_nothing_and_every_span_slices(claims, random):
    told_group = group(*claims)
    found = list(detect_wording(told_group))
    claims = list(told_group.claims)
    random.shuffle(claims)
    assert list(detect_wording(replace(told_group, claims=tuple(claims)))) == found
    assert all(side.sentence[side.start : side.end] == side.words for each in found for side in each.sides)
