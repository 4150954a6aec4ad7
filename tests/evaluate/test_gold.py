"""Gold is read line by line: what is about sentences is kept, what is asked of another command is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xsource.errors import InputError
from xsource.evaluate.gold import read_gold

CORPORA = Path(__file__).resolve().parents[2] / "corpora"
QUESTION = {
    "type": "question",
    "text": "Погибло двадцать человек",
    "language": "ru",
    "reported_by": [],
    "note": "n",
}
MATCH = {
    "type": "match",
    "claim": "toll",
    "claims": [{"url": "u", "sentence": "s"}, {"url": "v", "sentence": "ת"}],
}


@pytest.mark.parametrize("corpus", sorted(path.parent.name for path in CORPORA.glob("*/gold.jsonl")))
def test_questions_of_the_shipped_corpora_are_no_lines_to_measure(corpus: str) -> None:
    path = CORPORA / corpus / "gold.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    gold = read_gold(path)
    assert len(gold.matches) == sum(row["type"] == "match" for row in rows)
    expected = [
        (row["type"], row["kind"], row["note"]) for row in rows if row["type"] in ("divergence", "agreement")
    ]
    assert [(line.type, line.kind, line.note) for line in gold.lines] == expected
    assert gold.is_complete


def test_a_question_leaves_the_lines_about_sentences_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in (QUESTION, MATCH, QUESTION)), "utf-8")
    gold = read_gold(path)
    assert gold.matches == (frozenset({("u", "s"), ("v", "ת")}),)
    assert gold.lines == ()


def test_a_line_of_a_type_that_has_no_kind_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(QUESTION) + "\n" + json.dumps(QUESTION | {"type": "questoin"}) + "\n", "utf-8")
    with pytest.raises(InputError, match=r"gold\.jsonl:2: not a line of gold"):
        read_gold(path)
