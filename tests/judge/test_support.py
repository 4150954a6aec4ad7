"""What other pairs say of a pair: bridges, rivals, and laws that hold for any judged pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.judge.support import ASKED_COLUMNS, SUPPORT_COLUMNS, asked_support, has_support, pair_support


def columns(rows: np.ndarray, names: tuple[str, ...]) -> dict[str, list[float]]:
    return {name: rows[:, at].round(4).tolist() for at, name in enumerate(names)}


def supported(articles, pairs):
    left, right, same = (np.array(own) for own in zip(*pairs, strict=True))
    rows = pair_support(np.array(articles), left, right, same.astype(np.float32))
    return columns(rows, SUPPORT_COLUMNS)


def test_a_third_sentence_that_both_resemble_is_a_bridge():
    found = supported([0, 1, 2], [(0, 1, 0.4), (0, 2, 0.9), (1, 2, 0.8)])
    assert found["alone"] == pytest.approx([0.4, 0.9, 0.8])
    assert found["both 1"] == pytest.approx([0.8, 0.4, 0.4])
    assert found["bridge 1"] == pytest.approx([0.72, 0.32, 0.36])
    assert found["good bridges"] == [1, 0, 0]
    assert found["agreement high"] == pytest.approx([0.9, 0.4, 0.4])


def test_another_sentence_of_the_same_article_is_a_rival():
    found = supported([0, 1, 1], [(0, 1, 0.6), (0, 2, 0.95)])
    assert found["rival left"] == pytest.approx([0.95, 0.6])
    assert found["rival right"] == [0, 0]
    assert found["bridge 1"] == [0, 0]


def test_a_pair_alone_has_no_support():
    found = supported([0, 1], [(0, 1, 0.7)])
    assert {name for name, values in found.items() if values != [0]} == {
        "alone", "agreement low", "agreement high",
    }  # fmt: skip
    assert found["agreement low"] == [-1]
    alone = pair_support(np.array([0, 1]), np.array([0]), np.array([1]), np.array([0.7], np.float32))
    three = np.array([0, 0]), np.array([1, 2]), np.array([0.7, 0.1], np.float32)
    assert has_support(alone).tolist() == [False]
    assert has_support(pair_support(np.array([0, 1, 2]), *three)).tolist() == [True, True]


@st.composite
def judged(draw):
    count = draw(st.integers(2, 8))
    articles = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
    possible = [(a, b) for a in range(count) for b in range(a + 1, count) if articles[a] != articles[b]]
    pairs = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    return articles, [(a, b, draw(st.floats(0, 1, width=16))) for a, b in pairs]


@given(judged(), st.randoms(use_true_random=False))
def test_the_order_of_pairs_changes_nothing(found, chance):
    articles, pairs = found
    if not pairs:
        return
    mixed = chance.sample(pairs, len(pairs))
    one, other = supported(articles, pairs), supported(articles, mixed)
    back = [mixed.index(pair) for pair in pairs]
    for name in SUPPORT_COLUMNS:
        assert one[name] == pytest.approx([other[name][at] for at in back], abs=1e-3), name


def test_a_sentence_that_agrees_with_the_likeliest_answer_is_supported():
    same = np.array([0.9], np.float32)
    rows = asked_support(
        np.array([0, 1, 2]), np.array([0.95, 0.4, 0.4], np.float32), np.array([0]), np.array([1]), same
    )
    found = columns(rows, ASKED_COLUMNS)
    assert found["asked both 1"] == pytest.approx([0.4, 0.9, 0], abs=1e-3)
    assert found["asked agreement"] == pytest.approx([-1, 0.9, 0], abs=1e-3)
    assert found["asked rank"] == [0, 1, 1]
    assert found["asked best"] == pytest.approx([0.4, 0.95, 0.95], abs=1e-3)


def test_nothing_asked_of_nothing_gives_nothing():
    none = np.empty(0, np.int64)
    assert asked_support(none, np.empty(0, np.float32), none, none, np.empty(0, np.float32)).shape[0] == 0
    assert pair_support(none, none, none, np.empty(0, np.float32)).shape == (0, len(SUPPORT_COLUMNS))
