"""Small inputs that cost much: 5 CPU-seconds and 500 MB at most for a megabyte of anything that is read."""

# ruff: noqa: E501 - markup is one line

import contextlib
import gzip
import json
import os
import resource
import time
import unicodedata

import pytest

from xsource.errors import InputError, Problem
from xsource.ingest import read_articles
from xsource.ingest.clean import clean_text
from xsource.ingest.encodings import decode_bytes
from xsource.outlets import load_outlets
from xsource.outlets.loading import load_bundled, parse_outlets
from xsource.segment.sentences import split_sentences
from xsource.translate.memory import load_memories

from .targets import NOW

MEGABYTE = 1 << 20
SECONDS = 5
GROWTH = 500 * MEGABYTE


@contextlib.contextmanager
def bounded():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    began = time.thread_time()
    yield
    assert time.thread_time() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before < GROWTH


def read(path):
    return list(read_articles([path], outlets=load_outlets(), now=NOW))


def filled(start, unit, end=""):
    return start + unit * ((MEGABYTE - len(start) - len(end)) // len(unit)) + end


HEAD = '<html><head><link rel="canonical" href="https://tass.ru/1"><title>т</title>'
PAGES = {
    "nested divisions": filled(HEAD + "</head><body>", "<div>"),
    "small paragraphs": filled(HEAD + "</head><body><article>", "<p>a.</p>"),
    "paragraphs up to the limit": HEAD + "</head><body><article>" + "<p>Он ушел, а она осталась.</p>" * 39_000,
    "nested up to the limit": HEAD
    + "</head><body>"
    + ("<div>" * 200 + "Он ушел, а она осталась дома." + "</div>" * 200) * 190,
    "furniture up to the limit": HEAD
    + "</head><body>"
    + "<div class='related promo'><p>а</p></div>" * 19_000
    + "<p>Он ушел, а она осталась дома.</p>",
    "short text up to the limit": HEAD + "</head><body>" + "<span>а</span>" * 39_000,
    "links": filled(HEAD + "</head><body>", "<a href=x>b</a> "),
    "struck out": filled(HEAD + "</head><body><p>", "<s>a</s>"),
    "superscripts": filled(HEAD + "</head><body><p>10", "<sup>6</sup>"),
    "fractions": filled(HEAD + "</head><body><p>2", "<sup>1</sup>/<sub>2</sub>"),
    "nested articles": filled(HEAD + "</head><body>", "<article><h2><a href=/x>t</a></h2>"),
    "tables": filled(HEAD + "</head><body>", "<table><tr><td>1<td>2<tr><td>3<td>4</table>"),
    "nested tables": filled(HEAD + "</head><body>", "<table><tr><td>"),
    "style sheet": filled(HEAD + "<style>", ".a{display:none}"),
    "open style sheet": filled(HEAD + "<style>", ".a,.b,"),
    "classes": HEAD + "</head><body><p class='" + "a " * 400_000 + "'>Слово и дело.</p>",
    "one class": HEAD + "</head><body><p class='" + "aB" * 400_000 + "'>Слово и дело.</p>",
    "JSON-LD in JSON-LD": HEAD + '<script type="application/ld+json">' + '{"@graph":[' * 60_000 + "</script>",
    "much JSON-LD": HEAD
    + '<script type="application/ld+json">['
    + '{"@type":"Article","url":"https://a.b/"},' * 20_000
    + "0]</script>",
    "metadata": filled(HEAD, "<meta name=date content=1>"),
    "times": filled(HEAD + "</head><body><h1>т</h1>", "<time>1 мая 20</time>"),
    "a line of dates": filled(HEAD + "</head><body><h1>т</h1><p>", "1.1.1 мая "),
    "comments": filled(HEAD + "</head><body><p>", "<!--a-->b"),
    "marks of one letter": filled(HEAD + "</head><body><p>а", "\u0301"),
    "one long word": filled(HEAD + "</head><body><p>", "а"),
    "full stops": filled(HEAD + "</head><body><p>", "а.Б"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_megabyte_is_read_or_refused_within_bounds(tmp_path, name):
    path = tmp_path / "page.html"
    path.write_text(PAGES[name], "utf-8")
    with bounded():
        found = read(path)
    assert len(found) == 1


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "base64", "hex", "zip", "unicode_escape", "utf-7", "raw_unicode_escape"]
)
def test_an_encoding_that_is_none_of_the_webs_is_not_tried(charset):
    page = f"<meta charset={charset}>".encode() + "Слово и дело, говорит он. ".encode("cp1251") * 8_000
    with bounded():
        assert "Слово и дело" in decode_bytes(page)


def test_marks_without_end_on_one_letter_are_capped_and_real_ones_kept():
    with bounded():
        assert len(clean_text("a" + "\u0301\u0323" * 300_000)) <= 14
    pointed = unicodedata.normalize("NFC", "בְּרֵאשִׁ֖ית")
    assert clean_text(pointed) == pointed
    assert clean_text("«" * 40 + "слово") == "«" * 40 + "слово"


@pytest.mark.parametrize("unit", ["а.Б", "a.B ", "м.ש.", "5 млн руб. ", '."', "Ж.-К. ", "1.a", "слово.«"])
@pytest.mark.parametrize("language", ["ru", "ar"])
def test_a_megabyte_of_anything_is_split_within_bounds(unit, language):
    with bounded():
        split_sentences(filled("", unit), language)


@pytest.mark.parametrize(
    "block",
    [
        {"datelines": ["*a*a*a*a*a*b"]},
        {"datelines": ["{place}, {place}:"]},
        {"datelines": ["{PLACE} {PLACE}"]},
        {"datelines": ["{place}:"] * 3_000},
        {"datelines": ["x" * 5_000]},
        {"boilerplate": ["##############z"]},
        {"boilerplate": ["#,#,#,#,#,#z"]},
        {"boilerplate": ["*a*a*a*a*a*a*a*a*b"]},
        {"boilerplate": ["a*"] * 3_000},
    ],
)
def test_patterns_that_could_take_for_ever_are_refused_by_name(block):
    with pytest.raises(InputError, match=r"\[\[outlet\]\] block 1"):
        parse_outlets({"outlet": [{"id": "a", "name": "A", **block}]}, "outlets.toml")


@pytest.mark.parametrize(
    "block",
    [
        {"datelines": ["*a{place}*{date}b {agency}:"]},
        {"boilerplate": ["#.#.#z"]},
        {"boilerplate": ["*1*1*1*1*1*z"]},
    ],
)
def test_the_worst_patterns_that_are_allowed_are_quick(tmp_path, block):
    outlets = load_outlets().extended(
        parse_outlets({"outlet": [{"id": "a", "name": "A", **block}]}, "outlets.toml")
    )
    lines = "\n\n".join(["1" * 200 + " a" * 20, "1." * 110, "a" * 230] * 700)
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"outlet": "a", "url": "https://a.example/1", "text": lines + "\n\nWords."})
    )
    with bounded():
        list(read_articles([tmp_path / "a.jsonl"], outlets=outlets, now=NOW))


def test_every_bundled_outlet_keeps_the_limits_of_patterns():
    assert len(load_bundled()) > 20


def test_a_header_cell_without_end_is_a_problem_of_the_table(tmp_path):
    (tmp_path / "a.csv").write_text('outlet,url,text,"' + "x" * 5_000_000)
    (tmp_path / "b.jsonl").write_text('{"outlet":"tass","url":"https://tass.ru/1","text":"Он ушел вчера."}')
    problem, article = read(tmp_path)
    assert isinstance(problem, Problem)
    assert "no header row" in problem.message
    assert article.text == "Он ушел вчера."


MESSAGES = {
    "nested": "Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 3_000,
    "brackets": "From: " + "(" * 100_000 + "\n\nText\n",
    "angles": "From: " + "<" * 5_000 + "a@tass.ru" + "\n\nText\n",
    "a subject": "Subject: " + "=?utf-8?q?a?= " * 20_000 + "\n\nText\n",
    "a folded subject": "Subject: a\n" + " =?utf-8?q?a?=\n" * 20_000 + "\nText\n",
    "many lines": "To: a\n" * 60_000 + "\nText\n",
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_that_would_cost_the_stack_is_a_problem_and_the_next_is_read(tmp_path, name):
    separator = "From a@tass.ru Fri Feb 27 10:00:00 2026\n"
    good = "From: a@tass.ru\nSubject: s\n\nПереговоры начались в пятницу утром.\n"
    (tmp_path / "a.mbox").write_text(f"{separator}{MESSAGES[name]}\n{separator}{good}")
    with bounded():
        found = read(tmp_path / "a.mbox")
    assert isinstance(found[0], Problem)
    assert found[-1].text == "Переговоры начались в пятницу утром."


def test_a_unit_of_two_thousand_languages_is_refused(tmp_path):
    variants = "".join(f'<tuv xml:lang="x{n}"><seg>t{n}</seg></tuv>' for n in range(2_000))
    path = tmp_path / "t.tmx"
    path.write_text(f"<tmx version='1.4'><header/><body><tu>{variants}</tu></body></tmx>")
    with bounded():
        memory, (problem,) = load_memories([path])
    assert len(memory) == 0
    assert "a unit has 2000 languages" in problem.message


@pytest.mark.parametrize("unit", [b"x", b"A: b\r\n", b" more\r\n"])
@pytest.mark.parametrize(
    "start",
    [
        b"WARC/1.0\r\nWARC-Type: ",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999\r\n\r\nHTTP/1.1 200 OK\r\nA: ",
    ],
)
def test_headers_without_end_in_an_archive_are_refused_in_bounded_memory(tmp_path, start, unit):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(start + unit * (200 * MEGABYTE // len(unit)), 1))
    with bounded():
        (problem,) = read(path)
    assert "damaged here" in problem.message


def test_a_corpus_folder_gives_regular_files_of_its_own_only(tmp_path):
    corpus, outside = tmp_path / "corpus", tmp_path / "outside.txt"
    corpus.mkdir()
    outside.write_text("Outlet: tass\n\nСекрет, которого в папке нет.")
    (corpus / "a.txt").write_text("Outlet: tass\n\nПереговоры начались в пятницу утром.")
    (corpus / "inner.txt").symlink_to("a.txt")
    (corpus / "linked.txt").symlink_to(outside)
    (corpus / "zero.txt").symlink_to("/dev/zero")
    (corpus / "folder").symlink_to(tmp_path)
    os.mkfifo(corpus / "pipe.jsonl")
    with bounded():
        found = read(corpus)
    problems = {item.where.rpartition("/")[2]: item.message for item in found if isinstance(item, Problem)}
    assert {item.text for item in found if not isinstance(item, Problem)} == {
        "Переговоры начались в пятницу утром."
    }
    assert sorted(problems) == ["folder", "linked.txt", "pipe.jsonl", "zero.txt"]
    (named,) = read(corpus / "pipe.jsonl")
    assert "no regular file" in named.message
