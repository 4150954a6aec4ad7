"""What changed between two lists of sentences: laws that hold for any two."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from xsource.pipeline.reading.versions import Change, compare_texts

SENTENCES = st.lists(
    st.sampled_from(["Погибли 7 человек.", "נהרגו 7.", "قتل 7.", "Seven died.", "Nine died."]), max_size=8
)


@given(SENTENCES, SENTENCES)
def test_what_was_removed_and_added_turns_the_one_into_the_other(old, new):
    changes = list(compare_texts(old, new, "sentence"))
    removed = Counter(change.text for change in changes if change.kind == "removed")
    added = Counter(change.text for change in changes if change.kind == "added")
    assert Counter(old) - removed + added == Counter(new)
    assert removed <= Counter(old)
    assert added <= Counter(new)


@given(SENTENCES)
def test_a_text_differs_in_nothing_from_itself(sentences):
    assert list(compare_texts(sentences, sentences, "sentence")) == []


def test_a_sentence_that_a_long_text_repeats_is_no_noise():
    old = ["Seven died."] * 300
    assert list(compare_texts(old, [*old, "Nine died."], "sentence")) == [
        Change("added", "sentence", "Nine died.")
    ]
