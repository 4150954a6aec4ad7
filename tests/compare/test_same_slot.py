"""Figures are compared where they count the same thing, whatever the language, and nowhere else."""

from __future__ import annotations

import pytest

from xsource.compare.contradiction import PolarityHead
from xsource.compare.detectors import DETECTORS
from xsource.compare.detectors.number import detect_numbers
from xsource.evaluate.polarity import group_of_sentences
from xsource.protocols import Detector
from xsource.records import Divergence, Language


@pytest.fixture(scope="module")
def detect(head: PolarityHead) -> Detector:
    return dict(DETECTORS)["number"](head)


def found(detector: Detector, *sentences: tuple[Language, str]) -> list[Divergence]:
    rows = [(f"outlet-{at}", language, text) for at, (language, text) in enumerate(sentences)]
    return list(detector(group_of_sentences(rows)))


# Two sentences on one event whose figures count other things: a reader of numbers alone sets them apart.
OTHER_THINGS: list[tuple[Language, str, Language, str]] = [
    (
        *("en", "Armed men shot dead three guards at the Talmira dam, its owner said on Monday."),
        *("ru", "С плотины Талмира вооружённые люди увели людей, среди них четверых поляков."),
    ),
    (
        *("he", "ארגון הנהגים אמר ש-94 אחוז מהחברים לא הגיעו לעבודה ביום ראשון."),
        *("en", "The drivers' union opened the talks with a claim for a raise of 13 percent."),
    ),
    (
        *("ar", "دفع الدرك نحو ستمئة متظاهر بعيداً عن ملعب المدينة."),
        *("he", "השחקן החדש קלע 27 נקודות במשחק שנערך אתמול באולם."),
    ),
    (
        *("ru", "Волны у мыса Корвен поднимались на семь метров, вспоминает капитан."),
        *("en", "The flight recorder of the Korven ferry lies 240 metres down."),
    ),
]
SAME_THING: list[tuple[Language, str, Language, str]] = [
    (
        *("en", "Armed men shot dead three guards at the Talmira dam, its owner said on Monday."),
        *("ru", "На плотине Талмира застрелены пятеро охранников, рассказал чиновник."),
    ),
    (
        *("he", "השכר יעלה ב-9 אחוזים, כך סוכם בין הנהגים לחברה."),
        *("ar", "اتفق السائقون والشركة على زيادة الأجور بنسبة 7 في المئة."),
    ),
    (
        *("ru", "Полиция отогнала от стадиона около шестисот демонстрантов."),
        *("en", "Police drove some 900 protesters away from the stadium."),
    ),
]


@pytest.mark.parametrize(("one_language", "one", "other_language", "other"), OTHER_THINGS)
def test_figures_of_two_things_are_not_set_apart(
    detect: Detector, one_language: Language, one: str, other_language: Language, other: str
) -> None:
    assert found(detect_numbers, (one_language, one), (other_language, other))
    assert found(detect, (one_language, one), (other_language, other)) == []


def test_who_tells_of_both_figures_leaves_the_others_apart(detect: Detector) -> None:
    (divergence,) = found(
        detect,
        ("en", "Armed men shot dead three guards at the Talmira dam, its owner said on Monday."),
        ("ru", "На плотине Талмира застрелены пятеро охранников, рассказал чиновник."),
        ("he", "שלושה שומרים נורו בסכר טלמירה לפי הבעלים, וחמישה שומרים לפי פקיד."),
    )
    assert {side.outlet_id: side.value for side in divergence.sides} == {"outlet-0": "3", "outlet-1": "5"}


@pytest.mark.parametrize(("one_language", "one", "other_language", "other"), SAME_THING)
def test_figures_of_one_thing_are(
    detect: Detector, one_language: Language, one: str, other_language: Language, other: str
) -> None:
    (divergence,) = found(detect, (one_language, one), (other_language, other))
    assert divergence.apart == 1


def test_the_order_of_outlets_changes_nothing(detect: Detector) -> None:
    rows: list[tuple[Language, str]] = [
        ("en", "The mudslide at Orvane killed 14 people and injured 30."),
        ("ru", "Сель в Орване унёс жизни 14 человек, ранены 30."),
        ("he", "מפולת הבוץ באורוון הרגה 19 בני אדם ופצעה 30."),
    ]
    named = [(f"outlet-{at}", language, text) for at, (language, text) in enumerate(rows)]
    results = [
        [(d.sides, d.apart, d.confidence) for d in detect(group_of_sentences(order))]
        for order in (named, named[::-1])
    ]
    assert results[0] == results[1]
    assert [(side.outlet_id, side.words) for side in results[0][0][0][:1]] == [("outlet-2", "19")]


OTHER_DAYS: list[tuple[Language, str, Language, str]] = [
    (
        *("en", "The Orbis probe lifted off on Tuesday from the Karnal spaceport."),
        *("ru", "Национальный траур по погибшим рабочим космодрома объявлен на пятницу."),
    ),
    (
        *("en", "Parliament will debate the schools budget on Monday."),
        *("ar", "سقط الجسر القديم يوم الخميس."),
    ),
]
ONE_DAY: list[tuple[Language, str, Language, str]] = [
    (
        *("en", "The Orbis probe lifted off on Tuesday from the Karnal spaceport."),
        *("ru", "Аппарат «Орбис» стартовал в среду с космодрома Карнал."),
    ),
    (
        *("he", "מחסן הנמל התפוצץ ביום שישי בערב."),
        *("ar", "انفجر مستودع الميناء مساء السبت."),
    ),
]


@pytest.mark.parametrize(("one_language", "one", "other_language", "other"), OTHER_DAYS)
def test_the_days_of_two_things_are_not_set_apart(
    head: PolarityHead, one_language: Language, one: str, other_language: Language, other: str
) -> None:
    dates = dict(DETECTORS)["date"]
    assert found(dates(None), (one_language, one), (other_language, other))
    assert found(dates(head), (one_language, one), (other_language, other)) == []


@pytest.mark.parametrize(("one_language", "one", "other_language", "other"), ONE_DAY)
def test_the_days_of_one_thing_are(
    head: PolarityHead, one_language: Language, one: str, other_language: Language, other: str
) -> None:
    (divergence,) = found(dict(DETECTORS)["date"](head), (one_language, one), (other_language, other))
    assert divergence.kind == "date"
