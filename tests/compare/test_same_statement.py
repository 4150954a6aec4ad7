"""Two outlets alone: figures and names differ only where the sentences are alike otherwise."""

from __future__ import annotations

import pytest

from xsource.compare.contradiction import PolarityHead
from xsource.compare.detectors import DETECTORS
from xsource.compare.detectors.number import detect_numbers
from xsource.compare.same_statement import ALIKE_IN_ONE_LANGUAGE, confirm_two, least_alike
from xsource.evaluate.polarity import group_of_sentences
from xsource.protocols import Detector
from xsource.records import Language


@pytest.fixture(scope="module")
def detect(head: PolarityHead) -> Detector:
    return confirm_two(detect_numbers, head)


SAME: list[tuple[str, Language, str, Language]] = [
    ("The strike killed 12 people in the city.", "en", "В результате удара в городе погибли 15 человек.", "ru"),
    ("The ministry said 7,000 were wounded.", "en", "The ministry said that 9,000 were wounded.", "en"),
    ("Взрыв в порту унёс жизни 40 человек.", "ru", "انفجار في الميناء أودى بحياة 60 شخصا.", "ar"),
    ("12 בני אדם נהרגו בהתקפה על העיר.", "he", "15 people were killed in the attack on the city.", "en"),
]
OTHER: list[tuple[str, Language, str, Language]] = [
    ("The theatre celebrates 85 years.", "en", "Another house burned down after 84 years.", "en"),
    ("A play has been staged in the church since 1913.", "en", "Представления прекратились в 1987 году.", "ru"),
    ("Your gift of 25 dollars helps children read.", "en", "תרמתם 33 דולר לבית החולים בשנה שעברה.", "he"),
]


def spoken_of(detector: Detector, pair: tuple[str, Language, str, Language]) -> int:
    one, its_language, other, their_language = pair
    return len(list(detector(group_of_sentences([("a", its_language, one), ("b", their_language, other)]))))


@pytest.mark.parametrize("pair", SAME)
def test_figures_of_one_statement_are_reported(
    detect: Detector, pair: tuple[str, Language, str, Language]
) -> None:
    assert spoken_of(detect, pair) == spoken_of(detect_numbers, pair) == 1


@pytest.mark.parametrize("pair", OTHER)
def test_figures_of_different_things_are_not(
    detect: Detector, pair: tuple[str, Language, str, Language]
) -> None:
    assert spoken_of(detect_numbers, pair) == 1
    assert spoken_of(detect, pair) == 0


def test_a_third_outlet_confirms_what_two_speak_of(detect: Detector) -> None:
    group = group_of_sentences(
        [
            ("a", "en", "The theatre celebrates 85 years."),
            ("b", "en", "Another house burned down after 84 years."),
            ("c", "ru", "Театр отмечает 85 лет."),
        ]
    )
    assert list(detect(group)) == list(detect_numbers(group))


def test_without_a_scorer_nothing_is_held_back() -> None:
    assert confirm_two(detect_numbers, None) is detect_numbers


def test_names_are_held_back(head: PolarityHead) -> None:
    held_back = {kind for kind, make in DETECTORS if make(head) is not make(None) and make(None) is make(None)}
    assert held_back == {"actor"}


def test_more_is_asked_of_one_language_than_of_two() -> None:
    assert least_alike("ru", "ru") == ALIKE_IN_ONE_LANGUAGE > least_alike("ru", "en") == least_alike("he", "ar")
