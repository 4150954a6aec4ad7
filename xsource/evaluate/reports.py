"""Independent reports of invented events: what is put together, and who is named for a question.

The events' format and what counts are those of `corpora/reports/README.md`. A pair of sentences of two reports
is true where they share a claim, and found where both stand in one group. What the program calls a sentence is
mapped to the marked ones by overlap.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from xsource.records import Claim, Comparison, OutletAnswer

NAMED = frozenset({"reports", "differs", "contrary"})
OVERLAP = 0.3
"""Of the shorter of two spans: so much in common makes them one sentence."""

Spot = tuple[str, int]
Marks = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """Shares 0..1 on the reports of some events.

    Attributes:
        pair_precision, pair_recall: pairs of sentences of two reports that state one fact.
        purity: groups in which one claim is common to all sentences.
        stories_f1: pairs of articles of one event.
        omissions: outlets said to leave a claim out that do.
        outlet_precision, outlet_recall: outlets named for the questions.
        state: outlets named rightly whose state (reports, or another) is right.
        nobody: questions that nobody reports for which no outlet was named.
        reliability_gap: of the pairs judged by tenths of probability, the largest difference between what was
            said and what was found, tenths with 50 pairs or more.
    """

    pair_precision: float
    pair_recall: float
    purity: float
    stories_f1: float
    omissions: float
    outlet_precision: float
    outlet_recall: float
    state: float
    nobody: float
    reliability_gap: float


@dataclass(slots=True)
class _Gold:
    """Marked sentences by address, and where they stand in the article's text."""

    event_of: dict[str, str] = field(default_factory=dict)
    spans: dict[str, list[tuple[int, int, Marks]]] = field(default_factory=dict)
    untitled: set[Spot] = field(default_factory=set)
    """Sentences without marks that repeat their report's title: they may state a claim."""


def read_marks(written: str) -> Marks:
    """Turn `c1 c4.number` into claims and the variants of each."""
    found: dict[str, set[str]] = defaultdict(set)
    for mark in written.split():
        if mark not in ("-", "none"):
            claim, _, variant = mark.partition(".")
            found[claim].add(variant or "a")
    return {claim: frozenset(variants) for claim, variants in found.items()}


def write_articles(events: Sequence[dict[str, Any]], path: Path) -> None:
    """Write the events' reports as articles that `xsource build` reads."""
    with path.open("w", encoding="utf-8") as file:
        for event in events:
            for report in event["reports"]:
                published = report.get("published") or event["date"]
                if published.endswith("Z") and published.count(":") == 1:
                    published = f"{published[:-1]}:00Z"
                article = {
                    "outlet": f"{event['id']}-{report['outlet']}",
                    "url": _address(event, report),
                    "title": report["title"],
                    "language": report["language"],
                    "published_at": published,
                    "text": " ".join(sentence for sentence, _ in report["sentences"]),
                }
                file.write(json.dumps(article, ensure_ascii=False) + "\n")


def _address(event: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    return f"https://{report['outlet']}.{event['id']}.example/report"


def _gold(events: Sequence[dict[str, Any]]) -> _Gold:
    gold = _Gold()
    for event in events:
        for report in event["reports"]:
            address, at = _address(event, report), 0
            gold.event_of[address] = event["id"]
            rows = gold.spans.setdefault(address, [])
            title = report["title"].strip().rstrip(".").casefold()
            for number, (sentence, written) in enumerate(report["sentences"]):
                marks = read_marks(written)
                rows.append((at, at + len(sentence), marks))
                if not marks and sentence.strip().rstrip(".").casefold() == title:
                    gold.untitled.add((address, number))
                at += len(sentence) + 1
    return gold


def measure_reports(
    events: Sequence[dict[str, Any]],
    comparison: Comparison,
    ask: Callable[[str], Sequence[OutletAnswer]],
    questions: int = 40,
) -> ReportFigures:
    """Hold a comparison of the events' articles, and answers about them, against the marks.

    Args:
        events: as read from a file of events.
        comparison: of an index that was built of `write_articles`.
        ask: `Reader.who_reports` of that index.
        questions: how many are asked, chosen once and for all.
    """
    gold = _gold(events)
    true = set(_true_pairs(gold))
    said: set[frozenset[Spot]] = set()
    pure = groups = told = absent = 0
    common: dict[str, frozenset[str]] = {}
    by_tenth: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    claims_of = _claims_of_outlets(events)
    for group in comparison.groups:
        rows = [_rows(gold, claim) for claim in group.claims]
        spots = [spot for own in rows for spot in own if spot not in gold.untitled]
        said |= {frozenset(pair) for pair in combinations(spots, 2) if pair[0][0] != pair[1][0]}
        sets = [_marks(gold, own) for own in rows if not gold.untitled.intersection(own)]
        shared = frozenset.intersection(*sets) if sets else frozenset()
        common[group.id] = shared
        pure, groups = pure + bool(shared), groups + 1
        spot_of = {claim.sentence.id: own for claim, own in zip(group.claims, rows, strict=True)}
        for match in group.matches:
            left, right = _marks(gold, spot_of[match.left]), _marks(gold, spot_of[match.right])
            by_tenth[min(9, int(match.probability * 10))].append((match.probability, bool(left & right)))
    for divergence in comparison.divergences:
        if divergence.kind == "omission":
            event = gold.event_of[divergence.sides[0].article_url]
            shared = common[divergence.group_id]
            for absence in divergence.absent_from:
                absent += 1
                told += bool(shared) and not shared & claims_of[event, absence.outlet_id]
    pairs_in_stories = {
        frozenset(pair) for story in comparison.stories for pair in combinations(story.article_ids, 2)
    }
    answers = _ask_questions(events, ask, questions)
    return ReportFigures(
        pair_precision=len(said & true) / max(1, len(said)),
        pair_recall=len(said & true) / max(1, len(true)),
        purity=pure / max(1, groups),
        stories_f1=_stories_f1(comparison, gold, pairs_in_stories),
        omissions=told / max(1, absent),
        reliability_gap=max((_gap(own) for own in by_tenth.values() if len(own) >= 50), default=0.0),
        **answers,
    )


def _gap(judged: Sequence[tuple[float, bool]]) -> float:
    return abs(sum(said for said, _ in judged) - sum(found for _, found in judged)) / len(judged)


def _rows(gold: _Gold, claim: Claim) -> list[Spot]:
    address, start, end = claim.article.source, claim.sentence.start, claim.sentence.end
    found = []
    for number, (begin, stop, _) in enumerate(gold.spans[address]):
        if min(stop, end) - max(begin, start) > OVERLAP * min(stop - begin, end - start):
            found.append((address, number))
    return found


def _marks(gold: _Gold, rows: Sequence[Spot]) -> frozenset[str]:
    return frozenset(claim for address, number in rows for claim in gold.spans[address][number][2])


def _true_pairs(gold: _Gold) -> Iterator[frozenset[Spot]]:
    by_claim: dict[tuple[str, str], list[Spot]] = defaultdict(list)
    for address, rows in gold.spans.items():
        for number, (_, _, marks) in enumerate(rows):
            for claim in marks:
                by_claim[gold.event_of[address], claim].append((address, number))
    for spots in by_claim.values():
        yield from (frozenset(pair) for pair in combinations(spots, 2) if pair[0][0] != pair[1][0])


def _claims_of_outlets(events: Sequence[dict[str, Any]]) -> dict[tuple[str, str], frozenset[str]]:
    return {
        (event["id"], f"{event['id']}-{report['outlet']}"): frozenset(
            claim for _, written in report["sentences"] for claim in read_marks(written)
        )
        for event in events
        for report in event["reports"]
    }


def _stories_f1(comparison: Comparison, gold: _Gold, found: set[frozenset[Any]]) -> float:
    by_event: dict[str, list[str]] = defaultdict(list)
    for article in comparison.articles:
        by_event[gold.event_of[article.source]].append(article.id)
    for address, event in gold.event_of.items():  # articles that no story has
        if address not in {article.source for article in comparison.articles}:
            by_event[event].append(address)
    wanted = {frozenset(pair) for own in by_event.values() for pair in combinations(own, 2)}
    right = len(wanted & found)
    return 2 * right / max(1, len(wanted) + len(found))


def _ask_questions(
    events: Sequence[dict[str, Any]], ask: Callable[[str], Sequence[OutletAnswer]], count: int
) -> dict[str, float]:
    every = [(event, question) for event in events for question in event["questions"]]
    chosen = random.Random(0).sample(every, min(count, len(every)))  # noqa: S311 - a choice, no secret
    named = right = reporting = state = nobody = nobody_right = 0
    for event, (text, _, mark) in chosen:
        said = {answer.outlet.id: answer.status == "reports" for answer in ask(text) if answer.status in NAMED}
        wanted: dict[str, bool] = {}
        if mark != "none":
            claim, _, variant = mark.partition(".")
            for report in event["reports"]:
                printed = [read_marks(written).get(claim, frozenset()) for _, written in report["sentences"]]
                if any(printed):
                    wanted[f"{event['id']}-{report['outlet']}"] = any(
                        (variant or "a") in own for own in printed
                    )
        else:
            nobody, nobody_right = nobody + 1, nobody_right + (not said)
        both = said.keys() & wanted.keys()
        named, right, reporting = named + len(said), right + len(both), reporting + len(wanted)
        state += sum(said[outlet] == wanted[outlet] for outlet in both)
    return {
        "outlet_precision": right / max(1, named),
        "outlet_recall": right / max(1, reporting),
        "state": state / max(1, right),
        "nobody": nobody_right / max(1, nobody),
    }
