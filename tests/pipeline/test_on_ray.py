"""Shards on a Ray cluster of two workers, one of which is killed while it builds."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from xsource.errors import InputError
from xsource.pipeline import build, open_reader
from xsource.pipeline.sharding.manifest import MANIFEST_FILE
from xsource.pipeline.sharding.on_ray import build_on_ray, shards_folder
from xsource.settings import Settings
from xsource.store.connection import CATALOG_FILE, LOCK_FILE, read_witness

SETTINGS = Settings(embedder="ngrams", translate=False, threads=1)
ARTICLES = 1500
needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="the extra `ray` is not installed"
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, corpora: Path) -> Path:
    """Many articles of real sentences, enough that a shard takes several transactions."""
    texts: list[tuple[str, str]] = []
    for path in sorted(corpora.glob("*/articles/*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            texts.append((record["language"], record["text"]))
    folder = tmp_path_factory.mktemp("many")
    with (folder / "many.jsonl").open("w", encoding="utf-8") as file:
        for number in range(ARTICLES):
            language, text = texts[number % len(texts)]
            record = {
                "outlet": f"outlet-{number // len(texts)}", "url": f"https://o.example/{number}", "title": "",
                "text": text, "published_at": f"2026-03-{number % 28 + 1:02}T08:00:00Z", "language": language,
            }  # fmt: skip
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return folder


def is_whole(shard: Path) -> bool:
    return json.loads((shard / MANIFEST_FILE).read_text())["content"] is not None


def writer_of(shard: Path) -> int | None:
    """The process that is building a shard and has written some of it, but not all."""
    try:
        with closing(sqlite3.connect(f"file:{shard / CATALOG_FILE}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        return read_witness(shard / LOCK_FILE).process if count and not is_whole(shard) else None
    except (FileNotFoundError, sqlite3.OperationalError):  # not there yet, or without its tables
        return None


@needs_ray
def test_a_killed_worker_loses_nothing(corpus, tmp_path):
    index = tmp_path / "index"
    command = [
        sys.executable, "-c", "from xsource.cli.main import run; run()", "build", str(corpus),
        "--index", str(index), "--ray", "local", "--shards", "2",
        "--embedder", "ngrams", "--no-translate", "--threads", "1",
    ]  # fmt: skip
    environment = {**os.environ, "RAY_memory_monitor_refresh_ms": "0"}
    killed = None
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as driver:
        parts = [shards_folder(index) / name for name in ("1-of-2", "2-of-2")]
        deadline = time.monotonic() + 240
        while killed is None and driver.poll() is None and time.monotonic() < deadline:
            for shard in parts:
                if killed := writer_of(shard):
                    break
            time.sleep(0.005)
        if killed is None:
            driver.kill()
            messages = driver.communicate(timeout=60)[1]
            if not any((part / MANIFEST_FILE).exists() for part in parts):
                pytest.skip(f"Ray did not start a worker on this machine: {messages.strip()[-300:]}")
            pytest.fail(f"no worker was seen to write: {messages}")
        assert killed != driver.pid
        os.kill(killed, signal.SIGKILL)
        assert not is_whole(shard)
        _, messages = driver.communicate(timeout=400)
    assert driver.returncode == 0, messages
    assert f"2 merged, 0 left out; {ARTICLES:,} new articles" in messages
    build([corpus], tmp_path / "whole", SETTINGS)
    with open_reader(index, SETTINGS) as merged, open_reader(tmp_path / "whole", SETTINGS) as whole:
        assert merged.articles() == whole.articles()
        assert merged._index.sentences() == whole._index.sentences()
        ids = [sentence.id for sentence in whole._index.sentences()]
        assert (merged._index.vectors(ids) == whole._index.vectors(ids)).all()
        assert merged._index.outlets() == whole._index.outlets()


@needs_ray
@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1:1", "refused"),
        ("ray://127.0.0.1:1", "refused"),
        ("nowhere", "no HOST:PORT"),
        ("", "no HOST"),
    ],
)
def test_a_cluster_that_is_not_there_is_named(tmp_path, address, reason):
    # Ray itself would end the process.
    with pytest.raises(InputError, match=f"no Ray cluster answers there: .*{reason}"):
        build_on_ray([tmp_path], tmp_path / "index", SETTINGS, address=address, shards=1)


def test_a_number_of_shards_is_checked_before_ray_is(tmp_path):
    with pytest.raises(InputError, match="--shards is 0"):
        build_on_ray([tmp_path], tmp_path / "index", SETTINGS, address="local", shards=0)
