"""Where sentences end, in four languages, and the laws that every text obeys."""

import pytest
from cpu_seconds import least_cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from xsource.records import LANGUAGES, Article
from xsource.segment.sentences import segment, split_sentences

# "|" marks where one sentence ends and the next begins.
CASES = {
    "en": [
        "Mr. Smith met Dr. Jones at 3 p.m. Friday.|They left.",
        "The U.S. Secretary of State arrived.|He met Gen. Mark Milley.",
        "He lives in the U.S.|The embassy confirmed it.",
        "It was signed in Washington, D.C.|After that, talks stopped.",
        "Prices rose 2.5 percent to $3.40.|Analysts expected 1.9.",
        "The attack on Oct. 7 killed 1,400 people.|Israel responded.",
        "J. K. Rowling and George R. R. Martin signed.|Others did not.",
        '"This is very bad," he said.|"We know."',
        '"Are you ready?" he asked.|Nobody answered.',
        '"Are you ready?" Peskov asked reporters.|Nobody answered.',
        "Really?|Yes!|Fine...|It ended.",
        "The case Roe v. Wade was decided in 1973.|It was overturned.",
        "Apple Inc. shares fell.|Amazon.com Inc.|The rest rose.",
        "(He had left.)|She stayed.",
        "Visit example.com for more.|It is free.",
        "Trump vs. Biden was close.|Ohio decided.",
        "He paid approx. 500 dollars, i.e. too much.|She laughed.",
        "See No. 10 and pp. 5.|Then stop.",
        "1. Open the door.|2. Close it.",
        "Wait … no.|Go.",
        "He came on Jan. 5.|On Feb. 6 he left.",
        "It happened in World War I.|The second was worse.",
        "“We will stay.”|“You will not.”",
        "St. Petersburg and Mt. Everest.|Both are far.",
        "The vote, e.g. in Ohio, was close.|It took days.",
        "The crater is 300 ft. deep.|Locals saw it.",
        "The wall is 300 ft.|Long queues formed.|It weighs 40 lbs.|Engineers left.",
        "He served at Ft. Worth and saw Ed. Norwood.|They met.",
    ],
    "ru": [
        "В 2018 г. Путин приехал в г. Москву.|Он выступил.",
        "Это случилось в 1999 г.|По данным ТАСС, погибли двое.",
        "А. С. Пушкин родился в Москве.|Он поэт.",
        "Ущерб — 5 млн руб. и 3 тыс. долл. США.|Это много.",
        "«Мы идём!» — сказал он.|Все ушли.",
        "«Вы готовы?» — спросил Песков.|Никто не ответил.",
        "«Мы придём».|«Когда?»",
        "Он живёт на ул. Ленина, д. 5.|Дом старый.",
        "Рост составил 2,5 процента.|Инфляция — 7.",
        "И т.д. и т.п.|Это всё.",
        "Проф. Иванов и акад. Петров, т.е. оба, согласны.|Остальные — нет.",
        "Неужели?|Да!|Ну…|Хорошо.",
        "МИД РФ (см. рис. 5) подтвердил.|Позже заявление удалили.",
        "Г-н Иванов сказал: «Нет, не сегодня».|И ушёл.",
        "Встреча прошла 27 октября.|В ней участвовали трое.",
        "Штраф 300 тыс. рублей.|Суд отказал.",
        "Завод им. Кирова закрыт.|Рабочие протестуют.",
        "В XIX в. это было нормой.|В наше время — нет.",
        "Около 10 кв. м занято.|Ещё 5 свободно.",
        "Сайт lenta.ru не работал.|Причина неизвестна.",
        "Он ушёл...|Она осталась.",
        "В 18.30 начался обстрел.|Есть раненые.",
        "Компания Apple Inc. подала иск.|Суд его принял.",
        "Ранее сообщалось о 5 погибших.|По новым данным, их семь.",
        "— Куда? — спросил он.|— Домой.",
        "Приехали Дж. Харлоу, Ж.-К. Дюваль и Эд. Норвуд.|Встреча закрыта.",
        "Роман Мих. Зорина и Дз. Такеды издан.|Тираж мал.",
        "Ущерб — 5 млн руб.|Власти начали проверку.",
        "Ранены 12 чел.|Спасатели на месте.",
        "Мощность — 120 л.с.|Машина новая.|До города 40 км.|Дорога закрыта.",
        "Выступил Си.|Власти молчат.|Приехал Ли.|Москва ответила.",
    ],
    "he": [
        'ארה"ב תקפה בסוריה.|איראן גינתה.',
        "ד״ר כהן הגיע לת״א.|הוא נאם.",
        "„אנחנו מוכנים“, אמר השר.|הוא יצא.",
        "„אתם מוכנים?“ שאל השר.|איש לא ענה.",
        '"למה?" שאלה מרתה.|היא לא ידעה.',
        "המחיר עלה ב-2.5 אחוזים.|הציבור כועס.",
        "ג. ק. רולינג חתמה.|האחרים סירבו.",
        "האמנם?|כן!|טוב...|נגמר.",
        "כ-1,400 בני אדם נהרגו ב-7 באוקטובר.|ישראל הגיבה.",
        "לפי Dr. Smith מדובר בטעות.|הוא התנצל.",
        "צה״ל אישר.|דובר צה״ל סירב להגיב.",
        "הוא אמר: „די.“|והלך.",
        "השעה 18.30 נקבעה.|איש לא בא.",
        "האתר ynet.co.il נפל.|הסיבה לא ידועה.",
        "(הוא עזב.)|היא נשארה.",
        "1. פתחו את הדלת.|2. סגרו אותה.",
        "רה״מ נפגש עם הנשיא.|הפגישה ארכה שעה.",
        "נהרגו שבעה.|נפצעו שלושים.",
        "הוא נולד ב-1950.|היא ב-1952.",
        "לא!|לא עוד.",
        "השר אמר כי „לא יהיה משא ומתן“.|חמאס הגיב.",
        "מניות Apple Inc. ירדו.|האחרות עלו.",
        "הוועדה (ר' סעיף 5) התכנסה.|ההחלטה נדחתה.",
        "מי אמר?|אף אחד.",
        "הם שבו הביתה…|השקט חזר.",
    ],
    "ar": [
        "أعلنت م.ت.ف. في رام الله موقفها.|وقال المتحدث إنه نهائي.",
        "انضم إلى ح.ش.ل. من قبل.|وكان الأول.",
        "قال د. أحمد إن الوضع خطير.|وأضاف أن المساعدات لم تصل.",
        "هل أنتم مستعدون؟|لا.",
        "وصل الوفد إلى موسكو؛ ثم التقى الوزير.|ولم يصدر بيان.",
        "ارتفعت الأسعار 2.5 في المئة.|وتراجعت الأسهم.",
        "«لن نغادر»، قال المتحدث.|وانسحب الوفد.",
        '"لن نغادر."|"بل ستغادرون."',
        "ج. ك. رولينغ وقعت.|ورفض الآخرون.",
        "نعم!|بالتأكيد...|انتهى الأمر.",
        "قتل 1,400 شخص في 7 أكتوبر.|وردت إسرائيل.",
        "قال الوزير: \"انتهينا.\"|ثم خرج.",
        "بدأ القصف عند 18.30 مساء.|وسقط جرحى.",
        "تعطل موقع aljazeera.net أمس.|السبب مجهول.",
        "أعلن أ.د. خالد النتائج.|لم يعترض أحد.",
        "(غادر الرجل.)|وبقيت زوجته.",
        "1. افتح الباب.|2. أغلقه.",
        "من قال ذلك؟|لا أحد.",
        "بلغ العدد ١٬٤٠٠ قتيل.|والجرحى ٣٫٥ آلاف.",
        "انخفضت أسهم Apple Inc. قليلا.|وارتفعت البقية.",
        "عاد السكان إلى بيوتهم…|وساد الهدوء.",
        "نفى الكرملين ذلك.|وأكدت تاس الخبر.",
        "يقع في ص. 5 من الكتاب.|انظر إليه.",
        "سأل: هل من جديد؟|فأجاب: كلا.",
        "ولد عام 1950.|ومات عام 2001.",
        "«هل تقبلون؟»|«نعم».",
        "توقف إطلاق النار.|لكن القصف استؤنف.",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "marked"), [(code, case) for code, each in CASES.items() for case in each]
)
def test_sentences_end_where_a_reader_ends_them(language, marked):
    expected = marked.split("|")
    text = " ".join(expected)
    assert [text[a:b] for a, b in split_sentences(text, language)] == expected


# No space behind the full stop; "|" as above, and nothing else is between the sentences.
GLUED = {
    "en": [
        "The bridge fell.|Four people died.",
        "He refused.|“We stay,” she said.|NATO agreed.|The vote is in May.",
        'It fell.|"We are sorry," he said.',
        "They came in 2024.|Nobody knew.|Really?|Yes.",
        "See Booking.Com and www.example.com.The U.S.Secretary left.",
        "It closed 12 schools.|15 others stayed open.",
    ],
    "ru": [
        "Погибли 29 человек.|Напомним, взрыв прогремел утром.",
        "«Мы уходим».|Так он сказал в РФ.|Власти молчат.",
        "Сайт Top.Mail.Ru и Яндекс.Такси не работали в г.Москва на ул.Ленина.",
        "Почему?|Никто не знает.|В городе тихо.",
    ],
    "he": ["הגשר קרס.|ארבעה נהרגו.", "צה״ל אישר.|הדובר סירב.", "האתר ynet.co.il נפל ב-18.30 אצל ד.כהן."],
    "ar": [
        "وصل الوفد إلى موريندا.|وذكرت الصحف ذلك.",
        "قال «لن نغادر».|وانسحب.",
        "أعلن أ.د.خالد موقف م.ت.ف في رام الله.",
    ],
}


@pytest.mark.parametrize(
    ("language", "marked"), [(code, case) for code, each in GLUED.items() for case in each]
)
def test_a_sentence_ends_where_the_space_behind_its_full_stop_was_lost(language, marked):
    expected = marked.split("|")
    text = "".join(expected)
    assert [text[a:b] for a, b in split_sentences(text, language)] == expected


def test_a_blank_line_always_ends_a_sentence():
    assert _texts("Headline without a stop\n\nbody goes on") == ["Headline without a stop", "body goes on"]


def test_a_single_line_break_ends_a_sentence_unless_the_line_was_wrapped():
    assert _texts("ЗАГОЛОВОК\nТекст статьи.", "ru") == ["ЗАГОЛОВОК", "Текст статьи."]
    assert _texts("The minister said that\nthe talks had failed.") == [
        "The minister said that\nthe talks had failed."
    ]
    assert _texts("أعلن الوزير،\nأمس، النتائج.", "ar") == ["أعلن الوزير،\nأمس، النتائج."]


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        ("en", "Russia defends decision to invite Hamas", "Russia on Friday defended its decision."),
        ("ru", "Россия защищает решение пригласить ХАМАС", "В пятницу Кремль ответил на критику."),
        ("he", "רוסיה מגינה על הזמנת חמאס", "הקרמלין השיב ביום שישי לביקורת."),
        ("ar", "روسيا تدافع عن دعوة حماس", "رد الكرملين يوم الجمعة على الانتقادات."),
        ("en", "Is it war? Moscow says no", "The Kremlin answered on Friday."),
    ],
)
def test_a_repeated_headline_is_a_sentence_of_its_own(language, title, body):
    text = f"{title} {body}"
    assert [text[a:b] for a, b in split_sentences(text, language, title)] == [title, body]


def test_a_title_that_is_the_subject_of_the_first_sentence_is_no_boundary():
    assert _texts("Vladimir Putin said no.", title="Vladimir Putin") == ["Vladimir Putin said no."]
    text = "Kremlin spokesman Dmitry Peskov said no."
    assert _texts(text, title="Kremlin spokesman Dmitry Peskov") == [text]


def test_an_article_becomes_sentences_that_slice_back_with_stable_ids():
    text = "وصل الوفد إلى موسكو. هل يعود غدا؟"
    article = Article(Article.identify("o", "u", text), "o", "u", "", text, "ar", 1.0, None)
    first = segment(article)
    assert [(s.position, s.text, s.is_claim, s.claim_reason) for s in first] == [
        (0, "وصل الوفد إلى موسكو.", True, "states something"),
        (1, "هل يعود غدا؟", False, "question"),
    ]
    assert all(text[s.start : s.end] == s.text for s in first)
    assert segment(article) == first
    assert len({s.id for s in first}) == 2


_PIECES = st.sampled_from(
    [*" .!?…؟\n\"'»«“”„()-—", "Mr.", "г.", " ", "\n\n", "ה", "د.", "A", "b", "7",
     "2.5", "Слово", "שלום", "قال", "U.S.",
     "\u200f", "\u00a0", "he asked", "The"]
)  # fmt: skip
_TEXTS = st.one_of(st.lists(_PIECES, max_size=40).map("".join), st.text(max_size=60))


@given(_TEXTS, st.sampled_from(LANGUAGES))
def test_spans_are_ordered_trimmed_and_cover_all_that_is_not_white_space(text, language):
    at = 0
    for start, end in split_sentences(text, language):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@given(_TEXTS, st.sampled_from(LANGUAGES))
def test_splitting_a_sentence_again_changes_nothing(text, language):
    for start, end in split_sentences(text, language):
        assert split_sentences(text[start:end], language) == ((0, end - start),)


@pytest.mark.parametrize("unit", [".", '."', "a. ", "А. Б. ", "\n", " ", "?! ", "word ", "... ", '" '])
def test_ten_times_the_text_takes_about_ten_times_as_long(unit):
    def seconds(size: int) -> float:
        text = (unit * size)[:size]
        return least_cpu_seconds(lambda: split_sentences(text, "ru"), runs=3)

    small, large = seconds(30_000), seconds(300_000)
    assert large < max(40 * small, 0.3)


def _texts(text: str, language: str = "en", title: str = "") -> list[str]:
    return [text[a:b] for a, b in split_sentences(text, language, title)]
