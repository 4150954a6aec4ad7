"""Print how alike sentences are that say the same, and that only stand beside each other.

    python tools/calibrate_closeness.py --text FOLDER

FOLDER holds parallel text, as for `train_polarity.py`. Sentences of news are set against their translations and
against the sentence that follows them, in the same language and in another. The percentiles of the latter are
where the limits of `xsource/compare/same_statement.py` come from.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
from polarity_pairs import read_items

from xsource.compare.contradiction import PolarityHead
from xsource.embed.bundled import BundledEmbedder

ITEMS = 400
PERCENTILES = (2, 10, 20, 50, 90, 98, 99, 99.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, required=True)
    options = parser.parse_args()
    news = [item for item in read_items(options.text)[0] if item.is_news]
    followed = random.Random(1).sample(list(pairwise(news)), ITEMS)
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for item, following in followed:
        for (code, text), (other_code, other) in combinations(sorted(item.texts.items()), 2):
            pairs[f"translation {code}-{other_code}"].append((text, other))
        for code, text in item.texts.items():
            for other_code, other in following.texts.items():
                where = "in one language" if code == other_code else "across languages"
                pairs[f"following, {where}"].append((text, other))
    head = PolarityHead(BundledEmbedder().token_states)
    print(f"{'percentiles':34}" + "".join(f"{p:>7}" for p in PERCENTILES))
    for name, chosen in sorted(pairs.items()):
        found = np.percentile(head.closeness(chosen), PERCENTILES)
        print(f"{name:27}{len(chosen):7}" + "".join(f"{value:7.2f}" for value in found))


if __name__ == "__main__":
    main()
