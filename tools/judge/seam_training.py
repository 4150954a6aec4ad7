"""Train the network that finds where a caption ends and a statement begins, on reports with joined lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional
from words import reports

from xsource.judge.reading import SentenceReader
from xsource.judge.seams import SHAPE_COLUMNS, word_spans
from xsource.records import FloatMatrix
from xsource.segment.sentences import split_sentences

HIDDEN, WIDTH = 64, 5
STATES = 384
PASSES, BATCH, RATE = 16, 32, 2e-3
UNMIXED = 5000  # sentences of one line only, in each pass
SEAM_WEIGHT = 3.0
SMOOTHING = 0.01

Labels = npt.NDArray[np.float32]


class SeamNet(nn.Module):
    """A projection and two convolutions over neighbouring words, see `xsource.judge.seams.word_odds`."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(STATES + SHAPE_COLUMNS, HIDDEN)
        self.near = nn.Conv1d(HIDDEN, HIDDEN, WIDTH, padding=WIDTH // 2)
        self.wide = nn.Conv1d(HIDDEN, HIDDEN, WIDTH, padding=WIDTH // 2)
        self.out = nn.Linear(HIDDEN, 2)

    def forward(self, words: Tensor) -> Tensor:
        """Read (b, t, 384 + SHAPE_COLUMNS) words; give (b, t, 2) log odds."""
        hidden = functional.gelu(self.project(functional.dropout(words, 0.15, self.training)))
        hidden = hidden.transpose(1, 2)
        hidden = hidden + functional.gelu(self.near(hidden))
        hidden = hidden + functional.gelu(self.wide(functional.dropout(hidden, 0.1, self.training)))
        return self.out(hidden.transpose(1, 2))  # type: ignore[no-any-return]


def joined_sentences(folder: Path) -> Iterator[tuple[str, str, Labels]]:
    """Split each report, its lines joined by spaces, as the program does; label the words of each sentence.

    Yields:
        An event's id, a sentence and (words, 2): whether a word is of a marked sentence, and whether a line
        begins with it.
    """
    for event, report in reports(folder):
        joined, lines = "", []
        for sentence, marks in report["sentences"]:  # type: ignore[attr-defined]
            lines.append((len(joined), len(joined) + len(sentence), marks.strip() != "-"))
            joined += sentence + " "
        for start, end in split_sentences(joined.rstrip(), str(report["language"])):
            text = joined[start:end]
            labels, before = [], None
            for first, last in word_spans(text):
                middle = start + (first + last) // 2
                line = next((n for n, (a, b, _) in enumerate(lines) if a <= middle < b), None)
                states = line is None or lines[line][2]
                labels.append((float(states), float(before is not None and line != before)))
                before = line
            yield event, text, np.array(labels, np.float32)


def train_seams(folder: Path, reader: SentenceReader, seed: int = 0) -> dict[str, npt.NDArray[np.generic]]:
    """Train on all reports of a folder and give the artefact's arrays; a minute on one core."""
    torch.manual_seed(seed)
    dice = np.random.default_rng(seed)
    _, texts, labels = zip(*joined_sentences(folder), strict=True)
    words = reader.words(texts)
    read = [own[: len(rows)] for own, rows in zip(labels, words, strict=True)]
    has_seam = np.array([bool(own[:, 1].any()) for own in read])
    mixed, plain = np.flatnonzero(has_seam), np.flatnonzero(~has_seam)
    net = SeamNet()
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.02)
    net.train()
    for number in range(PASSES):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - number / PASSES)
        chosen = np.concatenate([mixed, dice.choice(plain, min(len(plain), UNMIXED), replace=False)])
        chosen = chosen[np.argsort([len(words[row]) for row in chosen], kind="stable")]
        batches = [chosen[start : start + BATCH] for start in range(0, len(chosen), BATCH)]
        losses = []
        for at in dice.permutation(len(batches)).tolist():
            own_words, own_labels, present = _padded(batches[at].tolist(), words, read)
            loss = functional.binary_cross_entropy_with_logits(
                net(own_words), own_labels * (1 - 2 * SMOOTHING) + SMOOTHING, reduction="none"
            )
            weighed = (loss[..., 0] + SEAM_WEIGHT * loss[..., 1]) * present
            optimiser.zero_grad()
            mean = weighed.sum() / present.sum()
            mean.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            losses.append(mean.item())
        print(f"seams: pass {number + 1} of {PASSES}, loss {np.mean(losses):.3f}", flush=True)
    weights = {name: value.numpy().astype(np.float16) for name, value in net.state_dict().items()}
    named = {"project": "in", "near": "near", "wide": "wide", "out": "out"}
    return {
        f"seam.{own}.{end[0]}": weights[f"{part}.{end}"]
        for part, own in named.items()
        for end in ("weight", "bias")
    }


def _padded(rows: list[int], words: list[FloatMatrix], labels: list[Labels]) -> tuple[Tensor, Tensor, Tensor]:
    longest = max(len(words[row]) for row in rows)
    own = np.zeros((len(rows), longest, STATES + SHAPE_COLUMNS), np.float32)
    truth, present = np.zeros((len(rows), longest, 2), np.float32), np.zeros((len(rows), longest), np.float32)
    for at, row in enumerate(rows):
        count = len(words[row])
        own[at, :count], truth[at, :count], present[at, :count] = words[row], labels[row], 1.0
    return torch.from_numpy(own), torch.from_numpy(truth), torch.from_numpy(present)
