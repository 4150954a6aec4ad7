"""Measure the splitter and the claim filter on documents whose sentences are known.

The gold sentences are NTREX's lines. Translators joined and divided some of them, so a line may rightly be two
sentences and no splitter reaches 1.0: what counts is that all four languages stay level.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xsource.records import LANGUAGES
from xsource.segment.claims import judge_claim
from xsource.segment.sentences import split_sentences


@dataclass(frozen=True, slots=True)
class BoundaryFigures:
    """How well inner sentence ends were found in one language.

    Attributes:
        precision, recall, f1: over ends of sentences, the last of each document left out.
        claim_share: part of the gold sentences that `judge_claim` keeps.
        rejected: how many it left out, by reason.
        megabytes_per_second: UTF-8, one core.
    """

    language: str
    precision: float
    recall: float
    f1: float
    claim_share: float
    rejected: tuple[tuple[str, int], ...]
    megabytes_per_second: float


@dataclass(frozen=True, slots=True)
class _Document:
    text: str
    title: str
    sentences: tuple[tuple[int, int], ...]


def measure_ntrex(bench: Path) -> tuple[BoundaryFigures, ...]:
    """Join each NTREX document's lines with a space, its first line the title, and look for the joints."""
    names = (bench / "ntrex" / "docs.txt").read_text("utf-8").splitlines()
    figures = []
    for language in LANGUAGES:
        lines = (bench / "ntrex" / f"{language}.txt").read_text("utf-8").splitlines()
        by_document: defaultdict[str, list[str]] = defaultdict(list)
        for name, line in zip(names, lines, strict=True):
            by_document[name].append(line.strip())
        figures.append(_measure(language, [_joined(each) for each in by_document.values()]))
    return tuple(figures)


def measure_planted(bench: Path) -> tuple[BoundaryFigures, ...]:
    """Split the planted articles, with their titles, as the pipeline does."""
    gold: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for line in (bench / "planted" / "sentences.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        gold[record["url"]].append((record["start"], record["end"]))
    documents: defaultdict[str, list[_Document]] = defaultdict(list)
    for line in (bench / "planted" / "articles.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        spans = tuple(sorted(gold[record["url"]]))
        documents[record["language"]].append(_Document(record["text"], record["title"], spans))
    return tuple(_measure(language, documents[language]) for language in LANGUAGES)


def _joined(lines: Sequence[str]) -> _Document:
    spans: list[tuple[int, int]] = []
    at = 0
    for line in lines:
        spans.append((at, at + len(line)))
        at += len(line) + 1
    return _Document(" ".join(lines), lines[0], tuple(spans))


def _measure(language: str, documents: Iterable[_Document]) -> BoundaryFigures:
    hits = found_count = gold_count = size = sentences = 0
    seconds = 0.0
    rejected: Counter[str] = Counter()
    for document in documents:
        before = time.process_time()
        found = split_sentences(document.text, language, document.title)
        seconds += time.process_time() - before
        size += len(document.text.encode())
        found_ends = {end for _, end in found[:-1]}
        gold_ends = {end for _, end in document.sentences[:-1]}
        hits += len(found_ends & gold_ends)
        found_count += len(found_ends)
        gold_count += len(gold_ends)
        for start, end in document.sentences:
            is_claim, reason = judge_claim(document.text[start:end], language)
            sentences += 1
            if not is_claim:
                rejected[reason] += 1
    return BoundaryFigures(
        language=language,
        precision=hits / found_count,
        recall=hits / gold_count,
        f1=2 * hits / (found_count + gold_count),
        claim_share=1 - rejected.total() / sentences,
        rejected=tuple(rejected.most_common()),
        megabytes_per_second=size / 1e6 / max(seconds, 1e-9),
    )
