"""The network that reads two sentences beside each other, for training; `xsource.judge.interaction` runs it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from network import FAR, FIRST_TOKEN, HIDDEN
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

WIDTH, HEADS, TOKENS = 128, 4, 128
SHAPE = 3  # of a token: its nearest counterpart's likeness, its weight, their product
WHOLE = 4  # of a pair: how much of each sentence the other answers
OUTPUTS = 4  # same, differs, contrary; the last is not used
PAIRS_AT_ONCE = 64


class Attention(nn.Module):
    """Multi-head attention; with `likeness`, tokens that are alike attend to each other from the start."""

    def __init__(self, *, to_the_like: bool) -> None:
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.temp = nn.Parameter(torch.full((HEADS,), 8.0 if to_the_like else 0.0))
        if to_the_like:
            nn.init.normal_(self.q.weight, std=0.02)
            nn.init.zeros_(self.q.bias)

    def forward(self, own: Tensor, their: Tensor, present: Tensor, likeness: Tensor | None = None) -> Tensor:
        """Give (b, n, width) for (b, n, width) that look into (b, m, width) where `present` (b, m)."""
        batch = len(own)
        q, k, v = (
            part(states).view(batch, -1, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part, states in ((self.q, own), (self.k, their), (self.v, their))
        )
        odds = q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        if likeness is not None:
            odds = odds + self.temp[None, :, None, None] * likeness[:, None]
        odds = odds.masked_fill(~present[:, None, None, :], FAR)
        weights = torch.softmax(odds.float(), -1).to(v.dtype)
        return (weights @ v).transpose(1, 2).reshape(batch, -1, WIDTH)


class Feed(nn.Module):
    """Two layers on each token."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, states: Tensor) -> Tensor:
        """Read (..., width)."""
        return self.b(functional.gelu(self.a(states), approximate="tanh"))  # type: ignore[no-any-return]


class InteractionNet(nn.Module):
    """Compares each token with what answers it in the other sentence, twice, and joins both sentences."""

    def __init__(self) -> None:
        super().__init__()
        self.tok, self.imp = nn.Linear(HIDDEN, TOKENS, bias=False), nn.Linear(HIDDEN, 1)
        self.inp = nn.Linear(HIDDEN, WIDTH)
        self.n0, self.n1, self.n1b, self.n2, self.n2b, self.n2c = (nn.LayerNorm(WIDTH) for _ in range(6))
        self.x1, self.x2 = (Attention(to_the_like=True) for _ in range(2))
        self.s2 = Attention(to_the_like=False)
        self.cmp, self.cmp2 = nn.Linear(4 * WIDTH + SHAPE, WIDTH), nn.Linear(2 * WIDTH, WIDTH)
        self.f1, self.f2 = Feed(), Feed()
        self.pool = nn.Linear(WIDTH, 2)
        self.out = nn.Sequential(
            nn.Linear(12 * WIDTH + WHOLE, WIDTH), nn.GELU(approximate="tanh"), nn.Dropout(0.1),
            nn.Linear(WIDTH, OUTPUTS),
        )  # fmt: skip
        self.drop = nn.Dropout(0.1)

    def forward(self, left: Tensor, right: Tensor, in_left: Tensor, in_right: Tensor) -> Tensor:
        """Give (b, outputs) log odds for (b, n, 384) and (b, m, 384) states and what of them is there."""
        a, b = (functional.normalize(self.tok(states).float(), dim=-1) for states in (left, right))
        likeness = a @ b.transpose(1, 2)
        weights, their_weights = self._weights(left, in_left), self._weights(right, in_right)
        a, b = self.n0(self.inp(left)), self.n0(self.inp(right))
        near = likeness.to(a.dtype)
        m = self._compare(a, b, in_right, weights, near)
        n = self._compare(b, a, in_left, their_weights, near.transpose(1, 2))
        m, n = self.n2(m + self.s2(m, m, in_left)), self.n2(n + self.s2(n, n, in_right))
        m, n = self._look_again(m, n, in_right, near), self._look_again(n, m, in_left, near.transpose(1, 2))
        u, v = self._pool(m, in_left, weights), self._pool(n, in_right, their_weights)
        one = (likeness.masked_fill(~in_right[:, None, :], -1).max(2).values * weights).sum(1)
        other = (likeness.masked_fill(~in_left[:, :, None], -1).max(1).values * their_weights).sum(1)
        low, high = torch.minimum(one, other), torch.maximum(one, other)
        whole = torch.stack([low, high, high - low, low * high], -1).to(u.dtype)
        both = torch.cat([torch.maximum(u, v), torch.minimum(u, v), u * v, (u - v).abs(), whole], -1)
        return self.out(both).float()  # type: ignore[no-any-return]

    def read_pairs(self, states: Sequence[Tensor], pairs: Tensor) -> tuple[Tensor, Tensor]:
        """Read (p, 2) rows of whole sentences' states; gives the rows' order and (p, outputs) in that order."""
        content = [own[FIRST_TOKEN:-1] if len(own) > FIRST_TOKEN + 1 else own[-1:] for own in states]
        lengths = torch.tensor([len(own) for own in content])
        order = torch.argsort(lengths[pairs].max(1).values, stable=True)
        found = []
        for start in range(0, len(order), PAIRS_AT_ONCE):
            sides = []
            for column in (0, 1):
                rows = pairs[order[start : start + PAIRS_AT_ONCE], column]
                padded = pad_sequence([content[row] for row in rows.tolist()], batch_first=True)
                sides.append((padded, torch.arange(padded.shape[1])[None] < lengths[rows][:, None]))
            (left, in_left), (right, in_right) = sides
            with torch.autocast("cpu", torch.bfloat16):
                found.append(self(left.bfloat16(), right.bfloat16(), in_left, in_right))
        return order, torch.cat(found)

    def _weights(self, states: Tensor, present: Tensor) -> Tensor:
        weights = functional.softplus(self.imp(states)[..., 0].float()) * present
        return weights / weights.sum(1, keepdim=True).clamp_min(1e-6)  # type: ignore[no-any-return]

    def _compare(self, own: Tensor, their: Tensor, present: Tensor, weights: Tensor, near: Tensor) -> Tensor:
        answer = self.x1(own, their, present, near)
        nearest = near.masked_fill(~present[:, None, :], -1).max(2).values
        weighed = (weights * 8).to(own.dtype)
        shape = torch.stack([nearest, weighed, weighed * nearest], -1)
        states = self.cmp(torch.cat([own, answer, own - answer, own * answer, shape], -1))
        states = self.drop(self.n1(states))
        return self.n1b(states + self.f1(states))  # type: ignore[no-any-return]

    def _look_again(self, states: Tensor, their: Tensor, present: Tensor, near: Tensor) -> Tensor:
        answer = self.x2(states, their, present, near)
        found = self.cmp2(torch.cat([answer, states * answer], -1))
        states = self.n2b(states + self.drop(found))
        return self.n2c(states + self.f2(states))  # type: ignore[no-any-return]

    def _pool(self, states: Tensor, present: Tensor, weights: Tensor) -> Tensor:
        odds = self.pool(states).float().masked_fill(~present[..., None], FAR)
        ways = torch.cat([torch.softmax(odds, 1), weights[..., None]], -1).to(states.dtype)
        return (ways.transpose(1, 2) @ states).flatten(1)
