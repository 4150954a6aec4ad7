"""Which language a text is in, and above all which it is not."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.segment.detect import ScriptFirstDetector

OURS = [
    ("en", "BREAKING: IDF STRIKES GAZA"),
    ("en", "PUTIN MEETS ERDOGAN IN SOCHI"),
    ("en", "#Gaza #Israel #ceasefire"),
    ("en", "Netanyahu, Sinwar, Haniyeh"),
    ("en", "Macron hails Berlin deal"),
    ("en", "Real Madrid beat Bayern Munich"),
    ("en", "Zelenskyy, Kim Jong Un and Erdoğan will not attend the summit"),
    ("en", "The café owner, François Müller, said the façade had been rebuilt after the fire."),
    ("ru", "Делегация ХАМАС прибыла в Москву"),
    ("ru", "МОСКВА"),
    ("ru", "СРОЧНО: ВЗРЫВ В БЕЙРУТЕ"),
    ("ru", "Microsoft, Google и Apple подали в суд на Европейскую комиссию"),
    ("ru", "Зеленский сказал «Слава Україні», после чего покинул зал и больше к журналистам не выходил."),
    ("he", "משלחת חמאס הגיעה למוסקבה"),
    ("he", "נתניהו"),
    ("he", 'ארה"ב תקפה בסוריה'),
    ("he", "Sainsbury's מתחילה בתחרות עם Boots, Superdrug ו-Debenhams ופותחת מעברים חדשים"),
    ("ar", "وصل وفد من حركة حماس إلى موسكو"),
    ("ar", "عاجل | قصف على غزة"),
    ("ar", "بوتين"),
    ("ar", "التقى الرئيس پوتين نظيره الإيراني في موسكو يوم الجمعة"),
]

NOT_OURS = [
    ("uk", "Президент України заявив, що переговори відбудуться наступного тижня."),
    ("uk", "Зеленський прибув до Києва"),
    ("uk", "Про це сказав Кулеба"),
    ("be", "Прэзідэнт Беларусі заявіў, што перамовы адбудуцца на наступным тыдні."),
    ("bg", "Президентът заяви, че преговорите ще се проведат следващата седмица."),
    ("bg", "Делегация на Хамас пристигна в Москва за разговори"),
    ("sr", "Председник је изјавио да ће преговори бити одржани следеће недеље."),
    ("mk", "Претседателот изјави дека преговорите ќе се одржат следната недела."),
    ("kk", "Қазақстан президенті келіссөздер келесі аптада өтетінін мәлімдеді."),
    ("fa", "رئیس جمهور ایران گفت که مذاکرات هفته آینده برگزار می‌شود."),
    ("fa", "رييس جمهور گفت كه مذاكرات هفته آينده در تهران برگزار مي شود"),
    ("fa", "حمله اسرائیل به غزه"),
    ("ur", "وزیر اعظم نے کہا ہے کہ مذاکرات اگلے ہفتے ہوں گے۔"),
    ("ps", "ولسمشر وویل چې خبرې به راتلونکې اونۍ کې وشي."),
    ("ckb", "سەرۆک کۆمار ڕایگەیاند کە دانوستانەکان هەفتەی داهاتوو دەبن."),
    ("yi", "דער פרעזידענט האט געזאגט אז די פארהאנדלונגען וועלן זיין קומענדיקע וואך"),
    ("yi", "דער פּרעזידענט האָט געזאָגט אַז די רייד וועלן זײַן קומענדיקע וואָך"),
    ("de", "Der Bundeskanzler ist nach Israel gereist, um mit Netanjahu zu sprechen."),
    ("fr", "Le président français s'est rendu à Jérusalem pour rencontrer le Premier ministre."),
    ("es", "El presidente del Gobierno viajó a Egipto para hablar de los rehenes."),
    ("it", "Il presidente della Repubblica ha incontrato il primo ministro."),
    ("tr", "Cumhurbaşkanı Erdoğan, Gazze'deki durum hakkında konuştu."),
    ("pl", "Prezydent spotkał się z premierem w Warszawie."),
    ("id", "Presiden mengatakan bahwa bantuan akan dikirim ke Gaza."),
    ("vi", "Tổng thống đã gặp thủ tướng tại Hà Nội hôm thứ Hai."),
    ("el", "Ο πρόεδρος δήλωσε ότι οι συνομιλίες θα συνεχιστούν"),
    ("zh", "总统表示谈判将在下周举行"),
    ("ja", "大統領は来週会談すると述べた"),
    ("ko", "대통령은 다음 주에 회담이 열릴 것이라고 말했다"),
    ("hi", "राष्ट्रपति ने कहा"),
]


@pytest.fixture(scope="module")
def detector() -> ScriptFirstDetector:
    return ScriptFirstDetector()


@pytest.mark.parametrize(("code", "text"), OURS)
def test_our_languages_are_found_in_headlines_capitals_and_names(detector, code, text):
    found = detector.detect(text)
    assert (found.code, found.is_supported) == (code, True)
    assert 0 < found.probability <= 1


@pytest.mark.parametrize(("code", "text"), NOT_OURS)
def test_a_language_that_is_not_ours_is_named_and_not_supported(detector, code, text):
    found = detector.detect(text)
    assert (found.code, found.is_supported) == (code, False)
    assert found.reason


@pytest.mark.parametrize(
    "text", ["", " \n", "123 — 456", "2,500 / 10.10.2023", "…!?", "https://example.org/news"]
)
def test_a_text_without_letters_is_undetermined(detector, text):
    found = detector.detect(text)
    assert (found.code, found.probability, found.is_supported, found.reason) == (
        "und",
        0.0,
        False,
        "no letters",
    )


def test_a_link_in_latin_letters_does_not_make_a_text_english(detector):
    assert detector.detect("Подробности: https://www.example.org/a/very/long/english/address").code == "ru"


def test_a_ukrainian_quotation_leaves_a_russian_article_russian(detector):
    article = (
        "Министр обороны сообщил, что переговоры продолжатся в пятницу. Он отметил, что стороны были близки к "
        "соглашению, но так и не подписали его. По его словам, документ передадут "
        "в парламент. «Дякую», — ответили ему."
    )
    assert detector.detect(article).code == "ru"


@pytest.mark.parametrize("text", [OURS[0][1], OURS[8][1], OURS[17][1], NOT_OURS[5][1]])
def test_another_detector_gives_the_same_answer(detector, text):
    assert ScriptFirstDetector().detect(text) == detector.detect(text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_any_text_gets_one_answer_twice(text):
    first = _SHARED.detect(text)
    assert first == _SHARED.detect(text)
    assert 0 <= first.probability <= 1
    assert first.is_supported == (first.code in {"ru", "he", "ar", "en"})


_SHARED = ScriptFirstDetector()


def test_importing_the_detector_loads_neither_library():
    code = (
        "import sys, xsource.segment.detect as d; d.ScriptFirstDetector();"
        "sys.exit(1 if {'langdetect', 'lingua'} & set(sys.modules) else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("В Рівне закрыли мост", "ru"),
        ("Взрыв прогремел у станции Київ-Волинський", "ru"),
        ("У Рівному закрили міст", "uk"),
        ("Що сталося в Одесі?", "uk"),
        ("Міст закрили", "uk"),
        ("هل أغلق الجسر فی المدینة؟", "ar"),
        ("من أعلن وقف إطلاق النار فی غزة؟", "ar"),
        ("کم قتیلا سقط فی رفح؟", "ar"),
        ("الوزیر یزور القاهرة", "ar"),
        ("این پل در شهر بسته شد", "fa"),
        ("آیا وزیر استعفا کرد", "fa"),
        ("یہ پل بند ہے", "ur"),
    ],
)
def test_a_foreign_name_or_keyboard_does_not_make_a_short_question_foreign(detector, text, code):
    assert detector.detect(text).code == code
