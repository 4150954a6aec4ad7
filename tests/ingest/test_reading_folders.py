"""Which files are read, in what order, and how little memory it takes."""

import json
import os
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xsource.errors import InputError
from xsource.ingest import find_outlet_files, load_outlets_around, read_articles
from xsource.ingest import read as reading
from xsource.ingest.walk import KINDS
from xsource.outlets import load_outlets

from .pages import SAMPLES, build_page

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

RECORD = {"outlet": "tass", "url": "https://tass.ru/1", "title": "", "text": "Переговоры начались в пятницу."}


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def record(number):
    return json.dumps(RECORD | {"url": f"https://tass.ru/{number}"})


def test_folders_are_read_in_the_order_of_names_and_the_rest_is_left_alone(tmp_path, read):
    write(tmp_path, "b.jsonl", record(2))
    write(tmp_path, "a/z.jsonl", record(1))
    write(tmp_path, "c/d/e.txt", "Outlet: tass\nURL: https://tass.ru/3\n\nПереговоры начались.")
    write(tmp_path, "f.HTM", build_page(SAMPLES["ru"]))
    write(tmp_path, "gold.jsonl", "not an article")
    write(tmp_path, "translations.tmx", "<tmx/>")
    write(tmp_path, "README.md", "# Corpus")
    write(tmp_path, ".hidden/x.jsonl", "no")
    write(tmp_path, "f_files/style.css", "p {}")
    articles, problems, _ = read(tmp_path)
    assert problems == []
    assert [article.source[-1] for article in articles] == ["1", "2", "3", "1"]
    assert articles[-1].outlet_id == "kommersant"


def test_files_of_another_kind_are_named_once_a_kind(tmp_path, read):
    for name in ("1.pdf", "2.pdf", "3.pdf", "4.pdf", "x.docx"):
        write(tmp_path, name, "x")
    good = write(tmp_path, "a.jsonl", record(1))
    articles, problems, _ = read(tmp_path, good / "..", tmp_path / "1.pdf", tmp_path / "absent")
    assert [problem.message for problem in problems[:2]] == [
        f".docx files are not read (x.docx), expected {', '.join(KINDS)}",
        f".pdf files are not read (1.pdf, 2.pdf, 3.pdf and 1 more), expected {', '.join(KINDS)}",
    ]
    assert problems[-1].message == "no such file or folder"
    assert len(articles) >= 1


def test_a_folder_that_contains_itself_is_read_once(tmp_path, read):
    write(tmp_path, "in/a.jsonl", record(1))
    (tmp_path / "in" / "again").symlink_to(tmp_path, target_is_directory=True)
    articles, problems, _ = read(tmp_path)
    assert (len(articles), problems) == (1, [])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_named(tmp_path, read):
    path = write(tmp_path, "a.jsonl", record(1))
    path.chmod(0)
    _, problems, _ = read(tmp_path)
    assert problems[0].message == "cannot be read: Permission denied"


def test_a_page_larger_than_any_article_is_named(tmp_path, read, monkeypatch):
    monkeypatch.setattr(reading, "MAX_PAGE_BYTES", 1000)
    write(tmp_path, "a.html", build_page(SAMPLES["ru"]))
    _, problems, _ = read(tmp_path)
    assert problems[0].message.endswith("expected one html of at most 1000")


def test_a_broken_link_is_named_and_the_rest_go_on(tmp_path, read):
    (tmp_path / "a.jsonl").symlink_to(tmp_path / "gone.jsonl")
    write(tmp_path, "b.jsonl", record(1))
    articles, problems, _ = read(tmp_path)
    assert len(articles) == 1
    assert problems[0].message == "cannot be read: No such file or directory"


def test_a_wrong_outlets_toml_is_named_and_the_articles_are_read_without_it(tmp_path, read):
    write(tmp_path, "sub/outlets.toml", "[[outlet]")
    write(tmp_path, "sub/a.jsonl", record(1))
    articles, problems, _ = read(tmp_path)
    assert len(articles) == 1
    assert problems[0].where == str(tmp_path / "sub" / "outlets.toml")
    write(tmp_path, "outlets.toml", '[[outlet]]\nid = "mine"\nname = "Mine"\n')
    assert "mine" in load_outlets_around([tmp_path])
    assert "not valid TOML" in problems[0].message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[[files]]\noutlet = "tass"', "[[files]] block 1 has no match"),
        ('[[files]]\nmatch = "*"\ncolour = "red"', "has the unknown key 'colour'"),
        ('[[files]]\nmatch = 3', "match is 3, expected a text"),
        ('files = "x"', "files is not a list"),
        ('[outlets]\nx = 1', "unknown table 'outlets'"),
    ],
)  # fmt: skip
def test_a_wrong_files_block_is_named(tmp_path, read, content, message):
    write(tmp_path, "outlets.toml", content)
    _, problems, _ = read(tmp_path)
    assert message in problems[0].message


def test_outlet_files_are_found_above_beside_and_below(tmp_path):
    for name in ("outlets.toml", "corpus/outlets.toml", "corpus/articles/deep/outlets.toml"):
        write(tmp_path, name, "")
    write(tmp_path, "corpus/articles/a.jsonl", record(1))
    expected = [tmp_path / "corpus/outlets.toml", tmp_path / "corpus/articles/deep/outlets.toml"]
    assert find_outlet_files([tmp_path / "corpus" / "articles"]) == expected
    assert find_outlet_files([tmp_path / "corpus" / "articles" / "a.jsonl"]) == expected[:1]


def test_relative_paths_find_the_rules_of_the_folder_above(tmp_path, read, monkeypatch):
    write(tmp_path, "corpus/outlets.toml", '[[files]]\nmatch = "articles/*.txt"\noutlet = "tass"\n')
    path = write(tmp_path, "corpus/articles/a.txt", "Переговоры начались в пятницу.")
    monkeypatch.chdir(tmp_path / "corpus")
    for given in (Path("articles"), Path("articles/a.txt"), Path(), Path("../corpus/articles")):
        (article,), problems, _ = read(given)
        assert (article.outlet_id, article.source, problems) == ("tass", path.as_posix(), [])
    monkeypatch.chdir(tmp_path / "corpus" / "articles")
    (article,), _, _ = read(Path("a.txt"))
    assert article.source == path.as_posix()


def test_two_folders_may_describe_different_outlets(tmp_path, read):
    for name in ("one", "two"):
        write(tmp_path, f"{name}/outlets.toml", f'[[outlet]]\nid = "{name}"\nname = "{name.title()}"\n')
        write(tmp_path, f"{name}/a.jsonl", json.dumps(RECORD | {"outlet": name.title()}))
        write(tmp_path, f"{name}/b.jsonl", json.dumps(RECORD | {"outlet": {"one": "two", "two": "one"}[name]}))
    articles, problems, _ = read(tmp_path)
    assert [article.outlet_id for article in articles] == ["one", "two"]
    assert len(problems) == 2
    outlets = load_outlets(find_outlet_files([tmp_path]))
    assert {outlets.record(name).name for name in ("one", "two")} == {"One", "Two"}


def test_memory_does_not_grow_with_the_corpus(tmp_path):
    def peak(count):
        path = tmp_path / f"{count}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(record(number) + "\n" for number in range(count))
        tracemalloc.start()
        read = sum(1 for _ in read_articles([path], outlets=outlets, now=NOW))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert read == count
        return highest

    outlets = load_outlets()
    peak(10)  # fills the caches
    assert peak(900) < peak(100) + 200_000


def test_a_missing_extra_list_is_an_error_and_not_a_problem(tmp_path):
    with pytest.raises(InputError):
        load_outlets([tmp_path / "outlets.toml"])
