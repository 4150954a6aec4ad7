"""A sentence as the judge reads it: once, whatever it is later set beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np

from xsource.embed.bundled import PACKED_SHA256, PREFIX, BundledEmbedder, read_bundled_model
from xsource.embed.model_cache import cache_folder, prepare_folder
from xsource.embed.packed_model import PackedModel
from xsource.errors import ModelError
from xsource.judge.artefact import Artefact
from xsource.judge.seams import word_odds, word_shapes, word_spans
from xsource.records import FloatMatrix, FloatVector

MOST_TOKENS = 128
"""Tokens of a sentence that are read, its marks included, as in training; of a longer one no more."""

MOST_KEPT = 1024
"""States of so many sentences are kept until others are read: 50 MB."""

_PARTS = ("q", "k", "v", "ao", "fi", "fo")


@dataclass(frozen=True, slots=True)
class Readings:
    """Sentences as the judge reads them, row for row.

    Attributes:
        states: of each sentence (tokens, 384) float32.
        vectors: (n, d) unit rows: nearness here is likeness of what is stated.
        stating: (n,) probability that a sentence states a fact: no furniture, pointer, fragment or colour.
        tokens: of each sentence (words' tokens, t) unit rows: nearness of two tokens is likeness of their part.
        weights: of each sentence what each of these tokens tells, summing to 1.
    """

    states: Sequence[FloatMatrix]
    vectors: FloatMatrix
    stating: FloatVector
    tokens: Sequence[FloatMatrix]
    weights: Sequence[FloatVector]

    def __len__(self) -> int:
        return len(self.states)

    def take(self, rows: Sequence[int]) -> Readings:
        """Give some of the readings, in the given order."""
        return Readings(
            [self.states[row] for row in rows],
            self.vectors[list(rows)],
            self.stating[list(rows)],
            [self.tokens[row] for row in rows],
            [self.weights[row] for row in rows],
        )


class SentenceReader:
    """Reads sentences by the lower layers of the bundled encoder and those that were tuned to facts.

    Args:
        artefact: says how.
        threads: processor cores used; 0 for all.

    Raises:
        ModelError: the artefact stands on another encoder than the bundled one.
    """

    def __init__(self, artefact: Artefact, *, threads: int = 0) -> None:
        if artefact.encoder != PACKED_SHA256:
            raise ModelError(
                f"judge {artefact.id} stands on an encoder with SHA-256 {artefact.encoder[:12]}, "
                f"the bundled one has {PACKED_SHA256[:12]}",
                "train one for this encoder: docs/retraining.md",
            )
        self._artefact = artefact
        self._encoder = BundledEmbedder(prepared_reader(artefact), threads=threads)
        self._kept: dict[str, FloatMatrix] = {}
        self.first_token = int(artefact.number("first_token"))

    def read(self, texts: Sequence[str]) -> Readings:
        """Read sentences; an empty list gives empty readings. Cost: as to embed them, three quarters of it."""
        arrays = self._artefact.arrays
        states = [own[:MOST_TOKENS] for own in self._states(texts)]
        width = arrays["vector.w"].shape[1]
        means = np.zeros((len(states), width), np.float32)
        tokens, weights = [], []
        project, importance = (arrays[f"{name}.w"].astype(np.float32) for name in ("token", "importance"))
        offset = float(arrays["importance.b"].astype(np.float64)[0])
        for row, own in enumerate(states):
            content = self.content(own)
            means[row] = content.mean(axis=0)
            projected = content @ project.T
            tokens.append(_unit_rows(projected))
            weight = np.logaddexp(0, content @ importance[0] + offset)
            weights.append((weight / weight.sum()).astype(np.float32))
        vectors = means @ arrays["vector.w"].astype(np.float32).T
        logits = means @ arrays["states.w"].astype(np.float32)[0] + float(arrays["states.b"][0])
        return Readings(
            states,
            _unit_rows(vectors),
            cast("FloatVector", (1 / (1 + np.exp(-logits))).astype(np.float32)),
            tokens,
            weights,
        )

    def content(self, states: FloatMatrix) -> FloatMatrix:
        """Give a sentence's states without the marks of its begin and end; all where it has nothing else."""
        inner = states[self.first_token : -1]
        return inner if len(inner) else states

    def _states(self, texts: Sequence[str]) -> list[FloatMatrix]:
        """Give each text's states; those of the texts read last are kept: most are read twice."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
        found = dict(zip(missing, self._encoder.token_states(missing), strict=True)) if missing else {}
        states = [self._kept[text] if text in self._kept else found[text] for text in texts]
        if len(texts) <= MOST_KEPT:
            self._kept = dict(zip(texts, states, strict=True))
        return states

    def word_odds(self, texts: Sequence[str]) -> list[FloatMatrix]:
        """Give for each word of each text (`word_spans`) the (2,) log odds of `seams.word_odds`.

        Words past the last that is read are not there.
        """
        return [word_odds(self._artefact.arrays, words) for words in self.words(texts)]

    def words(self, texts: Sequence[str]) -> list[FloatMatrix]:
        """Give of each text (words that are read, 384 + `SHAPE_COLUMNS`): mean states and shapes."""
        found = []
        states, numbers = self._states(texts), self._encoder.word_numbers(texts)
        for text, own, of_word in zip(texts, states, numbers, strict=True):
            spans = word_spans(text)
            read = min(len(own), len(of_word))
            inside = of_word[:read] >= 0
            number = of_word[:read][inside]
            count = min(int(number.max(initial=-1)) + 1, len(spans))
            total = np.zeros((count, own.shape[1]), np.float32)
            kept = number < count
            np.add.at(total, number[kept], own[:read][inside][kept])
            total /= np.maximum(1, np.bincount(number[kept], minlength=count))[:, None].astype(np.float32)
            shapes = word_shapes([text[start:end] for start, end in spans])[:count]
            found.append(np.hstack([total, shapes]))
        return found


def _unit_rows(rows: FloatMatrix) -> FloatMatrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return cast("FloatMatrix", rows / np.maximum(lengths, np.float32(1e-12)))


def prepared_reader(artefact: Artefact) -> Path:
    """Give the folder with the encoder whose upper layers are the artefact's, making it when absent (7 s)."""

    def write_files(folder: Path) -> None:
        from xsource.embed.bundled_files import write_ctranslate2_files

        write_ctranslate2_files(_tuned(read_bundled_model(), artefact), folder)

    return prepare_folder(
        cache_folder() / f"judge-{artefact.id.replace('/', '-')}-{PREFIX.strip(' :')}", write_files
    )


def _tuned(model: PackedModel, artefact: Artefact) -> PackedModel:
    """Put the artefact's layers in the place of the encoder's own, and leave out what lies above them."""
    tensors = dict(model.tensors)
    first, layers = int(artefact.number("first_tuned_layer")), int(artefact.number("sentence_layers"))
    for layer in range(first, layers):
        at = f"l{layer}"
        for part in _PARTS:
            weights = artefact.arrays[f"{at}.{part}.w"].astype(np.float32)
            tensors[f"{at}.{part}.w"] = (
                weights * artefact.arrays[f"{at}.{part}.s"].astype(np.float32)[:, None]
            ).ravel()
            tensors[f"{at}.{part}.b"] = artefact.arrays[f"{at}.{part}.b"].astype(np.float32)
        for norm in ("aln", "oln"):
            for end in "wb":
                tensors[f"{at}.{norm}.{end}"] = artefact.arrays[f"{at}.{norm}.{end}"].astype(np.float32)
    return PackedModel(replace(model.shape, layers=layers), model.tokenizer, tensors)
