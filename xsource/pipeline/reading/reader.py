"""Reading an index: articles, stories, search. Loads no model until a text has to be embedded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xsource import __version__
from xsource.align import Reference, reference_from, shipped_reference
from xsource.errors import IndexStateError, InputError
from xsource.pipeline.reading.asking import ask_outlets
from xsource.pipeline.reading.contents import publication_order
from xsource.pipeline.reading.filters import Filters
from xsource.pipeline.reading.finding_stories import read_centred, stories_of
from xsource.pipeline.reading.judging_pairs import ReadingJudge
from xsource.pipeline.reading.kept_pairs import KeepingJudge
from xsource.pipeline.reading.models import Models
from xsource.pipeline.reading.one_core import one_core
from xsource.pipeline.reading.searching import embed_question, search_index
from xsource.pipeline.reviewing.verdicts import VerdictsByPage, with_reviews
from xsource.protocols import Progress, no_progress
from xsource.records import (
    Article,
    ArticleId,
    Claim,
    Comparison,
    FloatMatrix,
    Language,
    Outlet,
    OutletAnswer,
    OutletId,
    Provenance,
    SearchHit,
    Sentence,
    SentenceId,
    Story,
)
from xsource.settings import Settings
from xsource.store import Index, Snapshot, open_index
from xsource.store.verdicts import StoredVerdict, in_force

if TYPE_CHECKING:
    from xsource.pipeline.reading.comparing import StoryFindings

ARTICLES_OF_A_REFERENCE = 4096
"""Articles whose sentences show what is usual, for an embedder that no reference is shipped for; evenly spaced
where there are more. 60,000 sentences: the mean of a language is known to about a hundredth of their spread."""


class Reader:
    """An open index with the settings to read it by. Use `open_reader`.

    Args:
        index: open for reading.
        settings: thresholds and detectors; the embedder must be the index's own.
    """

    def __init__(self, index: Index, settings: Settings) -> None:
        self._index = index
        self._settings = settings
        self._snapshot = index.snapshot
        self.models = Models(index, settings)

    @property
    def snapshot(self) -> Snapshot:
        """Give the state of the index that this reader sees."""
        return self._snapshot

    @property
    def generation(self) -> int:
        """Give the number of the last write that this reader sees."""
        return self._snapshot.generation

    def load_models(self) -> None:
        """Load what asking and comparing need, before somebody waits for it."""
        self.models.load()
        if self.models.made_by is not None:
            _ = self.reference

    def take_over(self, other: Reader) -> None:
        """Use what another reader has at hand: models where they are the same, stories of the same state."""
        if self.models.take_over(other.models) and self.snapshot == other.snapshot:
            for name in ("_articles", "_article_by_id", "_outlet_of", "_outlets", "_all_stories", "reference"):
                if name in other.__dict__:
                    self.__dict__.setdefault(name, other.__dict__[name])

    def read_article(self, article_id: str) -> list[Claim]:
        """Give all sentences of an article in order, with translations; none where it is not here."""
        found = self._articles_of([ArticleId(article_id)])
        return self.claims(self._index.sentences(found), found) if found else []

    def articles(self) -> list[Article]:
        """Give the latest version of every article, by publication."""
        return self._articles

    def outlets(self) -> list[Outlet]:
        """Give every outlet that has articles, by id."""
        counts = self.count_articles()
        return [outlet for outlet in self._outlets.values() if counts[outlet.id]]

    def count_articles(self) -> Counter[OutletId]:
        """Count the articles of each outlet, latest versions only."""
        counts: Counter[OutletId] = Counter()
        for (outlet_id, _), articles in self._index.count_latest().items():
            counts[outlet_id] += articles
        return counts

    def stories(self) -> list[Story]:
        """Give the events that two or more outlets cover, by first publication."""
        return [story for story in self.all_stories() if len(self.outlets_of(story)) > 1]

    def all_stories(self) -> list[Story]:
        """Give every story, those of one outlet too: each article is in exactly one."""
        return self._all_stories

    def find_story(self, wanted: str) -> Story:
        """Give the story whose id begins with the given letters.

        Raises:
            InputError: none or several do.
        """
        found = [story for story in self.stories() if wanted and story.id.startswith(wanted.lower())]
        if len(found) == 1:
            return found[0]
        what = "no story" if not found else f"{len(found)} stories"
        raise InputError(f'{what} with an id that begins with "{wanted}"', "`xsource stories` lists them")

    def story_of(self, outlet_id: str) -> Story:
        """Give the first story that an outlet has an article in.

        Raises:
            InputError: it has none.
        """
        for story in self.stories():
            if outlet_id in self.outlets_of(story):
                return story
        raise InputError(
            f'outlet "{outlet_id}" shares no story with another', "`xsource stories` lists stories"
        )

    def search(self, text: str, *, top: int, filters: Filters) -> list[SearchHit]:
        """Find the sentences nearest in meaning to a text of any of the four languages.

        Raises:
            InputError: the text is empty or in another language, or a filter names an unknown outlet.
        """
        self._check_outlets(filters.outlets)
        question = embed_question(text, self.models.embedder, self.reference)
        with one_core():
            return search_index(self, self._index, question, top, filters)

    def who_reports(
        self, text: str, *, filters: Filters | None = None, language: Language | None = None
    ) -> list[OutletAnswer]:
        """Say of every outlet whether it reports a claim, differently, not at all, or has no coverage.

        Args:
            text: the claim, in any of the four languages.
            filters: what is asked of the index; everything when left out.
            language: of the claim, where it is not to be guessed.

        Raises:
            InputError: the text is empty or in another language than the four, or a filter names an unknown
            outlet.
        """
        filters = filters or Filters()
        self._check_outlets(filters.outlets)
        question = embed_question(text, self.models.embedder, self.reference, language)
        with one_core():
            return ask_outlets(self, self._index, question, self.models, self._settings.min_confidence, filters)

    def compare(self, story: str | None = None, *, progress: Progress = no_progress) -> Comparison:
        """Compare the outlets of one story, or of all.

        A story is read, compared and let go before the next: memory grows with what is found only.

        Args:
            story: an id or its first letters; all stories when left out.
            progress: told about every story.
        """
        return self.compare_together([self.find_story(story)] if story else self.stories(), progress=progress)

    def compare_together(self, stories: Sequence[Story], *, progress: Progress = no_progress) -> Comparison:
        """Compare some of the stories, and give all that was found at once."""
        findings = []
        for done, one in enumerate(stories, 1):
            findings.append(self._compare(one))
            progress("stories", done, len(stories))
        return self._put_together(stories, findings)

    def compare_each(
        self, stories: Sequence[Story] | None = None, *, progress: Progress = no_progress
    ) -> Iterator[Comparison]:
        """Give the comparison of one story after the other.

        Nothing of a story is kept once the next is asked for: memory does not grow with what is found.

        Args:
            stories: in this order; all of `stories()` when left out.
            progress: told about every story.
        """
        stories = self.stories() if stories is None else stories
        verdicts = VerdictsByPage(self.verdicts())
        for done, one in enumerate(stories, 1):
            yield self._put_together([one], [self._compare(one)], verdicts)
            progress("stories", done, len(stories))

    def outline(self, stories: Sequence[Story]) -> Comparison:
        """Give what is known of stories before they are compared: a comparison in which nothing was found."""
        return self._put_together(stories, [])

    def _put_together(
        self,
        stories: Sequence[Story],
        findings: Sequence[StoryFindings],
        verdicts: VerdictsByPage | None = None,
    ) -> Comparison:
        """Make a comparison of what was found in some stories."""
        present = {article_id for one in stories for article_id in one.article_ids}
        articles = tuple(sorted(self._articles_of(present).values(), key=publication_order))
        named = {article.outlet_id for article in articles}
        comparison = Comparison(
            outlets=tuple(outlet for outlet in self._outlets.values() if outlet.id in named),
            articles=articles,
            stories=tuple(stories),
            groups=tuple(group for found in findings for group in found.groups),
            divergences=tuple(d for found in findings for d in found.divergences),
            unmatched=tuple(claim for found in findings for claim in found.unmatched),
            copies=tuple(copy for found in findings for copy in found.copies),
            provenance=Provenance(
                __version__, self.models.embedder_id, self._index.generation, self._settings.as_provenance()
            ),
        )
        if verdicts is None:
            return with_reviews(comparison, self.verdicts())
        return with_reviews(comparison, verdicts.on(articles))

    def verdicts(self) -> list[StoredVerdict]:
        """Give what analysts said of divergences and did not take back, in the order in which they said it."""
        return in_force(self._index.verdict_log())

    @cached_property
    def reference(self) -> Reference:
        """What sentences of each language look like to the index's embedder.

        Raises:
            IndexStateError: none is shipped for it, and the index has no sentences to take one from.
        """
        shipped = shipped_reference(self.models.embedder_id)
        if shipped is not None:
            return shipped
        sampled = spread(self._articles, ARTICLES_OF_A_REFERENCE)
        language_of = {article.id: article.language for article in sampled}
        sentences = list(self._index.sentences(list(language_of)))
        if not sentences:
            raise IndexStateError(
                f"{self._index.path}: the index has no sentences", "add articles: xsource build PATH"
            )
        vectors = self._index.vectors([sentence.id for sentence in sentences])
        return reference_from(
            self.models.embedder_id, vectors, [language_of[sentence.article_id] for sentence in sentences]
        )

    @cached_property
    def _articles(self) -> list[Article]:
        return sorted(self._index.latest_articles(), key=publication_order)

    @cached_property
    def _article_by_id(self) -> dict[ArticleId, Article]:
        return {article.id: article for article in self._articles}

    def _articles_of(self, ids: Iterable[ArticleId]) -> dict[ArticleId, Article]:
        """Give those of some articles that are the latest version of their page; no other is read."""
        if "_articles" in self.__dict__:  # somebody needed all of them
            return {id_: self._article_by_id[id_] for id_ in ids if id_ in self._article_by_id}
        return {article.id: article for article in self._index.latest_articles(ids)}

    @cached_property
    def _outlet_of(self) -> dict[ArticleId, OutletId]:
        return self._index.latest_outlets()

    @cached_property
    def _outlets(self) -> dict[OutletId, Outlet]:
        return {outlet.id: outlet for outlet in sorted(self._index.outlets(), key=lambda outlet: outlet.id)}

    @cached_property
    def _all_stories(self) -> list[Story]:
        return stories_of(
            self._index,
            self._settings.max_gap_days,
            lambda: self._articles,
            lambda: self.reference,
            lambda: self.models.judge,
        )

    def claims(self, sentences: Sequence[Sentence], articles: Mapping[ArticleId, Article]) -> list[Claim]:
        """Give sentences with article, outlet and, where there is one, a translation for reading."""
        self._index.require_whole({sentence.article_id for sentence in sentences})
        translations = self._index.translations_of(sentences, self._settings.target)
        return [
            Claim(
                sentence=sentence,
                article=articles[sentence.article_id],
                outlet=self._outlets[articles[sentence.article_id].outlet_id],
                translation=translations.get(sentence.id),
            )
            for sentence in sentences
        ]

    def claims_of(self, sentence_ids: Sequence[SentenceId]) -> list[Claim]:
        """Give sentences by id as claims, in the given order; those of superseded versions are left out."""
        by_id = self._index.sentences_by_id(sentence_ids)
        sentences = [by_id[sentence_id] for sentence_id in sentence_ids]
        articles = self._articles_of({sentence.article_id for sentence in sentences})
        return self.claims([s for s in sentences if s.article_id in articles], articles)

    def _check_outlets(self, wanted: Sequence[str] | None) -> None:
        for outlet_id in wanted or ():
            if outlet_id not in self._outlets:
                raise InputError(
                    f'outlet "{outlet_id}" is not in the index', "`xsource outlets` lists those that are"
                )

    def read_story(self, story: Story) -> tuple[list[Claim], FloatMatrix]:
        """Give all sentences of a story and their centred vectors, row for row."""
        by_id = self._articles_of(story.article_ids)
        sentences, vectors = read_centred(self._index, list(by_id.values()), self.reference)
        return self.claims(sentences, by_id), vectors

    @cached_property
    def story_of_article(self) -> dict[ArticleId, Story]:
        """The story that each article is in."""
        return {article_id: story for story in self.all_stories() for article_id in story.article_ids}

    def articles_of(self, story: Story) -> list[Article]:
        """Give the articles of a story, latest versions, by publication."""
        return list(self._articles_of(story.article_ids).values())

    def outlets_of(self, story: Story) -> set[OutletId]:
        """Name the outlets with an article in a story."""
        return {self._outlet_of[article_id] for article_id in story.article_ids}

    def _compare(self, story: Story) -> StoryFindings:
        # Loaded here: whoever only searches needs no detector.
        from xsource.pipeline.reading.comparing import compare_story

        with one_core():
            sentences, vectors = self.read_story(story)
            return compare_story(
                story,
                sentences,
                vectors,
                KeepingJudge(ReadingJudge(self.models.judge), self.models.judge.id, self._index.judged_files),
                self.models.make_detectors,
                self.models.scorer,
                self._settings.min_confidence,
            )


@contextmanager
def open_reader(path: Path, settings: Settings) -> Iterator[Reader]:
    """Open an index for reading.

    Raises:
        IndexStateError: there is none at the path, or a newer program made it.
    """
    with open_index(path, mode="read") as index:
        yield Reader(index, settings)


def spread(articles: Sequence[Article], wanted: int) -> Sequence[Article]:
    """Choose evenly spaced articles, all where there are no more than wanted."""
    if len(articles) <= wanted:
        return articles
    return [articles[number * len(articles) // wanted] for number in range(wanted)]
