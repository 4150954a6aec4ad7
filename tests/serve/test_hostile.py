"""Texts that try to be markup, script, templates or another direction: in articles and in questions."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from lxml import html as lxml_html
from report.sample_comparison import HOSTILE
from serve.conftest import QUICK, opened, write_articles

from xsource.pipeline import build

ATTACKS = (
    *(text for text in HOSTILE if "\ud800" not in text),
    "</textarea><script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<a href=javascript:alert(1)>",
    "<div hx-get=/health hx-trigger=load hx-on::load=alert(1)>",
    "\u202eabc\u2066def\u200fghi",
)


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory):
    """A story whose two outlets write every attack into every field they have."""
    folder = tmp_path_factory.mktemp("hostile")
    articles = []
    for number, outlet in enumerate(("bad-paper", "worse-paper")):
        told = [
            f"The blast in the port of Morinda killed {17 + 3 * number} people on Tuesday, the mayor said.",
            "Twenty streets near the port of Morinda were closed by the police after the blast.",
            *(f"The mayor of Morinda said {attack} about the blast in the port." for attack in ATTACKS),
        ]
        article = {
            "outlet": outlet,
            "url": f"https://{outlet}.example/?{ATTACKS[0]}",
            "title": f"Blast {ATTACKS[0]} {ATTACKS[1]}",
            "text": " ".join(told),
            "published_at": f"2024-05-14T1{number}:00:00Z",
        }
        articles.append(article)
    summary = build([write_articles(folder / "in", articles)], folder / "index", QUICK)
    assert not summary.problems
    with opened(folder / "index", allow_review=True) as client:
        yield client


def check(response):
    """Parse as a browser would, and find no element or attribute that our templates do not have."""
    page = lxml_html.document_fromstring(response.text)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            assert not name.startswith(("on", "hx-on", "style")), (element.tag, name, value)
            if name in ("href", "src", "action", "formaction"):
                assert value.startswith(("/", "#", "https://", "data:,")), (name, value)
            if name in ("hx-get", "hx-trigger"):
                assert element.get("id") == "waiting"
    scripts = page.xpath("//script")
    assert all(script.get("src", "").startswith("/assets/") and not script.text for script in scripts)
    drawn = set(page.xpath("//*[local-name()='svg']/@class"))
    assert drawn <= {"chart timeline", "chart agreement"}
    for tag in ("img", "iframe", "object", "embed", "base", "style", "template"):
        assert page.xpath(f"//{tag}") == [], tag
    for character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x1b\x07\x00":
        assert character not in response.text
    return page


def test_hostile_articles_do_nothing_on_any_page(hostile_site):
    home = check(hostile_site.get("/"))
    stories = home.xpath("//ol[@class='stories']//a/@href")
    assert stories
    articles = set()
    for address in stories:
        response = hostile_site.get(address)
        assert response.status_code == 200
        page = check(response)
        assert "alert(1)" in page.text_content()
        articles |= {link.partition("#")[0] for link in page.xpath("//a[@class='context']/@href")}
    assert len(articles) >= 2
    for address in articles:
        check(hostile_site.get(address))


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_questions_do_nothing(hostile_site, attack):
    # Asking outlets takes seconds, and its page shows the question as the other does: one of four is asked.
    for path in ("/search", "/who-reports")[: 2 if ATTACKS.index(attack) % 4 == 0 else 1]:
        response = hostile_site.get(path, params={"q": f"the mayor said {attack} about the blast in the port"})
        assert response.status_code in (200, 400)
        page = check(response)
        (box,) = page.xpath("//input[@id='q']")
        assert box.get("type") == "search"


@pytest.mark.parametrize("name", ["language", "outlet", "since", "until", "top", "page", "unknown"])
def test_hostile_parameters_do_nothing(hostile_site, name):
    for attack in ATTACKS:
        response = hostile_site.get("/search", params={"q": "the blast in the port", name: attack})
        assert response.status_code in (200, 400)
        check(response)


def test_hostile_addresses_do_nothing(hostile_site):
    for attack in ATTACKS:
        for path in (f"/stories/{attack}", f"/articles/{attack}", f"/{attack}"):
            response = hostile_site.get(quote(path, safe="/"))
            assert response.status_code == 404
            check(response)


@pytest.mark.parametrize("broken", ["%ff%fe", "%ed%a0%80", "%c0%80", "%", "%zz", "+%00+"])
def test_broken_encodings_are_text_or_refused(hostile_site, broken):
    response = hostile_site.get(f"/search?q=blast{broken}")
    assert response.status_code in (200, 400)
    check(response)
