"""People, organisations and places in four languages, with and without capitals."""

from __future__ import annotations

import pytest
from cpu_seconds import least_cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.name_letters import name_probability
from xsource.facts.names import names
from xsource.facts.words import is_ordinary
from xsource.records import LANGUAGES

# Words as printed, kind, concept.
CASES = {
    "en": [
        (
            "Kremlin spokesman Dmitry Peskov said Russia would respond.",
            [
                ("Kremlin", "org", "org:kremlin"),
                ("Dmitry Peskov", "person", None),
                ("Russia", "place", "place:RU"),
            ],
        ),
        (
            "President Vladimir Putin met Crown Prince Mohammed bin Salman in Riyadh.",
            [
                ("Vladimir Putin", "person", None),
                ("Mohammed bin Salman", "person", None),
                ("Riyadh", "place", "place:riyadh"),
            ],
        ),
        (
            "The U.S. and the EU condemned Hezbollah.",
            [("U.S.", "place", "place:US"), ("EU", "org", "org:EU"), ("Hezbollah", "org", "org:hezbollah")],
        ),
        ("Voters will vote on Sunday.", []),
        ("They told us that it was over.", []),
        ('"We are ready," Netanyahu said.', [("Netanyahu", "unknown", None)]),
        ("The Ministry of Defence denied it.", [("Ministry of Defence", "org", None)]),
        ("Trump's lawyer Emil Bove resigned.", [("Trump", "unknown", None), ("Emil Bove", "person", None)]),
        (
            "French and German officials met J. D. Vance.",
            [("French", "place", "place:FR"), ("German", "place", "place:DE"), ("J. D. Vance", "person", None)],
        ),
        ("In May, Theresa May resigned.", [("Theresa May", "unknown", None)]),
        (
            "POLICE ARREST JOHN SMITH IN LONDON",
            [("JOHN SMITH", "person", None), ("LONDON", "place", "place:london")],
        ),
        ("The New York Times reported it.", [("New York Times", "org", "media:nytimes")]),
        (
            "Al-Qaeda claimed the attack in Kharkiv.",
            [("Al-Qaeda", "org", "org:al-qaeda"), ("Kharkiv", "place", None)],
        ),
    ],
    "ru": [
        (
            "Пресс-секретарь Кремля Дмитрий Песков заявил, что Россия ответит.",
            [
                ("Кремля", "org", "org:kremlin"),
                ("Дмитрий Песков", "person", None),
                ("Россия", "place", "place:RU"),
            ],
        ),
        (
            "Президент США Дональд Трамп встретился с Мохаммедом бин Салманом в Эр-Рияде.",
            [
                ("США", "place", "place:US"),
                ("Дональд Трамп", "person", None),
                ("Мохаммедом бин Салманом", "person", None),
                ("Эр-Рияде", "place", "place:riyadh"),
            ],
        ),
        (
            "Совет Безопасности ООН осудил ХАМАС.",
            [("Совет Безопасности ООН", "org", "org:security-council"), ("ХАМАС", "org", "org:hamas")],
        ),
        ("Избиратели проголосуют в воскресенье.", []),
        ("«Мы готовы», — сказал Нетаньяху.", [("Нетаньяху", "unknown", None)]),
        ("Об этом сообщил В. В. Путин.", [("В. В. Путин", "unknown", None)]),
        (
            "Израильские военные вошли в Рафах.",
            [("Израильские", "place", "place:IL"), ("Рафах", "place", "place:rafah")],
        ),
        ("Компания «Алмар» отрицает вину.", [("Алмар", "unknown", None)]),
        ("Рынки Китая растут.", [("Китая", "place", "place:CN")]),
        ("Росс и Рэйчел поссорились.", [("Росс", "unknown", None), ("Рэйчел", "unknown", None)]),
        (
            "Госдеп и Белый дом отказались от комментариев.",
            [("Госдеп", "org", "org:state-department"), ("Белый дом", "org", "org:white-house")],
        ),
    ],
    "ar": [
        (
            "التقى الرئيس الأمريكي دونالد ترامب ولي العهد في الرياض.",
            [
                ("الأمريكي", "place", "place:US"),
                ("دونالد ترامب", "person", None),
                ("الرياض", "place", "place:riyadh"),
            ],
        ),
        (
            "أدان مجلس الأمن الدولي حركة حماس.",
            [("مجلس الأمن الدولي", "org", "org:security-council"), ("حركة حماس", "org", "org:hamas")],
        ),
        ("سيصوت الناخبون يوم الأحد.", []),
        ("وقع الانفجار في أكتوبر.", []),
        (
            "وصل وزير الخارجية السعودي إلى القاهرة.",
            [("السعودي", "place", "place:SA"), ("القاهرة", "place", "place:cairo")],
        ),
        ("سافر الوفد للقدس أمس.", [("للقدس", "place", "place:jerusalem")]),
        (
            "قصف الجيش الإسرائيلي مدينة رفح.",
            [("الجيش الإسرائيلي", "org", "org:IDF"), ("رفح", "place", "place:rafah")],
        ),
        ("نفت شركة لانتيس ذلك.", [("لانتيس", "org", None)]),
        (
            "واتهمت إيران الولايات المتحدة.",
            [("إيران", "place", "place:IR"), ("الولايات المتحدة", "place", "place:US")],
        ),
        ("قال نتنياهو إنه مستعد.", [("نتنياهو", "unknown", None)]),
        (
            "وفي لبنان أعلن حزب الله مسؤوليته.",
            [("لبنان", "place", "place:LB"), ("حزب الله", "org", "org:hezbollah")],
        ),
        ("كتبت CNN عن ذلك.", [("CNN", "org", "media:CNN")]),
    ],
    "he": [
        (
            "דובר הקרמלין דמיטרי פסקוב אמר שרוסיה תגיב.",
            [
                ("הקרמלין", "org", "org:kremlin"),
                ("דמיטרי פסקוב", "person", None),
                ("שרוסיה", "place", "place:RU"),
            ],
        ),
        (
            'נשיא ארה"ב דונלד טראמפ נפגש עם יורש העצר בריאד.',
            [
                ('ארה"ב', "place", "place:US"),
                ("דונלד טראמפ", "person", None),
                ("בריאד", "place", "place:riyadh"),
            ],
        ),
        (
            "מועצת הביטחון גינתה את חמאס.",
            [("מועצת הביטחון", "org", "org:security-council"), ("חמאס", "org", "org:hamas")],
        ),
        ("הבוחרים יצביעו ביום ראשון.", []),
        ("הפיצוץ אירע באוקטובר.", []),
        ("שר החוץ הסעודי הגיע לקהיר.", [("הסעודי", "place", "place:SA"), ("לקהיר", "place", "place:cairo")]),
        ('צה"ל תקף ברפיח.', [('צה"ל', "org", "org:IDF"), ("ברפיח", "place", "place:rafah")]),
        ("חברת אלמר הכחישה זאת.", [("אלמר", "org", None)]),
        (
            "איראן האשימה את ארצות הברית.",
            [("איראן", "place", "place:IR"), ("ארצות הברית", "place", "place:US")],
        ),
        (
            "בלבנון הודיע חיזבאללה כי הוא אחראי.",
            [("בלבנון", "place", "place:LB"), ("חיזבאללה", "org", "org:hezbollah")],
        ),
        ("ב-CNN דווח על כך.", [("ב-CNN", "org", "media:CNN")]),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [(language, text, expected) for language, cases in CASES.items() for text, expected in cases],
)
def test_names_with_their_kind_and_concept(language, text, expected):
    assert [(name.words, name.kind, name.concept) for name in names(text, language)] == expected


def test_the_same_concept_stands_in_four_scripts():
    sentences = {
        "en": "The United Nations and Russia condemned Hamas.",
        "ru": "ООН и Россия осудили ХАМАС.",
        "ar": "أدانت الأمم المتحدة وروسيا حركة حماس.",
        "he": 'האו"ם ורוסיה גינו את חמאס.',
    }
    for language, text in sentences.items():
        assert [name.concept for name in names(text, language)] == ["org:UN", "place:RU", "org:hamas"]


def test_a_title_binds_a_person():
    (name,) = names("Mr Bone dismissed it.", "en")
    assert (name.words, name.kind, name.has_title) == ("Bone", "person", True)


def test_parts_say_which_words_are_ordinary():
    (name,) = names("It was the Foreign Minister Halkett who spoke.", "en")
    assert [(part.word, part.is_ordinary) for part in name.parts] == [("Halkett", False)]
    assert name.skeletons == ("LKT",)


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("school", "en", True),
        ("Halkett", "en", False),
        ("школами", "ru", True),
        ("Халкетт", "ru", False),
        ("والمدرسة", "ar", True),
        ("هالكيت", "ar", False),
        ("ובבית", "he", True),
        ("הלקט", "he", False),
    ],
)
def test_ordinary_words_are_known_with_their_endings_and_clitics(word, language, expected):
    assert is_ordinary(word, language) is expected


@pytest.mark.parametrize(
    ("foreign", "native", "language"),
    [
        ("أورلينكو", "تعويضا", "ar"),
        ("فيلدباوم", "منتجات", "ar"),
        ("הולינגס", "מנהיגת", "he"),
        ("אורלנקו", "דקירות", "he"),
    ],
)
def test_foreign_names_are_known_by_their_letters(foreign, native, language):
    assert name_probability(foreign, language) > 0.8
    assert name_probability(native, language) < 0.1


ANYTHING = st.text(
    st.sampled_from("aAbB1 .,'’\"-־פרש״׳بشعء٣ШаяЁ\u200f\u202e\u2066\u0301\u05b0\u064b\u0640😀«»()\n"),
    max_size=80,
)


@given(ANYTHING, st.sampled_from(LANGUAGES))
def test_mentions_slice_to_their_words_in_order_and_do_not_overlap(text, language):
    end = 0
    for name in names(text, language):
        assert text[name.start : name.end] == name.words != ""
        assert name.start >= end
        end = name.end
        assert all(text[part.start : part.end] == part.word for part in name.parts)
        assert all(name.start <= part.start and part.end <= name.end for part in name.parts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        "я",
        "",
        "1.2.3",
        "Ab " * 3333,
        "A.B" * 3333,
        "ب" * 10000,
        "א-" * 5000,
        "\u202e" * 10000,
        "Bin al " * 1400,
    ],
)
def test_long_and_hostile_sentences_are_read_in_linear_time(language, text):
    assert least_cpu_seconds(lambda: names.__wrapped__(text, language), enough=2) < 2


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="language is 'fr'"):
        names("Bonjour", "fr")
