"""Rows, tables, the machine, and the file that keeps them: a section a subject, each with its date."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

HEAD = """# Measured side by side

`make bench` writes this file; `python -m benchmarks SUBJECT` writes one section of it anew. Each side ran in
a fresh process, warmed up, with the same number of threads; medians. "Ratio" says how many times as good
xsource is, in the direction that is better; below 1 the other is better.
"""
COLUMNS = ("What", "xsource", "Beside it", "Its figure", "Ratio", "Wanted")
PACKAGES = ("ctranslate2", "torch", "sentence-transformers", "onnxruntime", "argostranslate", "faiss-cpu")


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison.

    Attributes:
        what: what was measured, with its unit.
        ours: our figure; empty where there is none.
        other: what it is compared with.
        theirs: its figure.
        ratio: how many times as good ours is.
        wanted: what the project asks for.
    """

    what: str
    ours: str = ""
    other: str = ""
    theirs: str = ""
    ratio: float | None = None
    wanted: str = ""

    def cells(self) -> tuple[str, ...]:
        """Give the row as text, in the order of `COLUMNS`."""
        ratio = "" if self.ratio is None else f"{self.ratio:.1f}" if self.ratio >= 1 else f"{self.ratio:.2f}"
        return self.what, self.ours, self.other, self.theirs, ratio, self.wanted


@dataclass(frozen=True, slots=True)
class Section:
    """What a subject found: rows, and what a reader has to know about them."""

    rows: Sequence[Row]
    notes: Sequence[str] = ()


def describe_machine() -> str:
    """Name processor, cores, memory, system and versions: `AMD EPYC, 2 cores, 24 GiB; Linux; Python ...`."""
    processor = platform.processor() or platform.machine()
    memory = ""
    if Path("/proc/cpuinfo").is_file():
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
        processor = found[1] if found else processor
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = f", {total / 2**30:.0f} GiB"
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{processor}, {os.cpu_count()} cores{memory}; {platform.system()}; "
        f"Python {platform.python_version()}; {versions}"
    )


def as_markdown(title: str, section: Section, machine: str, day: date, repeats: int) -> str:
    """Write a section, with its heading, date and machine."""
    lines = [
        f"## {title}", "", f"{day.day} {day:%B %Y}, median of {repeats}. {machine}.", "",
        f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}",
        *(f"| {' | '.join(row.cells())} |" for row in section.rows),
    ]  # fmt: skip
    if section.notes:
        lines += ["", *(f"- {note}" for note in section.notes)]
    return "\n".join(lines) + "\n"


def replace_section(document: str, title: str, text: str) -> str:
    """Put a section in the place of the one with its title, or at the end; an empty document gets its head."""
    head, *sections = re.split(r"(?m)^(?=## )", document or HEAD)
    old = next((at for at, own in enumerate(sections) if own.startswith(f"## {title}\n")), None)
    if old is None:
        sections.append(text)
    else:
        sections[old] = text
    return "\n".join(part.strip("\n") + "\n" for part in (head, *sections))
