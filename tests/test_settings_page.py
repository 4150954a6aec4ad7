"""docs/settings.md names every setting, its default, and every variable that the package reads."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from xsource.settings import Settings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "settings.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([a-z_]+)` \| (.*?) ?\| ", PAGE, re.MULTILINE))


def test_every_setting_is_there_with_its_default():
    shown = {
        field.name: str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        for field in fields(Settings)
    }
    assert {name: default.strip("`") for name, default in ROWS.items()} == shown


def test_every_variable_that_is_read_is_there():
    read = set()
    for path in (ROOT / "xsource").rglob("*.py"):
        read |= set(re.findall(r'"(XSOURCE_[A-Z]+(?:_[A-Z]+)*)"', path.read_text("utf-8")))
    told_to_commands = set(re.findall(r"XSOURCE_[A-Z]+", (ROOT / "docs" / "daily.md").read_text("utf-8")))
    assert read - told_to_commands - set(re.findall(r"XSOURCE_[A-Z_]+", PAGE)) == set()
