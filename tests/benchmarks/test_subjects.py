"""Every subject can be run by name, and what both sides get is the same."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import SUBJECTS
from benchmarks.alignment import _best_f1
from benchmarks.searching import exact_nearest
from benchmarks.texts import articles, gold_sentences

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_subject_has_title_sizes_and_a_comparison(name: str) -> None:
    subject = importlib.import_module(f"benchmarks.{name}")
    assert set(subject.SIZES) == {"small", "full"}
    assert subject.TITLE
    assert callable(subject.compare)


def test_titles_differ() -> None:
    titles = [importlib.import_module(f"benchmarks.{name}").TITLE for name in SUBJECTS]
    assert len(set(titles)) == len(SUBJECTS)


def test_an_unknown_subject_is_refused_with_those_there_are() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks", "speed"], cwd=ROOT, capture_output=True, text=True
    )
    assert answer.returncode == 2
    assert "no subject speed; there are embedding, translation" in answer.stderr


def test_every_article_has_a_text_of_its_own_however_many_are_asked_for() -> None:
    made = articles(600)
    assert len(made) == 600
    assert len({article["text"] for article in made}) == 600
    assert len({article["url"] for article in made}) == 600
    assert {article["language"] for article in made} == {"ar", "en", "he", "ru"}


def test_gold_sentences_are_of_four_languages() -> None:
    assert {code for code, _ in gold_sentences()} == {"ar", "en", "he", "ru"}


def test_the_best_threshold_is_the_one_that_is_best_in_hindsight() -> None:
    found = [(0.99, True), (0.95, True), (0.9, False), (0.85, True)]
    assert _best_f1(found, existing=3) == pytest.approx(2 * 3 / (4 + 3))
    assert _best_f1(found[:3], existing=2) == 1


def test_the_nearest_are_those_of_highest_cosine() -> None:
    vectors = np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32)
    found = exact_nearest(vectors, vectors[:3])
    expected = np.argsort(-(vectors[:3] @ vectors.T), axis=1)[:, :10]
    assert [sorted(row) for row in found] == [sorted(row) for row in expected]
