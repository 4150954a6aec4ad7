"""Places that differ: diverging, agreeing and nearly diverging claims in four languages."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.compare.detectors.place import detect_places
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


def found(**texts: str) -> list[Divergence]:
    claims = tuple(claim(name, name[:2], text) for name, text in texts.items())
    return list(detect_places(ClaimGroup(GroupId("group"), StoryId("story"), claims)))


# A sentence in four languages, the place that all have, and the place that one may have instead.
NEWS = {
    "talks": (
        {
            "en": "The delegations met in {} on Thursday.",
            "ru": "Делегации встретились в четверг в {}.",
            "ar": "والتقى الوفدان في {} يوم الخميس.",
            "he": "המשלחות נפגשו ביום חמישי ב{}.",
        },
        {"en": "Cairo", "ru": "Каире", "ar": "القاهرة", "he": "קהיר"},
        {"en": "Doha", "ru": "Дохе", "ar": "الدوحة", "he": "דוחה"},
    ),
    "strike": (
        {
            "en": "The strike hit a building in {} at night.",
            "ru": "Ночью удар пришелся по зданию в {}.",
            "ar": "وأصابت الغارة مبنى في {} ليلا.",
            "he": "התקיפה פגעה בלילה בבניין ב{}.",
        },
        {"en": "Damascus", "ru": "Дамаске", "ar": "دمشق", "he": "דמשק"},
        {"en": "Beirut", "ru": "Бейруте", "ar": "بيروت", "he": "ביירות"},
    ),
    "summit": (
        {
            "en": "The leaders will gather in {} next month.",
            "ru": "Лидеры соберутся в {} в следующем месяце.",
            "ar": "وسيجتمع القادة في {} الشهر المقبل.",
            "he": "המנהיגים יתכנסו בחודש הבא ב{}.",
        },
        {"en": "Germany", "ru": "Германии", "ar": "ألمانيا", "he": "גרמניה"},
        {"en": "Turkey", "ru": "Турции", "ar": "تركيا", "he": "טורקיה"},
    ),
    "flood": (
        {
            "en": "Floods destroyed dozens of houses in {}.",
            "ru": "Наводнение разрушило десятки домов в {}.",
            "ar": "ودمرت الفيضانات عشرات المنازل في {}.",
            "he": "שיטפונות הרסו עשרות בתים ב{}.",
        },
        {"en": "Pakistan", "ru": "Пакистане", "ar": "باكستان", "he": "פקיסטן"},
        {"en": "India", "ru": "Индии", "ar": "الهند", "he": "הודו"},
    ),
    "prisoners": (
        {
            "en": "The prisoners were flown to {} on Monday.",
            "ru": "В понедельник заключенных доставили самолетом в {}.",
            "ar": "ونقل السجناء جوا إلى {} يوم الاثنين.",
            "he": "האסירים הוטסו ביום שני ל{}.",
        },
        {"en": "Ankara", "ru": "Анкару", "ar": "أنقرة", "he": "אנקרה"},
        {"en": "Vienna", "ru": "Вену", "ar": "فيينا", "he": "וינה"},
    ),
    "border": (
        {
            "en": "Thousands crossed the border into {} last week.",
            "ru": "Тысячи людей пересекли на прошлой неделе границу с {}.",
            "ar": "وعبر الآلاف الحدود إلى {} الأسبوع الماضي.",
            "he": "אלפים חצו בשבוע שעבר את הגבול ל{}.",
        },
        {"en": "Jordan", "ru": "Иорданией", "ar": "الأردن", "he": "ירדן"},
        {"en": "Iraq", "ru": "Ираком", "ar": "العراق", "he": "עיראק"},
    ),
    "ship": (
        {
            "en": "The tanker was attacked in the {}.",
            "ru": "Танкер был атакован, когда шел через {}.",
            "ar": "وتعرضت ناقلة النفط لهجوم في {}.",
            "he": "המכלית הותקפה ב{}.",
        },
        {"en": "Red Sea", "ru": "Красное море", "ar": "البحر الأحمر", "he": "ים סוף"},
        {"en": "Black Sea", "ru": "Чёрное море", "ar": "البحر الأسود", "he": "ים השחור"},
    ),
}


def texts(event: str, odd: str = "") -> dict[str, str]:
    sentences, place, other = NEWS[event]
    return {
        language: sentence.format((other if language == odd else place)[language])
        for language, sentence in sentences.items()
    }


@pytest.mark.parametrize("odd", LANGUAGES)
@pytest.mark.parametrize("event", NEWS)
def test_the_outlet_that_has_another_place_stands_apart(event, odd):
    divergences = found(**texts(event, odd))
    assert [divergence.sides[0].outlet_id for divergence in divergences] == [odd]
    apart, *camp = divergences[0].sides
    assert apart.words.endswith(NEWS[event][2][odd])
    assert {side.outlet_id for side in camp} == set(LANGUAGES) - {odd}
    for side in divergences[0].sides:
        assert side.sentence[side.start : side.end] == side.words


@pytest.mark.parametrize("odd", LANGUAGES)
@pytest.mark.parametrize("event", NEWS)
def test_where_two_outlets_speak_both_places_are_shown_once(event, odd):
    other = "ru" if odd == "en" else "en"
    divergences = found(**{odd: texts(event, odd)[odd], other: texts(event)[other]})
    assert len(divergences) == 1
    assert {side.outlet_id for side in divergences[0].sides} == {odd, other}


@pytest.mark.parametrize(("left", "right"), [*combinations(LANGUAGES, 2)])
@pytest.mark.parametrize("event", NEWS)
def test_two_outlets_with_one_place_agree(event, left, right):
    same = texts(event)
    assert found(**{left: same[left], right: same[right]}) == []


@pytest.mark.parametrize("event", NEWS)
def test_four_outlets_with_one_place_agree(event):
    assert found(**texts(event)) == []


NEAR_MISSES = {
    "en": [
        ("talks", "The delegations met in the Egyptian capital on Thursday."),
        ("talks", "The delegations met in Egypt on Thursday."),
        ("talks", "Egyptian and Qatari mediators met the delegations in Cairo."),
        ("talks", "The delegations met on Thursday."),
        ("strike", "The strike hit a building in the Syrian capital at night."),
        ("strike", "A building in central Damascus was hit at night."),
        ("summit", "The leaders will gather in Berlin next month."),
        ("flood", "Pakistan's floods destroyed dozens of houses."),
        ("prisoners", "A Turkish plane flew the prisoners out on Monday."),
        ("border", "Jordanians saw thousands cross the border last week."),
    ],
    "ru": [
        ("talks", "Делегации встретились в четверг в столице Египта."),
        ("talks", "Делегации встретились в четверг."),
        ("talks", "Египетские посредники приняли делегации в Каире."),
        ("strike", "Ночью удар пришелся по зданию в сирийской столице."),
        ("strike", "Удар нанесен по центру Дамаска."),
        ("summit", "Лидеры соберутся в Берлине в следующем месяце."),
        ("summit", "Лидеры соберутся в ФРГ в следующем месяце."),
        ("flood", "Пакистанские власти сообщили о десятках разрушенных домов."),
        ("prisoners", "Заключенных доставили в турецкую столицу."),
        ("border", "Тысячи людей перешли иорданскую границу."),
    ],
    "ar": [
        ("talks", "والتقى الوفدان في العاصمة المصرية يوم الخميس."),
        ("talks", "والتقى الوفدان في مصر يوم الخميس."),
        ("talks", "والتقى الوفدان يوم الخميس."),
        ("strike", "وأصابت الغارة مبنى في العاصمة السورية ليلا."),
        ("strike", "وأصيب مبنى وسط دمشق ليلا."),
        ("summit", "وسيجتمع القادة في برلين الشهر المقبل."),
        ("flood", "ودمرت الفيضانات الباكستانية عشرات المنازل."),
        ("prisoners", "ونقلت طائرة تركية السجناء يوم الاثنين."),
        ("border", "وعبر الآلاف الحدود الأردنية الأسبوع الماضي."),
        ("ship", "وتعرضت ناقلة النفط لهجوم بالبحر الأحمر."),
    ],
    "he": [
        ("talks", "המשלחות נפגשו ביום חמישי בבירת מצרים."),
        ("talks", "המשלחות נפגשו ביום חמישי במצרים."),
        ("talks", "המשלחות נפגשו ביום חמישי."),
        ("strike", "התקיפה פגעה בלילה בבניין בבירה הסורית."),
        ("strike", "בניין במרכז דמשק נפגע בלילה."),
        ("summit", "המנהיגים יתכנסו בחודש הבא בברלין."),
        ("flood", "השיטפונות הפקיסטניים הרסו עשרות בתים."),
        ("prisoners", "מטוס טורקי הטיס את האסירים ביום שני."),
        ("border", "אלפים חצו בשבוע שעבר את הגבול הירדני."),
        ("ship", "המכלית הותקפה בים סוף."),
    ],
}


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [(language, event, text) for language, cases in NEAR_MISSES.items() for event, text in cases],
)
def test_a_whole_a_part_or_no_place_is_no_divergence(language, event, text):
    assert found(**(texts(event) | {language: text})) == []


def test_places_that_the_gazetteer_does_not_know_are_marked_by_their_preposition():
    divergences = found(
        ru="Переговоры проходили в Лансберге и заняли три дня.",
        ru2="Переговоры шли в Мирабеле три дня.",
        en="The talks between the two sides were held in Mirabel.",
        he="השיחות במירבל נמשכו שלושה ימים.",
    )
    assert [side.words for side in divergences[0].sides][:2] == ["Лансберге", "Mirabel"]


def test_a_person_called_like_a_place_is_no_place():
    assert found(
        en="Jordan Henderson was injured in the first half.",
        ru="Джордан Хендерсон получил травму в первом тайме.",
        he="ג'ורדן הנדרסון נפצע במחצית הראשונה.",
    ) == []  # fmt: skip


def test_the_order_of_outlets_changes_nothing():
    sentences = texts("strike", "he")
    expected = found(**sentences)
    for order in permutations(sentences):
        assert found(**{language: sentences[language] for language in order}) == expected


SENTENCES = st.sampled_from(
    [text for event in NEWS for odd in ("", *LANGUAGES) for text in texts(event, odd).values()]
)
HOSTILE = st.text(
    st.sampled_from("aA1 .,'\"-־פрРשبعء٣\u200f\u202e\u2066\u0301\u05b0\u064b😀«»()"), min_size=1, max_size=60
)


@given(st.one_of(SENTENCES, HOSTILE), st.sampled_from(LANGUAGES))
@settings(max_examples=60, deadline=None)
def test_a_claim_never_diverges_from_itself(text, language):
    claims = tuple(claim(outlet, language, text) for outlet in ("one", "two", "three"))
    assert list(detect_places(ClaimGroup(GroupId("g"), StoryId("s"), claims))) == []


@given(st.lists(st.tuples(st.sampled_from(LANGUAGES), st.one_of(SENTENCES, HOSTILE)), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_evidence_slices_to_its_words_and_order_does_not_matter(pairs):
    claims = [claim(f"outlet{place}", language, text) for place, (language, text) in enumerate(pairs)]
    forwards = list(detect_places(ClaimGroup(GroupId("g"), StoryId("s"), tuple(claims))))
    backwards = list(detect_places(ClaimGroup(GroupId("g"), StoryId("s"), tuple(reversed(claims)))))
    assert forwards == backwards
    for divergence in forwards:
        for side in divergence.sides:
            assert side.sentence[side.start : side.end] == side.words != ""
