"""Independent reports of invented events, as texts with the facts that each states."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Marks = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of a report, the wording of a claim, or a question.

    Attributes:
        report: outlet, or `claims`, or `questions`: two texts of one report are no pair.
        marks: claims that it states, and the variants of each.
        kind: `sentence`, `claim` or `question`.
        repeats_title: a sentence that is its report's title: it may state a claim that nobody marked.
        relation, base: of a question, how it was made from which claim.
    """

    text: str
    language: str
    report: str
    marks: Marks
    kind: str
    repeats_title: bool = False
    relation: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An event's texts; `is_rolling` where it was reported over several days."""

    id: str
    is_rolling: bool
    texts: tuple[Text, ...]


def read_marks(written: str) -> Marks:
    """Turn `c1 c4.number` into claims and their variants; `-` and `none` state nothing."""
    found: dict[str, set[str]] = {}
    for mark in written.split():
        if mark not in ("-", "none"):
            claim, _, variant = mark.partition(".")
            found.setdefault(claim, set()).add(variant or "a")
    return {claim: frozenset(variants) for claim, variants in found.items()}


def read_events(folder: Path) -> Iterator[Event]:
    """Read the `*.events.jsonl` of a folder with the hard questions beside them."""
    asked: dict[str, list[list[str]]] = {}
    for path in sorted(folder.glob("*.questions.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            asked.setdefault(row["event"], []).extend(row["questions"])
    for path in sorted(folder.glob("*.events.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            raw = json.loads(line)
            yield _event(raw, asked.get(raw["id"], []))


def _event(raw: dict[str, object], hard: Sequence[Sequence[str]]) -> Event:
    data: dict[str, list[dict[str, object]]] = raw  # type: ignore[assignment]
    texts: list[Text] = []
    seen: set[str] = set()
    for report in data["reports"]:
        title = str(report["title"]).strip().rstrip(".").casefold()
        for sentence, written in report["sentences"]:  # type: ignore[attr-defined]
            marks = read_marks(written)
            if not marks:
                if sentence in seen:
                    continue  # furniture recurs: each line once
                seen.add(sentence)
            repeats = not marks and sentence.strip().rstrip(".").casefold() == title
            texts.append(
                Text(sentence, str(report["language"]), str(report["outlet"]), marks, "sentence", repeats)
            )
    for claim, variants in raw["claims"].items():  # type: ignore[attr-defined]
        for variant, wording in variants.items():
            texts.append(Text(wording, "en", "claims", {claim: frozenset({variant})}, "claim"))
    asked = [(*question, "", "") for question in raw["questions"]]  # type: ignore[attr-defined]
    asked += [tuple(question) for question in hard]
    for text, language, mark, relation, base in asked:
        texts.append(
            Text(text, language, "questions", read_marks(mark), "question", relation=relation, base=base)
        )
    return Event(str(raw["id"]), len(data["reports"]) > 10, tuple(texts))


def read_contrasts(folder: Path) -> Iterator[Event]:
    """Read the `*.contrasts.jsonl` of a folder: each set as an event of one claim and a report a sentence."""
    for path in sorted(folder.glob("*.contrasts.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            raw = json.loads(line)
            texts = [
                Text(text, language, f"{number}", _contrast_marks(says), "sentence")
                for number, (language, text, says) in enumerate(raw["sentences"])
            ]
            yield Event(str(raw["id"]), False, tuple(texts))  # noqa: FBT003


def _contrast_marks(says: str) -> Marks:
    if says == "near":
        return {}
    return {"c1": frozenset({"polarity" if says == "contrary" else says})}


@dataclass(frozen=True, slots=True)
class Label:
    """What two texts are to each other.

    Attributes:
        same: they share a claim; `differs`: and no variant of any shared one.
        told: the second states all that the first does, in the same variants.
    """

    same: bool
    differs: bool
    told: bool


def label(one: Text, other: Text) -> Label:
    """Compare the marks of two texts."""
    shared = one.marks.keys() & other.marks.keys()
    return Label(
        same=bool(shared),
        differs=bool(shared) and all(not (one.marks[claim] & other.marks[claim]) for claim in shared),
        told=bool(one.marks)
        and all(claim in other.marks and one.marks[claim] & other.marks[claim] for claim in one.marks),
    )


def is_contrary(one: Text, other: Text) -> bool:
    """Say whether two texts print a shared claim and its contrary."""
    for claim in one.marks.keys() & other.marks.keys():
        a, b = one.marks[claim], other.marks[claim]
        if not a & b and any(variant.startswith("polarity") for variant in a | b):
            return True
    return False
