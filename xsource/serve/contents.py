"""Stories, articles and answers as the templates show them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xsource.errors import InputError
from xsource.outlets import OutletList, Ownership
from xsource.pipeline import Filters, Reader
from xsource.records import (
    COVERAGES,
    LANGUAGES,
    Article,
    ArticleId,
    Claim,
    Coverage,
    Outlet,
    OutletAnswer,
    OutletId,
    SearchHit,
    StoryId,
)
from xsource.report.marking import mark_sentence
from xsource.report.page import QuoteView, gloss_title
from xsource.serve.asking import StoryFilters

TARGET = "en"
"""The language of the page around the quotes."""


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One story of the list. `gloss` is a title in English where the story's is in another language."""

    id: StoryId
    title: str
    gloss: str
    first: datetime | None
    last: datetime | None
    articles: int
    outlets: tuple[Outlet, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutletLine:
    """One outlet of the list, with what the lists of outlets know of it."""

    outlet: Outlet
    articles: int
    ownership: Ownership | None
    ownership_source: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What an edition holds.

    Attributes:
        stories: those of two outlets or more, latest first.
        story_of: the story of every article that is in one of them.
        lines: the outlets with what is known of them.
        article_ids: of latest versions, in their order.
        articles: how many, latest versions only.
        synthetic: how many of them were written as examples.
    """

    generation: int
    stories: tuple[StoryLine, ...]
    story_of: Mapping[ArticleId, StoryLine]
    outlets: tuple[Outlet, ...]
    lines: Mapping[OutletId, OutletLine]
    article_ids: tuple[ArticleId, ...]
    articles: int
    synthetic: int

    def story(self, story_id: str) -> StoryLine | None:
        """Give a story of the list by its id or the first letters of it.

        Raises:
            InputError: several have such an id.
        """
        found = [story for story in self.stories if story.id.startswith(story_id)]
        if len(found) > 1:
            raise InputError(f"{len(found)} stories have an id that begins with {story_id}", "give more of it")
        return found[0] if found else None

    def article_id(self, article_id: str) -> ArticleId | None:
        """Give the id of an article by the first letters of it.

        Raises:
            InputError: several have such an id.
        """
        at = bisect_left(self.article_ids, article_id)
        found = [one for one in self.article_ids[at : at + 2] if one.startswith(article_id)]
        if len(found) > 1:
            raise InputError(f"several articles have an id that begins with {article_id}", "give more of it")
        return found[0] if found else None

    def ownerships(self, story: StoryLine) -> frozenset[Ownership]:
        """Give who owns the outlets of a story, as far as the lists say."""
        known = (self.lines[outlet.id].ownership for outlet in story.outlets)
        return frozenset(one for one in known if one is not None)


@dataclass(frozen=True, slots=True)
class HitView:
    """A sentence that was found; `standing` is what its outlet does with an asked claim."""

    quote: QuoteView
    story: StoryLine | None
    cosine: float
    nearness: float
    standing: Coverage | None = None
    differs: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The outlets that do the same with an asked claim."""

    coverage: Coverage
    hits: tuple[HitView, ...]
    outlets: tuple[Outlet, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article's text: a sentence, or what stands between two."""

    text: str
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """A whole article, cut into paragraphs of pieces."""

    article: Article
    outlet: Outlet
    story: StoryLine | None
    paragraphs: tuple[tuple[Piece, ...], ...]
    translated: int


def list_contents(reader: Reader, known: OutletList) -> Contents:
    """List what a reader sees, with what is known of its outlets."""
    counts = reader.count_articles()
    by_id = {article.id: article for article in reader.articles()}
    outlets = {outlet.id: outlet for outlet in reader.outlets()}
    lines = []
    story_of: dict[ArticleId, StoryLine] = {}
    for story in reversed(reader.stories()):
        own = [by_id[article_id] for article_id in story.article_ids]
        spoken = {article.language for article in own}
        line = StoryLine(
            id=story.id,
            title=story.title or story.id,
            gloss=gloss_title(story.title, own, TARGET),
            first=story.first_published,
            last=story.last_published,
            articles=len(own),
            outlets=tuple(outlets[outlet_id] for outlet_id in sorted({article.outlet_id for article in own})),
            languages=tuple(language for language in LANGUAGES if language in spoken),
        )
        lines.append(line)
        story_of |= dict.fromkeys(story.article_ids, line)
    return Contents(
        generation=reader.generation,
        stories=tuple(lines),
        story_of=story_of,
        outlets=tuple(outlets.values()),
        lines={outlet.id: _line_of(outlet, counts[outlet.id], known) for outlet in outlets.values()},
        article_ids=tuple(sorted(by_id)),
        articles=len(by_id),
        synthetic=sum(article.synthetic for article in by_id.values()),
    )


def _line_of(outlet: Outlet, articles: int, known: OutletList) -> OutletLine:
    profile = known.get(outlet.id)
    if profile is None:
        return OutletLine(outlet, articles, None, "")
    return OutletLine(outlet, articles, profile.ownership, profile.ownership_source)


def choose_stories(contents: Contents, filters: StoryFilters) -> list[StoryLine]:
    """Give the stories that pass some filters, latest first.

    A day counts where an article of the story was published on it; the outlets, languages and owners where one
    of the story's is among those asked for.
    """
    days = Filters.parse(None, None, filters.since or None, filters.until or None)
    return [
        story
        for story in contents.stories
        if not (days.since and not (story.last and story.last >= days.since))
        and not (days.until and not (story.first and story.first < days.until))
        and (not filters.outlets or not {outlet.id for outlet in story.outlets}.isdisjoint(filters.outlets))
        and (not filters.languages or not set(story.languages).isdisjoint(filters.languages))
        and (not filters.ownership or not contents.ownerships(story).isdisjoint(filters.ownership))
    ]


def view_hits(hits: Sequence[SearchHit], contents: Contents) -> tuple[HitView, ...]:
    """Lay out what a search found."""
    return tuple(_view_hit(hit, contents, number) for number, hit in enumerate(hits, 1))


def view_answers(answers: Sequence[OutletAnswer], contents: Contents) -> tuple[Standing, ...]:
    """Lay out what outlets do with a claim, those that report it first."""
    standings = []
    number = 0
    for coverage in COVERAGES:
        own = [answer for answer in answers if answer.status == coverage]
        hits = []
        for answer in own:
            if answer.best is not None:
                number += 1
                hits.append(_view_hit(answer.best, contents, number, answer))
        if own:
            bare = tuple(answer.outlet for answer in own if answer.best is None)
            standings.append(Standing(coverage, tuple(hits), bare))
    return tuple(standings)


def _view_hit(hit: SearchHit, contents: Contents, number: int, answer: OutletAnswer | None = None) -> HitView:
    differs = answer.differs if answer else ()
    quote = QuoteView(
        anchor=f"h{number}",
        outlet=hit.claim.outlet,
        number=0,
        claim=hit.claim,
        divergences=tuple(range(len(differs))) if answer and answer.status == "differs" else (),
        segments=mark_sentence(hit.claim, differs),
        repeats=None,
    )
    return HitView(
        quote,
        contents.story_of.get(hit.claim.article.id),
        hit.cosine,
        hit.nearness,
        answer.status if answer else None,
        tuple((d.kind, d.explanation, d.confidence) for d in differs),
    )


def view_article(claims: Sequence[Claim], contents: Contents) -> ArticleView:
    """Lay a whole article out: every letter of its text, its sentences with an address of their own."""
    article, outlet = claims[0].article, claims[0].outlet
    pieces: list[Piece] = []
    done = 0
    for claim in claims:
        if claim.sentence.start > done:
            pieces.append(Piece(article.text[done : claim.sentence.start], None))
        pieces.append(Piece(claim.sentence.text, claim))
        done = claim.sentence.end
    if done < len(article.text):
        pieces.append(Piece(article.text[done:], None))
    return ArticleView(
        article,
        outlet,
        contents.story_of.get(article.id),
        tuple(_paragraphs(pieces)),
        sum(claim.translation is not None for claim in claims),
    )


def _paragraphs(pieces: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    paragraphs: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.claim is None and "\n" in piece.text:
            before, _, after = piece.text.rpartition("\n")
            if before.strip():
                paragraphs[-1].append(Piece(before, None))
            paragraphs.append([Piece(after, None)] if after.strip() else [])
        else:
            paragraphs[-1].append(piece)
    return [tuple(paragraph) for paragraph in paragraphs if paragraph]
