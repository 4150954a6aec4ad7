"""A sentence without one of its denials, in four languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.polarity import read_polarity
from xsource.facts.undenied import without_denial
from xsource.records import LANGUAGES, Language

CASES: list[tuple[Language, str, list[str]]] = [
    ("en", "The talks did not resume.", ["The talks did resume."]),
    ("en", "The talks didn't resume.", ["The talks did resume."]),
    ("en", "The envoy can't travel.", ["The envoy can travel."]),
    ("en", "The envoy cannot travel.", ["The envoy can travel."]),
    ("en", "They won’t agree.", ["They will agree."]),
    ("ru", "Переговоры не возобновились.", ["Переговоры возобновились."]),
    ("ru", "Не видел, но не спорил.", ["видел, но не спорил.", "Не видел, но спорил."]),
    ("he", "השיחות לא חודשו.", ["השיחות חודשו."]),
    ("ar", "لن يستقيل الوزير.", ["يستقيل الوزير."]),
    ("en", "The talks resumed.", []),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_one_denial_is_left_out_at_a_time(language: Language, text: str, expected: list[str]) -> None:
    assert [without_denial(text, cue) for cue in read_polarity(text, language).cues] == expected


@given(st.sampled_from(LANGUAGES), st.text(max_size=60).map(lambda text: f"{text} not не לא لم {text}"))
def test_what_is_left_is_shorter_and_never_another_text(language: Language, text: str) -> None:
    for cue in read_polarity(text, language).cues:
        left = without_denial(text, cue)
        assert len(left) < len(text) + 2
        assert set(left) <= set(text) | set(" wilcansh")
