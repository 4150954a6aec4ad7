"""`xsource build --columns`: files of other tools, under names of their own."""

from __future__ import annotations

import json

import pytest
from conftest import Program

TEXT = "Переговоры начались в пятницу вечером в министерстве. В них участвуют 12 делегаций."


MAPPED = "outlet=source,url=link,title=name,text=body"


@pytest.fixture
def index(tmp_path, monkeypatch) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XSOURCE_EMBEDDER", "ngrams")
    return Program(tmp_path / "index")


def sources_in(index: Program) -> list[tuple[str, str]]:
    rows = json.loads(index.run("search", "переговоры", "-f", "json").stdout)["results"]
    return sorted({(row["outlet"], row["article_url"]) for row in rows})


@pytest.mark.parametrize("options", [
    ("--columns", "url=link,text=body, the whole,title=headline", "--set", "outlet=ТАСС"),
    ("--columns", "url=link", "--columns", "text=body, the whole", "--set", "outlet=tass"),
])  # fmt: skip
def test_a_table_is_read_under_its_own_names(index, tmp_path, options):
    header = 'link,headline,"body, the whole",published_at'
    (tmp_path / "a.csv").write_text(f'{header}\nhttps://tass.ru/1,Заголовок,"{TEXT}",2026-02-27\n', "utf-8")
    result = index.run("build", "a.csv", *options, "--no-translate")
    assert "1 read: 1 new" in result.stderr
    assert sources_in(index) == [("tass", "https://tass.ru/1")]


def test_json_lines_are_read_under_their_own_names(index, tmp_path):
    lines = [
        {
            "source": "kommersant",
            "link": "https://kommersant.ru/doc/1",
            "name": "З",
            "body": TEXT,
            "url": 7,
        },
        {"source": "kommersant", "link": "https://kommersant.ru/doc/2"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    result = index.run(
        "build",
        "a.jsonl",
        "--columns",
        MAPPED,
        "--no-translate",
        exit_code=3,
    )
    assert "a.jsonl:2: record has no 'body'; it has: source, link" in result.stderr
    assert sources_in(index) == [("kommersant", "https://kommersant.ru/doc/1")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--columns", "link"), '--columns has "link", expected FIELD=NAME'),
        (("--columns", "url="), '--columns has "url=", expected FIELD=NAME'),
        (("--columns", "link=url"), '--columns has the field "link", expected one of outlet, url, title'),
        (("--columns", "url=a,url=b"), "--columns has the field url twice"),
        (("--columns", "url=link", "--set", "url=x"), "url is given by --columns and by --set"),
        (("--set", "colour=x"), '--set has the field "colour"'),
        (("other.html", "--columns", "url=link"), "other.html: is no .csv, .tsv, .jsonl file"),
    ],
)
def test_a_mapping_that_is_none_is_refused(index, tmp_path, options, expected):
    result = index.run("build", "a.csv", *options, exit_code=1)
    assert expected in result.stderr
    assert "hint: " in result.stderr


def test_a_column_that_is_not_there_is_named_with_those_there_are(index, tmp_path):
    (tmp_path / "a.csv").write_text(f"outlet,link,text\ntass,https://tass.ru/1,{TEXT}\n", "utf-8")
    missing = index.run("build", "a.csv", "--columns", "url=address", "--no-translate", exit_code=1)
    assert "a.csv:1: no column for url; the columns are: outlet, link, text" in missing.stderr
    optional = index.run(
        "build", "a.csv", "--columns", "url=link,published_at=day", "--no-translate", exit_code=1
    )
    assert "a.csv:1: no column 'day'; the columns are: outlet, link, text" in optional.stderr


def test_one_wrong_outlets_file_does_not_stop_a_build(index, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.csv").write_text(
            f"outlet,url,text\ntass,https://tass.ru/{name},{TEXT}\n", "utf-8"
        )
    (tmp_path / "a" / "outlets.toml").write_text("[[outlet]\n")
    result = index.run("build", "a", "b", "--no-translate", exit_code=3)
    assert result.stderr.count("not valid TOML") == 1
    assert sources_in(index) == [("tass", "https://tass.ru/a"), ("tass", "https://tass.ru/b")]
