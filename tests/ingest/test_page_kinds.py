"""Kinds of things on pages that are not what the outlet says, each in the smallest page that shows it."""

# ruff: noqa: E501 - markup is one line

from datetime import UTC, datetime

import pytest

from xsource.ingest.html_page import read_fragment
from xsource.records import ReadingNote

from .conftest import NOW

PROSE = (
    "Rescuers brought twelve people ashore on Monday after a ferry ran aground off the southern cape.",
    "Two of them are in hospital, the harbour master said, and the search will go on in the morning.",
    "The ferry had left the island at dawn with a crew of nine, according to the company that runs it.",
)


def page(body, head="", title="Ferry runs aground off the cape"):
    return (
        f'<html lang="en"><head><title>{title} | BBC</title>'
        f'<link rel="canonical" href="https://www.bbc.com/news/world-1">{head}</head><body>{body}</body></html>'
    )


@pytest.fixture
def read_page(tmp_path, read):
    def read_one(markup, now=NOW):
        (tmp_path / "page.html").write_text(markup)
        (article,), problems, _ = read(tmp_path / "page.html", now=now)
        assert problems == []
        return article

    return read_one


def article_of(*paragraphs):
    inner = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<article><h1>Ferry runs aground off the cape</h1>{inner}</article>"


@pytest.mark.parametrize(
    "struck",
    [
        "<del>{}</del>",
        "<s>{}</s>",
        "<strike>{}</strike>",
        '<span style="color:red; text-decoration: line-through">{}</span>',
        '<span class="corrected">{}</span>',
    ],
)
def test_what_the_outlet_struck_out_is_kept_apart(read_page, struck):
    markup = page(
        article_of(PROSE[0], struck.format("Nobody was hurt.") + " " + PROSE[1], PROSE[2]),
        head="<style>.corrected { text-decoration: line-through }</style>",
    )
    article = read_page(markup)
    assert article.text == "\n\n".join(PROSE)
    assert ReadingNote("withdrawn", "Nobody was hurt.") in article.notes


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("12<sup>3</sup> people", "12 people"),
        ("12<sup><a href='#n'>[3]</a></sup> people", "12 people"),
        ("10<sup>6</sup> units", "10^6 units"),
        ("10<sup>−3</sup> m", "10^-3 m"),
        ("2<sup>1</sup>/<sub>2</sub> years", "2½ years"),
        ("3 <sup>5</sup>&frasl;<sub>16</sub> inches", "3 5/16 inches"),
        ("40 км<sup>2</sup> леса", "40 км² леса"),
        ("120 m<sup>3</sup>", "120 m³"),
        ("the 21<sup>st</sup> floor", "the 21st floor"),
        ("CO<sub>2</sub>", "CO2"),
        ("said so<sup>*</sup>.", "said so."),
        ("<dl><dt>Dead</dt><dd>12</dd><dd>7</dd></dl>", "Dead\n\n12\n\n7"),
        ("12<hr>7", "12\n\n7"),
        (
            "a<template>b</template><span hidden>c</span><i class='sr-only'>d</i><b style='display:none'>e</b>f",
            "a f",
        ),
    ],
)
def test_numbers_and_hidden_words_do_not_run_together(markup, text):
    found = read_fragment(markup).text
    assert "\n\n".join(" ".join(part.split()) for part in found.split("\n\n") if part.strip()) == text


def test_the_cells_of_a_table_stay_apart_in_a_feed():
    figures = read_fragment("<table><tr><td>12</td><td>7</td></tr><tr><td>1</td><td>2</td></tr></table>").text
    assert "12 | 7" in figures
    laid_out = read_fragment(f"<table><tr><td>{PROSE[0]}</td><td>7</td></tr></table>").text
    assert laid_out.split() == [*PROSE[0].split(), "7"]


def test_a_table_of_figures_on_a_page_is_left_out_with_a_word(read_page):
    table = "<table><tr><th>Ship</th><th>Saved</th></tr><tr><td>Lark</td><td>12</td></tr></table>"
    article = read_page(
        page(article_of(*PROSE[:2]).replace("</article>", f"{table}<p>{PROSE[2]}</p></article>"))
    )
    assert article.text == "\n\n".join(PROSE)
    assert ReadingNote("left out", "a table of 2 rows: Ship | Saved; Lark | 12") in article.notes


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>{}</p>",
        '<p class="sr-only">{}</p>',
        '<div class="visually-hidden"><p>{}</p></div>',
        "<template><p>{}</p></template>",
        '<p style="display: none">{}</p>',
        '<p style="visibility:hidden">{}</p>',
        '<p class="gone">{}</p>',
        "<noscript><p>{}</p></noscript>",
    ],
)
def test_hidden_text_is_not_read(read_page, hidden):
    words = "This sentence is here for machines and for nobody who reads the page with eyes."
    markup = page(
        article_of(*PROSE[:2]).replace("</article>", hidden.format(words) + f"<p>{PROSE[2]}</p></article>"),
        head="<style>@media print {.p {display:none}} .gone{display:none}</style>",
    )
    assert read_page(markup).text == "\n\n".join(PROSE)


def test_what_is_hidden_on_small_screens_only_is_read(read_page):
    markup = page(
        article_of(*PROSE).replace("<p>", '<p class="hidden md:block p">'),
        head="<style>@media print {.p {display:none}}</style>",
    )
    assert read_page(markup).text == "\n\n".join(PROSE)


TEASER = (
    '<article><h3><a href="/other">Strike at the northern port</a></h3><p>Dockers at the northern port walked out'
    " on Tuesday, and twenty-two ships are waiting outside the harbour, the union said.</p></article>"
)


@pytest.mark.parametrize(
    "body",
    [
        TEASER + article_of(*PROSE),
        article_of(*PROSE) + TEASER * 3,
        article_of(*PROSE[:2]).replace("</article>", f"{TEASER}<p>{PROSE[2]}</p></article>"),
        article_of(*PROSE).replace("</article>", f'<div class="related-stories">{TEASER * 2}</div></article>'),
    ],
)
def test_a_teaser_is_no_part_of_the_article(read_page, body):
    assert read_page(page(body)).text == "\n\n".join(PROSE)


def test_the_posts_of_a_live_page_are(read_page):
    posts = "".join(
        f'<article id="p{n}"><h2>Post {n} of the day</h2><p>{text}</p></article>'
        for n, text in enumerate(PROSE)
    )
    text = read_page(page(f"<main><h1>Ferry runs aground off the cape</h1>{posts}</main>")).text
    assert all(paragraph in text for paragraph in PROSE)


@pytest.mark.parametrize(
    "wrap",
    ["<article>{}</article>", "<div class='c'><div>{}</div></div>", "<table><tr><td>{}</td></tr></table>"],
)
def test_a_page_of_two_sentences_is_those_two(read_page, wrap):
    menu = '<ul><li><a href="/w">World</a></li><li><a href="/s">Sport</a></li></ul>'
    body = f"{menu}<h1>Ferry runs aground off the cape</h1>" + wrap.format(
        "<p>The ferry ran aground at dawn.</p><p>Nobody was hurt.</p>"
    )
    assert read_page(page(body)).text == "The ferry ran aground at dawn.\n\nNobody was hurt."


OWN = '"@type":"NewsArticle","url":"https://www.bbc.com/news/world-1","headline":"Ferry runs aground off the cape"'
DAY = datetime(2026, 2, 27, 10, 30, tzinfo=UTC)


def script(text):
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("head", "body", "source"),
    [
        (script('{"@type":"NewsArticle","url":"https://www.bbc.com/news/2","datePublished":"2019-02-01T00:00:00Z"}')
         + script("{" + OWN + ',"datePublished":"2026-02-27T10:30:00Z"}'), "", "JSON-LD"),
        (script('{"@type":"WebSite","datePublished":"2011-01-01T00:00:00Z"}')
         + script('{"@graph":[{"@type":"VideoObject","datePublished":"2020-01-01T00:00:00Z"},{' + OWN + ',"datePublished":"2026-02-27T10:30:00Z"}]}'), "", "JSON-LD"),
        (script('[{"@type":"NewsArticle","headline":"Strike at the port","datePublished":"2020-01-01T00:00:00Z"},{'
                '"@type":["NewsArticle"],"headline":"Ferry runs aground off the cape","datePublished":"2026-02-27T12:30:00+02:00",}]'), "", "JSON-LD"),
        ('<meta property="article:modified_time" content="2026-02-28T09:00:00Z">', '<time datetime="2026-02-27T10:30:00Z">27 Feb</time>', "a <time> of the article"),
        ('<meta property="article:modified_time" content="2026-02-28T09:00:00Z">',
         '<time class="updated" datetime="2026-02-28T09:00:00Z">x</time><time datetime="2026-02-27T10:30:00Z">27 Feb</time>', "a <time> of the article"),
        ('<meta name="mediator_published_time" content="2026-02-27T13:30:00+03:00">', "", "meta mediator_published_time"),
        ("", "<div class='when'>Published: 27 February 2026, 10:30</div>", "a line beside the headline"),
    ],
)  # fmt: skip
def test_the_date_is_the_articles_own_and_says_what_it_rests_on(read_page, head, body, source):
    markup = page(article_of(*PROSE).replace("</h1>", f"</h1>{body}"), head=head)
    article = read_page(markup)
    assert article.published_at == DAY
    assert article.notes == (ReadingNote("date", source),)


def test_a_date_that_another_source_contradicts_carries_a_doubt(read_page):
    head = script("{" + OWN + ',"datePublished":"2026-02-27T10:30:00Z"}')
    head += '<meta property="article:published_time" content="2026-02-02T10:30:00Z">'
    assert (
        ReadingNote("doubt", "meta article:published_time says 2026-02-02")
        in read_page(page(article_of(*PROSE), head)).notes
    )


def test_a_guess_says_that_it_is_one(read_page):
    body = article_of(*PROSE) + '<div data-x="y"><span>2026-02-27</span></div>' + "<p>x</p>" * 30
    kinds = {note.kind for note in read_page(page(body)).notes}
    assert kinds in ({"date", "doubt"}, {"date"}, set())


LONG = (
    "The island has five thousand people, most of whom live of fishing and of those who come in summer. " * 12
)


@pytest.mark.parametrize(
    "body",
    [
        article_of(*PROSE).replace("</article>", f"<aside><h3>Background</h3><p>{LONG}</p></aside></article>"),
        article_of(*PROSE) + f'<div id="disqus_thread"><p>{LONG}</p></div>',
        article_of(*PROSE) + f'<div class="c-thread"><p>{LONG}</p></div>',
        f'<div class="cols"><div class="main-col"><h1>Ferry</h1>{"".join(f"<p>{text}</p>" for text in PROSE)}</div><div class="sidebar"><p>{LONG}</p></div></div>',
        article_of(*PROSE).replace(
            "</article>", f'<blockquote class="twitter-tweet"><p>{LONG}</p></blockquote></article>'
        ),
    ],
)
def test_what_is_longer_than_the_article_is_not_taken_for_it(read_page, body):
    assert read_page(page(body)).text == "\n\n".join(PROSE)


@pytest.mark.parametrize(
    "wrap",
    [
        '<div class="page hidden">{}</div>',
        '<div style="display:none" class="js-reveal">{}</div>',
        '<div class="share-wrapper">{}</div>',
        '<form id="aspnetForm">{}</form>',
    ],
)
def test_an_article_in_a_wrapper_with_a_name_of_furniture_is_read(read_page, wrap):
    assert read_page(page(wrap.format(article_of(*PROSE)))).text == "\n\n".join(PROSE)


def test_a_time_behind_the_article_and_a_day_that_it_tells_of_do_not_date_it(read_page):
    body = article_of(
        PROSE[0],
        PROSE[1],
        "On 3 May 2019 another ferry ran aground at the same cape, the harbour master recalled.",
    )
    body += '<div class="rel"><a href="/x">Other</a><time datetime="2019-05-05T00:00:00Z">5 May</time></div>'
    assert read_page(page(body)).published_at is None
