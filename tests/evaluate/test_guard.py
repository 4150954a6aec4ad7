"""The planted faults are what they say, and the guard's figures stay where they are pinned."""

from __future__ import annotations

import random

import pytest

from xsource.evaluate.bench import bench_folder, load_ntrex
from xsource.evaluate.guard import (
    FAULTS_OF_A_KIND,
    PLANTS,
    change_number,
    cut_end,
    drop_number,
    evaluate_guard,
    plant_faults,
    repeat_phrase,
    swap_name,
)

SENTENCE = "On 12 March, chancellor Angela Merkel met 2,500 of the people who had waited in Berlin for 3 hours."


def test_a_number_is_left_out():
    assert drop_number(SENTENCE, random.Random(0)) in {
        SENTENCE.replace("12 ", ""), SENTENCE.replace("2,500 ", ""), SENTENCE.replace("3 ", "")
    }  # fmt: skip
    assert drop_number("Nobody came.", random.Random(0)) is None


@pytest.mark.parametrize("seed", range(20))
def test_one_digit_is_changed(seed):
    planted = change_number(SENTENCE, random.Random(seed))
    assert len(planted) == len(SENTENCE)
    (place,) = [i for i, (a, b) in enumerate(zip(planted, SENTENCE, strict=True)) if a != b]
    assert planted[place].isdigit()
    assert SENTENCE[place].isdigit()


def test_a_name_gives_way_to_a_stranger():
    planted = swap_name(SENTENCE, random.Random(0))
    assert "Angela Merkel" not in planted
    before, after = SENTENCE.split("Angela Merkel")
    assert planted.startswith(before)
    assert planted.endswith(after)
    assert swap_name("Angela Merkel came.", random.Random(0)) is None


def test_the_end_is_cut_between_words():
    planted = cut_end(SENTENCE, random.Random(0))
    assert SENTENCE.startswith(planted + " ")
    assert cut_end("Too short to be cut.", random.Random(0)) is None


def test_a_phrase_is_said_again():
    planted = repeat_phrase(SENTENCE, random.Random(0))
    assert set(planted.split()) == set(SENTENCE.split())
    assert len(planted) > len(SENTENCE)


def test_planting_is_repeatable_and_stops_at_a_hundred():
    sources = [("Источник.", "ru")] * 300
    english = [SENTENCE] * 300
    first = list(plant_faults(sources, english, drop_number, random.Random(5)))
    assert first == list(plant_faults(sources, english, drop_number, random.Random(5)))
    assert len(first) == FAULTS_OF_A_KIND


@pytest.mark.bench
def test_the_guard_sees_faults_in_news_and_is_mostly_quiet():
    """On a quarter of the sentences; `xsource evaluate guard --floors` holds the figures on all."""
    bench = bench_folder()
    if bench is None:
        pytest.skip("no benchmark data here")
    figures = evaluate_guard({code: lines[::4] for code, lines in load_ntrex(bench).lines.items()})
    assert figures.recall.keys() == PLANTS.keys()
    assert all(recall >= 0.88 for recall in figures.recall.values()), figures.recall
    assert figures.false_alarms <= 0.05
    assert figures.false_alarms_by_direction.keys() == {"ru", "he", "ar"}
