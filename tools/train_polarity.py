"""Train the head that tells whether two sentences contradict each other, in any two of the four languages.

    python tools/train_polarity.py --text FOLDER --cache CACHE --out xsource/compare/weights

FOLDER holds tab-separated parallel text, `NAME.LANGUAGE-en.tsv`, a sentence and its English a line.
`polarity_pairs.py` makes labelled pairs of it; the bundled encoder gives the token states, frozen; a small
network over the states of both sentences is trained on them. A sixth of the English sentences, with all that
belongs to them, is kept aside: the probabilities are calibrated on it, and its figures are printed.

Needs torch, which sentence-transformers brings, 8 GB of memory, 4 GB of disk, and about an hour of one core.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from plant_reversals import Pair
from polarity_head import PolarityHead
from polarity_pairs import is_long, make_pairs

from xsource.records import FloatMatrix

STATE_WIDTH = 384
MOST_TOKENS = 160


class StateCache:
    """Token states of texts, float16, in one growing file with an index beside it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "states.f16"
        self._index = folder / "states.json"
        self.spans: dict[str, tuple[int, int]] = {}
        if self._index.exists():
            self.spans = {
                text: tuple(span) for text, span in json.loads(self._index.read_text("utf-8")).items()
            }

    def add(self, texts: Sequence[str]) -> None:
        """Encode the texts that are not there yet."""
        from xsource.embed.bundled import BundledEmbedder

        missing = [text for text in dict.fromkeys(texts) if text not in self.spans]
        embedder = BundledEmbedder(threads=1) if missing else None
        end = max((start + count for start, count in self.spans.values()), default=0)
        with self._file.open("ab") as file:
            file.truncate(end * STATE_WIDTH * 2)
            for at in range(0, len(missing), 2048):
                part = missing[at : at + 2048]
                assert embedder
                for text, states in zip(part, embedder.token_states(part), strict=True):
                    kept = states[:MOST_TOKENS].astype(np.float16)
                    file.write(kept.tobytes())
                    self.spans[text] = (end, len(kept))
                    end += len(kept)
                print(f"encoded {at + len(part)} of {len(missing)}", flush=True)
        if missing:
            self._index.write_text(json.dumps(self.spans, ensure_ascii=False), "utf-8")

    def states(self) -> npt.NDArray[np.float16]:
        """Give (tokens, 384) float16 of all texts; `spans` says whose rows are where."""
        return np.fromfile(self._file, np.float16).reshape(-1, STATE_WIDTH)


def batches(
    pairs: Sequence[Pair], cache: StateCache, rng: random.Random, most_tokens: int = 3000
) -> Iterator[list[Pair]]:
    """Group pairs of like length, in random order, at most `most_tokens` padded tokens a batch."""
    sizes = [max(cache.spans[p.left][1], cache.spans[p.right][1]) for p in pairs]
    order = sorted(range(len(pairs)), key=lambda i: sizes[i] + rng.random() * 6)
    groups: list[list[Pair]] = []
    longest = most_tokens
    for i in order:
        if not groups or (len(groups[-1]) + 1) * max(longest, sizes[i]) * 2 > most_tokens:
            groups.append([])
            longest = 0
        groups[-1].append(pairs[i])
        longest = max(longest, sizes[i])
    rng.shuffle(groups)
    yield from groups


def padded(
    texts: Sequence[str], cache: StateCache, states: npt.NDArray[np.float16]
) -> tuple[FloatMatrix, npt.NDArray[np.bool_]]:
    """Give (n, longest, 384) float32 and its (n, longest) mask."""
    spans = [cache.spans[text] for text in texts]
    longest = max(count for _, count in spans)
    out = np.zeros((len(texts), longest, STATE_WIDTH), np.float32)
    mask = np.zeros((len(texts), longest), np.bool_)
    for row, (start, count) in enumerate(spans):
        out[row, :count] = states[start : start + count]
        mask[row, :count] = True
    return out, mask


class Trainer:
    """Trains a head on cached states, always in the same order for a seed.

    Args:
        cache: has the states of every text of the pairs.
        seed: of weights, order and dropout.
    """

    LEARNING_RATE = 1e-3
    WARM_UP = 200
    # Planted labels are wrong now and then: a "not" in a subordinate clause need not reverse the sentence.
    SOFTENED = 0.02

    def __init__(self, cache: StateCache, seed: int) -> None:
        torch.manual_seed(seed)
        self._rng = random.Random(seed)
        self._cache = cache
        self._states = cache.states()
        self.head = PolarityHead(STATE_WIDTH)
        sample = self._states[:: max(1, len(self._states) // 100_000)].astype(np.float32)
        self.head.mean.copy_(torch.from_numpy(sample.mean(axis=0)))
        self.head.scale.copy_(torch.from_numpy(1 / sample.std(axis=0)))

    def train(self, pairs: Sequence[Pair], epochs: int) -> Iterator[int]:
        """Train; the learning rate falls along a cosine to nothing. Gives each epoch's number at its end."""
        optimizer = torch.optim.AdamW(self.head.parameters(), lr=self.LEARNING_RATE, weight_decay=0.01)
        steps = epochs * sum(1 for _ in batches(pairs, self._cache, random.Random(0)))
        started, step = time.monotonic(), 0
        for epoch in range(epochs):
            losses: list[float] = []
            self.head.train()
            for batch in batches(pairs, self._cache, self._rng):
                warm = min(1.0, (step + 1) / self.WARM_UP)
                fall = 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
                for group in optimizer.param_groups:
                    group["lr"] = self.LEARNING_RATE * warm * (0.98 * fall + 0.02)
                wanted = torch.tensor([float(p.label) for p in batch]) * (1 - 2 * self.SOFTENED) + self.SOFTENED
                loss = torch.nn.functional.binary_cross_entropy_with_logits(self._logits(batch), wanted)
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                torch.nn.utils.clip_grad_norm_(self.head.parameters(), 1.0)
                optimizer.step()
                losses.append(loss.item())
                step += 1
                if step % 100 == 0:
                    loss_now, seconds = np.mean(losses[-100:]), time.monotonic() - started
                    print(f"step {step} of {steps}, loss {loss_now:.4f}, {seconds:.0f} s", flush=True)
            yield epoch + 1

    def logits(self, pairs: Sequence[Pair]) -> npt.NDArray[np.float64]:
        """Judge pairs, in the given order."""
        self.head.eval()
        found: dict[Pair, float] = {}
        with torch.no_grad():
            for batch in batches(pairs, self._cache, random.Random(0), 8000):
                found.update(zip(batch, self._logits(batch).tolist(), strict=True))
        return np.array([found[pair] for pair in pairs])

    def _logits(self, batch: Sequence[Pair]) -> torch.Tensor:
        left = padded([p.left for p in batch], self._cache, self._states)
        right = padded([p.right for p in batch], self._cache, self._states)
        judged: torch.Tensor = self.head(*(torch.from_numpy(array) for array in (*left, *right)))
        return judged


def print_figures(pairs: Sequence[Pair], logits: npt.NDArray[np.float64]) -> None:
    """Print, rule by rule, how many kept-aside pairs are judged right."""
    by_rule: dict[str, list[bool]] = defaultdict(list)
    labels = np.array([pair.label for pair in pairs])
    for name, chosen in (("long", True), ("short", False)):
        own = np.array([is_long(pair) == chosen for pair in pairs])
        threshold = np.quantile(logits[own & (labels == 0)], 0.99)
        found = np.mean(logits[own & (labels == 1)] > threshold)
        print(
            f"{name} pairs: {found:.3f} of the reversals found when one control in a hundred is taken for one"
        )
    for pair, logit in zip(pairs, logits, strict=True):
        by_rule[f"{pair.rule} {pair.label}"].append((logit > 0) == bool(pair.label))
    for rule, right in sorted(by_rule.items(), key=lambda row: np.mean(row[1])):
        print(f"{np.mean(right):.3f} of {len(right):5d}  {rule}")


def calibrate(pairs: Sequence[Pair], logits: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Fit slope and offset so that of kept-aside pairs at .8 about four in five contradict (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(logits[:, None], [pair.label for pair in pairs])
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def export(head: PolarityHead, calibration: tuple[float, float], folder: Path) -> str:
    """Write the weights in float16, the calibration in float32; give the SHA-256 of the file."""
    from safetensors.numpy import save

    arrays = {name: tensor.numpy().astype(np.float16) for name, tensor in head.state_dict().items()}
    arrays["calibration"] = np.array(calibration, np.float32)
    content = save(arrays)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "polarity-head.safetensors").write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def read_or_make_pairs(text: Path, cache: Path, seed: int) -> tuple[list[Pair], list[Pair]]:
    """Give the pairs made for this cache before, or make them: states are cached for those."""
    file = cache / "pairs.json"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        rows = [[[p.left, p.right, p.label, p.rule] for p in part] for part in make_pairs(text, seed)]
        file.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    train, aside = json.loads(file.read_text("utf-8"))
    return [Pair(*row) for row in train], [Pair(*row) for row in aside]


def finish(trainer: Trainer, aside: Sequence[Pair], folder: Path) -> None:
    """Print the figures on what was kept aside, calibrate, and write the weights."""
    logits = trainer.logits(aside)
    print_figures(aside, logits)
    slope, offset = calibrate(aside, logits)
    digest = export(trainer.head, (slope, offset), folder)
    print(f"calibration: slope {slope:.4f}, offset {offset:.4f}")
    print(f'WEIGHTS_SHA256 = "{digest}"', flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, required=True, help="folder of parallel text")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets polarity-head.safetensors")
    parser.add_argument(
        "--cache", type=Path, default=Path("polarity-cache"), help="pairs and states are kept here"
    )
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train, aside = read_or_make_pairs(options.text, options.cache, options.seed)
    cache = StateCache(options.cache)
    cache.add([text for pair in (*train, *aside) for text in (pair.left, pair.right)])
    trainer = Trainer(cache, options.seed)
    for _ in trainer.train(train, options.epochs):  # written after every epoch: a stopped run is not lost
        finish(trainer, aside, options.out)


if __name__ == "__main__":
    main()
