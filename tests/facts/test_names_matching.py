"""One name in four scripts: how words sound, and where a sentence has a name."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.gazetteer import are_compatible, phrases
from xsource.facts.names import NameMention, names
from xsource.facts.names_matching import find_name, is_same_name
from xsource.facts.skeletons import sound_similarity, word_similarity
from xsource.facts.spelling import base_forms, key, skeleton, spelling
from xsource.records import LANGUAGES

SAME = [
    {"en": "Peskov", "ru": "Песковым", "ar": "بيسكوف", "he": "פסקוב"},
    {"en": "Netanyahu", "ru": "Нетаньяху", "ar": "نتنياهو", "he": "נתניהו"},
    {"en": "Khamenei", "ru": "Хаменеи", "ar": "خامنئي", "he": "חמינאי"},
    {"en": "George", "ru": "Джорджа", "ar": "جورج", "he": "ג'ורג'"},
    {"en": "Macron", "ru": "Макрону", "ar": "ماكرون", "he": "מקרון"},
    {"en": "Vladimir", "ru": "Владимира", "ar": "فلاديمير", "he": "ולדימיר"},
    {"en": "Guterres", "ru": "Гутерриш", "ar": "غوتيريش", "he": "גוטרש"},
    {"en": "Nasrallah", "ru": "Насралла", "ar": "نصرالله", "he": "נסראללה"},
    {"en": "Zelensky", "ru": "Зеленского", "ar": "زيلينسكي", "he": "זלנסקי"},
    {"en": "Johnson", "ru": "Джонсоном", "ar": "جونسون", "he": "ג'ונסון"},
    {"en": "Cheney", "ru": "Чейни", "ar": "تشيني", "he": "צ'ייני"},
    {"en": "Whitcombe", "ru": "Уиткомб", "ar": "ويتكومب", "he": "ויטקומב"},
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings["en"])
@pytest.mark.parametrize(("left", "right"), [*combinations(LANGUAGES, 2)])
def test_one_name_sounds_the_same_in_two_scripts(spellings, left, right):
    assert word_similarity(spellings[left], left, spellings[right], right) >= 0.75


@pytest.mark.parametrize(("left", "right"), [*combinations(LANGUAGES, 2)])
def test_different_names_do_not(left, right):
    for one, other in combinations(SAME, 2):
        assert word_similarity(one[left], left, other[right], right) < 0.75


@pytest.mark.parametrize(
    ("word", "language", "forms"),
    [
        ("ולבנון", "he", {"ולבנון", "לבנון"}),
        ("והמוסד", "he", {"והמוסד", "מוסד"}),
        ("وبالقدس", "ar", {"وبالقدس", "بالقدس"}),
        ("Песковым", "ru", {"песковым", "песков"}),
        ("Gardanian", "en", {"gardanian", "gardan"}),
        ("ב-CNN", "he", {"ב-cnn", "cnn"}),
    ],
)
def test_clitics_and_case_endings_are_supposed(word, language, forms):
    assert forms <= set(base_forms(word, language))


def test_a_word_of_another_script_is_read_by_its_own_letters():
    assert skeleton("Reuters", "ar") == skeleton("Reuters", "en")
    assert key(skeleton("بيسكوف", "en")) == "PSKP"


def test_few_consonants_make_no_key():
    assert key(skeleton("Obama", "en")) == ""
    assert key(skeleton("Peskov", "en")) == "PSKP"


WORDS = st.one_of(
    st.sampled_from([word for spellings in SAME for word in spellings.values()]),
    st.text(st.sampled_from("abшчجهוצ'\"-\u0301\u200f"), max_size=45),
)


@given(WORDS, st.sampled_from(LANGUAGES), WORDS, st.sampled_from(LANGUAGES))
def test_similarity_is_symmetric_and_between_0_and_1(left, left_language, right, right_language):
    one = word_similarity(left, left_language, right, right_language)
    assert 0 <= one <= 1
    assert one == pytest.approx(word_similarity(right, right_language, left, left_language))


@given(WORDS, WORDS, st.sampled_from(LANGUAGES))
def test_a_cutoff_never_changes_what_is_above_it(left, right, language):
    ours, theirs = skeleton(left, language), skeleton(right, language)
    full = sound_similarity(ours, theirs)
    cut = sound_similarity(ours, theirs, 0.7)
    assert cut == pytest.approx(full) if full >= 0.7 + 1e-9 else cut in (0.0, pytest.approx(full))


def mention(text: str, language: str) -> NameMention:
    return max(names(text, language), key=lambda name: len(name.parts))


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Об этом сообщил Песков.", "ru", "Песков"),
        ("Переговоры с Дмитрием Песковым завершены.", "ru", "Дмитрием Песковым"),
        ("وقال بيسكوف إن روسيا سترد.", "ar", "بيسكوف"),
        ("ووفقا لبيسكوف فإن روسيا سترد.", "ar", "لبيسكوف"),
        ("כך אמר דמיטרי פסקוב לעיתונאים.", "he", "דמיטרי פסקוב"),
        ("ולפסקוב אין תגובה.", "he", "ולפסקוב"),
        ("D. Peskov declined to comment.", "en", "Peskov"),
        ("Dmitry Medvedev declined to comment.", "en", None),
        ("В Кремле отказались от комментариев.", "ru", None),
        ("הקרמלין סירב להגיב.", "he", None),
        ("رفض الكرملين التعليق.", "ar", None),
    ],
)
def test_a_name_is_found_in_another_sentence(text, language, words):
    span = find_name(mention("Spokesman Dmitry Peskov said so.", "en"), text, language)
    assert (span and text[slice(*span)]) == words


@pytest.mark.parametrize(
    ("name", "text", "language", "words"),
    [
        ("The United States agreed.", 'ארה"ב הסכימה.', "he", 'ארה"ב'),
        ("The United States agreed.", "США согласились.", "ru", "США"),
        ("The United Nations agreed.", "وافقت الأمم المتحدة.", "ar", "الأمم المتحدة"),
        ("Russia agreed.", "В Москве согласны.", "ru", "Москве"),
        ("Cairo agreed.", "הסכמה הושגה בקהיר.", "he", "בקהיר"),
        ("Cairo agreed.", "הסכמה הושגה בדוחה.", "he", None),
    ],
)
def test_a_translated_name_is_found_by_its_concept(name, text, language, words):
    span = find_name(mention(name, "en"), text, language)
    assert (span and text[slice(*span)]) == words


@given(st.sampled_from(LANGUAGES), st.text(max_size=60))
def test_a_found_name_lies_in_the_text(language, text):
    span = find_name(mention("Spokesman Dmitry Peskov said so.", "en"), text, language)
    assert span is None or 0 <= span[0] < span[1] <= len(text)


def test_a_surname_is_as_good_as_the_whole_name():
    whole, surname = mention("Dmitry Peskov spoke.", "en"), mention("«Да», — ответил Песков.", "ru")
    other = mention("«Да», — ответил Дмитрий Медведев.", "ru")
    assert is_same_name(whole, surname)
    assert not is_same_name(whole, other)
    assert is_same_name(surname, whole)


def test_capitals_and_their_countries_are_compatible_and_neighbours_are_not():
    assert are_compatible("place:moscow", "place:RU")
    assert are_compatible("place:RU", "org:kremlin")
    assert are_compatible("place:rafah", "place:PS")
    assert not are_compatible("place:moscow", "place:kyiv")
    assert not are_compatible("org:kremlin", "place:US")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_most_concepts(language):
    concepts = {phrase.concept.id for group in phrases(language).values() for phrase in group}
    assert len(concepts) > 380
    assert {"place:FR", "place:moscow", "org:UN", "media:TASS", "place:gaza"} <= concepts


def test_a_country_is_not_taken_for_its_adjective():
    for word in ("تركيا", "روسيا", "سوريا"):
        (name,) = names(f"وصل إلى {word} أمس.", "ar")
        assert not name.is_people


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_spells_every_letter_of_its_script(language):
    alphabet = {
        "en": "abcdefghijklmnopqrstuvwxyz",
        "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئ",
        "he": "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
    }[language]
    assert set(alphabet) <= set(spelling(language).letters)
