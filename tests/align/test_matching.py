"""Claims of two articles that say the same thing."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np
import pytest

from xsource.align import ACCEPT_MARGIN, ClaimRows, margins, match_rows

TALKS = {
    "tass": ("ru", ["visit", "hostages", "ceasefire", "iran"]),
    "haaretz": ("he", ["protest", "visit", "ambassador", "iran"]),
    "alquds": ("ar", ["ceasefire", "visit", "aid"]),
}


class Matched(NamedTuple):
    left: str
    right: str
    cosine: float
    margin: float


def match_claims(claims, reference) -> list[Matched]:
    """Match the rows of every two articles, by ids."""
    found = []
    for (_, one), (_, other) in combinations(sorted(claims.rows_by_article().items()), 2):
        matched = match_rows(claims, reference, one, other)
        for a, b, cosine, margin in zip(
            matched.left, matched.right, matched.cosines, matched.margins, strict=True
        ):
            left, right = sorted((claims.ids[a], claims.ids[b]))
            found.append(Matched(left, right, float(cosine), float(margin)))
    return sorted(found)


def pairs(matches) -> set[tuple[str, str]]:
    return {(match.left, match.right) for match in matches}


def test_claims_are_matched_across_languages_and_the_rest_left_alone(world, reference):
    found = match_claims(world.claims(reference, TALKS), reference)
    assert pairs(found) == {
        ("haaretz:iran", "tass:iran"),
        ("haaretz:visit", "tass:visit"),
        ("alquds:visit", "tass:visit"),
        ("alquds:visit", "haaretz:visit"),
        ("alquds:ceasefire", "tass:ceasefire"),
    }
    assert all(match.margin >= ACCEPT_MARGIN and match.cosine <= 1 for match in found)


def test_the_order_of_articles_and_claims_changes_nothing(world, reference):
    claims = world.claims(reference, TALKS)
    expected = match_claims(claims, reference)
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(claims))
        # Another order of rows is another order of a sum: equal but for the last digit.
        found = match_claims(claims.take(order), reference)
        assert pairs(found) == pairs(expected)
        assert [m.margin for m in found] == pytest.approx([m.margin for m in expected], abs=1e-5)


def test_another_article_does_not_move_the_margin_of_a_pair(world, reference):
    claims = world.claims(reference, TALKS)
    two = claims.take(np.array([row for row, owner in enumerate(claims.articles) if owner != "alquds"]))
    alone = {(m.left, m.right): m.margin for m in match_claims(two, reference)}
    together = {(m.left, m.right): m.margin for m in match_claims(claims, reference)}
    assert alone == {pair: together[pair] for pair in alone}


def test_two_articles_in_one_language_and_of_one_outlet_are_matched(world, reference):
    claims = world.claims(reference, {"first": ("en", ["toll", "cause"]), "update": ("en", ["toll", "arrest"])})
    assert pairs(match_claims(claims, reference)) == {("first:toll", "update:toll")}


def test_sentences_of_one_article_are_never_matched(world, reference):
    claims = world.claims(reference, {"only": ("en", ["toll", "cause", "arrest"])})
    assert match_claims(claims, reference) == []


def test_articles_with_nothing_in_common_match_nothing(world, reference):
    articles = {
        f"article {i}": (code, [f"{i} {j}" for j in range(8)])
        for i, code in enumerate(("ru", "he", "ar", "en"))
    }
    assert match_claims(world.claims(reference, articles), reference) == []


def test_margins_between_mixed_rows_are_those_of_each_pair_of_languages(world, reference):
    claims = world.claims(reference, {name: (code, said[:1]) for name, (code, said) in TALKS.items()})
    every = np.arange(len(claims))
    found = margins(claims, reference, every, every)
    for i, j in permutations(range(len(claims)), 2):
        assert found[i, j] == pytest.approx(margins(claims, reference, every[[i]], every[[j]])[0, 0], abs=1e-6)
        assert found[i, j] == pytest.approx(found[j, i], abs=1e-6)


def test_columns_of_different_lengths_are_refused(world, reference):
    claims = world.claims(reference, TALKS)
    with pytest.raises(ValueError, match="different lengths"):
        ClaimRows(claims.ids[1:], claims.articles, claims.languages, claims.vectors, claims.hubness)
