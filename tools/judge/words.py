"""Weights that tell statements from furniture by a sentence's vector, and the reports they learn from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from xsource.align import shipped_reference
from xsource.embed.bundled import BundledEmbedder

Floats = npt.NDArray[np.float32]

LEAST_STATING = 0.3  # a sentence's vector counts from this probability on


def reports(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Give the reports of a folder's `*.events.jsonl`, each with the id of its event."""
    for path in sorted(folder.glob("*.events.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            event = json.loads(line)
            for report in event["reports"]:
                yield str(event["id"]), report


def furniture_weights(folder: Path, embedder: BundledEmbedder) -> Floats:
    """Learn which sentences state nothing from their centred vectors alone, for finding stories."""
    reference = shipped_reference(embedder.id)
    if reference is None:
        raise ValueError(f"no reference is shipped for {embedder.id}")
    said = [
        (str(sentence), str(report["language"]), marks.strip() != "-")
        for _, report in reports(folder)
        for sentence, marks in report["sentences"]  # type: ignore[attr-defined]
    ]
    centred = reference.centre(embedder.embed([text for text, _, _ in said]), [code for _, code, _ in said])
    model = LogisticRegression(C=0.01, max_iter=2000).fit(centred * 10, [states for _, _, states in said])
    offset = model.intercept_[0] - np.log(LEAST_STATING / (1 - LEAST_STATING))
    return np.append(model.coef_[0] * 10, offset).astype(np.float32)
