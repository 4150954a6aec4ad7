"""Equal numbers agree only where they count the same: 12 killed and 7 wounded, or 7 and 12."""

from __future__ import annotations

import pytest

from xsource.compare.contradiction import PolarityHead
from xsource.compare.detectors import DETECTORS
from xsource.compare.exchanged import find_exchanged
from xsource.compare.figures import count_others, read_figures
from xsource.evaluate.polarity import group_of_sentences
from xsource.protocols import Detector
from xsource.records import ClaimGroup, Language

Sentences = list[tuple[Language, str]]


@pytest.fixture(scope="module")
def detect(head: PolarityHead) -> Detector:
    return dict(DETECTORS)["number"](head)


def group(sentences: Sentences) -> ClaimGroup:
    return group_of_sentences([(f"outlet-{at}", *told) for at, told in enumerate(sentences)])


# Two numbers in two outlets, each in the other's place, and where nothing is exchanged.
EXCHANGED: list[Sentences] = [
    [
        ("en", "The avalanche at Orvik killed 9 people and wounded 21."),
        ("en", "The avalanche at Orvik killed 21 people and wounded 9."),
    ],
    [
        ("ru", "Лавина в Орвике унесла жизни девяти человек, ранены 21."),
        ("he", "המפולת באורוויק הרגה 21 בני אדם ופצעה תשעה."),
    ],
    [
        ("ar", "أودى الانهيار في أورفيك بحياة 9 أشخاص وأصيب 21."),
        ("en", "The avalanche at Orvik killed 21 people and wounded 9."),
    ],
    [
        ("en", "Police in Orvik arrested 40 people and released 11."),
        ("ru", "Полиция Орвика задержала 11 человек, 40 освобождены."),
    ],
    [
        ("en", "Lemoria's wheat harvest came to 30 million tonnes and its maize harvest to 18 million tonnes."),
        ("en", "Lemoria's wheat harvest came to 18 million tonnes and its maize harvest to 30 million tonnes."),
    ],
]
IN_PLACE: list[Sentences] = [
    [
        ("en", "The avalanche at Orvik killed 9 people and wounded 21."),
        ("he", "המפולת באורוויק הרגה תשעה בני אדם ופצעה 21."),
    ],
    [
        ("en", "The avalanche at Orvik killed 9 people and wounded 21."),
        ("ru", "В Орвике ранены 21 человек, погибли девять – таков итог схода лавины."),
    ],
    [
        ("en", "Lemoria's wheat harvest came to 30 million tonnes and its maize harvest to 18 million tonnes."),
        ("ru", "Урожай пшеницы в Лемории – 30 млн тонн, кукурузы – 18 млн тонн."),
    ],
]


@pytest.mark.parametrize("sentences", EXCHANGED)
def test_numbers_in_each_others_place_are_two_differences(detect: Detector, sentences: Sentences) -> None:
    found = [{side.value for side in divergence.sides} for divergence in detect(group(sentences))]
    assert len(found) == 2
    assert found[0] == found[1]
    assert len(found[0]) == 2


@pytest.mark.parametrize("sentences", IN_PLACE)
def test_numbers_in_their_place_agree(head: PolarityHead, detect: Detector, sentences: Sentences) -> None:
    told = group(sentences)
    assert find_exchanged([read_figures(claim) for claim in told.claims], head) == frozenset()
    assert list(detect(told)) == []


def test_one_number_of_those_whom_other_things_befell_is_a_difference(detect: Detector) -> None:
    told = group(
        [("en", "Twelve people were killed at Orvik."), ("en", "Twelve people were wounded at Orvik.")]
    )
    (divergence,) = detect(told)
    assert [side.value for side in divergence.sides] == ["12 wounded", "12 killed"]
    assert divergence.explanation == "Twelve (wounded) in outlet-1; Twelve (killed) in outlet-0."


@pytest.mark.parametrize(
    ("one", "other", "others"),
    [
        ("9 people were killed", "9 people were injured", True),
        ("9 people were injured", "9 people were hospitalised", False),
        ("9 people are missing", "9 people were abducted", False),
        ("9 people were rescued", "9 people were released", False),
        ("9 people came", "9 people were killed", False),
    ],
)
def test_the_wounded_may_lie_in_hospital_and_are_not_the_dead(one: str, other: str, others: bool) -> None:  # noqa: FBT001
    a, b = (read_figures(claim)[0] for claim in group([("en", one), ("en", other)]).claims)
    assert count_others(a, b) == others


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "The war in Lemoria has killed 8,000 people.", "The war in Lemoria has killed 8 people."),
        ("he", "המלחמה בלמוריה הרגה 8,000 בני אדם.", "המלחמה בלמוריה הרגה 8 בני אדם."),
        ("ar", "أودت الحرب في ليموريا بحياة 8,000 شخص.", "أودت الحرب في ليموريا بحياة 8 أشخاص."),
        ("ru", "Война в Лемории унесла жизни 8.000 человек.", "Война в Лемории унесла жизни 8 человек."),
    ],
)
def test_who_loses_the_thousands_differs(detect: Detector, language: Language, one: str, other: str) -> None:
    (divergence,) = detect(group([(language, one), (language, other)]))
    assert {side.value for side in divergence.sides} == {"8000", "8"}
