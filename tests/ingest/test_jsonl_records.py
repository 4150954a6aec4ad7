"""Articles from JSON lines: what is read, and what is said of a line that is wrong."""

import json
from datetime import UTC, datetime

import pytest

from xsource.ingest import jsonl
from xsource.records import RawArticle, ReadingNote

GOOD = {
    "outlet": "tass",
    "url": "https://tass.ru/politika/1",
    "title": "Делегация прибыла в Москву",
    "text": "МОСКВА, 27 февраля. /ТАСС/. Делегация прибыла в Москву.\n\nВстреча пройдет в субботу.\n\n"
    "Читайте также: Другое",
}


def write(folder, *records, name="articles.jsonl"):
    path = folder / name
    lines = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_a_record_becomes_a_cleaned_article(tmp_path, read):
    path = write(tmp_path, GOOD)
    articles, problems, tally = read(path)
    assert problems == []
    assert articles == [
        RawArticle(
            outlet_id="tass",
            source="https://tass.ru/politika/1",
            title="Делегация прибыла в Москву",
            text="Делегация прибыла в Москву.\n\nВстреча пройдет в субботу.",
            published_at=datetime(2026, 2, 27, tzinfo=UTC),
            agency="tass",
            where=f"{path}:1",
            notes=(ReadingNote("date", "the dateline"),),
        )
    ]
    assert (tally.furniture_lines, tally.datelines, tally.furniture_by_outlet["tass"]) == (1, 1, 1)


def test_optional_fields_are_kept_and_the_stated_date_wins(tmp_path, read):
    record = GOOD | {
        "published_at": "2026-02-28T10:00:00+03:00",
        "language": "ru",
        "synthetic": True,
        "extra": [1],
    }
    (article,), _, _ = read(write(tmp_path, record))
    assert article.published_at == datetime(2026, 2, 28, 7, tzinfo=UTC)
    assert (article.declared_language, article.synthetic) == ("ru", True)


def test_an_outlet_may_be_given_by_name_and_an_undeclared_one_is_taken_as_named(tmp_path, read):
    articles, problems, _ = read(
        write(
            tmp_path,
            GOOD | {"outlet": "הארץ"},
            GOOD | {"outlet": "outlet-en"},
            GOOD | {"outlet": "Наша газета"},
        )
    )
    assert problems == []
    assert [article.outlet_id for article in articles] == ["haaretz", "outlet-en", "Наша газета"]


def test_where_outlets_are_declared_an_unknown_one_is_a_slip(tmp_path, read):
    (tmp_path / "outlets.toml").write_text('[[outlet]]\nid = "shore-mirror"\nname = "Shore Mirror"\n', "utf-8")
    folder = tmp_path / "articles"
    folder.mkdir()
    path = write(folder, GOOD | {"outlet": "shore-miror"}, GOOD | {"outlet": "shore-mirror"}, GOOD)
    for root in (tmp_path, folder, path):
        articles, problems, _ = read(root)
        assert [article.outlet_id for article in articles] == ["shore-mirror", "tass"]
        assert [(problem.where, problem.hint) for problem in problems] == [
            (f"{path}:1", "did you mean shore-mirror?")
        ]


WRONG = [
    (b'{"outlet": "tass"', "not valid JSON: Expecting ',' delimiter at column 18"),
    (b"\xef\xe5\xf0\xe5", "line is not UTF-8 (byte 0)"),
    (b"[1, 2]", "line is a JSON list, expected an object"),
    (b"null", "line is a JSON null, expected an object"),
    (b"3", "line is a JSON number, expected an object"),
    (b"[" * 100_000, "not JSON that can be read: RecursionError"),
    (b'{"a": ' + b"9" * 5000 + b"}", "not JSON that can be read: ValueError"),
    ({key: value for key, value in GOOD.items() if key != "text"}, "field text is missing"),
    (GOOD | {"outlet": None}, "field outlet is missing"),
    (GOOD | {"title": 3}, "field title is a number, expected a text"),
    (GOOD | {"text": ["a"]}, "field text is a list, expected a text"),
    (GOOD | {"published_at": 1698400000}, "field published_at is a number, expected a text"),
    (GOOD | {"language": {}}, "field language is a object, expected a text"),
    (GOOD | {"synthetic": "yes"}, "field synthetic is a text, expected true or false"),
    (GOOD | {"outlet": "  "}, "outlet is '', expected the id or name of an outlet"),
    (GOOD | {"outlet": "a\u202eb"}, "expected the id or name of an outlet"),
    (GOOD | {"url": ""}, 'url is "", not the address of an article'),
    (GOOD | {"url": "javascript:alert(1)"}, 'url is "javascript:alert(1)", not the address of an article'),
    (GOOD | {"text": "  \n "}, "text is empty, expected an article"),
    (
        GOOD | {"text": "Поделиться\n\nЧитайте также: Другое"},
        "text is nothing but page furniture, expected an article",
    ),
    (GOOD | {"text": "half \ud83d"}, "text has half a character (a lone surrogate, U+D83D) at position 5"),
    (GOOD | {"title": "a\x00b"}, "title has a zero character (NUL) at position 1"),
    (GOOD | {"title": "Заголовок " * 300}, "title has 3000 characters, expected at most 2000"),
    (GOOD | {"text": "a" * 2_000_001}, "text has 2000001 characters, expected one article of at most 2000000"),
    (GOOD | {"published_at": "2026-02-30"}, 'published_at is "2026-02-30", not an ISO 8601 date'),
    (GOOD | {"published_at": "2027-01-01"}, "published_at is 2027-01-01 00:00Z, in the future"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
def test_a_wrong_line_is_named_and_the_rest_go_on(tmp_path, read, line, message):
    path = write(tmp_path, GOOD, line, GOOD | {"url": "https://tass.ru/politika/2"})
    articles, problems, _ = read(path)
    assert [article.source[-1] for article in articles] == ["1", "2"]
    assert len(problems) == 1
    assert problems[0].where == f"{path}:2"
    assert problems[0].message.startswith(message) or message in problems[0].message
    assert len(problems[0].message) < 300


def test_a_line_longer_than_allowed_is_skipped_without_holding_it(tmp_path, read, monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 2000)
    path = write(tmp_path, GOOD, b"x" * 2000, b"y" * 4001, b"z" * 4000, GOOD)
    articles, problems, _ = read(path)
    assert [article.where for article in articles] == [f"{path}:1", f"{path}:5"]
    assert [problem.where for problem in problems] == [f"{path}:2", f"{path}:3", f"{path}:4"]
    assert problems[0].message == "line is longer than 2000 bytes, expected one article a line"


def test_blank_lines_a_byte_order_mark_and_a_missing_last_newline_are_fine(tmp_path, read):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n\n  \n" + json.dumps(GOOD).encode())
    articles, problems, _ = read(path)
    assert (len(articles), problems) == (2, [])
    assert articles[1].where == f"{path}:4"


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Делегация прибыла | ТАСС", "Делегация прибыла"),
        ("ТАСС — Делегация прибыла", "Делегация прибыла"),
        ("Делегация прибыла - Новости - ТАСС", "Делегация прибыла - Новости"),
        ("Делегация прибыла — сообщает ТАСС", "Делегация прибыла — сообщает ТАСС"),
        ("Песков опроверг сообщение ТАСС", "Песков опроверг сообщение ТАСС"),
        ("ТАСС", "ТАСС"),
    ],
)
def test_the_sites_name_is_cut_from_a_headline_and_no_more(tmp_path, read, printed, title):
    (article,), _, _ = read(write(tmp_path, GOOD | {"title": printed}))
    assert article.title == title


def test_a_headline_repeated_above_the_text_or_with_the_sites_name_is_not_text(tmp_path, read):
    record = GOOD | {
        "title": "Делегация прибыла | ТАСС",
        "text": "Делегация прибыла\n\nВстреча пройдет в субботу.",
    }
    (article,), _, _ = read(write(tmp_path, record))
    assert (article.title, article.text) == ("Делегация прибыла", "Встреча пройдет в субботу.")


@pytest.mark.parametrize("change", [{"title": None}, {}])
def test_an_article_without_a_title_is_read(tmp_path, read, change):
    record = {key: value for key, value in GOOD.items() if key != "title"} | change
    (article,), problems, _ = read(write(tmp_path, record))
    assert (article.title, article.text, problems) == (
        "",
        "Делегация прибыла в Москву.\n\nВстреча пройдет в субботу.",
        [],
    )


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('{"outlet":"tass","url":"https://tass.ru/1","text":"Он не ушел.","text":"Он ушел."}', "text"),
        ('{"outlet":"bbc","url":"https://bbc.com/1","text":"He stayed.","outlet":"tass"}', "outlet"),
        (
            '{"outlet":"bbc","url":"u","text":"A.","published_at":"2026-01-01","published_at":null}',
            "published_at",
        ),
    ],
)
def test_a_field_that_is_there_twice_is_named_and_not_chosen_from(tmp_path, read, line, field):
    path = write(tmp_path, line.encode(), GOOD)
    articles, (problem,), _ = read(path)
    assert [article.outlet_id for article in articles] == ["tass"]
    assert (problem.where, problem.message) == (f"{path}:1", f"field {field} is there twice, with two values")


def test_repeats_of_one_value_and_of_fields_that_nobody_reads_are_no_problem(tmp_path, read):
    line = '{"outlet":"tass","outlet":"tass","url":"https://tass.ru/1","text":"Он ушел.","tag":1,"tag":2}'
    articles, problems, _ = read(write(tmp_path, line.encode()))
    assert ([article.text for article in articles], problems) == (["Он ушел."], [])


def test_an_outlet_that_is_known_under_another_id_is_renamed_with_a_word(tmp_path, read):
    record = GOOD | {"outlet": "timesofisrael", "url": "https://www.timesofisrael.com/a/"}
    articles, _, tally = read(write(tmp_path, record, record | {"url": "https://www.timesofisrael.com/b/"}))
    assert {article.outlet_id for article in articles} == {"times-of-israel"}
    (notice,) = tally.notices
    assert notice.startswith('outlet "timesofisrael" is known as times-of-israel')


def test_an_outlet_named_in_its_own_script_is_not_talked_about(tmp_path, read):
    _, _, tally = read(write(tmp_path, GOOD | {"outlet": "ТАСС"}))
    assert not tally.notices


def test_a_declared_outlet_whose_pages_are_known_by_address_as_another_is_said(tmp_path, read):
    (tmp_path / "outlets.toml").write_text(
        '[[outlet]]\nid = "timesofisrael"\nname = "The Times of Israel"\nlanguage = "en"\n'
    )
    url = "https://www.timesofisrael.com/talks/"
    articles, _, tally = read(write(tmp_path, GOOD | {"outlet": "timesofisrael", "url": url}))
    assert [article.outlet_id for article in articles] == ["timesofisrael"]
    (notice,) = tally.notices
    assert "the address is of times-of-israel" in notice

    (tmp_path / "page.txt").write_text(f"URL: {url}\n\nTalks began on Friday.")
    articles, _, tally = read(tmp_path / "page.txt")
    assert [article.outlet_id for article in articles] == ["times-of-israel"]
    assert "timesofisrael is declared" in next(iter(tally.notices))
