"""When outlets name different sources, or one names none: told the same in four languages."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.compare.detectors.attribution import detect_attribution
from xsource.evaluate.polarity import group_of_sentences
from xsource.records import LANGUAGES

TOPICS = {
    "en": ["Nine people were killed{}.", "The bridge was closed{}.", "The fire began at night{}."],
    "ru": ["Погибли девять человек{}.", "Мост был закрыт{}.", "Пожар начался ночью{}."],
    "he": ["תשעה בני אדם נהרגו{}.", "הגשר נסגר{}.", "השריפה פרצה בלילה{}."],
    "ar": ["قتل تسعة أشخاص{}.", "أغلق الجسر{}.", "اندلع الحريق ليلا{}."],
}
# Pairs of sources that are different, each as its language names it.
SOURCES = {
    "police": {
        "en": ", police said",
        "ru": ", сообщила полиция",
        "he": ", מסרה המשטרה",
        "ar": "، بحسب الشرطة",
    },
    "hospital": {
        "en": ", according to doctors at the hospital",
        "ru": ", по данным врачей больницы",
        "he": ", לפי רופאים בבית החולים",
        "ar": "، بحسب أطباء في المستشفى",
    },
    "witnesses": {
        "en": ", eyewitnesses said",
        "ru": ", рассказали очевидцы",
        "he": ", סיפרו עדי ראייה",
        "ar": "، وفق شهود عيان",
    },
    "rights": {
        "en": ", according to human rights groups",
        "ru": ", по данным правозащитников",
        "he": ", לפי ארגוני זכויות אדם",
        "ar": "، بحسب منظمات حقوقية",
    },
}
OTHER = {"en": "ru", "ru": "ar", "ar": "he", "he": "en"}
KINDS = tuple(SOURCES)


def told(language: str, topic: int, source: str | None = None) -> tuple[str, str]:
    return language, TOPICS[language][topic].format(SOURCES[source][language] if source else "")


def group(*claims: tuple[str, str]):
    return group_of_sentences([(f"outlet-{i}", language, text) for i, (language, text) in enumerate(claims)])


@pytest.mark.parametrize(("language", "topic", "source"), list(product(LANGUAGES, range(3), KINDS)))
def test_the_same_source_in_two_languages_agrees(language, topic, source):
    assert (
        list(detect_attribution(group(told(language, topic, source), told(OTHER[language], topic, source))))
        == []
    )


@pytest.mark.parametrize(("language", "topic", "source"), list(product(LANGUAGES, range(3), KINDS)))
def test_another_source_differs(language, topic, source):
    another = KINDS[KINDS.index(source) - 1]
    (found,) = detect_attribution(group(told(language, topic, source), told(OTHER[language], topic, another)))
    assert found.kind == "attribution"
    assert {side.language for side in found.sides} == {language, OTHER[language]}
    assert {source in side.value for side in found.sides if side.language == language} == {True}
    assert all(side.words and side.words in side.sentence for side in found.sides)
    assert found.confidence >= 0.5


@pytest.mark.parametrize(("language", "topic", "source"), list(product(LANGUAGES, range(3), KINDS)))
def test_a_statement_without_the_source_that_another_names_differs(language, topic, source):
    (found,) = detect_attribution(group(told(language, topic), told(OTHER[language], topic, source)))
    assert [side.words == "" for side in found.sides] == [False, True]
    assert found.sides[1].value == "no source"
    assert found.explanation.startswith("Stated as their own by outlet-0")


@pytest.mark.parametrize(("language", "topic"), list(product(LANGUAGES, range(3))))
def test_two_plain_statements_agree(language, topic):
    assert list(detect_attribution(group(told(language, topic), told(OTHER[language], topic)))) == []


@pytest.mark.parametrize(
    "claims",
    [
        # The source is what the plain sentence is about.
        (("en", "Police closed the bridge."), ("ru", "Мост закрыт, сообщила полиция.")),
        (("he", "המשטרה סגרה את הגשר."), ("ar", "أغلق الجسر، بحسب الشرطة.")),
        # A ministry, its spokesman and "officials" may be one source.
        (("en", "The bridge is closed, officials said."), ("ru", "Мост закрыт, сообщили в министерстве.")),
        (("ar", "أغلق الجسر، بحسب متحدث."), ("he", "הגשר נסגר, מסר משרד הפנים.")),
        # A name that is spelled differently.
        (("en", "The bridge is closed, Peskov said."), ("ru", "Мост закрыт, заявил Песков.")),
        (("he", "הגשר נסגר, אמר פסקוב."), ("en", "The bridge is closed, Dmitry Peskov said.")),
        # A quotation is not the outlet's own statement.
        (("en", "“The bridge has been closed today.”"), ("ru", "Мост закрыт, сообщила полиция.")),
        # An act of speech is no attribution.
        (("en", "Nine days of mourning began."), ("he", "ראש העיר הכריזה על תשעה ימי אבל.")),
        # What may be is not stated as one's own.
        (("en", "The bridge may be closed."), ("ru", "Мост закрыт, сообщила полиция.")),
        (("ar", "ربما أغلق الجسر."), ("en", "The bridge is closed, police said.")),
    ],
)
def test_a_near_miss_agrees(claims):
    assert list(detect_attribution(group(*claims))) == []


def test_who_stands_apart_comes_first():
    claims = [told("en", 0, "police"), told("ru", 0, "police"), told("ar", 0, "hospital")]
    (found,) = detect_attribution(group(*claims))
    assert [side.language for side in found.sides] == ["ar", "en", "ru"]
    assert "أطباء في المستشفى" in found.explanation


_CLAIMS = st.sampled_from(
    [told(code, 0, source) for code in LANGUAGES for source in (None, *KINDS)]
    + [("en", "x"), ("ru", "1.2.3"), ("he", "31/02/2023"), ("ar", "\u202b؟\u202c"), ("en", "said " * 300)]
)


@given(_CLAIMS)
def test_a_claim_never_diverges_from_itself(claim):
    assert list(detect_attribution(group(claim, claim))) == []


@given(st.lists(_CLAIMS, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_outlets_changes_nothing_and_every_span_slices(claims, random):
    told_group = group(*claims)
    found = list(detect_attribution(told_group))
    claims = list(told_group.claims)
    random.shuffle(claims)
    assert list(detect_attribution(replace(told_group, claims=tuple(claims)))) == found
    assert all(side.sentence[side.start : side.end] == side.words for each in found for side in each.sides)


def article_group(*told: tuple[str, str, str]):
    """Claims within articles: language, sentence, and the article's text around it, `#` for the sentence."""
    made = group_of_sentences([(f"outlet-{at}", language, text) for at, (language, text, _) in enumerate(told)])
    claims = []
    for claim, (_, text, around) in zip(made.claims, told, strict=True):
        start = around.index("#")
        claims.append(
            replace(
                claim,
                sentence=replace(claim.sentence, start=start, end=start + len(text)),
                article=replace(claim.article, text=around.replace("#", text)),
            )
        )
    return replace(made, claims=tuple(claims))


SOURCED = ("ru", "Мост закрыт до весны, сообщила полиция.", "#")


@pytest.mark.parametrize(
    ("language", "text", "around"),
    [
        ("en", "The bridge is closed until spring.", "# This was reported by the police."),
        ("ru", "Мост закрыт до весны.", "#\nОб этом сообщили в полиции."),
        ("he", "הגשר סגור עד האביב.", "# כך מסרה המשטרה."),
        ("ar", "الجسر مغلق حتى الربيع.", "# هذا ما أعلنته الشرطة."),
        ("en", "The bridge is closed until spring.", "“We have decided. # There are detours,” said Ada Moll."),
        ("en", "The bridge is closed until spring.", "# Nobody was hurt. Police said two drivers were asked."),
    ],
)
def test_an_article_that_names_a_source_around_is_not_without_one(language, text, around):
    assert list(detect_attribution(article_group((language, text, around), SOURCED))) == []


def test_an_article_without_any_source_states_it_as_its_own():
    plain = ("en", "The bridge is closed until spring.", "# Nobody was hurt.")
    (found,) = detect_attribution(article_group(plain, SOURCED))
    assert found.explanation == (
        "Stated as their own by outlet-0, with a source elsewhere: outlet-1 “полиция”."
    )


def test_another_source_in_the_next_sentence_differs():
    (found,) = detect_attribution(
        article_group(
            ("en", "The bridge is closed until spring.", "# This was reported by doctors at the hospital."),
            SOURCED,
        )
    )
    assert "outlet-0 “doctors at the hospital”" in found.explanation
    assert found.apart == 1


@pytest.mark.parametrize(
    "named",
    [
        (
            "en",
            "Moll said the bridge was closed.",
            "# Ada Moll, the spokeswoman of the police, was there at noon.",
        ),
        ("en", "Moll said the bridge was closed.", "Police spokeswoman Ada Moll arrived at noon. #"),
    ],
)
def test_a_person_and_their_body_are_one_source(named):
    assert list(detect_attribution(article_group(named, SOURCED))) == []
    other = ("ru", "Мост закрыт, по данным врачей больницы.", "#")
    (found,) = detect_attribution(article_group(named, other))
    assert {side.words for side in found.sides} >= {"врачей больницы"}
