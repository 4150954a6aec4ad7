"""Write xsource/facts/name_letters.json: how a word of Arabic or Hebrew looks when it spells a foreign name.

usage: train_name_letters.py TRAIN_DIR

TRAIN_DIR holds `*.<language>-en.tsv`: a sentence, a tab, its English. A word is an example of a name when it
sounds like a capitalised word of the English sentence that is no ordinary word; every other word that is seen
is an example of none. Logistic regression over the groups of one to four letters, edges of the word included.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from xsource.facts.name_letters import letter_groups
from xsource.facts.skeletons import sound_similarity
from xsource.facts.spelling import base_forms, count_consonants, skeleton
from xsource.facts.text.folding import fold_name as fold
from xsource.facts.words import WORD, is_ordinary

WEIGHTS = Path(__file__).parents[1] / "xsource" / "facts" / "name_letters.json"
SMALLEST_WEIGHT = 0.08


def examples(folder: Path, language: str) -> tuple[dict[str, int], set[str]]:
    """Collect words that spell a name, without their clitics, and words that do not."""
    names: dict[str, int] = {}
    others: set[str] = set()
    for path in sorted(folder.glob(f"*.{language}-en.tsv")):
        for line in path.read_text("utf-8").splitlines():
            text, english = [*line.split("\t"), ""][:2]
            capitalised = [
                skeleton(word, "en")
                for place, word in enumerate(WORD.findall(english))
                if word[0].isupper()
                and not (place == 0 and is_ordinary(word, "en"))
                and not is_ordinary(word, "en")
            ]
            for word in WORD.findall(text):
                likeness = {
                    form: max(
                        (sound_similarity(skeleton(form, language), other, 0.6) for other in capitalised),
                        default=0,
                    )
                    for form in base_forms(word, language)
                }
                best = max(likeness, key=lambda form: (likeness[form], len(form)))
                if likeness[best] >= 0.8 and count_consonants(skeleton(best, language)) >= 2:
                    names[best] = names.get(best, 0) + 1
                elif likeness[best] < 0.6:
                    others.add(fold(word))
    return names, others


def main(folder: Path) -> None:
    """Train both languages and write the weights."""
    weights = {}
    for language in ("ar", "he"):
        names, others = examples(folder, language)
        positive = sorted(name for name in names if not is_ordinary(name, language))
        negative = sorted(others - set(positive))
        words = positive + negative
        labels = np.array([1] * len(positive) + [0] * len(negative))
        vectorizer = CountVectorizer(analyzer=letter_groups, binary=True, min_df=3)
        features = vectorizer.fit_transform(words)
        held_out = np.arange(len(words)) % 5 == 0
        for is_check in (True, False):
            model = LogisticRegression(C=0.5, max_iter=2000, class_weight="balanced")
            chosen = ~held_out if is_check else np.ones(len(words), bool)
            model.fit(features[chosen], labels[chosen])
            if is_check:
                probability = model.predict_proba(features[held_out])[:, 1]
                for cut in (0.5, 0.7, 0.8, 0.9):
                    said = probability >= cut
                    print(
                        language,
                        cut,
                        f"names found {said[labels[held_out] == 1].mean():.2f},",
                        f"other words taken for names {said[labels[held_out] == 0].mean():.3f}",
                    )
        groups = vectorizer.get_feature_names_out()
        kept = {
            group: round(float(weight), 2)
            for group, weight in zip(groups, model.coef_[0], strict=True)
            if abs(weight) >= SMALLEST_WEIGHT
        }
        print(language, len(positive), "names", len(negative), "other words", len(kept), "weights")
        weights[language] = {
            "bias": round(float(model.intercept_[0]), 2),
            "weights": dict(sorted(kept.items())),
        }
    WEIGHTS.write_text(json.dumps(weights, ensure_ascii=False, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
