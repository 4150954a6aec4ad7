"""Articles that repeat another's text, in one language and in translation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xsource.align import find_copies
from xsource.records import Match

WIRE = {
    "en": [
        "A delegation arrived in Moscow on Friday for talks, the ministry said.",
        "The visitors met the deputy foreign minister for about two hours.",
        "Both sides discussed the release of hostages and the evacuation of civilians.",
        "No statement was published after the meeting ended late in the evening.",
        "The delegation is expected to leave the capital on Saturday morning.",
    ],
    "ru": [
        "Делегация прибыла в Москву в пятницу для переговоров, сообщили в министерстве.",
        "Гости встретились с заместителем министра и беседовали около двух часов.",
        "Стороны обсудили освобождение заложников и эвакуацию мирных жителей.",
        "После встречи, закончившейся поздно вечером, заявлений не последовало.",
        "Ожидается, что делегация покинет столицу в субботу утром.",
    ],
    "ar": [
        "وصل وفد إلى موسكو يوم الجمعة لإجراء محادثات، بحسب الوزارة.",
        "التقى الزوار نائب وزير الخارجية لمدة ساعتين تقريبا.",
        "بحث الجانبان إطلاق سراح الرهائن وإجلاء المدنيين من القطاع.",
        "لم يصدر أي بيان بعد انتهاء الاجتماع في ساعة متأخرة من المساء.",
        "ومن المتوقع أن يغادر الوفد العاصمة صباح السبت المقبل.",
    ],
    "he": [
        "משלחת הגיעה למוסקבה ביום שישי לשיחות, כך נמסר מהמשרד.",
        "האורחים נפגשו עם סגן שר החוץ למשך כשעתיים בבניין המשרד.",
        "הצדדים דנו בשחרור החטופים ובפינוי אזרחים מן הרצועה.",
        "לא פורסמה הודעה לאחר שהפגישה הסתיימה בשעת ערב מאוחרת.",
        "המשלחת צפויה לעזוב את הבירה בבוקר יום שבת הקרוב.",
    ],
}
OWN = "Our correspondent adds that the street before the building was closed all day long."


def printed(world, name, outlet, language, parts, days=0.0):
    article = world.article(name, outlet, language, text=" ".join(parts), days=days)
    return article, world.sentences(article, parts)


def copies_of(*printings, matches=()):
    articles = [article for article, _ in printings]
    sentences = [sentence for _, own in printings for sentence in own]
    return [(c.original, c.repeat, c.is_translated) for c in find_copies(articles, sentences, matches)]


def in_order(left, right, pairs):
    return [Match(left[1][i].id, right[1][j].id, 0.9, 0.6) for i, j in pairs]


@pytest.mark.parametrize("language", sorted(WIRE))
def test_one_wire_text_in_two_papers_is_a_copy(world, language):
    first = printed(world, "first", "agency", language, WIRE[language])
    second = printed(world, "second", "paper", language, WIRE[language], days=0.2)
    assert copies_of(first, second) == [("first", "second", False)]
    assert copies_of(second, first) == [("first", "second", False)]


@pytest.mark.parametrize("language", sorted(WIRE))
def test_an_edited_word_and_a_sentence_cut_are_still_a_copy(world, language):
    edited = [WIRE[language][0].replace(" ", "  ", 1), *WIRE[language][1:4]]
    first = printed(world, "first", "agency", language, WIRE[language])
    second = printed(world, "second", "paper", language, edited, days=0.2)
    assert copies_of(first, second) == [("first", "second", False)]


@pytest.mark.parametrize("language", sorted(WIRE))
def test_a_credited_wire_is_known_by_less_of_its_text(world, language):
    own = [OWN, OWN.replace("street", "square"), OWN.replace("closed", "guarded")]
    first = printed(world, "first", "agency", language, WIRE[language])
    article, sentences = printed(world, "second", "paper", language, [*WIRE[language][:3], *own[:2]], days=0.2)
    assert copies_of(first, (article, sentences)) == []
    credited = replace(article, agency="agency")
    assert copies_of(first, (credited, sentences)) == [("first", "second", False)]
    elsewhere = replace(article, agency="another")
    assert copies_of(first, (elsewhere, sentences)) == []


def test_a_wire_story_inside_a_long_article_is_a_copy(world):
    first = printed(world, "wire", "agency", "en", WIRE["en"])
    own = [
        f"{OWN[:-1]}, for the {n}th time since the talks began in the autumn of that year."
        for n in range(4, 24)
    ]
    second = printed(world, "long", "paper", "en", [*own[:10], *WIRE["en"], *own[10:]], days=0.2)
    assert copies_of(first, second) == [("wire", "long", False)]


def test_independent_reports_of_one_event_are_not_copies(world):
    other = [
        "Talks were held in the Russian capital at the end of the week, officials confirmed.",
        "A senior diplomat received the guests, who came from Qatar, behind closed doors.",
        WIRE["en"][2],
        "Reporters waiting outside were told that nothing would be said that night.",
    ]
    first = printed(world, "first", "agency", "en", WIRE["en"])
    assert copies_of(first, printed(world, "second", "paper", "en", other)) == []


def test_one_outlets_two_versions_are_no_copies(world):
    first = printed(world, "first", "paper", "en", WIRE["en"])
    assert copies_of(first, printed(world, "second", "paper", "en", WIRE["en"], days=1)) == []


def test_two_short_bulletins_are_no_copies(world):
    first = printed(world, "first", "agency", "en", WIRE["en"][:2])
    assert copies_of(first, printed(world, "second", "paper", "en", WIRE["en"][:2])) == []


def test_a_translation_sentence_by_sentence_is_a_translated_copy(world):
    first = printed(world, "first", "agency", "ru", WIRE["ru"])
    second = printed(world, "second", "paper", "he", WIRE["he"], days=0.5)
    matches = in_order(first, second, [(0, 0), (1, 1), (3, 3), (4, 4)])
    assert copies_of(first, second, matches=matches) == [("first", "second", True)]


def test_the_same_claims_in_another_order_are_no_translation(world):
    first = printed(world, "first", "agency", "ru", WIRE["ru"])
    second = printed(world, "second", "paper", "ar", WIRE["ar"], days=0.5)
    assert (
        copies_of(first, second, matches=in_order(first, second, [(0, 4), (1, 3), (2, 2), (3, 1), (4, 0)]))
        == []
    )


def test_each_repeat_is_named_once_with_the_text_it_repeats_most(world):
    wire = printed(world, "wire", "agency", "en", WIRE["en"])
    cut = printed(world, "cut", "paper", "en", WIRE["en"][:4], days=0.1)
    same = printed(world, "same", "site", "en", WIRE["en"], days=0.2)
    assert copies_of(wire, cut, same) == [("wire", "cut", False), ("wire", "same", False)]


def test_without_dates_the_longer_text_is_the_original(world):
    short = printed(world, "a short", "paper", "en", WIRE["en"][:4], days=None)
    long = printed(world, "b long", "agency", "en", WIRE["en"], days=None)
    assert copies_of(short, long) == [("b long", "a short", False)]


def test_a_text_in_many_papers_costs_no_comparison_of_all_with_all(world):
    papers = [printed(world, f"{n:03d}", f"paper {n}", "en", WIRE["en"], days=n / 100) for n in range(150)]
    assert copies_of(*papers) == [("000", f"{n:03d}", False) for n in range(1, 150)]


def test_nothing_has_no_copies():
    assert find_copies([], [], []) == []
