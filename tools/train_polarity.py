"""Train the head that tells whether two sentences contradict each other, in any two of the four languages.

    python tools/train_polarity.py --text FOLDER --cache CACHE --out A --news --epochs 2
    python tools/train_polarity.py --text FOLDER --cache CACHE --out B --news --epochs 1 \
        --hard-controls 4 --seed 2 --resume A/polarity-head.safetensors
    python tools/train_polarity.py --text FOLDER --cache CACHE --out C --news --epochs 1 \
        --hard-controls 6 --seed 3 --resume B/polarity-head.safetensors
    python tools/train_polarity.py --text FOLDER --cache CACHE --out xsource/compare/weights \
        --average A/polarity-head.safetensors B/polarity-head.safetensors C/polarity-head.safetensors

FOLDER holds tab-separated parallel text, `NAME.LANGUAGE-en.tsv`, a sentence and its English a line. Reversals
are planted in it by `plant_reversals.py`; the bundled encoder gives the token states, frozen; a small network
over the states of both sentences is trained on them. A sixth of the English sentences, with all that belongs to
them, is kept aside: the probabilities are calibrated on it, and its figures are printed.

Needs torch, which sentence-transformers brings. About half an hour on one core.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from plant_reversals import (
    DENYING,
    REPORTING,
    Pair,
    Planter,
    change_name,
    change_number,
    cut_clause,
    is_statement,
    natural_reversals,
)
from polarity_head import PolarityHead

from xsource.facts.polarity import read_polarity
from xsource.records import FloatMatrix, Language

STATE_WIDTH = 384
MOST_TOKENS = 160
EVERYDAY_ITEMS = 9_000
LONG_SENTENCE = 80
SHORT_SHARE = 0.4
NEIGHBOUR_SHARE = 0.35
NEWS = ("flores", "tico", "xquad", "ud-pud")


@dataclass(frozen=True, slots=True)
class Item:
    """One statement in two or more languages."""

    texts: dict[str, str]
    is_news: bool
    is_kept_aside: bool


def read_items(folder: Path) -> tuple[list[Item], dict[str, list[str]]]:
    """Read the parallel text, one item for each English sentence; also all the text of each language."""
    by_english: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    news: set[str] = set()
    corpus: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*.tsv")):
        language = path.name.split(".")[1].split("-")[0]
        for line in path.read_text("utf-8").splitlines():
            text, english = (part.strip() for part in line.split("\t")[:2])
            corpus[language].append(text)
            corpus["en"].append(english)
            by_english[english][language].append(text)
            if path.name.startswith(NEWS):
                news.add(english)
    items = []
    for english, others in by_english.items():
        texts = {"en": english} | {language: texts[0] for language, texts in others.items()}
        if all(is_statement(t) and len(t) < 420 for t in texts.values()):
            digest = hashlib.blake2b(english.encode(), digest_size=4).digest()
            aside = int.from_bytes(digest, "big") % 6 == 0
            items.append(Item(texts, english in news and len(english) > 45, aside))
    return items, corpus


class PairMaker:
    """Makes labelled pairs of items: planted reversals and controls."""

    def __init__(self, corpus: dict[str, list[str]], rng: random.Random) -> None:
        self.rng = rng
        self.planters = {language: Planter(language, texts) for language, texts in corpus.items()}

    def pairs(self, item: Item, stranger: Item) -> Iterator[Pair]:
        """Make the pairs of one item; `stranger` is another of its kind."""
        rng, texts = self.rng, item.texts
        languages = list(texts)
        rng.shuffle(languages)
        reversals = {}
        for language in languages:
            edits = self.planters[language].reversals(texts[language], rng)
            # Taking a denial away is rarer than adding one, and must be learned as well.
            edits.sort(key=lambda e: (not e.rule.startswith("-"), rng.random()))
            reversals[language] = edits[:2]
        first, second = languages[:2]
        for one, two in combinations(languages, 2):
            yield Pair(texts[one], texts[two], 0, "translation")
            if re.search(r"n't|\b(?:not?|never|without|nothing|nobody|denied|refused|failed)\b", texts["en"]):
                yield Pair(texts[two], texts[one], 0, "negative translation")
        if rng.random() < 0.1:
            yield Pair(texts[first], texts[first], 0, "itself")
        for language in languages:
            for edit in reversals[language][: 2 if rng.random() < 0.3 else 1]:
                near = rng.random() < 0.3
                other = language if near else rng.choice([x for x in languages if x != language])
                yield Pair(edit.text, texts[other], 1, f"{language}:{edit.rule}")
                if rng.random() < 0.06:
                    yield Pair(
                        edit.text,
                        self.planters[other].frame(texts[other], REPORTING, rng),
                        1,
                        "reported reversal",
                    )
                if rng.random() < 0.06:
                    yield Pair(
                        self.planters[language].aside(edit.text, rng), texts[other], 1, "reversal and aside"
                    )
                if rng.random() < 0.15:
                    yield Pair(edit.text, rng.choice(list(stranger.texts.values())), 0, "stranger")
        if not item.is_news and all(reversals[x] for x in (first, second)):
            one, two = (reversals[x][0] for x in (first, second))
            if one.rule == two.rule and len(texts["en"].split()) <= 8:
                yield Pair(one.text, two.text, 0, "both reversed")
        yield from self._controls(item, languages)

    def _controls(self, item: Item, languages: Sequence[str]) -> Iterator[Pair]:
        rng, texts = self.rng, item.texts
        language, other = languages[0], rng.choice(languages[1:] if rng.random() < 0.7 else languages)
        planter = self.planters[language]
        changed = change_number(texts[language], rng) or change_name(texts[language], language, rng)
        if changed and rng.random() < 0.7:
            yield Pair(changed, texts[other], 0, "other number or name")
        draw = rng.random()
        if draw < 0.14:
            yield Pair(planter.frame(texts[language], DENYING, rng), texts[other], 1, "denied")
            if rng.random() < 0.3 and other != language:
                both = self.planters[other].frame(texts[other], DENYING, rng)
                yield Pair(planter.frame(texts[language], DENYING, rng), both, 0, "both denied")
        elif draw < 0.34:
            yield Pair(planter.frame(texts[language], REPORTING, rng), texts[other], 0, "reported")
        elif draw < 0.54:
            yield Pair(planter.aside(texts[language], rng), texts[other], 0, "aside")
        elif draw < 0.7 and (cut := cut_clause(texts[language])):
            yield Pair(cut, texts[other], 0, "cut")

    def longer(self, item: Item, stranger: Item) -> Iterator[Pair]:
        """Set a statement in two sentences against the same or the contrary alone."""
        language = self.rng.choice([x for x in item.texts if x in stranger.texts])
        whole = [item.texts[language], stranger.texts[language]]
        self.rng.shuffle(whole)
        joined = " ".join(t if t.endswith((".", "!")) else t + "." for t in whole)
        other = self.rng.choice(list(item.texts))
        edits = self.planters[other].reversals(item.texts[other], self.rng)
        yield Pair(joined, item.texts[other], 0, "within")
        if edits:
            yield Pair(joined, self.rng.choice(edits).text, 1, "within reversed")


def make_pairs(folder: Path, seed: int) -> tuple[list[Pair], list[Pair], list[list[tuple[str, str]]]]:
    """Make training pairs, pairs kept aside, and groups kept aside (versions of one news statement).

    Returns:
        The third holds, for each kept-aside news item, its (language, text) versions.
    """
    rng = random.Random(seed)
    items, corpus = read_items(folder)
    maker = PairMaker(corpus, rng)
    news = [item for item in items if item.is_news]
    everyday = [item for item in items if not item.is_news]
    rng.shuffle(everyday)
    everyday = everyday[:EVERYDAY_ITEMS]
    train: list[Pair] = []
    aside: list[Pair] = []
    for kind in (news, everyday):
        for item in kind:
            target = aside if item.is_kept_aside else train
            stranger = rng.choice(kind)
            target.extend(maker.pairs(item, stranger))
            if not item.is_news and rng.random() < 0.3:
                target.extend(maker.longer(item, stranger))
            if rng.random() < 0.06:
                one, two = (rng.choice(list(x.texts.values())) for x in (item, stranger))
                target.append(Pair(one, two, 0, "stranger"))
    for language, texts in corpus.items():
        for one, two in natural_reversals(texts, language):
            train.append(Pair(one, two, 1, f"{language}:natural"))
    kept = [list(item.texts.items()) for item in news if item.is_kept_aside]
    return train, aside, kept


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

    def load(self, file: Path) -> None:
        """Go on from weights that `export` wrote."""
        self.load_mean([file])

    def load_mean(self, files: Sequence[Path]) -> None:
        """Take the mean of weights along one path of training (Izmailov et al. 2018, arXiv:1803.05407)."""
        from safetensors.numpy import load_file

        read = [load_file(file) for file in files]
        mean = {name: np.mean([arrays[name].astype(np.float32) for arrays in read], axis=0) for name in read[0]}
        del mean["calibration"]
        self.head.load_state_dict({name: torch.from_numpy(array) for name, array in mean.items()})

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
        made = make_pairs(text, seed)[:2]
        rows = [[[p.left, p.right, p.label, p.rule] for p in part] for part in made]
        file.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    train, aside = json.loads(file.read_text("utf-8"))
    return [Pair(*row) for row in train], [Pair(*row) for row in aside]


def news_like(pairs: Sequence[Pair], seed: int, hard_controls: int) -> list[Pair]:
    """Keep the pairs of long sentences, as news has them, and some of the short ones.

    Opposites are thinned: many of those planted in long sentences ("first" for "last") reverse nothing. True
    translations of which one denies in words what the other says otherwise ("stayed up", "не спали") are the
    controls that are hardest: they are taken `hard_controls` times.
    """
    rng = random.Random(seed)
    kept = []
    for pair in pairs:
        share = 1.0 if max(len(pair.left), len(pair.right)) > LONG_SENTENCE else SHORT_SHARE
        if rng.random() < share * (0.3 if pair.rule.endswith("opposite") else 1.0):
            is_hard = hard_controls > 1 and pair.rule.endswith("translation") and denials_differ(pair)
            kept += [pair] * (hard_controls if is_hard else 1)
    return kept


def neighbours(folder: Path, pairs: Sequence[Pair], seed: int) -> list[Pair]:
    """Set planted reversals against a sentence near the one they reverse: another statement, not the contrary.

    News and encyclopedia: the next sentence of the text. Everyday sentences: the next by the alphabet, which
    begins alike. Only texts of the given pairs are used. Without them a head takes any denial about the same
    people for a contradiction.
    """
    rng = random.Random(seed)
    known = {text for pair in pairs for text in (pair.left, pair.right)}
    items = [item for item in read_items(folder)[0] if known.issuperset(item.texts.values())]
    news = [item for item in items if item.is_news]
    everyday = sorted((item for item in items if not item.is_news), key=lambda item: item.texts["en"])
    following: dict[str, Item] = {}
    for kind in (news, everyday):
        for item, after in pairwise(kind):
            one, two = (set(x.texts["en"].lower().split()) for x in (item, after))
            if len(one & two) < 0.5 * len(one | two):
                following |= dict.fromkeys(item.texts.values(), after)
    made = []
    for pair in pairs:
        after_it = following.get(pair.right)
        if (
            after_it
            and rng.random() < NEIGHBOUR_SHARE
            and (pair.label or (pair.rule.endswith("translation") and denials_differ(pair)))
        ):
            made.append(Pair(pair.left, rng.choice(list(after_it.texts.values())), 0, "neighbour"))
    return made


def denials_differ(pair: Pair) -> bool:
    """Whether one of two sentences has more denying words than the other."""
    left, right = (read_polarity(text, language_of(text)) for text in (pair.left, pair.right))
    return len(left.cues) != len(right.cues)


def language_of(text: str) -> Language:
    """Tell the language by the script: each of ours has its own."""
    scripts: tuple[tuple[Language, str], ...] = (
        ("ru", "[а-яё]"),
        ("he", "[א-ת]"),
        ("ar", "[ء-ي]"),
        ("en", "[a-z]"),
    )
    return max(scripts, key=lambda row: len(re.findall(row[1], text.lower())))[0]


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
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--news", action="store_true", help="train on sentences as long as those of news")
    parser.add_argument("--hard-controls", type=int, default=1, help="see `news_like` and `neighbours`")
    parser.add_argument("--average", type=Path, nargs="+", help="weights to average instead of training")
    parser.add_argument("--resume", type=Path, help="weights to go on from")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train, aside = read_or_make_pairs(options.text, options.cache, options.seed)
    cache = StateCache(options.cache)
    cache.add([text for pair in (*train, *aside) for text in (pair.left, pair.right)])
    trainer = Trainer(cache, options.seed)
    if options.average:
        trainer.load_mean(options.average)
        finish(trainer, aside, options.out)
        return
    if options.resume:
        trainer.load(options.resume)
    if options.news:
        near = neighbours(options.text, train, options.seed) if options.hard_controls > 1 else []
        train = news_like([*train, *near], options.seed, options.hard_controls)
    for _ in trainer.train(train, options.epochs):  # written after every epoch: a stopped run is not lost
        finish(trainer, aside, options.out)


if __name__ == "__main__":
    main()
