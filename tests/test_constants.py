"""Numbers that decide an answer belong in artefacts and tables with an origin; those in code may only fall.

Counted are fractions (0.35, 1.7): thresholds, weights and shares, which is what decides. Whole numbers are
mostly sizes, limits and places, and are counted beside. To bring a number in, take one out, or keep it in a
file of data.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "xsource"
PLAIN_FRACTIONS = {0.0, 0.5, 1.0, 2.0, 100.0}
PLAIN_WHOLES = range(-1, 4)

MOST_FRACTIONS = {
    "align": 10,
    "cli": 1,
    "compare": 115,
    "devices.py": 2,
    "evaluate": 5,
    "facts": 24,
    "ingest": 10,
    "judge": 25,
    "pipeline": 15,
    "report": 3,
    "segment": 8,
    "serve": 7,
    "store": 4,
    "translate": 7,
}
"""By part of the package: what there was on 1 December 2026. Lower it where numbers go, and never raise it."""

MOST_WHOLES = 1081


def numbers() -> list[tuple[str, int | float]]:
    """Give the part of the package and the number, of every number that is written in it."""
    found: list[tuple[str, int | float]] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        part = path.relative_to(PACKAGE).parts[0]
        found += [
            (part, node.value)
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and type(node.value) in (int, float)
        ]
    return found


def test_no_part_of_the_package_gains_fractions():
    fractions = Counter(
        part for part, value in numbers() if isinstance(value, float) and value not in PLAIN_FRACTIONS
    )
    over = {part: count for part, count in fractions.items() if count > MOST_FRACTIONS.get(part, 0)}
    assert over == {}, "keep them in an artefact or a table of data, with where they come from"


def test_whole_numbers_do_not_become_more():
    wholes = [value for _, value in numbers() if isinstance(value, int) and value not in PLAIN_WHOLES]
    assert len(wholes) <= MOST_WHOLES
