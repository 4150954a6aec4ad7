"""The judge's network: layers that read a sentence, and what is read off their states."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

HIDDEN, HEADS, INNER = 384, 12, 1536
FIRST_TOKEN = 3  # after the mark of begin and the prefix
FAR = -1e4
LENGTHS = (16, 24, 32, 40, 56, 80, 128)

States = npt.NDArray[np.float16]

_PARTS = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm", "fi": "intermediate.dense",
    "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip


class Layer(nn.Module):
    """One layer of BERT, without dropout: few passes over few events are regularisation enough."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v, self.ao = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.aln, self.oln = (nn.LayerNorm(HIDDEN, eps=1e-12) for _ in range(2))
        self.fi, self.fo = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)

    def forward(self, states: Tensor, present: Tensor) -> Tensor:
        """Read (b, t, 384) states; `present` (b, t) says which are there."""
        batch, tokens, _ = states.shape
        q, k, v = (
            part(states).view(batch, tokens, HEADS, HIDDEN // HEADS).transpose(1, 2)
            for part in (self.q, self.k, self.v)
        )
        absent = torch.zeros(present.shape, dtype=q.dtype).masked_fill(~present, FAR)[:, None, None, :]
        weights = torch.softmax(q @ k.transpose(-1, -2) * (HIDDEN // HEADS) ** -0.5 + absent, -1)
        states = self.aln(states + self.ao((weights @ v).transpose(1, 2).reshape(batch, tokens, HIDDEN)))
        return self.oln(states + self.fo(functional.gelu(self.fi(states))))  # type: ignore[no-any-return]


class Stack(nn.Module):
    """Layers one after the other."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        self.L = nn.ModuleList(layers)

    def forward(self, states: Tensor, present: Tensor) -> Tensor:
        """Read (b, t, 384) states."""
        for layer in self.L:
            states = layer(states, present)
        return states


def encoder_parts(folder: Path) -> tuple[dict[str, Tensor], list[Layer]]:
    """Load the bundled encoder's tensors and its twelve layers from its sentence-transformers folder."""
    from safetensors.torch import load_file

    tensors = {
        name.removeprefix("bert."): value.float()
        for name, value in load_file(folder / "model.safetensors").items()
    }
    layers = []
    for number in range(12):
        layer = Layer()
        layer.load_state_dict(
            {
                f"{own}.{end}": tensors[f"encoder.layer.{number}.{theirs}.{end}"]
                for own, theirs in _PARTS.items()
                for end in ("weight", "bias")
            }
        )
        layers.append(layer)
    return tensors, layers


def bucket(length: int, sizes: Sequence[int]) -> int:
    """Give the smallest size that holds a length: few shapes are compiled once and reused."""
    return next((size for size in sizes if length <= size), sizes[-1])


class SentenceNet(nn.Module):
    """Tuned layers over frozen lower states, and what is read off them: vector, weighed tokens, a statement.

    Args:
        layers: those to tune.
        beside: reads two sentences' states beside each other.
    """

    def __init__(self, layers: Sequence[Layer], beside: nn.Module) -> None:
        super().__init__()
        self.own = Stack(layers)
        self.states = nn.Linear(HIDDEN, 1)
        self.vec = nn.Linear(HIDDEN, 256, bias=False)
        self.tok = nn.Linear(HIDDEN, 128, bias=False)
        self.imp = nn.Linear(HIDDEN, 1)
        self.tag = nn.Linear(HIDDEN, 2)
        self.mix = nn.Parameter(torch.tensor([4.0, 4.0, 0.0, -4.0]))
        self.beside = beside
        self.run = torch.compile(self.own, dynamic=False)

    def read(
        self, lower: Sequence[States], tokens_a_batch: int = 1280
    ) -> tuple[list[Tensor], Tensor, Tensor, Tensor, Tensor]:
        """Give states, vectors (n, 256), statement logits (n,), tokens (n, t, 128) and their weights (n, t)."""
        order = sorted(range(len(lower)), key=lambda row: len(lower[row]))
        states: dict[int, Tensor] = {}
        start = 0
        while start < len(order):
            width = bucket(len(lower[order[start]]), LENGTHS)
            rows = [row for row in order[start : start + tokens_a_batch // width] if len(lower[row]) <= width]
            start += len(rows)
            padded = np.zeros((tokens_a_batch // width, width, HIDDEN), np.float32)
            present = np.zeros(padded.shape[:2], np.bool_)
            present[:, 0] = True
            for at, row in enumerate(rows):
                padded[at, : len(lower[row])], present[at, : len(lower[row])] = lower[row], True
            found = self.run(torch.from_numpy(padded).bfloat16(), torch.from_numpy(present)).float()
            for at, row in enumerate(rows):
                states[row] = found[at, : len(lower[row])]
        every = [states[row] for row in range(len(lower))]
        means = torch.stack([_content(own).mean(0) for own in every])
        longest = max(len(own) for own in every)
        tokens = functional.normalize(self.tok(torch.cat(every)), dim=-1).split([len(own) for own in every])
        weights = functional.softplus(self.imp(torch.cat(every))[:, 0]).split([len(own) for own in every])
        return (
            every,
            functional.normalize(self.vec(means), dim=-1),
            self.states(means)[:, 0],
            torch.stack([functional.pad(own, (0, 0, 0, longest - len(own))) for own in tokens]),
            torch.stack([_padded_weights(own, longest) for own in weights]),
        )

    def answered(self, tokens: Tensor, weights: Tensor, pairs: Tensor, at_once: int = 700) -> Tensor:
        """Give the (p,) logits of late interaction: how much of each sentence the other answers."""
        lengths = (weights > 0).sum(1)
        order = torch.argsort(torch.maximum(lengths[pairs[:, 0]], lengths[pairs[:, 1]]))
        found = []
        for start in range(0, len(pairs), at_once):
            a, b = pairs[order[start : start + at_once]].T
            wide, high = (int((weights[rows] > 0).any(0).nonzero().max()) + 1 for rows in (a, b))
            own, their = weights[a, :wide], weights[b, :high]
            likeness = torch.bmm(tokens[a, :wide], tokens[b, :high].transpose(1, 2))
            likeness = likeness.masked_fill((own == 0)[:, :, None], -1).masked_fill(
                (their == 0)[:, None, :], -1
            )
            one = (likeness.max(2).values * own).sum(1) / own.sum(1).clamp_min(1e-6)
            other = (likeness.max(1).values * their).sum(1) / their.sum(1).clamp_min(1e-6)
            found.append(
                self.mix[0] * torch.minimum(one, other) + self.mix[1] * torch.maximum(one, other) + self.mix[3]
            )
        back = torch.empty_like(order)
        back[order] = torch.arange(len(order))
        return torch.cat(found)[back]


def _content(states: Tensor) -> Tensor:
    own = states[FIRST_TOKEN:-1]
    return own if len(own) else states


def _padded_weights(weights: Tensor, longest: int) -> Tensor:
    if len(weights) > FIRST_TOKEN + 1:
        return functional.pad(weights[FIRST_TOKEN:-1], (FIRST_TOKEN, longest - len(weights) + 1))
    return functional.pad(weights[-1:], (0, longest - 1))


def rate(done: float, step: int, warm_up: int) -> float:
    """Give the share of the learning rate: linear warm-up, then half a cosine down to a thirtieth."""
    return min(1.0, step / warm_up) * max(0.03, 0.5 * (1 + math.cos(math.pi * min(1.0, done))))


class HalfPrecision:
    """Keeps float32 masters of bfloat16 layers: small steps would vanish in eight bits.

    Args:
        stack: turned into bfloat16 here.
    """

    def __init__(self, stack: Stack) -> None:
        self._masters = [nn.Parameter(own.detach().float().clone()) for own in stack.parameters()]
        self._halves = list(stack.to(torch.bfloat16).parameters())

    @property
    def parameters(self) -> list[nn.Parameter]:
        """What an optimiser steps on."""
        return self._masters

    def take_gradients(self) -> None:
        """Hand the halves' gradients to the masters."""
        for master, half in zip(self._masters, self._halves, strict=True):
            master.grad = None if half.grad is None else half.grad.float()

    def give_weights(self) -> None:
        """Round the masters into the halves."""
        with torch.no_grad():
            for master, half in zip(self._masters, self._halves, strict=True):
                half.copy_(master)
