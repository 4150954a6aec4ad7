"""Listed beginnings are found as if each were tried."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.facts.beginnings import Beginnings

SYLLABLES = st.sampled_from(["по", "лиц", "ей", "ский", "שר", "ים", "وزير", "re", "fus", "ed"])
WORDS = st.lists(SYLLABLES, min_size=1, max_size=4).map("".join)


@given(st.sets(WORDS, max_size=12), WORDS)
def test_every_listed_beginning_of_a_word_is_found_the_shortest_first(listed, word):
    found = [*Beginnings({beginning: beginning for beginning in listed}).of(word)]
    assert found == sorted((beginning for beginning in listed if word.startswith(beginning)), key=len)


def test_a_beginning_longer_than_a_dozen_letters_is_found():
    assert [*Beginnings({"противостояни": 1, "против": 2}).of("противостояниями")] == [2, 1]


@pytest.mark.parametrize("short", ["", "a", "ш"])
def test_a_beginning_of_one_letter_is_refused(short):
    with pytest.raises(ValueError, match="less than 2 letters"):
        Beginnings({short: "x"})
