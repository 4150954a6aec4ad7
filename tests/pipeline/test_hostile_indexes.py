"""Indexes from elsewhere: damaged, or made to break whoever merges, reads or restores them."""

# ruff: noqa: E501 - statements are one line
import json
import sqlite3
from datetime import UTC, datetime

import pytest

from xsource.errors import IndexStateError, InputError
from xsource.pipeline import build, check_index, merge_shards, open_reader
from xsource.settings import Settings
from xsource.store import open_index
from xsource.store.backup import check_backup, restore_backup, write_backup
from xsource.store.milvus_connection import is_own_address, own_settings
from xsource.store.tables import page_key, row_digest

NOW = datetime(2026, 3, 1, tzinfo=UTC)
QUICK = Settings(embedder="ngrams", translate=False)


def records(outlet, number):
    return {
        "outlet": outlet,
        "url": f"https://{outlet}.example/{number}",
        "text": f"Rescuers brought {number} people ashore on Monday. The search goes on, officials said.",
        "published_at": "2026-02-27",
    }


@pytest.fixture
def make_index(tmp_path):
    def make(name, *articles, settings=QUICK):
        source = tmp_path / f"{name}.jsonl"
        source.write_text("\n".join(map(json.dumps, articles)))
        build([source], tmp_path / name, settings, now=NOW)
        return tmp_path / name

    return make


def change(index, *statements):
    connection = sqlite3.connect(index / "catalog.sqlite3")
    connection.create_function("row_digest", -1, row_digest, deterministic=True)
    connection.create_function("page_key", 1, page_key, deterministic=True)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


HOSTILE = {
    "a figure that changed": "UPDATE articles SET text = replace(text, '12 people', '19 people')",
    "a language that is none": "UPDATE articles SET language = 'zz', digest = NULL",
    "spans outside the text": "UPDATE sentences SET end = 9000",
    "a date beyond all dates": f"UPDATE articles SET published_at = {2**62}, digest = NULL",
    "a date that is a text": "UPDATE articles SET published_at = 'soon', digest = NULL",
    "vectors cut short": "UPDATE vectors SET vector = x'00'",
    "an outlet renamed": "UPDATE outlets SET name = 'Another'",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON articles BEGIN DELETE FROM outlets; END",
    "a view without end": "CREATE VIEW endless AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT x FROM c",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_damaged_or_hostile_index_is_left_out_of_a_merge_and_named(make_index, tmp_path, name):
    bad, good = make_index("bad", records("bbc", 12)), make_index("good", records("cnn", 14))
    change(bad, HOSTILE[name])
    summary = merge_shards([bad, good], tmp_path / "merged")
    assert summary.merged == (good,)
    assert [problem.where for problem in summary.broken] == [str(bad)]
    with open_index(tmp_path / "merged", mode="read") as merged:
        assert [article.outlet_id for article in merged.articles()] == ["cnn"]
    assert not [finding for finding in check_index(tmp_path / "merged") if not finding.is_repairable]


def test_nothing_is_quoted_from_an_article_that_was_changed(make_index):
    index = make_index("index", records("bbc", 12), records("cnn", 14))
    change(index, HOSTILE["a figure that changed"])
    with open_reader(index, QUICK) as reader:
        damaged, whole = sorted(reader.articles(), key=lambda article: article.outlet_id)
        assert reader.read_article(whole.id)
        with pytest.raises(IndexStateError, match="not what was written"):
            reader.read_article(damaged.id)


def test_a_server_that_only_an_index_names_gets_no_key_and_is_not_asked(make_index, tmp_path, monkeypatch):
    pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XSOURCE_MILVUS_TOKEN", "secret")
    index = make_index("index", records("bbc", 12))
    with open_index(index, mode="write") as opened:
        opened.write_settings({"vector_store": "milvus", "milvus_uri": "http://203.0.113.1:19530"})
    (index / "xsource.toml").write_text('milvus_uri = "http://203.0.113.1:19530"\n')
    with (
        open_index(index, mode="write") as opened,
        pytest.raises(InputError, match="your settings do not name"),
    ):
        opened.vector_store()
    backup = write_backup(index, tmp_path / "b.zip")
    restore_backup(backup.path, tmp_path / "restored")  # asks nobody, or it would fail here
    merge_shards([index], tmp_path / "merged")
    with open_index(tmp_path / "merged", mode="read") as merged:
        assert merged.settings()["vector_store"] == "auto"


def test_an_address_of_the_users_own_settings_is_the_users(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not is_own_address("http://host:19530")
    monkeypatch.setenv("XSOURCE_MILVUS_URI", "http://host:19530")
    assert is_own_address("http://host:19530")
    settings = {"vector_store": "milvus", "milvus_uri": "http://host:19530"}
    assert own_settings(settings) == settings


@pytest.mark.parametrize(
    "change_manifest",
    [
        lambda manifest: manifest["files"]["catalog.sqlite3"].update(bytes="abc"),
        lambda manifest: manifest["files"]["catalog.sqlite3"].update(bytes=-1),
        lambda manifest: manifest["files"]["catalog.sqlite3"].update(sha256=5),
        lambda manifest: manifest.update(generation=float("inf")),
        lambda manifest: manifest.update(made_at=[]),
        lambda manifest: manifest.update(files=[]),
        lambda manifest: manifest["files"].update({"raw/\ud800": {"bytes": 1, "sha256": "x"}}),
        lambda manifest: manifest["files"].update({"raw/a\x1b[2J": {"bytes": 1, "sha256": "x"}}),
    ],
)
def test_a_manifest_that_says_what_cannot_be_is_refused(make_index, tmp_path, change_manifest):
    from xsource.store.backup_format import _hash_of

    write_backup(make_index("index", records("bbc", 12)), tmp_path / "backup")
    path = tmp_path / "backup" / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["manifest_sha256"]
    change_manifest(manifest)
    manifest["manifest_sha256"] = _hash_of(manifest)
    path.write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=r"manifest\.json is damaged") as raised:
        check_backup(tmp_path / "backup")
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, '{"content": "x", "articles": Infinity, "shard": "1/2", "embedder": "e"}', "{", "\x00"],
)
def test_a_shards_manifest_that_cannot_be_read_leaves_that_shard_out(make_index, tmp_path, content):
    bad, good = make_index("bad", records("bbc", 12)), make_index("good", records("cnn", 14))
    (bad / "shard.json").write_text(content)
    assert merge_shards([bad, good], tmp_path / "merged").merged == (good,)


def test_what_a_killed_backup_left_goes_with_the_next_one_and_nothing_else_does(make_index, tmp_path):
    index = make_index("index", records("bbc", 12))
    folder = tmp_path / "backups"
    (folder / ".monday.zip.partial" / "content").mkdir(parents=True)
    (folder / ".theirs.partial").mkdir()
    (folder / ".theirs.partial" / "novel.txt").write_text("mine")
    write_backup(index, folder / "tuesday.zip")
    assert sorted(path.name for path in folder.iterdir()) == [".theirs.partial", "tuesday.zip"]
