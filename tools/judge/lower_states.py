"""States of the encoder's frozen lower layers, computed once a text and kept in a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from network import HIDDEN, States, encoder_parts
from torch.nn import functional

from xsource.embed.bundled import PREFIX, prepare_bundled_model, prepare_sentence_transformers_folder

FROZEN = 6
MOST_TOKENS = 128


class LowerStates:
    """Gives lower states of texts.

    Args:
        folder: keeps them between runs.
    """

    def __init__(self, folder: Path) -> None:
        from sentencepiece import SentencePieceProcessor

        self._pieces = SentencePieceProcessor(model_file=str(prepare_bundled_model() / "pieces.model"))
        self._file, self._spans = folder / "lower.f16", folder / "lower.json"
        self._states: dict[str, States] = {}
        if self._spans.is_file():
            flat = np.fromfile(self._file, np.float16).reshape(-1, HIDDEN)
            for text, (start, count) in json.loads(self._spans.read_text("utf-8")).items():
                self._states[text] = flat[start : start + count]

    def add(self, texts: Sequence[str]) -> None:
        """Compute what is missing, and keep it."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._states]
        if not missing:
            return
        tensors, layers = encoder_parts(prepare_sentence_transformers_folder())
        words, places = (
            tensors["embeddings.word_embeddings.weight"],
            tensors["embeddings.position_embeddings.weight"],
        )
        kind = tensors["embeddings.token_type_embeddings.weight"][0]
        ids = [self._ids(text) for text in missing]
        order = sorted(range(len(missing)), key=lambda row: len(ids[row]))
        with torch.inference_mode():
            for start in range(0, len(order), 64):
                rows = order[start : start + 64]
                width = max(len(ids[row]) for row in rows)
                tokens = torch.zeros(len(rows), width, dtype=torch.long)
                present = torch.zeros(len(rows), width, dtype=torch.bool)
                for at, row in enumerate(rows):
                    tokens[at, : len(ids[row])] = torch.tensor(ids[row])
                    present[at, : len(ids[row])] = True
                states = functional.layer_norm(
                    words[tokens] + places[:width] + kind, (HIDDEN,),
                    tensors["embeddings.LayerNorm.weight"], tensors["embeddings.LayerNorm.bias"], 1e-12,
                )  # fmt: skip
                for layer in layers[:FROZEN]:
                    states = layer(states, present)
                for at, row in enumerate(rows):
                    self._states[missing[row]] = states[at, : len(ids[row])].half().numpy().copy()
        self._keep()

    def of(self, texts: Sequence[str]) -> list[States]:
        """Give (tokens, 384) float16 of each text; all must have been added."""
        return [self._states[text] for text in texts]

    def _ids(self, text: str) -> list[int]:
        pieces = self._pieces.encode(PREFIX + text[:4000])[: MOST_TOKENS - 2]
        return [self._pieces.bos_id(), *pieces, self._pieces.eos_id()]

    def _keep(self) -> None:
        spans, start = {}, 0
        with self._file.open("wb") as file:
            for text, states in self._states.items():
                file.write(np.ascontiguousarray(states).tobytes())
                spans[text] = (start, len(states))
                start += len(states)
        self._spans.write_text(json.dumps(spans, ensure_ascii=False), "utf-8")
