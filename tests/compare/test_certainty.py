"""When outlets sound differently sure: told the same in four languages, in several frames."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.compare.detectors.certainty import detect_certainty
from xsource.evaluate.polarity import group_of_sentences
from xsource.records import LANGUAGES

# The same statement in four languages.
PLAIN = {
    "en": ["the ship sank near the port", "the army closed the bridge", "the fire destroyed the market"],
    "ru": ["корабль затонул у порта", "армия закрыла мост", "пожар уничтожил рынок"],
    "he": ["הספינה טבעה ליד הנמל", "הצבא סגר את הגשר", "השריפה כילתה את השוק"],
    "ar": ["السفينة غرقت قرب الميناء", "الجيش أغلق الجسر", "الحريق دمر السوق"],
}
# Frames that qualify a statement, with the words that do; and frames that only name a source.
QUALIFIED = {
    "en": [
        ("Reportedly, {}.", "Reportedly"),
        ("Allegedly, {}.", "Allegedly"),
        ("Apparently, {}.", "Apparently"),
    ],
    "ru": [
        ("Как сообщается, {}.", "Как сообщается"),
        ("По предварительным данным, {}.", "По предварительным данным"),
        ("По-видимому, {}.", "По-видимому"),
    ],
    "he": [
        ("ככל הנראה, {}.", "ככל הנראה"),
        ("לכאורה, {}.", "לכאורה"),
        ("על פי הדיווחים, {}.", "על פי הדיווחים"),
    ],
    "ar": [
        ("يقال إن {}.", "يقال إن"),
        ("يعتقد أن {}.", "يعتقد أن"),
        ("على ما يبدو، {}.", "على ما يبدو"),
    ],
}
SAID = {
    "en": "The ministry said that {}.",
    "ru": "В министерстве сообщили, что {}.",
    "he": "המשרד הודיע כי {}.",
    "ar": "أعلنت الوزارة أن {}.",
}
CLAIMED = {
    "en": ("The ministry claims that {}.", "claims", 0.5),
    "ru": ("В министерстве утверждают, что {}.", "утверждают", 0.4),
    "he": ("המשרד טוען כי {}.", "טוען", 0.5),
    "ar": ("تزعم الوزارة أن {}.", "تزعم", 0.5),
}
OTHER = {"en": "ru", "ru": "ar", "ar": "he", "he": "en"}


def group(*told: tuple[str, str]):
    return group_of_sentences([(f"outlet-{i}", language, text) for i, (language, text) in enumerate(told)])


def statement(language: str, topic: int) -> str:
    words = PLAIN[language][topic]
    return words[0].upper() + words[1:] + "."


@pytest.mark.parametrize(("language", "topic", "frame"), list(product(LANGUAGES, range(3), range(3))))
def test_a_qualified_statement_differs_from_a_plain_one(language, topic, frame):
    template, cue = QUALIFIED[language][frame]
    other = OTHER[language]
    (found,) = detect_certainty(
        group((language, template.format(PLAIN[language][topic])), (other, statement(other, topic)))
    )
    assert found.kind == "certainty"
    assert [(side.language, side.words) for side in found.sides] == [(language, cue), (other, "")]
    assert found.sides[1].value == "stated"
    assert found.confidence >= 0.5


@pytest.mark.parametrize(("language", "topic", "frame"), list(product(LANGUAGES, range(3), range(3))))
def test_statements_that_are_qualified_alike_agree(language, topic, frame):
    other = OTHER[language]
    told = [(code, QUALIFIED[code][frame][0].format(PLAIN[code][topic])) for code in (language, other)]
    assert list(detect_certainty(group(*told))) == []


@pytest.mark.parametrize(("language", "topic"), list(product(LANGUAGES, range(3))))
def test_plain_statements_and_sourced_ones_are_no_question_of_certainty(language, topic):
    other = OTHER[language]
    plain, said = statement(language, topic), SAID[other].format(PLAIN[other][topic])
    assert list(detect_certainty(group((language, plain), (other, statement(other, topic))))) == []
    assert list(detect_certainty(group((language, plain), (other, said)))) == []


@pytest.mark.parametrize(("language", "topic"), list(product(LANGUAGES, range(3))))
def test_what_one_has_claimed_and_another_has_said_differs(language, topic):
    template, cue, confidence = CLAIMED[language]
    other = OTHER[language]
    (found,) = detect_certainty(
        group(
            (language, template.format(PLAIN[language][topic])),
            (other, SAID[other].format(PLAIN[other][topic])),
        )
    )
    assert found.sides[0].words == cue
    assert found.confidence == confidence


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The ship may have sunk near the port."),
        ("en", "The ship could sink near the port."),
        ("ru", "Корабль мог затонуть у порта."),
        ("ru", "Корабль, возможно, затонул у порта."),
        ("he", "ייתכן שהספינה טבעה ליד הנמל."),
        ("he", "הספינה עלולה לטבוע ליד הנמל."),
        ("ar", "ربما غرقت السفينة قرب الميناء."),
        ("ar", "قد تغرق السفينة قرب الميناء."),
    ],
)
def test_a_softened_statement_does_not_differ_from_a_reported_one(language, text):
    other = OTHER[language]
    reported = QUALIFIED[other][0][0].format(PLAIN[other][0])
    assert list(detect_certainty(group((language, text), (other, reported)))) == []


def test_the_expected_start_of_a_truce_differs_from_the_fixed_one():
    (found,) = detect_certainty(
        group(
            ("ru", "Перемирие, как ожидается, начнется 8 сентября."),
            ("he", "הפסקת האש נקבעה ל-8 בספטמבר."),
            ("ar", "تبدأ الهدنة في 8 أيلول."),
        )
    )
    assert {side.language: side.value for side in found.sides} == {
        "ru": "expected",
        "he": "stated",
        "ar": "stated",
    }
    assert "outlet-0 “как ожидается”" in found.explanation


def test_an_outlet_that_says_both_differs_from_nobody():
    told = [
        ("tass", "ru", "Корабль затонул у порта."),
        ("tass", "ru", "Корабль, по-видимому, затонул у порта."),
    ]
    assert list(detect_certainty(group_of_sentences(told))) == []


_SENTENCES = st.sampled_from(
    [(code, statement(code, topic)) for code in LANGUAGES for topic in range(3)]
    + [(code, frame.format(PLAIN[code][0])) for code in LANGUAGES for frame, _ in QUALIFIED[code]]
    + [(code, SAID[code].format(PLAIN[code][0])) for code in LANGUAGES]
    + [("en", "x"), ("ru", "1.2.3"), ("he", "31/02/2023"), ("ar", "\u202b؟\u202c")]
)


@given(_SENTENCES)
def test_a_claim_never_diverges_from_itself(told):
    assert list(detect_certainty(group(told, told))) == []


@given(st.lists(_SENTENCES, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_outlets_changes_nothing_and_every_span_slices(told, random):
    told_group = group(*told)
    found = list(detect_certainty(told_group))
    claims = list(told_group.claims)
    random.shuffle(claims)
    assert list(detect_certainty(replace(told_group, claims=tuple(claims)))) == found
    assert all(side.sentence[side.start : side.end] == side.words for each in found for side in each.sides)
