"""How sure a sentence sounds, in four languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.certainty import certainty
from xsource.records import LANGUAGES

# Level, words that say so, sentence.
CASES = {
    "en": [
        ("stated", "", "The talks ended on Friday."),
        ("stated", "", "The ship sank near the port."),
        ("stated", "", "The Valley Front held the village."),
        ("reported", "said", "The talks ended, Peskov said."),
        ("reported", "According to", "According to the ministry, the talks ended."),
        ("reported", "reportedly", "The talks have reportedly ended."),
        ("reported", "apparently", "The ship apparently sank."),
        ("reported", "is believed to", "The ship is believed to have sunk."),
        ("reported", "are said to", "They are said to have left."),
        ("reported", "Initial reports", "Initial reports put the toll at nine."),
        ("reported", "rumours", "There are rumours of a deal."),
        ("reported", "presumably", "The ship presumably sank."),
        ("reported", "possibly", "The crew are possibly being held in the north."),
        ("alleged", "allegedly", "He allegedly took the money."),
        ("alleged", "alleged", "The alleged attacker fled."),
        ("alleged", "claims", "The ministry claims that the ship sank."),
        ("alleged", "accused of", "He is accused of theft."),
        ("alleged", "suspected of", "She is suspected of theft."),
        ("alleged", "unconfirmed", "An unconfirmed account put it at nine."),
        ("alleged", "purportedly", "A letter purportedly came from him."),
        ("expected", "is expected", "The truce is expected to begin on Sunday."),
        ("expected", "are expected", "The talks are expected in May."),
        ("expected", "As expected", "As expected, the court ruled."),
        ("expected", "anticipated to", "The court is anticipated to rule."),
        ("denied", "denied", "The ministry denied that the ship sank."),
        ("denied", "refuted", "He refuted the account."),
        ("denied", "not true", "The account is not true."),
        ("denied", "denied", "She denied that he was expected to leave."),
    ],
    "ru": [
        ("stated", "", "Переговоры завершились в пятницу."),
        ("stated", "", "Корабль затонул у порта."),
        ("stated", "", "«Фронт долины» занял село."),
        ("reported", "заявил", "Переговоры завершились, заявил Песков."),
        ("reported", "По данным", "По данным министерства, корабль затонул."),
        ("reported", "Сообщается", "Сообщается, что корабль затонул."),
        ("reported", "По предварительным данным", "По предварительным данным, корабль затонул."),
        ("reported", "по-видимому", "Корабль, по-видимому, затонул."),
        ("reported", "судя по всему", "Корабль, судя по всему, затонул."),
        ("reported", "По слухам", "По слухам, он уехал."),
        ("reported", "по некоторым данным", "Он, по некоторым данным, уехал."),
        ("reported", "Предположительно", "Предположительно, корабль затонул."),
        ("reported", "как предполагается", "Корабль, как предполагается, затонул."),
        ("alleged", "якобы", "Он якобы взял деньги."),
        ("alleged", "будто бы", "Он будто бы взял деньги."),
        ("alleged", "обвиняется", "Он обвиняется в краже."),
        ("alleged", "подозревается", "Она подозревается в краже."),
        ("alleged", "по подозрению в", "Его задержали по подозрению в краже."),
        ("alleged", "утверждают", "В министерстве утверждают, что корабль затонул."),
        ("alleged", "По неподтвержденным", "По неподтвержденным сведениям, он уехал."),
        ("expected", "как ожидается", "Перемирие, как ожидается, начнется в воскресенье."),
        ("expected", "Ожидается", "Ожидается, что суд вынесет решение."),
        ("expected", "должна состояться", "Встреча должна состояться в среду."),
        ("expected", "прогнозируется", "Потепление прогнозируется в среду."),
        ("denied", "опровергло", "Министерство опровергло гибель корабля."),
        ("denied", "отрицает", "Он отрицает вину."),
        ("denied", "не соответствует действительности", "Это не соответствует действительности."),
    ],
    "he": [
        ("stated", "", "השיחות הסתיימו ביום שישי."),
        ("stated", "", "הספינה טבעה ליד הנמל."),
        ("stated", "", '"חזית העמק" כבשה את הכפר.'),
        ("reported", "אמר", "השיחות הסתיימו, אמר פסקוב."),
        ("reported", "לפי", "לפי המשרד, הספינה טבעה."),
        ("reported", "ככל הנראה", "הספינה טבעה ככל הנראה."),
        ("reported", "כנראה", "הספינה כנראה טבעה."),
        ("reported", "על פי הדיווחים", "על פי הדיווחים, הספינה טבעה."),
        ("reported", "לפי דיווחים", "הספינה טבעה לפי דיווחים."),
        ("reported", "דווח כי", "דווח כי הספינה טבעה."),
        ("reported", "לפי מידע ראשוני", "לפי מידע ראשוני, הספינה טבעה."),
        ("reported", "שמועות", "פשטו שמועות על הסכם."),
        ("alleged", "לכאורה", "הוא לקח לכאורה את הכסף."),
        ("alleged", "כביכול", "המכתב הגיע כביכול ממנו."),
        ("alleged", "נטען כי", "נטען כי הספינה טבעה."),
        ("alleged", "טוען", "המשרד טוען כי הספינה טבעה."),
        ("alleged", "בחשד", "הוא נעצר בחשד לגניבה."),
        ("alleged", "על פי החשד", "על פי החשד, הוא גנב."),
        ("alleged", "הואשמה", "היא הואשמה בגניבה."),
        ("expected", "צפויה", "הפסקת האש צפויה להתחיל ביום ראשון."),
        ("expected", "אמורים", "הצדדים אמורים להיפגש."),
        ("expected", "עתידים", "הצדדים עתידים להיפגש."),
        ("expected", "כצפוי", "הפגישה תתקיים כצפוי."),
        ("denied", "הכחיש", "המשרד הכחיש כי הספינה טבעה."),
        ("denied", "מכחישה", "היא מכחישה את הגניבה."),
        ("denied", "הכחשת", "הכחשת המשרד פורסמה."),
    ],
    "ar": [
        ("stated", "", "انتهت المحادثات يوم الجمعة."),
        ("stated", "", "غرقت السفينة قرب الميناء."),
        ("stated", "", "سيطرت «جبهة الوادي» على القرية."),
        ("reported", "قال", "قال بيسكوف إن المحادثات انتهت."),
        ("reported", "بحسب", "غرقت السفينة، بحسب الوزارة."),
        ("reported", "على ما يبدو", "غرقت السفينة على ما يبدو."),
        ("reported", "أفادت تقارير", "أفادت تقارير بغرق السفينة."),
        ("reported", "يعتقد أن", "يعتقد أن السفينة غرقت."),
        ("reported", "يقال إن", "يقال إن السفينة غرقت."),
        ("reported", "معلومات أولية", "تشير معلومات أولية إلى غرق السفينة."),
        ("reported", "شائعات", "انتشرت شائعات عن اتفاق."),
        ("reported", "من المرجح", "من المرجح أن السفينة غرقت."),
        ("alleged", "المزعوم", "هرب المهاجم المزعوم."),
        ("alleged", "زعمت", "زعمت الوزارة أن السفينة غرقت."),
        ("alleged", "المشتبه به", "هرب المشتبه به."),
        ("alleged", "غير مؤكدة", "هذه أنباء غير مؤكدة."),
        ("alleged", "متهم", "الرجل متهم بالسرقة."),
        ("alleged", "يشتبه في", "يشتبه في أنه سرق المال."),
        ("alleged", "لم يتسن التحقق", "لم يتسن التحقق من الرواية."),
        ("expected", "من المتوقع", "من المتوقع أن تبدأ الهدنة الأحد."),
        ("expected", "ومن المقرر", "ومن المقرر أن تبدأ الهدنة الأحد."),
        ("expected", "من المنتظر", "من المنتظر أن تبدأ الهدنة الأحد."),
        ("expected", "كما هو متوقع", "بدأت الزيارة كما هو متوقع."),
        ("denied", "نفت", "نفت الوزارة غرق السفينة."),
        ("denied", "ينكر", "ينكر الرجل السرقة."),
        ("denied", "نفي", "صدر نفي من الوزارة."),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "level", "words", "text"), [(code, *case) for code, cases in CASES.items() for case in cases]
)
def test_a_sentence_is_as_sure_as_its_strongest_cue(language, level, words, text):
    found = certainty(text, language)
    assert (found.level, found.words) == (level, words)
    assert text[found.start : found.end] == words
    assert found.is_plain == (level == "stated")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The ship may have sunk."),
        ("en", "“The ship sank in an hour,” it was told."),
        ("ru", "Корабль мог затонуть."),
        ("ru", "«Корабль затонул за один час»."),
        ("he", "ייתכן שהספינה טבעה."),
        ("ar", "ربما غرقت السفينة."),
        ("ar", "قد تغرق السفينة."),
    ],
)
def test_what_may_be_or_is_quoted_is_not_plain(language, text):
    assert not certainty(text, language).is_plain


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "كان الجيش قد قصف القرية."),
        ("ar", "نتيجة غير متوقعة."),
        ("he", 'צה"ל תקף.'),
        ("en", "May Day came."),
    ],
)
def test_a_look_alike_qualifies_nothing(language, text):
    assert certainty(text, language).is_unhedged


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The minister, who had read reports of a flood, closed the road."),
        ("ar", "أغلق الوزير، الذي اطلع على تقارير عن الفيضان، الطريق."),
        ("ru", "Министр, которому сообщили о слухах, закрыл дорогу."),
        ("en", "The ship (there are rumours of another) sank."),
    ],
)
def test_what_hedges_an_aside_does_not_hedge_the_statement(language, text):
    found = certainty(text, language)
    assert (found.level, found.is_unhedged) == ("stated", True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The mayor did not deny the plan."),
        ("ru", "Мэр не отрицает план."),
        ("he", "השר לא הכחיש את הדברים."),
        ("ar", "لم ينف الوزير الخبر."),
    ],
)
def test_a_denial_that_is_denied_is_none(language, text):
    assert certainty(text, language).level != "denied"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Мэр не исключил отставки."),
        ("he", "השר לא שלל דחייה."),
        ("ar", "لم يستبعد الوزير التأجيل."),
        ("en", "The mayor did not rule out a vote."),
    ],
)
def test_what_is_not_ruled_out_is_not_plain(language, text):
    assert not certainty(text, language).is_plain


def test_a_cue_qualifies_its_clause():
    text = "The bridge closed, and the ship presumably sank."
    found = certainty(text, "en")
    assert text[found.scope_start : found.scope_end].strip(" .") == "and the ship presumably sank"


@given(st.text(max_size=150), st.sampled_from(LANGUAGES))
def test_the_words_slice_back(text, language):
    found = certainty(text, language)
    assert text[found.start : found.end] == found.words
    assert (found.level == "stated") == (found.words == "")


def test_reports_that_somebody_published_hedge_nothing():
    assert certainty("انفجر الجسر يوم الاثنين، ونشر المجلس تقارير عنه.", "ar").is_unhedged
    assert not certainty("أفادت تقارير بانفجار الجسر يوم الاثنين.", "ar").is_unhedged
