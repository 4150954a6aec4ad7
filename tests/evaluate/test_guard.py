"""The planted faults are what they say, and the guard's figures stay where they are pinned."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

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
from xsource.records import LANGUAGES

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
def test_figures_on_news_are_at_their_floors():
    bench = Path(os.environ.get("XSOURCE_BENCH", Path(__file__).parents[3] / "shared" / "bench")) / "ntrex"
    if not bench.is_dir():
        pytest.skip(f"no benchmark data at {bench}")
    texts = {language: (bench / f"{language}.txt").read_text("utf-8").splitlines() for language in LANGUAGES}
    figures = evaluate_guard(texts)
    assert set(figures.recall) == set(PLANTS)
    assert figures.recall["number dropped"] >= 0.95
    assert figures.recall["number changed"] >= 0.95
    assert figures.recall["name swapped"] >= 0.9
    assert figures.recall["end cut"] >= 0.9
    assert figures.recall["phrase repeated"] >= 0.9
    assert figures.false_alarms <= 0.03
