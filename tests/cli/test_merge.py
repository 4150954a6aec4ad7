"""`xsource build --shard` and `xsource merge`, as a user runs them."""

from __future__ import annotations

import json

import pytest
from conftest import Program

BUILD = ("--embedder", "ngrams", "--no-translate")


@pytest.fixture
def shards(tmp_path, corpora):
    for number in (1, 2):
        program = Program(tmp_path / f"shard-{number}")
        result = program.run("build", str(corpora), *BUILD, "--shard", f"{number}/2")
        assert " new, 0 known, 0 left out" in result.stderr
    return [str(tmp_path / "shard-1"), str(tmp_path / "shard-2")]


def test_shards_become_one_index(shards, tmp_path, corpora):
    index, whole = Program(tmp_path / "index"), Program(tmp_path / "whole")
    whole.run("build", str(corpora), *BUILD)
    first = index.run("merge", *reversed(shards))
    assert first.stdout == ""
    assert "2 merged, 0 left out; 27 new articles, 0 known" in first.stderr
    second = index.run("merge", *shards)
    assert (
        "2 merged, 0 left out; 0 new articles, 27 known; 0 translations and 0 verdicts added" in second.stderr
    )
    for words in (["outlets"], ["stories"], ["compare", "--kind", "number"], ["search", "hostages"]):
        found, expected = (json.loads(one.run(*words, "-f", "json").stdout) for one in (index, whole))
        for document in (found, expected):
            document.pop("provenance", None)  # counts the writes
        assert found == expected, words


def test_a_shard_that_is_not_there_is_named_and_the_rest_is_merged(shards, tmp_path):
    result = Program(tmp_path / "index").run("merge", shards[0], str(tmp_path / "gone"), exit_code=3)
    assert f"left out: {tmp_path / 'gone'}: no index here" in result.stderr
    assert "1 merged, 1 left out" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--shard", "3/2"], '--shard is "3/2", expected a part'),
        (["--ray", "local"], "--ray and --shards go together"),
        (["--shards", "2"], "--ray and --shards go together"),
        (["--ray", "local", "--shards", "2", "--shard", "1/2"], "not with --shard"),
        (["--ray", "local", "--shards", "2", "--rebuild"], "not with --shard or --rebuild"),
    ],
    ids=["no such shard", "ray alone", "shards alone", "both", "rebuild"],
)
def test_options_that_do_not_fit_are_refused(tmp_path, corpora, words, message):
    result = Program(tmp_path / "index").run("build", str(corpora), *BUILD, *words, exit_code=1)
    assert message in result.stderr
    assert not (tmp_path / "index").exists()
