"""One claim or divergence to cite and hand over, in every form."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Program
from ferry import CLAIM  # type: ignore[import-not-found]
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from xsource import __version__
from xsource.report.cards.card import Card, CardQuote
from xsource.report.cards.citing import card_bibtex, card_claim_review, card_csl
from xsource.report.cards.pages import card_html, card_markdown, find_browser

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def update(program: Program, next_day) -> str:
    """The id of the divergence that the second day brings."""
    next_day()
    items = json.loads(program.run("news", "-f", "json").stdout)["editions"][0]["items"]
    (found,) = (item["ref"] for item in items if item["subject"] == "divergence")
    return found


def test_a_divergence_is_handed_over_with_its_verdict(program: Program, update: str, tmp_path: Path):
    program.run("review", "mark", update[:8], "confirmed", "--by", "Ада", "--note", "בדקתי את שני הדפים.")
    page, text = tmp_path / "card.html", tmp_path / "card.md"
    program.run("card", update[:8], "--html", str(page), "--md", str(text))
    html, markdown = page.read_text("utf-8"), text.read_text("utf-8")
    for words in (
        "12 (killed)",
        "confirmed",
        "Ада",
        "בדקתי את שני הדפים.",
        f"xsource {__version__}",
        "index generation",
    ):
        assert words in markdown
        assert str(escape(words)) in html
    assert "stands apart" not in markdown  # all three outlets went from 12 to 14
    assert 'lang="he" dir="rtl">' in html
    assert 'lang="ru" dir="ltr">' in html
    assert "<mark>14</mark>" in html
    assert "https://kol-hanamal.example/3/ferry" in html
    assert re.findall(r"(?:src|href)=\"(?!https?:|data:|#)", html) == []
    review = json.loads(program.run("card", update[:8], "--jsonld", "-").stdout)
    assert (review["@type"], review["author"]["name"]) == ("ClaimReview", "Ада")
    assert review["reviewRating"]["alternateName"] == "Outlets differ (update): confirmed"
    assert review["itemReviewed"]["firstAppearance"]["url"] == "https://quay-herald.example/2/ferry"
    assert len(review["itemReviewed"]["appearance"]) == 6
    inside = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert inside is not None
    assert json.loads(inside[1])["claimReviewed"] == review["claimReviewed"]


def test_a_claim_is_handed_over_by_its_place_and_by_its_group(program: Program, update: str):
    story = json.loads(program.run("compare", "-f", "json").stdout)
    group = story["groups"][0]["id"]
    place = f"{story['stories'][0]['id'][:8]}:1"
    by_place, by_group = (program.run("card", name).stdout for name in (place, group[:10]))
    assert by_place.splitlines()[:-1] == by_group.splitlines()[:-1]
    assert "claim `" in by_place
    assert "*update*" in by_place
    assert "not reviewed" in by_place


def test_a_followed_claim_is_handed_over_as_it_stands(program: Program, next_day):
    program.run("follow", CLAIM)
    (row,) = json.loads(program.run("follows", "-f", "json").stdout)["follows"]
    next_day()
    card = program.run("card", row["id"][:8]).stdout
    assert "Figures: 12 (3 outlets) → 14 (3 outlets)." in card
    assert "differs, 14" in card
    assert "has risen to 14" in card


@pytest.mark.parametrize("wanted", ["ffffffff", "", "zz", "5193c6b1:99", "..:1"])
def test_what_names_nothing_is_refused(program: Program, wanted: str):
    refused = program.run("card", wanted, exit_code=1)
    assert "error: " in refused.stderr
    assert "hint: " in refused.stderr
    assert refused.stdout == ""


def test_sources_are_cited_once_each(program: Program, update: str):
    bibtex = program.run("card", update[:8], "--bibtex", "-").stdout
    assert bibtex.count("@online{") == 6
    assert "title = {Паром затонул у Порт-Амселя}" in bibtex
    assert "langid = {hebrew}" in bibtex
    keys = re.findall(r"@online\{(.+),", bibtex)
    assert len(set(keys)) == 6
    items = json.loads(program.run("card", update[:8], "--csl", "-").stdout)
    assert [item["id"] for item in items] == keys
    assert items[0]["type"] == "article-newspaper"
    assert {tuple(item["issued"]["date-parts"][0]) for item in items} == {(2026, 3, 2), (2026, 3, 3)}


HOSTILE = st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.sampled_from(
    ["</script><script>alert(1)</script>", "<!--<script>", "}\\input{/etc/passwd}", "[x](javascript:alert(1))",
     "\u202eגנב", "\x1b[31m", "$\\write18{id}$", "| a | b |", "# x\n\n> y"]
)  # fmt: skip


def card_of(words: str) -> Card:
    quote = CardQuote(
        "o", words, f"javascript:{words}", words, "he", NOON, words, translation=words, engine=words
    )
    other = CardQuote("o-2", words, "https://o.example/a{b}", words, "en", None, words, remark=words)
    return Card(
        "claim", "f" * 20, words, "he", words, (words,), (), (quote, other), ((words, words),), NOON, words
    )


@given(HOSTILE)
def test_no_words_of_an_outlet_act_in_any_form(words):
    card = card_of(words)
    html = card_html(card)
    assert html.count("<script") == 1
    assert html.count("</script") == 1
    assert 'href="javascript:' not in html
    assert "\x1b" not in html + card_markdown(card) + card_bibtex(card)
    bibtex = card_bibtex(card)
    assert not re.search(r"\\(?:input|write)", bibtex)
    unescaped = re.sub(r"\\[{}&%$#_]|\\text\w+\{\}", "", bibtex)
    assert unescaped.count("{") == unescaped.count("}")
    json.dumps([card_claim_review(card), card_csl(card)])
    for line in card_markdown(card).splitlines():
        assert not re.match(r"\s*(?:<script|\[x\]\()", line)


@pytest.mark.skipif(find_browser() is None, reason="no Chromium is installed")
def test_a_card_is_printed_with_letters_of_four_scripts(program: Program, update: str, tmp_path: Path):
    pdf = tmp_path / "card.pdf"
    program.run("card", update[:8], "--pdf", str(pdf))
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/FontFile" in content  # letters are in the file, and not left to the reader's machine


def test_without_a_browser_it_is_said_what_to_do(program: Program, update: str, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XSOURCE_CHROMIUM", "/nowhere/chromium")
    refused = program.run("card", update[:8], "--pdf", str(tmp_path / "card.pdf"), exit_code=1)
    assert "no Chromium is installed" in refused.stderr
    assert "--html" in refused.stderr
    assert not (tmp_path / "card.pdf").exists()
