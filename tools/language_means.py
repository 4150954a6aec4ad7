"""Make the reference that is shipped for the bundled model: language means and reference sentences.

    python tools/language_means.py ../shared/train

Reads FLORES-200 dev (`flores-dev.{ru,ar,he}-en.tsv`, source sentence, TAB, English), embeds the sentences that
all four languages have, and writes `xsource/align/shipped/<model>.npz`: for each language the mean vector
(float32) and the centred unit vectors, in 8 bits a number. Vectors only; the text stays where it is.
"""

import sys
from pathlib import Path

import numpy as np

from xsource.align.similarity import centre
from xsource.embed.bundled import BundledEmbedder

FOLDER = Path(__file__).parents[1] / "xsource" / "align" / "shipped"


def read_parallel(folder: Path) -> dict[str, list[str]]:
    by_english: dict[str, dict[str, str]] = {}
    for code in ("ru", "ar", "he"):
        for line in (folder / f"flores-dev.{code}-en.tsv").read_text("utf-8").rstrip("\n").split("\n"):
            source, english = line.split("\t")
            by_english.setdefault(english, {"en": english})[code] = source
    complete = [row for row in by_english.values() if len(row) == 4]
    return {code: [row[code] for row in complete] for code in sorted(complete[0])}


def main(folder: Path) -> None:
    texts = read_parallel(folder)
    embedder = BundledEmbedder()
    stored = {"embedder": np.array(embedder.id), "languages": np.array(list(texts))}
    for code, sentences in texts.items():
        vectors = embedder.embed(sentences)
        mean = vectors.mean(axis=0, dtype=np.float32)
        centred = centre(vectors, [code] * len(sentences), {code: mean})
        stored[f"mean_{code}"] = mean
        stored[f"sentences_{code}"] = np.round(centred * (127 / np.abs(centred).max())).astype(np.int8)
        print(f"{code}: {len(sentences)} sentences")
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{embedder.id.split('/')[0]}.npz"
    np.savez_compressed(path, **stored)
    print(f"{path}: {path.stat().st_size:,} bytes, for {embedder.id}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
