"""What two claims count speaks for or against taking them for one."""

from __future__ import annotations

import pytest

from xsource.judge.figures import NumberEvidence

CASES = [
    # Different things: against.
    (
        "It left a crater nine metres deep.",
        "en",
        "Стекла выбило в радиусе пяти километров.",
        "ru",
        -1,
    ),
    ("More than 2,500 people have been killed.", "en", "Дома покинули 48 тыс. беженцев.", "ru", -1),
    ("Each family will get $20,000.", "en", "שיירה של 700 טון מזון", "he", -1),
    ("The talks lasted three days.", "en", "القافلة تحمل 700 طن من الغذاء.", "ar", -1),
    ("More than 140 people were injured.", "en", "Более 40 пострадавших в больнице.", "ru", -1),
    # One thing, two numbers: neither way, for it is what is looked for.
    ("At least 23 people were killed.", "en", "وقتل 31 شخصا", "ar", 0),
    ("Погибли 17 человек.", "ru", "נהרגו 12 בני אדם", "he", 0),
    ("A crater nine metres deep.", "en", "Воронка глубиной двадцать метров.", "ru", 0),
    ("He was fined $20,000.", "en", "Его оштрафовали на 30 тыс. евро.", "ru", 0),
    # One number of one thing: for.
    ("Some 48,000 residents have left.", "en", "Дома покинули 48 тыс. жителей.", "ru", 1),
    ("Eight people are missing.", "en", "Пропали без вести восемь человек.", "ru", 1),
    # No number, or one said of anything: nothing.
    ("The port is closed.", "en", "Погибли 17 человек.", "ru", 0),
    ("He has three theories.", "en", "У него три версии.", "ru", 0),
]


@pytest.mark.parametrize(("left", "one", "right", "other", "expected"), CASES)
def test_numbers_speak_for_or_against_one_fact(left, one, right, other, expected):
    evidence = NumberEvidence([left, right], [one, other])
    assert evidence.of_pair(0, 1) == evidence.of_pair(1, 0) == expected
