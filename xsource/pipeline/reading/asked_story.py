"""Which story an asked claim is about, and whose outlets tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xsource.facts.names import names
from xsource.facts.names_matching import find_name
from xsource.facts.names_records import NameMention
from xsource.pipeline.reading.searching import Question
from xsource.records import Claim, OutletId, SearchHit, Story, StoryId

if TYPE_CHECKING:
    from xsource.pipeline.reading.reader import Reader

OUTLETS_OF_A_STORY = 3
"""Outlets that say how near a story comes to a question: its best three."""

NAMES_COUNT = 2.0
"""All names of a question weigh as much as two outlets that surely report it."""

SENTENCES_WITH_NAMES = 12
"""Nearest sentences of a story that are searched for a question's names."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence that was put beside the question."""

    claim: Claim
    cosine: float
    margin: float
    same: float
    differs: float
    contrary: float

    @property
    def hit(self) -> SearchHit:
        """The sentence as a search finds it."""
        return SearchHit(self.claim, self.cosine, self.margin)


def story_of(reader: Reader, one: Heard) -> Story:
    """Give the story of a sentence's article."""
    return reader.story_of_article[one.claim.article.id]


def asked_story(reader: Reader, question: Question, heard: Sequence[Heard]) -> Story | None:
    """Choose the story that a question is about: that whose outlets come nearest, by their best sentences.

    Of two events a question may fit a sentence each; the one that it is about has more of them, more that
    sounds like it, and the names. Of 220 questions about 34 events 88 % of the outlets named report it, 56 %
    without this choice.
    """
    asked = names(question.text, question.language)
    told: dict[StoryId, list[Heard]] = defaultdict(list)
    same: dict[StoryId, dict[OutletId, float]] = defaultdict(dict)
    cosine: dict[StoryId, dict[OutletId, float]] = defaultdict(dict)
    stories: dict[StoryId, Story] = {}
    for one in heard:
        story, outlet = story_of(reader, one), one.claim.outlet.id
        stories[story.id] = story
        told[story.id].append(one)
        same[story.id][outlet] = max(same[story.id].get(outlet, 0.0), one.same)
        cosine[story.id][outlet] = max(cosine[story.id].get(outlet, -1.0), one.cosine)

    def nearness(story: StoryId) -> tuple[float, str]:
        parts = (
            sorted(own.values(), reverse=True)[:OUTLETS_OF_A_STORY] for own in (same[story], cosine[story])
        )
        return round(sum(map(sum, parts)) + NAMES_COUNT * _names_told(asked, told[story]), 4), story

    return stories[max(stories, key=nearness)] if stories else None


def _names_told(asked: Sequence[NameMention], heard: Sequence[Heard]) -> float:
    """Give the share of a question's names that a story's nearest sentences have; 0 where it names nobody."""
    near = sorted(heard, key=lambda one: (-round(one.same + one.cosine, 6), one.claim.sentence.id))
    near = near[:SENTENCES_WITH_NAMES]
    found = [
        any(find_name(name, one.claim.sentence.text, one.claim.article.language) for one in near)
        for name in asked
    ]
    return sum(found) / len(found) if found else 0.0


def is_beside(reader: Reader, one: Heard, story: Story) -> bool:
    """Whether a sentence is of another story that was told while this one was."""
    other = story_of(reader, one)
    ends = (story.first_published, story.last_published, other.first_published, other.last_published)
    if other.id == story.id or None in ends:
        return False
    first, last, begun, ended = (moment for moment in ends if moment is not None)
    return begun <= last and first <= ended


def covering(
    reader: Reader,
    question: Question,
    story: Story | None,
    best: Mapping[OutletId, Heard],
    unsure_from: float,
    about_from: float,
) -> set[OutletId]:
    """Name the outlets of the story that the question is about; nobody where it is about none.

    It is about the story where a sentence comes near, or where one sounds like it and, if the question names
    somebody, an article names them too: "Elon Musk bought Twitter" is about no story of a ceasefire.
    """
    if story is None:
        return set()
    near = max((one.same for one in best.values()), default=0.0)
    alike = max((one.cosine for one in best.values()), default=0.0)
    asked = names(question.text, question.language)
    if near >= unsure_from or (
        alike >= about_from
        and (
            not asked
            or any(
                find_name(name, f"{article.title}\n{article.text}", article.language)
                for name in asked
                for article in reader.articles_of(story)
            )
        )
    ):
        return reader.outlets_of(story)
    return set()
