"""The two tokenizers that are written from one packed tokenizer cut texts alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencepiece import SentencePieceProcessor
from tokenizers import Tokenizer

from xsource.embed.bundled_files import PIECES_FILE, TOKENIZER_FILE, write_pieces, write_tokenizer
from xsource.embed.packed_model import PackedTokenizer
from xsource.embed.wire_format import bytes_field, find_bytes_field, float_field, integer_field

# Probabilities whose sums do not tie: a tie may be cut either way.
PIECES = [
    ("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0),
    ("▁", -3.01), ("▁да", -2.13), ("да", -4.27), ("д", -7.39), ("а", -6.53),
    ("▁של", -3.71), ("ו", -5.19), ("ם", -5.83), ("▁ا", -4.61), ("ل", -5.47), ("ب", -6.11),
    ("▁the", -2.89), ("t", -8.03), ("h", -8.27), ("e", -7.71), (".", -3.37),
    ("fi", -5.03), ("<mask>", 0.0),
]  # fmt: skip
MAP = {"\u00a0": " ", "ﬁ": "fi", "\u200f": "", "\n": " ", "\t": " ", "\u0640": ""}


@pytest.fixture(scope="module")
def tokenizers(tmp_path_factory: pytest.TempPathFactory) -> tuple[SentencePieceProcessor, Tokenizer]:
    folder = tmp_path_factory.mktemp("tokenizers")
    parts = PackedTokenizer(tuple(PIECES), begin=0, end=2, padding=1, unknown=3, character_map=MAP)
    write_pieces(parts, folder)
    write_tokenizer(parts, folder)
    return (
        SentencePieceProcessor(model_file=str(folder / PIECES_FILE)),
        Tokenizer.from_file(str(folder / TOKENIZER_FILE)),
    )


def pieces_of(ids: list[int]) -> list[str]:
    return [PIECES[id_][0] for id_ in ids]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("да", ["▁да"]),
        ("  да\u00a0\u00a0да ", ["▁да", "▁да"]),
        ("дада.", ["▁да", "да", "."]),
        ("שלום", ["▁של", "ו", "ם"]),
        ("של\u200fום", ["▁של", "ו", "ם"]),
        ("ال\u0640ب", ["▁ا", "ل", "ب"]),
        ("the\nﬁ", ["▁the", "▁", "fi"]),
        ("", []),
        (" \t ", []),
    ],
)
def test_both_cut_as_the_pieces_say(
    tokenizers: tuple[SentencePieceProcessor, Tokenizer], text: str, expected: list[str]
) -> None:
    sentencepiece, huggingface = tokenizers
    assert pieces_of(sentencepiece.encode(text)) == expected
    assert pieces_of(huggingface.encode(text).ids) == ["<s>", *expected, "</s>"]


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet="даשלוםابt the.\u00a0ﬁ\u200f\n\u0640я😀", max_size=25))
def test_both_cut_any_text_alike(tokenizers: tuple[SentencePieceProcessor, Tokenizer], text: str) -> None:
    sentencepiece, huggingface = tokenizers
    assert pieces_of(sentencepiece.encode(text)) == pieces_of(huggingface.encode(text).ids)[1:-1]


def test_a_text_that_spells_out_a_mark_stays_a_text(
    tokenizers: tuple[SentencePieceProcessor, Tokenizer],
) -> None:
    ids = tokenizers[0].encode("да </s> <mask> да")
    assert not {"<s>", "</s>", "<pad>", "<mask>"} & set(pieces_of(ids))


@given(
    number=st.integers(1, 1000),
    value=st.integers(0, 2**62),
    content=st.binary(max_size=300),
    before=st.binary(max_size=5),
)
def test_a_written_field_is_read_past_others(number: int, value: int, content: bytes, before: bytes) -> None:
    other = number + 1
    message = integer_field(number, value) + float_field(other, 0.5) + bytes_field(other, before)
    message += b"\x09" + bytes(8)  # field 1 with eight bytes, which we never write
    message += bytes_field(number, content) + bytes_field(number, b"second")

    assert find_bytes_field(message, number) == content


def test_a_field_that_is_absent_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no field 7"):
        find_bytes_field(bytes_field(3, b"x"), 7)
