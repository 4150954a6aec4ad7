"""The words that deny: what is one, what only looks like one, and what they deny."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.polarity import contrary_poles, read_polarity
from xsource.records import LANGUAGES, Language

# Sentence, then every denying word in it as KIND:WORDS.
CUES: dict[Language, list[tuple[str, list[str]]]] = {
    "en": [
        ("The ministry did not agree to the deal.", ["negation:not"]),
        ("The ceasefire isn't over.", ["negation:isn't"]),
        ("The ceasefire isn’t over.", ["negation:isn’t"]),
        ("The two sides cannot meet.", ["negation:cannot"]),
        ("He never met the envoy.", ["negation:never"]),
        ("No one was hurt.", ["negation:No one"]),
        ("Nobody was hurt and nothing was stolen.", ["negation:Nobody", "negation:nothing"]),
        ("There is no agreement.", ["negation:no"]),
        ("Troops left without a fight.", ["negation:without"]),
        ("Neither side signed.", ["negation:Neither"]),
        ("He no longer supports Kyiv.", ["cessation:no longer"]),
        ("Flights stopped on Monday.", ["cessation:stopped"]),
        ("Rescuers failed to reach the village.", ["failure:failed to"]),
        ("The court was unable to sit.", ["failure:was unable"]),
        ("Moscow denied the report.", ["denial:denied"]),
        ("The claim is untrue.", ["denial:untrue"]),
        ("There is no truth in that.", ["denial:no truth"]),
        ("Israel refused to open the crossing.", ["refusal:refused"]),
        ("The minister ruled out talks.", ["refusal:ruled out"]),
        ("The bank declined to comment.", ["refusal:declined to"]),
        ("Not only ministers came, but kings.", []),
        ("No fewer than 40 people were killed.", []),
        ("No doubt the talks will resume.", []),
        ("It is not just a strike.", []),
        ("He will come no later than Friday.", []),
        ("It remains to be seen whether or not he comes.", []),
        ("A knot of people stood at the notary's.", []),
        ("The noble nation nodded.", []),
        ("Kyiv did not deny that it had failed to act.", ["failure:failed to"]),
        ("No one disputes the result.", []),
        ("The mayor has not yet ruled out a vote.", []),
        ("He did not come and refused to talk.", ["negation:not", "refusal:refused"]),
        ("They have not explained why it flew over the sea.", ["negation:not"]),
        ("The bridge didnʼt open.", ["negation:didnʼt"]),
    ],
    "ru": [
        ("Министерство не согласилось на сделку.", ["negation:не"]),
        ("Соглашения нет.", ["negation:нет"]),
        ("Никто не пострадал.", ["negation:не"]),
        ("Никто никогда не видел его.", ["negation:не"]),
        ("Ни одна из сторон не подписала договор.", ["negation:не"]),
        ("Туда нельзя ехать.", ["negation:нельзя"]),
        ("Войска ушли без боя.", ["negation:без"]),
        ("Он больше не поддерживает Киев.", ["cessation:больше не"]),
        ("Завод перестал работать.", ["cessation:перестал"]),
        ("Армия прекратила огонь.", ["cessation:прекратила"]),
        ("Спасатели не смогли добраться до деревни.", ["failure:не смогли"]),
        ("Стороны не сумели договориться.", ["failure:не сумели"]),
        ("Договориться не удалось.", ["failure:не удалось"]),
        ("МИД опроверг сообщения о переговорах.", ["denial:опроверг"]),
        ("Власти отрицают факт встречи.", ["denial:отрицают"]),
        ("МИД не подтвердил эти данные.", ["denial:не подтвердил"]),
        ("Это неправда.", ["denial:неправда"]),
        ("Израиль отказался открыть переход.", ["refusal:отказался"]),
        ("Совет отклонил проект.", ["refusal:отклонил"]),
        ("Парламент отверг законопроект.", ["refusal:отверг"]),
        ("Не только министры приехали, но и короли.", []),
        ("Погибли не менее 40 человек.", []),
        ("Тем не менее переговоры идут.", []),
        ("Он приедет не позднее пятницы.", []),
        ("Несмотря на дождь, матч начался.", []),
        ("Небо над Невой нежное.", []),
        ("Анализ был отрицательным, какими бы ни были условия.", []),
        ("Не исключено, что встреча пройдёт завтра.", []),
        ("Он приехал, но не отказался от встречи.", []),
        ("Мэр не исключил отставки.", []),
        ("Никто не отрицает, что мост закрыт.", []),
        ("Мэр не стал отрицать этого.", []),
    ],
    "ar": [
        ("لم توافق الوزارة على الاتفاق.", ["negation:لم"]),
        ("لا تدعم الحكومة هذا القرار.", ["negation:لا"]),
        ("لن يحضر الرئيس الاجتماع.", ["negation:لن"]),
        ("ليس هناك اتفاق.", ["negation:ليس"]),
        ("الاتفاق ليست له قيمة.", ["negation:ليست"]),
        ("غادرت القوات دون قتال.", ["negation:دون"]),
        ("غادرت القوات بدون قتال.", ["negation:بدون"]),
        ("دعا إلى عدم التصعيد.", ["negation:عدم"]),
        ("وصل الوفد ولم يلتق الوزير.", ["negation:ولم"]),
        ("التقرير غير مكتمل.", ["negation:غير"]),
        ("لم يعد يدعم كييف.", ["cessation:لم يعد"]),
        ("توقفت الرحلات يوم الاثنين.", ["cessation:توقفت"]),
        ("فشل في الوصول إلى القرية.", ["failure:فشل في"]),
        ("لم يتمكن رجال الإنقاذ من الوصول.", ["failure:لم يتمكن"]),
        ("نفت موسكو الخبر.", ["denial:نفت"]),
        ("نَفَى المتحدث ذلك.", ["denial:نَفَى"]),
        ("أنكرت السلطات ما حدث.", ["denial:أنكرت"]),
        ("الخبر غير صحيح.", ["denial:غير صحيح"]),
        ("لا صحة لهذه الأنباء.", ["denial:لا صحة"]),
        ("رفضت إسرائيل فتح المعبر.", ["refusal:رفضت"]),
        ("استبعد الوزير إجراء محادثات.", ["refusal:استبعد"]),
        ("حضر ليس فقط الوزراء بل الملوك.", []),
        ("قتل ما لا يقل عن 40 شخصا.", []),
        ("لا يزال الوضع متوترا.", []),
        ("لا شك أن المحادثات مفيدة.", []),
        ("حضر الجميع ولا سيما الوزراء.", []),
        ("سافر الوفد إلى لاهاي ولندن.", []),
        ("شعر بألم كلما تحدث، إلا مرة.", []),
        ("لم يستبعد الوزير التأجيل.", []),
        ("لم ينف المتحدث ذلك.", []),
        ("ﻻ يغلق الجسر.", ["negation:ﻻ"]),
    ],
    "he": [
        ("המשרד לא הסכים לעסקה.", ["negation:לא"]),
        ("אין הסכם.", ["negation:אין"]),
        ("השר אינו תומך בהחלטה.", ["negation:אינו"]),
        ("הממשלה איננה תומכת בהחלטה.", ["negation:איננה"]),
        ("אף אחד לא נפגע.", ["negation:לא"]),
        ("הוא מעולם לא פגש את השליח.", ["negation:מעולם לא"]),
        ("הכוחות עזבו בלי קרב.", ["negation:בלי"]),
        ("הכוחות עזבו ללא קרב.", ["negation:ללא"]),
        ("המשלחת הגיעה ולא נפגשה עם השר.", ["negation:ולא"]),
        ("הדוח טרם פורסם.", ["negation:טרם"]),
        ("הוא כבר לא תומך בקייב.", ["cessation:כבר לא"]),
        ("המפעל הפסיק לעבוד.", ["cessation:הפסיק"]),
        ("המחלצים לא הצליחו להגיע לכפר.", ["failure:לא הצליחו"]),
        ("הצדדים נכשלו בניסיון להגיע להסכם.", ["failure:נכשלו בניסיון"]),
        ("מוסקבה הכחישה את הידיעה.", ["denial:הכחישה"]),
        ("הדובר הכחיש את הדברים.", ["denial:הכחיש"]),
        ("הידיעה לא נכונה, אמר.", ["negation:לא"]),
        ("זה לא נכון.", ["denial:לא נכון"]),
        ("ישראל סירבה לפתוח את המעבר.", ["refusal:סירבה"]),
        ("המועצה דחתה את ההצעה.", ["refusal:דחתה"]),
        ("השר שלל שיחות.", ["refusal:שלל"]),
        ("לא רק שרים הגיעו, גם מלכים.", []),
        ("לא פחות מ-40 בני אדם נהרגו.", []),
        ("ללא ספק השיחות יימשכו.", []),
        ("הוא יגיע לא יאוחר מיום שישי.", []),
        ("השיחות נפתחו לא מכבר.", []),
        ("הלאום והלאומיות נידונו.", []),
        ("הכפר מלא באנשים משום שהשוק נפתח.", []),
        ("השר לא הכחיש את הדברים.", []),
        ("הוא אינו שולל מועד אחר.", []),
        ("מידע בלתי־מאומת הגיע.", ["negation:בלתי־מאומת"]),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [pytest.param(lang, t, e, id=f"{lang}-{i}") for lang in LANGUAGES for i, (t, e) in enumerate(CUES[lang])],
)
def test_denying_words_are_found_and_look_alikes_are_not(
    language: Language, text: str, expected: list[str]
) -> None:
    assert [f"{cue.kind}:{cue.words}" for cue in read_polarity(text, language).cues] == expected


@pytest.mark.parametrize(
    ("language", "text", "denied"),
    [
        ("en", "He did not sign the treaty, but he came.", " sign the treaty"),
        ("en", "He did not sign because the text changed.", " sign"),
        ("ru", "Он не подписал договор, но приехал.", " подписал договор"),
        ("ar", "لم يوقع الاتفاق لكن وصل.", " يوقع الاتفاق"),
        ("he", "הוא לא חתם על ההסכם אבל הגיע.", " חתם על ההסכם"),
    ],
)
def test_a_denial_reaches_to_the_end_of_its_clause(language: Language, text: str, denied: str) -> None:
    (cue,) = read_polarity(text, language).cues
    assert text[cue.end : cue.scope_end] == denied


@pytest.mark.parametrize(
    ("one", "two", "words"),
    [
        (("en", "Hamas agreed to the deal."), ("ru", "ХАМАС отказался от сделки."), ("agreed to", "отказался")),
        (("en", "The ministry confirmed the strike."), ("ar", "نفت الوزارة الضربة."), ("confirmed", "نفت")),
        (("ru", "Аэропорт открыт."), ("he", "שדה התעופה סגור."), ("открыт", "סגור")),
        (("ar", "ارتفعت أسعار النفط."), ("en", "Oil prices fell."), ("ارتفعت", "fell")),
        (("he", "השיחות חודשו."), ("ru", "Переговоры приостановлены."), ("חודשו", "приостановлены")),
        (("en", "Moscow did not agree."), ("ru", "Москва согласилась."), ("agree", "согласилась")),
        (("he", "הממשלה לא אישרה את ההסכם."), ("en", "The cabinet approved the deal."), ("אישרה", "approved")),
        (("ru", "Суд признал его невиновным."), ("en", "He was found guilty."), ("невиновным", "guilty")),
        (("ar", "أفرج عن الصحفي."), ("en", "The journalist was arrested."), ("أفرج", "arrested")),
    ],
)  # fmt: skip
def test_opposites_are_contrary_across_languages(
    one: tuple[Language, str], two: tuple[Language, str], words: tuple[str, str]
) -> None:
    left, right = read_polarity(one[1], one[0]), read_polarity(two[1], two[0])
    found = contrary_poles(left, right)
    assert found is not None
    assert (found[0].words, found[1].words) == words
    mirrored = contrary_poles(right, left)
    assert mirrored is not None
    assert {mirrored[0].words, mirrored[1].words} == set(words)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("en", "Moscow refused to talk."), ("ru", "Москва не согласилась на переговоры.")),
        (("en", "Prices rose after they fell."), ("ru", "Цены упали.")),
        (("en", "The crossing was opened."), ("ar", "أعيد فتح المعبر.")),
        (("he", "המועצה דחתה את ההצעה."), ("en", "The council rejected the proposal.")),
        (("ru", "Переговоры не приостановлены."), ("en", "Talks resumed.")),
        (("en", "The minister left Cairo."), ("he", "השר דיבר בקהיר.")),
    ],
)
def test_the_same_side_in_other_words_is_not_contrary(
    one: tuple[Language, str], two: tuple[Language, str]
) -> None:
    assert contrary_poles(read_polarity(one[1], one[0]), read_polarity(two[1], two[0])) is None


@pytest.mark.parametrize(
    "text", ["", "x", "1.2.3", "31 February", "7" * 10_000, "\u202eнет\u202c не\u200f לא لا", "не" * 5000]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_odd_sentences_are_read(text: str, language: Language) -> None:
    polarity = read_polarity(text, language)
    assert all(text[cue.start : cue.end] == cue.words for cue in polarity.cues)


@pytest.mark.parametrize(
    ("language", "word"), [("en", "not agree "), ("ru", "никто не согласен "), ("he", "לא "), ("ar", "لا ")]
)
def test_time_grows_with_length_only(language: Language, word: str) -> None:
    started = time.thread_time()
    read_polarity(word * 20_000, language)
    assert time.thread_time() - started < 10


# fmt: off
PIECES = st.sampled_from([
    "not", "no longer", "n't", "не", "никто", "больше не", "отказался", "لا", "نفت", "رفض", "לא", "אין",
    "הכחיש", "agreed", "вырос", "упал", "ارتفع", "עלה", "ירד", "doors", ",", ". ",
    " ", "ё", "’", "\u064e", "\u202b", "Ω",
])
# fmt: on


@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_every_finding_slices_back_to_its_words(text: str, language: Language) -> None:
    polarity = read_polarity(text, language)
    for cue in polarity.cues:
        assert text[cue.start : cue.end] == cue.words
        assert cue.start < cue.end <= cue.scope_end <= len(text)
    for pole in polarity.poles:
        assert text[pole.start : pole.end] == pole.words
    places = [cue.start for cue in polarity.cues]
    assert places == sorted(set(places))


@given(st.lists(PIECES, max_size=30).map(" ".join), st.sampled_from(LANGUAGES))
def test_a_sentence_is_never_contrary_to_itself(text: str, language: Language) -> None:
    polarity = read_polarity(text, language)
    assert contrary_poles(polarity, polarity) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "لم يستبعد الوزير إغلاق المعبر."),
        ("ru", "Министр не исключил возобновления переговоров."),
        ("en", "The minister has not ruled out resuming the talks."),
    ],
)
def test_denials_that_take_each_other_back_turn_no_opposite_round(language, text):
    poles = [pole for pole in read_polarity(text, language).poles if pole.concept in {"open", "resume"}]
    assert [pole.denied_by for pole in poles] == [None]


def test_a_denied_denial_says_the_other_side():
    (pole, *_) = read_polarity("The mayor has not denied it.", "en").poles
    assert (pole.concept, pole.side, pole.says) == ("confirm", "other", "one")


@pytest.mark.parametrize(
    ("left_language", "left", "right_language", "right"),
    [
        ("en", "Deputies backed the budget by 40 votes to 12.", "ru", "Депутаты отклонили бюджет."),
        ("ru", "Депутаты поддержали бюджет.", "he", "הכנסת דחתה את התקציב."),
        ("ar", "أقر النواب الموازنة.", "en", "Deputies rejected the budget."),
        ("he", "המידע בלתי־מאומת.", "he", "המידע אומת."),
    ],
)
def test_what_is_passed_here_is_rejected_there(left_language, left, right_language, right):
    assert contrary_poles(read_polarity(left, left_language), read_polarity(right, right_language))
