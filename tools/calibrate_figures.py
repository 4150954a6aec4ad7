"""Fit what the number and date detectors say of their own confidence, and print the reliability table.

usage: python tools/calibrate_figures.py FOLDER_OF_PARALLEL_TEXT [--seed N]

Reads the sets that have one English sentence in several of our languages (FLORES dev, PUD, TICO-19,
XQuAD), makes groups of two to four outlets of them, and changes one figure, weekday or month in one outlet
of every fourth group: digits (a digit, the order of magnitude, a year nearby), number words and names, in
all four languages. In one group of ten an outlet gets the set's sentence before instead: matching errs, and
independent reports say less alike than translations do.

A conflict that the detector finds is real when one of its sides is what was changed. A logistic regression
on the detector's own features gives its `WEIGHTS`; it is fitted on two of the sets and judged on the others.
What the translators got wrong themselves counts as a false alarm here, so the truth is a little better.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from xsource.compare import figure_conflicts
from xsource.compare.detectors import date
from xsource.compare.figures import Figure, read_figures
from xsource.facts.dates import dates
from xsource.facts.dates_lexicon import date_lexicon
from xsource.facts.quantities_lexicon import number_lexicon
from xsource.records import Article, Claim, ClaimGroup, GroupId, Outlet, OutletId, Sentence, StoryId

SETS = {"flores-dev": ("ru", "ar", "he"), "ud-pud": ("ru", "ar"), "tico19": ("ru", "ar"), "xquad": ("ru", "ar")}
FITTED_ON = frozenset({"flores-dev", "tico19"})
MISMATCHED = 0.1
CHANGED = 0.25
PUBLISHED = datetime(2018, 10, 1, 12, tzinfo=UTC)


def read_sets(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Read the sets as lists of one sentence in its languages."""
    sets = {}
    for name, languages in SETS.items():
        rows: dict[str, dict[str, str]] = defaultdict(dict)
        for language in languages:
            for line in (folder / f"{name}.{language}-en.tsv").read_text("utf-8").splitlines():
                text, english = line.split("\t")
                rows[english].update({"en": english, language: text})
        sets[name] = list(rows.values())
    return sets


def make_claim(text: str, language: str) -> Claim:
    """Make the claim of an outlet that publishes in one language."""
    outlet = OutletId(f"outlet-{language}")
    article_id = Article.identify(outlet, "calibration", text)
    article = Article(article_id, outlet, "calibration", "", text, language, 1.0, PUBLISHED)  # type: ignore[arg-type]
    sentence = Sentence(
        Sentence.identify(article_id, 0),
        article_id,
        0,
        0,
        len(text),
        text,
        is_claim=True,
        claim_reason="calibration",
    )
    return Claim(sentence, article, Outlet(outlet, outlet))


def make_group(texts: dict[str, str]) -> ClaimGroup:
    """Make a group of one claim a language."""
    claims = tuple(make_claim(text, language) for language, text in texts.items())
    return ClaimGroup(GroupId("calibration"), StoryId("calibration"), claims)


def change_figure(text: str, language: str, chance: random.Random) -> tuple[str, range] | None:
    """Change one number of a sentence: the new text and where the new number stands."""
    figures = [figure for figure in read_figures(make_claim(text, language)) if figure.value > 1]
    if not figures:
        return None
    figure = chance.choice(figures)
    old = text[figure.start : figure.end]
    new = change_digits(old, figure, chance) if figure.in_digits else change_words(figure, language, chance)
    if new is None or new == old:
        return None
    return text[: figure.start] + new + text[figure.end :], range(figure.start, figure.start + len(new))


def change_digits(old: str, figure: Figure, chance: random.Random) -> str:
    """Change a digit, a year by some years, or a figure by an order of magnitude."""
    places = [at for at, sign in enumerate(old) if sign.isdigit()]
    if figure.family == "year":
        return str(int(figure.value) + chance.choice([-3, -2, -1, 1, 2, 3]))
    if chance.random() < 0.1 and old.isdigit():
        return old + "0"
    at = places[0] if chance.random() < 0.6 else chance.choice(places)
    zero = chr(ord(old[at]) - int(old[at]))
    other = chance.choice([digit for digit in range(1, 10) if digit != int(old[at])])
    return old[:at] + chr(ord(zero) + other) + old[at + 1 :]


def change_words(figure: Figure, language: str, chance: random.Random) -> str | None:
    """Put another number word of the language for one."""
    role = "ordinal" if figure.family == "ordinal" else "cardinal"
    words = [
        form
        for form, word in number_lexicon(language).words.items()
        if not word.clitic
        and role in word.roles
        and 2 <= word.roles[role] <= 20
        and word.roles[role] != figure.value
    ]
    return chance.choice(sorted(words)) if words and figure.value <= 20 else None


def change_day(text: str, language: str, chance: random.Random) -> tuple[str, range] | None:
    """Put another weekday or month of the language for one that is written in words."""
    named = [
        part
        for mention in dates(text, language, PUBLISHED)
        for part in mention.parts
        if part.name in ("weekday", "month") and not any(sign.isdigit() for sign in text[part.start : part.end])
    ]
    if not named:
        return None
    old = chance.choice(named)
    names = sorted(
        name
        for name, (kind, number) in date_lexicon(language).names.items()
        if kind == old.name and number != old.value and name.isascii() == (language == "en") and len(name) > 3
    )
    if language == "he" and old.name == "weekday":
        names = [name for name in names if name.startswith("ביום")]
    new = chance.choice(names)
    if language == "en":
        new = new.title()
    return text[: old.start] + new + text[old.end :], range(old.start, old.start + len(new))


def make_cases(
    rows: list[dict[str, str]], chance: random.Random, change: str
) -> Iterator[tuple[ClaimGroup, str | None, range]]:
    """Make groups, some of them with a change: the group, the changed language and where in its text."""
    for at, row in enumerate(rows):
        languages = chance.sample(sorted(row), chance.randint(2, len(row)))
        texts = {language: row[language] for language in languages}
        if chance.random() < MISMATCHED and languages[-1] in rows[at - 1]:
            texts[languages[-1]] = rows[at - 1][languages[-1]]
            yield make_group(texts), None, range(0)
            continue
        if chance.random() < CHANGED:
            language = chance.choice(languages)
            made = (change_figure if change == "number" else change_day)(texts[language], language, chance)
            if made is not None:
                texts[language] = made[0]
                yield make_group(texts), language, made[1]
                continue
        yield make_group(texts), None, range(0)


def fit(features: np.ndarray, real: np.ndarray, penalty: float = 1.0) -> np.ndarray:
    """Fit a logistic regression by Newton's method: weights with the intercept first."""
    x = np.column_stack([np.ones(len(features)), features])
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (probability - real) + penalty * np.r_[0, weights[1:]]
        curvature = (x.T * (probability * (1 - probability))) @ x + penalty * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, gradient)
    return weights


def print_reliability(probability: np.ndarray, real: np.ndarray) -> None:
    """Print for each tenth of confidence how many conflicts were said and how many were real."""
    print("said        cases   real")
    for low in np.arange(0, 1, 0.1):
        chosen = (probability >= low) & (probability < low + 0.1 + (low > 0.85))
        if chosen.any():
            print(f"{low:.1f}-{low + 0.1:.1f}  {chosen.sum():7d}   {real[chosen].mean():.3f}")


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=2, help="times that every sentence is used")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    sets = read_sets(arguments.folder)
    for change, names, find in (
        (
            "number",
            figure_conflicts.FEATURES,
            lambda group: figure_conflicts.find_figure_conflicts(group).numbers,
        ),
        ("date", date.FEATURES, date.find_date_conflicts),
    ):
        rows: dict[bool, list[tuple[tuple[float, ...], bool, float]]] = {True: [], False: []}
        changed = found = 0
        for name, sentences in sets.items():
            for _ in range(arguments.rounds):
                for group, language, where in make_cases(sentences, chance, change):
                    changed += language is not None
                    hit = False
                    for conflict in find(group):
                        real = any(
                            reading.claim.article.language == language
                            and reading.start < where.stop and where.start < reading.end
                            for reading in conflict.readings
                        )  # fmt: skip
                        hit |= real and conflict.probability >= 0.5
                        rows[name in FITTED_ON].append((conflict.features, real, conflict.probability))
                    found += hit
        fitted, judged = rows[True], rows[False]
        print(f"\n{change}: {changed} changed, {found} found at .5")
        print(f"{len(fitted)} conflicts fitted, {len(judged)} judged")
        x = np.array([row[0] for row in fitted])
        y = np.array([row[1] for row in fitted], dtype=float)
        weights = fit(x, y)
        for label, weight in zip(("intercept", *names), weights, strict=True):
            print(f"  {label:20} {weight:+.2f}")
        held = np.array([row[0] for row in judged])
        truth = np.array([row[1] for row in judged], dtype=float)
        print("with these weights, on the sets not fitted:")
        print_reliability(1 / (1 + np.exp(-(np.column_stack([np.ones(len(held)), held]) @ weights))), truth)
        print("as shipped:")
        print_reliability(np.array([row[2] for row in judged]), truth)


if __name__ == "__main__":
    main()
