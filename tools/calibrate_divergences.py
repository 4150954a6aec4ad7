"""Fit how sure the detectors of numbers and days are, from what surrounds their readings, and print how sure.

usage: python tools/calibrate_divergences.py FOLDER_OF_PARALLEL_TEXT EVENTS.jsonl INDEX [EVENTS.jsonl INDEX ...]

EVENTS.jsonl are independent reports as in `corpora/reports`; INDEX was built of the articles that
`xsource.evaluate.reports.write_articles` makes of them. A conflict of two readings is real where the
sentences share a claim and print other variants of it; for numbers both figures must stand in the variants'
English words, and a conflict of two sentences that differ in something else counts half as a mistake. Groups
of parallel text with one changed figure are added (`calibrate_figures.py`): outlets print translations, too.

Weights are fitted on every event. What is printed beside them is of events that were not fitted, half by half:
how many conflicts were said at each tenth of probability, and how many were real.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from calibrate_figures import FITTED_ON, fit, make_cases, print_reliability, read_sets

from xsource.compare.contradiction import PolarityHead
from xsource.compare.detectors.date import find_date_conflicts
from xsource.compare.figure_conflicts import find_figure_candidates
from xsource.compare.figures import read_figures
from xsource.compare.same_slot import Reading, readings_across
from xsource.compare.shared_facts import Conflict
from xsource.embed.bundled import BundledEmbedder
from xsource.evaluate.reports import read_marks
from xsource.facts.dates import dates
from xsource.facts.quantities import quantities
from xsource.pipeline import open_reader
from xsource.protocols import ContradictionScorer
from xsource.records import Claim, ClaimGroup, GroupId, Match, StoryId
from xsource.settings import Settings

# Of translations the judge is this sure that they are one fact.
TRANSLATED = 0.97
# A conflict of figures beside the one that differs.
HALF = 0.5
SENTENCES_OF_A_SET = 1000
# Pairs that the judge might put together by mistake: how alike they are, and how sure it would be.
PAIRS_TRIED, STRANGERS_OF_AN_EVENT, LEAST_ALIKE, BELIEVED = 120, 6, 0.3, (0.6, 0.99)

Find = Callable[[ClaimGroup, ContradictionScorer], list[Conflict[Any]]]


class Row(NamedTuple):
    """One conflict: its features, whether it is real, how much it counts, and in which half its event is."""

    features: tuple[float, ...]
    is_real: bool
    weight: float
    half: int


class Events:
    """What the sentences of some events print."""

    def __init__(self, path: Path) -> None:
        self.claims: dict[str, Mapping[str, Mapping[str, str]]] = {}
        self.number: dict[str, int] = {}
        self._sentences: dict[str, list[tuple[str, Mapping[str, frozenset[str]]]]] = {}
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            event = json.loads(line)
            for report in event["reports"]:
                address = f"https://{report['outlet']}.{event['id']}.example/report"
                self.claims[address], self.number[address] = event["claims"], number
                self._sentences[address] = [(text, read_marks(marks)) for text, marks in report["sentences"]]

    def differing(self, one: Claim, other: Claim) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
        """Give the claims that two sentences share and print other variants of, with the variants of each."""
        for left in self._marks(one):
            for right in self._marks(other):
                for claim in left.keys() & right.keys():
                    if left[claim] != right[claim]:
                        yield claim, left[claim], right[claim]

    def are_of_two_facts(self, one: Claim, other: Claim) -> bool:
        """Say whether both sentences state marked claims, and none in common."""
        told = [frozenset(claim for marks in self._marks(own) for claim in marks) for own in (one, other)]
        return bool(told[0] and told[1]) and not told[0] & told[1]

    def _marks(self, claim: Claim) -> Iterator[Mapping[str, frozenset[str]]]:
        printed = claim.sentence.text.strip()
        for text, marks in self._sentences[claim.article.source]:
            if printed in text or text in printed:
                yield marks


def figures_of(text: str) -> frozenset[float]:
    """Read every figure of an English text."""
    found = {float(value) for read in quantities(text, "en") for value in (read.value, *read.alternatives)}
    found |= {float(read.upper) for read in quantities(text, "en") if read.upper is not None}
    return frozenset(found | {float(part.value) for read in dates(text, "en", None) for part in read.parts})


def weigh_numbers(events: Events, one: Any, other: Any) -> tuple[bool, float]:
    """Say whether two figures are those in which two sentences differ, and how much that counts."""
    weight = 1.0
    wordings = events.claims[one.claim.article.source]
    for claim, left, right in events.differing(one.claim, other.claim):
        weight = HALF
        printed = [
            {
                value
                for variant in own
                if variant in wordings[claim]
                for value in figures_of(wordings[claim][variant])
            }
            for own in (left, right)
        ]
        if float(one.value) in printed[0] and float(other.value) in printed[1]:
            return True, 1.0
    return False, weight


def weigh_days(events: Events, one: Any, other: Any) -> tuple[bool, float]:
    """Say whether two sentences differ in when something was, and how much that counts."""
    variants = [left ^ right for _, left, right in events.differing(one.claim, other.claim)]
    is_real = any(variant.startswith("date") for own in variants for variant in own)
    return is_real, 1.0 if is_real or not variants else HALF


def rows_of_events(
    path: Path, index: Path, find: Find, judge: Callable[..., tuple[bool, float]], scorer: ContradictionScorer
) -> Iterator[Row]:
    """Give the conflicts of an index of reports."""
    events = Events(path)
    with open_reader(index, Settings(detectors="omission")) as reader:
        groups = reader.compare().groups
    for group in groups:
        half = events.number[group.claims[0].article.source] % 2
        for conflict in find(group, scorer):
            judged = [judge(events, one, other) for one, other in readings_across(conflict)]
            if judged:
                is_real = any(real for real, _ in judged)
                yield Row(conflict.features, is_real, 1.0 if is_real else min(w for _, w in judged), half)


def rows_of_other_facts(
    path: Path, index: Path, find: Find, scorer: ContradictionScorer, every: int
) -> Iterator[Row]:
    """Give the conflicts of pairs that are no group: near sentences of two outlets that share no claim.

    The judge has learned from these events, and puts unlike sentences of others together more often.
    """
    events, chance = Events(path), random.Random(5)
    with open_reader(index, Settings(detectors="omission")) as reader:
        found = reader.compare()
    by_event: dict[int, dict[str, Claim]] = defaultdict(dict)
    for claim in (*(own for group in found.groups for own in group.claims), *found.unmatched):
        if read_figures(claim):
            by_event[events.number[claim.article.source]][claim.sentence.id] = claim
    rows: list[Row] = []
    for number, claims in by_event.items():
        ordered = [claims[id_] for id_ in sorted(claims)]
        pairs = [pair for pair in combinations(ordered, 2) if pair[0].outlet.id != pair[1].outlet.id]
        tried = chance.sample(pairs, min(len(pairs), PAIRS_TRIED))
        alike = scorer.closeness([(one.sentence.text, other.sentence.text) for one, other in tried])
        strangers = [
            pair
            for pair, cosine in zip(tried, alike.tolist(), strict=True)
            if cosine > LEAST_ALIKE and events.are_of_two_facts(*pair)
        ]
        for one, other in strangers[:STRANGERS_OF_AN_EVENT]:
            ids = sorted((one.sentence.id, other.sentence.id))
            match = Match(ids[0], ids[1], cosine=0.5, probability=chance.uniform(*BELIEVED))
            group = ClaimGroup(GroupId("strangers"), StoryId("strangers"), (one, other), (match,))
            rows += [
                Row(own.features, is_real=False, weight=1.0, half=number % 2) for own in find(group, scorer)
            ]
    yield from rows[::every]


def rows_of_translations(folder: Path, find: Find, scorer: ContradictionScorer, change: str) -> Iterator[Row]:
    """Give the conflicts of parallel text with one changed figure or day in some groups."""
    chance = random.Random(7)
    for name, sentences in read_sets(folder).items():
        if name not in FITTED_ON:
            continue
        for at, (group, language, where) in enumerate(
            make_cases(sentences[:SENTENCES_OF_A_SET], chance, change)
        ):
            pairs = combinations(sorted(claim.sentence.id for claim in group.claims), 2)
            matches = tuple(Match(one, other, cosine=1.0, probability=TRANSLATED) for one, other in pairs)
            for conflict in find(replace(group, matches=matches), scorer):
                is_real = any(_was_changed(reading, language, where) for reading in conflict.readings)
                yield Row(conflict.features, is_real, 1.0, at % 2)


def _was_changed(reading: Reading, language: str | None, where: range) -> bool:
    return (
        reading.claim.article.language == language and reading.start < where.stop and where.start < reading.end
    )


def fit_rows(rows: list[Row], penalty: float) -> np.ndarray:
    """Fit weights; what counts half is given once where everything else is given twice."""
    doubled = [row for row in rows for _ in range(int(row.weight * 2))]
    x = np.array([row.features for row in doubled])
    return fit(x, np.array([row.is_real for row in doubled], dtype=float), penalty)


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("events", type=Path, nargs="+", metavar="EVENTS INDEX")
    arguments = parser.parse_args()
    scorer = PolarityHead(BundledEmbedder().token_states)
    for change, find, judge, penalty in (
        ("number", find_figure_candidates, weigh_numbers, 1.0),
        ("date", find_date_conflicts, weigh_days, 0.2),
    ):
        rows = [
            row
            for path, index in zip(arguments.events[::2], arguments.events[1::2], strict=True)
            for row in rows_of_events(path, index, find, judge, scorer)
        ]
        own_share = (
            3 if change == "number" else 1
        )  # one pair of strangers to eight conflicts, as is found unseen
        rows += [
            row
            for path, index in zip(arguments.events[::2], arguments.events[1::2], strict=True)
            for row in rows_of_other_facts(path, index, find, scorer, own_share)
        ]
        translated = list(rows_of_translations(arguments.folder, find, scorer, change))
        print(f"{change}: {len(rows)} conflicts of reports, {len(translated)} of translations")
        print("weights:", ", ".join(f"{weight:.2f}" for weight in fit_rows(rows + translated, penalty)))
        for name, tried in (("reports", rows), ("translations", translated)):
            said, real = [], []
            for half in (0, 1):
                weights = fit_rows([row for row in rows + translated if row.half != half], penalty)
                own = [row for row in tried if row.half == half]
                x = np.array([(1.0, *row.features) for row in own])
                said.append(1 / (1 + np.exp(-x @ weights)))
                # A conflict of sentences that differ in something else is no false alarm to who reads them.
                real.append(np.array([row.is_real or row.weight < 1 for row in own], dtype=float))
            print(f"of {name} that were not fitted:")
            print_reliability(np.concatenate(said), np.concatenate(real))


if __name__ == "__main__":
    main()
