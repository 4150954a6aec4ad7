"""The walks of docs/architecture.md lead through modules and functions that are there and used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
STEPS = re.findall(r"^\| \d+ \| `([^`]+)` \| `([^`]+)` \|", PAGE, re.MULTILINE)


def test_there_are_three_walks():
    assert len(re.findall(r"^## Where .* goes$", PAGE, re.MULTILINE)) == 3
    assert len(STEPS) == 23


@pytest.mark.parametrize(("module", "name"), STEPS)
def test_a_step_names_what_is_there_and_what_others_use(module: str, name: str):
    path = ROOT / module
    tree = ast.parse(path.read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    users = [
        other
        for other in (ROOT / "xsource").rglob("*.py*")
        if other != path
        and other.suffix in (".py", ".pyi")
        and re.search(rf"\b{name}\b", other.read_text("utf-8"))
    ]
    assert users, f"nothing uses {module}:{name}"


def test_every_path_that_the_page_names_is_there():
    for name in re.findall(r"`((?:xsource|tests)/[\w./]+)`", PAGE):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"\]\(([\w.-]+\.md)\)", PAGE):
        assert (ROOT / "docs" / name).exists(), name
