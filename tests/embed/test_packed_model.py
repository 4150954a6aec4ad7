"""The packed file: read back to the values that were packed, and refused when it is not one."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from xsource.embed.packed_model import dequantise, read_packed_model

PIECES = [
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("▁да", -1.5),
    ("שלום", -2.25),
    ("ك", -9.0),
]
CHARACTER_MAP = {"\u00a0": " ", "ﬁ": "fi", "\u200f": ""}


def pack_blocks(values: np.ndarray, scales: np.ndarray) -> bytes:
    """Pack (n, 32) whole numbers -8..7 under n scales, as the file's description says."""
    blocks = []
    for row, scale in zip(values, scales, strict=True):
        low, high = row[:16] + 8, row[16:] + 8
        blocks.append(np.float16(scale).tobytes() + (low | high << 4).astype(np.uint8).tobytes())
    return b"".join(blocks)


def pack_model(tensors: dict[str, tuple[int, int, bytes]], block: int = 32) -> bytes:
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 2, 64, 9, 16, 2, 1e-12, block)
    texts = [piece.encode() for piece, _ in PIECES]
    offsets = np.cumsum([0, *map(len, texts)])
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, offsets[-1])
    head += struct.pack(f"<{len(offsets)}I", *offsets)
    head += struct.pack(f"<{len(PIECES)}f", *(value for _, value in PIECES)) + b"".join(texts)
    rules = b"".join(
        struct.pack(f"<IB{len(target)}I", ord(source), len(target), *map(ord, target))
        for source, target in CHARACTER_MAP.items()
    )
    head += struct.pack("<iI", len(CHARACTER_MAP), len(rules)) + rules + struct.pack("<i", len(tensors))
    offset = len(head) + sum(2 + len(name) + 21 for name in tensors)
    body = b""
    for name, (kind, count, content) in tensors.items():
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", kind, count, offset + len(body), len(content))
        body += content
    return head + body


FLOATS = np.array([0.5, -1.25, 3e-9], "<f4")
WHOLE = np.arange(64).reshape(2, 32) % 16 - 8
TENSORS = {
    "emb.ln.w": (0, 3, FLOATS.tobytes()),
    "emb.word": (1, 64, pack_blocks(WHOLE, np.array([0.25, -2.0]))),
}


def test_everything_packed_is_read() -> None:
    model = read_packed_model(pack_model(TENSORS))

    shape = model.shape
    assert (shape.hidden, shape.layers, shape.heads, shape.inner) == (32, 1, 2, 64)
    assert (shape.vocabulary, shape.positions, shape.token_types) == (9, 16, 2)
    assert shape.norm_epsilon == pytest.approx(1e-12)
    assert model.tokenizer.pieces == tuple(PIECES)
    assert (model.tokenizer.begin, model.tokenizer.end) == (0, 2)
    assert (model.tokenizer.padding, model.tokenizer.unknown) == (1, 3)
    assert model.tokenizer.character_map == CHARACTER_MAP
    np.testing.assert_array_equal(model.tensors["emb.ln.w"], FLOATS)
    np.testing.assert_array_equal(model.tensors["emb.word"], (WHOLE * [[0.25], [-2.0]]).reshape(-1))


@given(
    values=hnp.arrays(np.int64, (3, 32), elements=st.integers(-8, 7)),
    scales=hnp.arrays(np.float16, 3, elements=st.floats(-100, 100, width=16)),
)
def test_dequantising_undoes_packing(values: np.ndarray, scales: np.ndarray) -> None:
    expected = values.astype(np.float32) * scales.astype(np.float32)[:, None]
    np.testing.assert_array_equal(dequantise(pack_blocks(values, scales)), expected.reshape(-1))


@given(cut=st.integers(0, len(pack_model(TENSORS)) - 1))
def test_a_cut_file_is_refused(cut: int) -> None:
    with pytest.raises(ValueError, match="packed"):
        read_packed_model(pack_model(TENSORS)[:cut])


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match=r"begins with b'GGUF', expected b'E5S1'"):
        read_packed_model(b"GGUF" + pack_model(TENSORS)[4:])


def test_another_block_size_is_refused() -> None:
    with pytest.raises(ValueError, match="blocks of 64 weights, expected 32"):
        read_packed_model(pack_model(TENSORS, block=64))
