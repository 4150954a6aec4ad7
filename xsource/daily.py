"""What passes between following the news and telling it: what a comparison found in brief, news, follows.

Everything here can be written as JSON (`to_document`) and read back (`of_document`): it is kept in the
catalogue, and written for other programs, in one form.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

Change = Literal["came", "changed", "went"]
CHANGES: tuple[Change, ...] = ("came", "changed", "went")

Subject = Literal["followed claim", "divergence", "story", "claim"]
SUBJECTS: tuple[Subject, ...] = ("followed claim", "divergence", "story", "claim")
"""What news are about, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One outlet's sentence.

    Attributes:
        span: half-open, code points of `sentence`: the words that differ; equal where none do.
        words: those words, as printed.
        value: what they were read as; may be empty.
        apart: whether the outlet stands apart from the others.
    """

    outlet: str
    article_url: str
    language: str
    sentence: str
    published_at: datetime | None
    span: tuple[int, int] = (0, 0)
    words: str = ""
    value: str = ""
    apart: bool = False
    translation: str = ""


@dataclass(frozen=True, slots=True)
class NotedArticle:
    """An article of a story; `page` names its address however it is written."""

    id: str
    outlet: str
    page: str
    title: str


@dataclass(frozen=True, slots=True)
class NotedClaim:
    """A claim that two or more outlets make.

    Attributes:
        id: of its group.
        number: its place in the story, from 1, as `xsource show STORY:NUMBER` takes it.
        headline: the words that name it, in the reader's language where there are such.
        places: outlet, page and sentence of every telling.
    """

    id: str
    number: int
    headline: str
    language: str
    places: tuple[tuple[str, str, str], ...]

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that make it, by id."""
        return tuple(sorted({outlet for outlet, _, _ in self.places}))


@dataclass(frozen=True, slots=True)
class NotedDivergence:
    """A divergence in brief; fields as in `xsource.records.Divergence`, `camp` is its `apart`."""

    id: str
    claim: str
    kind: str
    confidence: float
    explanation: str
    sides: tuple[Quote, ...]
    absent_from: tuple[tuple[str, str], ...]
    camp: int


@dataclass(frozen=True, slots=True)
class NotedStory:
    """What comparing one story found, with every divergence however unsure."""

    id: str
    title: str
    first_published: datetime | None
    last_published: datetime | None
    articles: tuple[NotedArticle, ...]
    claims: tuple[NotedClaim, ...]
    divergences: tuple[NotedDivergence, ...]


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One thing that came, changed or went.

    Attributes:
        id: 20 hexadecimal digits, of this item of this edition and no other.
        ref: id of the story, the claim's group, the divergence or the followed claim.
        story, story_title: where it stands; of a followed claim empty.
        claim: `STORY:NUMBER` as `xsource show` takes it, of a claim or a divergence that is there; else empty.
        kind: of a divergence; else empty.
        confidence: of a divergence; else `None`.
        title: a story's title, a claim's words, what differs.
        language: of `title`, where it is an outlet's words; else empty.
        before: what `title` was before it changed; else empty.
        details: what changed, a sentence each.
        quotes: the sentences that it rests on.
    """

    id: str
    change: Change
    subject: Subject
    ref: str
    story: str
    story_title: str
    claim: str
    kind: str
    confidence: float | None
    title: str
    language: str
    before: str
    details: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a subject came, changed and went."""

    subject: Subject
    came: int
    changed: int
    went: int


@dataclass(frozen=True, slots=True)
class Edition:
    """The news of one look.

    Attributes:
        look: its name.
        number: 1 for the first; every edition of a look has the next one.
        at: when it was made, UTC; never before the edition before.
        since: when the look was last taken; `None` for the first.
        counts: of everything that is news, in the order of `SUBJECTS`.
        items: what is told: all of it, or the foremost where it is very much.
        min_confidence: divergences below it are no news.
        xsource: version of the program.
        other_program: the last look was taken by another version or with other settings: what differs may come
            of that.
    """

    look: str
    number: int
    at: datetime
    since: datetime | None
    counts: tuple[Count, ...]
    items: tuple[NewsItem, ...]
    min_confidence: float
    xsource: str
    other_program: bool = False

    @property
    def total(self) -> int:
        """How much is news."""
        return sum(count.came + count.changed + count.went for count in self.counts)


@dataclass(frozen=True, slots=True)
class Follow:
    """A claim that somebody follows.

    Attributes:
        id: 20 hexadecimal digits, of the text and what it is restricted to.
        language: of the text.
        languages, stories: an outlet's sentence counts in these only; all where empty. Stories are named by a
            page of theirs, `OUTLET ADDRESS`, because a story's own id may change when an article joins.
        since, until: a sentence counts if it was published from here to before there; `None` is no bound.
        by: who follows it; may be empty.
        at: when it was taken up, UTC.
        ended: when it was given up, or `None`.
    """

    id: str
    text: str
    language: str
    languages: tuple[str, ...]
    stories: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    by: str
    at: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one outlet was seen to say of a followed claim.

    Attributes:
        told: hash of outlet, page, sentence and status.
        at: when it was seen, UTC; never before what was seen before.
        status: as in `OutletAnswer`, in words.
        figures: what the sentence gives for the numbers of the claim, as printed, with the value read.
        denies: whether it says the contrary.
        differs: what sets it against the claim, a sentence each.
    """

    told: str
    at: datetime
    status: str
    quote: Quote
    figures: tuple[tuple[str, str], ...]
    denies: bool
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A sighting in its place.

    Attributes:
        when: when it was published; when it was seen, where nobody says or an older text of the page was known.
        is_first: the first time that the outlet tells it.
    """

    when: datetime
    is_first: bool
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class OutletStanding:
    """What an outlet says of a followed claim now.

    Attributes:
        first_told: when it told it first; `None` where it only denies it.
        figures: as printed, of its last word on it.
    """

    outlet: str
    status: str
    first_told: datetime | None
    last_told: datetime
    figures: tuple[str, ...]
    denies: bool


@dataclass(frozen=True, slots=True)
class DayOfClaim:
    """One day of a followed claim.

    Attributes:
        day: `2026-03-02`, UTC.
        outlets: how many had told it by its end.
        figures: what outlets had as their last figure by its end, each with the number of outlets.
        denials: how many said the contrary by its end.
    """

    day: str
    outlets: int
    figures: tuple[tuple[str, int], ...]
    denials: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """A followed claim over time: entries in their order, outlets by first telling, one row a day of change."""

    follow: Follow
    entries: tuple[TimelineEntry, ...]
    outlets: tuple[OutletStanding, ...]
    days: tuple[DayOfClaim, ...]


T = TypeVar("T")


def to_document(value: Any) -> Any:
    """Give a dataclass of this module as what `json` writes; moments as ISO 8601 with a `Z`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [to_document(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def of_document(kind: type[T], document: Any) -> T:
    """Read what `to_document` gave.

    Raises:
        ValueError: it is something else; the message names the field.
    """
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as exc:
        raise ValueError(str(exc)) from exc
