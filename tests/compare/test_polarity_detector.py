"""Who stands apart, which words are shown, and what never changes the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.compare.detectors.polarity import pairs_to_score, polarity_detector
from xsource.evaluate.polarity import group_of_sentences
from xsource.facts.polarity import read_polarity
from xsource.records import LANGUAGES, ClaimGroup, Divergence, FloatVector, Language


class CueScorer:
    """A simple real scorer: two sentences contradict when one has more denying words than the other."""

    id = "cues"

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
        def cues(text: str) -> int:
            return max(len(read_polarity(text, language).cues) for language in LANGUAGES)

        return np.array([0.98 if cues(a) != cues(b) else 0.02 for a, b in pairs], np.float32)

    def closeness(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
        """Say that sentences are alike which deny as often."""
        return 1 - 0.5 * CueScorer.probabilities(self, pairs)


detect_by_rules = polarity_detector(None)
detect = polarity_detector(CueScorer())

TALKS: list[tuple[str, Language, str]] = [
    ("bbc", "en", "The talks did not resume on Friday."),
    ("tass", "ru", "Переговоры возобновились в пятницу."),
    ("aljazeera", "ar", "استؤنفت المحادثات يوم الجمعة."),
    ("haaretz", "he", "השיחות חודשו ביום שישי."),
]


def only(found: Sequence[Divergence]) -> Divergence:
    (divergence,) = found
    return divergence


def test_the_one_that_denies_stands_apart_and_its_word_is_shown() -> None:
    divergence = only(list(detect(group_of_sentences(TALKS))))
    assert [side.outlet_id for side in divergence.sides][0] == "bbc"
    assert (divergence.sides[0].words, divergence.sides[0].value) == ("not resume", "not resume")
    assert {side.outlet_id: (side.words, side.value) for side in divergence.sides[1:]} == {
        "tass": ("возобновились", "resume"),
        "aljazeera": ("استؤنفت", "resume"),
        "haaretz": ("חודשו", "resume"),
    }
    assert divergence.confidence > 0.5


def test_a_denial_that_no_word_answers_has_an_empty_span_on_the_other_side() -> None:
    group = group_of_sentences(
        [
            ("bbc", "en", "The envoy has not seen the plan."),
            ("tass", "ru", "Посланник видел план."),
            ("haaretz", "he", "השליח ראה את התוכנית."),
        ]
    )
    divergence = only(list(detect(group)))
    assert [(side.outlet_id, side.start, side.words, side.value) for side in divergence.sides] == [
        ("bbc", 14, "not", "denied"),
        ("haaretz", 0, "", "stated"),
        ("tass", 0, "", "stated"),
    ]
    assert divergence.explanation == "bbc denies (“not”) what haaretz, tass states"


def test_the_one_that_states_stands_apart_from_those_that_deny() -> None:
    group = group_of_sentences(
        [
            ("bbc", "en", "The envoy has not seen the plan."),
            ("tass", "ru", "Посланник не видел плана."),
            ("aljazeera", "ar", "رأى المبعوث الخطة."),
        ]
    )
    divergence = only(list(detect(group)))
    assert divergence.sides[0].outlet_id == "aljazeera"
    assert divergence.sides[0].words == ""
    assert {side.words for side in divergence.sides[1:]} == {"not", "не"}


def test_two_camps_are_told_apart() -> None:
    group = group_of_sentences(
        [
            ("bbc", "en", "The envoy has not seen the plan."),
            ("tass", "ru", "Посланник не видел плана."),
            ("aljazeera", "ar", "رأى المبعوث الخطة."),
            ("haaretz", "he", "השליח ראה את התוכנית."),
        ]
    )
    divergence = only(list(detect(group)))
    camps = {side.outlet_id: side.value for side in divergence.sides}
    assert camps == {"bbc": "denied", "tass": "denied", "aljazeera": "stated", "haaretz": "stated"}


def test_opposites_are_shown_on_both_sides() -> None:
    group = group_of_sentences(
        [("a", "en", "Hamas agreed to the deal."), ("b", "ru", "ХАМАС отказался от сделки.")]
    )
    divergence = only(list(detect_by_rules(group)))
    assert [(side.words, side.value) for side in divergence.sides] == [
        ("agreed to", "agree"),
        ("отказался", "not agree"),
    ]


def test_the_denial_without_counterpart_is_shown_not_the_one_all_have() -> None:
    group = group_of_sentences(
        [
            ("a", "en", "The minister did not resign and said that the plan for Kyiv has not been read."),
            ("b", "ru", "Министр ушёл в отставку и сказал, что план для Киева не читали."),
            ("c", "he", "השר התפטר ואמר כי התוכנית לקייב לא נקראה."),
        ]
    )
    divergence = only(list(detect(group)))
    assert divergence.sides[0].outlet_id == "a"
    assert divergence.sides[0].start == 17


def test_a_denial_that_only_says_the_same_in_other_words_counts_for_less() -> None:
    class Paraphrase(CueScorer):
        """Finds the sentences alike as they are, and less so when one loses its denial."""

        def closeness(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
            return 1 - super().closeness(pairs)

    group = group_of_sentences(
        [
            ("bbc", "en", "The police kept the crowd out."),
            ("tass", "ru", "Полиция не впустила толпу."),
            ("aljazeera", "ar", "صدت الشرطة الحشد."),
        ]
    )
    as_reversal, as_paraphrase = only(list(detect(group))), list(polarity_detector(Paraphrase())(group))
    assert as_reversal.sides[0].outlet_id == "tass"
    assert as_reversal.confidence > 0.8
    assert all(divergence.confidence < 0.5 for divergence in as_paraphrase)


def test_all_denying_is_no_divergence() -> None:
    group = group_of_sentences(
        [("a", "en", "No one was hurt."), ("b", "ru", "Никто не пострадал."), ("c", "he", "אף אחד לא נפגע.")]
    )
    assert all(divergence.confidence < 0.5 for divergence in detect(group))
    assert all(divergence.confidence < 0.5 for divergence in detect_by_rules(group))


DENIALS_OF_A_MEETING: dict[Language, tuple[str, str]] = {
    "en": (
        "Peskov denied that the delegation had met the president.",
        "The delegation met neither the president nor Peskov.",
    ),
    "ru": (
        "Песков опроверг, что делегация встречалась с президентом.",
        "Делегация не встречалась с президентом.",
    ),
    "he": ("פסקוב הכחיש שהמשלחת נפגשה עם הנשיא.", "המשלחת לא נפגשה עם הנשיא."),
    "ar": ("ونفى بيسكوف أن يكون الوفد قد التقى الرئيس.", "لم يلتق الوفد الرئيس."),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("other", LANGUAGES)
def test_a_verb_of_denial_and_a_negation_deny_the_same(language: Language, other: Language) -> None:
    """Also to a head that is sure of the contrary, and with several outlets on the side that negates."""

    class Contrary(CueScorer):
        def probabilities(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
            denials = [{text.startswith(DENIALS_OF_A_MEETING[language][0]) for text in pair} for pair in pairs]
            return np.array([0.98 if len(found) == 2 else 0.02 for found in denials], np.float32)

    sure = polarity_detector(Contrary())
    by_verb = ("a", language, DENIALS_OF_A_MEETING[language][0])
    by_negation = ("b", other, DENIALS_OF_A_MEETING[other][1])
    stated = ("b", "en", "The delegation met the president.")
    again = [(f"{name}{number}", code, text) for number in (1, 2) for name, code, text in (by_negation,)]
    assert not list(sure(group_of_sentences([by_verb, by_negation])))
    assert not list(sure(group_of_sentences([by_verb, *again])))
    assert list(sure(group_of_sentences([by_verb, stated])))


def test_who_asks_denies_nothing() -> None:
    group = group_of_sentences(
        [("a", "en", "Why did the talks not resume?"), ("b", "ru", "Переговоры возобновились.")]
    )
    assert list(detect(group)) == []
    assert pairs_to_score(group) == []


def test_claims_of_one_outlet_are_not_set_against_each_other() -> None:
    group = group_of_sentences([("a", "en", "The talks resumed."), ("b", "en", "The talks did not resume.")])
    first = group.claims[0].outlet
    same = replace(group, claims=tuple(replace(claim, outlet=first) for claim in group.claims))
    assert list(detect(same)) == []
    assert pairs_to_score(same) == []


def test_pairs_to_score_are_those_the_detector_asks_for() -> None:
    asked: list[tuple[str, str]] = []

    class Listening(CueScorer):
        def probabilities(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
            asked.extend(pairs)
            return super().probabilities(pairs)

    group = group_of_sentences(TALKS)
    list(polarity_detector(Listening())(group))
    assert {frozenset(pair) for pair in asked} == {frozenset(pair) for pair in pairs_to_score(group)}
    assert len(pairs_to_score(group)) == 6


PIECES = st.sampled_from(
    [
        "The talks",
        "not",
        "resumed",
        "opened",
        "closed",
        "Переговоры",
        "не",
        "отказался",
        "нет",
        "لا",
        "نفت",
        "לא",
        "אין",
        "7",
        ",",
    ]
)
SENTENCE = st.lists(PIECES, min_size=1, max_size=8).map(" ".join) | st.text(min_size=1, max_size=40)
GROUPS = st.lists(st.tuples(st.sampled_from(LANGUAGES), SENTENCE), min_size=2, max_size=5).map(
    lambda rows: group_of_sentences([(f"outlet-{i}", lang, text) for i, (lang, text) in enumerate(rows)])
)


@settings(deadline=None, max_examples=60)
@given(GROUPS, st.randoms(use_true_random=False))
@pytest.mark.parametrize("detector", [detect, detect_by_rules], ids=["scorer", "rules"])
def test_the_order_of_outlets_changes_nothing(detector: object, group: ClaimGroup, random: object) -> None:
    claims = list(group.claims)
    random.shuffle(claims)  # type: ignore[attr-defined]
    shuffled = replace(group, claims=tuple(claims))
    assert list(detector(shuffled)) == list(detector(group))  # type: ignore[operator]


@settings(deadline=None, max_examples=60)
@given(GROUPS)
@pytest.mark.parametrize("detector", [detect, detect_by_rules], ids=["scorer", "rules"])
def test_every_side_slices_to_its_words(detector: object, group: ClaimGroup) -> None:
    for divergence in detector(group):  # type: ignore[operator]
        assert 0 <= divergence.confidence <= 1
        assert 2 <= len(divergence.sides) <= len(group.claims)
        for side in divergence.sides:
            assert side.sentence[side.start : side.end] == side.words


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(LANGUAGES), SENTENCE, st.integers(2, 5))
@pytest.mark.parametrize("detector", [detect, detect_by_rules], ids=["scorer", "rules"])
def test_a_claim_never_diverges_from_itself(
    detector: object, language: Language, text: str, copies: int
) -> None:
    group = group_of_sentences([(f"outlet-{i}", language, text) for i in range(copies)])
    assert list(detector(group)) == []  # type: ignore[operator]
