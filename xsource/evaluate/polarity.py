"""How often a polarity divergence is a contradiction, on pairs that people labelled.

The labelled pairs are XNLI (premise and hypothesis in Russian, Arabic, English), HebNLI and ANS (headlines in
Arabic that agree or disagree). They are test data: nothing is trained on them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xsource.compare.contradiction import KnownPairs
from xsource.compare.detectors.polarity import polarity_detector
from xsource.errors import InputError
from xsource.protocols import ContradictionScorer
from xsource.records import (
    Article,
    ArticleId,
    Claim,
    ClaimGroup,
    GroupId,
    Language,
    Outlet,
    OutletId,
    Sentence,
    StoryId,
    stable_id,
)

# Premise in one language, hypothesis in another: line n of one XNLI file translates line n of the others.
XNLI_PAIRS: tuple[tuple[Language, Language], ...] = (
    ("en", "en"),
    ("ru", "ru"),
    ("ar", "ar"),
    ("ru", "en"),
    ("ar", "en"),
    ("ru", "ar"),
)


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two sentences of which a person said whether they contradict each other."""

    left: str
    left_language: Language
    right: str
    right_language: Language
    contradicts: bool


@dataclass(frozen=True, slots=True)
class PairFigures:
    """What the detector makes of one set of labelled pairs.

    Attributes:
        pairs: all of them.
        contradictions: those labelled so.
        flagged: those the detector reports at the confidence or above.
        right: flagged ones that are labelled contradictions.
    """

    pairs: int
    contradictions: int
    flagged: int
    right: int

    @property
    def precision(self) -> float:
        """Right of flagged, 0..1; 1 when nothing was flagged."""
        return self.right / self.flagged if self.flagged else 1.0

    @property
    def recall(self) -> float:
        """Right of contradictions, 0..1; 1 when there are none."""
        return self.right / self.contradictions if self.contradictions else 1.0


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """One step of a reliability table: `count` findings, their mean confidence, and how many are right."""

    confidence: float
    share_right: float
    count: int


def read_labelled_pairs(folder: Path) -> dict[str, list[LabelledPair]]:
    """Read the sets that lie in a folder: `xnli/dev-LANGUAGE.tsv`, `hebnli/val.jsonl`, `ans/dev.csv`.

    Returns:
        Pairs by the name of their set: `xnli ru-en`, `hebnli he-he`, `ans ar-ar`; absent sets are left out.

    Raises:
        InputError: a line has other fields than its set should have.
    """
    sets: dict[str, list[LabelledPair]] = {}
    xnli = {
        code: path for code in ("en", "ru", "ar") if (path := folder / "xnli" / f"dev-{code}.tsv").is_file()
    }
    rows = {code: list(_read_xnli(path)) for code, path in xnli.items()}
    for premise, hypothesis in XNLI_PAIRS:
        if premise in rows and hypothesis in rows:
            sets[f"xnli {premise}-{hypothesis}"] = [
                LabelledPair(one[0], premise, other[1], hypothesis, one[2] == "contradiction")
                for one, other in zip(rows[premise], rows[hypothesis], strict=True)
            ]
    if (hebnli := folder / "hebnli" / "val.jsonl").is_file():
        records = [json.loads(line) for line in hebnli.read_text("utf-8").splitlines() if line]
        sets["hebnli he-he"] = [
            LabelledPair(
                r["translation1"], "he", r["translation2"], "he", r["original_label"] == "contradiction"
            )
            for r in records
        ]
    if (ans := folder / "ans" / "dev.csv").is_file():
        with ans.open(encoding="utf-8", newline="") as file:
            sets["ans ar-ar"] = [
                LabelledPair(r["s1"], "ar", r["s2"], "ar", r["stance"] == "disagree")
                for r in csv.DictReader(file)
            ]
    return sets


def _read_xnli(path: Path) -> Iterator[tuple[str, str, str]]:
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line:
            fields = line.split("\t")
            if len(fields) != 3:
                raise InputError(
                    f"{path}:{number}: {len(fields)} fields, expected three: premise, hypothesis, label"
                )
            yield fields[0], fields[1], fields[2]


def group_of_sentences(sentences: Sequence[tuple[str, Language, str]]) -> ClaimGroup:
    """Make a group as if each outlet had printed one sentence: (outlet, language, text), an outlet once."""
    claims = []
    for outlet, language, text in sentences:
        article = Article(ArticleId(outlet), OutletId(outlet), f"{outlet}.txt", "", text, language, 1.0, None)
        identity = Sentence.identify(stable_id(outlet, text), 0)
        sentence = Sentence(identity, article.id, 0, 0, len(text), text, is_claim=True, claim_reason="labelled")
        claims.append(Claim(sentence, article, Outlet(OutletId(outlet), outlet, language)))
    identity_of_all = stable_id(*(claim.sentence.id for claim in claims))
    return ClaimGroup(GroupId(identity_of_all), StoryId("labelled"), tuple(claims))


def polarity_confidences(
    pairs: Sequence[LabelledPair], scorer: ContradictionScorer | None
) -> list[tuple[float, bool]]:
    """Give for each pair the detector's confidence, 0 when it reports nothing, and whether it contradicts."""
    known = KnownPairs(scorer, [(pair.left, pair.right) for pair in pairs]) if scorer else None
    detect = polarity_detector(known)
    found = []
    for pair in pairs:
        group = group_of_sentences(
            [("left", pair.left_language, pair.left), ("right", pair.right_language, pair.right)]
        )
        confidence = max((divergence.confidence for divergence in detect(group)), default=0.0)
        found.append((confidence, pair.contradicts))
    return found


def pair_figures(confidences: Sequence[tuple[float, bool]], min_confidence: float) -> PairFigures:
    """Count what is flagged at a confidence or above."""
    flagged = [contradicts for confidence, contradicts in confidences if confidence >= min_confidence]
    return PairFigures(
        pairs=len(confidences),
        contradictions=sum(contradicts for _, contradicts in confidences),
        flagged=len(flagged),
        right=sum(flagged),
    )


def reliability_table(confidences: Sequence[tuple[float, bool]], steps: int = 5) -> list[ReliabilityRow]:
    """Compare confidence with what came true, in equal steps of confidence; empty steps are left out.

    Args:
        confidences: confidence 0..1 of a finding, and whether it is right.
        steps: number of equal intervals of 0..1.
    """
    rows = []
    for step in range(steps):
        low, high = step / steps, (step + 1) / steps
        inside = [(c, right) for c, right in confidences if low <= c < high or (c == 1.0 == high)]
        if inside:
            values, outcomes = zip(*inside, strict=True)
            rows.append(ReliabilityRow(float(np.mean(values)), float(np.mean(outcomes)), len(inside)))
    return rows
