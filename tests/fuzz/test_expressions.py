"""Every regular expression of the program takes linear time on strings made to slow it down."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .expressions import is_superlinear, slowest

EXPRESSIONS = Path(__file__).with_name("expressions.py")


def test_every_expression_is_linear():
    done = subprocess.run([sys.executable, EXPRESSIONS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) > 100
    slow = [row for row in rows if is_superlinear(row["small"], row["large"])]
    assert slow == []


@pytest.mark.parametrize(
    "pattern",
    [r"(a+)+$", r"(?:a|a)*b", r"\s+$", r"(\w*)*:", r"[ \t]*:[ \t]*(.*)!"],
)
def test_an_expression_that_backtracks_is_told_from_a_linear_one(pattern):
    small, large, _ = slowest(pattern, 0, ("finditer", sys.maxsize), 300, 8)
    assert is_superlinear(small, large)


@pytest.mark.parametrize("pattern", [r"a+", r"(?<!\s)\s++$", r"\b\w+\b", r"(?>a+)b|c", r"[^\n]++"])
def test_a_linear_expression_is_told_from_one_that_backtracks(pattern):
    small, large, _ = slowest(pattern, 0, ("finditer", sys.maxsize), 300, 8)
    assert not is_superlinear(small, large)
