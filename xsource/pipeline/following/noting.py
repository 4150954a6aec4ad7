"""Every outlet asked about every followed claim, after a build; what is new in the answers is noted."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from xsource.addresses import address_key
from xsource.daily import Follow, Quote, Sighting
from xsource.errors import InputError
from xsource.pipeline.daily.known import name_recipe
from xsource.pipeline.following.figures import figures_for
from xsource.pipeline.reading.reader import Reader
from xsource.protocols import Progress, no_progress
from xsource.records import Article, Claim, Comparison, OutletAnswer, SentenceId, StoryId, stable_id
from xsource.settings import Settings
from xsource.store import Index, open_index

SAYING_NOTHING = frozenset({"silent", "no coverage", "unsure"})
"""Statuses of outlets that are not seen to say anything of a claim; any other is noted as it is called."""

CONTRARY = "contrary"

MOST_SECONDS = 600.0
"""Of asking after one build. A claim takes a third of a second of one core in an index of three stories, so
some two thousand are asked about; the others come first after the next build."""
SECONDS_BETWEEN_WRITES = 5.0
STORIES_AT_HAND = 32


def note_follows(
    index_path: Path,
    settings: Settings,
    *,
    progress: Progress = no_progress,
    now: datetime | None = None,
    most_seconds: float = MOST_SECONDS,
) -> list[str]:
    """Ask the outlets about the claims that were not asked about in this state of the index.

    It can be stopped at any moment, and goes on from there; nothing is noted twice.

    Args:
        index_path: an index that nobody is writing.
        settings: as for `Reader.who_reports`.
        progress: told about every claim.
        now: UTC; the current time when left out.
        most_seconds: after which the rest is left to the next build.

    Returns:
        What a user should know: of every claim that could not be asked about, why.

    Raises:
        StorageError: another process is writing the index, or the disk is full.
        IndexStateError: there is no index, or it is damaged.
    """
    with open_index(index_path, mode="read") as index:
        if not index.count_follows() or index.embedder_id is None:
            return []
        state = stable_id("followed", name_recipe(index.embedder_id, settings), index.held_state)
        follows = index.follows_to_note(state)
        if not follows:
            return []
        asking = Asking(index, settings)
        seen: dict[Follow, list[Sighting]] = {}
        notices: list[str] = []
        begun = written = time.monotonic()
        for done, follow in enumerate(follows, 1):
            if time.monotonic() - begun > most_seconds:
                notices.append(
                    f"{len(follows) - done + 1:,} of {len(follows):,} followed claims were not asked about "
                    f"within {most_seconds:.0f} seconds; they come first after the next build"
                )
                break
            try:
                seen[follow] = asking.ask(follow)
            except InputError as error:  # taken for another language by a newer program
                seen[follow] = []
                notices.append(f"followed claim {follow.id[:8]} could not be asked about: {error.message}")
            if time.monotonic() - written > SECONDS_BETWEEN_WRITES:
                write_seen(index_path, state, seen, now)
                seen.clear()
                written = time.monotonic()
            progress("followed claims", done, len(follows))
        write_seen(index_path, state, seen, now)
    return notices


def write_seen(
    index_path: Path, state: str, seen: Mapping[Follow, Sequence[Sighting]], now: datetime | None = None
) -> None:
    """Add to the log what is new in what was seen; a claim that was given up meanwhile is passed over."""
    now = now or datetime.now(UTC)
    with open_index(index_path, mode="write") as index:
        here = {follow.id for follow in index.follows()}
        fresh = {
            follow.id: list(_new_sightings(index, follow, sightings, now))
            for follow, sightings in seen.items()
            if follow.id in here
        }
        index.note_sightings(state, fresh)


def _new_sightings(
    index: Index, follow: Follow, sightings: Iterable[Sighting], now: datetime
) -> Iterator[Sighting]:
    """Give what is not what the log has last of a page; no time before the last one in the log."""
    log = [sighting for _, sighting in index.sightings(follow.id)]
    at = max([now, *(sighting.at for sighting in log)])
    of_page: dict[tuple[str, str], list[Sighting]] = {}
    for sighting in sightings:
        of_page.setdefault(_page(sighting), []).append(sighting)
    for page, present in of_page.items():
        known = [sighting for sighting in log if _page(sighting) == page]
        told = {sighting.told for sighting in known}
        # A page that went back to an older text says that again.
        is_back = bool(known) and known[-1].told not in {sighting.told for sighting in present}
        for sighting in present:
            if sighting.told not in told or is_back:
                yield replace(sighting, at=at)


def _page(sighting: Sighting) -> tuple[str, str]:
    return sighting.quote.outlet, address_key(sighting.quote.article_url)


class Asking:
    """Asks about one claim after the other, and keeps the comparisons of stories that several are told in."""

    def __init__(self, index: Index, settings: Settings) -> None:
        self._index = index
        self._reader = Reader(index, settings)
        self._story_of = {article: story for story in self._reader.stories() for article in story.article_ids}
        self._compared: dict[StoryId, Comparison] = {}

    def ask(self, follow: Follow) -> list[Sighting]:
        """Give what the outlets say of a claim: each one's own answer, and what it tells of the same elsewhere.

        An outlet that prints a new figure in a new article goes on to "report" the old one in the old article:
        so the sentences are asked for that stand in one group with an answer.

        Raises:
            InputError: the text is in none of the four languages.
        """
        answers = [
            answer
            for answer in self._reader.who_reports(follow.text)
            if answer.status not in SAYING_NOTHING and answer.best is not None
        ]
        found: dict[SentenceId, tuple[Sighting, Article]] = {}
        for answer in answers:
            assert answer.best is not None  # those without were passed over
            claim = answer.best.claim
            found[claim.sentence.id] = _sighting(follow, claim, answer.status, answer), claim.article
        by_outlet = {answer.outlet.id: answer for answer in answers}
        for claim in self._told_with(answers):
            if claim.sentence.id not in found and claim.outlet.id in by_outlet:
                answer = by_outlet[claim.outlet.id]
                if not _denies(answer):
                    found[claim.sentence.id] = _sighting(follow, claim, answer.status, None), claim.article
        return [
            sighting
            for sighting, article in found.values()
            if _is_of_interest(follow, sighting.quote)
            and (not follow.stories or not self._pages_beside(article).isdisjoint(follow.stories))
        ]

    def _told_with(self, answers: Sequence[OutletAnswer]) -> Iterator[Claim]:
        """Give the claims of the groups that an answer's sentence stands in."""
        best = {answer.best.claim.sentence.id for answer in answers if answer.best}
        stories = {
            self._story_of[answer.best.claim.article.id].id: self._story_of[answer.best.claim.article.id]
            for answer in answers
            if answer.best and answer.best.claim.article.id in self._story_of
        }
        for story in stories.values():
            if story.id not in self._compared:
                if len(self._compared) >= STORIES_AT_HAND:
                    self._compared.pop(next(iter(self._compared)))
                (self._compared[story.id],) = self._reader.compare_each([story])
            for group in self._compared[story.id].groups:
                if any(claim.sentence.id in best for claim in group.claims):
                    yield from group.claims

    def _pages_beside(self, article: Article) -> set[str]:
        """Name the pages of the story that an article is in, its own among them."""
        story = self._story_of.get(article.id)
        articles = self._index.articles(story.article_ids) if story else []
        return {page_of(one) for one in (article, *articles)}


def _is_of_interest(follow: Follow, quote: Quote) -> bool:
    """Whether a sentence is in the languages and of the days that a claim is restricted to."""
    if follow.languages and quote.language not in follow.languages:
        return False
    published = quote.published_at
    if follow.since and (published is None or published < follow.since):
        return False
    return not (follow.until and (published is None or published >= follow.until))


def page_of(article: Article) -> str:
    """Name the page of an article as `Follow.stories` does."""
    return f"{article.outlet_id} {address_key(article.source)}"


def _denies(answer: OutletAnswer) -> bool:
    return answer.status == CONTRARY or any(divergence.kind == "polarity" for divergence in answer.differs)


def _sighting(follow: Follow, claim: Claim, status: str, answer: OutletAnswer | None) -> Sighting:
    """Put an outlet's sentence in the form of the log.

    Args:
        answer: what the outlet was found to say by this very sentence; `None` for one that stands beside it,
            whose figures then say whether it differs.
    """
    sentence, language = claim.sentence.text, claim.article.language
    figures = figures_for(follow.text, follow.language, sentence, language)
    asked = {value for _, value in figures_for(follow.text, follow.language, follow.text, follow.language)}
    differs: tuple[str, ...] = ()
    if answer is not None:
        differs = tuple(divergence.explanation for divergence in answer.differs)
    elif figures:
        values = [value for _, value in figures]
        status = "reports" if asked.intersection(values) else "differs"
        if status == "differs":
            differs = (f"{', '.join(values)} against {', '.join(sorted(asked))}",)
    return Sighting(
        told=stable_id(claim.outlet.id, address_key(claim.article.source), sentence, status),
        at=datetime.now(UTC),
        status=status,
        quote=Quote(
            outlet=claim.outlet.id,
            article_url=claim.article.source,
            language=language,
            sentence=sentence,
            published_at=claim.article.published_at,
            translation=claim.translation.text if claim.translation else "",
        ),
        figures=figures,
        denies=answer is not None and _denies(answer),
        differs=differs,
    )
