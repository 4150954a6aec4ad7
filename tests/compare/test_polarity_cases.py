"""Pairs of sentences that contradict each other, that agree, and that only look as if they did not.

Judged by the head with the rules, as shipped. A pair that it gets wrong stands in `KNOWN_MISSES`, so that a
better head has to take it out.
"""

from __future__ import annotations

import pytest

from xsource.compare.contradiction import KnownPairs, PolarityHead
from xsource.compare.detectors.polarity import polarity_detector
from xsource.evaluate.polarity import group_of_sentences
from xsource.protocols import Detector
from xsource.records import LANGUAGES, Language

Case = tuple[str, Language, str, bool]

# Sentence in the table's language, then the other language, its sentence, and whether the two are contrary.
CASES: dict[Language, list[Case]] = {
    "en": [
        ("The talks did not resume on Friday.", "ru", "Переговоры возобновились в пятницу.", True),
        ("The border crossing is open.", "ar", "المعبر الحدودي مغلق.", True),
        ("Hamas agreed to the proposal.", "he", "חמאס סירב להצעה.", True),
        ("The ministry denied the report.", "ru", "Министерство подтвердило сообщение.", True),
        ("No one was hurt in the attack.", "he", "אנשים נפגעו בהתקפה.", True),
        ("The minister will not resign.", "ar", "سيستقيل الوزير.", True),
        ("Rescuers failed to reach the village.", "en", "Rescuers reached the village.", True),
        ("The army no longer controls the town.", "ru", "Армия контролирует город.", True),
        ("Flights have been suspended.", "en", "Flights have been resumed.", True),
        ("The president never met the envoy.", "en", "The president met the envoy.", True),
        ("The court found him guilty.", "ru", "Суд признал его невиновным.", True),
        ("Oil prices rose on Monday.", "ar", "انخفضت أسعار النفط يوم الاثنين.", True),
        ("It is not true that the factory was closed.", "he", "המפעל נסגר.", True),
        ("The talks did not resume on Friday.", "ru", "Переговоры в пятницу не возобновились.", False),
        ("The border crossing is closed.", "ar", "المعبر الحدودي مغلق.", False),
        ("Hamas rejected the proposal.", "he", "חמאס סירב לקבל את ההצעה.", False),
        ("The ministry denied the report.", "ru", "Министерство опровергло сообщение.", False),
        ("No one was hurt in the attack.", "ar", "لم يصب أحد في الهجوم.", False),
        ("The minister will not resign.", "ru", "Министр не уйдёт в отставку.", False),
        ("Not only soldiers but civilians were killed.", "ru", "Погибли и солдаты, и мирные жители.", False),
        ("No fewer than 40 people were killed.", "he", "לפחות 40 בני אדם נהרגו.", False),
        ("He arrived no later than Monday.", "en", "He arrived on Monday at the latest.", False),
        ("The two leaders met in Cairo.", "ar", "التقى الزعيمان في القاهرة.", False),
        ("The army no longer controls the town.", "ru", "Армия больше не контролирует город.", False),
        ("There is no doubt that the talks will resume.", "en", "The talks will resume without doubt.", False),
        ("The talks resumed, but no details were given.", "ru", "Переговоры возобновились.", False),
        ("The army said that 12 people were killed.", "en", "The army said that 15 people were killed.", False),
    ],
    "ru": [
        ("Переговоры не возобновились.", "ru", "Переговоры возобновились.", True),
        ("Министр опроверг эти сообщения.", "en", "The minister confirmed these reports.", True),
        ("Аэропорт закрыт.", "he", "שדה התעופה פתוח.", True),
        ("Никто не пострадал.", "en", "Several people were injured.", True),
        ("Москва согласилась на переговоры.", "ar", "رفضت موسكو إجراء محادثات.", True),
        ("Президент не поедет в Пекин.", "en", "The president will go to Beijing.", True),
        ("Цены на нефть упали.", "en", "Oil prices rose.", True),
        ("Войска больше не контролируют город.", "ru", "Войска контролируют город.", True),
        ("Спасатели не смогли добраться до деревни.", "en", "Rescuers reached the village.", True),
        ("Парламент одобрил закон.", "ru", "Парламент не одобрил закон.", True),
        ("Суд признал его виновным.", "he", "בית המשפט קבע שהוא חף מפשע.", True),
        ("Соглашение не было подписано.", "ar", "تم توقيع الاتفاق.", True),
        ("Израиль отказался открыть переход.", "en", "Israel agreed to open the crossing.", True),
        ("Переговоры не возобновились.", "en", "The talks have not resumed.", False),
        ("Министр опроверг эти сообщения.", "en", "The minister denied these reports.", False),
        ("Аэропорт закрыт.", "he", "שדה התעופה סגור.", False),
        ("Никто не пострадал.", "he", "איש לא נפגע.", False),
        ("Погибли не менее 40 человек.", "en", "At least 40 people were killed.", False),
        ("Погибли не только солдаты, но и дети.", "en", "Both soldiers and children were killed.", False),
        ("Он приедет не позднее пятницы.", "en", "He will arrive by Friday.", False),
        ("Тем не менее переговоры продолжаются.", "en", "Nevertheless, the talks continue.", False),
        ("Несмотря на дождь, матч состоялся.", "en", "Despite the rain, the match took place.", False),
        ("Цены на нефть упали.", "ar", "انخفضت أسعار النفط.", False),
        ("Войска больше не контролируют город.", "en", "The troops no longer control the city.", False),
        ("Президент поедет в Пекин.", "he", "הנשיא ייסע לבייג'ינג.", False),
        ("Соглашение подписано, подробности не сообщаются.", "en", "The agreement has been signed.", False),
        ("Погибли 12 человек.", "ru", "Погибли 15 человек.", False),
    ],
    "ar": [
        ("لم تستأنف المحادثات.", "en", "The talks have resumed.", True),
        ("نفت الوزارة هذه الأنباء.", "ar", "أكدت الوزارة هذه الأنباء.", True),
        ("المعبر مفتوح.", "he", "המעבר סגור.", True),
        ("لم يصب أحد.", "en", "Several people were injured.", True),
        ("وافقت الحكومة على الاتفاق.", "ru", "Правительство отказалось от соглашения.", True),
        ("لن يسافر الرئيس إلى بكين.", "en", "The president will travel to Beijing.", True),
        ("ارتفعت أسعار النفط.", "ar", "انخفضت أسعار النفط.", True),
        ("لم يعد الجيش يسيطر على المدينة.", "en", "The army controls the city.", True),
        ("فشل رجال الإنقاذ في الوصول إلى القرية.", "en", "Rescuers reached the village.", True),
        ("لم يوافق البرلمان على القانون.", "he", "הפרלמנט אישר את החוק.", True),
        ("أفرج عن الصحفي.", "ar", "اعتقل الصحفي.", True),
        ("ليس هناك اتفاق بين الطرفين.", "en", "There is an agreement between the two sides.", True),
        ("رفضت إسرائيل فتح المعبر.", "en", "Israel agreed to open the crossing.", True),
        ("لم تستأنف المحادثات.", "en", "The talks have not resumed.", False),
        ("نفت الوزارة هذه الأنباء.", "en", "The ministry denied these reports.", False),
        ("المعبر مغلق.", "he", "המעבר סגור.", False),
        ("لم يصب أحد.", "ru", "Никто не пострадал.", False),
        ("قتل ما لا يقل عن 40 شخصا.", "en", "At least 40 people were killed.", False),
        ("لا يزال الوضع متوترا.", "en", "The situation is still tense.", False),
        ("لا شك أن المحادثات ستستأنف.", "en", "The talks will certainly resume.", False),
        ("قتل ليس فقط جنود بل مدنيون أيضا.", "en", "Both soldiers and civilians were killed.", False),
        ("ارتفعت أسعار النفط.", "ru", "Цены на нефть выросли.", False),
        ("لم يعد الجيش يسيطر على المدينة.", "en", "The army no longer controls the city.", False),
        ("رفضت إسرائيل فتح المعبر.", "he", "ישראל סירבה לפתוח את המעבר.", False),
        ("سيسافر الرئيس إلى بكين.", "en", "The president will travel to Beijing.", False),
        ("وقع الطرفان الاتفاق ولم تعلن التفاصيل.", "en", "The two sides signed the agreement.", False),
        ("قتل 12 شخصا.", "ar", "قتل 15 شخصا.", False),
    ],
    "he": [
        ("השיחות לא חודשו.", "en", "The talks have resumed.", True),
        ("המשרד הכחיש את הידיעות.", "he", "המשרד אישר את הידיעות.", True),
        ("המעבר פתוח.", "ru", "Переход закрыт.", True),
        ("אף אחד לא נפגע.", "en", "Several people were injured.", True),
        ("הממשלה הסכימה להצעה.", "ar", "رفضت الحكومة الاقتراح.", True),
        ("הנשיא לא ייסע לבייג'ינג.", "en", "The president will travel to Beijing.", True),
        ("מחירי הנפט עלו.", "en", "Oil prices fell.", True),
        ("הצבא כבר לא שולט בעיר.", "he", "הצבא שולט בעיר.", True),
        ("המחלצים לא הצליחו להגיע לכפר.", "en", "Rescuers reached the village.", True),
        ("הפרלמנט אישר את החוק.", "he", "הפרלמנט לא אישר את החוק.", True),
        ("אין הסכם בין הצדדים.", "en", "There is an agreement between the two sides.", True),
        ("העיתונאי שוחרר.", "en", "The journalist was arrested.", True),
        ("ישראל סירבה לפתוח את המעבר.", "ru", "Израиль согласился открыть переход.", True),
        ("השיחות לא חודשו.", "en", "The talks have not resumed.", False),
        ("המשרד הכחיש את הידיעות.", "en", "The ministry denied the reports.", False),
        ("המעבר סגור.", "ru", "Переход закрыт.", False),
        ("אף אחד לא נפגע.", "ar", "لم يصب أحد.", False),
        ("לא פחות מ-40 בני אדם נהרגו.", "en", "At least 40 people were killed.", False),
        ("לא רק חיילים אלא גם אזרחים נהרגו.", "en", "Both soldiers and civilians were killed.", False),
        ("הוא יגיע לא יאוחר מיום שישי.", "en", "He will arrive by Friday.", False),
        ("ללא ספק השיחות יחודשו.", "en", "The talks will certainly resume.", False),
        ("מחירי הנפט עלו.", "ar", "ارتفعت أسعار النفط.", False),
        ("הצבא כבר לא שולט בעיר.", "en", "The army no longer controls the city.", False),
        ("הנשיא ייסע לבייג'ינג.", "ru", "Президент поедет в Пекин.", False),
        ("ההסכם נחתם, אך פרטים לא נמסרו.", "en", "The agreement was signed.", False),
        ("12 בני אדם נהרגו.", "he", "15 בני אדם נהרגו.", False),
    ],
}  # fmt: skip

# Mostly opposites across languages, which the head does not know and the rules alone do not settle; and what is
# too unsure to be said of two outlets alone. One, ar-23, is a false alarm.
KNOWN_MISSES = frozenset(
    {
        "ar-0",
        "ar-2",
        "ar-3",
        "ar-8",
        "ar-9",
        "ar-10",
        "ar-23",
        "en-1",
        "en-5",
        "en-10",
        "en-12",
        "he-2",
        "he-3",
        "he-4",
        "he-5",
        "he-6",
        "he-10",
        "he-11",
        "he-12",
        "ru-3",
        "ru-8",
        "ru-10",
    }
)


def case_id(language: Language, number: int) -> str:
    return f"{language}-{number}"


@pytest.fixture(scope="module")
def detect() -> Detector:
    """The detector as shipped, every pair judged in one batch."""
    from xsource.embed.bundled import BundledEmbedder

    pairs = [(case[0], case[2]) for cases in CASES.values() for case in cases]
    return polarity_detector(KnownPairs(PolarityHead(BundledEmbedder(threads=1).token_states), pairs))


@pytest.mark.model
@pytest.mark.parametrize(
    ("language", "number"),
    [
        pytest.param(language, number, id=case_id(language, number))
        for language in LANGUAGES
        for number in range(len(CASES[language]))
    ],
)
def test_contrary_sentences_are_told_from_agreeing_ones(
    detect: Detector, language: Language, number: int
) -> None:
    text, other_language, other, is_contrary = CASES[language][number]
    group = group_of_sentences([("one", language, text), ("two", other_language, other)])
    confidence = max((divergence.confidence for divergence in detect(group)), default=0.0)
    is_right = (confidence >= 0.5) == is_contrary
    # A miss that became right fails as well: then its line in KNOWN_MISSES is to go.
    assert is_right != (case_id(language, number) in KNOWN_MISSES), f"confidence {confidence}: {text} | {other}"


def test_the_rules_alone_raise_no_false_alarm() -> None:
    by_rules = polarity_detector(None)
    for language, cases in CASES.items():
        for text, other_language, other, is_contrary in cases:
            group = group_of_sentences([("one", language, text), ("two", other_language, other)])
            if not is_contrary:
                assert all(found.confidence < 0.5 for found in by_rules(group)), text
