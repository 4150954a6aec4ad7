"""A card as a page, as Markdown, and as PDF."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from xsource.errors import MissingExtraError, StorageError
from xsource.report.addresses import web_address
from xsource.report.bidi import isolate, plain
from xsource.report.cards.card import Card, CardQuote
from xsource.report.cards.citing import card_claim_review
from xsource.report.leaf import leaf_html
from xsource.report.listing import as_json, markdown_cell
from xsource.report.news.words import moment
from xsource.report.reviews import tell_review

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
BROWSER_VARIABLE = "XSOURCE_CHROMIUM"
PRINT_SECONDS = 120.0


def card_html(card: Card) -> str:
    """Draw a card as one HTML file, its ClaimReview inside."""
    return leaf_html(
        "card.html.jinja",
        plain(card.claim)[:80],
        card=card,
        tell_review=tell_review,
        # No "<" at all: "<!--<script>" in a headline would keep the element from ending.
        claim_review=as_json(card_claim_review(card)).replace("<", "\\u003c"),
    )


def card_markdown(card: Card, embed: Callable[[str], str] = isolate) -> str:
    """Write a card as Markdown; `embed` prepares outlets' words, see `bidi.embedder_for`."""
    return "\n".join(_markdown_lines(card, embed)) + "\n"


def _markdown_lines(card: Card, embed: Callable[[str], str]) -> Iterator[str]:
    yield f"# {markdown_cell(embed(card.claim))}"
    yield ""
    place = f" of {markdown_cell(embed(card.story_title))}" if card.story_title else ""
    yield f"{card.kind} `{card.id[:8]}`{place}"
    yield ""
    for sentence in card.sentences:
        yield f"**{markdown_cell(plain(sentence))}**"
        yield ""
    for finding in card.findings:
        words = "" if card.kind == "divergence" else f" {markdown_cell(plain(finding.explanation))}"
        yield f"- *{finding.kind}*{words} (confidence {finding.confidence:.2f}, `{finding.id[:8]}`)"
        if finding.review:
            yield f"  - {markdown_cell(tell_review(finding.review, embed))}"
        else:
            yield "  - not reviewed"
    if card.findings:
        yield ""
    for quote in card.quotes:
        yield from _markdown_quote(quote, embed)
    if card.silent:
        yield "Covers the story and not the claim: " + "; ".join(
            f"{markdown_cell(embed(name))} ({_link(url)})" for name, url in card.silent
        )
        yield ""
    made = f"Made {moment(card.made_at)} by {markdown_cell(plain(card.made_by))}."
    yield f"{made} The tool reports; the reader judges."


def _markdown_quote(quote: CardQuote, embed: Callable[[str], str]) -> Iterator[str]:
    start, end = quote.span
    marked = markdown_cell(embed(quote.sentence))
    yield f"> {marked}"
    if start < end:
        yield ">"
        yield f"> → **{markdown_cell(embed(quote.sentence[start:end]))}**"
    if quote.translation:
        yield ">"
        origin = f" ({markdown_cell(plain(quote.engine))})" if quote.engine else ""
        yield f"> {markdown_cell(embed(quote.translation))}{origin}"
        for warning in quote.warnings:
            yield f"> ⚠ {markdown_cell(plain(warning))}"
    yield ""
    day = moment(quote.published_at) if quote.published_at else "no date"
    remark = f"; {markdown_cell(plain(quote.remark))}" if quote.remark else ""
    stands = "**stands apart**, " if quote.apart else ""
    source = f"{markdown_cell(embed(quote.name))}, {quote.language}, {day}, {_link(quote.article_url)}"
    yield f"— {stands}{source}{remark}"
    yield ""


def _link(url: str) -> str:
    """Write an address so that it is a link where it may be followed, and plain words where not."""
    address = web_address(url)
    if address and not set(address) & set("<> \n\t"):
        return f"<{address}>"
    return markdown_cell(plain(url))


def find_browser() -> str | None:
    """Give a browser that prints: the one that `XSOURCE_CHROMIUM` names, or one that is installed."""
    named = os.environ.get(BROWSER_VARIABLE)
    return shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)


def write_pdf(card: Card, path: Path) -> None:
    """Print a card's page into a file, by a Chromium that is told to ask no network.

    Raises:
        MissingExtraError: there is no such browser.
        StorageError: it does not print, or the file cannot be written.
    """
    browser = find_browser()
    if browser is None:
        raise MissingExtraError(
            "no Chromium is installed that could print a PDF",
            f"install one or name it in {BROWSER_VARIABLE}; or write --html and print it from any browser",
        )
    with tempfile.TemporaryDirectory(prefix="xsource-card-") as folder:
        page, printed = Path(folder, "card.html"), Path(folder, "card.pdf")
        page.write_text(card_html(card), encoding="utf-8", newline="\n")
        words = [
            browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync",
            "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
            "--no-pdf-header-footer", f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}",
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            words.append("--no-sandbox")  # Chromium's own does not run as root; the page has no script
        try:
            done = subprocess.run(  # noqa: S603 - the user's browser on our own page
                [*words, page.as_uri()], capture_output=True, timeout=PRINT_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StorageError(f"{browser}: did not print: {error}", "write --html and print that") from error
        if done.returncode or not printed.is_file():
            raise StorageError(
                f"{browser}: ended with {done.returncode} and printed nothing", "write --html and print that"
            )
        path.write_bytes(printed.read_bytes())
