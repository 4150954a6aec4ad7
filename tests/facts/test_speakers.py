"""Who says a sentence when a neighbouring one tells, and when nobody says anything."""

from __future__ import annotations

import pytest

from xsource.facts.attribution import attributions, back_reference
from xsource.facts.speakers import speakers


def named(sentences, language):
    found = speakers(sentences, language)
    return [None if each is None else (each.sentence, each.attribution.source) for each in found]


@pytest.mark.parametrize(
    ("language", "sentences", "source"),
    [
        ("ru", ["Погибли четыре человека.", "Об этом сообщил министр транспорта."], "министр транспорта"),
        ("en", ["Four people died.", "This was reported by the transport minister."], "the transport minister"),
        ("he", ["ארבעה בני אדם נהרגו.", "כך מסרה המשטרה."], "המשטרה"),
        ("ar", ["قتل أربعة أشخاص.", "هذا ما أعلنه وزير النقل."], "وزير النقل"),
    ],
)
def test_the_next_sentence_names_the_source(language, sentences, source):
    assert named([*sentences, "."], language)[0] == (1, source)


@pytest.mark.parametrize(
    ("language", "sentences", "source"),
    [
        ("en", ["“It is not easy.", "At the moment we are searching…” said Samer."], "Samer"),
        ("ru", ["«Это непросто.", "Мы ищем», — сказал Самер."], "Самер"),
        ("he", ['"זה לא קל.', 'אנחנו מחפשים", אמר סאמר.'], "סאמר"),
        ("ar", ["قال سامر: «الأمر ليس سهلا.", "نحن نبحث»."], "سامر"),
    ],
)
def test_a_quotation_of_several_sentences_keeps_its_speaker(language, sentences, source):
    assert {each[1] for each in named(sentences, language) if each} == {source}
    assert None not in named(sentences, language)


def test_a_quotation_of_one_sentence_lends_its_speaker_to_no_other():
    assert named(["“It is hard,” said Samer.", "The bridge was closed."], "en") == [(0, "Samer"), None]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Мост построили в прошлом веке."),
        ("en", "This is the bridge of the old town."),
        ("ru", "Об этом мосте написано много книг, и каждая рассказывает свою историю."),
    ],
)  # fmt: skip
def test_a_plain_sentence_refers_to_nobody(language, text):
    assert back_reference(text, language) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Мэр не заявлял, что мост закрыт."),
        ("en", "The mayor did not say that the bridge was closed."),
        ("en", "The mayor didn’t say that the bridge was closed."),
        ("he", "ראש העיר לא אמר כי הגשר נסגר."),
        ("ar", "لم يقل رئيس البلدية إن الجسر مغلق."),
    ],
)
def test_who_did_not_say_says_nothing(language, text):
    assert attributions(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text", "source"),
    [
        ("en", "The mayor said that the bridge was not closed.", "The mayor"),
        ("ru", "Мэр заявил, что мост не закрыт.", "Мэр"),
        ("he", "ראש העיר אמר כי הגשר לא נסגר.", "ראש העיר"),
        ("ar", "قال رئيس البلدية إن الجسر ليس مغلقا.", "رئيس البلدية"),
    ],
)
def test_a_denial_behind_the_verb_leaves_the_speaker(language, text, source):
    assert [each.source for each in attributions(text, language)] == [source]
