"""Matches become groups without chains of similar to similar."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.align import find_groups
from xsource.align import group_claims as group_claims_of
from xsource.records import Match, SentenceId


def match(left: str, right: str, margin: float = 0.3) -> Match:
    return Match(SentenceId(left), SentenceId(right), 0.8, margin)


def group_claims(matches: list[Match], **settings: float) -> list[tuple[SentenceId, ...]]:
    """Group sentences named `outlet:sentence`; a name without a colon is an outlet of its own."""
    outlet_of = {name: name.split(":")[0] for found in matches for name in (found.left, found.right)}
    return group_claims_of(matches, outlet_of, **settings)


def every_pair(left: list[str], right: list[str], margin: float) -> list[Match]:
    return [match(a, b, margin) for a in left for b in right]


def test_claims_that_all_match_are_one_group():
    found = group_claims([match("ru", "he"), match("ar", "ru"), match("en", "he"), match("ar", "he")])
    assert found == [("ar", "en", "he", "ru")]


def test_a_chain_is_cut_at_its_weakest_link():
    chain = [match("a", "b", 0.5), match("b", "c", 0.16), match("c", "d", 0.5)]
    assert group_claims(chain) == [("a", "b"), ("c", "d")]


def test_a_long_chain_of_equals_does_not_become_one_group():
    chain = [match(f"{i:02d}", f"{i + 1:02d}", 0.2) for i in range(20)]
    assert max(len(group) for group in group_claims(chain)) <= 4


def test_one_missing_pair_does_not_split_a_group():
    four = ["ar", "en", "he", "ru"]
    every = [match(a, b) for i, a in enumerate(four) for b in four[i + 1 :]]
    assert group_claims([m for m in every if (m.left, m.right) != ("ar", "he")]) == [tuple(four)]


def test_an_outlet_that_states_a_claim_twice_is_in_the_group_twice():
    found = group_claims([match("en:lead", "he:1"), match("en:body", "he:1"), match("en:lead", "ru:1"),
                          match("en:body", "ru:1"), match("he:1", "ru:1")])  # fmt: skip
    assert found == [("en:body", "en:lead", "he:1", "ru:1")]


def test_a_claim_a_little_too_far_from_each_of_several_joins_them():
    others = [match("ar", "ru", 0.4), match("ar", "he", 0.4), match("he", "ru", 0.4)]
    assert group_claims([*others, *every_pair(["en"], ["ar", "he", "ru"], 0.1)]) == [("ar", "en", "he", "ru")]
    assert group_claims([match("en", "ar", 0.1), match("ar", "ru", 0.4)]) == [("ar", "ru")]


def test_one_pair_below_the_accepted_margin_is_no_group():
    assert group_claims([match("en", "ar", 0.14)]) == []


def test_close_knit_sets_stay_apart_where_the_same_outlets_make_both():
    def of(outlets: list[str]) -> list[tuple[SentenceId, ...]]:
        friday, sunday = (
            [f"{name}:30 wounded" for name in ("ar", "en", "ru")],
            [f"{name}:2" for name in outlets],
        )
        inside = [match(a, b, 0.5) for side in (friday, sunday) for a in side for b in side if a < b]
        return group_claims([*inside, *every_pair(friday, sunday, 0.2)])

    assert len(of(["ar", "en"])) == 2
    assert len(of(["fr", "de"])) == 1


def test_two_articles_of_an_outlet_are_one_claim_where_the_update_is_as_near_as_the_rest():
    first, later = ["ar:1", "en:1", "ru:1"], ["ar:2", "en:2"]
    inside = [match(a, b, 0.4) for side in (first, later) for a in side for b in side if a < b]
    assert group_claims([*inside, *every_pair(first, later, 0.3)]) == [("ar:1", "ar:2", "en:1", "en:2", "ru:1")]


def test_a_storys_claims_are_matched_and_grouped(world, reference):
    claims = world.claims(
        reference, {"tass": ("ru", ["visit", "iran"]), "haaretz": ("he", ["iran", "protest"])}
    )
    assert find_groups(claims, reference) == [("haaretz:iran", "tass:iran")]


def test_nothing_gives_nothing():
    assert group_claims([]) == []


edges = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(10, 19)), st.integers(15, 100).map(lambda n: n / 100), max_size=40
)


@settings(deadline=None)  # the machine may be busy
@given(edges, st.randoms(use_true_random=False))
def test_the_order_and_direction_of_matches_change_nothing(margins: dict, shuffle: random.Random):
    matches = [match(f"{a:02d}", f"{b:02d}", margin) for (a, b), margin in margins.items()]
    other = [match(m.right, m.left, m.margin) if shuffle.random() < 0.5 else m for m in matches]
    shuffle.shuffle(other)
    assert group_claims(other) == group_claims(matches)


@settings(deadline=None)  # the machine may be busy
@given(edges)
def test_groups_are_disjoint_and_of_two_or_more(margins: dict):
    groups = group_claims([match(f"{a:02d}", f"{b:02d}", margin) for (a, b), margin in margins.items()])
    members = [sentence for group in groups for sentence in group]
    assert len(members) == len(set(members))
    assert all(len(group) >= 2 for group in groups)
