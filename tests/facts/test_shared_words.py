"""What two sentences have in common, counted in rare words, in one language and across four."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.shared_words import MOST_WORDS, share_of_words, stems, word_table
from xsource.records import LANGUAGES, Language

PORT: dict[Language, str] = {
    "en": "The government closed the port after the explosion on Friday.",
    "ru": "Правительство закрыло порт после взрыва в пятницу.",
    "ar": "أغلقت الحكومة الميناء بعد الانفجار يوم الجمعة.",
    "he": "הממשלה סגרה את הנמל אחרי הפיצוץ ביום שישי.",
}
SCHOOL: dict[Language, str] = {
    "en": "Teachers say that children read fewer books every year.",
    "ru": "Учителя говорят, что дети читают всё меньше книг с каждым годом.",
    "ar": "يقول المعلمون إن الأطفال يقرأون كتبا أقل كل عام.",
    "he": "המורים אומרים שהילדים קוראים פחות ספרים בכל שנה.",
}
EVERY_TWO = [(one, other) for one in LANGUAGES for other in LANGUAGES if one < other]


@pytest.mark.parametrize(("one", "other"), EVERY_TWO)
def test_a_translation_shares_more_than_another_subject(one: Language, other: Language) -> None:
    same = share_of_words(PORT[one], one, PORT[other], other)
    another = share_of_words(PORT[one], one, SCHOOL[other], other)

    assert same > another + 0.2
    assert another < 0.35


@pytest.mark.parametrize(
    ("less", "more", "expected"),
    [
        ("The port was closed.", "The port was closed on Friday, officials said.", 1.0),
        ("The port is closed.", "Teachers met the minister.", 0.0),
    ],
    ids=["a part of it", "another subject, but for an article"],
)
def test_it_is_the_shorter_statement_whose_words_count(less: str, more: str, expected: float) -> None:
    assert share_of_words(less, "en", more, "en") == pytest.approx(expected, abs=0.1)


def test_a_name_that_no_table_has_is_found_by_its_sound() -> None:
    closed = "{} закрыл порт в пятницу после взрыва."
    named = share_of_words("Zakharchenko closed the port.", "en", closed.format("Захарченко"), "ru")
    other = share_of_words("Zakharchenko closed the port.", "en", closed.format("Мирошников"), "ru")

    assert named > other + 0.2


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_other_forms_are_the_same(language: Language) -> None:
    forms = {
        "en": ("explosion", "explosions"),
        "ru": ("взрыва", "взрывом"),
        "ar": ("انفجار", "الانفجار"),
        "he": ("פיצוץ", "הפיצוץ"),
    }
    one, other = forms[language]
    assert stems(one, language) == stems(other, language)


@pytest.mark.parametrize("language", ["ru", "ar", "he"])
def test_the_tables_know_the_english_of_news_words(language: Language) -> None:
    known = {"ru": "правительство", "ar": "حكومة", "he": "חשמל"}
    english = {"ru": "govern", "ar": "govern", "he": "electr"}
    assert english[language] in word_table(language).english[stems(known[language], language)[0]]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    table = word_table("en")
    assert table.rarity("the") < table.rarity("port") < table.rarity("zakharchenko")


@pytest.mark.parametrize("text", ["", " ", "…", "12", "а" * 20_000, "\u202e\u202d", "слово " * 5000])
def test_odd_text_is_no_error(text: str) -> None:
    for language in LANGUAGES:
        assert 0 <= share_of_words(text, language, PORT["en"], "en") <= 1
    assert len(stems(text, "ru")) <= MOST_WORDS


@given(st.text(max_size=80), st.sampled_from(LANGUAGES), st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_swapping_the_sentences_changes_nothing(
    left: str, left_language: Language, right: str, right_language: Language
) -> None:
    forwards = share_of_words(left, left_language, right, right_language)

    assert forwards == share_of_words(right, right_language, left, left_language)
    assert 0 <= forwards <= 1


@given(st.sampled_from(LANGUAGES), st.sampled_from([PORT, SCHOOL]))
def test_a_sentence_has_all_of_its_own_words(language: Language, texts: dict[Language, str]) -> None:
    assert share_of_words(texts[language], language, texts[language], language) == 1.0
