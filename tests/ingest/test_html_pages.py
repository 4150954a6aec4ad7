"""Saved pages: outlet, headline, time and text, and never less text than trafilatura finds by itself."""

from datetime import UTC, datetime

import pytest
from trafilatura import extract

from .pages import SAMPLES, build_page


def write(folder, name, page):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, "utf-8")
    return path


@pytest.mark.parametrize("variant", range(5))
@pytest.mark.parametrize("language", sorted(SAMPLES))
def test_the_text_is_trafilaturas_less_the_furniture(tmp_path, read, language, variant):
    sample = SAMPLES[language]
    page = build_page(sample, variant=variant)
    (article,), problems, tally = read(write(tmp_path, "page.html", page))
    assert problems == []
    assert article.text == "\n\n".join(sample.paragraphs)
    assert (article.outlet_id, article.source, article.title) == (sample.outlet, sample.url, sample.title)
    assert article.declared_language == language
    theirs = extract(page, include_comments=False)
    missing = set(theirs.split("\n")) - set(article.text.split("\n\n"))
    assert missing <= {sample.title, *sample.furniture}
    assert tally.furniture_lines == 2


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (
            '<meta property="article:published_time" content="2026-02-27T12:30:00+02:00">',
            datetime(2026, 2, 27, 10, 30),
        ),
        (
            '<script type="application/ld+json">{"@graph": [{"datePublished": "2026-02-27T10:30Z"}]}</script>',
            datetime(2026, 2, 27, 10, 30),
        ),
        (
            '<script type="application/ld+json">{broken</script><meta name="date" content="2026-02-27">',
            datetime(2026, 2, 27),
        ),
        ('<meta property="article:published_time" content="2031-02-27T12:30:00Z">', None),  # not yet
        ('<span class="x">27 февраля 2026 года</span>', datetime(2026, 2, 27)),
        ("", None),  # the footer's "© 2026" is not the first of January
    ],
)
def test_the_time_is_read_from_the_pages_marks_and_never_from_the_future(tmp_path, read, head, published):
    (article,), _, _ = read(write(tmp_path, "page.html", build_page(SAMPLES["en"], head=head)))
    assert article.published_at == (published.replace(tzinfo=UTC) if published else None)


def test_the_outlet_comes_from_the_address_the_open_graph_or_outlets_toml(tmp_path, read):
    sample = SAMPLES["en"]
    plain = build_page(sample, canonical=False)
    write(
        tmp_path,
        "og/page.html",
        build_page(sample, canonical=False, head=f'<meta property="og:url" content="{sample.url}">'),
    )
    write(tmp_path, "mapped/page.html", plain)
    unknown = write(tmp_path, "unknown/page.html", plain)
    (tmp_path / "outlets.toml").write_text('[[files]]\nmatch = "mapped/*"\noutlet = "bbc"\n', "utf-8")
    articles, problems, _ = read(tmp_path)
    assert [article.outlet_id for article in articles] == ["bbc", "times-of-israel"]
    assert [(problem.where, problem.message) for problem in problems] == [
        (str(unknown), "nothing says which outlet it is from")
    ]


def test_the_sites_name_is_cut_from_the_headline(tmp_path, read):
    page = build_page(SAMPLES["en"], head='<meta property="og:site_name" content="Times Of Israel">').replace(
        'og:title" content="Ceasefire talks put off until Monday"',
        'og:title" content="Ceasefire talks put off until Monday | Times Of Israel"',
    )
    (article,), _, _ = read(write(tmp_path, "page.html", page))
    assert article.title == "Ceasefire talks put off until Monday"


def test_entity_soup_is_resolved(tmp_path, read):
    sample = SAMPLES["ru"]
    soup = build_page(sample).replace(
        "Переговоры о прекращении", "&#1055;&#x435;реговоры&nbsp;о&#32;прекращении"
    )
    soup = soup.replace("«Мы рассчитываем", "&laquo;Мы рассчитываем")
    (article,), _, _ = read(write(tmp_path, "page.html", soup))
    assert article.text == "\n\n".join(sample.paragraphs)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<html><body></body></html>", "text"),
        ("   ", "is empty, expected an article"),
        (
            "<html><head><link rel=canonical href='https://tass.ru/1'></head><body><p></p></body></html>",
            "no article text",
        ),
    ],
)
def test_a_page_without_an_article_is_named(tmp_path, read, page, message):
    (tmp_path / "outlets.toml").write_text('[[files]]\nmatch = "*"\noutlet = "tass"\n', "utf-8")
    path = write(tmp_path, "page.html", page)
    articles, problems, _ = read(path)
    assert (articles, [problem.where for problem in problems]) == ([], [str(path)])
    assert message in problems[0].message


def test_a_page_of_very_many_elements_is_refused_before_it_takes_minutes(tmp_path, read):
    page = build_page(SAMPLES["ru"]).replace("</article>", '<p class="x">t</p>' * 40_000 + "</article>")
    articles, problems, _ = read(write(tmp_path, "page.html", page))
    assert articles == []
    assert problems[0].message.endswith("elements, expected one article of at most 40000")


@pytest.mark.parametrize(
    "page", ["<" * 5000, "<div>" * 20000, "<p>" + "&" * 50000, "<!--" * 1000, "<table>" * 3000, "]]>" * 100]
)
def test_hostile_markup_is_a_problem_and_no_crash(tmp_path, read, page):
    (tmp_path / "outlets.toml").write_text('[[files]]\nmatch = "*"\noutlet = "tass"\n', "utf-8")
    write(tmp_path, "page.html", page)
    good = write(tmp_path, "zz.html", build_page(SAMPLES["ru"]))
    articles, _, _ = read(tmp_path)
    assert articles[-1].where == str(good)
