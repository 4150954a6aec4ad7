#!/usr/bin/env python3
"""Train the tiny Russian to English Argos package that the tests translate with.

    python tools/train_tiny_argos.py TRAIN_DIR tests/data/argos/translate-ru_en-tiny.argosmodel

Its translations are poor, and it is used by tests only: what is tested is our handling of a package, on a real
one, not the quality of its text. TRAIN_DIR holds `*.ru-en.tsv`, a Russian sentence, a tab and its English.

What a package must be, and what is easily got wrong: one folder at the top of the zip; `metadata.json`; one
SentencePiece file for both sides; a CTranslate2 model whose own configuration adds the end-of-sentence token to
the source; as many heads in the encoder as in the decoder; position encodings written into the model.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import sentencepiece
import torch
from ctranslate2.specs import TransformerSpec
from torch import Tensor, nn

VOCABULARY = 4000
WIDTH = 128
HEADS = 4
LAYERS = 2
FEED_FORWARD = 384
POSITIONS = 1280  # more than our longest decoding: a sentence of 400 tokens may take 1,200
MAX_TOKENS = 48
BATCH_TOKENS = 1500
NAME = "translate-ru_en-tiny"
PAD, UNK, BOS, EOS = 0, 1, 2, 3
ZIP_DATE = (2020, 1, 1, 0, 0, 0)  # one date for every entry: the same training gives the same bytes

Row = tuple[list[int], list[int]]
"""A sentence pair as token ids."""


class Attention(nn.Module):
    """Multi-head attention; queries, keys and values in one matrix where they come from one place."""

    def __init__(self, *, crossed: bool) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH) if crossed else None
        self.rest = nn.Linear(WIDTH, (2 if crossed else 3) * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor, memory: Tensor | None, mask: Tensor | None, *, causal: bool) -> Tensor:
        """Attend within `x`, or from `x` to `memory` where this is crossed."""
        if self.query is not None:
            assert memory is not None
            q, (k, v) = self.query(x), self.rest(memory).chunk(2, -1)
        else:
            q, k, v = self.rest(x).chunk(3, -1)
        q, k, v = (t.unflatten(-1, (HEADS, -1)).transpose(1, 2) for t in (q, k, v))
        y = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)
        return self.out(y.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """A pre-norm Transformer layer (Vaswani et al. 2017), as OpenNMT trains the published packages."""

    def __init__(self, *, decoder: bool) -> None:
        super().__init__()
        self.self_norm, self.self_attention = nn.LayerNorm(WIDTH), Attention(crossed=False)
        self.cross_norm = nn.LayerNorm(WIDTH) if decoder else None
        self.cross_attention = Attention(crossed=True) if decoder else None
        self.ffn_norm = nn.LayerNorm(WIDTH)
        self.up, self.down = nn.Linear(WIDTH, FEED_FORWARD), nn.Linear(FEED_FORWARD, WIDTH)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor | None, memory: Tensor | None = None) -> Tensor:
        """Give states of the same shape; a decoder's look back only, and at `memory` under `mask`."""
        causal = self.cross_norm is not None
        own_mask = None if causal else mask
        x = x + self.drop(self.self_attention(self.self_norm(x), None, own_mask, causal=causal))
        if self.cross_norm is not None and self.cross_attention is not None:
            x = x + self.drop(self.cross_attention(self.cross_norm(x), memory, mask, causal=False))
        return x + self.drop(self.down(torch.relu(self.up(self.ffn_norm(x)))))


def sinusoids() -> Tensor:
    """Position encodings of Vaswani et al. 2017, section 3.5, sines first as CTranslate2 has them."""
    steps = torch.arange(POSITIONS)[:, None] * torch.exp(
        torch.arange(0, WIDTH // 2) * -(math.log(10000) / (WIDTH // 2 - 1))
    )
    return torch.cat([steps.sin(), steps.cos()], dim=1)


class TinyTransformer(nn.Module):
    """Encoder and decoder with one embedding for source, target and output."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH, padding_idx=PAD)
        nn.init.normal_(self.embedding.weight, std=WIDTH**-0.5)
        self.register_buffer("positions", sinusoids())
        self.encoder = nn.ModuleList(Layer(decoder=False) for _ in range(LAYERS))
        self.decoder = nn.ModuleList(Layer(decoder=True) for _ in range(LAYERS))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.drop = nn.Dropout(0.1)

    def embed(self, ids: Tensor) -> Tensor:
        """Give scaled embeddings with positions: (batch, tokens, WIDTH)."""
        return self.drop(self.embedding(ids) * math.sqrt(WIDTH) + self.positions[: ids.shape[1]])

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Give the logits of the token after each of `target`: (batch, tokens, VOCABULARY)."""
        mask = (source != PAD)[:, None, None, :]
        memory = self.embed(source)
        for layer in self.encoder:
            memory = layer(memory, mask)
        memory = self.encoder_norm(memory)
        x = self.embed(target)
        for layer in self.decoder:
            x = layer(x, mask, memory)
        return nn.functional.linear(self.decoder_norm(x), self.embedding.weight)


def read_pairs(folder: Path) -> list[tuple[str, str]]:
    pairs = []
    for path in sorted(folder.glob("*.ru-en.tsv")):
        for line in path.read_text("utf-8").splitlines():
            russian, _, english = line.partition("\t")
            if russian and english:
                pairs.append((russian, english))
    return pairs


def batches(rows: list[Row], rng: random.Random) -> list[list[Row]]:
    """Sort by length with some noise and cut by padded size, in random order."""
    order = sorted(rows, key=lambda row: len(row[0]) + len(row[1]) + rng.random() * 4)
    made: list[list[Row]] = [[]]
    for row in order:
        width = max(len(row[0]), len(row[1]))
        if made[-1] and width * (len(made[-1]) + 1) > BATCH_TOKENS:
            made.append([])
        made[-1].append(row)
    rng.shuffle(made)
    return made


def pad(rows: list[list[int]]) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [PAD] * (width - len(row)) for row in rows])


def train(rows: list[Row], epochs: int, seed: int) -> TinyTransformer:
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = TinyTransformer()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1.0, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: 0.7 * WIDTH**-0.5 * min((step + 1) ** -0.5, (step + 1) * 400**-1.5)
    )
    for epoch in range(epochs):
        start, total, count = time.time(), 0.0, 0
        model.train()
        for batch in batches(rows, rng):
            source = pad([[*s, EOS] for s, _ in batch])
            target = pad([[BOS, *t, EOS] for _, t in batch])
            logits = model(source, target[:, :-1])
            loss = nn.functional.cross_entropy(
                logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=PAD, label_smoothing=0.1
            )
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, count = total + loss.item(), count + 1
        print(f"epoch {epoch + 1}: loss {total / count:.3f}, {time.time() - start:.0f} s", flush=True)
    return model.eval()


def array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().numpy().astype(np.float32)


def fill(linear_spec: Any, linear: nn.Linear) -> None:
    linear_spec.weight, linear_spec.bias = array(linear.weight), array(linear.bias)


def fill_norm(norm_spec: Any, norm: nn.LayerNorm) -> None:
    norm_spec.gamma, norm_spec.beta = array(norm.weight), array(norm.bias)


def fill_layer(spec: Any, layer: Layer) -> None:
    fill_norm(spec.self_attention.layer_norm, layer.self_norm)
    fill(spec.self_attention.linear[0], layer.self_attention.rest)
    fill(spec.self_attention.linear[1], layer.self_attention.out)
    if layer.cross_attention is not None and layer.cross_attention.query is not None:
        fill_norm(spec.attention.layer_norm, layer.cross_norm)
        fill(spec.attention.linear[0], layer.cross_attention.query)
        fill(spec.attention.linear[1], layer.cross_attention.rest)
        fill(spec.attention.linear[2], layer.cross_attention.out)
    fill_norm(spec.ffn.layer_norm, layer.ffn_norm)
    fill(spec.ffn.linear_0, layer.up)
    fill(spec.ffn.linear_1, layer.down)


def convert(model: TinyTransformer, vocabulary: list[str], folder: Path) -> None:
    spec = TransformerSpec.from_config((LAYERS, LAYERS), HEADS, pre_norm=True)
    embedding, positions = array(model.embedding.weight), array(model.positions)
    spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = embedding
    spec.encoder.scale_embeddings = spec.decoder.scale_embeddings = True
    spec.encoder.position_encodings.encodings = spec.decoder.position_encodings.encodings = positions
    fill_norm(spec.encoder.layer_norm, model.encoder_norm)
    fill_norm(spec.decoder.layer_norm, model.decoder_norm)
    for layer_spec, layer in zip(spec.encoder.layer, model.encoder, strict=True):
        fill_layer(layer_spec, layer)
    for layer_spec, layer in zip(spec.decoder.layer, model.decoder, strict=True):
        fill_layer(layer_spec, layer)
    spec.decoder.projection.weight = embedding
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.add_source_eos = True
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<s>", "</s>", "<unk>"
    spec.config.decoder_start_token = "<s>"
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir()
    spec.save(str(folder))


def write_package(target: Path, model_folder: Path, sentencepiece_file: Path) -> None:
    metadata = {
        "package_version": "1.0",
        "argos_version": "1.0",
        "from_code": "ru",
        "from_name": "Russian",
        "to_code": "en",
        "to_name": "English",
        "type": "translate",
    }
    readme = (
        "A tiny model for tests. Its translations are poor. "
        "Training text and licences: see README.md beside the package.\n"
    )
    entries = {
        "metadata.json": json.dumps(metadata, indent=1).encode(),
        "README.md": readme.encode(),
        "sentencepiece.model": sentencepiece_file.read_bytes(),
        **{f"model/{path.name}": path.read_bytes() for path in sorted(model_folder.iterdir())},
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", ZIP_DATE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train_dir", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    pairs = read_pairs(options.train_dir)
    print(f"{len(pairs)} pairs", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        text = work / "text"
        text.write_text("\n".join(part for pair in pairs for part in pair), "utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(text), model_prefix=str(work / "sp"), vocab_size=VOCABULARY, model_type="unigram",
            character_coverage=0.9995, pad_id=PAD, unk_id=UNK, bos_id=BOS, eos_id=EOS, minloglevel=2,
            num_threads=1, normalization_rule_name="nmt_nfkc",
        )  # fmt: skip
        processor = sentencepiece.SentencePieceProcessor(model_file=str(work / "sp.model"))
        rows = [(processor.encode(russian), processor.encode(english)) for russian, english in pairs]
        rows = [row for row in rows if 0 < len(row[0]) <= MAX_TOKENS and 0 < len(row[1]) <= MAX_TOKENS]
        model = train(rows, options.epochs, options.seed)
        vocabulary = [processor.id_to_piece(i) for i in range(VOCABULARY)]
        convert(model, vocabulary, work / "model")
        write_package(options.target, work / "model", work / "sp.model")
        translator = ctranslate2.Translator(str(work / "model"))
        for russian, english in pairs[:5]:
            tokens = processor.encode(russian, out_type=str)
            output = translator.translate_batch([tokens])[0].hypotheses[0]
            print(russian, "|", processor.decode_pieces(output), "|", english)
    print(f"{options.target}: {options.target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
