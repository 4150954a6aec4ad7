#!/usr/bin/env python3
"""Make a package of published size that says what a small one says, to measure speed on.

    python tools/widen_package.py tests/data/argos/translate-ru_en-tiny.argosmodel wide.argosmodel

What a translation costs depends on the shape of the model and on how many tokens come out, not on what the
weights hold. This gives a small model the shape of published packages and leaves its function as it is, so
that the translations are the same strings and the cost is the real one: every residual dimension is written
several times, and what reads it takes the mean of the copies (Net2Net: Chen, Goodfellow & Shlens 2016,
arXiv:1511.05641, with equal parts); normalisation sees the same mean and variance. Attention heads and
feed-forward units are copied the same way. Further layers add nothing to the residual. Further pieces of the
vocabulary have a bias that no beam can overcome. In int8 even the rounding stays, as a row's weights are all
scaled alike; but longer sums of floats end in other last bits, which decide a near tie of beams in a few of a
hundred sentences.

The default shape is that of the training configuration of the published packages (argosopentech/argos-train,
config.yml: 6 + 6 layers, 512 wide, 8 heads, 2,048 feed-forward) with the vocabulary of 32,000 that their
sizes of 70 to 120 MB speak for; that configuration itself has 50,000. What stays small is the tokenizer:
4,000 pieces cut a sentence into more tokens than 32,000 would, for both sides of a comparison.
"""

from __future__ import annotations

import argparse
import json
import struct
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from ctranslate2.specs import TransformerSpec

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

NEVER = -1e4
"""Bias of a piece that cannot win: `exp` of it is 0 in float32."""

_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
"""Data types by their number in a CTranslate2 file, binary version 6."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a model is wanted to look like."""

    width: int = 512
    heads: int = 8
    feed_forward: int = 2048
    layers: int = 6
    vocabulary: int = 32_000


@dataclass(frozen=True, slots=True)
class Copies:
    """Which old unit each new one is a copy of, and what part of it a reader takes."""

    of: Places
    part: Floats

    @classmethod
    def whole(cls, old: int, new: int) -> Copies:
        """Repeat units in order; those past the last whole repeat are read by nobody."""
        of = np.arange(new) % old
        times = new // old
        return cls(of, np.where(np.arange(new) < times * old, 1 / times, 0).astype(np.float32))


class SmallModel:
    """The weights of a CTranslate2 Transformer, in float32."""

    def __init__(self, file: BinaryIO) -> None:
        self._stream = file
        _, name, _, count = self._read("I"), self._text(), self._read("I"), self._read("I")
        if name != "TransformerSpec":
            raise ValueError(f"the model is a {name}, expected a TransformerSpec")
        self.arrays = dict(self._variable() for _ in range(count))
        for _ in range(self._read("I")):
            alias, original = self._text(), self._text()
            for end in ("", "_scale"):
                if original + end in self.arrays:
                    self.arrays[alias + end] = self.arrays[original + end]

    def weights(self, name: str) -> Floats:
        """Give an array as float32, int8 rows brought back by their scales."""
        array = self.arrays[name].astype(np.float32)
        scale = self.arrays.get(f"{name}_scale")
        return array if scale is None else array / scale.reshape(-1, 1)

    def number(self, name: str) -> int:
        """Give a setting that is one number."""
        return int(self.arrays[name])

    def _read(self, kind: str) -> int:
        size = struct.calcsize(f"<{kind}")
        return int(struct.unpack(f"<{kind}", self._stream.read(size))[0])

    def _text(self) -> str:
        return self._stream.read(self._read("H"))[:-1].decode()

    def _variable(self) -> tuple[str, npt.NDArray[Any]]:
        name = self._text()
        shape = [self._read("I") for _ in range(self._read("B"))]
        kind = _TYPES[self._read("B")]
        return name, np.frombuffer(self._stream.read(self._read("I")), kind).reshape(shape)


class Widening:
    """Fills the specification of a large model from a small one."""

    def __init__(self, small: SmallModel, shape: Shape) -> None:
        self._small = small
        self._shape = shape
        heads = small.number("encoder/num_heads")
        vocabulary, width = small.weights("decoder/embeddings/weight").shape
        inner = len(small.weights("encoder/layer_0/ffn/linear_0/bias"))
        if shape.width % width or shape.heads % heads or (shape.width // width) % (shape.heads // heads):
            raise ValueError(
                f"{shape.heads} heads in a width of {shape.width}: expected multiples of {heads} in {width}"
            )
        if shape.feed_forward < inner or shape.vocabulary < vocabulary:
            raise ValueError(f"expected at least {inner} feed-forward units and {vocabulary} pieces")
        self._residual = Copies.whole(width, shape.width)
        self._inner = Copies.whole(inner, shape.feed_forward)
        self._pieces = np.arange(shape.vocabulary) % vocabulary
        self._spare = np.arange(shape.vocabulary) >= vocabulary
        # A copied head has its dimensions copied too, so that its dot products are that many times larger.
        self._head_growth = (shape.width // width) // (shape.heads // heads)
        in_head = width // heads
        new = np.arange(shape.width)
        head, place = np.divmod(new, in_head * self._head_growth)
        of = head // (shape.heads // heads) * in_head + place % in_head
        self._attention = Copies(of, np.full(shape.width, width / shape.width, np.float32))

    def spec(self) -> TransformerSpec:
        """Give the large model."""
        shape = self._shape
        spec = TransformerSpec.from_config((shape.layers, shape.layers), shape.heads, pre_norm=True)
        for side in ("encoder", "decoder"):
            part = getattr(spec, side)
            part.scale_embeddings = True
            part.position_encodings.encodings = self._small.weights(f"{side}/position_encodings/encodings")[
                :, self._residual.of
            ]
            self._norm(part.layer_norm, f"{side}/layer_norm")
            old = sum(f"{side}/layer_{n}/ffn/linear_1/bias" in self._small.arrays for n in range(shape.layers))
            for number, layer in enumerate(part.layer):
                self._layer(layer, f"{side}/layer_{number % old}", adds=number < old)
        spec.encoder.embeddings[0].weight = self._embeddings("encoder/embeddings_0/weight")
        spec.decoder.embeddings.weight = self._embeddings("decoder/embeddings/weight")
        projection = self._small.weights("decoder/projection/weight")
        spec.decoder.projection.weight = self._taken(projection, self._pieces, self._residual)
        spec.decoder.projection.bias = np.where(self._spare, NEVER, 0).astype(np.float32)
        return spec

    def _embeddings(self, name: str) -> Floats:
        # The model multiplies them with the root of its width, which has grown.
        growth = self._shape.width / len(np.unique(self._residual.of))
        return self._small.weights(name)[self._pieces][:, self._residual.of] / np.float32(growth**0.5)

    def _layer(self, spec: Any, name: str, *, adds: bool) -> None:
        width = len(np.unique(self._residual.of))
        whole = self._attention.of
        shrink = np.float32(self._head_growth**-0.5)
        three = np.concatenate([whole, width + whole, 2 * width + whole])
        self._norm(spec.self_attention.layer_norm, f"{name}/self_attention/layer_norm")
        self._linear(spec.self_attention.linear[0], f"{name}/self_attention/linear_0", three, self._residual)
        _scale_rows(spec.self_attention.linear[0], slice(0, len(whole)), shrink)
        outputs = [(spec.self_attention.linear[1], f"{name}/self_attention/linear_1", self._attention)]
        if hasattr(spec, "attention"):
            self._norm(spec.attention.layer_norm, f"{name}/attention/layer_norm")
            self._linear(spec.attention.linear[0], f"{name}/attention/linear_0", whole, self._residual)
            _scale_rows(spec.attention.linear[0], slice(None), shrink)
            two = np.concatenate([whole, width + whole])
            self._linear(spec.attention.linear[1], f"{name}/attention/linear_1", two, self._residual)
            outputs.append((spec.attention.linear[2], f"{name}/attention/linear_2", self._attention))
        self._norm(spec.ffn.layer_norm, f"{name}/ffn/layer_norm")
        self._linear(spec.ffn.linear_0, f"{name}/ffn/linear_0", self._inner.of, self._residual)
        outputs.append((spec.ffn.linear_1, f"{name}/ffn/linear_1", self._inner))
        for linear, source, inputs in outputs:
            self._linear(linear, source, self._residual.of, inputs)
            if not adds:
                _scale_rows(linear, slice(None), np.float32(0))

    def _linear(self, spec: Any, name: str, outputs: Places, inputs: Copies) -> None:
        spec.weight = self._taken(self._small.weights(f"{name}/weight"), outputs, inputs)
        spec.bias = self._small.weights(f"{name}/bias")[outputs]

    @staticmethod
    def _taken(matrix: Floats, outputs: Places, inputs: Copies) -> Floats:
        return np.ascontiguousarray(matrix[outputs][:, inputs.of] * inputs.part)

    def _norm(self, spec: Any, name: str) -> None:
        spec.gamma = self._small.weights(f"{name}/gamma")[self._residual.of]
        spec.beta = self._small.weights(f"{name}/beta")[self._residual.of]


def _scale_rows(linear: Any, rows: slice, factor: np.float32) -> None:
    linear.weight[rows] *= factor
    linear.bias[rows] *= factor


def widen_package(package: Path, target: Path, shape: Shape) -> None:
    """Write a package of the given shape that translates as another one does.

    Args:
        package: an `.argosmodel` file with a pre-norm Transformer of one vocabulary.
        target: the file to write; what is there is replaced.
        shape: what the larger model is to look like.

    Raises:
        ValueError: the shape is no whole multiple of the package's own, or its model is of another kind.
    """
    with zipfile.ZipFile(package) as archive, tempfile.TemporaryDirectory() as folder:
        entries = {name.partition("/")[2]: name for name in archive.namelist()}
        with archive.open(entries["model/model.bin"]) as file:
            small = SmallModel(file)  # type: ignore[arg-type]
        pieces = json.loads(archive.read(entries["model/shared_vocabulary.json"]))
        pieces += [f"<spare_{number}>" for number in range(shape.vocabulary - len(pieces))]
        spec = Widening(small, shape).spec()
        spec.register_source_vocabulary(pieces)
        spec.register_target_vocabulary(pieces)
        for name, value in json.loads(archive.read(entries["model/config.json"])).items():
            setattr(spec.config, name, value)
        spec.validate()
        spec.optimize(quantization="int8")
        model = Path(folder) / "model"
        model.mkdir()
        spec.save(str(model))
        top = f"{target.stem}"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
            for name, entry in entries.items():
                if name and not name.startswith("model/"):
                    made.writestr(f"{top}/{name}", archive.read(entry))
            for path in sorted(model.iterdir()):
                made.write(path, f"{top}/model/{path.name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path)
    parser.add_argument("target", type=Path)
    for name, value in asdict(Shape()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=value)
    options = vars(parser.parse_args())
    package, target = options.pop("package"), options.pop("target")
    widen_package(package, target, Shape(**options))
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
