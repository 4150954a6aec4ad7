"""A small network that judges whether two sentences contradict each other, in any two of the four languages.

It reads the token states that the bundled encoder gives for both sentences, and has been trained by
`tools/train_polarity.py` on reversals planted in parallel text; `weights/NOTICE.md` names the text. It runs in
numpy alone: a third of a million weights need no framework.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import cast

import numpy as np
import numpy.typing as npt

from xsource.errors import ModelError
from xsource.protocols import ContradictionScorer
from xsource.records import FloatMatrix, FloatVector

TokenStates = Callable[[Sequence[str]], list[FloatMatrix]]

WEIGHTS_FILE = "polarity-head.safetensors"
WEIGHTS_SHA256 = "6997bb428cbf5bca072ae53965d32ba73083356ac2bb8a90356ea3e651f99f45"
HEADS = 4
LAYERS = 2
# The head was trained on sentences of up to so many tokens; what follows is not read.
MOST_TOKENS = 160
# Padded tokens of one batch: its arrays stay in the second-level cache.
BATCH_TOKENS = 2048
# Matrix products round differently with the shape of a batch, below 1e-6. Four places hide that: a pair has one
# probability whatever it is asked with.
DECIMALS = 4
# Sentences whose mean state is kept in memory, 1.5 KB each.
MOST_MEANS = 16_384

_EPSILON = 1e-5
_FAR = np.float32(-1e4)

Weights = Mapping[str, npt.NDArray[np.float32]]


@cache
def shipped_weights() -> Weights:
    """Read the weights that come with the package.

    Raises:
        ModelError: the file has another SHA-256 than the one this version was measured with.
    """
    content = resources.files(__package__).joinpath("weights", WEIGHTS_FILE).read_bytes()
    return read_weights(content, WEIGHTS_SHA256)


def read_weights(content: bytes, sha256: str) -> Weights:
    """Turn a safetensors file into float32 arrays, after its hash was compared.

    Raises:
        ModelError: the content's SHA-256 is not `sha256`; both are named.
    """
    from safetensors.numpy import load

    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise ModelError(
            f"{WEIGHTS_FILE}: SHA-256 is {digest}, expected {sha256}",
            "install xsource again; the file was changed after it was measured",
        )
    return {name: array.astype(np.float32) for name, array in load(content).items()}


@dataclass(frozen=True, slots=True)
class _Entered:
    """One sentence, brought in: states (tokens, width) and directions (tokens, 384) of length 1."""

    states: FloatMatrix
    directions: FloatMatrix


@dataclass(frozen=True, slots=True)
class _Batch:
    """Sentences of like length, padded: (n, longest, width), (n, longest, 384), and what is a token."""

    states: FloatMatrix
    directions: FloatMatrix
    mask: npt.NDArray[np.bool_]


class PolarityHead:
    """Judges pairs of sentences; the same probability for (a, b) and (b, a), and 0 for (a, a).

    Args:
        token_states: gives the bundled encoder's states of every token, (tokens, 384) a sentence.
        weights: trained ones; the shipped when not given.
    """

    def __init__(self, token_states: TokenStates, weights: Weights | None = None) -> None:
        self._token_states = token_states
        self._weights = shipped_weights() if weights is None else weights
        self._means: dict[str, FloatVector] = {}

    @property
    def id(self) -> str:
        """Name, with the hash of the weights."""
        return f"polarity-head/{WEIGHTS_SHA256[:12]}"

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
        """Give for each pair the probability 0..1 that the sentences contradict, to four decimal places."""
        # One order for a pair and its mirror image: they are one question.
        asked = [(a, b) if (len(a), a) <= (len(b), b) else (b, a) for a, b in pairs]
        unique = [(a, b) for a, b in dict.fromkeys(asked) if a != b and a.strip() and b.strip()]
        known = dict.fromkeys(asked, 0.0) | dict(zip(unique, self._judge(unique), strict=True))
        return np.array([known[pair] for pair in asked], np.float32)

    def closeness(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
        """Give for each pair the cosine -1..1 of the sentences' mean states, to four decimal places."""
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        means = {text: self._means[text] for text in texts if text in self._means}
        missing = [text for text in texts if text not in means]
        means |= self._keep_means(missing, self._token_states(missing))
        found: FloatVector = np.array([means[a] @ means[b] for a, b in pairs], np.float32)
        return found.round(DECIMALS)

    def _keep_means(self, texts: Sequence[str], states: Sequence[FloatMatrix]) -> dict[str, FloatVector]:
        """Take the sentences' means, length 1, and keep the latest for later questions."""
        means: dict[str, FloatVector] = {}
        for text, own in zip(texts, states, strict=True):
            mean = (own[:MOST_TOKENS].mean(axis=0) - self._weights["mean"]) * self._weights["scale"]
            means[text] = mean / np.float32(max(float(np.linalg.norm(mean)), 1e-12))
        self._means |= means
        for text in list(self._means)[: max(0, len(self._means) - MOST_MEANS)]:
            del self._means[text]
        return means

    def _judge(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        states = self._token_states(texts)
        self._keep_means(texts, states)
        entered = dict(zip(texts, self._enter(states), strict=True))
        logits = np.empty(len(pairs), np.float32)
        for rows in _batches_of_like_length(
            [max(len(entered[a].states), len(entered[b].states)) for a, b in pairs]
        ):
            left = _pad([entered[pairs[row][0]] for row in rows])
            right = _pad([entered[pairs[row][1]] for row in rows])
            logits[rows] = self._logits(left, right)
        slope, offset = self._weights["calibration"]
        probabilities = 1 / (1 + np.exp(-(slope * logits + offset)))
        return [float(p) for p in np.round(probabilities, DECIMALS)]

    def _enter(self, states: Sequence[FloatMatrix]) -> list[_Entered]:
        """Bring every sentence's states to the head's width, once for each sentence."""
        if not states:
            return []
        cut = [own[:MOST_TOKENS] for own in states]
        standard = (np.concatenate(cut) - self._weights["mean"]) * self._weights["scale"]
        directions = standard / np.maximum(np.linalg.norm(standard, axis=-1, keepdims=True), np.float32(1e-12))
        ends = np.cumsum([len(own) for own in cut])[:-1]
        parts = zip(np.split(self._linear("enter", standard), ends), np.split(directions, ends), strict=True)
        return [_Entered(*part) for part in parts]

    def _logits(self, left: _Batch, right: _Batch) -> FloatVector:
        cosine = left.directions @ right.directions.transpose(0, 2, 1)
        a, b = left.states, right.states
        for layer in range(LAYERS):
            a, b = self._look(layer, a, left.mask), self._look(layer, b, right.mask)
            a_normal, b_normal = (self._norm(f"layers.{layer}.other_norm", h) for h in (a, b))
            a = a + self._weigh(layer, a_normal, b_normal, right.mask, cosine)
            b = b + self._weigh(layer, b_normal, a_normal, left.mask, cosine.transpose(0, 2, 1))
        u, v = self._pool(a, left.mask), self._pool(b, right.mask)
        features = np.concatenate([u + v, np.abs(u - v), u * v], axis=-1)
        hidden = np.maximum(self._linear("hidden", features), 0)
        return self._linear("logit", hidden)[:, 0]

    def _look(self, layer: int, h: FloatMatrix, mask: npt.NDArray[np.bool_]) -> FloatMatrix:
        normal = self._norm(f"layers.{layer}.own_norm", h)
        return h + self._attend(f"layers.{layer}.own", normal, normal, mask)

    def _weigh(
        self,
        layer: int,
        own: FloatMatrix,
        other: FloatMatrix,
        other_mask: npt.NDArray[np.bool_],
        cosine: FloatMatrix,
    ) -> FloatMatrix:
        """Compare every token with what the other sentence has for it; `cosine` (b, m, n) is of the states."""
        likeness = self._weights[f"layers.{layer}.likeness"][None, :, None, None] * cosine[:, None]
        read = self._attend(f"layers.{layer}.other", own, other, other_mask, likeness)
        features = np.concatenate([own, read, own * read, np.abs(own - read)], axis=-1)
        compared = np.maximum(self._linear(f"layers.{layer}.compare", features), 0)
        return self._linear(f"layers.{layer}.project", compared)

    def _attend(
        self,
        name: str,
        asking: FloatMatrix,
        asked: FloatMatrix,
        mask: npt.NDArray[np.bool_],
        prior: FloatMatrix | None = None,
    ) -> FloatMatrix:
        """Attend from (b, m, width) to (b, n, width) where `mask` is true; `prior` (b, heads, m, n) adds."""
        b, m, width = asking.shape

        def heads(part: str, states: FloatMatrix) -> FloatMatrix:
            return (
                self._linear(f"{name}.{part}", states)
                .reshape(b, -1, HEADS, width // HEADS)
                .transpose(0, 2, 1, 3)
            )

        query, key, value = heads("query", asking), heads("key", asked), heads("value", asked)
        affinity = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // HEADS))
        if prior is not None:
            affinity += prior
        affinity = np.where(mask[:, None, None, :], affinity, _FAR)
        read = (_softmax(affinity) @ value).transpose(0, 2, 1, 3).reshape(b, m, width)
        return self._linear(f"{name}.out", read)

    def _pool(self, h: FloatMatrix, mask: npt.NDArray[np.bool_]) -> FloatMatrix:
        normal = self._norm("leave_norm", h)
        weights = _softmax(np.where(mask, self._linear("attend", normal)[..., 0], _FAR))
        highest = np.where(mask[..., None], normal, _FAR).max(axis=1)
        return np.concatenate([(weights[:, None, :] @ normal)[:, 0], highest], axis=-1)

    def _linear(self, name: str, states: FloatMatrix) -> FloatMatrix:
        return cast("FloatMatrix", states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"])

    def _norm(self, name: str, states: FloatMatrix) -> FloatMatrix:
        return _normalise(states) * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


class KnownPairs:
    """Judges many pairs in one batch, and answers from what it knows; the rest it asks another scorer.

    A comparison judges all its pairs at once, which is many times faster than group by group. It does so at the
    first question: who looks for numbers only asks none.

    Args:
        scorer: asked for all pairs at once, and later for pairs that are not known.
        pairs: that will be asked for.
    """

    def __init__(self, scorer: ContradictionScorer, pairs: Sequence[tuple[str, str]]) -> None:
        self._scorer = scorer
        self._expected = list(dict.fromkeys(_unordered(pair) for pair in pairs))
        self._known: dict[tuple[str, str], float] = {}

    @property
    def id(self) -> str:
        """Of the scorer that judged."""
        return self._scorer.id

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
        """Give what is known, after all expected pairs were judged; see `ContradictionScorer`."""
        asked = [_unordered(pair) for pair in pairs]
        missing = list(dict.fromkeys(p for p in (*self._expected, *asked) if p not in self._known))
        self._expected = []
        if missing:
            self._known.update(zip(missing, self._scorer.probabilities(missing).tolist(), strict=True))
        return np.array([self._known[pair] for pair in asked], np.float32)

    def closeness(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
        """Ask the scorer; see `ContradictionScorer`."""
        return self._scorer.closeness(pairs)


def _unordered(pair: tuple[str, str]) -> tuple[str, str]:
    a, b = pair
    return (a, b) if a <= b else (b, a)


def _normalise(states: FloatMatrix) -> FloatMatrix:
    centred = states - states.mean(axis=-1, keepdims=True)
    variance = np.square(centred).mean(axis=-1, keepdims=True)
    return cast("FloatMatrix", centred / np.sqrt(variance + np.float32(_EPSILON)))


def _softmax(affinity: FloatMatrix) -> FloatMatrix:
    raised = np.exp(affinity - affinity.max(axis=-1, keepdims=True))
    return cast("FloatMatrix", raised / raised.sum(axis=-1, keepdims=True))


def _pad(sentences: Sequence[_Entered]) -> _Batch:
    longest = max(len(own.states) for own in sentences)
    states = np.zeros((len(sentences), longest, sentences[0].states.shape[1]), np.float32)
    directions = np.zeros((len(sentences), longest, sentences[0].directions.shape[1]), np.float32)
    mask = np.zeros((len(sentences), longest), np.bool_)
    for row, own in enumerate(sentences):
        states[row, : len(own.states)] = own.states
        directions[row, : len(own.states)] = own.directions
        mask[row, : len(own.states)] = True
    return _Batch(states, directions, mask)


def _batches_of_like_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: (lengths[row], row)):
        if batch and (len(batch) + 1) * lengths[row] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
