"""Make the reference that is shipped for the bundled model: language means, a map and reference sentences.

    python tools/sentence_reference.py ../shared/train [--cache FOLDER]

Reads parallel text (source sentence, TAB, English): FLORES-200 dev, which all four languages have, for the
means and the reference sentences; with it TICO-19, UD PUD and Tatoeba for the map. Writes
`xsource/align/shipped/<model>.npz`: for each language the mean vector (float32) and the mapped unit vectors of
the reference sentences (8 bits a number), and the map (float16). Vectors only; the text stays where it is.

The map is one matrix for all languages, trained from the identity so that a sentence is nearer to its
translation than to the others of a batch (InfoNCE, van den Oord et al. 2018, arXiv:1807.03748, equation 4).
NTREX dev, 22 November 2026: open-set F1, 20 seeds, corpus pool .936 without and .942 with it, article .942
and .947; one question at a time right at rank 1 97.0 % and 97.2 %.
"""

import argparse
import random
from itertools import combinations
from pathlib import Path

import numpy as np

from xsource.align.similarity import centre, normalise
from xsource.embed.bundled import BundledEmbedder
from xsource.records import FloatMatrix

FOLDER = Path(__file__).parents[1] / "xsource" / "align" / "shipped"
PAIRED = (
    "ud-pud.ru",
    "ud-pud.ar",
    "tico19.ru",
    "tico19.ar",
    "tatoeba-test.he",
    "tatoeba-test.ru",
    "tatoeba-test.ar",
)
MOST_PAIRS = {"tatoeba-test.he": 6000, "tatoeba-test.ru": 3000, "tatoeba-test.ar": 3000}
SHORTEST_ENGLISH = 25  # of Tatoeba: "I see." says nothing about news

EPOCHS = 6
BATCH = 512
TEMPERATURE = 0.05
LEARNING_RATE = 5e-4
HOLD = 0.003  # weight of the squared distance to the identity

Pair = tuple[FloatMatrix, FloatMatrix]


def read_pairs(folder: Path, name: str) -> list[tuple[str, str]]:
    lines = (folder / f"{name}-en.tsv").read_text("utf-8").rstrip("\n").split("\n")
    pairs = [(line.split("\t")[0], line.split("\t")[1]) for line in lines]
    if name in MOST_PAIRS:
        pairs = [pair for pair in pairs if len(pair[1]) > SHORTEST_ENGLISH]
        pairs = random.Random(0).sample(pairs, min(len(pairs), MOST_PAIRS[name]))
    return pairs


def read_flores(folder: Path) -> dict[str, list[str]]:
    by_english: dict[str, dict[str, str]] = {}
    for code in ("ru", "ar", "he"):
        for source, english in read_pairs(folder, f"flores-dev.{code}"):
            by_english.setdefault(english, {"en": english})[code] = source
    complete = [row for row in by_english.values() if len(row) == 4]
    return {code: [row[code] for row in complete] for code in sorted(complete[0])}


def embed(embedder: BundledEmbedder, name: str, texts: list[str], cache: Path | None) -> FloatMatrix:
    path = cache / f"{name}.npy" if cache else None
    if path and path.is_file():
        return np.load(path)
    vectors = embedder.embed(texts)
    print(f"{name}: {len(texts)} sentences")
    if path:
        np.save(path, vectors)
    return vectors


def centred_by_own_mean(vectors: FloatMatrix) -> FloatMatrix:
    # Each set by its own mean: everyday talk lies elsewhere than news, and the map must not learn that.
    return normalise(vectors - vectors.mean(axis=0))


def train_map(pairs: list[Pair]) -> FloatMatrix:
    import torch
    from torch.nn.functional import cross_entropy, normalize

    torch.manual_seed(0)
    sides = [(torch.from_numpy(left), torch.from_numpy(right)) for left, right in pairs]
    identity = torch.eye(pairs[0][0].shape[1])
    matrix = identity.clone().requires_grad_()
    optimizer = torch.optim.Adam([matrix], lr=LEARNING_RATE)
    for _ in range(EPOCHS):
        batches = [
            (at, rows) for at, (left, _) in enumerate(sides) for rows in torch.randperm(len(left)).split(BATCH)
        ]
        for turn in torch.randperm(len(batches)).tolist():
            at, rows = batches[turn]
            left, right = (normalize(side[rows] @ matrix, dim=1) for side in sides[at])
            cosine = left @ right.T / TEMPERATURE
            truth = torch.arange(len(rows))
            loss = cross_entropy(cosine, truth) + cross_entropy(cosine.T, truth)
            loss = loss + HOLD * ((matrix - identity) ** 2).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return matrix.detach().numpy()


def main(folder: Path, cache: Path | None) -> None:
    embedder = BundledEmbedder()
    flores = {code: embed(embedder, f"flores-{code}", own, cache) for code, own in read_flores(folder).items()}
    pairs = [
        (centred_by_own_mean(flores[one]), centred_by_own_mean(flores[two]))
        for one, two in combinations(flores, 2)
    ]
    for name in PAIRED:
        texts = read_pairs(folder, name)
        sides = [
            embed(embedder, f"{name}-{side}", [pair[at] for pair in texts], cache)
            for at, side in enumerate(("source", "english"))
        ]
        pairs.append((centred_by_own_mean(sides[0]), centred_by_own_mean(sides[1])))
    matrix = train_map(pairs).astype(np.float16)
    stored = {
        "embedder": np.array(embedder.id),
        "languages": np.array(list(flores)),
        "map": matrix,
    }
    for code, vectors in flores.items():
        mean = vectors.mean(axis=0, dtype=np.float32)
        mapped = normalise(centre(vectors, [code] * len(vectors), {code: mean}) @ matrix.astype(np.float32))
        stored[f"mean_{code}"] = mean
        stored[f"sentences_{code}"] = np.round(mapped * (127 / np.abs(mapped).max())).astype(np.int8)
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{embedder.id.split('/')[0]}.npz"
    np.savez_compressed(path, **stored)
    print(f"{path}: {path.stat().st_size:,} bytes, for {embedder.id}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, help="keep and reuse sentence vectors here")
    arguments = parser.parse_args()
    main(arguments.folder, arguments.cache)
