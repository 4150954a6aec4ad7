"""Are the right outlets named for a claim as an analyst types it? Measured on the questions of the corpora.

`corpora/README.md` gives the format: lines of type `question`. All corpora are one index, so a question about
one event is put to the others' outlets too, and a third of the questions nobody reports.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xsource.records import Language, OutletAnswer, OutletId


@dataclass(frozen=True, slots=True)
class AskedClaim:
    """A claim that somebody asks about.

    Attributes:
        text: as typed.
        language: of `text`.
        reporting: the addresses of the articles that speak to it, and whether each contradicts it in a detail.
    """

    text: str
    language: Language
    reporting: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class NamedOutlets:
    """Which outlets were named for the questions.

    Attributes:
        named, right, reporting: outlets named, those of them named rightly, those that should be; over all
            questions.
        nobody: questions that nobody reports, `nobody_right` those for which no outlet was named.
        differing: outlets named rightly that contradict the question, `differing_found` those shown so.
        agreeing: outlets named rightly that do not, `agreeing_flagged` those shown as contradicting it.
        wrong: the questions with an outlet too many or too few: the text, outlets too many, outlets too few.
    """

    named: int
    right: int
    reporting: int
    nobody: int
    nobody_right: int
    differing: int
    differing_found: int
    agreeing: int
    agreeing_flagged: int
    wrong: tuple[tuple[str, tuple[OutletId, ...], tuple[OutletId, ...]], ...]

    @property
    def precision(self) -> float:
        """Of the outlets named, those named rightly."""
        return self.right / self.named if self.named else 1.0

    @property
    def recall(self) -> float:
        """Of the outlets that report, those named."""
        return self.right / self.reporting if self.reporting else 1.0


def read_questions(gold: Path) -> list[AskedClaim]:
    """Read the questions of a `gold.jsonl`, in their order."""
    lines = [json.loads(line) for line in gold.read_text("utf-8").splitlines() if line.strip()]
    return [
        AskedClaim(
            line["text"],
            line["language"],
            {side["url"]: bool(side.get("differs", False)) for side in line["reported_by"]},
        )
        for line in lines
        if line["type"] == "question"
    ]


def measure_questions(
    questions: Sequence[AskedClaim],
    ask: Callable[[str], Sequence[OutletAnswer]],
    outlet_of: Mapping[str, OutletId],
) -> NamedOutlets:
    """Ask every question.

    An outlet that contradicts the question in one article and not in another counts as one that does not.

    Args:
        questions: of one or more corpora.
        ask: `Reader.who_reports` of an index with all of them.
        outlet_of: the outlet of each article's address.
    """
    named = right = reporting = nobody = nobody_right = 0
    contradicts: list[tuple[bool, bool]] = []
    wrong = []
    for question in questions:
        wanted: dict[OutletId, bool] = {}
        for url, differs in question.reporting.items():
            wanted[outlet_of[url]] = differs and wanted.get(outlet_of[url], True)
        status = {answer.outlet.id: answer.status for answer in ask(question.text)}
        found = {outlet for outlet, what in status.items() if what in {"reports", "differs"}}
        named += len(found)
        right += len(found & wanted.keys())
        reporting += len(wanted)
        nobody += not wanted
        nobody_right += not wanted and not found
        contradicts += [
            (wanted[outlet], status[outlet] == "differs") for outlet in sorted(found & wanted.keys())
        ]
        if found != wanted.keys():
            wrong.append(
                (question.text, tuple(sorted(found - wanted.keys())), tuple(sorted(wanted.keys() - found)))
            )
    return NamedOutlets(
        named=named,
        right=right,
        reporting=reporting,
        nobody=nobody,
        nobody_right=nobody_right,
        differing=sum(gold for gold, _ in contradicts),
        differing_found=sum(gold and shown for gold, shown in contradicts),
        agreeing=sum(not gold for gold, _ in contradicts),
        agreeing_flagged=sum(not gold and shown for gold, shown in contradicts),
        wrong=tuple(wrong),
    )
