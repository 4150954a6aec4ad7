"""What the network that reads two sentences beside each other learns from."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from events import Event, Text, is_contrary, label
from interaction_net import InteractionNet
from torch import Tensor
from torch.nn import functional

PAIRS_OF_AN_EVENT = 640
CONTRASTS_OF_A_STEP, PAIRS_OF_CONTRASTS = 9, 520
INFERENCES_OF_A_STEP = 56
SMOOTHING = 0.02
OF_NEUTRAL = 0.5  # what contradicts nothing may still be about another thing: it counts half

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Taught:
    """What is known of some pairs, each (p,): -1 where it is not known.

    Attributes:
        same, differs, contrary: 1 or 0.
        counts: weight of `contrary`; of pairs that share no fact it is not asked.
    """

    same: Tensor
    differs: Tensor
    contrary: Tensor
    counts: Tensor

    @classmethod
    def of(cls, texts: Sequence[Text], pairs: Rows) -> Taught:
        """Read the marks of (p, 2) rows of texts."""
        labels = [label(texts[a], texts[b]) for a, b in pairs]
        same = torch.tensor([float(own.same) for own in labels])
        return cls(
            same,
            torch.tensor([float(own.differs) for own in labels]),
            torch.tensor([float(is_contrary(texts[a], texts[b])) for a, b in pairs]),
            same,
        )

    @classmethod
    def of_inferences(cls, labels: Sequence[str]) -> Taught:
        """Whether the second sentence contradicts the first is all that inference pairs tell."""
        unknown = torch.full((len(labels),), -1.0)
        return cls(
            unknown,
            unknown,
            torch.tensor([float(own == "contradiction") for own in labels]),
            torch.tensor([OF_NEUTRAL if own == "neutral" else 1.0 for own in labels]),
        )

    def and_(self, other: Taught) -> Taught:
        """Put both one after the other."""
        names = ("same", "differs", "contrary", "counts")
        return Taught(*(torch.cat([getattr(self, name), getattr(other, name)]) for name in names))


def interaction_loss(net: InteractionNet, states: Sequence[Tensor], pairs: Rows, taught: Taught) -> Tensor:
    """Give the loss on (p, 2) rows of whole sentences' states."""
    order, logits = net.read_pairs(states, torch.from_numpy(pairs))
    same, differs, contrary, counts = (
        own[order] for own in (taught.same, taught.differs, taught.contrary, taught.counts)
    )
    return (
        _loss(logits[:, 0], same, (same >= 0).float())
        + 0.4 * _loss(logits[:, 1], differs, (same == 1).float())
        + 0.6 * _loss(logits[:, 2], contrary, counts)
    )


def _loss(logits: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    soft = truth.clamp(0, 1) * (1 - 2 * SMOOTHING) + SMOOTHING
    loss = functional.binary_cross_entropy_with_logits(logits, soft, reduction="none")
    return (loss * weights).sum() / weights.sum().clamp_min(1)


def choose_contrasts(contrasts: Sequence[Event], chance: random.Random) -> tuple[list[Text], Rows]:
    """Take some sets and pairs inside them, at least one of each pair stating the set's fact."""
    texts: list[Text] = []
    pairs: list[tuple[int, int]] = []
    for event in chance.sample(list(contrasts), min(len(contrasts), CONTRASTS_OF_A_STEP)):
        rows = range(len(texts), len(texts) + len(event.texts))
        texts += event.texts
        pairs += [(a, b) for a, b in combinations(rows, 2) if texts[a].marks or texts[b].marks]
    chosen = chance.sample(pairs, min(len(pairs), PAIRS_OF_CONTRASTS))
    turned = [pair if chance.random() < 0.5 else pair[::-1] for pair in chosen]
    return texts, np.array(turned, np.int64).reshape(-1, 2)


def read_inferences(path: Path) -> list[tuple[str, str, str]]:
    """Read tab-separated premise, hypothesis and label (entailment, neutral, contradiction); more is left."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    return [(row[0], row[1], row[2]) for row in rows if len(row) > 2]
