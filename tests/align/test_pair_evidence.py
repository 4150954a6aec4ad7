"""What two claims count speaks for or against taking them for one."""

from __future__ import annotations

import numpy as np
import pytest

from xsource.align import NumberEvidence, match_claims
from xsource.align.evidence import NOTHING_COMMON, SAME_NUMBER

CASES = [
    # Different things: against.
    (
        "It left a crater nine metres deep.",
        "en",
        "Стекла выбило в радиусе пяти километров.",
        "ru",
        NOTHING_COMMON,
    ),
    ("More than 2,500 people have been killed.", "en", "Дома покинули 48 тыс. беженцев.", "ru", NOTHING_COMMON),
    ("Each family will get $20,000.", "en", "שיירה של 700 טון מזון", "he", NOTHING_COMMON),
    ("The talks lasted three days.", "en", "القافلة تحمل 700 طن من الغذاء.", "ar", NOTHING_COMMON),
    ("More than 140 people were injured.", "en", "Более 40 пострадавших в больнице.", "ru", NOTHING_COMMON),
    # One thing, two numbers: neither way, for it is what is looked for.
    ("At least 23 people were killed.", "en", "وقتل 31 شخصا", "ar", 0),
    ("Погибли 17 человек.", "ru", "נהרגו 12 בני אדם", "he", 0),
    ("A crater nine metres deep.", "en", "Воронка глубиной двадцать метров.", "ru", 0),
    ("He was fined $20,000.", "en", "Его оштрафовали на 30 тыс. евро.", "ru", 0),
    # One number of one thing: for.
    ("Some 48,000 residents have left.", "en", "Дома покинули 48 тыс. жителей.", "ru", SAME_NUMBER),
    ("Eight people are missing.", "en", "Пропали без вести восемь человек.", "ru", SAME_NUMBER),
    # No number, or one said of anything: nothing.
    ("The port is closed.", "en", "Погибли 17 человек.", "ru", 0),
    ("He has three theories.", "en", "У него три версии.", "ru", 0),
]


@pytest.mark.parametrize(("left", "one", "right", "other", "expected"), CASES)
def test_numbers_speak_for_or_against_one_claim(left, one, right, other, expected):
    evidence = NumberEvidence([left, right], [one, other])
    both = np.arange(2)
    assert evidence(both[:1], both[1:])[0, 0] == pytest.approx(expected)
    assert evidence(both[1:], both[:1])[0, 0] == pytest.approx(expected)


def test_evidence_is_added_to_the_margins_of_matches(world, reference):
    claims = world.claims(reference, {"tass": ("ru", ["visit"]), "haaretz": ("he", ["visit"])})
    (plain,) = match_claims(claims, reference)
    (moved,) = match_claims(claims, reference, evidence=lambda a, b: np.full((len(a), len(b)), 0.1, np.float32))
    assert moved.margin == pytest.approx(plain.margin + 0.1, abs=1e-6)
    assert moved.cosine == plain.cosine
    assert (
        match_claims(claims, reference, evidence=lambda a, b: np.full((len(a), len(b)), -9, np.float32)) == []
    )
