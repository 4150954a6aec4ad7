"""Where the benchmark data lies, and its files as records. It is read from there, never copied in here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xsource.errors import InputError
from xsource.records import LANGUAGES, Article, ArticleId, Language, OutletId, Sentence

BENCH_VARIABLE = "XSOURCE_BENCH"
_CHECKOUT = Path(__file__).resolve().parents[2]


def bench_folder() -> Path | None:
    """Find the benchmark data: `XSOURCE_BENCH`, else `../shared/bench` beside checkout or working folder.

    Returns:
        The folder, or `None` where there is none; the caller says what it skips.

    Raises:
        InputError: `XSOURCE_BENCH` names what is not a folder.
    """
    named = os.environ.get(BENCH_VARIABLE)
    if named:
        if not Path(named).is_dir():
            raise InputError(f'{BENCH_VARIABLE} is "{named}", which is not a folder')
        return Path(named)
    for beside in (_CHECKOUT, Path.cwd()):
        folder = beside.parent / "shared" / "bench"
        if folder.is_dir():
            return folder
    return None


@dataclass(frozen=True, slots=True)
class ParallelNews:
    """The same news sentences in every language (NTREX-128).

    Attributes:
        documents: for each line, the document that it belongs to; lines of a document are consecutive.
        lines: for each language, as many sentences as `documents`, in the same order.
    """

    documents: tuple[str, ...]
    lines: dict[Language, tuple[str, ...]]


def _read_lines(path: Path) -> tuple[str, ...]:
    # Not splitlines(): a sentence may hold U+2028, which is no end of line here.
    return tuple(path.read_text("utf-8").rstrip("\n").split("\n"))


def load_ntrex(bench: Path) -> ParallelNews:
    """Read `ntrex/`.

    Raises:
        InputError: a language has more or fewer lines than `docs.txt`.
    """
    folder = bench / "ntrex"
    documents = _read_lines(folder / "docs.txt")
    lines: dict[Language, tuple[str, ...]] = {code: _read_lines(folder / f"{code}.txt") for code in LANGUAGES}
    for code, own in lines.items():
        if len(own) != len(documents):
            raise InputError(f"{folder}/{code}.txt: {len(own)} lines, expected {len(documents)} as in docs.txt")
    return ParallelNews(documents, lines)


@dataclass(frozen=True, slots=True)
class StoryCorpus:
    """Articles with their sentences and the story that each article tells.

    Attributes:
        articles: in the order of the file.
        sentences: in the order of the file, which keeps an article's together.
        stories: for each article, the name of its story.
        lines: for each sentence, its number in the document that the articles of its story translate.
    """

    articles: tuple[Article, ...]
    sentences: tuple[Sentence, ...]
    stories: tuple[str, ...]
    lines: tuple[int, ...]


def _records(path: Path) -> Iterator[dict[str, Any]]:
    for line in _read_lines(path):
        if line:
            yield json.loads(line)


def load_planted(bench: Path) -> StoryCorpus:
    """Read `planted/`: every sentence of the file counts as a claim, as the file's own."""
    articles: dict[str, Article] = {}
    for record in _records(bench / "planted" / "articles.jsonl"):
        outlet, url, text = record["outlet"], record["url"], record["text"]
        articles[url] = Article(
            id=Article.identify(outlet, url, text),
            outlet_id=OutletId(outlet),
            source=url,
            title=record["title"],
            text=text,
            language=record["language"],
            language_probability=1.0,
            published_at=datetime.fromisoformat(record["published_at"]),
            synthetic=True,
        )
    stories: dict[ArticleId, str] = {}
    sentences, lines = [], []
    for record in _records(bench / "planted" / "sentences.jsonl"):
        article = articles[record["url"]]
        stories[article.id] = record["story"]
        lines.append(record["sentence"])
        position, start, end = record["sentence"], record["start"], record["end"]
        sentences.append(
            Sentence(
                id=Sentence.identify(article.id, position),
                article_id=article.id,
                position=position,
                start=start,
                end=end,
                text=article.text[start:end],
                is_claim=True,
                claim_reason="a sentence of the benchmark",
            )
        )
    return StoryCorpus(
        tuple(articles.values()),
        tuple(sentences),
        tuple(stories[article.id] for article in articles.values()),
        tuple(lines),
    )
