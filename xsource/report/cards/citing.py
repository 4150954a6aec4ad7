"""A card's sources for reference managers and its claim for search engines: BibTeX, CSL-JSON, ClaimReview."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from xsource.records import stable_id
from xsource.report.addresses import web_address
from xsource.report.bidi import plain
from xsource.report.cards.card import Card, CardQuote
from xsource.report.documents import timestamp

_LANGUAGE_IDS = {"ru": "russian", "he": "hebrew", "ar": "arabic", "en": "english"}
_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def sources(card: Card) -> list[CardQuote]:
    """Give one quote an article, in the order of the card."""
    return list({quote.article_url: quote for quote in reversed(card.quotes)}.values())[::-1]


def card_bibtex(card: Card) -> str:
    """Write the sources as BibTeX in UTF-8, entry type `online` of biblatex."""
    return "\n".join(_bibtex_entry(quote, card.made_at) for quote in sources(card))


def _bibtex_entry(quote: CardQuote, made_at: datetime) -> str:
    address = web_address(quote.article_url)
    fields = {
        "title": _bibtex(quote.headline or quote.sentence),
        "organization": _bibtex(quote.name),
        "date": f"{quote.published_at:%Y-%m-%d}" if quote.published_at else "",
        "url": _bibtex_address(address) if address else "",
        "urldate": f"{made_at:%Y-%m-%d}" if address else "",
        "langid": _LANGUAGE_IDS.get(quote.language, ""),
        "note": _bibtex(quote.article_url) if not address else "",
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{{_key(quote)},\n{lines}}}\n"


def _bibtex(text: str) -> str:
    """Escape what BibTeX and LaTeX read as commands."""
    return "".join(_BIBTEX.get(letter, letter) for letter in " ".join(plain(text).split()))


def _bibtex_address(address: str) -> str:
    """Keep an address from ending its field: braces and backslashes as URLs write them."""
    for letter, code in (("{", "%7B"), ("}", "%7D"), ("\\", "%5C"), ("\n", ""), (" ", "%20")):
        address = address.replace(letter, code)
    return address


def _key(quote: CardQuote) -> str:
    year = f"{quote.published_at:%Y}" if quote.published_at else "undated"
    outlet = re.sub(r"[^a-z0-9]+", "-", quote.outlet.lower()).strip("-") or "outlet"
    return f"{outlet}-{year}-{stable_id(quote.article_url)[:6]}"


def card_csl(card: Card) -> list[dict[str, Any]]:
    """Give the sources as CSL-JSON, the input of citation processors."""
    return [_csl_item(quote, card.made_at) for quote in sources(card)]


def _csl_item(quote: CardQuote, made_at: datetime) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": _key(quote),
        "type": "article-newspaper",
        "title": plain(quote.headline or quote.sentence),
        "container-title": quote.name,
        "language": quote.language,
    }
    if quote.published_at:
        item["issued"] = _date_parts(quote.published_at)
    if address := web_address(quote.article_url):
        item |= {"URL": address, "accessed": _date_parts(made_at)}
    else:
        item["note"] = plain(quote.article_url)
    return item


def _date_parts(moment: datetime) -> dict[str, Any]:
    return {"date-parts": [[moment.year, moment.month, moment.day]]}


def card_claim_review(card: Card) -> dict[str, Any]:
    """Give the card as a ClaimReview of schema.org.

    What is rated is whether outlets differ, as an analyst judged it: the tool does not say what is true, so
    there is a rating in words and none in numbers.
    """
    reviewed = next((finding.review for finding in card.findings if finding.review), None)
    appearances = [_appearance(quote) for quote in card.quotes]
    dated = sorted(
        (quote.published_at, place) for place, quote in enumerate(card.quotes) if quote.published_at is not None
    )
    claim: dict[str, Any] = {"@type": "Claim", "text": plain(card.claim), "appearance": appearances}
    if dated:
        claim["firstAppearance"] = appearances[dated[0][1]]
    body = [*card.sentences] or [finding.explanation for finding in card.findings]
    author = (
        {"@type": "Person", "name": plain(reviewed.by)}
        if reviewed and reviewed.by
        else {"@type": "Organization", "name": "xsource"}
    )
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "datePublished": f"{(reviewed.at if reviewed else card.made_at):%Y-%m-%d}",
        "author": author,
        "claimReviewed": plain(card.claim),
        "inLanguage": "en",
        "reviewRating": {"@type": "Rating", "alternateName": rating(card)},
        "reviewBody": plain(" ".join([*body, *([reviewed.note] if reviewed and reviewed.note else [])])),
        "itemReviewed": claim,
        "sdDatePublished": timestamp(card.made_at),
        "sdPublisher": {"@type": "Organization", "name": card.made_by},
    }


def rating(card: Card) -> str:
    """Say in a few words what was found and how an analyst judged it."""
    if card.kind == "followed claim":
        return "Followed: see how it stands"
    if not card.findings:
        return "No difference found"
    kinds = ", ".join(dict.fromkeys(finding.kind for finding in card.findings))
    verdicts = ", ".join(dict.fromkeys(f.review.verdict for f in card.findings if f.review))
    return f"Outlets differ ({kinds}): {verdicts or 'not reviewed'}"


def _appearance(quote: CardQuote) -> dict[str, Any]:
    article: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": plain(quote.headline),
        "inLanguage": quote.language,
        "publisher": {"@type": "NewsMediaOrganization", "name": quote.name},
        "hasPart": {"@type": "Quotation", "text": plain(quote.sentence), "inLanguage": quote.language},
    }
    if quote.published_at:
        article["datePublished"] = timestamp(quote.published_at)
    if address := web_address(quote.article_url):
        article["url"] = address
    return article
