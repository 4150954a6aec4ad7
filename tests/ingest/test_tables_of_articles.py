"""CSV and TSV of other tools, with columns under any name."""

import pytest

from xsource.errors import Problem
from xsource.ingest import read_columns, tables
from xsource.outlets import load_outlets

from .conftest import NOW

COLUMNS = {"outlet": "quelle", "url": "link", "title": "headline", "text": "body", "published_at": "when"}


def read_mapped(path, columns, constants=None):
    return list(read_columns(path, columns, outlets=load_outlets(), now=NOW, constants=constants))


def test_a_field_that_is_none_of_ours_is_a_mistake_of_the_caller(tmp_path):
    with pytest.raises(ValueError, match="field is 'colour', expected one of outlet, url"):
        read_mapped(tmp_path / "a.csv", {"colour": "c"})


def test_a_table_that_is_not_there_is_named(tmp_path):
    (problem,) = read_mapped(tmp_path / "a.csv", COLUMNS)
    assert problem.message == "cannot be read: No such file or directory"


def test_columns_under_our_names_are_read_as_they_are(tmp_path, read):
    path = tmp_path / "a.csv"
    path.write_text(
        "outlet,url,title,text,published_at\n"
        'tass,https://tass.ru/1,"Встреча, день первый","Первый абзац.\n\nВторой.",2026-02-27\n',
        "utf-8",
    )
    (article,), problems, _ = read(path)
    assert problems == []
    assert (article.title, article.text, article.where) == (
        "Встреча, день первый",
        "Первый абзац.\n\nВторой.",
        f"{path}:4",
    )


@pytest.mark.parametrize(
    ("name", "separator", "encoding"),
    [("a.csv", ";", "cp1251"), ("a.csv", ",", "utf-8-sig"), ("a.tsv", "\t", "utf-8"), ("a.csv", ";", "koi8-r")],
)
def test_columns_are_mapped_whatever_separator_and_encoding(tmp_path, name, separator, encoding):
    rows = [
        ["headline", "extra", "body", "link", "when"],
        ["Заголовок", "x", "Переговоры начались в пятницу вечером в министерстве.", "https://tass.ru/1", ""],
    ]
    path = tmp_path / name
    path.write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    (article,) = read_mapped(path, COLUMNS, {"outlet": "ТАСС"})
    assert (article.outlet_id, article.title, article.published_at) == ("tass", "Заголовок", None)
    assert article.text == "Переговоры начались в пятницу вечером в министерстве."


def test_a_missing_column_is_named_with_those_there_are(tmp_path, read):
    path = tmp_path / "a.csv"
    path.write_text("outlet,url,body\ntass,https://tass.ru/1,Text.\n", "utf-8")
    _, problems, _ = read(path)
    assert problems == [
        Problem(
            f"{path}:1",
            "no column for text; the columns are: outlet, url, body",
            "say which column is which, for instance text=body",
        )
    ]


def test_wrong_rows_are_named_and_the_rest_go_on(tmp_path, read, monkeypatch):
    monkeypatch.setattr(tables, "MAX_FIELD", 1000)
    path = tmp_path / "a.csv"
    path.write_text(
        "outlet,url,title,text\n"
        "tass,https://tass.ru/1,,Переговоры начались.\n"
        "tass,https://tass.ru/2,Заголовок\n"
        "\n"
        "tass,https://tass.ru/3,,\n"
        f"tass,https://tass.ru/4,,{'a' * 2000}\n"
        "tass,https://tass.ru/5,,Переговоры закончились.\n",
        "utf-8",
    )
    articles, problems, _ = read(path)
    assert [article.source[-1] for article in articles] == ["1", "5"]
    assert [problem.where for problem in problems] == [f"{path}:3", f"{path}:5", f"{path}:6"]
    assert problems[0].message == "row has 3 cells, the header has 4"


def test_an_empty_or_binary_table_is_named(tmp_path, read):
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_bytes(b"\x00\x01\x02" * 100)
    _, problems, _ = read(tmp_path)
    assert "the columns are: none" in problems[0].message
    assert "is a binary file" in problems[1].message
