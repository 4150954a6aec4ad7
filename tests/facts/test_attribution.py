"""Who says it: sources, the words that attribute, and chains, in four languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.attribution import attributions, source_kinds
from xsource.records import LANGUAGES

# Sentence, then for each source from the outermost: manner, source, words that attribute.
CASES = {
    "en": [
        ("Peskov said that the talks had ended.", [("says", "Peskov", "said")]),
        ("The talks had ended, Peskov said.", [("says", "Peskov", "said")]),
        ("“This is very bad,” said Peskov.", [("says", "Peskov", "said")]),
        ("The talks had ended, according to two officials.", [("according", "two officials", "according to")]),
        ("According to the ministry, talks had ended.", [("according", "the ministry", "According to")]),
        ("The ministry claims that the talks had ended.", [("claims", "The ministry", "claims")]),
        ("The ministry denied that the talks had ended.", [("denies", "The ministry", "denied")]),
        ("Officials in Gaza say more than 7,000 have been killed.", [("says", "Officials in Gaza", "say")]),
        ("The general told reporters that it was over.", [("says", "The general", "told reporters")]),
        (
            "The TASS news agency, citing embassy sources, said talks had ended.",
            [("says", "The TASS news agency", "citing"), ("cites", "embassy sources", "citing")],
        ),
        (
            "Talks had ended, TASS said, citing embassy sources.",
            [("says", "TASS", "said"), ("cites", "embassy sources", "citing")],
        ),
        ("Talks had ended, the police added.", [("says", "the police", "added")]),
        ("Witnesses reported that shots were fired.", [("says", "Witnesses", "reported")]),
        ("Documents show that the plan was old.", [("says", "Documents", "show")]),
        ("The bridge was closed on Monday.", []),
        ("The two sides met in Cairo.", []),
    ],
    "ru": [
        ("Песков заявил, что переговоры завершены.", [("says", "Песков", "заявил")]),
        ("Переговоры завершены, заявил Песков.", [("says", "Песков", "заявил")]),
        ("«Это очень плохо», — сказал Песков.", [("says", "Песков", "сказал")]),
        ("По данным министерства, переговоры завершены.", [("according", "министерства", "По данным")]),
        ("По словам Пескова, переговоры завершены.", [("according", "Пескова", "По словам")]),
        ("Согласно документам, план был старым.", [("according", "документам", "Согласно")]),
        ("В министерстве утверждают, что всё готово.", [("claims", "В министерстве", "утверждают")]),
        ("Министерство опровергло, что переговоры завершены.", [("denies", "Министерство", "опровергло")]),
        ("Как сообщил представитель Кремля, всё готово.", [("says", "представитель Кремля", "сообщил")]),
        ("Погибли 12 человек, сообщили местные власти.", [("says", "местные власти", "сообщили")]),
        (
            "ТАСС сообщил со ссылкой на источники в посольстве, что переговоры завершены.",
            [("says", "ТАСС", "сообщил"), ("cites", "источники в посольстве", "со ссылкой на")],
        ),
        (
            "Заложников не освободят, заявил “Ъ” член делегации Абу Хамид.",
            [("says", "член делегации Абу Хамид", "заявил")],
        ),
        ("Очевидцы рассказали, что слышали выстрелы.", [("says", "Очевидцы", "рассказали")]),
        ("По мнению экспертов, ущерб велик.", [("according", "экспертов", "По мнению")]),
        ("Мост закрыли в понедельник.", []),
        ("Стороны встретились в Каире.", []),
    ],
    "he": [
        ("פסקוב אמר כי השיחות הסתיימו.", [("says", "פסקוב", "אמר")]),
        ("השיחות הסתיימו, אמר פסקוב.", [("says", "פסקוב", "אמר")]),
        ('"זה רע מאוד", אמר פסקוב.', [("says", "פסקוב", "אמר")]),
        ("לדברי פסקוב, השיחות הסתיימו.", [("according", "פסקוב", "לדברי")]),
        ("לפי המשטרה, האיש נמלט.", [("according", "המשטרה", "לפי")]),
        ("השיחות הסתיימו, על פי שני מקורות.", [("according", "שני מקורות", "על פי")]),
        ("המשרד טוען כי השיחות הסתיימו.", [("claims", "המשרד", "טוען")]),
        ("המשרד הכחיש כי השיחות הסתיימו.", [("denies", "המשרד", "הכחיש")]),
        ("12 אזרחים נהרגו, מסרו הרשויות המקומיות.", [("says", "הרשויות המקומיות", "מסרו")]),
        ("סוכנות הידיעות טאס דיווחה כי השיחות הסתיימו.", [("says", "סוכנות הידיעות טאס", "דיווחה")]),
        (
            "השיחות הסתיימו, דיווחה הסוכנות מפי מקורות בשגרירות.",
            [("says", "הסוכנות", "דיווחה"), ("cites", "מקורות בשגרירות", "מפי")],
        ),
        ("פיצוץ אירע בנמל, הודיע משרד הפנים.", [("says", "משרד הפנים", "הודיע")]),
        ("עדי ראייה סיפרו כי נשמעו יריות.", [("says", "עדי ראייה", "סיפרו")]),
        ("מומחים סבורים כי הנזק רב.", [("says", "מומחים", "סבורים")]),
        ("הגשר נסגר ביום שני.", []),
        ("הצדדים נפגשו בקהיר.", []),
    ],
    "ar": [
        ("قال بيسكوف إن المحادثات انتهت.", [("says", "بيسكوف", "قال")]),
        ("وقال المتحدث باسم الكرملين إن المحادثات انتهت.", [("says", "المتحدث باسم الكرملين", "وقال")]),
        ("بيسكوف قال إن المحادثات انتهت.", [("says", "بيسكوف", "قال")]),
        ("«هذا أمر سيئ جدا»، قال بيسكوف.", [("says", "بيسكوف", "قال")]),
        ("انتهت المحادثات، بحسب مسؤولين.", [("according", "مسؤولين", "بحسب")]),
        ("وفقا لوزارة الدفاع، انتهت المحادثات.", [("according", "لوزارة الدفاع", "وفقا")]),
        ("زعمت الوزارة أن المحادثات انتهت.", [("claims", "الوزارة", "زعمت")]),
        ("نفت الوزارة أن تكون المحادثات انتهت.", [("denies", "الوزارة", "نفت")]),
        ("وأضاف بيسكوف أن الضربات ستزيد التوتر.", [("says", "بيسكوف", "وأضاف")]),
        (
            "ونقلت صحيفة كوميرسانت عن أبي حامد قوله إن الحركة لا تستطيع ذلك.",
            [("says", "صحيفة كوميرسانت", "ونقلت"), ("cites", "أبي حامد", "عن")],
        ),
        (
            "انتهت المحادثات، وفق ما نقلته الوكالة عن مصادر في السفارة.",
            [("says", "الوكالة", "وفق ما نقلته"), ("cites", "مصادر في السفارة", "عن")],
        ),
        ("وأفاد شهود عيان بأن إطلاق نار وقع.", [("says", "شهود عيان", "وأفاد")]),
        ("وقتل 12 مدنيا، بحسب السلطات المحلية.", [("according", "السلطات المحلية", "بحسب")]),
        ("ويقول مسؤولون في غزة إن سبعة آلاف قتلوا.", [("says", "مسؤولون في غزة", "ويقول")]),
        ("أغلق الجسر الاثنين.", []),
        ("التقى الجانبان في القاهرة.", []),
    ],
}  # fmt: skip

# One kind of source, as each language names it.
SOURCES = {
    "police": {"en": "the police", "ru": "полиция", "he": "המשטרה", "ar": "الشرطة"},
    "hospital": {"en": "doctors at the hospital", "ru": "врачи", "he": "הרופאים", "ar": "أطباء"},
    "ministry": {"en": "the foreign ministry", "ru": "министерство", "he": "משרד החוץ", "ar": "وزارة الخارجية"},
    "army": {"en": "the army", "ru": "армия", "he": 'דובר צה"ל', "ar": "الجيش"},
    "witnesses": {"en": "eyewitnesses", "ru": "очевидцы", "he": "עדי ראייה", "ar": "شهود عيان"},
    "court": {"en": "the court", "ru": "суд", "he": "בית המשפט", "ar": "المحكمة"},
    "prosecutors": {"en": "prosecutors", "ru": "прокуратура", "he": "הפרקליטות", "ar": "النيابة"},
    "experts": {"en": "experts", "ru": "эксперты", "he": "מומחים", "ar": "خبراء"},
    "un": {"en": "the United Nations", "ru": "представители ООН", "he": 'האו"ם', "ar": "الأمم المتحدة"},
    "lawyer": {"en": "her lawyer", "ru": "её адвокат", "he": "עורך הדין שלה", "ar": "محاميها"},
}  # fmt: skip
FRAMES = {
    "en": ("The road is closed, {} said.", "According to {}, the road is closed."),
    "ru": ("Дорога закрыта, сообщает {}.", "Дорога, как сообщает {}, закрыта."),
    "he": ("הכביש סגור, אמרו {}.", "לפי {}, הכביש סגור."),
    "ar": ("الطريق مغلق، بحسب {}.", "وفق {}، الطريق مغلق."),
}


@pytest.mark.parametrize(
    ("language", "text", "expected"), [(code, *case) for code, cases in CASES.items() for case in cases]
)
def test_sources_are_found_with_the_words_that_attribute(language, text, expected):
    named = [
        (each.manner, each.source, each.cue)
        for outer in attributions(text, language)
        for each in outer.chain
        if not each.is_unnamed
    ]
    assert named == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SOURCES)
def test_a_kind_of_source_is_told_in_every_language(language, kind):
    for frame in FRAMES[language]:
        (found,) = attributions(frame.format(SOURCES[kind][language]), language)
        assert found.source == SOURCES[kind][language]
        assert kind in found.kinds
        assert found.is_framed


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The mayor declared two days of mourning."),
        ("en", "His cousin found him dead."),
        ("ru", "Президент объявил траур."),
        ("he", "ראש העיר הכריזה על אבל."),
        ("ar", "وأعلنت رئيسة البلدية الحداد."),
    ],
)
def test_an_act_of_speech_does_not_attribute_a_statement(language, text):
    assert not any(each.is_framed for each in attributions(text, language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He said that it was over."),
        ("ru", "Он сказал, что всё кончено."),
        ("he", "הוא אמר כי הכול נגמר."),
        ("ar", "وقال: «انتهى الأمر»."),
    ],
)
def test_a_pronoun_names_nobody(language, text):
    (found,) = attributions(text, language)
    assert found.is_unnamed


def test_kinds_are_found_wherever_a_sentence_mentions_them():
    assert source_kinds("Полицейские доставили его в больницу.", "ru") >= {"police", "hospital"}


@given(st.text(max_size=150), st.sampled_from(LANGUAGES))
def test_spans_slice_to_their_words(text, language):
    for outer in attributions(text, language):
        for each in outer.chain:
            assert text[each.start : each.end] == each.source
            assert text[each.cue_start : each.cue_end] == each.cue


@pytest.mark.parametrize("unit", ["said ", ", said ", "according to ", "citing x, ", '" ', "1.2.3 ", "\u202b"])
def test_a_hostile_sentence_of_ten_thousand_characters_is_read(unit):
    text = (unit * 10_000)[:10_000]
    assert all(text[each.start : each.end] == each.source for each in attributions(text, "en"))
