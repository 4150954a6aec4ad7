"""The page: what it says, and that what outlets write stays text in it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from lxml import html as lxml_html
from report.sample_comparison import HOSTILE, blast, crowd, hostile

from xsource.report.addresses import web_address
from xsource.report.bidi import plain
from xsource.report.html import comparison_html, isolate_runs


def page_of(comparison):
    return lxml_html.document_fromstring(comparison_html(comparison))


def text_of(element):
    return " ".join(element.text_content().split())


def test_every_quote_stands_in_its_own_language_and_direction():
    quotes = page_of(blast()).xpath("//article[@id='c1-1']//blockquote")
    assert [(quote.get("lang"), quote.get("dir"), quote.text_content()) for quote in quotes] == [
        ("ru", "ltr", "Погибли 17 человек, сообщила мэр."),
        ("ar", "rtl", "وقتل 17 شخصا وفق رئيسة البلدية."),
        ("he", "rtl", "23 בני אדם נהרגו, לפי ראש העיר."),
    ]


def test_the_words_that_stand_apart_are_marked_otherwise_than_those_they_are_compared_with():
    marks = page_of(blast()).xpath("//article[@id='c1-1']//mark")
    assert [(mark.text, mark.get("class"), mark.get("title")) for mark in marks] == [
        ("17", "compared", "number"),
        ("17", "compared", "number"),
        ("23", "apart", "number"),
    ]


def test_the_matrix_has_claims_down_outlets_across_and_a_way_to_every_quote():
    page = page_of(blast())
    (table,) = page.xpath("//table")
    heads = [text_of(head) for head in table.xpath(".//thead/tr/th")]
    assert heads == ["Claim", "ar paper ar", "en paper en", "he paper he", "ru paper ru"]
    lines = [[text_of(cell) for cell in line.xpath("./td")] for line in table.xpath(".//tbody/tr")]
    assert lines == [["reports", "silent", "differs23", "reports"], ["reports"] * 4]
    for link in table.xpath(".//a/@href"):
        (target,) = page.xpath(f"//*[@id='{link[1:]}']")
        assert target.tag in ("figure", "article")


def test_a_translation_names_its_engine_and_its_warnings():
    (quote,) = page_of(blast()).xpath("//article[@id='c1-1']//figure[@data-l='he']")
    (translation,) = quote.xpath("./p[@class='tr']")
    assert (translation.get("lang"), translation.text) == ("en", "23 people were killed, by the mayor.")
    assert text_of(quote.xpath("./p[@class='by']")[0]) == "Argos 1.5 number lost: 23"


def test_kinds_confidence_copies_and_silence_are_told():
    (claim,) = page_of(blast()).xpath("//article[@id='c1-1']")
    kinds = [(item.get("data-k"), item.get("data-p")) for item in claim.xpath(".//li")]
    assert kinds == [("number", "0.900"), ("omission", "0.600")]
    told = text_of(claim)
    for words in (
        "confidence 0.90",
        "translates ru paper: 90% of the sentences",
        "Silent: en paper",
    ):
        assert words in told


def test_the_charts_are_drawn_and_told_in_words():
    page = page_of(blast())
    timeline, agreement = page.xpath("//*[local-name()='svg']")
    titles = [text_of(title) for title in timeline.xpath(".//*[local-name()='title']")]
    assert titles == [
        "ru paper, 2024-05-14 18:00 UTC: Blast",
        "ar paper, 2024-05-14 19:00 UTC, repeats an earlier text: Blast",
        "he paper, 2024-05-14 20:00 UTC: Blast",
        "en paper, 2024-05-15 01:00 UTC: Blast",
    ]
    told = [text_of(title) for title in agreement.xpath(".//*[local-name()='title']")]
    assert "ar paper and he paper: 1 of 2 shared claims agree" in told
    assert "ar paper and ru paper: 2 of 2 shared claims agree" in told
    assert "Furthest apart: ar paper and he paper, who agree on 1 of 2 shared claims." in text_of(page)
    for drawing in (timeline, agreement):
        (named,) = page.xpath(f"//*[@id='{drawing.get('aria-labelledby')}']")
        assert text_of(named)


def test_the_policy_admits_the_pages_own_script_and_style_and_nothing_else():
    source = comparison_html(blast())
    policy = page_of(blast()).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    for element, directive in (("script", "script-src"), ("style", "style-src")):
        (body,) = re.findall(rf"<{element}>(.*?)</{element}>", source, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text):
    source = comparison_html(hostile(text))
    page = lxml_html.document_fromstring(source)
    assert len(page.xpath("//script")) == 1
    assert len(page.xpath("//style")) == 1
    assert not page.xpath("//img | //iframe | //object | //embed | //base")
    assert not page.xpath("//@*[starts-with(name(), 'on') or name() = 'style' or name() = 'autofocus']")
    for address in page.xpath("//a/@href"):
        assert address.startswith(("#", "http://", "https://"))
    assert not set(source) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u0000\u0007\u001b")
    (quote,) = page.xpath("//article[@id='c1-1']//figure[@data-o='0']/blockquote")
    assert quote.text_content() == plain(text).replace("\ud800", "\ufffd")


def test_a_page_can_be_written_as_utf_8_whatever_an_outlet_prints():
    assert "�" in comparison_html(hostile("lone \ud800 surrogate")).encode().decode()


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ("http://a.example", "http://a.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("articles/story.txt", None),
        ("https:", None),
        ("https://[", None),
        ("file:///etc/passwd", None),
    ],
)
def test_only_web_addresses_can_be_clicked(source, address):
    assert web_address(source) == address


def test_right_to_left_words_in_our_sentences_are_isolated():
    assert isolate_runs("a “בני אדם” 17, <b>") == "a “<bdi>בני אדם</bdi>” 17, &lt;b&gt;"
    assert isolate_runs("plain") == "plain"


def test_an_empty_comparison_is_a_page_that_says_so():
    empty = replace(blast(), stories=(), groups=(), divergences=(), unmatched=(), copies=())
    page = page_of(empty)
    assert "No event in the index is covered by two outlets" in text_of(page)
    assert not page.xpath("//form | //table | //*[local-name()='svg']")


def test_a_story_without_dates_or_shared_claims_has_no_charts():
    comparison = blast()
    bare = replace(
        comparison,
        articles=tuple(replace(article, published_at=None) for article in comparison.articles),
        stories=(replace(comparison.stories[0], first_published=None, last_published=None),),
        groups=(),
        divergences=(),
    )
    page = page_of(bare)
    assert not page.xpath("//*[local-name()='svg'] | //table")
    assert "No claim is made by two outlets of this story." in text_of(page)


def test_the_same_comparison_gives_the_same_bytes():
    assert comparison_html(blast()) == comparison_html(blast())


def test_forty_outlets_and_three_hundred_claims_stay_under_three_megabytes():
    size = len(comparison_html(crowd()).encode())
    assert 1_000_000 < size < 3_000_000
