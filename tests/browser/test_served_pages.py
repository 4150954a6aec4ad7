"""Served pages in a browser: with and without a script, by keyboard, in both directions, silent."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

import pytest
from browser.accessibility import violations_of
from serve.conftest import QUICK, UNHURRIED, port_articles, write_articles

from xsource.pipeline import build
from xsource.serve.app import ServeOptions, make_app
from xsource.serve.desk import Desk
from xsource.serve.running import address_of, bind, make_server

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")

pytestmark = pytest.mark.browser

HOSTILE = "</script><script>alert(1)</script> <img src=x onerror=alert(1)> \u202eabc"
TOLD = {
    "ru": "Взрыв в порту Моринды унёс жизни 17 человек, сообщил мэр во вторник.",
    "he": "פיצוץ בנמל מורינדה הרג 23 בני אדם, אמר ראש העיר ביום שלישי.",
    "ar": "قتل انفجار في ميناء موريندا 17 شخصا، بحسب رئيس البلدية يوم الثلاثاء.",
}
RESTS = {
    "ru": "Полиция закрыла двадцать улиц вокруг порта после взрыва.",
    "he": "המשטרה סגרה עשרים רחובות סביב הנמל אחרי הפיצוץ.",
    "ar": "أغلقت الشرطة عشرين شارعا حول الميناء بعد الانفجار.",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server over a story in four languages, one title of which is hostile."""
    folder = tmp_path_factory.mktemp("served")
    articles = port_articles()[:2]
    articles[1]["title"] = HOSTILE
    for hour, language in enumerate(TOLD):
        article = {
            "outlet": f"{language}-paper",
            "url": f"https://{language}-paper.example/1",
            "title": TOLD[language].split(",")[0].split("،")[0],
            "text": f"{TOLD[language]}\n{RESTS[language]}",
            "published_at": f"2024-05-14T2{hour}:00:00Z",
        }
        articles.append(article)
    build([write_articles(folder / "in", articles)], folder / "index", QUICK)
    listener = bind("127.0.0.1", 0)
    options = ServeOptions(allow_review=True, rate=UNHURRIED, patience=300.0)
    server = make_server(make_app(Desk(folder / "index", QUICK), options))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield address_of(listener).rstrip("/")
    server.should_exit = True
    thread.join(30)


@pytest.fixture
def visit(browser, address):
    """Open an address, and check at the end that nothing complained and nothing was asked of anybody else."""
    contexts, complaints, requests = [], [], []

    def visit(path, width=1280, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address + path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [text for text in complaints if "400 (Bad Request)" not in text and "404 (Not" not in text] == []
    assert {urlsplit(url).netloc for url in requests if not url.startswith("data:")} <= {
        urlsplit(address).netloc
    }


def open_story(page):
    page.locator(".stories h2 a").first.click()
    page.locator("table").first.wait_for()


def test_a_search_changes_the_page_in_place_and_the_address_with_it(visit):
    page = visit("/")
    page.evaluate("window.sameDocument = true")
    page.get_by_label("Ask in Russian").fill("взрыв в порту")
    page.get_by_role("button", name="Search").click()
    page.locator(".hits blockquote").first.wait_for()
    assert page.evaluate("window.sameDocument")
    assert page.evaluate("decodeURIComponent(location.search)").startswith("?q=взрыв")
    assert page.locator("#told").inner_text().endswith("found")
    assert page.title() == "взрыв в порту – xsource"
    page.go_back()
    page.locator(".stories").wait_for()
    assert page.locator(".hits").count() == 0


def test_who_reports_has_a_button_of_its_own(visit):
    page = visit("/")
    page.get_by_label("Ask in Russian").fill("An explosion in the port of Morinda killed 17 people")
    page.get_by_role("button", name="Who reports this?").click()
    page.locator(".standing").first.wait_for()
    assert urlsplit(page.url).path == "/who-reports"
    assert "reports" in page.locator(".standing h2").first.inner_text()


def test_everything_works_without_a_script(visit):
    page = visit("/", java_script_enabled=False)
    page.get_by_label("Ask in Russian").fill("انفجار في الميناء")
    page.keyboard.press("Enter")
    page.locator(".hits blockquote").first.wait_for()
    assert urlsplit(page.url).path == "/search"
    page.goto(page.url.split("/search")[0])
    open_story(page)
    assert page.locator(".claim figure").filter(visible=True).count() >= 4
    assert page.locator("#filters").is_hidden()
    page.locator("a.context").first.click()
    assert page.locator(".sent:target").count() == 1


def test_cells_and_quotes_run_in_the_direction_of_their_language(visit):
    page = visit("/")
    open_story(page)
    seen = {}
    for quote in page.locator("blockquote").all():
        seen[quote.get_attribute("lang")] = quote.evaluate("element => getComputedStyle(element).direction")
    assert seen == {"en": "ltr", "ru": "ltr", "he": "rtl", "ar": "rtl"}
    page.locator("figure[data-l=he] a.context").first.click()
    sentence = page.locator(".sent:target")
    assert sentence.evaluate("element => getComputedStyle(element).direction") == "rtl"
    top = sentence.evaluate("element => element.getBoundingClientRect().top")
    assert 0 <= top < 900
    box = page.get_by_label("Ask in Russian")
    for text, way in (("פיצוץ", "rtl"), ("explosion", "ltr")):
        box.fill(text)
        assert box.evaluate("element => getComputedStyle(element).direction") == way


def test_filters_narrow_a_served_story(visit):
    page = visit("/")
    open_story(page)
    columns = page.locator("thead th[data-o]")
    every = columns.filter(visible=True).count()
    page.locator("input[name=language][value=he]").last.check()
    assert columns.filter(visible=True).count() == 1 < every
    page.get_by_role("button", name="Show all").click()
    sync_api.expect(columns.filter(visible=True)).to_have_count(every)
    page.locator("input[name=kind][value=number]").check()
    assert set(page.locator(".claim .kind").filter(visible=True).all_inner_texts()) == {"number"}


def test_the_keyboard_is_enough(visit):
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    for _ in range(5):  # the outlets, the fold of filters, the order and its button
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== document.body")
    assert page.evaluate("document.activeElement.closest('.stories') !== null")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.locator("table").first.wait_for()
    page.locator("tbody th a").first.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator(":target").count() == 1
    page.goto(page.url.split("/stories")[0])
    page.locator("#q").focus()
    page.keyboard.type("explosion in the port")
    page.keyboard.press("Enter")
    page.locator(".hits blockquote").first.wait_for()


def test_a_verdict_is_given_by_keyboard_and_shown(visit):
    page = visit("/")
    open_story(page)
    fold = page.locator("details.review").first
    fold.locator("summary").press("Enter")
    fold.get_by_label("unsure").check()
    fold.get_by_label("Note").fill("לבדוק <b>שוב</b>")
    fold.get_by_role("button", name="Save").press("Enter")
    page.locator("li.div:target").wait_for()
    told = page.locator("li.div:target").inner_text()
    assert "unsure" in told
    assert "לבדוק <b>שוב</b>" in told


@pytest.mark.parametrize("width", [320, 390, 1024, 1600])
def test_no_width_makes_a_served_page_scroll_sideways(visit, width):
    page = visit("/", width)
    for path in ("/", "/search?q=explosion+in+the+port", "/who-reports?q=a+port+burns", "/nope"):
        page.goto(page.url.split("/", 3)[0] + "//" + urlsplit(page.url).netloc + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.go_back()
    page.goto(f"http://{urlsplit(page.url).netloc}/")
    open_story(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("a.context").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1600)])
def test_axe_reports_no_violation_on_served_pages(browser, axe, address, scheme, width):
    # The pages' own policy would keep axe out.
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address + "/")
    story = page.locator(".stories h2 a").first.get_attribute("href")
    page.goto(address + story)
    article = page.locator("a.context").first.get_attribute("href")
    searches = ("/search?q=explosion+in+the+port&language=he&since=2024-01-01", "/who-reports?q=a+port+burns")
    chosen = ("/outlets", "/?language=he&ownership=state&order=latest", f"{story}?kind=number&confidence=0.9")
    for path in ("/", story, article, *searches, *chosen, "/search", "/nope", "/search?q=x&top=0"):
        page.goto(address + path)
        assert violations_of(page, axe) == [], path
    context.close()


def test_filters_stand_in_the_address_and_come_back_with_it(visit):
    page = visit("/")
    open_story(page)
    page.locator("input[name=kind][value=number]").check()
    page.locator("input[data-id='he-paper']").check()
    page.locator("#confidence").fill("0.6")
    asked = urlsplit(page.url).query
    assert set(asked.split("&")) == {"kind=number", "outlet=he-paper", "confidence=0.6"}
    shown = page.locator(".claim h4").filter(visible=True).all_inner_texts()
    again = visit(f"{urlsplit(page.url).path}?{asked}")
    assert again.locator(".claim h4").filter(visible=True).all_inner_texts() == shown
    assert again.locator("input[name=kind][value=number]").is_checked()
    assert again.locator("thead th[data-o]").filter(visible=True).count() == 1
    again.get_by_role("button", name="Show all").click()
    again.wait_for_url(lambda address: not urlsplit(address).query)


@pytest.mark.parametrize("width", [390, 1280])
def test_every_outlet_can_be_reached_and_a_hint_says_how_many_lie_beyond(visit, width):
    page = visit("/", width=width)
    open_story(page)
    region = page.locator(".matrix")
    heads = page.locator("thead th[data-o]")
    edge = "element => element.getBoundingClientRect().right"
    beyond = sum(head.evaluate(edge) > region.evaluate(edge) + 1 for head in heads.all())
    button = page.locator(".sideways .more")
    if not beyond:
        assert button.is_hidden()
        return
    assert button.inner_text().startswith(f"{beyond} more outlet")
    for _ in range(20):
        if button.is_hidden():
            break
        # The table glides: the button may go while a click still waits for it to stand.
        button.dispatch_event("click")
        page.wait_for_timeout(400)
    assert button.is_hidden()
    assert heads.last.evaluate(edge) <= region.evaluate(edge) + 1
    # One scroll bar for the page and one sideways for the table: none up and down in it.
    assert region.evaluate("element => getComputedStyle(element).overflowY") == "hidden"
    assert region.evaluate("element => element.scrollHeight - element.clientHeight") <= 1


def test_stories_are_chosen_by_a_form_without_a_script(visit):
    page = visit("/", java_script_enabled=False)
    page.get_by_text("Choose stories by day").click()
    page.locator("#f-since").fill("2030-01-01")
    page.get_by_role("button", name="Show", exact=True).click()
    assert "since=2030-01-01" in page.url
    assert page.get_by_text("No story passes these filters.").is_visible()
    page.get_by_role("link", name="all stories").click()
    assert page.locator(".stories h2").count() > 0
