"""Cosines that can be compared across languages, checked against plain formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.align.candidates import pair_margins
from xsource.align.similarity import centre, csls, highest_cosines, normalise

RANDOM = np.random.default_rng(3)


def units(rows: int, columns: int = 16) -> np.ndarray:
    return normalise(RANDOM.normal(size=(rows, columns)).astype(np.float32))


def test_centring_takes_out_what_a_language_has_in_common():
    meanings, russian, hebrew = units(40), units(1)[0], units(1)[0]
    printed = normalise(np.vstack([meanings + 2 * russian, meanings + 2 * hebrew]))
    languages = ["ru"] * 40 + ["he"] * 40
    means = {"ru": printed[:40].mean(axis=0), "he": printed[40:].mean(axis=0)}
    centred = centre(printed, languages, means)
    raw, corrected = printed[:40] @ printed[40:].T, centred[:40] @ centred[40:].T
    assert np.mean(np.diag(corrected)) > np.mean(np.diag(raw))
    assert np.linalg.norm(centred, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_language_without_a_mean_is_an_error_that_names_it():
    with pytest.raises(ValueError, match="no mean vector for 'he'"):
        centre(units(1), ["he"], {"ru": units(1)[0]})
    with pytest.raises(ValueError, match="2 vectors and 1 languages"):
        centre(units(2), ["ru"], {"ru": units(1)[0]})


def test_no_sentences_give_no_rows():
    assert centre(units(0), [], {}).shape == (0, 16)
    assert highest_cosines(units(0), units(5), 4).shape == (0, 4)


@settings(deadline=None)  # the machine may be busy
@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 12))
def test_highest_cosines_are_those_of_a_full_sort(rows, pool_rows, k):
    queries, pool = units(rows), units(pool_rows)
    expected = -np.sort(-(queries @ pool.T), axis=1)[:, :k]
    found = -np.sort(-highest_cosines(queries, pool, k), axis=1)
    assert found == pytest.approx(expected, abs=1e-6)


def test_csls_is_its_equation():
    cosine = units(3, 5)
    left, right = units(1, 3)[0], units(1, 5)[0]
    expected = [[2 * cosine[i, j] - left[i] - right[j] for j in range(5)] for i in range(3)]
    assert csls(cosine, left, right) == pytest.approx(np.array(expected), abs=1e-6)


def test_margins_of_a_pair_of_articles_turn_with_the_articles():
    left, right = units(7), units(5)
    usual_left, usual_right = units(7, 4), units(5, 4)
    cosine = left @ right.T
    there = pair_margins(cosine, usual_left, usual_right)
    back = pair_margins(cosine.T, usual_right, usual_left)
    assert there == pytest.approx(back.T, abs=1e-6)


def test_a_sentence_near_to_everything_gets_a_lower_margin():
    cosine = np.array([[0.7, 0.7]], dtype=np.float32)
    plain, hub = [0.3] * 4, [0.6] * 4
    margin = pair_margins(cosine, np.array([plain]), np.array([plain, hub]))
    assert margin[0, 0] > margin[0, 1] + 0.2
