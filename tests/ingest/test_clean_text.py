"""What cleaning does to characters, spaces and paragraphs."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.ingest.clean import clean_line, clean_text, find_damage


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        pytest.param("й и ё", "й и ё", id="decomposed Russian becomes NFC"),
        pytest.param("שָׁלוֹם", unicodedata.normalize("NFC", "שָׁלוֹם"), id="pointed Hebrew keeps its points"),
        pytest.param("one\r\ntwo\rthree", "one\n\ntwo\n\nthree", id="line ends of every kind"),
        pytest.param(
            "one\u2029two\u2028three\x0bfour", "one\n\ntwo\n\nthree\n\nfour", id="Unicode's separators"
        ),
        pytest.param(
            "ин\u00adфор\u200bма\ufeffция", "информация", id="soft hyphen, zero-width space, byte order mark"
        ),
        pytest.param("מחיר \u202e123\u202c ש״ח", "מחיר 123 ש״ח", id="bidi override"),
        pytest.param("قتل \u2067٧\u2069 أشخاص\u200f", "قتل ٧ أشخاص", id="bidi isolates and marks"),
        pytest.param("7\u200e000", "7000", id="a mark inside a number"),
        pytest.param("a\x00b\x08c\x1bd", "abcd", id="control characters"),
        pytest.param("  a \t b\u3000c ", "a b c", id="spaces and tabs"),
        pytest.param(
            "7\u00a0000 человек\u00a0— в\u202fМоскве",
            "7\u00a0000 человек — в Москве",
            id="grouping space stays",
        ),
        pytest.param(
            "7\u202f000 и 12\u2009500", "7\u00a0000 и 12\u00a0500", id="thin grouping spaces become one kind"
        ),
        pytest.param("one\n \n\n\t\ntwo", "one\n\ntwo", id="blank lines"),
        pytest.param(
            "&quot;Nein&quot; &#8211; AT&T &copy=1 &amp;", '"Nein" – AT&T &copy=1 &', id="left-over entities"
        ),
        pytest.param("", "", id="nothing"),
        pytest.param("\u200b\n\u00ad", "", id="nothing that can be seen"),
    ],
)
def test_clean_text(dirty, clean):
    assert clean_text(dirty) == clean


def test_lines_wrapped_by_an_editor_are_joined_and_one_line_paragraphs_are_not():
    wrapped = (
        "The delegation arrived in the capital on Friday and met officials of the\n"
        "foreign ministry, a spokesman said, adding that no further meetings were\n"
        "planned before the end of the week."
    )
    assert clean_text(wrapped) == wrapped.replace("\n", " ")
    lines = "The delegation arrived in the capital on Friday.\nIt met officials there.\nIt left on Sunday."
    assert clean_text(lines) == lines.replace("\n", "\n\n")


def test_a_headline_is_one_line():
    assert clean_line(" Делегация\r\nприбыла\u00a0 в  Москву\u200b ") == "Делегация прибыла в Москву"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("whole 😀", None),
        ("half \ud83d", "has half a character (a lone surrogate, U+D83D) at position 5"),
        ("zero\x00", "has a zero character (NUL) at position 4"),
    ],
)
def test_damage_is_named_with_its_place(text, complaint):
    assert find_damage(text) == complaint


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=200))
def test_cleaning_twice_is_cleaning_once(text):
    once = clean_text(text)
    assert clean_text(once) == once or "&" in text  # `&amp;amp;` holds two layers


@given(st.text(alphabet="абвгאבגابت019 .\n\u00a0\u200e\u202e\u0301", max_size=200))
def test_clean_text_has_only_blank_lines_between_paragraphs_and_no_invisible_characters(text):
    clean = clean_text(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert "\n" not in clean.replace("\n\n", "")
    assert "\n\n\n" not in clean
    assert not {"\u200e", "\u202e"} & set(clean)
    visible = text.replace("\u200e", "").replace("\u202e", "")
    letters = [ch for ch in unicodedata.normalize("NFC", visible) if ch.isalnum()]
    assert [ch for ch in clean if ch.isalnum()] == letters
