"""What analysts said of divergences, as gold: a newsroom measures the tool on its own text.

A confirmed divergence becomes a `divergence` line, one marked wrong an `agreement`; what is unsure is left out.
Nobody has read for what was *not* flagged, so the file begins with a `scope` line that says it is not complete:
only what was marked wrong counts as a false alarm, and recall is of what was once flagged and confirmed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from xsource.store.verdicts import StoredVerdict

_LINE_TYPES = {"confirmed": "divergence", "wrong": "agreement"}


def gold_of(verdicts: Iterable[StoredVerdict]) -> str:
    """Write verdicts in the format of `corpora/README.md`, a line each, in their order."""
    lines: list[dict[str, Any]] = [{"type": "scope", "complete": False}]
    lines += _lines(verdicts)
    # A lone surrogate cannot be stored, so none can come out.
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _lines(verdicts: Iterable[StoredVerdict]) -> Iterator[dict[str, Any]]:
    for stored in verdicts:
        if stored.verdict not in _LINE_TYPES:
            continue
        judged = stored.judged
        line: dict[str, Any] = {
            "type": _LINE_TYPES[stored.verdict],
            "kind": judged.kind,
            "sides": [
                {"url": side.article_url, "sentence": side.sentence, "words": side.words or side.sentence}
                for side in judged.sides
            ],
            "note": stored.note,
            "by": stored.by,
        }
        if judged.absent_from:
            line["absent_from"] = [{"url": absence.article_url} for absence in judged.absent_from]
        yield line
