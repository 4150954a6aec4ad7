"""What the pages show: the same as the command line, with a way from everything to its sentence."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from lxml import html as lxml_html
from serve.conftest import QUICK, opened, write_articles

from xsource.pipeline import Filters, build, open_reader
from xsource.records import LANGUAGES, Outlet, OutletId, StoryId
from xsource.report.html import comparison_html
from xsource.serve.asking import STORIES_A_PAGE, StoryFilters
from xsource.serve.contents import Contents, OutletLine, StoryLine
from xsource.serve.pages import assets_by_stem, render
from xsource.store import open_index

FIRST = datetime(2024, 5, 14, 18, tzinfo=UTC)
QUESTION = "Officials in Gaza say more than 7,000 Palestinians have been killed"


def page_of(response, status=200):
    assert response.status_code == status, response.text[:400]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return lxml_html.document_fromstring(response.text)


def text_of(element):
    return " ".join(element.text_content().split())


def one(page, path):
    (found,) = page.xpath(path)
    return found


def story_address(site, words):
    page = page_of(site.get("/"))
    return one(page, f"//ol[@class='stories']//a[contains(., '{words}')]").get("href")


def test_stories_are_listed_in_the_readers_language_with_the_title_as_printed(site):
    page = page_of(site.get("/", params={"order": "latest"}))
    titles = [text_of(link) for link in page.xpath("//ol[@class='stories']//a")]
    assert titles == [
        "Lemoria and Gardania agree ceasefire in Tesar valley",
        "At least 23 killed in Morinda port explosion",
        "Kremlin says US strikes in Syria will raise tensions",
    ]
    assert [text_of(gloss) for gloss in page.xpath("//ol[@class='stories']//p[@class='gloss']")] == [
        "Лемория и Гардания договорились о перемирии в долине Тесар",
        "В порту Моринды прогремел взрыв, погибли 17 человек",
    ]
    assert "27 articles by 24 outlets; 3 stories" in text_of(one(page, "//p[@class='sum']"))
    assert "were written as examples" in text_of(one(page, "//p[@class='note']"))


def test_a_search_finds_what_the_command_line_finds(site, corpora_index):
    page = page_of(site.get("/search", params={"q": "hostages and a ceasefire", "top": 7}))
    with open_reader(corpora_index, QUICK) as reader:
        hits = reader.search("hostages and a ceasefire", top=7, filters=Filters())
    assert [quote.text_content() for quote in page.xpath("//blockquote")] == [
        hit.claim.sentence.text for hit in hits
    ]
    assert {quote.get("lang") for quote in page.xpath("//blockquote")} == {
        hit.claim.article.language for hit in hits
    }


@pytest.mark.parametrize(
    ("question", "language", "way"),
    [
        ("взрыв в порту", "ru", "ltr"),
        ("פיצוץ בנמל", "he", "rtl"),
        ("انفجار في الميناء", "ar", "rtl"),
        ("an explosion in the port", "en", "ltr"),
    ],
)
def test_a_search_takes_any_of_the_languages_and_filters(site, question, language, way):
    page = page_of(site.get("/search", params={"q": question, "language": language, "top": 5}))
    quotes = page.xpath("//blockquote")
    assert {(quote.get("lang"), quote.get("dir")) for quote in quotes} == {(language, way)}
    assert one(page, "//input[@id='q']").get("value") == question
    assert one(page, f"//input[@name='language'][@value='{language}']").get("checked") is not None


def test_a_search_by_outlet_and_day_keeps_to_them(site):
    query = {"q": "explosion in the port", "outlet": "sea-view", "since": "2024-05-14", "until": "2024-05-16"}
    page = page_of(site.get("/search", params=query))
    names = {text_of(name) for name in page.xpath("//ol[@class='hits']//figcaption/b")}
    assert names == {"Sea View"}
    assert one(page, "//option[@selected]").get("value") == "sea-view"
    nothing = page_of(site.get("/search", params={"q": "explosion", "since": "2030-01-01"}))
    assert "Nothing in the index passes these filters." in text_of(nothing)


def test_who_reports_says_of_every_outlet_what_the_command_line_says(site, corpora_index):
    page = page_of(site.get("/who-reports", params={"q": QUESTION}))
    with open_reader(corpora_index, QUICK) as reader:
        answers = reader.who_reports(QUESTION)
    expected: dict[str, set[str]] = {}
    for answer in answers:
        expected.setdefault(answer.status, set()).add(answer.outlet.name_en or answer.outlet.name)
    found = {}
    for section in page.xpath("//section[@class='standing']"):
        names = section.xpath(".//ul[@class='outlet-names']/li | .//figcaption/b")
        found[section.xpath("./h2/span[1]")[0].tail.strip()] = {text_of(name) for name in names}
    assert found == expected
    assert len(answers) == 24


def test_a_story_shows_the_table_of_the_report_and_every_quote(site, corpora_index):
    address = story_address(site, "Kremlin")
    served = page_of(site.get(address))
    with open_reader(corpora_index, QUICK) as reader:
        comparison = reader.compare(address.rsplit("/", 1)[1])
    report = lxml_html.document_fromstring(comparison_html(comparison))
    for path in (
        "//table//tr",
        "//article[@class='claim']//blockquote",
        "//article//mark",
        "//li[@data-k]/span",
    ):
        # Who owns an outlet is what a server has looked up.
        texts = [text_of(part).replace(" · state", "") for part in served.xpath(path)]
        assert texts == [text_of(part) for part in report.xpath(path)]
    for quote in served.xpath("//blockquote"):
        assert quote.get("dir") == ("rtl" if quote.get("lang") in ("he", "ar") else "ltr")
    assert len(served.xpath("//table//td")) > 80


def test_every_quote_leads_to_its_sentence_in_the_whole_article(site, corpora_index):
    page = page_of(site.get(story_address(site, "Morinda")))
    figure = next(iter(page.xpath("//figure[@data-l='ar']")))
    address, _, anchor = one(figure, ".//a[@class='context']").get("href").partition("#")
    article = page_of(site.get(address))
    sentence = one(article, f"//*[@id='{anchor}']")
    assert sentence.text_content() == one(figure, "./blockquote").text_content()
    assert (sentence.getparent().get("lang"), sentence.getparent().get("dir")) == ("ar", "rtl")
    with open_reader(corpora_index, QUICK) as reader:
        text = next(a.text for a in reader.articles() if a.id == address.rsplit("/", 1)[1])
    shown = "".join(p.text_content() for p in article.xpath("//p[@class='original']"))
    assert "".join(shown.split()) == "".join(text.split())


def test_every_link_leads_somewhere(site):
    """Follows every address that begins here: no dead link, no missing anchor."""
    waiting, pages = ["/", "/search?q=ceasefire", f"/who-reports?q={QUESTION}"], {}
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        response = site.get(address)
        assert response.status_code == 200, address
        if not response.headers["content-type"].startswith("text/html"):
            pages[address] = set()
            continue
        page = lxml_html.document_fromstring(response.text)
        pages[address] = set(page.xpath("//@id"))
        assert len(page.xpath("//@id")) == len(pages[address]), f"{address}: an id occurs twice"
        for link in page.xpath("//a/@href | //link/@href | //script/@src"):
            parts = urlsplit(link)
            if parts.scheme in ("http", "https"):
                assert parts.netloc.endswith((".example", "tass.ru", "kommersant.ru")), link
            elif not parts.scheme and parts.path and len(pages) + len(waiting) < 60:
                waiting.append(link.partition("#")[0])
            if not parts.scheme and not parts.path and parts.fragment:
                assert parts.fragment in pages[address], f"{address}: {link}"
    assert len(pages) > 25


def test_an_index_without_articles_says_how_to_add_some(tmp_path):
    with open_index(tmp_path / "index", mode="write", embedder_id="none", dimension=4):
        pass
    with opened(tmp_path / "index") as client:
        assert "The index is empty." in text_of(page_of(client.get("/")))


def test_articles_without_a_story_can_still_be_searched(tmp_path):
    article = {
        "outlet": "sea-view",
        "url": "https://sea-view.example/1",
        "title": "Fire",
        "text": "A fire destroyed two houses in the old town on Monday night. Nobody was hurt.",
        "published_at": "2024-05-14T18:00:00Z",
    }
    build([write_articles(tmp_path / "in", [article])], tmp_path / "index", QUICK)
    with opened(tmp_path / "index") as client:
        assert "nothing to compare yet" in text_of(page_of(client.get("/")))
        found = page_of(client.get("/search", params={"q": "fire destroyed houses"}))
        assert "A fire destroyed two houses in the old town on Monday night." in text_of(found)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/search?q=" + "a" * 1001, "1,001 letters"),
        ("/search?q=one&q=two", "given 2 times"),
        ("/search?q=fire&language=fr", "none of ru, he, ar, en"),
        ("/search?q=fire&since=yesterday", "since is not a day"),
        ("/search?q=fire&since=2024-02-31", "--since"),
        ("/search?q=fire&since=2024-03-01&until=2024-02-01", "is after"),
        ("/search?q=fire&top=0", "whole number from 1 to 100"),
        ("/search?q=fire&top=1e3", "whole number from 1 to 100"),
        ("/search?q=fire&outlet=no-such-outlet", "not in the index"),
        ("/search?q=12345", "has no letters"),
        ("/who-reports?q=El+presidente+visitó+ayer+la+ciudad+después+de+la+tormenta", "expected one of ru, he"),
        ("/?page=0", "whole number"),
    ],
)
def test_what_cannot_be_asked_is_told_in_words(site, address, told):
    page = page_of(site.get(address), 400)
    assert told in text_of(one(page, "//main"))


@pytest.mark.parametrize(
    "address",
    [
        "/nope",
        "/stories/0000",
        "/stories/" + "0" * 20,
        "/articles/" + "f" * 20,
        "/?page=99",
        "/assets/serve.css",
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_so(site, address):
    assert "Nothing is at this address" in text_of(page_of(site.get(address), 404))


def test_nothing_asked_is_an_invitation(site):
    assert "Type a few words" in text_of(page_of(site.get("/search")))
    assert "Type a claim" in text_of(page_of(site.get("/who-reports?q=++")))


def test_an_answer_that_takes_long_is_shown_when_it_is_there(small_index):
    with opened(small_index, patience=0.0) as client:
        first = client.get("/search", params={"q": "explosion in the port"})
        page = page_of(first, 202)
        assert first.headers["retry-after"] == "1"
        again = one(page, "//*[@id='waiting']").get("hx-get")
        assert one(page, "//*[@id='waiting']//a").get("href") == again
        assert one(page, "//noscript/meta/@content") == "1"
        deadline = time.monotonic() + 60
        while (response := client.get(again)).status_code == 202 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "explosion" in text_of(page_of(response))
        ready = client.get(again, headers={"HX-Request": "true", "HX-Trigger": "waiting"})
        assert (ready.status_code, ready.headers["hx-refresh"]) == (200, "true")


def test_a_page_that_waits_is_not_drawn_again_and_again(small_index):
    with opened(small_index, patience=0.0) as client:
        response = client.get("/who-reports?q=a+port", headers={"HX-Request": "true", "HX-Trigger": "waiting"})
        assert (response.status_code, response.text) == (204, "")


def test_pages_ask_for_nothing_from_elsewhere(site):
    for address in ("/", story_address(site, "Kremlin"), "/search?q=ceasefire"):
        text = site.get(address).text
        asked = re.findall(r'(?:src|href|action|hx-get|hx-post|formaction)="([^"]*)"', text)
        loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]*)"', text)
        assert all(link.startswith(("/assets/", "data:,")) for link in loaded)
        assert all(not link.startswith("//") for link in asked)
        assert not re.search(r"<[^>]+\s(?:on\w+|style)=", text)
        assert "<style" not in text


def test_files_are_kept_by_the_browser_and_pages_are_not(site):
    page = page_of(site.get("/"))
    style = site.get(one(page, "//link[@rel='stylesheet']").get("href"))
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in style.headers["cache-control"]
    assert site.get("/").headers["cache-control"] == "no-store"


def test_stories_come_in_pages(tmp_path):
    places = [f"{a}{b}or" for a in ("Al", "Be", "Cu", "Do", "Ez") for b in "abcdefghijkl"]
    articles = [
        {
            "outlet": outlet,
            "url": f"https://{outlet}.example/{number}",
            "title": f"{place} {number}",
            "text": f"A flood in {place} number {number} damaged {number + 3} bridges on the river {place}."
            f" The mayor of {place} said that {number + 20} families left their homes near {place}.",
            "published_at": f"{2020 + number // 12}-{1 + number % 12:02}-14T1{hour}:00:00Z",
        }
        for number, place in enumerate(places)
        for hour, outlet in enumerate(("sea-view", "hill-daily"))
    ]
    build([write_articles(tmp_path / "in", articles)], tmp_path / "index", QUICK)
    with opened(tmp_path / "index") as client:
        first = page_of(client.get("/"))
        assert len(first.xpath("//ol[@class='stories']/li")) == 50
        assert [link.get("href") for link in first.xpath("//nav[@class='pager']/a")] == ["/?page=2"]
        second = page_of(client.get("/?page=2"))
        assert one(second, "//ol[@class='stories']").get("start") == "51"
        shown = first.xpath("//ol[@class='stories']//a/@href") + second.xpath("//ol[@class='stories']//a/@href")
        assert len(shown) == len(set(shown)) == 60


def test_what_is_contested_comes_first_once_it_is_known(corpora_index):
    with opened(corpora_index, QUICK, count_ahead=10) as client:
        for _ in range(600):
            listed = client.get("/stories.json").json()["stories"]
            if all(one["differing"] is not None for one in listed):
                break
            time.sleep(0.1)
        shown = [one["differing"] for one in listed]
        assert shown == sorted(shown, reverse=True)
        assert shown[0] > 0
        page = page_of(client.get("/"))
        told = [text_of(line) for line in page.xpath("//p[@class='contest']")]
        assert told[0] == f"{shown[0]} of {listed[0]['claims']} shared claims told differently"
        compared = client.get(f"/stories/{listed[0]['id']}.json").json()
        assert compared["total"] == listed[0]["claims"]


def test_the_form_keeps_what_was_chosen(site):
    page = page_of(site.get("/", params={"language": "he", "ownership": "state", "until": "2023-10-30"}))
    assert [text_of(link) for link in page.xpath("//ol[@class='stories']//h2/a")] == [
        "Kremlin says US strikes in Syria will raise tensions"
    ]
    assert page.xpath("//form[@class='choose']//input[@checked]/@value") == ["he", "state"]
    assert one(page, "//input[@id='f-until']").get("value") == "2023-10-30"
    assert one(page, "//form[@class='choose']/details").get("open") is not None


def test_outlets_are_listed_with_their_owners(site):
    page = page_of(site.get("/outlets"))
    lines = page.xpath("//ul[@class='outlet-list']/li")
    told = {text_of(one(line, "./h2")): text_of(one(line, "./p[@class='owner']")) for line in lines}
    assert len(told) == 24
    assert told["TASS"].startswith("state")
    assert told["Bay Voice"] == "ownership not known"


@pytest.mark.parametrize("asked", ["פיצוץ בנמל", '"פיצוץ" בנמל', "انفجار في الميناء", "« взрыв » в порту"])
def test_quotation_marks_stand_around_a_question_as_typed(site, asked):
    for address in ("/search", "/who-reports"):
        title = one(page_of(site.get(address, params={"q": asked})), "//h1")
        words = one(title, "./bdi[@class='asked']")
        assert words.text == asked
        assert words.getprevious() is None
        assert (title.text[-1], words.tail.strip()) == ("“", "”")


MOST_KILOBYTES = 300


def test_the_home_page_of_a_thousand_stories_is_light():
    papers = tuple(Outlet(OutletId(f"paper-{n}"), f"Газета {n}", "ru", "RU", f"Paper {n}") for n in range(40))
    lines = tuple(
        StoryLine(
            StoryId(f"{n:020x}"), f"Взрыв в порту Моринды, {n} погибших", f"Blast in the port kills {n}",
            FIRST, FIRST, 12, papers[n % 20 : n % 20 + 12], LANGUAGES,
        )
        for n in range(1000)
    )  # fmt: skip
    owned = {paper.id: OutletLine(paper, 300, "state", "a list") for paper in papers}
    contents = Contents(1, lines, {}, papers, owned, (), 12_000, 0)
    page = render(
        "home.html.jinja", contents=contents, shown=lines[:STORIES_A_PAGE], page=1, pages=20, total=1000,
        filters=StoryFilters(), counts={line.id: (28, 13) for line in lines},
    )  # fmt: skip
    assets = sum(len(asset.content) for asset in assets_by_stem().values())
    assert (len(page.encode()) + assets) / 1000 < MOST_KILOBYTES
    assert page.count("13 of 28 shared claims") == STORIES_A_PAGE
