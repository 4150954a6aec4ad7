"""Two sentences read beside each other: a small network of attention between their tokens' states.

What is learned of each sentence alone cannot say that one names the killed and the other the wounded, or that
"rejected" stands where the other has "approved". Here each token looks for its counterpart in the other
sentence and is compared with it, in the manner of decomposable attention (Parikh et al., 2016) and ESIM
(Chen et al., 2017), over the states of the tuned encoder; `tools/judge/interaction_training.py` trains it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from xsource.judge.artefact import Array
from xsource.records import FloatMatrix, FloatVector, IntVector

INTERACTION_COLUMNS = ("beside same", "beside differs", "beside contrary")
"""Log odds that both state one fact, and, if they do, that they state it differently, and the contrary."""

HEADS = 4
DECIMALS = 3
"""Matrix products round differently with the shape of a batch, below 1e-5: places that hide it."""

_FAR = np.float32(-1e4)
_AT_ONCE = 48  # pairs: their arrays stay in the processor's cache
_EPSILON = np.float32(1e-5)

_Cube = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Read:
    """What is known of a sentence before it is set beside another; rows are its tokens."""

    states: FloatMatrix
    compared: FloatMatrix
    heads: FloatMatrix
    tokens: FloatMatrix
    weights: FloatVector


@dataclass(frozen=True, slots=True)
class _Side:
    """Some sentences, padded to one length t: (b, t, ...) each."""

    states: _Cube
    compared: _Cube
    heads: _Cube
    tokens: _Cube
    weights: _Cube
    absent: _Cube


class Interaction:
    """Reads pairs of sentences.

    Args:
        arrays: the artefact's, those that begin with `beside.`.
    """

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._a = {
            name.removeprefix("beside."): value.astype(np.float32)
            for name, value in arrays.items()
            if name.startswith("beside.")
        }
        width = self._width = len(self._a["inp.b"])
        own, their, less, times = (self._a["cmp.w"][:, k * width : (k + 1) * width] for k in range(4))
        # A linear layer over (own, their, own - their, own * their): what depends on one sentence alone is
        # computed once a sentence.
        self._own, self._their, self._times = (own + less).T, (their - less).T, times.T
        self._shape = np.ascontiguousarray(self._a["cmp.w"][:, 4 * width :].T)

    def read_pairs(
        self, left: Sequence[FloatMatrix], right: Sequence[FloatMatrix], rows: IntVector, others: IntVector
    ) -> FloatMatrix:
        """Give (p, 3) log odds of p pairs, see `INTERACTION_COLUMNS`; the order of a pair changes nothing.

        Args:
            left, right: of each sentence (tokens, 384) states, without the marks of begin and end.
            rows, others: (p,) rows of `left` and of `right`.
        """
        known: dict[tuple[bool, int], _Read] = {}
        same = left is right

        def read(states: Sequence[FloatMatrix], row: int, *, second: bool) -> _Read:
            key = second and not same, row
            if key not in known:
                known[key] = self._read(states[row])
            return known[key]

        found = np.zeros((len(rows), len(INTERACTION_COLUMNS)), np.float32)
        lengths = [max(len(left[a]), len(right[b])) for a, b in zip(rows, others, strict=True)]
        order = np.argsort(lengths, kind="stable")
        for start in range(0, len(order), _AT_ONCE):
            batch = order[start : start + _AT_ONCE]
            one = _padded([read(left, int(rows[at]), second=False) for at in batch])
            other = _padded([read(right, int(others[at]), second=True) for at in batch])
            found[batch] = self._of(one, other)
        return found.round(DECIMALS)

    def _read(self, states: FloatMatrix) -> _Read:
        own = self._norm(states @ self._a["inp.w"].T + self._a["inp.b"], "n0")
        tokens = states @ self._a["tok.w"].T
        tokens /= np.maximum(np.linalg.norm(tokens, axis=1, keepdims=True), np.float32(1e-12))
        weights = np.logaddexp(np.float32(0), states @ self._a["imp.w"][0] + self._a["imp.b"][0])
        heads = np.concatenate([self._linear(own, f"x1.{part}") for part in "qkv"], axis=1)
        weights = weights / max(float(weights.sum()), 1e-6)
        return _Read(own, own @ self._own + self._a["cmp.b"], heads, tokens, weights.astype(np.float32))

    def _of(self, one: _Side, other: _Side) -> FloatMatrix:
        likeness = one.tokens @ other.tokens.transpose(0, 2, 1)
        back = likeness.transpose(0, 2, 1)
        nearest = (likeness + other.absent[:, None, :] * 2).max(axis=2)
        nearest_back = (back + one.absent[:, None, :] * 2).max(axis=2)
        m, n = self._compare(one, other, likeness, nearest), self._compare(other, one, back, nearest_back)
        m, n = self._attend_itself(m, one), self._attend_itself(n, other)
        m, n = self._look_again(m, n, other, likeness), self._look_again(n, m, one, back)
        u, v = self._pool(m, one), self._pool(n, other)
        answered = (nearest * one.weights).sum(axis=1), (nearest_back * other.weights).sum(axis=1)
        low, high = np.minimum(*answered), np.maximum(*answered)
        whole = np.stack([low, high, high - low, low * high], axis=1)
        both = np.concatenate([np.maximum(u, v), np.minimum(u, v), u * v, np.abs(u - v), whole], axis=1)
        found = self._linear(_gelu(self._linear(both, "out.0")), "out.3")
        return found[:, : len(INTERACTION_COLUMNS)]

    def _compare(self, own: _Side, their: _Side, likeness: _Cube, nearest: _Cube) -> _Cube:
        """Set each token beside what answers it in the other sentence."""
        width = self._width
        answer = self._attention(
            own.heads[..., :width], their.heads[..., width : 2 * width], their.heads[..., 2 * width :],
            their.absent, likeness, self._a["x1.temp"],
        )  # fmt: skip
        weighed = own.weights * np.float32(8)
        shape = np.stack([nearest, weighed, weighed * nearest], axis=2).astype(np.float32)
        found = own.compared + answer @ self._their + (own.states * answer) @ self._times + shape @ self._shape
        return self._feed(self._norm(found, "n1"), "f1", "n1b")

    def _attend_itself(self, states: _Cube, side: _Side) -> _Cube:
        q, k, v = (self._linear(states, f"s2.{part}") for part in "qkv")
        return self._norm(states + self._attention(q, k, v, side.absent), "n2")

    def _look_again(self, states: _Cube, their: _Cube, side: _Side, likeness: _Cube) -> _Cube:
        q = self._linear(states, "x2.q")
        k, v = (self._linear(their, f"x2.{part}") for part in "kv")
        answer = self._attention(q, k, v, side.absent, likeness, self._a["x2.temp"])
        found = self._linear(np.concatenate([answer, states * answer], axis=2), "cmp2")
        return self._feed(self._norm(states + found, "n2b"), "f2", "n2c")

    def _pool(self, states: _Cube, side: _Side) -> FloatMatrix:
        """Sum a sentence's tokens in three ways: twice by learned attention, once by what a token tells."""
        odds = self._linear(states, "pool") + side.absent[..., None] * -_FAR
        odds = np.exp(odds - odds.max(axis=1, keepdims=True))
        ways = np.concatenate([odds / odds.sum(axis=1, keepdims=True), side.weights[..., None]], axis=2)
        pooled = ways.transpose(0, 2, 1) @ states
        return cast("FloatMatrix", pooled.reshape(len(states), -1))

    def _attention(
        self, q: _Cube, k: _Cube, v: _Cube, absent: _Cube,
        likeness: _Cube | None = None, warmth: FloatVector | None = None,
    ) -> _Cube:  # fmt: skip
        q, k, v = (_by_head(each) for each in (q, k, v))
        odds = q @ k.transpose(0, 1, 3, 2)
        odds *= np.float32(q.shape[-1] ** -0.5)
        if likeness is not None and warmth is not None:
            odds += warmth[None, :, None, None] * likeness[:, None]
        odds += (absent * -_FAR)[:, None, None, :]
        odds -= odds.max(axis=3, keepdims=True)
        np.exp(odds, out=odds)
        odds /= odds.sum(axis=3, keepdims=True)
        found = (odds @ v).transpose(0, 2, 1, 3)
        return cast("_Cube", found.reshape(*found.shape[:2], -1))

    def _feed(self, states: _Cube, layer: str, norm: str) -> _Cube:
        inner = _gelu(self._linear(states, f"{layer}.a"))
        return self._norm(states + self._linear(inner, f"{layer}.b"), norm)

    def _linear(self, rows: npt.NDArray[np.float32], name: str) -> npt.NDArray[np.float32]:
        # One product of two matrices: numpy multiplies a stack of them one by one.
        flat = rows.reshape(-1, rows.shape[-1]) @ self._a[f"{name}.w"].T
        flat += self._a[f"{name}.b"]
        return cast("npt.NDArray[np.float32]", flat.reshape(*rows.shape[:-1], flat.shape[-1]))

    def _norm(self, rows: npt.NDArray[np.float32], name: str) -> npt.NDArray[np.float32]:
        rows = rows - rows.mean(axis=-1, keepdims=True)
        rows /= np.sqrt(np.square(rows).mean(axis=-1, keepdims=True) + _EPSILON)
        rows *= self._a[f"{name}.w"]
        rows += self._a[f"{name}.b"]
        return rows


def _by_head(states: _Cube) -> _Cube:
    batch, tokens, width = states.shape
    return states.reshape(batch, tokens, HEADS, width // HEADS).transpose(0, 2, 1, 3)


def _gelu(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The tanh form of the Gaussian error linear unit, as in training."""
    inner = np.square(rows)
    inner *= np.float32(0.044715)
    inner += 1
    inner *= rows
    inner *= np.float32(0.7978845608)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= rows
    inner *= np.float32(0.5)
    return inner


def _padded(read: Sequence[_Read]) -> _Side:
    longest = max(len(each.weights) for each in read)
    absent = np.full((len(read), longest), -1, np.float32)
    for at, each in enumerate(read):
        absent[at, : len(each.weights)] = 0

    def stack(name: str) -> _Cube:
        first = getattr(read[0], name)
        filled = np.zeros((len(read), longest, *first.shape[1:]), np.float32)
        for at, each in enumerate(read):
            own = getattr(each, name)
            filled[at, : len(own)] = own
        return filled

    return _Side(stack("states"), stack("compared"), stack("heads"), stack("tokens"), stack("weights"), absent)
