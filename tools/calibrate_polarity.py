"""Fit the logistic regressions of `compare/camps.py` on statements kept aside from training.

    python tools/calibrate_polarity.py --text FOLDER --cache FOLDER

Run `train_polarity.py` with the same folders first. Every statement that was kept aside makes groups of
three and four outlets: as it is, with another number or an aside in one version, with one version reversed; the
pairs that were kept aside are groups of two. One group in ten counts as a reversal, of two outlets alone one in
ninety. Prints the lines for `CALIBRATIONS`, and reliability tables on the half that was not fitted.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import numpy as np
from plant_reversals import Pair
from polarity_pairs import Item, language_of, read_items
from sklearn.linear_model import LogisticRegression
from train_polarity import StateCache, read_or_make_pairs

from xsource.compare import camps
from xsource.compare.camps import Calibration, Split, find_split, split_confidence
from xsource.compare.contradiction import KnownPairs, PolarityHead
from xsource.compare.detectors.polarity import pairs_to_score
from xsource.embed.bundled import BundledEmbedder
from xsource.evaluate.polarity import group_of_sentences, reliability_table
from xsource.records import LANGUAGES, ClaimGroup, FloatMatrix, Language

# Of two outlets alone nobody confirms either, and a false alarm costs more trust than ten hits earn: the odds
# of more outlets, one reversal in ten groups, divided by ten.
SHARE_OF_REVERSALS = {"two": 0.011, "more": 0.1}
PAIRS, GROUPS = 4000, 1000  # groups of each outcome; enough for seven numbers
# The head and the closeness of sentences leave little for counts of denying words to say: with and without
# them F1 on kept-aside groups of four is .79. Without a head they are all there is.
FEATURES = {
    ("head", "two"): ("between", "poles", "shared", "undenied"),
    ("head", "more"): ("between", "poles", "undenied"),
    ("rules", "two"): ("cues", "poles", "shared", "unanswered", "answered"),
    ("rules", "more"): ("cues", "uneven", "poles", "unanswered", "answered", "unanswered_within"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A group of versions of one statement; `reversed_outlet` says the contrary, or is `None`."""

    group: ClaimGroup
    reversed_outlet: str | None


def make_group(texts: dict[str, str]) -> ClaimGroup:
    """Make a group of one claim for each language, each by an outlet of that name."""
    return group_of_sentences([(code, code, text) for code, text in texts.items() if is_language(code)])


def is_language(code: str) -> TypeGuard[Language]:
    """Narrow a language code to one of ours."""
    return code in LANGUAGES


def make_cases(items: Sequence[Item], aside: Sequence[Pair], rng: random.Random) -> Iterator[Case]:
    """Make groups out of kept-aside statements and the edits that were made of them."""
    owner = {text: (number, code) for number, item in enumerate(items) for code, text in item.texts.items()}
    edits: dict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    for pair in aside:
        code = pair.rule.split(":")[0]
        if pair.right in owner and owner[pair.right][0] >= 0:
            number = owner[pair.right][0]
            if pair.label and code in items[number].texts:
                edits[number].append((code, pair.left, True))
            elif pair.rule in ("aside", "other number or name"):
                changed = min(items[number].texts.items(), key=lambda row: _difference(row[1], pair.left))
                edits[number].append((changed[0], pair.left, False))
    for number, item in enumerate(items):
        for size in range(3, len(item.texts) + 1):
            codes = rng.sample(sorted(item.texts), size)
            texts = {code: item.texts[code] for code in codes}
            yield Case(make_group(texts), None)
            for code, text, is_reversal in edits[number]:
                if code in texts:
                    yield Case(make_group(texts | {code: text}), code if is_reversal else None)


def make_pair_cases(aside: Sequence[Pair]) -> Iterator[Case]:
    """Make groups of two out of all kept-aside pairs, those of different statements among them."""
    for pair in aside:
        group = group_of_sentences(
            [(side, language_of(text), text) for side, text in (("left", pair.left), ("right", pair.right))]
        )
        yield Case(group, "left" if pair.label else None)


def _difference(one: str, other: str) -> int:
    return len(set(one.split()) ^ set(other.split()))


def fit(
    cases: Sequence[Case], splits: Sequence[Split], features: Sequence[str], share_of_reversals: float
) -> Calibration:
    """Fit a logistic regression, the reversals weighed to be a given share."""
    outcomes = np.array([found_right(case, split) for case, split in zip(cases, splits, strict=True)])
    values = np.array([[getattr(split, name) for name in features] for split in splits])
    is_reversal = np.array([case.reversed_outlet is not None for case in cases])
    share = is_reversal.mean()
    weights = np.where(is_reversal, share_of_reversals / share, (1 - share_of_reversals) / (1 - share))
    model = LogisticRegression(C=10.0).fit(values, outcomes, sample_weight=weights)
    found = dict(zip(features, (round(float(c), 2) for c in model.coef_[0]), strict=True))
    return Calibration(offset=round(float(model.intercept_[0]), 2), **found)


def found_right(case: Case, split: Split) -> bool:
    """Whether the split sets the reversed version apart (of two versions, either is apart)."""
    if case.reversed_outlet is None:
        return False
    return len(split.camp) == 1 or [claim.outlet.id for claim in split.apart] == [case.reversed_outlet]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    options = parser.parse_args()
    _, aside = read_or_make_pairs(options.text, options.cache, 1)
    cache = StateCache(options.cache)
    states = cache.states()

    embedder = BundledEmbedder(threads=1)

    def token_states(texts: Sequence[str]) -> list[FloatMatrix]:
        missing = [text for text in texts if text not in cache.spans]  # sentences without one of their denials
        found = dict(zip(missing, embedder.token_states(missing), strict=True))
        for text in texts:
            if text not in found:
                start, count = cache.spans[text]
                found[text] = states[start : start + count].astype(np.float32)
        return [found[text] for text in texts]

    items = [item for item in read_items(options.text)[0] if item.is_news and item.is_kept_aside]
    known_texts = [item for item in items if all(text in cache.spans for text in item.texts.values())]
    cases = list(make_cases(known_texts, aside, random.Random(1)))
    rng = random.Random(3)
    pair_cases = list(make_pair_cases(rng.sample(aside, min(PAIRS, len(aside)))))
    cases = [
        case
        for is_reversal in (True, False)
        for own in ([case for case in cases if (case.reversed_outlet is not None) == is_reversal],)
        for case in rng.sample(own, min(GROUPS, len(own)))
    ]
    head = PolarityHead(token_states)
    scorer = KnownPairs(head, [pair for case in (*pair_cases, *cases) for pair in pairs_to_score(case.group)])
    calibrations = dict(camps.CALIBRATIONS)
    camps.CALIBRATIONS = calibrations
    for judge in ("head", "rules"):
        for name, sizes in (("two", (2,)), ("more", (3, 4))):
            chosen = [case for case in (*pair_cases, *cases) if len(case.group.claims) in sizes]
            random.Random(2).shuffle(chosen)
            fitted, tested = chosen[::2], chosen[1::2]
            features = FEATURES[judge, name]
            share = SHARE_OF_REVERSALS[name]
            for _ in range(3):  # which split is best depends on the fit
                splits = [find_split(case.group, scorer if judge == "head" else None) for case in fitted]
                kept = [(case, split) for case, split in zip(fitted, splits, strict=True) if split]
                calibration = fit([case for case, _ in kept], [split for _, split in kept], features, share)
                calibrations[f"{judge}, {name} outlets"] = calibration
            print(f'"{judge}, {name} outlets": {calibration},')
            outcomes = []
            for case in tested:
                split = find_split(case.group, scorer if judge == "head" else None)
                if split:
                    confidence = split_confidence(split, has_head=judge == "head")
                    outcomes.append((confidence, found_right(case, split), case.reversed_outlet is not None))
            reversals = sum(is_reversal for *_, is_reversal in outcomes)
            found = sum(c >= 0.5 and right for c, right, _ in outcomes)
            false = sum(c >= 0.5 and not right for c, right, _ in outcomes)
            print(f"  {len(outcomes)} groups, {reversals} reversals: {found} found, {false} false at .5")
            kept_share = share / (1 - share) * (len(outcomes) - reversals) / reversals
            as_met = [
                (c, right) for c, right, is_reversal in outcomes if not is_reversal or rng.random() < kept_share
            ]
            for row in reliability_table(as_met):
                print(f"  {row.confidence:.2f}  {row.share_right:.2f}  {row.count}")


if __name__ == "__main__":
    main()
