"""One way of reading text: every case of every table again, in other spellings of the same words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from facts import test_attribution, test_certainty, test_dates, test_polarity, test_quantities
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.attribution import attributions
from xsource.facts.certainty import certainty
from xsource.facts.dates import dates
from xsource.facts.polarity import read_polarity
from xsource.facts.text.folding import fold_text
from xsource.facts.text.phrases import PhraseList
from xsource.facts.text.words import words_of

PUBLISHED = datetime(2023, 10, 28, 9, tzinfo=UTC)
SCRIPTS = {"he": "HEBREW LETTER", "ar": "ARABIC LETTER", "ru": "CYRILLIC", "en": "LATIN"}


def is_letter_of(letter: str, language: str) -> bool:
    return unicodedata.name(letter, "").startswith(SCRIPTS[language])


def with_signs(sign: str, language: str) -> Callable[[str], str]:
    """Put a sign behind every second letter of the language's script."""

    def write(text: str) -> str:
        return "".join(
            letter + (sign if place % 2 and is_letter_of(letter, language) else "")
            for place, letter in enumerate(text)
        )

    return write


def in_presentation_forms(text: str) -> str:
    """Write Arabic as old converters left it: each letter in its isolated form."""
    forms: dict[str, str] = {}
    for code in range(0xFE80, 0xFEFD):
        plain = unicodedata.normalize("NFKC", chr(code))
        forms.setdefault(plain, chr(code))
    text = text.replace("لا", forms["لا"])
    return "".join(forms.get(letter, letter) for letter in text)


def in_persian_letters(text: str) -> str:
    return text.replace("ك", "ک").replace("ي", "ی")


VARIANTS: list[tuple[str, str, Callable[[str], str]]] = [
    ("he", "vowel points", with_signs("\u05b7", "he")),
    ("he", "maqaf", lambda text: text.replace("-", "\u05be")),
    ("he", "gershayim", lambda text: text.replace('"', "\u05f4").replace("'", "\u05f3")),
    ("ar", "vowel signs", with_signs("\u064e", "ar")),
    ("ar", "tatweel", with_signs("\u0640", "ar")),
    ("ar", "presentation forms", in_presentation_forms),
    ("ar", "Persian letters", in_persian_letters),
    *(
        (language, name, write)
        for language in SCRIPTS
        for name, write in [
            ("decomposed", lambda text: unicodedata.normalize("NFD", text)),
            ("soft hyphens", with_signs("\u00ad", language)),
            ("joiners", with_signs("\u200c", language)),
            ("direction marks", lambda text: text.replace(" ", "\u200f \u200e")),
            ("another apostrophe", lambda text: text.replace("'", "\u02bc").replace("’", "\u02bc")),
            ("another hyphen", lambda text: text.replace("-", "\u2011")),
        ]
    ),
]
TABLES: dict[str, list[tuple[str, str, Callable[[str, str], object]]]] = {
    "polarity": [
        (language, text, lambda text, language: [cue.kind for cue in read_polarity(text, language).cues])
        for language, cases in test_polarity.CUES.items()
        for text, _ in cases
    ],
    "certainty": [
        (language, text, lambda text, language: certainty(text, language).level)
        for language, cases in test_certainty.CASES.items()
        for _, _, text in cases
    ],
    "attribution": [
        (
            language,
            text,
            lambda text, language: [
                (each.manner, each.kinds, each.is_unnamed) for each in attributions(text, language)
            ],
        )
        for language, cases in test_attribution.CASES.items()
        for text, _ in cases
    ],
    "quantities": [
        (language, text, test_quantities.shown)
        for language, cases in test_quantities.CASES.items()
        for text, _ in cases
    ],
    "dates": [
        (
            language,
            text,
            lambda text, language: [
                (each.year, each.month, each.day, each.weekday, each.first, each.last)
                for each in dates(text, language, PUBLISHED)
            ],
        )
        for language, cases in test_dates.CASES.items()
        for text, _ in cases
    ],
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("language", "variant", "write"), VARIANTS, ids=[f"{language}-{name}" for language, name, _ in VARIANTS]
)
def test_another_spelling_reads_as_the_same(table, language, variant, write):
    """Nothing but the spelling changes: the text is written otherwise, and what is read of it stays."""
    different = [
        (text, write(text), read(text, language), read(write(text), language))
        for code, text, read in TABLES[table]
        if code == language and read(text, language) != read(write(text), language)
    ]
    assert different == []


@given(st.text(max_size=80))
def test_folding_finds_the_way_back(text):
    folded = fold_text(text)
    assert len(folded.text) == len(folded.lower)
    end = 0
    for word in words_of(text):
        assert end <= word.start < word.end <= len(text)
        end = word.end


@pytest.mark.parametrize(
    "text", ["ﷲ ﻻ", "e\u0301t\u00e9", "И\u0306од", "İstanbul", "²½", "\u202eab\u202c", "ﬁve", "１２"]
)
def test_places_lead_back_to_the_text(text):
    folded = fold_text(text)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)


def test_signs_that_change_the_meaning_stay():
    assert fold_text("10² and 2½").text == "10² and 2½"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("мнение независимых экспертов", ["независимых экспертов"]),
        ("отчёт независимых, отчёт", []),
        ("бизнес-эксперты", []),
        ("медиа", ["медиа"]),
        ("медиа-холдинг", ["медиа-холдинг"]),
        ("не-медиа", []),
    ],
)
def test_a_phrase_ends_with_a_word_and_crosses_no_comma(text, found):
    listed = PhraseList({"x": ["независимых экспертов", "эксперт*", "медиа*"]}, "ru")
    assert [each.words for each in listed.find(text)] == found


@pytest.mark.parametrize("text", ["בלתי־מאומת", "בלתי-מאומת", "בלתי מאומת", "הבלתי־מאומת"])
def test_a_hyphen_divides_a_phrase_as_a_space_does(text):
    assert len(PhraseList({"x": ["בלתי מאומת"]}, "he").find(text)) == 1
    assert len(PhraseList({"x": ["בלתי-מאומת"]}, "he").find(text)) == 1
