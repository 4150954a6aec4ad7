"""Readers, a writer, `doctor` and backups beside one another for some seconds; `make crash` takes minutes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

import pytest

from xsource.errors import StorageError
from xsource.pipeline import build
from xsource.settings import Settings
from xsource.store import open_index


def test_every_answer_beside_a_writer_is_of_one_generation(tools: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(tools / "readers_and_writer.py"), "--seconds", "5", "--readers", "3"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    report = json.loads(done.stdout)
    assert report["faults"] == []
    assert report["writes"] > 5
    assert all(row["answers"] > 5 for row in report["readers"] if isinstance(row["reader"], int))


def test_a_rebuild_refuses_to_start_beside_a_writer(whole: Path, corpora: Path) -> None:
    with open_index(whole, mode="write"), pytest.raises(StorageError, match="is writing this index"):
        build([corpora / "valley-truce"], whole, Settings(embedder="ngrams", translate=False), rebuild=True)
    assert sorted(path.name for path in whole.parent.iterdir()) == ["index"]


def test_a_writer_waits_for_no_rebuild_and_loses_nothing(
    folder: Path, corpora: Path, newsroom: ModuleType
) -> None:
    """What is written beside a rebuild would be lost with the old folder: the writer is refused instead."""
    settings = Settings(embedder="ngrams", translate=False)
    build([corpora / "valley-truce"], folder, settings)
    told: list[str] = []

    def interfere(stage: str, done: int, total: int | None) -> None:
        try:
            open_index(folder, mode="write").close()
        except StorageError as error:
            told.append(error.message)

    build([corpora / "port-explosion"], folder, settings, rebuild=True, progress=interfere)
    assert told
    assert all("is writing this index" in message for message in told)
    open_index(folder, mode="write").close()


def test_a_reader_keeps_its_view_through_a_rebuild(folder: Path, corpora: Path) -> None:
    settings = Settings(embedder="ngrams", translate=False)
    build([corpora / "valley-truce"], folder, settings)
    with open_index(folder, mode="read") as reader:
        before = (reader.articles(), [sentence.id for sentence in reader.sentences()])
        build([corpora / "port-explosion"], folder, settings, rebuild=True)
        assert (reader.articles(), [sentence.id for sentence in reader.sentences()]) == before
        queries = reader.vectors(before[1][:3])
        assert [row[0][0] for row in reader.search(queries, 1)] == before[1][:3]
    with open_index(folder, mode="read") as reader:
        assert {article.id for article in reader.articles()}.isdisjoint(article.id for article in before[0])


def test_a_rebuild_keeps_what_is_not_the_index(folder: Path, corpora: Path) -> None:
    settings = Settings(embedder="ngrams", translate=False)
    build([corpora / "valley-truce"], folder, settings)
    (folder / "raw" / "pages").mkdir(parents=True)
    (folder / "raw" / "pages" / "a.warc.gz").write_bytes(b"a page")
    (folder / "outlets.toml").write_text("", "utf-8")
    (folder / "notes.txt").write_text("наши заметки", "utf-8")

    build([corpora / "valley-truce"], folder, settings, rebuild=True)
    assert (folder / "raw" / "pages" / "a.warc.gz").read_bytes() == b"a page"
    assert (folder / "notes.txt").read_text("utf-8") == "наши заметки"
    assert (folder / "outlets.toml").exists()
    assert sorted(path.name for path in folder.parent.iterdir()) == ["index"]


@pytest.mark.parametrize("kind", ["folder of something else", "file"])
def test_a_rebuild_does_not_empty_what_is_no_index(folder: Path, corpora: Path, kind: str) -> None:
    if kind == "file":
        folder.write_text("a letter", "utf-8")
    else:
        folder.mkdir()
        (folder / "letter.txt").write_text("a letter", "utf-8")
    with pytest.raises(StorageError, match=r"expected an index folder|holds 1 files and no index"):
        build([corpora / "valley-truce"], folder, Settings(embedder="ngrams", translate=False), rebuild=True)
    letter = folder if kind == "file" else folder / "letter.txt"
    assert letter.read_text("utf-8") == "a letter"


def test_a_reader_that_comes_while_the_catalogue_is_made_waits_or_is_told(
    folder: Path, newsroom: ModuleType
) -> None:
    ends: list[object] = []

    def ask() -> None:
        until = time.monotonic() + 2
        while time.monotonic() < until and not ends:
            try:
                with open_index(folder, mode="read") as reader:
                    ends.append(reader.articles())
            except Exception as error:  # noqa: BLE001 - what it is, is the question
                if "no index here" not in str(error) and "is writing this index" not in str(error):
                    ends.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    with open_index(folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION) as index:
        index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    thread.join()
    assert len(ends) == 1
    assert isinstance(ends[0], list)
