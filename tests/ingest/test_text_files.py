"""Plain text files: header blocks, `outlets.toml` beside them, and the furniture of a page that was pasted."""

from datetime import UTC, datetime

import pytest

PASTED = """Minister defends talks, says all sides were asked seasidenews


HARBOUR CITY: The foreign minister on Friday defended the talks, saying that all sides had been asked.
“We will go on talking to everybody,” he told reporters.
Officials said more than 7,000 people had signed the letter.


#Minister #defends #talks

You May Also Like

More From Author

+ There are no comments

Add yours"""

RULES = """
[[outlet]]
id = "seaside-news"
name = "Seaside News"
domains = ["seasidenews.example"]

[[files]]
match = "000_*.txt"
outlet = "seaside-news"
published_at = 2026-02-27
url = "https://seasidenews.example/talks"
"""


def write(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def test_a_pasted_page_gives_the_article_and_nothing_else(tmp_path, read):
    write(tmp_path, "000_abc.txt", PASTED)
    write(tmp_path, "outlets.toml", RULES)
    (article,), problems, tally = read(tmp_path)
    assert problems == []
    assert article.title == "Minister defends talks, says all sides were asked"
    assert article.text == (
        "The foreign minister on Friday defended the talks, saying that all sides had been asked.\n\n"
        "“We will go on talking to everybody,” he told reporters.\n\n"
        "Officials said more than 7,000 people had signed the letter."
    )
    assert article.outlet_id == "seaside-news"
    assert article.source == "https://seasidenews.example/talks"
    assert article.published_at == datetime(2026, 2, 27, tzinfo=UTC)
    assert (tally.furniture_lines, tally.datelines) == (5, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_a_header_block_says_whose_and_when(tmp_path, read, encoding):
    text = (
        "Outlet: Коммерсантъ\r\nURL: https://www.kommersant.ru/doc/1\r\nTitle: Переговоры: день первый\r\n"
        "Date: 2026-02-27T12:00:00+03:00\r\nLanguage: ru\r\nSynthetic: true\r\n\r\n"
        "Переговоры начались в пятницу утром.\r\n\r\nОни продлятся до воскресенья, сказал министр."
    )
    (article,), problems, _ = read(write(tmp_path, "a.txt", text, encoding))
    assert problems == []
    assert article.outlet_id == "kommersant"
    assert article.title == "Переговоры: день первый"
    assert (
        article.text == "Переговоры начались в пятницу утром.\n\nОни продлятся до воскресенья, сказал министр."
    )
    assert article.published_at == datetime(2026, 2, 27, 9, tzinfo=UTC)
    assert (article.declared_language, article.synthetic) == ("ru", True)


def test_the_address_alone_tells_the_outlet(tmp_path, read):
    (article,), _, _ = read(
        write(tmp_path, "a.txt", "URL: https://www.haaretz.co.il/1\n\nכותרת\n\nהשיחות החלו ביום שישי.")
    )
    assert (article.outlet_id, article.title, article.text) == ("haaretz", "כותרת", "השיחות החלו ביום שישי.")


def test_without_an_address_the_file_is_the_source(tmp_path, read):
    path = write(tmp_path, "a.txt", "Outlet: wafa\n\nبدأت المحادثات يوم الجمعة.")
    (article,), _, _ = read(path)
    assert article.source == path.resolve().as_posix()
    assert (article.title, article.text) == ("", "بدأت المحادثات يوم الجمعة.")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("Talks began on Friday.", "nothing says which outlet it is from", "outlets.toml"),
        ("Outlet: komersant\n\nTalks began.", "unknown outlet 'komersant'", "did you mean kommersant"),
        (
            "URL: https://nobody.example/1\n\nTalks.",
            "https://nobody.example/1 belongs to no known outlet",
            "outlets.toml",
        ),
        ("Outlet: tass\nColour: red\n\nTalks.", 'header line "Colour: red" is not one of date', "blank line"),
        ("Outlet: tass\nDate: yesterday\n\nTalks.", 'published_at is "yesterday"', "2026-03-01T09:30:00Z"),
        ("Outlet: tass\nDate: 2031-01-01\n\nTalks.", "in the future", ""),
        ("Outlet: tass\n\n\n", "text is empty", ""),
        ("", "is empty, expected an article", ""),
        ("\x00\x01\x02binary", "is a binary file", ""),
    ],
)
def test_a_wrong_file_is_named_and_the_rest_go_on(tmp_path, read, text, message, hint):
    wrong = write(tmp_path, "a.txt", text)
    write(tmp_path, "b.txt", "Outlet: tass\n\nПереговоры начались в пятницу.")
    articles, problems, _ = read(tmp_path)
    assert [article.outlet_id for article in articles] == ["tass"]
    assert [problem.where for problem in problems] == [str(wrong)]
    assert message in problems[0].message
    assert hint in problems[0].hint


def test_a_text_that_only_looks_like_a_header_is_text(tmp_path, read):
    write(tmp_path, "outlets.toml", '[[files]]\nmatch = "*.txt"\noutlet = "bbc"\n')
    (article,), _, _ = read(
        write(tmp_path, "a.txt", "Question: who spoke first?\n\nThe minister spoke first, he said.")
    )
    assert article.title == "Question: who spoke first?"
