"""One key for one page, however its address is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.addresses import address_key, canonical_address


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://tass.ru/politika/1?utm_source=x&utm_medium=y", "https://tass.ru/politika/1"),
        (
            "https://www.ynet.co.il/news/article/abc?fbclid=1#comments",
            "https://www.ynet.co.il/news/article/abc",
        ),
        ("HTTP://WWW.BBC.COM:80/News", "http://www.bbc.com/News"),
        ("https://paper.example/story?b=2&a=1", "https://paper.example/story?a=1&b=2"),
        ("https://paper.example/story/amp/", "https://paper.example/story/"),
        ("https://paper.example/amp/story", "https://paper.example/story"),
        ("https://paper.example/story.amp.html", "https://paper.example/story.html"),
        ("https://paper.example/story?outputType=amp", "https://paper.example/story"),
        ("https://amp.paper.example/story", "https://www.paper.example/story"),
        ("https://m.paper.example/story", "https://www.paper.example/story"),
        ("https://m.news.paper.example/story", "https://news.paper.example/story"),
        ("https://m.ru/story", "https://m.ru/story"),  # a whole site, not a mobile one
        ("https://www.google.com/amp/s/paper.example/story", "https://paper.example/story"),
        ("https://paper-example.cdn.ampproject.org/c/s/paper.example/story", "https://paper.example/story"),
        ("https://paper.example/новости", "https://paper.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
        ("https://paper.example/%d0%bd", "https://paper.example/%D0%BD"),
        ("https://example.рф/1", "https://example.xn--p1ai/1"),
        ("https://paper.example/campaign/amphitheatre", "https://paper.example/campaign/amphitheatre"),
        ("https://www.google.com/amp/nothing", "https://www.google.com/nothing"),
        ("http://paper.example:8080/", "http://paper.example:8080/"),
        ("https://paper.example:bad/", "https://paper.example:bad/"),
        (
            "https://" + "a" * 70 + ".example/1",
            "https://" + "a" * 70 + ".example/1",
        ),  # no host name, but an address
        ("urn:isbn:1", "urn:isbn:1"),
        ("https://[broken", "https://[broken"),
        ("", ""),
    ],
)
def test_canonical_address(url, canonical):
    assert canonical_address(url) == canonical


def test_ways_to_write_one_page_share_a_key():
    ways = [
        "http://paper.example/story",
        "https://www.paper.example/story/",
        "https://m.paper.example/story?utm_campaign=a",
        "https://www.google.com/amp/s/www.paper.example/story/amp",
    ]
    assert {address_key(way) for way in ways} == {"paper.example/story"}
    assert address_key("https://paper.example/story?id=1") != address_key("https://paper.example/story?id=2")


@given(st.text(max_size=60).map(lambda tail: f"https://paper.example/{tail}"))
def test_canonical_twice_is_canonical_once(url):
    once = canonical_address(url)
    assert address_key(once) == address_key(url)
