"""Write tests/data/pages: pages in the shape of real sites around invented news, and what must come of them.

    python tools/make_pages.py

Every page is of one of the bundled outlets and has the markup of a content system that such outlets use: hashed class
names, blocks instead of paragraphs, live posts, AMP, old tables, right-to-left templates, single-byte encodings; dates
as JSON-LD of several kinds, metadata, `<time>`, a printed line, or the address alone; menus, teasers, cookie banners,
paywalls, comments. expected.jsonl has text, title, day and the lines of furniture of each.
"""

# ruff: noqa: E501, D102, RET504, RUF005 - markup is one line, and what a method writes is its name
from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from page_stories import FURNITURE, STORIES

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "data" / "pages"
FIRST = datetime(2025, 11, 3, 8, 20, tzinfo=UTC)
MONTHS = {
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "he": [
        "בינואר",
        "בפברואר",
        "במרץ",
        "באפריל",
        "במאי",
        "ביוני",
        "ביולי",
        "באוגוסט",
        "בספטמבר",
        "באוקטובר",
        "בנובמבר",
        "בדצמבר",
    ],
    "ar": [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


@dataclass
class Page:
    """A page in the making; `date` says where it states its day."""

    outlet: str
    host: str
    language: str
    title: str
    paragraphs: list[str]
    subheading: str
    at: datetime
    date: str
    path: str
    site: str
    head: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)

    @property
    def url(self):
        return f"https://{self.host}{self.path}"

    @property
    def direction(self):
        return ' dir="rtl"' if self.language in {"he", "ar"} else ""

    def words(self, kind):
        lines = FURNITURE[self.language][kind]
        self.furniture += [line for line in lines if line not in self.furniture]
        return lines

    @property
    def printed(self):
        month = MONTHS[self.language][self.at.month - 1]
        if self.language == "en":
            return f"{month} {self.at.day}, {self.at.year}, {self.at:%H:%M}"
        return f"{self.at.day} {month} {self.at.year}, {self.at:%H:%M}"

    def json_ld(self, **more):
        stamp = self.at.isoformat()
        article = {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": self.title, "url": self.url,
            "mainEntityOfPage": {"@type": "WebPage", "@id": self.url}, "datePublished": stamp,
            "dateModified": (self.at + timedelta(hours=30)).isoformat(), **more,
        }  # fmt: skip
        return article

    def script(self, value):
        return f'<script type="application/ld+json">{json.dumps(value, ensure_ascii=False)}</script>'

    def dated_head(self):
        """State the day as this page does; what misleads stands before what is right."""
        old, site = (
            "2016-05-02T09:00:00Z",
            {"@type": "WebSite", "url": f"https://{self.host}/", "datePublished": "2011-01-01T00:00:00Z"},
        )
        related = {
            "@type": "NewsArticle",
            "headline": self.words("teaser")[1],
            "url": self.url + "-2",
            "datePublished": old,
        }
        video = {"@type": "VideoObject", "name": "clip", "uploadDate": old, "datePublished": old}
        modified = (self.at + timedelta(days=3)).isoformat()
        match self.date:
            case "json-ld":
                return self.script(self.json_ld())
            case "graph":
                page = {
                    "@type": "WebPage",
                    "@id": self.url,
                    "url": self.url,
                    "datePublished": self.at.isoformat(),
                }
                return self.script({"@context": "https://schema.org", "@graph": [site, page, self.json_ld()]})
            case "related first":
                return self.script(related) + self.script(self.json_ld())
            case "list":
                return self.script([site, video, self.json_ld(**{"@type": ["NewsArticle", "Article"]})])
            case "broken":
                return self.script(self.json_ld()).replace("}</script>", ",}</script>")
            case "comment":
                text = json.dumps(self.json_ld(), ensure_ascii=False)
                return f'<script type="application/ld+json">//<![CDATA[\n{text}\n//]]></script>'
            case "no address":
                return self.script(
                    {
                        key: value
                        for key, value in self.json_ld().items()
                        if key not in {"url", "mainEntityOfPage"}
                    }
                )
            case "live":
                posts = [{"@type": "BlogPosting", "datePublished": modified, "headline": "+"}]
                return self.script(self.json_ld(**{"@type": "LiveBlogPosting", "liveBlogUpdate": posts}))
            case "meta":
                return (
                    f'<meta property="article:modified_time" content="{modified}">'
                    f'<meta property="article:published_time" content="{self.at.isoformat()}">'
                )
            case "meta ru":
                return f'<meta name="mediator_published_time" content="{self.at.isoformat()}">'
            case "parsely":
                return f'<meta name="parsely-pub-date" content="{self.at:%Y-%m-%dT%H:%M:%SZ}">'
            case "modified and time":
                return f'<meta property="article:modified_time" content="{modified}">' + self.script(site)
            case _:
                return self.script(site) + self.script(related)

    def dated_line(self):
        stamp = self.at.isoformat()
        changed = f'<time class="modified" datetime="{(self.at + timedelta(days=3)).isoformat()}">{self.at.year}</time>'
        match self.date:
            case "time" | "modified and time":
                return f'<div class="post-dates">{changed}<time datetime="{stamp}">{self.printed}</time></div>'
            case "itemprop":
                return f'<span itemprop="datePublished" content="{stamp}">{self.printed}</span>'
            case "address":
                return ""
            case _:
                return f'<div class="b-info__when">{self.printed}</div>'

    def open(self, charset="utf-8", body=""):
        menu = "".join(f'<li><a href="/{n}">{word}</a></li>' for n, word in enumerate(self.words("menu")))
        return (
            f'<!DOCTYPE html><html lang="{self.language}"{self.direction}><head><meta charset="{charset}">'
            f'<title>{self.title} | {self.site}</title><link rel="canonical" href="{self.url}">'
            f'<meta property="og:title" content="{self.title}"><meta property="og:site_name" content="{self.site}">'
            f'<meta name="synthetic" content="true">{self.dated_head()}{"".join(self.head)}</head><body{body}>'
            f'<header class="site"><nav><ul>{menu}</ul></nav></header>'
        )

    def teaser(self, tag="article", name="card"):
        text, title = self.words("teaser")
        return f'<{tag} class="{name}"><h3><a href="/other/1">{title}</a></h3><p>{text}</p></{tag}>'

    def aside(self):
        first, *rest = self.words("aside")
        links = "".join(f'<li><a href="/x/{n}">{line}</a></li>' for n, line in enumerate(rest))
        return f'<div class="rail"><h4>{first}</h4><ul>{links}</ul></div>'

    def close(self):
        self.furniture.append(f"© {self.at.year} {self.site}")
        return f"<footer><p>© {self.at.year} {self.site}</p></footer></body></html>"


def inner(page, paragraph="<p>{}</p>", heading="<h2>{}</h2>", inset="<p>{}</p>"):
    """Write the paragraphs with a subheading before the third and furniture between them."""
    insets = page.words("inline")
    pieces = []
    for number, text in enumerate(page.paragraphs):
        if number == 2:
            pieces.append(heading.format(page.subheading))
        pieces.append(paragraph.format(text))
        if number < len(insets):
            pieces.append(inset.format(insets[number]))
    return "".join(pieces)


def ends(page, tag="div"):
    return "".join(f"<{tag}>{line}</{tag}>" for line in page.words("end"))


def comments(page):
    return f'<section class="comments"><p>{page.words("comment")[0]}</p></section>'


def blocks(page):
    """A portal whose paragraphs are blocks of a constructor."""
    body = inner(
        page,
        '<div class="article__block" data-type="text"><div class="article__text">{}</div></div>',
        '<div class="article__block" data-type="h2"><h2 class="article__h2">{}</h2></div>',
        '<div class="article__block" data-type="banner"><div class="banner">{}</div></div>',
    )
    return (
        page.open()
        + f'<div class="layout"><div class="endless__item"><div class="article"><h1 class="article__title">{page.title}</h1>{page.dated_line()}<div class="article__body">{body}</div>{ends(page)}</div></div>{page.aside()}</div>'
        + page.close()
    )


def hashed(page):
    """A React page with hashed class names and a cookie banner."""
    cookie = f'<div class="CookieBanner_root__x1Zk2"><p>{page.words("cookie")[0]}</p><button>OK</button></div>'
    body = inner(
        page,
        '<p class="SimpleBlock-module_p__Q3azD">{}</p>',
        '<h3 class="SimpleBlock-module_h3__2Kv7Y">{}</h3>',
        '<div class="RelatedBlock-module_root__Zt4a1"><a href="/r">{}</a></div>',
    )
    return (
        page.open()
        + f'<div id="__next"><main class="Layout_main__9a"><div class="GeneralMaterial-module_article__k3"><h1 class="RichTitle-root_x">{page.title}</h1>{page.dated_line()}<div class="GeneralMaterial-module_materialContent__b2">{body}</div></div>{page.teaser("div", "RelatedMaterial_item__p0")}</main>{cookie}</div>'
        + page.close()
    )


def spans(page):
    """An editor that writes every paragraph as nested blocks and spans."""
    body = inner(
        page,
        '<div class="text_editor_paragraph rtl"><div data-block="true"><div class="public-DraftStyleDefault-block"><span><span data-text="true">{}</span></span></div></div></div>',
        '<div class="text_editor_paragraph"><h3><span data-text="true">{}</span></h3></div>',
        '<div class="promo-link"><a href="/p">{}</a></div>',
    )
    return (
        page.open()
        + f'<div class="layoutContainer"><h1 class="mainTitle">{page.title}</h1>{page.dated_line()}<div id="ArticleBodyComponent" class="ArticleBodyComponent"><div class="dataProvider public-DraftEditor-content">{body}</div></div><div class="shareButtons">{ends(page)}</div></div>{page.aside()}{comments(page)}'
        + page.close()
    )


def wordpress(page):
    """WordPress with sharing buttons and related posts."""
    body = inner(page, inset='<div class="wp-block-group jp-relatedposts"><p><a href="/r">{}</a></p></div>')
    return (
        page.open(body=' class="single single-post has-sidebar"')
        + f'<div id="page" class="site"><article id="post-7" class="post type-post"><header class="entry-header"><h1 class="entry-title">{page.title}</h1>{page.dated_line()}<span class="byline">{page.words("by")[0]}</span></header><div class="entry-content">{body}<div class="sharedaddy sd-sharing-enabled">{ends(page)}</div></div></article>{page.teaser()}{page.aside()}{comments(page)}</div>'
        + page.close()
    )


def data_blocks(page):
    """Text blocks named by data attributes, with a teaser among them."""
    body = inner(
        page,
        '<div data-component="text-block" class="sc-18fde0d6-0 e1"><p class="sc-9a00e533-0 hxuGS">{}</p></div>',
        '<div data-component="subheadline-block" class="ssrcss-y7krbn"><h2>{}</h2></div>',
        '<div data-component="links-block" class="ssrcss-links"><a href="/r">{}</a></div>',
    )
    return (
        page.open()
        + f'<main id="main-content"><article><h1 id="main-heading">{page.title}</h1>{page.dated_line()}<div data-component="byline-block" class="byline">{page.words("by")[0]}</div>{body}</article>{page.teaser("div", "promo-item")}</main>'
        + page.close()
    )


def test_ids(page):
    """Paragraphs that are divisions, known by test ids; a sign-in wall at the end."""
    body = inner(
        page,
        '<div data-testid="paragraph-0" class="text__text__1FZLe article-body__paragraph">{}</div>',
        '<h2 data-testid="Heading" class="heading">{}</h2>',
        '<div class="ad-slot__container">{}</div>',
    )
    return (
        page.open()
        + f'<div id="fusion-app"><main><article><div class="article-header"><h1>{page.title}</h1>{page.dated_line()}</div><div class="article-body__content__17Yit">{body}</div><div class="regwall">{page.words("wall")[0]}</div></article></main></div>'
        + page.close()
    )


def old_table(page, charset="utf-8"):
    """A page of tables, with line breaks for paragraphs."""
    text = "<br><br>".join(page.paragraphs[:2] + [f"<b>{page.subheading}</b>"] + page.paragraphs[2:])
    menu = "".join(f"<tr><td><a href='/{n}'>{word}</a></td></tr>" for n, word in enumerate(page.words("aside")))
    return (
        page.open(charset)
        + f'<table width="100%"><tr><td width="20%"><table>{menu}</table></td><td><h1>{page.title}</h1>{page.dated_line()}<div class="text">{text}</div><div class="print">{ends(page, "span")}</div></td></tr></table>'
        + page.close()
    )


def drupal(page):
    """Drupal fields around the body."""
    body = inner(page, '<p dir="auto">{}</p>', inset='<div class="related-node"><a href="/node/2">{}</a></div>')
    return (
        page.open()
        + f'<div class="dialog-off-canvas-main-canvas"><div class="region region-content"><article role="article" class="node node--type-article node--view-mode-full"><h1>{page.title}</h1>{page.dated_line()}<div class="node__content"><div class="field field--name-body field--type-text-with-summary"><div class="field__item">{body}</div></div></div></article></div><div class="views-element-container region-sidebar">{page.aside()}{page.teaser("div", "views-row")}</div></div>'
        + page.close()
    )


def live(page):
    """A live page of posts, the newest first, each with its hour."""
    posts = "".join(
        f'<article class="live-post" id="p{n}"><time datetime="{(page.at + timedelta(hours=n)).isoformat()}">{(page.at + timedelta(hours=n)):%H:%M}</time><p>{text}</p></article>'
        for n, text in enumerate(page.paragraphs)
    )
    page.subheading = ""
    return (
        page.open()
        + f'<main><h1>{page.title}</h1>{page.dated_line()}<div class="live-feed">{posts}</div></main>{page.aside()}'
        + page.close()
    )


def amp(page):
    """AMP: its own elements, a consent form, hidden words for machines."""
    consent = f'<amp-consent id="c"><div><p>{page.words("cookie")[0]}</p></div></amp-consent>'
    hidden = f'<p class="sr-only">{page.words("by")[0]}</p>'
    body = inner(page, inset='<amp-ad width="300" height="250"><p>{}</p></amp-ad>')
    return (
        page.open().replace("<html ", "<html amp ")
        + f'<amp-sidebar id="s"><p>{page.words("aside")[0]}</p></amp-sidebar><main><h1>{page.title}</h1>{page.dated_line()}{hidden}<div class="amp-article">{body}</div>{ends(page)}</main>{consent}'
        + page.close()
    )


def paywalled(page):
    """The whole text, with an offer in the middle and another behind it."""
    offer = page.words("wall")[0]
    body = inner(page, '<p class="article-body-paragraph">{}</p>').replace(
        page.paragraphs[1] + "</p>",
        page.paragraphs[1] + f'</p><div class="paywall-inline"><p>{offer}</p></div>',
    )
    return (
        page.open()
        + f'<main><article><header><h1>{page.title}</h1><p class="by">{page.words("by")[0]}</p>{page.dated_line()}</header><section class="article-body">{body}</section><aside><p>{offer}</p></aside></article></main>{page.teaser()}'
        + page.close()
    )


def itemprops(page):
    """Microdata, a figure with a caption, teasers inside the article."""
    figure = f'<figure><img src="a.jpg" alt=""><figcaption>{page.words("inline")[2]}</figcaption></figure>'
    body = inner(page, inset='<div class="wysiwyg-more-on"><ul><li><a href="/m">{}</a></li></ul></div>')
    return (
        page.open()
        + f'<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{page.title}</h1>{page.dated_line()}{figure}<div itemprop="articleBody" class="wysiwyg wysiwyg--all-content">{body}</div>{page.teaser("article", "teaser")}</div>{page.aside()}'
        + page.close()
    )


def corrected(page):
    """A text that was corrected: what was struck out stands beside what is right; a table of figures."""
    wrong = "9 " + page.paragraphs[0].split()[0]
    body = inner(page).replace(f"<p>{page.paragraphs[0]}", f"<p><del>{wrong}</del> {page.paragraphs[0]}", 1)
    table = "<table><tr><th>A</th><th>B</th></tr><tr><td>12</td><td>7</td></tr></table>"
    page.furniture += [wrong, "A B"]
    return (
        page.open()
        + f'<div class="container"><div class="news-text"><h1>{page.title}</h1>{page.dated_line()}<div class="news-text__body">{body}{table}</div><div class="tags">{ends(page)}</div></div>{page.aside()}</div>'
        + page.close()
    )


TEMPLATES = {
    "blocks": blocks, "hashed": hashed, "spans": spans, "wordpress": wordpress, "data-blocks": data_blocks,
    "test-ids": test_ids, "old-table": old_table, "drupal": drupal, "live": live, "amp": amp, "paywalled": paywalled,
    "itemprops": itemprops, "corrected": corrected,
}  # fmt: skip

# Outlet, host, language, path with the year where the site has one, its own template.
OUTLETS = [
    ("tass", "tass.ru", "ru", "/proisshestviya/2510{n}", "hashed"),
    ("tass-english", "tass.com", "en", "/world/19{n}", "itemprops"),
    ("kommersant", "www.kommersant.ru", "ru", "/doc/8000{n}", "itemprops"),
    ("ria", "ria.ru", "ru", "/{date:%Y%m%d}/parom-20{n}.html", "blocks"),
    ("interfax", "www.interfax.ru", "ru", "/russia/10{n}", "old-table"),
    ("interfax-english", "interfax.com", "en", "/newsroom/top-stories/11{n}/", "drupal"),
    ("meduza", "meduza.io", "ru", "/news/{date:%Y/%m/%d}/novost-{n}", "hashed"),
    ("meduza-english", "meduza.io", "en", "/en/news/{date:%Y/%m/%d}/story-{n}", "hashed"),
    ("ynet", "www.ynet.co.il", "he", "/news/article/h1{n}", "spans"),
    ("ynetnews", "www.ynetnews.com", "en", "/article/s1{n}", "spans"),
    ("haaretz", "www.haaretz.co.il", "he", "/news/{date:%Y-%m-%d}/ty-article/{n}", "paywalled"),
    ("haaretz-english", "www.haaretz.com", "en", "/world-news/{date:%Y-%m-%d}/ty-article/{n}", "paywalled"),
    ("israel-hayom", "www.israelhayom.co.il", "he", "/news/local/article/18{n}", "wordpress"),
    ("maariv", "www.maariv.co.il", "he", "/news/world/Article-10{n}", "old-table"),
    ("kan", "www.kan.org.il", "he", "/content/kan-news/local/9{n}/", "data-blocks"),
    ("aljazeera", "www.aljazeera.net", "ar", "/news/{date:%Y/%-m/%-d}/khabar-{n}", "itemprops"),
    ("asharq-al-awsat", "aawsat.com", "ar", "/node/51{n}", "drupal"),
    ("asharq-al-awsat-english", "english.aawsat.com", "en", "/node/52{n}", "drupal"),
    ("wafa", "www.wafa.ps", "ar", "/Pages/Details/11{n}", "old-table"),
    ("wafa-english", "english.wafa.ps", "en", "/Pages/Details/14{n}", "old-table"),
    ("bbc-arabic", "www.bbc.com", "ar", "/arabic/articles/c{n}o", "data-blocks"),
    ("alarabiya", "www.alarabiya.net", "ar", "/arab-and-world/{date:%Y/%m/%d}/khabar-{n}", "live"),
    ("alarabiya-english", "english.alarabiya.net", "en", "/News/{date:%Y/%m/%d}/story-{n}", "corrected"),
    ("reuters", "www.reuters.com", "en", "/world/story-{n}-{date:%Y-%m-%d}/", "test-ids"),
    ("ap", "apnews.com", "en", "/article/story-{n}", "test-ids"),
    ("bbc", "www.bbc.com", "en", "/news/articles/c{n}o", "data-blocks"),
    ("bbc-russian", "www.bbc.com", "ru", "/russian/articles/c{n}o", "data-blocks"),
    ("times-of-israel", "www.timesofisrael.com", "en", "/story-{n}/", "wordpress"),
    ("aljazeera-english", "www.aljazeera.com", "en", "/news/{date:%Y/%-m/%-d}/story-{n}", "itemprops"),
]  # fmt: skip
DATES = [
    "json-ld", "graph", "meta", "related first", "time", "list", "itemprop", "broken", "modified and time", "comment", "line",
    "no address", "parsely",
]  # fmt: skip
ENCODINGS = {"ru": "windows-1251", "he": "windows-1255", "ar": "windows-1256"}


def make_page(number, outlet, host, language, path, template):
    story = number % len(STORIES[language])
    title, paragraphs, subheading = STORIES[language][story]
    turn = number // 3 % 3
    kept = [paragraphs[0], *[text for place, text in enumerate(paragraphs[1:]) if place != turn]]
    at = FIRST + timedelta(days=3 * number, minutes=17 * number)
    date = "live" if template == "live" else DATES[number % len(DATES)]
    if language == "ru" and date == "parsely":
        date = "meta ru"
    stated = path.format(n=100 + number, date=at)
    if f"{at.year}" in stated and number % 5 == 0:
        date = "address"
    return Page(outlet, host, language, title, kept, subheading, at, date, stated, host.removeprefix("www."))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.html"):
        old.unlink()
    expected = []
    names = list(TEMPLATES)
    jobs = []
    for number, (outlet, host, language, path, own) in enumerate(OUTLETS):
        jobs.append((number, outlet, host, language, path, own))
        jobs.append((number + 31, outlet, host, language, path, names[(number * 5 + 3) % len(names)]))
    jobs += [
        (70 + n, *OUTLETS[place][:4], kind)
        for n, (place, kind) in enumerate(
            [
                (0, "live"),
                (8, "live"),
                (15, "amp"),
                (27, "live"),
                (23, "amp"),
                (12, "corrected"),
                (18, "corrected"),
                (3, "amp"),
            ]
        )
    ]
    for number, outlet, host, language, path, template in jobs:
        page = make_page(number, outlet, host, language, path, template)
        charset = ENCODINGS.get(language, "utf-8") if template == "old-table" and number < 31 else "utf-8"
        build = TEMPLATES[template]
        markup = build(page, charset) if build is old_table else build(page)
        name = f"{outlet}-{number}-{template}.html"
        (FOLDER / name).write_bytes(markup.encode(charset, "xmlcharrefreplace"))
        text = list(page.paragraphs)
        if page.subheading:
            text.insert(2, page.subheading)
        row = {
            "file": name, "outlet": outlet, "url": page.url, "title": page.title, "published_at": page.at.isoformat(),
            "date_stated": page.date, "text": "\n\n".join(text), "furniture": page.furniture, "synthetic": True,
        }  # fmt: skip
        expected.append(json.dumps(row, ensure_ascii=False))
    (FOLDER / "expected.jsonl").write_text("\n".join(expected) + "\n", "utf-8")


if __name__ == "__main__":
    main()
