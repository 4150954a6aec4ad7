"""Linear weights that tell statements from furniture: of a word's tokens, and of a sentence's vector."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from xsource.align import shipped_reference
from xsource.embed.bundled import BundledEmbedder
from xsource.judge.artefact import Artefact
from xsource.judge.reading import SentenceReader
from xsource.segment.sentences import split_sentences

Floats = npt.NDArray[np.float32]

MOST_WORDS = 120_000
LEAST_STATING = 0.3  # a sentence's vector counts from this probability on


def _reports(folder: Path) -> Iterator[dict[str, object]]:
    for path in sorted(folder.glob("*.events.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield from json.loads(line)["reports"]


def word_weights(folder: Path, artefact: Artefact) -> Floats:
    """Learn from joined reports which words of a sentence, as the program splits it, are of a marked one."""
    reader = SentenceReader(artefact)
    texts: list[str] = []
    truth: list[list[bool]] = []
    for report in _reports(folder):
        sentences: list[list[str]] = report["sentences"]  # type: ignore[assignment]
        joined, spans = "", []
        for sentence, marks in sentences:
            spans.append((len(joined), len(joined) + len(sentence), marks.strip() != "-"))
            joined += sentence + " "
        for start, end in split_sentences(joined.rstrip(), str(report["language"])):
            texts.append(joined[start:end])
            middles = [start + (m.start() + m.end()) // 2 for m in re.finditer(r"\S+", texts[-1])]
            truth.append([next((own for a, b, own in spans if a <= at < b), True) for at in middles])
    rows, labels = [], []
    for states, numbers, own in zip(*reader.word_states(texts), truth, strict=True):
        for state, number in zip(states, numbers.tolist(), strict=False):
            if 0 <= number < len(own):
                rows.append(state)
                labels.append(own[number])
    chosen = np.random.default_rng(0).permutation(len(rows))[:MOST_WORDS]
    model = LogisticRegression(C=0.05, max_iter=300).fit(np.array(rows)[chosen], np.array(labels)[chosen])
    return np.append(model.coef_[0], model.intercept_[0]).astype(np.float32)


def furniture_weights(folder: Path, embedder: BundledEmbedder) -> Floats:
    """Learn which sentences state nothing from their centred vectors alone, for finding stories."""
    reference = shipped_reference(embedder.id)
    if reference is None:
        raise ValueError(f"no reference is shipped for {embedder.id}")
    said = [
        (str(sentence), str(report["language"]), marks.strip() != "-")
        for report in _reports(folder)
        for sentence, marks in report["sentences"]  # type: ignore[attr-defined]
    ]
    centred = reference.centre(embedder.embed([text for text, _, _ in said]), [code for _, code, _ in said])
    model = LogisticRegression(C=0.01, max_iter=2000).fit(centred * 10, [states for _, _, states in said])
    offset = model.intercept_[0] - np.log(LEAST_STATING / (1 - LEAST_STATING))
    return np.append(model.coef_[0] * 10, offset).astype(np.float32)
