"""The head as torch trains it; `xsource/compare/contradiction.py` runs the same layers in numpy."""

from __future__ import annotations

import torch
from torch import Tensor, nn

WIDTH = 128
HEADS = 4
LAYERS = 2


class Attention(nn.Module):
    """Multi-head attention of one sentence's tokens over its own or the other's."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, asking: Tensor, asked: Tensor, mask: Tensor, prior: Tensor | None = None) -> Tensor:
        """Attend from (b, m, w) to (b, n, w) where `mask` is true; `prior` (b, heads, m, n) is added."""
        b, m, _ = asking.shape
        n = asked.shape[1]
        q = self.query(asking).view(b, m, HEADS, -1).transpose(1, 2)
        k = self.key(asked).view(b, n, HEADS, -1).transpose(1, 2)
        v = self.value(asked).view(b, n, HEADS, -1).transpose(1, 2)
        bias = torch.zeros(mask.shape).masked_fill(~mask, -1e4)[:, None, None, :]
        read = nn.functional.scaled_dot_product_attention(
            q, k, v, attn_mask=bias if prior is None else prior + bias
        )
        return self.out(read.transpose(1, 2).reshape(b, m, WIDTH))


class Layer(nn.Module):
    """Look along the own sentence, then at the other one, and keep what the two readings differ in."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.own_norm = nn.LayerNorm(WIDTH)
        self.own = Attention()
        self.other_norm = nn.LayerNorm(WIDTH)
        self.other = Attention()
        self.compare = nn.Linear(4 * WIDTH, WIDTH)
        self.project = nn.Linear(WIDTH, WIDTH)
        # Tokens of like meaning have like states in every language: begin by reading the likest token as it is.
        self.likeness = nn.Parameter(torch.tensor([24.0, 12.0, 6.0, 0.0]))
        for linear in (self.other.value, self.other.out):
            nn.init.eye_(linear.weight)
            nn.init.zeros_(linear.bias)
        self.dropout = nn.Dropout(dropout)

    def look(self, h: Tensor, mask: Tensor) -> Tensor:
        """Self-attention with a residual."""
        n = self.own_norm(h)
        return h + self.dropout(self.own(n, n, mask))

    def weigh(self, h: Tensor, other: Tensor, other_mask: Tensor, cosine: Tensor) -> Tensor:
        """Compare every token with what the other sentence has for it; `cosine` (b, m, n) is of the states."""
        n = self.other_norm(h)
        c = self.other(
            n, self.other_norm(other), other_mask, self.likeness[None, :, None, None] * cosine[:, None]
        )
        features = torch.cat([n, c, n * c, (n - c).abs()], -1)
        return h + self.dropout(self.project(torch.relu(self.compare(features))))


class PolarityHead(nn.Module):
    """Contradiction logit of two sentences from their token states; swapping them changes nothing."""

    def __init__(self, states: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(states))
        self.register_buffer("scale", torch.ones(states))
        self.enter = nn.Linear(states, WIDTH)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.leave_norm = nn.LayerNorm(WIDTH)
        self.attend = nn.Linear(WIDTH, 1)
        self.hidden = nn.Linear(6 * WIDTH, WIDTH)
        self.logit = nn.Linear(WIDTH, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, left: Tensor, left_mask: Tensor, right: Tensor, right_mask: Tensor) -> Tensor:
        """Give (b,) logits for (b, m, states) and (b, n, states) with their masks."""
        left, right = (left - self.mean) * self.scale, (right - self.mean) * self.scale
        unit_left, unit_right = (nn.functional.normalize(states, dim=-1) for states in (left, right))
        cosine = unit_left @ unit_right.transpose(1, 2)
        a, b = self.enter(self.dropout(left)), self.enter(self.dropout(right))
        for layer in self.layers:
            a, b = layer.look(a, left_mask), layer.look(b, right_mask)
            a, b = layer.weigh(a, b, right_mask, cosine), layer.weigh(b, a, left_mask, cosine.transpose(1, 2))
        u, v = self._pool(a, left_mask), self._pool(b, right_mask)
        features = torch.cat([u + v, (u - v).abs(), u * v], -1)
        return self.logit(self.dropout(torch.relu(self.hidden(features)))).squeeze(-1)

    def _pool(self, h: Tensor, mask: Tensor) -> Tensor:
        h = self.leave_norm(h)
        weights = self.attend(h).squeeze(-1).masked_fill(~mask, -1e4).softmax(-1)
        highest = h.masked_fill(~mask[..., None], -1e4).amax(1)
        return torch.cat([(weights[..., None] * h).sum(1), highest], -1)
