"""What holds of every detector whatever it is given, with the encoder's word for it and without."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.compare.contradiction import PolarityHead
from xsource.compare.detectors import DETECTORS
from xsource.embed.bundled import BundledEmbedder
from xsource.evaluate.polarity import group_of_sentences
from xsource.protocols import ContradictionScorer, Detector
from xsource.records import DIVERGENCE_KINDS, LANGUAGES, Divergence, Language

Told = tuple[Language, str]

# One event in four languages, told with other figures, days, places, names, sources and the contrary.
POOL: dict[Language, list[str]] = {
    "en": [
        "The ferry sank near Korven on Friday and 14 people drowned, police said.",
        "The ferry did not sank near Korven on Friday; nobody drowned.",
        "The ferry reportedly sank near Tarnby on Saturday and 19 people drowned, doctors said.",
        "Denis Galuzov said that 14 people drowned and 7 were injured.",
        "The toll rose from 14 to 19, not 23.",
        "Militants sank the ferry.",
    ],
    "ru": [
        "Паром затонул у Корвена в пятницу, погибли 14 человек, сообщила полиция.",
        "Паром не тонул у Корвена, никто не погиб.",
        "Паром якобы затонул у Тарнбю в субботу, погибли 19 человек, по данным врачей.",
        "Виктор Борданов заявил, что погибли семеро, ранены 14.",
        "Террористы потопили паром.",
    ],
    "he": [
        "המעבורת טבעה ליד קורבן ביום שישי ו-14 בני אדם טבעו, מסרה המשטרה.",
        "המעבורת לא טבעה ליד קורבן.",
        "המעבורת טבעה ליד טרנבי בשבת ו-19 בני אדם נהרגו, לפי רופאים בבית החולים.",
        "נהרגו 7 ונפצעו 14.",
    ],
    "ar": [
        "غرقت العبارة قرب كورفن يوم الجمعة وقتل 14 شخصا، بحسب الشرطة.",
        "لم تغرق العبارة قرب كورفن.",
        "غرقت العبارة قرب تارنبي يوم السبت وقتل 19 شخصا، بحسب أطباء في المستشفى.",
        "قتل 7 وأصيب 14.",
    ],
}
HOSTILE = [
    "x",
    "٧",
    "\u202e31\u202c",
    "12 ",
    "?",
    "לא",
    "1-2-3-4-5",
    "не не не",
    "said " * 400,
    "7 אנשים и 7 أشخاص",
]


def telling(texts: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Told]:
    def of(language: Language) -> st.SearchStrategy[Told]:
        chosen = texts or st.one_of(
            st.sampled_from(POOL[language]), st.sampled_from(HOSTILE), st.text(max_size=30)
        )
        return st.tuples(st.just(language), chosen)

    return st.sampled_from(LANGUAGES).flatmap(of)


TELLINGS = telling()
SENTENCES = st.sampled_from([(language, text) for language, texts in POOL.items() for text in texts])


@cache
def scorer() -> ContradictionScorer:
    return PolarityHead(BundledEmbedder(threads=1).token_states)


@cache
def detectors(*, with_scorer: bool) -> tuple[Detector, ...]:
    made = tuple(make(scorer() if with_scorer else None) for _, make in DETECTORS)
    assert len(made) == len(DIVERGENCE_KINDS)
    return made


def found(told: Sequence[tuple[str, Language, str]], *, with_scorer: bool) -> list[Divergence]:
    group = group_of_sentences(told)
    return [divergence for detect in detectors(with_scorer=with_scorer) for divergence in detect(group)]


def of_outlets(told: Sequence[Told]) -> list[tuple[str, Language, str]]:
    return [(f"outlet-{at}", language, text) for at, (language, text) in enumerate(told)]


@pytest.mark.parametrize("with_scorer", [False, True])
@settings(max_examples=60, deadline=None)
@given(TELLINGS, st.integers(2, 4))
def test_a_claim_never_diverges_from_itself(with_scorer: bool, told: Told, outlets: int) -> None:  # noqa: FBT001
    assert found(of_outlets([told] * outlets), with_scorer=with_scorer) == []


@pytest.mark.parametrize("with_scorer", [False, True])
@settings(max_examples=60, deadline=None)
@given(st.lists(TELLINGS, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_outlets_changes_nothing(with_scorer: bool, told: list[Told], random) -> None:  # noqa: FBT001
    rows = of_outlets(told)
    shuffled = random.sample(rows, len(rows))

    def shown(rows: Sequence[tuple[str, Language, str]]) -> list[tuple[object, ...]]:
        return [
            (d.kind, d.sides, d.apart, d.against, d.confidence, d.explanation)
            for d in found(rows, with_scorer=with_scorer)
        ]

    assert shown(rows) == shown(shuffled)


@pytest.mark.parametrize("with_scorer", [False, True])
@settings(max_examples=60, deadline=None)
@given(st.lists(TELLINGS, min_size=2, max_size=5))
def test_every_span_slices_to_its_words_and_somebody_stands_apart(with_scorer: bool, told: list[Told]) -> None:  # noqa: FBT001
    for divergence in found(of_outlets(told), with_scorer=with_scorer):
        assert 0 <= divergence.confidence <= 1
        assert divergence.explanation
        assert 0 < divergence.apart < len(divergence.sides)
        assert 0 <= divergence.against < divergence.apart
        assert len({side.outlet_id for side in divergence.sides}) > 1
        for side in divergence.sides:
            assert side.sentence[side.start : side.end] == side.words
            assert dict(zip(map(outlet_of, range(9)), told, strict=False))[side.outlet_id][1] == side.sentence


def outlet_of(at: int) -> str:
    return f"outlet-{at}"


@pytest.mark.parametrize("with_scorer", [False, True])
@settings(max_examples=60, deadline=None)
@given(SENTENCES, SENTENCES)
def test_one_who_agrees_with_the_majority_takes_no_difference_away(
    with_scorer: bool,  # noqa: FBT001
    majority: Told,
    other: Told,
) -> None:
    three = of_outlets([majority, majority, other])
    before = found(three, with_scorer=with_scorer)
    more = [*three, ("outlet-9", *majority)]
    after = found(more, with_scorer=with_scorer)
    shown = {(divergence.kind, words_apart(divergence)) for divergence in after}
    for divergence in before:
        if divergence.confidence >= SHOWN:
            assert (divergence.kind, words_apart(divergence)) in shown


SHOWN = 0.5


def words_apart(divergence: Divergence) -> frozenset[tuple[str, str]]:
    return frozenset((side.outlet_id, side.value) for side in divergence.sides[: divergence.apart])
