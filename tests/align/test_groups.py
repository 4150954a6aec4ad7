"""Groups of sentences that state one fact: what joins, what may overlap, and laws of the covering."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from xsource.align import GroupBars, Likeness, group_sentences, headline

BARS = GroupBars(seed=0.6, least=0.3, mean=0.5, overlap=0.75)
LOOSE = GroupBars(seed=0.6, least=0.3, mean=0.5, overlap=0.9)


def every_pair(rows, same=0.9):
    return [Likeness(a, b, same) for a, b in combinations(rows, 2)]


def test_sentences_that_all_state_one_fact_are_one_group():
    assert group_sentences(every_pair([3, 1, 7, 4]), BARS) == [(1, 3, 4, 7)]


def test_a_sentence_that_states_two_facts_stands_in_two_groups():
    toll, visit = [0, 1, 2], [2, 3, 4]
    assert group_sentences(every_pair(toll) + every_pair(visit), BARS) == [(0, 1, 2), (2, 3, 4)]


def test_no_hub_gathers_a_group():
    hub = [Likeness(0, other, 0.9) for other in range(1, 6)]
    assert group_sentences(hub, BARS) == [(0, other) for other in range(1, 6)]


def test_a_chain_of_likeness_is_no_group():
    chain = [Likeness(row, row + 1, 0.9) for row in range(5)]
    assert max(map(len, group_sentences(chain, BARS))) == 2


def test_two_rounds_of_an_event_stay_two():
    wednesday, tuesday = [0, 1, 2], [3, 4, 5]
    across = [Likeness(a, b, 0.25) for a in wednesday for b in tuesday]
    pairs = every_pair(wednesday) + every_pair(tuesday) + across
    assert group_sentences(pairs, BARS) == [(0, 1, 2), (3, 4, 5)]


def test_a_doubtful_pair_makes_no_group_and_may_join_one():
    assert group_sentences([Likeness(0, 1, 0.55)], BARS) == []
    pairs = [*every_pair([0, 1, 2]), *(Likeness(row, 3, 0.55) for row in range(3))]
    assert group_sentences(pairs, BARS) == [(0, 1, 2, 3)]


def test_a_group_that_lies_nearly_whole_in_a_larger_one_is_left_out():
    # 4 is near to 1, 2 and 3 and not to 0: three of its group's four sentences are in the larger group.
    near = [Likeness(1, 4, 0.7), Likeness(2, 4, 0.7), Likeness(3, 4, 0.7)]
    five = every_pair([0, 1, 2, 3])
    assert group_sentences([*five, *near], BARS) == [(0, 1, 2, 3)]
    assert group_sentences([*five, *near], LOOSE) == [
        (0, 1, 2, 3), (1, 2, 3, 4)
    ]  # fmt: skip


def test_nothing_makes_no_group():
    assert group_sentences([], BARS) == []


def sharing(*facts):
    """A rule about joining: all rows of a group and the new one are of one of these facts."""

    def joins(groups, rows):
        return [
            float(any({*group, row} <= fact for fact in facts)) for group, row in zip(groups, rows, strict=True)
        ]

    return joins


def test_what_shares_a_fact_with_each_but_none_with_all_does_not_join():
    pairs = every_pair([0, 1, 2, 3])
    bars = GroupBars(seed=0.6, least=0.3, mean=0.5, overlap=0.75, join=0.5)
    assert group_sentences(pairs, bars) == [(0, 1, 2, 3)]
    apart = sharing({0, 1, 2}, {1, 2, 3})
    assert group_sentences(pairs, bars, apart) == [(0, 1, 2), (0, 3), (1, 2, 3)]
    assert group_sentences(pairs, bars, sharing()) == [(a, b) for a, b in combinations(range(4), 2)]


def test_of_the_likeliest_that_which_shares_the_fact_joins():
    pairs = [
        *every_pair([0, 1]),
        Likeness(0, 2, 0.8),
        Likeness(1, 2, 0.8),
        Likeness(0, 3, 0.5),
        Likeness(1, 3, 0.5),
    ]
    bars = GroupBars(seed=0.85, least=0.3, mean=0.4, overlap=0.75, join=0.5)
    assert group_sentences(pairs, bars, sharing({0, 1, 3})) == [(0, 1, 3)]


likenesses = st.dictionaries(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(0, 1).map(lambda value: round(value, 3)),
    max_size=40,
)


@given(likenesses, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_changes_nothing(found, shuffle: random.Random):
    pairs = [Likeness(a, b, p) for (a, b), p in found.items()]
    other = [Likeness(b, a, p) if shuffle.random() < 0.5 else Likeness(a, b, p) for a, b, p in pairs]
    shuffle.shuffle(other)
    assert group_sentences(pairs, BARS) == group_sentences(other, BARS)


@given(likenesses, st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)), st.randoms(use_true_random=False))
def test_joining_by_a_rule_holds_it_in_any_order_of_pairs(found, one, other, shuffle: random.Random):
    pairs = [Likeness(a, b, p) for (a, b), p in found.items()]
    mixed = shuffle.sample(pairs, len(pairs))
    bars = GroupBars(seed=0.6, least=0.3, mean=0.5, overlap=0.75, join=0.5)
    groups = group_sentences(pairs, bars, sharing(one, other))
    assert groups == group_sentences(mixed, bars, sharing(one, other))
    assert all(len(group) == 2 or set(group) <= one or set(group) <= other for group in groups)


@given(likenesses)
def test_every_pair_of_a_group_is_likely_enough(found):
    for group in group_sentences([Likeness(a, b, p) for (a, b), p in found.items()], BARS):
        assert len(group) > 1
        assert all(found.get(pair, 0) >= BARS.least for pair in combinations(group, 2))


@given(likenesses)
def test_no_group_lies_in_another(found):
    groups = group_sentences([Likeness(a, b, p) for (a, b), p in found.items()], BARS)
    assert not any(set(one) <= set(other) for one in groups for other in groups if one != other)


def test_the_headline_states_the_fact_and_little_else():
    same = {(0, 1): 0.9, (0, 2): 0.9, (1, 2): 0.85, (0, 3): 0.4, (1, 3): 0.4, (2, 3): 0.4}
    assert headline([0, 1, 2, 3], same, [200, 80, 120, 20]) == 1
