"""What stands on a card, the same in every form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from xsource import __version__
from xsource.daily import Timeline
from xsource.records import (
    Article,
    Claim,
    Comparison,
    Divergence,
    Outlet,
    OutletId,
    Review,
    SentenceId,
    Translation,
)
from xsource.report.following.terminal import tell_standing
from xsource.report.naming import explain, outlet_name
from xsource.report.tables import Row, StoryTable, is_silent, standing_apart

CardKind = Literal["divergence", "claim", "followed claim"]


@dataclass(frozen=True, slots=True)
class CardQuote:
    """One outlet's sentence.

    Attributes:
        name: of the outlet, as an English reader knows it.
        headline: of the article; may be empty.
        span: half-open, code points of `sentence`: the words that differ; equal where none do.
        apart: whether the outlet stands apart from the others.
        remark: what is said of it beside: its figure, that it says the contrary; may be empty.
        translation, engine, warnings: as in `Translation`; empty where there is none.
        is_supplied: whether a person's translation memory gave the translation.
    """

    outlet: str
    name: str
    article_url: str
    headline: str
    language: str
    published_at: datetime | None
    sentence: str
    span: tuple[int, int] = (0, 0)
    apart: bool = False
    remark: str = ""
    translation: str = ""
    engine: str = ""
    is_supplied: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A divergence on the card of a claim: what it is about, and what an analyst said of it."""

    id: str
    kind: str
    confidence: float
    explanation: str
    review: Review | None


@dataclass(frozen=True, slots=True)
class Card:
    """One claim or divergence with all that a reader needs to judge and cite it.

    Attributes:
        claim: its words, in the reader's language where there are such; `language` is theirs.
        sentences: what is to be said of it, a sentence each: what differs, or how a followed claim stands.
        findings: the divergence, or those of the claim.
        silent: outlets that cover the story without the claim, by name, with their article's address.
        made_at: when the card was made, UTC.
        made_by: the program and what it read by.
    """

    kind: CardKind
    id: str
    claim: str
    language: str
    story_title: str
    sentences: tuple[str, ...]
    findings: tuple[Finding, ...]
    quotes: tuple[CardQuote, ...]
    silent: tuple[tuple[str, str], ...]
    made_at: datetime
    made_by: str


def claim_card(comparison: Comparison, table: StoryTable, row: Row, made_at: datetime) -> Card:
    """Make the card of a claim: who says it in which words, who does not, and what differs.

    Args:
        comparison: that the claim is of.
        table: of its story, see `build_tables`.
        row: of the claim.
        made_at: UTC.
    """
    findings = tuple(_finding(d, comparison) for d in row.divergences)
    return _card("claim", row.group.id, comparison, table, row, row.divergences, findings, made_at)


def divergence_card(
    comparison: Comparison, table: StoryTable, row: Row, divergence: Divergence, made_at: datetime
) -> Card:
    """Make the card of a divergence: what differs, and the words on each side. Arguments as of `claim_card`."""
    finding = _finding(divergence, comparison)
    return _card("divergence", divergence.id, comparison, table, row, [divergence], (finding,), made_at)


def follow_card(timeline: Timeline, outlets: Iterable[Outlet], made_at: datetime) -> Card:
    """Make the card of a followed claim: how it stands, and the last word of each outlet on it."""
    names = {outlet.id: outlet_name(outlet) for outlet in outlets}
    last = {entry.sighting.quote.outlet: entry for entry in timeline.entries}
    quotes = []
    for standing in timeline.outlets:
        entry = last[standing.outlet]
        quote = entry.sighting.quote
        figure = f", {', '.join(standing.figures)}" if standing.figures else ""
        quotes.append(
            CardQuote(
                outlet=quote.outlet,
                name=names.get(OutletId(quote.outlet), quote.outlet),
                article_url=quote.article_url,
                headline="",
                language=quote.language,
                published_at=quote.published_at,
                sentence=quote.sentence,
                apart=standing.denies,
                remark=f"{standing.status}{figure}",
                translation=quote.translation,
            )
        )
    return Card(
        kind="followed claim",
        id=timeline.follow.id,
        claim=timeline.follow.text,
        language=timeline.follow.language,
        story_title="",
        sentences=tuple(tell_standing(timeline)),
        findings=(),
        quotes=tuple(quotes),
        silent=(),
        made_at=made_at,
        made_by=f"xsource {__version__}",
    )


def _card(
    kind: CardKind,
    id_: str,
    comparison: Comparison,
    table: StoryTable,
    row: Row,
    divergences: Sequence[Divergence],
    findings: tuple[Finding, ...],
    made_at: datetime,
) -> Card:
    translation = row.headline.translation
    outlets = {outlet.id: outlet for outlet in comparison.outlets}
    provenance = comparison.provenance
    return Card(
        kind=kind,
        id=id_,
        claim=translation.text if translation else row.headline.sentence.text,
        language=translation.target if translation else row.headline.article.language,
        story_title=table.story.title,
        sentences=tuple(finding.explanation for finding in findings if kind == "divergence"),
        findings=findings,
        quotes=tuple(_quotes(row, divergences, outlets)),
        silent=tuple(
            (outlet_name(outlets[silence.article.outlet_id]), silence.article.source)
            for silence in row.group.silent
            if is_silent(silence)
        ),
        made_at=made_at,
        made_by=f"xsource {provenance.xsource_version}, {provenance.embedder}, "
        f"index generation {provenance.index_generation}",
    )


def _quotes(
    row: Row, divergences: Sequence[Divergence], outlets: Mapping[OutletId, Outlet]
) -> Iterable[CardQuote]:
    """Give the sentence of every telling once, those that stand apart first."""
    spans: dict[SentenceId, tuple[tuple[int, int], bool]] = {}
    for divergence in divergences:
        if divergence.kind == "omission":
            continue
        apart = {id(side) for side in standing_apart(divergence)}
        for side in divergence.sides:
            spans.setdefault(side.sentence_id, ((side.start, side.end), id(side) in apart))
    quotes = [
        _quote(claim, outlets, *spans.get(claim.sentence.id, ((0, 0), False))) for claim in row.group.claims
    ]
    return sorted(quotes, key=lambda quote: not quote.apart)


def _quote(
    claim: Claim,
    outlets: Mapping[OutletId, Outlet],
    span: tuple[int, int],
    apart: bool,  # noqa: FBT001
) -> CardQuote:
    article: Article = claim.article
    translation: Translation | None = claim.translation
    return CardQuote(
        outlet=claim.outlet.id,
        name=outlet_name(outlets.get(claim.outlet.id, claim.outlet)),
        article_url=article.source,
        headline=article.title,
        language=article.language,
        published_at=article.published_at,
        sentence=claim.sentence.text,
        span=span,
        apart=apart,
        translation=translation.text if translation else "",
        engine=translation.engine if translation else "",
        is_supplied=translation.is_supplied if translation else False,
        warnings=translation.warnings if translation else (),
    )


def _finding(divergence: Divergence, comparison: Comparison) -> Finding:
    outlets = {outlet.id: outlet for outlet in comparison.outlets}
    words = explain(divergence, outlets)
    return Finding(divergence.id, divergence.kind, divergence.confidence, words, divergence.review)
