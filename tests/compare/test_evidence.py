"""Who stands alone, and evidence that slices to its words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.compare.evidence import ordered_claims, outlet_names, quote, quote_nothing, split_by_agreement
from xsource.records import Article, Claim, ClaimGroup, GroupId, Outlet, OutletId, Sentence, StoryId


def claim(text: str, outlet: str = "ynet", language: str = "he", hour: int | None = 9) -> Claim:
    published = None if hour is None else datetime(2023, 10, 27, hour, tzinfo=UTC)
    source = f"https://{outlet}.example/1"
    article_id = Article.identify(outlet, source, text)
    article = Article(article_id, OutletId(outlet), source, "", text, language, 1.0, published)
    sentence = Sentence(
        Sentence.identify(article_id, 0), article_id, 0, 0, len(text), text, is_claim=True, claim_reason="test"
    )
    return Claim(sentence, article, Outlet(OutletId(outlet), outlet))


def test_quote_slices_to_its_words_in_every_script():
    for text, words in [
        ("Погибли 12 человек.", "12 человек"),
        ("שבעת אלפים איש נהרגו.", "שבעת אלפים"),
        ("قُتل ١٢ شخصا.", "١٢ شخصا"),
        ("Twelve 😀 people died.", "people"),
    ]:
        start = text.index(words)
        side = quote(claim(text), start, start + len(words), "12")
        assert side.words == words
        assert side.sentence[side.start : side.end] == words
        assert side.article_url == "https://ynet.example/1"


def test_quote_nothing_is_an_empty_span():
    side = quote_nothing(claim("Никто не погиб."), "not negated")
    assert (side.start, side.end, side.words, side.value) == (0, 0, "", "not negated")


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 6)])
def test_quote_rejects_a_span_outside_the_sentence(start, end):
    with pytest.raises(ValueError, match="not inside a sentence of 5"):
        quote(claim("abcde"), start, end, "")


@pytest.mark.parametrize(
    ("readings", "apart", "camp", "has_majority"),
    [
        ([7, 7, 9, 7], (9,), (7, 7, 7), True),
        ([9, 7, 7], (9,), (7, 7), True),
        ([7, 9], (9,), (7,), False),
        ([7, 8, 9], (8, 9), (7,), False),
        ([7, 7, 9, 9], (9, 9), (7, 7), False),
    ],
)
def test_split_names_who_stands_apart(readings, apart, camp, has_majority):
    split = split_by_agreement(readings, lambda a, b: a == b)
    assert split is not None
    assert (split.apart, split.camp, split.has_majority) == (apart, camp, has_majority)
    assert split.in_order == apart + camp


@pytest.mark.parametrize("readings", [[], [7], [7, 7, 7]])
def test_no_split_where_all_agree(readings):
    assert split_by_agreement(readings, lambda a, b: a == b) is None


def test_agreement_that_is_not_transitive_still_separates_those_who_differ():
    split = split_by_agreement([7000, 7028, 9000], lambda a, b: a == b or 7000 in (a, b))
    assert split is not None
    assert split.apart == (9000,)
    assert split.camp == (7000, 7028)


@given(st.lists(st.integers(0, 4), max_size=8))
def test_a_split_keeps_every_reading_once(readings):
    split = split_by_agreement(readings, lambda a, b: a == b)
    if split is None:
        assert len(set(readings)) < 2
    else:
        assert sorted(split.in_order) == sorted(readings)
        assert not set(split.apart) & set(split.camp)


def test_claims_stand_in_order_of_publication_then_outlet_and_undated_last():
    claims = (claim("d", "b", hour=None), claim("c", "b"), claim("a", "z", hour=8), claim("b", "a"))
    group = ClaimGroup(GroupId("g"), StoryId("s"), claims)
    assert [(c.outlet.id, c.article.published_at is None) for c in ordered_claims(group)] == [
        ("z", False), ("a", False), ("b", False), ("b", True),
    ]  # fmt: skip


def test_outlet_names_are_listed_once():
    sides = [quote_nothing(claim("x", name), "") for name in ("tass", "ynet", "tass")]
    assert outlet_names(sides) == "tass, ynet"
