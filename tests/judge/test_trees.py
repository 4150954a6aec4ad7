"""Boosted trees in arrays give what the library that fitted them gives."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from xsource.judge.trees import Trees

TOOLS = Path(__file__).parents[2] / "tools" / "judge"


@pytest.fixture(scope="module")
def calibrate():
    sys.path.insert(0, str(TOOLS))
    try:
        import calibrate

        yield calibrate
    finally:
        sys.path.remove(str(TOOLS))


def test_the_arrays_give_what_the_fitted_model_gives(calibrate):
    random = np.random.default_rng(0)
    evidence = random.normal(size=(600, 5))
    truth = evidence[:, 0] + evidence[:, 1] * evidence[:, 2] + 0.3 * random.normal(size=600) > 0
    model = calibrate.fit_trees(evidence, truth)
    trees = Trees.of(calibrate.tree_arrays("pair", model), "pair")
    fresh = random.normal(size=(200, 5))
    assert trees.probabilities(fresh) == pytest.approx(model.predict_proba(fresh)[:, 1], abs=1e-4)


def test_no_evidence_gives_no_probability(calibrate):
    random = np.random.default_rng(0)
    evidence = random.normal(size=(200, 3))
    trees = Trees.of(calibrate.tree_arrays("x", calibrate.fit_trees(evidence, evidence[:, 0] > 0)), "x")
    assert trees.probabilities(np.empty((0, 3), np.float32)).shape == (0,)
