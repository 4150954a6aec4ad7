"""The benchmark's large package says what the small one says: its cost is measured, its text is known."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from xsource.translate.argos import ArgosTranslator
from xsource.translate.installing import install_file

TOOL = Path(__file__).parents[2] / "tools" / "widen_package.py"
SUBJECTS = ("Президент", "Глава МИД России", "Полиция Берлина", "Мой друг", "Врач", "Парламент")
PREDICATES = (
    "прибыл в Москву 12 марта", "не знает, что делать", "сообщает о 25 погибших", "хочет мира",
    "вчера вечером был дома", "закрыл границу на 3 дня", "подписал соглашение о перемирии", "умер в 1999 году",
)  # fmt: skip
SENTENCES = [f"{subject} {predicate}." for subject in SUBJECTS for predicate in PREDICATES]


def widen(tiny: Path, target: Path, **shape: int) -> subprocess.CompletedProcess[str]:
    options = [f"--{name.replace('_', '-')}={value}" for name, value in shape.items()]
    return subprocess.run(
        [sys.executable, str(TOOL), str(tiny), str(target), *options], capture_output=True, text=True
    )


def translate(package: Path) -> list[str]:
    installed = install_file(package)
    return [
        result.text for result in ArgosTranslator([installed], threads=1).translate(SENTENCES, ("ru", "en"))
    ]


@pytest.mark.parametrize(
    "heads", [pytest.param(4, id="the same heads, each wider"), pytest.param(8, id="twice the heads")]
)
def test_a_widened_package_translates_as_the_small_one(tiny, packages_home, tmp_path, heads):
    wide = tmp_path / "translate-ru_en-wide.argosmodel"
    answer = widen(tiny, wide, width=256, heads=heads, feed_forward=900, layers=3, vocabulary=5000)
    assert answer.returncode == 0, answer.stderr
    expected = translate(tiny)
    assert len(set(expected)) > 40
    package = install_file(wide)
    found = [result.text for result in ArgosTranslator([package], threads=1).translate(SENTENCES, ("ru", "en"))]
    assert wide.stat().st_size > 2 * tiny.stat().st_size
    # A beam of a poor model holds near ties, and the last bit of a longer sum decides one now and then.
    assert sum(a == b for a, b in zip(found, expected, strict=True)) >= 0.95 * len(SENTENCES)


def test_a_shape_that_is_no_multiple_is_refused(tiny, tmp_path):
    answer = widen(tiny, tmp_path / "wide.argosmodel", width=200)
    assert answer.returncode != 0
    assert "expected multiples of 4 in 128" in answer.stderr
    assert not (tmp_path / "wide.argosmodel").exists()
