"""Batches hold every text once, without padding; repeats are embedded once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xsource.embed.batches import encodable, equal_length_batches, unique_texts, unit_rows


@given(lengths=st.lists(st.integers(0, 40)), batch_tokens=st.integers(1, 100))
def test_batches_hold_each_text_once_and_no_padding(lengths: list[int], batch_tokens: int) -> None:
    batches = list(equal_length_batches(lengths, batch_tokens))

    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len({lengths[row] for row in batch}) == 1
        assert len(batch) == 1 or len(batch) * lengths[batch[0]] <= batch_tokens
    assert [lengths[batch[0]] for batch in batches] == sorted((lengths[b[0]] for b in batches), reverse=True)


@given(texts=st.lists(st.sampled_from(["да", "כן", "نعم", "", "yes"])))
def test_unique_texts_lead_back_to_the_given_ones(texts: list[str]) -> None:
    unique, places = unique_texts(texts)

    assert len(unique) == len(set(unique))
    assert [unique[place] for place in places] == texts


@given(text=st.text(alphabet=st.characters(codec=None), max_size=30))
def test_any_text_becomes_encodable(text: str) -> None:
    encodable(text).encode("utf-8")


def test_a_lone_surrogate_becomes_the_replacement_character_and_nothing_else_changes() -> None:
    assert encodable("до \ud83d после 🙂") == "до \ufffd после 🙂"


def test_a_split_pair_of_surrogates_is_joined() -> None:
    assert encodable("\ud83d\ude42") == "🙂"


def test_a_row_of_zeros_gets_a_direction_and_others_keep_theirs() -> None:
    rows = unit_rows(np.array([[3, 4], [0, 0]], np.float32))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [1, 0]])
