"""What is interrupted: every command that writes an index, on the shipped corpora, and how it is judged.

A work starts from a folder (`prepare`), runs, and may be run again after it was interrupted. `reference` is the
folder after an uninterrupted run. Everything here runs inside the warmed process of `nursery.py`.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xsource.pipeline import build, check_index, find_articles, remove_articles
from xsource.pipeline.building import build as building
from xsource.settings import Settings
from xsource.store import Index, open_index
from xsource.store.backup import restore_backup, write_backup
from xsource.store.connection import CATALOG_FILE

CORPORA = sorted(path.parent for path in (Path(__file__).resolve().parents[2] / "corpora").glob("*/articles"))
SETTINGS = Settings(embedder="ngrams", translate=False, threads=1)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
REMOVED = "tass"

# The shipped corpora are one batch of the usual size: a kill would find all articles or none.
building.BATCH_ARTICLES = 4  # type: ignore[misc]


def use_part(files: int, place: Path) -> None:
    """Let corpora be copies with so many article files each, the last ones, and a batch hold as many.

    A build of them changes less, and still writes several batches.
    """
    building.BATCH_ARTICLES = files  # type: ignore[misc]
    parts = []
    for corpus in CORPORA:
        part = place / corpus.name
        shutil.copytree(corpus, part)
        for path in sorted((part / "articles").iterdir())[:-files]:
            path.unlink()
        parts.append(part)
    CORPORA[:] = parts


def build_all(place: Path, corpora: list[Path] | None = None, *, rebuild: bool = False) -> None:
    """Build the index of a folder from corpora; all of them when left out."""
    build(CORPORA if corpora is None else corpora, place / "index", SETTINGS, rebuild=rebuild, now=NOW)


def _remove(place: Path) -> None:
    with open_index(place / "index", mode="read") as index:
        there = index.find_articles(outlet=REMOVED)
    if there:
        remove_articles(place / "index", [article.id for article in find_articles(place / "index", [REMOVED])])


def _repair(place: Path) -> None:
    check_index(place / "index", repair=True)


def _backup(place: Path) -> None:
    write_backup(place / "index", place / "index.backup", replace=True)


def _restore(place: Path) -> None:
    restore_backup(place / "backup", place / "index", replace=True)


def _rebuild(place: Path) -> None:
    build_all(place, rebuild=True)


def _prepare_nothing(place: Path) -> None:
    pass


def _prepare_part(place: Path) -> None:
    build_all(place, CORPORA[:2])
    (place / "index" / "outlets.toml").write_text("", "utf-8")


def _prepare_whole(place: Path) -> None:
    build_all(place)


def _prepare_damaged(place: Path) -> None:
    build_all(place)
    (vectors,) = (place / "index").glob("vectors-*.faiss")
    vectors.write_bytes(vectors.read_bytes()[:-100])


def _prepare_backup(place: Path) -> None:
    build_all(place)
    write_backup(place / "index", place / "backup")
    shutil.rmtree(place / "index")
    build_all(place, CORPORA[:1])


@dataclass(frozen=True)
class Work:
    """Something that writes.

    Attributes:
        prepare: makes the folder that it starts from.
        run: does it; doing it again after an interruption ends the same.
        keeps_whole: the index may only ever be what it was before or is afterwards, nothing between.
    """

    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    keeps_whole: bool


WORKS: dict[str, Work] = {
    "build": Work(_prepare_nothing, build_all, keeps_whole=False),
    "add": Work(_prepare_part, build_all, keeps_whole=False),
    "rebuild": Work(_prepare_part, _rebuild, keeps_whole=True),
    "remove": Work(_prepare_whole, _remove, keeps_whole=True),
    "repair": Work(_prepare_damaged, _repair, keeps_whole=True),
    "backup": Work(_prepare_whole, _backup, keeps_whole=True),
    "restore": Work(_prepare_backup, _restore, keeps_whole=True),
}


def warm_up(place: Path) -> None:
    """Load what a build loads, so that a fork of this process begins at once."""
    place.mkdir()
    build_all(place, CORPORA[:1])
    with open_index(place / "index", mode="read") as index:
        index.vector_store()
        index.check()
    shutil.rmtree(place)


def mark_stages(mark: Callable[[str], None]) -> None:
    """Have a build say which stage it is in, wherever the pipeline keeps the stage's function."""
    from xsource.embed.ngrams import NgramEmbedder
    from xsource.ingest import read_articles
    from xsource.pipeline.building.translating import translate_new
    from xsource.segment.detect import ScriptFirstDetector
    from xsource.segment.sentences import segment

    def told(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            mark(stage)
            return function(*given, **named)

        return run

    def told_again(*given: Any, **named: Any) -> Iterator[Any]:
        mark("ingest")
        for item in read_articles(*given, **named):
            yield item
            mark("ingest")

    stages = {read_articles: told_again, segment: told("segment", segment)}
    stages[translate_new] = told("translate", translate_new)
    for name, module in list(sys.modules.items()):
        if name.startswith("xsource.pipeline"):
            for attribute, value in list(vars(module).items()):
                if callable(value) and value in stages:
                    setattr(module, attribute, stages[value])
    for owner, method, stage in (
        (ScriptFirstDetector, "detect", "segment"),
        (NgramEmbedder, "embed", "embed"),
        (Index, "write_articles", "store"),
        (Index, "vector_store", "vector file"),
        (Index, "close", "close"),
    ):
        setattr(owner, method, told(stage, getattr(owner, method)))


def mark_commits(mark: Callable[[str], None]) -> None:
    """Have every transaction say that it was told to be on disk, and the generation it reached."""
    from xsource.store.catalog import Catalog

    plain = Catalog._writing
    from contextlib import contextmanager

    @contextmanager
    def told(self: Catalog) -> Iterator[sqlite3.Connection]:
        with plain(self) as connection:
            yield connection
        articles = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        mark(f"{self._catalog_path.parent.name} {self.generation} {articles}")

    Catalog._writing = told


def dump(folder: Path) -> dict[str, str]:
    """Hash every table of a catalogue, and every other file that is part of the index, byte for byte."""
    found: dict[str, str] = {}
    with open_index(folder, mode="read") as index:
        connection = index._connection
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name in sorted(names):
            digest = hashlib.sha256()
            for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2"):
                if (
                    row[0] != "vector_file"
                ):  # a note on which file may be built upon; without it one is made anew
                    digest.update(repr(row).encode())
            found[name] = digest.hexdigest()
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith((CATALOG_FILE, "write.lock")):
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def articles_of(folder: Path) -> dict[str, str]:
    """Hash each article with its sentences and vectors."""
    found = {}
    with open_index(folder, mode="read") as index:
        for article in index.articles():
            sentences = index.sentences([article.id])
            vectors = index.vectors([sentence.id for sentence in sentences])
            whole = hashlib.sha256(repr((article, sentences)).encode() + vectors.tobytes())
            found[str(article.id)] = whole.hexdigest()
    return found
