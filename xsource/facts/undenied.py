"""A sentence without one of its denials: "did not resume" as "did resume".

Set beside what another outlet says, it tells whether the denial is the difference: when the sentence comes
nearer to the other without it, the other does not deny; when it moves away, the other says the same in other
words ("let nobody in", "blocked the gates").
"""

from __future__ import annotations

import re

from xsource.facts.polarity import Cue

_SPACES = re.compile(" {2,}")
_SPACE_BEFORE_MARK = re.compile(r" (?=[.,;:،؛])")
_STEMS = {"wo": "will", "ca": "can", "sha": "shall", "ai": "is"}


def without_denial(text: str, cue: Cue) -> str:
    """Leave out the denying words; of a word that is denied by its ending ("didn't", "cannot") the rest stays.

    Grammar may suffer: what is read by a model of meaning need not be well formed.
    """
    rest = _rest_of(cue.words)
    joined = f"{text[: cue.start]}{rest}{' ' if not rest else ''}{text[cue.end :]}"
    return _SPACE_BEFORE_MARK.sub("", _SPACES.sub(" ", joined)).strip()


def _rest_of(words: str) -> str:
    """Give what of the denying words does not deny: "did" of "didn't", nothing of "not"."""
    if words.lower() in ("cannot", "can not"):
        return words[:3]
    for ending in ("n't", "n’t"):
        if words.lower().endswith(ending):
            stem = words[: -len(ending)]
            return _STEMS.get(stem.lower(), stem)
    return ""
