"""A story is judged once: what was said of its sentences is kept beside the index until one of them changes."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from xsource.pipeline.reading.judging_pairs import StoryJudge, StoryPairs, cosines_of, cut_to
from xsource.records import Claim, FloatMatrix, stable_id
from xsource.store.judged_files import JudgedFiles

_COLUMNS = ("claims", "left", "right", "same", "differs", "groups")


class KeepingJudge:
    """Gives what was judged before, and judges what was not.

    Args:
        judge: asked where nothing is kept.
        judged_by: its id, and of whatever else its answers follow from.
        files: keep the answers.
    """

    def __init__(self, judge: StoryJudge, judged_by: str, files: JudgedFiles) -> None:
        self._judge, self._judged_by, self._files = judge, judged_by, files

    def statements(self, sentences: Sequence[Claim]) -> list[Claim]:
        """Give the sentences without what states nothing at their ends."""
        key = stable_id("spans", self._judged_by, *(claim.sentence.text for claim in sentences))
        spans = _spans(self._files.read(key), sentences)
        if spans is None:
            found = self._judge.statements(sentences)
            cut = [
                (own.sentence.start - claim.sentence.start, own.sentence.end - claim.sentence.start)
                for own, claim in zip(found, sentences, strict=True)
            ]
            self._files.keep(key, json.dumps(cut).encode())
            return found
        return cut_to(sentences, spans)

    def judge(self, sentences: Sequence[Claim], vectors: FloatMatrix, possible: Sequence[bool]) -> StoryPairs:
        """Judge the likeliest pairs of a story; see `ReadingJudge.judge`."""
        texts = [
            f"{claim.article.id} {claim.article.language} {may} {claim.sentence.text}"
            for claim, may in zip(sentences, possible, strict=True)
        ]
        key = stable_id("pairs", self._judged_by, *texts)
        kept = _pairs(self._files.read(key), vectors)
        if kept is None:
            kept = self._judge.judge(sentences, vectors, possible)
            body = {name: getattr(kept, name) for name in _COLUMNS}
            self._files.keep(key, json.dumps(body).encode())
        return kept

    def number(self, name: str) -> float:
        """Give one of the judge's numbers."""
        return self._judge.number(name)


def _spans(body: bytes | None, sentences: Sequence[Claim]) -> list[tuple[int, int]] | None:
    if body is None:
        return None
    spans = [(int(start), int(end)) for start, end in json.loads(body)]
    return spans if len(spans) == len(sentences) else None


def _pairs(body: bytes | None, vectors: FloatMatrix) -> StoryPairs | None:
    if body is None:
        return None
    found = json.loads(body)
    left, right = (np.array(found[name], np.int64) for name in ("left", "right"))
    return StoryPairs(
        claims=tuple(found["claims"]),
        left=tuple(found["left"]),
        right=tuple(found["right"]),
        same=tuple(found["same"]),
        differs=tuple(found["differs"]),
        cosines=cosines_of(vectors, left, right),
        groups=tuple(tuple(group) for group in found["groups"]),
    )
