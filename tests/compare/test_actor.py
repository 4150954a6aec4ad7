"""One outlet names somebody else: diverging, agreeing and nearly diverging claims in four languages."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.compare.detectors.actor import detect_actors
from xsource.records import (
    LANGUAGES,
    Article,
    Claim,
    ClaimGroup,
    Divergence,
    GroupId,
    Outlet,
    OutletId,
    Sentence,
    StoryId,
)


def claim(outlet: str, language: str, text: str) -> Claim:
    source = f"https://{outlet}.example/1"
    article_id = Article.identify(outlet, source, text)
    published = datetime(2024, 5, 14, 9, tzinfo=UTC)
    article = Article(article_id, OutletId(outlet), source, "", text, language, 1.0, published)
    sentence = Sentence(Sentence.identify(article_id, 0), article_id, 0, 0, len(text), text, True, "test")
    return Claim(sentence, article, Outlet(OutletId(outlet), outlet))


def group(**texts: str) -> ClaimGroup:
    """Make a group of outlets named by language, `en2` being a second English one."""
    claims = tuple(claim(name, name[:2], text) for name, text in texts.items())
    return ClaimGroup(GroupId("group"), StoryId("story"), claims)


def found(**texts: str) -> list[Divergence]:
    return list(detect_actors(group(**texts)))


# The same sentence in four languages, the name that all have, and the name that one of them may have instead.
NEWS = {
    "spokesman": (
        {
            "en": "{} told reporters on Tuesday that the talks would resume next week.",
            "ru": "{} сообщил журналистам во вторник, что переговоры возобновятся на следующей неделе.",
            "ar": "وقال {} للصحفيين يوم الثلاثاء إن المحادثات ستستأنف الأسبوع المقبل.",
            "he": "{} אמר לעיתונאים ביום שלישי כי השיחות יחודשו בשבוע הבא.",
        },
        {"en": "Dmitry Peskov", "ru": "Дмитрий Песков", "ar": "دميتري بيسكوف", "he": "דמיטרי פסקוב"},
        {"en": "Martin Lindqvist", "ru": "Мартин Линдквист", "ar": "مارتن ليندكفيست", "he": "מרטין לינדקוויסט"},
    ),
    "arrest": (
        {
            "en": "Police arrested {} at the airport on suspicion of fraud.",
            "ru": "Полиция задержала в аэропорту {} по подозрению в мошенничестве.",
            "ar": "ألقت الشرطة القبض على {} في المطار للاشتباه في الاحتيال.",
            "he": "המשטרה עצרה בשדה התעופה את {} בחשד להונאה.",
        },
        {"en": "Victor Bulgakov", "ru": "Виктора Булгакова", "ar": "فيكتور بولغاكوف", "he": "ויקטור בולגקוב"},
        {"en": "Stephen Corrigan", "ru": "Стивена Корригана", "ar": "ستيفن كوريغان", "he": "סטיבן קוריגן"},
    ),
    "meeting": (
        {
            "en": "The minister met {} in the capital and discussed the ceasefire.",
            "ru": "Министр встретился в столице с {} и обсудил прекращение огня.",
            "ar": "والتقى الوزير في العاصمة {} وبحث معه وقف إطلاق النار.",
            "he": "השר נפגש בבירה עם {} ודן בהפסקת האש.",
        },
        {"en": "Robert Trenton", "ru": "Робертом Трентоном", "ar": "روبرت ترينتون", "he": "רוברט טרנטון"},
        {"en": "Miguel Sandoval", "ru": "Мигелем Сандовалем", "ar": "ميغيل ساندوفال", "he": "מיגל סנדובל"},
    ),
    "court": (
        {
            "en": "A court sentenced {} to six years in prison.",
            "ru": "Суд приговорил {} к шести годам тюрьмы.",
            "ar": "حكمت محكمة على {} بالسجن ست سنوات.",
            "he": "בית המשפט גזר על {} שש שנות מאסר.",
        },
        {"en": "Nikolai Gromov", "ru": "Николая Громова", "ar": "نيكولاي غروموف", "he": "ניקולאי גרומוב"},
        {"en": "Patrick Delaney", "ru": "Патрика Делейни", "ar": "باتريك ديلاني", "he": "פטריק דילייני"},
    ),
    "goal": (
        {
            "en": "The only goal of the match was scored by {} in the second half.",
            "ru": "Единственный гол матча забил {} во втором тайме.",
            "ar": "وسجل {} هدف المباراة الوحيد في الشوط الثاني.",
            "he": "{} כבש את השער היחיד של המשחק במחצית השנייה.",
        },
        {
            "en": "Alejandro Mendoza",
            "ru": "Алехандро Мендоса",
            "ar": "أليخاندرو ميندوزا",
            "he": "אלחנדרו מנדוזה",
        },
        {"en": "Tobias Brunner", "ru": "Тобиас Бруннер", "ar": "توبياس برونر", "he": "טוביאס ברונר"},
    ),
    "election": (
        {
            "en": "According to the exit polls, {} won the election in the north.",
            "ru": "По данным опросов, победу на выборах на севере одержал {}.",
            "ar": "ووفقا لاستطلاعات الرأي، فاز {} في الانتخابات في الشمال.",
            "he": "לפי הסקרים, {} ניצח בבחירות בצפון.",
        },
        {"en": "Leonard Fitzroy", "ru": "Леонард Фицрой", "ar": "ليونارد فيتزروي", "he": "לאונרד פיצרוי"},
        {"en": "Gustav Petersen", "ru": "Густав Петерсен", "ar": "غوستاف بيترسن", "he": "גוסטב פטרסן"},
    ),
    "prize": (
        {
            "en": "The prize went to {} for a film about the war.",
            "ru": "Премию получил {} за фильм о войне.",
            "ar": "وذهبت الجائزة إلى {} عن فيلم عن الحرب.",
            "he": "הפרס הוענק ל{} על סרט על המלחמה.",
        },
        {"en": "Stanislav Kramer", "ru": "Станислав Крамер", "ar": "ستانيسلاف كرامر", "he": "סטניסלב קרמר"},
        {"en": "Edgar Maldonado", "ru": "Эдгар Мальдонадо", "ar": "إدغار مالدونادو", "he": "אדגר מלדונדו"},
    ),
    "letter": (
        {
            "en": "In a letter to parliament, {} asked for more money for hospitals.",
            "ru": "В письме парламенту {} попросил больше денег для больниц.",
            "ar": "وفي رسالة إلى البرلمان طلب {} المزيد من المال للمستشفيات.",
            "he": "במכתב לפרלמנט ביקש {} עוד כסף לבתי החולים.",
        },
        {
            "en": "Benjamin Kowalski",
            "ru": "Бенджамин Ковальский",
            "ar": "بنجامين كوفالسكي",
            "he": "בנג'מין קובלסקי",
        },
        {"en": "Fernando Ortega", "ru": "Фернандо Ортега", "ar": "فرناندو أورتيغا", "he": "פרננדו אורטגה"},
    ),
}


def texts(event: str, odd: str = "") -> dict[str, str]:
    sentences, name, other = NEWS[event]
    return {
        language: sentence.format((other if language == odd else name)[language])
        for language, sentence in sentences.items()
    }


@pytest.mark.parametrize("odd", LANGUAGES)
@pytest.mark.parametrize("event", NEWS)
def test_the_outlet_that_names_somebody_else_stands_apart(event, odd):
    divergences = found(**texts(event, odd))
    assert [divergence.sides[0].outlet_id for divergence in divergences] == [odd]
    apart, *camp = divergences[0].sides
    assert set(apart.words.split()) & set(NEWS[event][2][odd].split())
    assert {side.outlet_id for side in camp} <= set(LANGUAGES) - {odd}
    assert len(camp) >= 2
    assert divergences[0].confidence >= 0.5
    for side in divergences[0].sides:
        assert side.sentence[side.start : side.end] == side.words


@pytest.mark.parametrize(("left", "right"), [*permutations(LANGUAGES, 2)])
@pytest.mark.parametrize("event", NEWS)
def test_two_outlets_with_one_name_agree(event, left, right):
    same = texts(event)
    assert found(**{left: same[left], right: same[right]}) == []


@pytest.mark.parametrize("event", NEWS)
def test_four_outlets_with_one_name_agree(event):
    assert found(**texts(event)) == []


@pytest.mark.parametrize(("odd", "other"), [("en", "ru"), ("ru", "en"), ("ar", "en"), ("he", "ru")])
@pytest.mark.parametrize("event", ["spokesman", "court", "election", "letter"])
def test_where_two_outlets_speak_both_names_are_shown_once(event, odd, other):
    different, same = texts(event, odd), texts(event)
    divergences = found(**{odd: different[odd], other: same[other]})
    assert len(divergences) == 1
    assert {side.outlet_id for side in divergences[0].sides} == {odd, other}


# What replaces the name in one outlet without contradicting the others. The event is the first column.
NEAR_MISSES = {
    "en": [
        ("spokesman", "Peskov told reporters on Tuesday that the talks would resume next week."),
        ("spokesman", "Kremlin spokesman Dmitry Peskov told reporters the talks would resume next week."),
        ("spokesman", "The Kremlin spokesman told reporters on Tuesday that the talks would resume next week."),
        ("spokesman", "He told reporters on Tuesday that the talks would resume next week."),
        ("spokesman", "D. Peskov told reporters on Tuesday that the talks would resume next week."),
        ("spokesman", "Mr Peskov told reporters on Tuesday that the talks would resume next week."),
        ("arrest", "Victor Bulgakov's arrest at the airport was on suspicion of fraud, police said."),
        ("arrest", "Viktor Boulgakov was arrested at the airport on suspicion of fraud."),
        ("meeting", "The minister met Trenton in the capital and discussed the ceasefire."),
        ("court", "GROMOV SENTENCED TO SIX YEARS IN PRISON"),
        ("goal", "Mendoza Scores Only Goal Of The Match In The Second Half"),
    ],
    "ru": [
        (
            "spokesman",
            "Песков сообщил журналистам во вторник, что переговоры возобновятся на следующей неделе.",
        ),
        ("spokesman", "Пресс-секретарь Кремля сообщил, что переговоры возобновятся на следующей неделе."),
        ("spokesman", "Он сообщил журналистам во вторник, что переговоры возобновятся на следующей неделе."),
        ("spokesman", "По словам Дмитрия Пескова, переговоры возобновятся на следующей неделе."),
        ("spokesman", "Д. С. Песков сообщил во вторник, что переговоры возобновятся."),
        ("spokesman", "Журналистам об этом сообщили Дмитрием Песковым уполномоченные лица."),
        ("arrest", "По подозрению в мошенничестве в аэропорту задержан Булгаков."),
        ("meeting", "Министр встретился в столице с Трентоном и обсудил прекращение огня."),
        ("court", "Громову дали шесть лет тюрьмы."),
        ("election", "Леонарду Фицрою досталась победа на выборах на севере."),
        ("prize", "Фильм Крамера о войне получил премию."),
    ],
    "ar": [
        ("spokesman", "وقال بيسكوف للصحفيين يوم الثلاثاء إن المحادثات ستستأنف الأسبوع المقبل."),
        ("spokesman", "وقال المتحدث باسم الكرملين للصحفيين إن المحادثات ستستأنف الأسبوع المقبل."),
        ("spokesman", "وقال للصحفيين يوم الثلاثاء إن المحادثات ستستأنف الأسبوع المقبل."),
        ("spokesman", "وقال المتحدث ديمتري بسكوف للصحفيين إن المحادثات ستستأنف الأسبوع المقبل."),
        ("arrest", "ألقت الشرطة القبض على بولجاكوف في المطار للاشتباه في الاحتيال."),
        ("arrest", "ألقي القبض في المطار على رجل للاشتباه في الاحتيال."),
        ("meeting", "والتقى الوزير في العاصمة بترينتون وبحث معه وقف إطلاق النار."),
        ("court", "حكمت محكمة على المتهم غروموف بالسجن ست سنوات."),
        ("goal", "وسجل مندوزا هدف المباراة الوحيد في الشوط الثاني."),
        ("election", "فاز المرشح ليونارد فتزروي في الانتخابات في الشمال."),
        ("prize", "وذهبت الجائزة لستانيسلاف كرامر عن فيلم عن الحرب."),
    ],
    "he": [
        ("spokesman", "פסקוב אמר לעיתונאים ביום שלישי כי השיחות יחודשו בשבוע הבא."),
        ("spokesman", "דובר הקרמלין אמר לעיתונאים ביום שלישי כי השיחות יחודשו בשבוע הבא."),
        ("spokesman", "הוא אמר לעיתונאים ביום שלישי כי השיחות יחודשו בשבוע הבא."),
        ("spokesman", "דובר הקרמלין דימיטרי פסקוב אמר כי השיחות יחודשו בשבוע הבא."),
        ("arrest", "בולגאקוב נעצר בשדה התעופה בחשד להונאה."),
        ("arrest", "המשטרה עצרה בשדה התעופה אדם בחשד להונאה."),
        ("meeting", "השר נפגש בבירה עם טרנטון ודן בהפסקת האש."),
        ("court", "בית המשפט גזר על גרומוב שש שנות מאסר."),
        ("goal", "השער היחיד של המשחק נכבש בידי מנדוסה במחצית השנייה."),
        ("election", "לפי הסקרים, המועמד לאונרד פיצרוי ניצח בבחירות בצפון."),
        ("prize", "הפרס הוענק לסטניסלב קראמר על סרט על המלחמה."),
    ],
}


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [(language, event, text) for language, cases in NEAR_MISSES.items() for event, text in cases],
)
def test_another_form_of_the_name_or_none_is_no_divergence(language, event, text):
    assert found(**(texts(event) | {language: text})) == []


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(
            {
                "en": "The United States and Hamas rejected the claim.",
                "ru": "США и ХАМАС отвергли это утверждение.",
                "ar": "ورفضت الولايات المتحدة وحماس هذا الادعاء.",
                "he": 'ארה"ב וחמאס דחו את הטענה.',
            },
            id="translated names and acronyms",
        ),
        pytest.param(
            {
                "en": "Moscow has denied it.",
                "ru": "В России это отрицают.",
                "ar": "ونفى الكرملين ذلك.",
                "he": "רוסיה הכחישה זאת.",
            },
            id="a capital or a government for its country",
        ),
        pytest.param(
            {
                "en": "Reuters quoted Peskov on the strikes.",
                "ru": "ТАСС приводит слова Пескова об ударах.",
                "ar": "نقلت وكالة تاس عن بيسكوف تعليقه على الضربات.",
                "he": "רויטרס ציטטה את פסקוב על התקיפות.",
            },
            id="another agency is another source, not another actor",
        ),
        pytest.param(
            {
                "en": "Health officials in Gaza said 20 people died.",
                "ru": "По данным минздрава Газы, погибли 20 человек.",
                "ar": "وقالت وزارة الصحة في غزة إن 20 شخصا قتلوا.",
                "he": "משרד הבריאות בעזה מסר כי 20 בני אדם נהרגו.",
            },
            id="a body described in other words",
        ),
        pytest.param(
            {
                "en": "UN Secretary-General Antonio Guterres called for a truce.",
                "ru": "Генсек ООН Антониу Гутерриш призвал к перемирию.",
                "ar": "دعا الأمين العام للأمم المتحدة أنطونيو غوتيريش إلى هدنة.",
                "he": 'מזכ"ל האו"ם אנטוניו גוטרש קרא להפסקת אש.',
            },
            id="an accent and four spellings",
        ),
    ],
)
def test_compatible_actors_are_not_a_divergence(sentences):
    assert found(**sentences) == []


def test_an_organisation_in_the_place_of_another_stands_apart():
    divergences = found(
        en="Hezbollah said it had fired the rockets.",
        ru="ХАМАС заявил, что выпустил ракеты.",
        ar="قالت حماس إنها أطلقت الصواريخ.",
        he="חמאס הודיע כי שיגר את הרקטות.",
    )
    assert [side.words for side in divergences[0].sides[:1]] == ["Hezbollah"]
    assert divergences[0].sides[0].value == "org:hezbollah"
    assert {side.value for side in divergences[0].sides[1:]} == {"org:hamas"}


def test_a_company_after_its_title_word_stands_apart_in_arabic():
    divergences = found(
        ar="ويعود المستودع إلى شركة لانتيس.",
        ru="Склад принадлежит компании «Алмар».",
        he="המחסן שייך לחברת אלמר.",
        en="The warehouse belongs to the company Almar.",
    )
    assert divergences[0].sides[0].words == "لانتيس"


def test_two_who_speak_for_two_offices_are_not_one_in_the_place_of_the_other():
    theirs = {
        "en": "The two sides agreed to a truce, the mediator Helga Sandrin said.",
        "he": "הצדדים הסכימו על הפסקת אש, אמרה המתווכת הלגה סנדרין.",
        "ar": "اتفق الطرفان على الهدنة، بحسب ما أعلنته الوسيطة هيلغا ساندرين.",
    }
    denied = "Гардания отказалась от перемирия, заявила представитель министерства обороны Сабина Кортель."
    assert found(ru=denied, **theirs) == []
    (same,) = found(ru="Стороны договорились о перемирии, сообщила посредник Сабина Кортель.", **theirs)
    assert same.sides[0].words == "Сабина Кортель"


def test_two_english_outlets_are_compared_as_well():
    divergences = found(
        en="Lawyer Karen Abbott said the player would appeal.",
        en2="Lawyer Simon Driscoll said the player would appeal.",
        en3="The player would appeal, lawyer Simon Driscoll said.",
    )
    assert [side.words for side in divergences[0].sides] == ["Karen Abbott", "Simon Driscoll", "Simon Driscoll"]


def test_the_order_of_outlets_changes_nothing():
    sentences = texts("arrest", "ru")
    expected = found(**sentences)
    for order in permutations(sentences):
        assert found(**{language: sentences[language] for language in order}) == expected


SENTENCES = st.sampled_from([text for event in NEWS for text in texts(event).values()])
HOSTILE = st.text(
    st.sampled_from("aA1 .,'\"-־פрРשبعء٣\u200f\u202e\u2066\u0301\u05b0\u064b😀«»()"), min_size=1, max_size=60
)


@given(st.one_of(SENTENCES, HOSTILE), st.sampled_from(LANGUAGES))
@settings(max_examples=60, deadline=None)
def test_a_claim_never_diverges_from_itself(text, language):
    twice = ClaimGroup(
        GroupId("g"), StoryId("s"), tuple(claim(outlet, language, text) for outlet in ("one", "two", "three"))
    )
    assert list(detect_actors(twice)) == []


@given(st.lists(st.tuples(st.sampled_from(LANGUAGES), st.one_of(SENTENCES, HOSTILE)), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_evidence_slices_to_its_words_and_order_does_not_matter(pairs):
    claims = [claim(f"outlet{place}", language, text) for place, (language, text) in enumerate(pairs)]
    forwards = list(detect_actors(ClaimGroup(GroupId("g"), StoryId("s"), tuple(claims))))
    backwards = list(detect_actors(ClaimGroup(GroupId("g"), StoryId("s"), tuple(reversed(claims)))))
    assert forwards == backwards
    for divergence in forwards:
        for side in divergence.sides:
            assert side.sentence[side.start : side.end] == side.words != ""


@pytest.mark.parametrize(
    "text", ["я", "א", ".", "\u202e", "1.2.3", "Ab " * 3333, "ويتكومب " * 1250, "בּ" * 5000]
)
def test_hostile_sentences_raise_nothing_and_flag_nothing_beside_a_real_one(text):
    sentence = texts("court")["en"]
    for language in LANGUAGES:
        flagged = [side.words for d in found(en=sentence, **{f"{language}9": text}) for side in d.sides]
        assert all(words in sentence or words in text for words in flagged)


def test_two_against_two_are_one_divergence():
    texts, usual, other = NEWS["arrest"]
    names = {"ru": usual["ru"], "en": usual["en"], "en2": other["en"], "ru2": other["ru"]}
    (divergence,) = found(**{outlet: texts[outlet[:2]].format(name) for outlet, name in names.items()})
    sides = [side.outlet_id for side in divergence.sides]
    assert divergence.apart == 2
    assert {frozenset(sides[:2]), frozenset(sides[2:])} == {frozenset({"en", "ru"}), frozenset({"en2", "ru2"})}
    assert all(side.words and side.words in side.sentence for side in divergence.sides)
    shown = [(side.outlet_id, side.words) for side in divergence.sides]
    reverse = found(
        **{outlet: texts[outlet[:2]].format(name) for outlet, name in reversed(list(names.items()))}
    )
    assert [[(side.outlet_id, side.words) for side in each.sides] for each in reverse] == [shown]
