"""Words that differ with the outlet, in four languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.naming import loaded_terms
from xsource.records import LANGUAGES

# Sentence, and what is found in it: words as printed, family, senses.
CASES = {
    "en": [
        ("Terrorists came to the gate.", [("Terrorists", "fighters", "terrorists")]),
        ("The militant group denied it.", [("militant", "fighters", "militants")]),
        ("Gunmen stormed the hotel.", [("Gunmen", "fighters", "militants")]),
        ("Rebels hold the town.", [("Rebels", "fighters", "militants")]),
        ("Resistance fighters hold the town.", [("Resistance fighters", "fighters", "resistance")]),
        ("Palestinian factions met in Cairo.", [("factions", "fighters", "factions")]),
        ("He was murdered at home.", [("murdered", "killing", "murdered")]),
        ("He was killed at home.", [("killed", "killing", "killed")]),
        ("The martyr was buried.", [("martyr", "killing", "martyred")]),
        ("The commander was liquidated.", [("liquidated", "killing", "neutralised")]),
        ("The war began in February.", [("war", "war", "war")]),
        ("The special military operation began.", [("special military operation", "war", "operation")]),
        ("They condemned the aggression.", [("aggression", "war", "aggression")]),
        ("The occupied territories were closed.", [("occupied territories", "land", "occupied")]),
        ("The disputed area was closed.", [("disputed", "land", "disputed")]),
        ("Judea and Samaria were closed.", [("Judea and Samaria", "land", "own")]),
        ("The security barrier was extended.", [("security barrier", "barrier", "fence")]),
        ("The apartheid wall was extended.", [("apartheid wall", "barrier", "wall")]),
        ("Settlers blocked the road.", [("Settlers", "settlements", "settlements")]),
        ("The hostages came home.", [("hostages", "captives", "hostages")]),
        ("The prisoners came home.", [("prisoners", "captives", "prisoners")]),
        ("The regime rejected the plan.", [("regime", "power", "regime")]),
        ("The government rejected the plan.", [("government", "power", "government")]),
        ("Rioters filled the square.", [("Rioters", "protest", "riot")]),
        ("Protesters filled the square.", [("Protesters", "protest", "protest")]),
        ("The coup failed.", [("coup", "takeover", "coup")]),
        ("Illegal migrants crossed the river.", [("Illegal migrants", "migrants", "illegals")]),
        ("The occupation forces withdrew.", [("occupation forces", "forces", "occupation")]),
        ("The terror attack shook the city.", [("terror attack", "attack", "terror")]),
        ("The walls of the museum were painted.", []),
    ],
    "ru": [
        ("Террористы захватили здание.", [("Террористы", "fighters", "terrorists")]),
        ("Боевики захватили здание.", [("Боевики", "fighters", "militants")]),
        ("Повстанцы отступили.", [("Повстанцы", "fighters", "militants")]),
        ("Бойцы сопротивления отступили.", [("Бойцы сопротивления", "fighters", "resistance")]),
        ("Моджахеды отступили.", [("Моджахеды", "fighters", "resistance")]),
        ("Погибли девять человек.", [("Погибли", "killing", "killed")]),
        ("Девять человек убиты.", [("убиты", "killing", "killed murdered")]),
        ("Командир ликвидирован.", [("ликвидирован", "killing", "neutralised")]),
        ("Его назвали мучеником.", [("мучеником", "killing", "martyred")]),
        ("Война началась в феврале.", [("Война", "war", "war")]),
        ("Спецоперация началась в феврале.", [("Спецоперация", "war", "operation")]),
        ("Специальная военная операция продолжается.", [("Специальная военная операция", "war", "operation")]),
        ("Они осудили агрессию.", [("агрессию", "war", "aggression")]),
        ("Это агрессивный тон.", []),
        ("Оккупированные районы закрыты.", [("Оккупированные", "land", "occupied")]),
        ("Спорные территории закрыты.", [("Спорные территории", "land", "disputed")]),
        ("Новые регионы голосуют.", [("Новые регионы", "land", "own")]),
        ("Поселенцы перекрыли дорогу.", [("Поселенцы", "settlements", "settlements")]),
        ("Заложники вернулись.", [("Заложники", "captives", "hostages")]),
        ("Пленные вернулись.", [("Пленные", "captives", "prisoners")]),
        ("Киевский режим отказался.", [("Киевский режим", "power", "regime")]),
        ("Правительство отказалось.", [("Правительство", "power", "government")]),
        ("Погромщики вышли на площадь.", [("Погромщики", "protest", "riot")]),
        ("Демонстранты вышли на площадь.", [("Демонстранты", "protest", "protest")]),
        ("Попытка переворота провалилась.", [("переворота", "takeover", "coup")]),
        ("Нелегальные мигранты перешли реку.", [("Нелегальные мигранты", "migrants", "illegals")]),
        ("Оккупанты отошли.", [("Оккупанты", "forces", "occupation")]),
        ("Теракт потряс город.", [("Теракт", "attack", "terror")]),
        ("Стены музея покрасили.", []),
    ],
    "he": [
        ("המחבלים הגיעו לשער.", [("המחבלים", "fighters", "terrorists")]),
        ("ארגון הטרור הכחיש.", [("ארגון הטרור", "fighters", "terrorists")]),
        ("חמושים הגיעו לשער.", [("חמושים", "fighters", "militants")]),
        ("המורדים נסוגו.", [("המורדים", "fighters", "militants")]),
        ("לוחמי ההתנגדות נסוגו.", [("לוחמי ההתנגדות", "fighters", "resistance")]),
        ("הפלגים נפגשו בקהיר.", [("הפלגים", "fighters", "factions")]),
        ("הוא נרצח בביתו.", [("נרצח", "killing", "murdered")]),
        ("הוא נהרג בביתו.", [("נהרג", "killing", "killed")]),
        ("שנהרגו בגבול", [("שנהרגו", "killing", "killed")]),
        ("השהיד נקבר.", [("השהיד", "killing", "martyred")]),
        ("המפקד חוסל.", [("חוסל", "killing", "neutralised")]),
        ("המלחמה החלה בפברואר.", [("המלחמה", "war", "war")]),
        ("המבצע הצבאי המיוחד החל.", [("המבצע הצבאי המיוחד", "war", "operation")]),
        ("הם גינו את התוקפנות.", [("התוקפנות", "war", "aggression")]),
        ("השטחים הכבושים נסגרו.", [("השטחים הכבושים", "land", "occupied")]),
        ("הגדה המערבית נסגרה.", [("הגדה המערבית", "land", "disputed")]),
        ("יהודה ושומרון נסגרו.", [("יהודה ושומרון", "land", "own")]),
        ("גדר ההפרדה הוארכה.", [("גדר ההפרדה", "barrier", "fence")]),
        ("חומת האפרטהייד הוארכה.", [("חומת האפרטהייד", "barrier", "wall")]),
        ("המתנחלים חסמו את הכביש.", [("המתנחלים", "settlements", "settlements")]),
        ("המתיישבים חסמו את הכביש.", [("המתיישבים", "settlements", "communities")]),
        ("החטופים שבו.", [("החטופים", "captives", "hostages")]),
        ("האסירים שבו.", [("האסירים", "captives", "prisoners")]),
        ("הפורעים מילאו את הכיכר.", [("הפורעים", "protest", "riot")]),
        ("המפגינים מילאו את הכיכר.", [("המפגינים", "protest", "protest")]),
        ("ההפיכה נכשלה.", [("ההפיכה", "takeover", "coup")]),
        ("המסתננים חצו את הנהר.", [("המסתננים", "migrants", "illegals")]),
        ("הפיגוע זעזע את העיר.", [("הפיגוע", "attack", "terror attack")]),
        ("קירות המוזיאון נצבעו.", []),
    ],
    "ar": [
        ("وصل الإرهابيون إلى البوابة.", [("الإرهابيون", "fighters", "terrorists")]),
        ("وصل المسلحون إلى البوابة.", [("المسلحون", "fighters", "militants")]),
        ("انسحب المتمردون.", [("المتمردون", "fighters", "militants")]),
        ("انسحبت فصائل المقاومة.", [("فصائل المقاومة", "fighters", "resistance")]),
        ("اجتمعت الفصائل في القاهرة.", [("الفصائل", "fighters", "factions")]),
        ("انسحب المجاهدون.", [("المجاهدون", "fighters", "resistance")]),
        ("قتل الرجل في بيته.", [("قتل", "killing", "killed murdered")]),
        ("لقي الرجل مصرعه.", []),
        ("لقوا مصرعهم في البيت.", [("لقوا مصرعهم", "killing", "killed")]),
        ("اغتيل الرجل في بيته.", [("اغتيل", "killing", "murdered")]),
        ("استشهد الرجل في بيته.", [("استشهد", "killing", "martyred")]),
        ("دفن الشهيد أمس.", [("الشهيد", "killing", "martyred")]),
        ("تم تحييد القائد.", [("تم تحييد", "killing", "neutralised")]),
        ("بدأت الحرب في شباط.", [("الحرب", "war", "war")]),
        ("بدأت العملية العسكرية الخاصة.", [("العملية العسكرية الخاصة", "war", "operation")]),
        ("أدانوا العدوان.", [("العدوان", "war", "aggression")]),
        ("أغلقت الأراضي المحتلة.", [("الأراضي المحتلة", "land", "occupied")]),
        ("أغلقت الضفة الغربية.", [("الضفة الغربية", "land", "disputed")]),
        ("تم تمديد جدار الفصل العنصري.", [("جدار الفصل العنصري", "barrier", "wall")]),
        ("تم تمديد السياج الأمني.", [("السياج الأمني", "barrier", "fence")]),
        ("أغلق المستوطنون الطريق.", [("المستوطنون", "settlements", "settlements")]),
        ("أغلق المستعمرون الطريق.", [("المستعمرون", "settlements", "colonies")]),
        ("عاد الرهائن.", [("الرهائن", "captives", "hostages")]),
        ("عاد الأسرى.", [("الأسرى", "captives", "prisoners")]),
        ("ملأ المتظاهرون الساحة.", [("المتظاهرون", "protest", "protest")]),
        ("وقعت أعمال شغب في الساحة.", [("أعمال شغب", "protest", "riot")]),
        ("فشل الانقلاب.", [("الانقلاب", "takeover", "coup")]),
        ("انسحبت قوات الاحتلال.", [("قوات الاحتلال", "forces", "occupation")]),
        ("انسحب الجيش الإسرائيلي.", [("الجيش الإسرائيلي", "forces", "army")]),
        ("هز الهجوم الإرهابي المدينة.", [("الهجوم الإرهابي", "attack", "terror")]),
        ("دهنت جدران المتحف.", []),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "expected"), [(code, *case) for code, cases in CASES.items() for case in cases]
)
def test_listed_words_are_found_with_their_family_and_sense(language, text, expected):
    found = [(term.words, term.family, " ".join(term.senses)) for term in loaded_terms(text, language)]
    assert found == expected


def test_a_word_that_leaves_it_open_has_both_stances():
    (term,) = loaded_terms("Девять человек убиты.", "ru")
    assert term.stances == {"plain", "condemns"}


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="language is 'de'"):
        loaded_terms("Der Krieg", "de")


@given(st.text(max_size=120), st.sampled_from(LANGUAGES))
def test_every_term_slices_to_its_words(text, language):
    for term in loaded_terms(text, language):
        assert text[term.start : term.end] == term.words
        assert term.senses
