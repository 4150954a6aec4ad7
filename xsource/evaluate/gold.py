"""Does a comparison find what a person wrote down? Measured on corpora with a `gold.jsonl`.

`corpora/README.md` gives the format. The gold is complete for the kinds in `COMPLETE_KINDS`, unless it says
that it is not: any other finding of those kinds is a false alarm. For the others only an `agreement` line makes
a finding wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from xsource.errors import InputError
from xsource.records import Comparison, Divergence

COMPLETE_KINDS = frozenset({"number", "date", "actor", "place", "polarity", "update"})

# A later figure is an update to one reader and a different number to another; so is a denial that is alleged.
# Found under its neighbour's name, a difference still counts as found, and is counted as such.
NEIGHBOURS: Mapping[str, frozenset[str]] = {
    "update": frozenset({"number", "date", "polarity"}),
    "number": frozenset({"update", "date"}),
    "date": frozenset({"number", "update"}),
    "attribution": frozenset({"certainty"}),
    "certainty": frozenset({"attribution"}),
    "actor": frozenset({"place", "attribution"}),
    "place": frozenset({"actor"}),
}

Spot = tuple[str, str]  # URL and sentence


@dataclass(frozen=True, slots=True)
class GoldLine:
    """One line of a `gold.jsonl` about a difference or a near miss."""

    type: str
    kind: str
    spots: frozenset[Spot]
    absent: frozenset[str]
    note: str


@dataclass(frozen=True, slots=True)
class Gold:
    """What a `gold.jsonl` says.

    Attributes:
        matches: sentences about the same claim.
        is_complete: whether what it does not say of `COMPLETE_KINDS` is not so.
    """

    matches: tuple[frozenset[Spot], ...]
    lines: tuple[GoldLine, ...]
    is_complete: bool

    def of_type(self, type_: str) -> list[GoldLine]:
        """Give the differences (`divergence`), or the near misses (`agreement`)."""
        return [line for line in self.lines if line.type == type_]


@dataclass(frozen=True, slots=True)
class GoldFigures:
    """What was found of one corpus.

    Attributes:
        pairs_precision, pairs_recall: of pairs of sentences put into one group.
        found, found_as_neighbour: gold divergences reported under their own kind, or a neighbouring one.
        missed: the others, for the list of known misses.
        false_alarms: findings of a complete kind that the gold does not have, and flagged agreements.
    """

    corpus: str
    pairs_precision: float
    pairs_recall: float
    divergences: int
    found: int
    found_as_neighbour: int
    missed: tuple[GoldLine, ...]
    false_alarms: tuple[Divergence, ...]


def read_gold(path: Path) -> Gold:
    """Read a file of gold.

    Raises:
        InputError: it cannot be read, or a line is not what the format says.
    """
    matches: list[frozenset[Spot]] = []
    lines: list[GoldLine] = []
    is_complete = True
    try:
        # Not splitlines: a sentence may have a line separator in it.
        texts = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    for number, text in enumerate(texts, 1):
        if not text.strip():
            continue
        try:
            row: dict[str, Any] = json.loads(text)
            if row["type"] == "scope":
                is_complete = bool(row["complete"])
                continue
            if row["type"] == "question":
                # Asked of `who-reports`; it says nothing about how the outlets' sentences compare.
                continue
            spots = frozenset((s["url"], s["sentence"]) for s in row.get("claims", row.get("sides", ())))
            if row["type"] == "match":
                matches.append(spots)
            else:
                absent = frozenset(a["url"] for a in row.get("absent_from", ()))
                lines.append(GoldLine(row["type"], row["kind"], spots, absent, row.get("note", "")))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}:{number}: not a line of gold: {error!r}") from error
    return Gold(tuple(matches), tuple(lines), is_complete)


def measure_gold(corpus: Path, comparison: Comparison) -> GoldFigures:
    """Hold a comparison of a corpus against its gold.

    Args:
        corpus: the folder with `gold.jsonl`.
        comparison: of an index that holds the corpus; what it says of other articles is left out.
    """
    return measure_lines(read_gold(corpus / "gold.jsonl"), corpus.name, comparison)


def measure_lines(lines: Gold, name: str, comparison: Comparison) -> GoldFigures:
    """Hold a comparison against gold that was read already; `name` is that of the corpus."""
    urls = {u for spots in lines.matches for u, _ in spots} | {u for line in lines.lines for u, _ in line.spots}
    precision, recall = _measure_pairs(lines.matches, comparison, urls)
    reported = [d for d in comparison.divergences if any(side.article_url in urls for side in d.sides)]
    gold, agreements = lines.of_type("divergence"), lines.of_type("agreement")
    complete = COMPLETE_KINDS if lines.is_complete else frozenset()
    found = [line for line in gold if any(_is_of(line, d) and d.kind == line.kind for d in reported)]
    near = [
        line
        for line in gold
        if line not in found
        and any(_is_of(line, d) and d.kind in NEIGHBOURS.get(line.kind, ()) for d in reported)
    ]
    return GoldFigures(
        corpus=name,
        pairs_precision=precision,
        pairs_recall=recall,
        divergences=len(gold),
        found=len(found),
        found_as_neighbour=len(near),
        missed=tuple(line for line in gold if line not in found and line not in near),
        false_alarms=tuple(d for d in reported if _is_false(d, gold, agreements, complete)),
    )


def _spots(divergence: Divergence) -> set[Spot]:
    return {(side.article_url, side.sentence) for side in divergence.sides}


def _is_of(line: GoldLine, divergence: Divergence) -> bool:
    """Say whether a finding is about a gold line: two of its sentences; for an omission also who is silent."""
    shared = len(_spots(divergence) & line.spots)
    if line.kind == "omission":
        return shared >= 1 and bool({absence.article_url for absence in divergence.absent_from} & line.absent)
    return shared >= min(2, len(line.spots))


def _is_false(
    divergence: Divergence, gold: Sequence[GoldLine], agreements: Sequence[GoldLine], complete: Set[str]
) -> bool:
    about = [line for line in gold if _is_of(line, divergence)]
    if any(divergence.kind in {line.kind, *NEIGHBOURS.get(line.kind, ())} for line in about):
        return False
    if divergence.kind in complete:
        return True
    return any(line.kind == divergence.kind and _is_of(line, divergence) for line in agreements)


def _measure_pairs(
    matches: Sequence[frozenset[Spot]], comparison: Comparison, urls: set[str]
) -> tuple[float, float]:
    wanted = {pair for spots in matches for pair in _pairs(spots)}
    listed = {spot for spots in matches for spot in spots}
    given: set[frozenset[Spot]] = set()
    for group in comparison.groups:
        spots = {(claim.article.source, claim.sentence.text) for claim in group.claims}
        # Pairs of sentences that the gold is silent about are not judged: it lists clear matches, not all.
        given.update(_pairs(frozenset(spot for spot in spots if spot[0] in urls and spot in listed)))
    if not wanted or not given:
        return 0.0, 0.0
    right = len(wanted & given)
    return right / len(given), right / len(wanted)


def _pairs(spots: frozenset[Spot]) -> Iterator[frozenset[Spot]]:
    for one, other in combinations(sorted(spots), 2):
        if one[0] != other[0]:
            yield frozenset((one, other))
