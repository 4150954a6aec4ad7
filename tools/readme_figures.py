#!/usr/bin/env python3
"""Print the README's figures: xsource evaluate --format json | python tools/readme_figures.py."""

from __future__ import annotations

import json
import sys

SHOWN = {
    "ntrex.rank_one.mean": "NTREX-128, right sentence first, mean of 12 directions",
    "ntrex.rank_one.worst": "the same, worst direction",
    "open_set.corpus.f1": "Open-set F1, one threshold, whole corpus",
    "open_set.corpus.worst": "the same, worst pair of languages",
    "open_set.article.f1": "Open-set F1, article against article",
    "who_reports.f1": "`who-reports`, F1 of reporting outlets, a third of the versions removed",
    "questions.precision": "Outlets named for 72 questions in an analyst's own words, those named rightly",
    "questions.recall": "of the outlets that report, those named",
    "questions.nobody": "questions that nobody reports, answered so",
    "questions.differs.recall": "outlets that contradict the question, shown as differing",
    "questions.differs.false_alarms": "outlets shown as differing that do not",
    "stories.f1": "Stories among 244 articles of one day, pairwise F1",
    "planted.number.f1": "Planted divergences: number, F1",
    "planted.date.f1": "date",
    "planted.actor.f1": "actor",
    "planted.polarity.f1": "polarity",
    "planted.omission.f1": "omission",
    "planted.macro_f1": "mean of the five",
    "planted.false_alarms": "false alarms per 100 sentences, all kinds",
    "contradictions.precision": "Natural pairs flagged that are labelled contradictions",
    "names.matching.f1": "Names matched across scripts, F1",
    "guard.number_dropped": "Translation guard: a dropped number is seen",
    "guard.number_changed": "a changed number",
    "guard.end_cut": "a cut end",
    "guard.phrase_repeated": "a repeated phrase",
    "guard.false_alarms": "false alarms on people's translations",
    "corpora.moscow_talks.found": "Shipped corpora, gold divergences found: moscow-talks",
    "corpora.port_explosion.found": "port-explosion",
    "corpora.valley_truce.found": "valley-truce",
    "corpora.port_explosion.pair_precision": "port-explosion, grouped pairs: precision",
    "corpora.port_explosion.pair_recall": "recall",
}


def main() -> None:
    figures = {row["figure"]: row for row in json.load(sys.stdin)["figures"]}
    print("| What | Wanted | Reached | Detail |\n|---|---|---|---|")
    for name, title in SHOWN.items():
        row = figures[name]
        wanted = "" if row["wanted"] is None else f"{row['wanted']:g}"
        print(f"| {title} | {wanted} | {row['value']:.3f} | {row['detail']} |")


if __name__ == "__main__":
    main()
