"""Denials and their counterparts: which are answered, which are not, in four languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.unanswered import match_denials
from xsource.records import LANGUAGES, Language

Case = tuple[str, Language, str, Language]

UNANSWERED: dict[str, Case] = {
    "en-ru": ("The government did not close the port.", "en", "Правительство закрыло порт.", "ru"),
    "ru-en": ("Президент не встретился с министром.", "ru", "The president met the minister on Friday.", "en"),
    "en-ar": ("The minister did not attend the meeting.", "en", "حضر الوزير الاجتماع.", "ar"),
    "ar-en": ("لم يحضر الوزير الاجتماع.", "ar", "The minister attended the meeting.", "en"),
    "he-en": ("הצבא לא הגיע לעיר.", "he", "The army arrived in the city.", "en"),
    "en-en": ("The talks have not resumed in Geneva.", "en", "The talks have resumed in Geneva.", "en"),
    "ru-ru": ("Переговоры не возобновились.", "ru", "Переговоры возобновились в пятницу.", "ru"),
    "he-he": ("השיחות לא התחדשו בז'נבה.", "he", "השיחות התחדשו בז'נבה.", "he"),
}
ANSWERED: dict[str, Case] = {
    "en-ru": ("The government did not close the port.", "en", "Правительство не закрыло порт.", "ru"),
    "ar-en": ("لم يحضر الوزير الاجتماع.", "ar", "The minister did not attend the meeting.", "en"),
    "en-en": ("The talks have not resumed.", "en", "The talks, he said, never resumed.", "en"),
    "he-he": ("השיחות לא התחדשו.", "he", "בינתיים לא התחדשו השיחות.", "he"),
}
UNKNOWN: dict[str, Case] = {
    "the other does not say it": ("The port did not reopen.", "en", "Учителя говорят о школах.", "ru"),
    "nothing comes after": ("He said he would not.", "en", "He said the port is open.", "en"),
}


@pytest.mark.parametrize("case", UNANSWERED.values(), ids=UNANSWERED)
def test_who_says_it_without_denying_leaves_the_denial_unanswered(case: Case) -> None:
    found = match_denials(*case)

    assert found.unanswered
    assert not found.answered


@pytest.mark.parametrize("case", ANSWERED.values(), ids=ANSWERED)
def test_who_denies_it_too_answers(case: Case) -> None:
    found = match_denials(*case)

    assert found.answered
    assert not found.unanswered


@pytest.mark.parametrize("case", UNKNOWN.values(), ids=UNKNOWN)
def test_who_does_not_speak_of_it_tells_nothing(case: Case) -> None:
    found = match_denials(*case)

    assert found.unknown
    assert not found.answered
    assert not found.unanswered


@pytest.mark.parametrize("text", ["", "not", "…", "не " * 3000, "\u202eнет\u202c", "not " + "a" * 20_000])
def test_odd_text_is_no_error(text: str) -> None:
    for language in LANGUAGES:
        found = match_denials(text, language, "The port is closed.", "en")
        assert not found.answered


@given(st.text(alphabet="abc не לא لا not port.", max_size=60), st.sampled_from(LANGUAGES))
def test_nothing_is_denied_and_said_by_the_same_sentence_alone(text: str, language: Language) -> None:
    found = match_denials(text, language, text, language)

    assert all(text[cue.start : cue.end] == cue.words for cue in (*found.answered, *found.unknown))
    assert not found.unanswered
