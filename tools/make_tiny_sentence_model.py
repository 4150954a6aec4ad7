"""Writes tests/data/tiny-sentence-model: a sentence-transformers folder of random weights, a piece a letter.

It means nothing, but it is a real model of 100 KB: texts that share letters are near each other.

    python tools/make_tiny_sentence_model.py
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from xsource.embed.bundled_files import write_sentence_transformers_files
from xsource.embed.packed_model import ModelShape, PackedModel, PackedTokenizer

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "data" / "tiny-sentence-model"
LETTERS = [
    *map(chr, range(0x21, 0x7F)),
    *map(chr, range(0x430, 0x452)),
    *map(chr, range(0x410, 0x430)),
    *map(chr, range(0x5D0, 0x5EB)),
    *map(chr, range(0x621, 0x64B)),
]
SHAPE = ModelShape(
    hidden=32, layers=1, heads=2, inner=48, vocabulary=0, positions=128, token_types=1, norm_epsilon=1e-12
)


def main() -> None:
    special = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces = (*special, ("▁", -2.0), *((letter, -4.0) for letter in LETTERS))
    shape = ModelShape(
        **{**{name: getattr(SHAPE, name) for name in SHAPE.__slots__}, "vocabulary": len(pieces) + 1}
    )
    tokenizer = PackedTokenizer(pieces, begin=0, end=2, padding=1, unknown=3, character_map={"\u00a0": " "})
    random = np.random.default_rng(0)

    def normal(*sizes: int) -> np.ndarray:
        return (random.standard_normal(sizes) * 0.3).astype(np.float32).reshape(-1)

    hidden, inner = shape.hidden, shape.inner
    tensors = {
        "emb.word": normal(shape.vocabulary, hidden),
        "emb.pos": normal(shape.positions, hidden) / 10,
        "emb.type": normal(shape.token_types, hidden),
        "emb.ln.w": np.ones(hidden, np.float32),
        "emb.ln.b": np.zeros(hidden, np.float32),
    }
    sizes = {"q": (hidden, hidden), "k": (hidden, hidden), "v": (hidden, hidden), "ao": (hidden, hidden)}
    sizes |= {"fi": (inner, hidden), "fo": (hidden, inner)}
    for part, (outputs, inputs) in sizes.items():
        tensors[f"l0.{part}.w"] = normal(outputs, inputs)
        tensors[f"l0.{part}.b"] = normal(outputs)
    for part in ("aln", "oln"):
        tensors[f"l0.{part}.w"] = np.ones(hidden, np.float32)
        tensors[f"l0.{part}.b"] = np.zeros(hidden, np.float32)

    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    write_sentence_transformers_files(PackedModel(shape, tokenizer, tensors), "", FOLDER)
    for path in FOLDER.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    print(sum(path.stat().st_size for path in FOLDER.rglob("*")), "bytes in", FOLDER)


if __name__ == "__main__":
    main()
