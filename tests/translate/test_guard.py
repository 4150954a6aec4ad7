"""The guard on sentences in four languages: what is faulty, what is right, and what only looks faulty."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.records import LANGUAGES
from xsource.translate.guard import check_translation

MERKEL_RU = "Ангела Меркель прибыла в Берлин 12 марта, сообщил представитель правительства Штеффен Зайберт."
MERKEL_EN = "Angela Merkel arrived in Berlin on 12 March, government spokesman Steffen Seibert said."


def case(name, source, source_language, text, target_language, *warnings):
    return pytest.param(source, source_language, text, target_language, warnings, id=name)


@pytest.mark.parametrize(
    ("source", "source_language", "text", "target_language", "warnings"),
    [
        # Nothing to say of what is right.
        case("right-ru", MERKEL_RU, "ru", MERKEL_EN, "en"),
        case(
            "right-he", "בהפגנה השתתפו כ-2,500 איש.", "he", "About 2,500 people took part in the protest.", "en"
        ),
        case(
            "right-ar",
            "قُتل 12 شخصا وأصيب 30 آخرون.",
            "ar",
            "12 people were killed and 30 others wounded.",
            "en",
        ),
        case("right-en-ru", "He left at 6 pm on 3 May 2021.", "en", "Он уехал в 18:00 3 мая 2021 года.", "ru"),
        case("right-he-ar", "12 בני אדם נהרגו.", "he", "قُتل 12 شخصا.", "ar"),
        # Words for digits, other ways of writing one number, units that were converted.
        case("words-for-digits", "Погибли 12 человек.", "ru", "Twelve people died.", "en"),
        case("digits-for-words", "Погибли двенадцать человек.", "ru", "12 people died.", "en"),
        case("decimal-comma", "Выросло на 2,5 процента.", "ru", "It grew by 2.5 percent.", "en"),
        case("thousands", "Эвакуированы 2,5 тысячи человек.", "ru", "Some 2,500 people were evacuated.", "en"),
        case("arabic-digits", "نزح ٥٫٥ مليون شخص.", "ar", "Some 5.5 million people were displaced.", "en"),
        case("half", "Проголосовали 50 % жителей.", "ru", "Half of the residents voted.", "en"),
        case("feet", "Волна высотой 6 метров.", "ru", "A wave 20 feet high.", "en"),
        case("fahrenheit", "Было 20 °C.", "ru", "It was 68 °F.", "en"),
        case("weeks", "Через 2 недели.", "ru", "In 14 days.", "en"),
        case("clock", "Взрыв прогремел в 6:40 вечера.", "ru", "The explosion came at 18:40.", "en"),
        case("said-again", "В 2003 году он ушёл.", "ru", "In 2003 he left his 2003 job.", "en"),
        # What stands in words that the grammar of quantities leaves alone.
        case("arabic-decade", "في الثمانينيات قاد الحملة.", "ar", "In the 1980s he led the campaign.", "en"),
        case("arabic-decade-short", "شهدت التسعينات هجرة.", "ar", "The 1990s saw emigration.", "en"),
        case(
            "arabic-decade-other",
            "في الثمانينيات قاد الحملة.",
            "ar",
            "In the 1970s he led it.",
            "en",
            "number not in the source: 1970",
        ),
        case("roman-ordinal", "Собор построили в XV-м веке.", "ru", "It was built in the 15th century.", "en"),
        case("roman-ordinal-nine", "Музей XIX-го века.", "ru", "A museum of the 19th century.", "en"),
        case("fused-age", "Двадцатипятилетний мужчина задержан.", "ru", "A 25-year-old man is held.", "en"),
        case("anniversary", "Стопятидесятилетие города.", "ru", "The city's 150th anniversary.", "en"),
        case(
            "anniversary-other",
            "Отметили тридцатилетие города.",
            "ru",
            "It marked its 40th anniversary.",
            "en",
            "number not in the source: 40th",
        ),
        case("hour-and-half", "הפגישה נמשכה שעה וחצי.", "he", "The meeting lasted 90 minutes.", "en"),
        case("hour-and-half-ar", "استمر اللقاء ساعة ونصف الساعة.", "ar", "The meeting lasted 1.5 hours.", "en"),
        case("kilometres-he", 'הם נסעו 48 ק"מ.', "he", "They drove 48 km.", "en"),
        case("miles-for-kilometres", 'הם נסעו 48 ק"מ.', "he", "They drove 30 miles.", "en"),
        case(
            "kilometres-changed",
            'הם נסעו 48 ק"מ.',
            "he",
            "They drove 84 km.",
            "en",
            'number lost: 48 ק"מ',
            "number not in the source: 84 km",
        ),
        case("four-digit-clock", "The jet left at 0230 UTC.", "en", "Самолёт вылетел в 02:30 UTC.", "ru"),
        case(
            "four-digit-clock-other",
            "The jet left at 0230 UTC.",
            "en",
            "Самолёт вылетел в 03:20 UTC.",
            "ru",
            "number lost: 0230",
            "number not in the source: 03:20",
        ),
        case("degrees-without-scale", "It was 80 degrees outside.", "en", "На улице было 27 градусов.", "ru"),
        case("degrees-back", "На улице было 27 градусов.", "ru", "It was 80 degrees outside.", "en"),
        case(
            "degrees-changed",
            "It was 80 degrees outside.",
            "en",
            "На улице было 37 градусов.",
            "ru",
            "number lost: 80",
            "number not in the source: 37",
        ),
        # Numbers that are gone, that are other ones, that nobody said.
        case("dropped", "Погибли 12 человек.", "ru", "People died.", "en", "number lost: 12"),
        case(
            "changed",
            "נהרגו 14 אנשים.",
            "he",
            "41 people were killed.",
            "en",
            "number lost: 14",
            "number not in the source: 41",
        ),
        case("year", "انطلقت الحملة عام 2014.", "ar", "The campaign began in.", "en", "number lost: 2014"),
        case(
            "day",
            "Встреча прошла 7 октября.",
            "ru",
            "The meeting was held on 17 October.",
            "en",
            "number lost: 7",
            "number not in the source: 17",
        ),
        case(
            "minutes",
            "Он вошёл в 4:40 утра.",
            "ru",
            "He came in at 4:10 am.",
            "en",
            "number lost: 4:40 утра",
            "number not in the source: 4:10 am",
        ),
        case(
            "drawn",
            "Сыграли со счётом 2:2 при 5 зрителях.",
            "ru",
            "They drew before 5 spectators.",
            "en",
            "number lost: 2:2",
        ),
        case(
            "same-unit",
            "Глубина 6 метров.",
            "ru",
            "A depth of 7 metres.",
            "en",
            "number lost: 6 метров",
            "number not in the source: 7 metres",
        ),
        case(
            "glued",
            "العاصمة و18ولاية تدعم الطعن.",
            "ar",
            "States support the challenge.",
            "en",
            "number lost: 18",
        ),
        # Names.
        case(
            "stranger",
            MERKEL_RU,
            "ru",
            MERKEL_EN.replace("Steffen Seibert", "Takeshi Morimoto"),
            "en",
            "name lost: Штеффен Зайберт",
            "name not in the source: Takeshi Morimoto",
        ),
        case(
            "stranger-he",
            "אליזבת פרל, פקידה סקוטית, עודדה את הציבור לעזור.",
            "he",
            "Takeshi Morimoto, a Scottish officer, encouraged the public to help.",
            "en",
            "name not in the source: Takeshi Morimoto",
        ),
        case("surname-only", "Выступил Штеффен Зайберт.", "ru", "Seibert spoke.", "en"),
        case(
            "other-country",
            "Россия закрыла границу.",
            "ru",
            "Ukraine closed the border.",
            "en",
            "name changed: Россия to Ukraine",
        ),
        # Text that stops, repeats, or was not translated.
        case(
            "cut",
            MERKEL_RU,
            "ru",
            "Angela Merkel arrived in Berlin on 12 March, government spokesman Steffen Seibert",
            "en",
            "stops without an end mark",
        ),
        case("closing-quote", "«Мы устали», — сказал он.", "ru", 'He said: "We are tired."', "en"),
        case("headline", "Переговоры сорваны", "ru", "Talks collapse", "en"),
        case(
            "again",
            "Он сказал это вчера.",
            "ru",
            "He said it he said it yesterday.",
            "en",
            'repeats "he said it"',
        ),
        case(
            "again-by-the-author",
            "Он едет, едет, едет и едет домой.",
            "ru",
            "He goes, goes, goes and goes home.",
            "en",
        ),
        case("after-a-comma", "Качай насос.", "ru", "Pump it out, pump it out.", "en"),
        case("third-time", "Качай.", "ru", "Pump it, pump it, pump it.", "en", 'repeats "pump it"'),
        case("stutter", "Да, конечно.", "ru", "Yes, nananananananananana.", "en", 'repeats "na"'),
        case("unknown", "Он пришёл.", "ru", "He ⁇ came.", "en", "has characters that the model does not know"),
        case(
            "copy",
            "Переговоры сорваны сегодня утром.",
            "ru",
            "Переговоры сорваны сегодня утром.",
            "en",
            "not translated",
        ),
        case(
            "left", "Он живёт в Запрудье.", "ru", "He lives in Запрудье.", "en", "left untranslated: Запрудье"
        ),
        case("latin-name", "Apple bought Instagram.", "en", "Apple купила Instagram.", "ru"),
        case(
            "in-english",
            "Talks broke down today.",
            "en",
            "The talks collapsed over night.",
            "ru",
            "mostly not in Russian",
        ),
        case("titles-stay", "הוא כתב את Citizens for Ethics.", "he", "He wrote Citizens for Ethics.", "en"),
        case("empty", "Он пришёл.", "ru", "  ", "en", "empty"),
        case("symbols", "Он пришёл.", "ru", "...", "en", "symbols only"),
        case("symbols-for-symbols", "* * *", "ru", "* * *", "en"),
        case("no-source", " ", "ru", "Hello", "en"),
        case(
            "shorter",
            "Министр обороны заявил журналистам, что переговоры о прекращении огня продолжаются",
            "ru",
            "The minister",
            "en",
            "much shorter than the source",
        ),
        case(
            "longer",
            "Переговоры сорваны, заявил министр",
            "ru",
            "The talks " + "that nobody in this place wanted " * 3,
            "en",
            'repeats "that nobody in this place wanted"',
            "much longer than the source",
        ),
        case("huge", "Да, это так.", "ru", "Yes. " * 2000, "en", "too long to be checked"),
        # Numbers that only a grammar tells apart.
        case(
            "thousand",
            "5,000 people fled.",
            "en",
            "Бежали 5 человек.",
            "ru",
            "number lost: 5,000",
            "number not in the source: 5",
        ),
        case(
            "millions",
            "Убыток составил 350 миллионов.",
            "ru",
            "The loss was 50 million.",
            "en",
            "number lost: 350 миллионов",
            "number not in the source: 50 million",
        ),
        case(
            "right-350", "الخسارة ثلاثمئة وخمسون مليون دولار.", "ar", "The loss was 350 million dollars.", "en"
        ),
        case(
            "right-4.25", "Убыток 4 миллиона 250 тысяч рублей.", "ru", "The loss was 4.25 million rubles.", "en"
        ),
        case("right-25", "ההפסד הוא עשרים וחמישה מיליון.", "he", "The loss was 25 million.", "en"),
        case(
            "frost",
            "Ночью было −27 °C.",
            "ru",
            "It was 27 °C at night.",
            "en",
            "number lost: −27 °C",
            "number not in the source: 27 °C",
        ),
        case(
            "night",
            "הוא יצא ב-2 בלילה.",
            "he",
            "He left at 2 pm.",
            "en",
            "number lost: 2 בלילה",
            "number not in the source: 2 pm",
        ),
        case("right-night", "הוא יצא ב-2 בלילה.", "he", "He left at 2 am.", "en"),
        # Denials and counts.
        case(
            "denial-lost",
            "Министр не подписал договор.",
            "ru",
            "The minister signed the treaty.",
            "en",
            "denial lost: не",
        ),
        case(
            "denial-added",
            "הנשיא הגיע לעיר.",
            "he",
            "The president did not arrive in the city.",
            "en",
            "denial not in the source: not",
        ),
        case(
            "right-denial", "Министр не подписал договор.", "ru", "The minister did not sign the treaty.", "en"
        ),
        case(
            "right-denial-elsewhere", "Нет сомнений, что он не подписал.", "ru", "He surely never signed.", "en"
        ),
        case(
            "exchanged",
            "Погибли 12 человек, ранены 7.",
            "ru",
            "7 people were killed and 12 wounded.",
            "en",
            "counts exchanged: 12 killed, 7 wounded",
        ),
        case(
            "right-order", "Погибли 12 человек, ранены 7.", "ru", "7 were wounded and 12 people killed.", "en"
        ),
        # Languages without our grammar: only the plain checks.
        case("german", "Er kam um 6 Uhr.", "de", "He came.", "en"),
        case("german-cut", "Er kam am Montag.", "de", "He came on", "en", "stops without an end mark"),
    ],
)
def test_a_translation_is_marked_with_what_is_wrong(source, source_language, text, target_language, warnings):
    assert check_translation(source, source_language, text, target_language) == warnings


@given(
    st.text(max_size=300), st.sampled_from((*LANGUAGES, "de")),
    st.text(max_size=300), st.sampled_from((*LANGUAGES, "de")),
)  # fmt: skip
def test_any_text_is_judged_without_failing(source, source_language, text, target_language):
    first = check_translation(source, source_language, text, target_language)
    assert first == check_translation(source, source_language, text, target_language)
    assert all(first)


@given(st.lists(st.integers(2, 9_999), min_size=1, max_size=8))
def test_numbers_in_any_order_are_all_found(numbers):
    source = "Названы числа: " + "; ".join(map(str, numbers)) + "."
    text = "The numbers named: " + "; ".join(map(str, reversed(numbers))) + "."
    warnings = check_translation(source, "ru", text, "en")
    assert [warning for warning in warnings if warning.startswith("number")] == []


@pytest.mark.parametrize(
    "hostile",
    ["a" * 10_000_000, "1 " * 800, "12," * 1000, "Abcdef Cdefgh " * 210, "Иванов Петрович " * 180],
    ids=["one-word", "ones", "digits", "names", "russian-names"],
)
def test_hostile_lines_take_seconds_and_not_hours(hostile):
    start = time.thread_time()
    check_translation(hostile, "en", "Да.", "ru")
    check_translation("Да, это так.", "ru", hostile, "en")
    check_translation(hostile, "ru", hostile[::-1], "en")
    assert time.thread_time() - start < 20
