"""Articles for the store's tests, the same ones for a seed; run as a program it is a build that can be killed.

    python newsroom.py FOLDER BATCHES [MOST_BYTES_A_FILE]

It prints a line after each batch, so that the test knows what was committed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from xsource.errors import Problem, XSourceError
from xsource.records import Article, FloatMatrix, Outlet, OutletId, Sentence
from xsource.store import Index, StoredTranslation, open_index

DIMENSION = 16
EMBEDDER = "test-embedder/1"
OUTLETS = [
    Outlet(OutletId("vesti-nord"), "Вести Норд", "ru", "RU", "Vesti Nord"),
    Outlet(OutletId("hayarkon"), "הירקון", "he", "IL", "HaYarkon"),
    Outlet(OutletId("al-manara"), "المنارة", "ar", None, "Al-Manara"),
    Outlet(OutletId("harbour-post"), "Harbour Post", "en", "GB", "Harbour Post"),
]
LINES = {
    "vesti-nord": "Делегация №{} прибыла в порт 😀.",
    "hayarkon": "משלחת {} הגיעה לנמל.",
    "al-manara": "وصل الوفد {} إلى الميناء.",
    "harbour-post": "Delegation {} reached the port\u2028at dawn.",
}
Item = tuple[Article, list[Sentence], FloatMatrix]


def unit_vectors(count: int, seed: int) -> FloatMatrix:
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def make_article(number: int, sentences: int = 3) -> Item:
    """Article `number`, of the outlets in turn, a day after the one before; every seventh has no date."""
    outlet = OUTLETS[number % len(OUTLETS)]
    lines = [LINES[outlet.id].format(100 * number + i) for i in range(sentences)]
    text = "\n".join(lines)
    source = f"https://{outlet.id}.example/{number}"
    article = Article(
        id=Article.identify(outlet.id, source, text),
        outlet_id=outlet.id,
        source=source,
        title=lines[0] if lines else "",
        text=text,
        language=outlet.language,  # type: ignore[arg-type]
        language_probability=0.25 + number / 1024,
        published_at=None
        if number % 7 == 6
        else datetime(2024, 2, 1, 6, 30, 0, number, UTC) + timedelta(number),
        agency="tass" if number % 5 == 0 else None,
        synthetic=number % 2 == 0,
    )
    found, start = [], 0
    for position, line in enumerate(lines):
        end = start + len(line)
        found.append(
            Sentence(
                Sentence.identify(article.id, position), article.id, position, start, end, line,
                is_claim=position % 2 == 0, claim_reason="has a number" if position % 2 == 0 else "too short",
            )
        )  # fmt: skip
        start = end + 1
    return article, found, unit_vectors(sentences, number)


def make_batch(number: int, size: int = 4) -> list[Item]:
    return [make_article(number * size + i) for i in range(size)]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write_all(index: Index, batches: int) -> None:
    for number in range(batches):
        batch = make_batch(number)
        known = index.known_articles([article.id for article, _, _ in batch])
        index.write_articles([item for item in batch if item[0].id not in known], OUTLETS)
        for article, sentences, _ in batch:
            route = (article.language, "en")
            missing = {s.text for s in sentences} - index.translations(
                [s.text for s in sentences], route, "m/1"
            ).keys()
            index.write_translations(
                route, "m/1", {text: StoredTranslation(f"[{text}]", ("copied",)) for text in sorted(missing)}
            )
        say(str(number))
    index.write_problems([Problem("feed.jsonl:3", "no text", "give one")])


if __name__ == "__main__":
    folder, batches, *most = sys.argv[1:]
    if most:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most[0]), int(most[0])))
    try:
        with open_index(Path(folder), mode="write", embedder_id=EMBEDDER, dimension=DIMENSION) as opened:
            write_all(opened, int(batches))
            opened.vector_store()
            say("done")
    except XSourceError as exc:
        say(f"{type(exc).__name__}: {exc.message} | {exc.hint}")
        sys.exit(1)
