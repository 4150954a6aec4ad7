"""Every type that passes between stages. Imports nothing of ours.

Spans are half-open ranges of **code points** in the cleaned `Article.text`; nothing touches that text after
ingest, so `article.text[s.start:s.end] == s.text` holds for every sentence, and a fact's span slices its
sentence to the words as printed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NewType

import numpy as np
import numpy.typing as npt

ArticleId = NewType("ArticleId", str)
SentenceId = NewType("SentenceId", str)
OutletId = NewType("OutletId", str)
StoryId = NewType("StoryId", str)
GroupId = NewType("GroupId", str)
DivergenceId = NewType("DivergenceId", str)

Language = Literal["ru", "he", "ar", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "he", "ar", "en")

FloatVector = npt.NDArray[np.float32]
FloatMatrix = npt.NDArray[np.float32]
IntVector = npt.NDArray[np.int64]

DivergenceKind = str
"""One of `DIVERGENCE_KINDS`. Not a `Literal`: a kind is its detector and one line below, and nothing else."""

KIND_MEANINGS: dict[DivergenceKind, str] = {
    "number": "a number or an amount",
    "date": "a day or a time",
    "actor": "who did it or whom it befell",
    "place": "where it happened",
    "polarity": "whether it happened at all",
    "attribution": "who says so",
    "certainty": "how sure it is said to be",
    "wording": "a word that takes sides",
    "omission": "an outlet covers the story without the claim",
    "update": "a figure that a later article changed",
}
"""What may differ, in the order in which reports list it, and in words for a reader."""

DIVERGENCE_KINDS: tuple[DivergenceKind, ...] = tuple(KIND_MEANINGS)

OPTIONAL_KINDS: frozenset[DivergenceKind] = frozenset(
    {"actor", "place", "polarity", "attribution", "certainty", "wording"}
)
"""Kinds of which fewer than three in four flags were right on independent reports: looked for where they are
named, see `docs/divergences.md`."""

DEFAULT_KINDS: tuple[DivergenceKind, ...] = tuple(
    kind for kind in DIVERGENCE_KINDS if kind not in OPTIONAL_KINDS
)
"""What is looked for where nobody names kinds."""

ALL_KINDS = "all"
"""Stands for every kind where kinds are named."""

Coverage = Literal["reports", "differs", "contrary", "unsure", "silent", "no coverage"]
COVERAGES: tuple[Coverage, ...] = ("reports", "differs", "contrary", "unsure", "silent", "no coverage")

Verdict = Literal["confirmed", "wrong", "unsure"]
VERDICTS: tuple[Verdict, ...] = ("confirmed", "wrong", "unsure")


def stable_id(*parts: str) -> str:
    """Hash parts into 20 hexadecimal digits, the same on every machine and in every run.

    80 bits: at 100 million sentences the chance of any collision is below 1 in 100 million (birthday bound).
    """
    digest = hashlib.blake2b(digest_size=10)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes.

    Attributes:
        id: short, lower case, ASCII: `tass`.
        name: as it writes itself, in its own script.
        language: its main language; an article may be in another. `None` when no article or list says.
        country: ISO 3166-1 alpha-2, or `None` when unknown.
        name_en: the name in English, or the same as `name`.
    """

    id: OutletId
    name: str
    language: str | None = None
    country: str | None = None
    name_en: str = ""


ReadingNoteKind = Literal["date", "doubt", "withdrawn", "left out"]


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """What a reader should know of how an article was read; kept beside it and shown, never compared.

    Attributes:
        kind: `date`: what the date of publication rests on. `doubt`: why that date may be wrong. `withdrawn`:
            text that the outlet struck out. `left out`: what is on the page and not in the text: a table.
        text: in words; of `withdrawn` and `left out`, what was there.
    """

    kind: ReadingNoteKind
    text: str


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article as ingest found it, cleaned, before its language is known.

    Attributes:
        outlet_id: who published it.
        source: its URL, or the file path where there is none. Part of the identity.
        title: may be empty.
        text: NFC, without page furniture or dateline; never empty.
        published_at: UTC, or `None` when neither the record nor the page says.
        declared_language: what the record says, if it does. The text decides; a disagreement is reported.
        agency: the wire agency that a credit line names (`tass`), or `None`.
        synthetic: the record says that it was written as an example.
        where: `path:line` for messages.
        notes: on how it was read.
    """

    outlet_id: OutletId
    source: str
    title: str
    text: str
    published_at: datetime | None
    declared_language: str | None = None
    agency: str | None = None
    synthetic: bool = False
    where: str = ""
    notes: tuple[ReadingNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """An article whose language is known. `id` hashes outlet, source and text: a new text is a new version."""

    id: ArticleId
    outlet_id: OutletId
    source: str
    title: str
    text: str
    language: Language
    language_probability: float
    published_at: datetime | None
    agency: str | None = None
    synthetic: bool = False

    @staticmethod
    def identify(outlet_id: str, source: str, text: str) -> ArticleId:
        """Give the id of an article: the outlet is part of it, so one wire story in two papers is two."""
        return ArticleId(stable_id(outlet_id, source, text))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article.

    Attributes:
        position: 0 for the first sentence of the article.
        start, end: half-open, code points of `Article.text`.
        is_claim: whether it states something that can be checked against another outlet.
        claim_reason: why, in a few words: `has a number`, `question`, `too short`.
    """

    id: SentenceId
    article_id: ArticleId
    position: int
    start: int
    end: int
    text: str
    is_claim: bool
    claim_reason: str

    @staticmethod
    def identify(article_id: str, position: int) -> SentenceId:
        """Give the id of a sentence: its article and its place in it."""
        return SentenceId(stable_id(article_id, str(position)))


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """What language a text is in.

    Attributes:
        code: ISO 639-1, `und` when there are no letters to judge by.
        probability: 0..1.
        is_supported: one of `LANGUAGES`.
        reason: which check decided: `script`, `langdetect`, `lingua`, or why it is not ours.
    """

    code: str
    probability: float
    is_supported: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Translation:
    """One sentence in another language.

    Attributes:
        sentence_id: what was translated.
        target: language code of `text`.
        route: codes from source to target: `("ru", "en")`, with pivots between.
        engine: `supplied by FILE` for a translation memory, otherwise package names with versions.
        warnings: why the text must not be trusted as it stands; empty when no check objected.
    """

    sentence_id: SentenceId
    target: str
    text: str
    route: tuple[str, ...]
    engine: str
    warnings: tuple[str, ...] = ()

    @property
    def is_supplied(self) -> bool:
        """Whether a person's translation memory gave it, rather than a machine."""
        return self.engine.startswith("supplied by ")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence with what a reader needs to judge it."""

    sentence: Sentence
    article: Article
    outlet: Outlet
    translation: Translation | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Two sentences that state the same fact: the centred cosine in -1..1, and the judge's probability 0..1."""

    left: SentenceId
    right: SentenceId
    cosine: float
    probability: float


@dataclass(frozen=True, slots=True)
class Story:
    """Articles about one event inside a time window."""

    id: StoryId
    title: str
    article_ids: tuple[ArticleId, ...]
    first_published: datetime | None
    last_published: datetime | None


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that repeats another's text; tables count the two as one source.

    Attributes:
        original: the earlier article.
        repeat: the later one.
        share: part of the shorter article's sentences that the other repeats, 0..1.
        is_translated: the two are in different languages.
    """

    original: ArticleId
    repeat: ArticleId
    share: float
    is_translated: bool


@dataclass(frozen=True, slots=True)
class Silence:
    """An outlet that covers a story and has no sentence in one of its groups.

    Attributes:
        article: its article in the story; the latest, where it has several.
        nearest: its sentence likeliest to state the group's fact all the same; `None` when none comes near.
        likelihood: probability 0..1 that this sentence does.
    """

    article: Article
    nearest: SentenceId | None
    likelihood: float


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """Sentences of two or more outlets that state the same fact. A sentence may stand in several groups.

    Attributes:
        claims: ordered by publication, then outlet id: at least two outlets.
        matches: the pairs that hold the group together.
        silent: outlets of the story that do not make the claim, ordered by outlet id.
        copies: which of the claims' articles repeat one another: they count as one source.
        headline: the sentence that states the fact and little else; `None` where nobody chose one.
    """

    id: GroupId
    story_id: StoryId
    claims: tuple[Claim, ...]
    matches: tuple[Match, ...] = ()
    silent: tuple[Silence, ...] = ()
    copies: tuple[Copy, ...] = ()
    headline: SentenceId | None = None

    @property
    def outlet_ids(self) -> tuple[OutletId, ...]:
        """Give the outlets that make the claim, by id."""
        return tuple(sorted({claim.outlet.id for claim in self.claims}))

    @property
    def independent_outlet_ids(self) -> tuple[OutletId, ...]:
        """Give the outlets that make it on their own: of copies of one text, the original's outlet only."""
        repeats = {copy.repeat for copy in self.copies}
        return tuple(sorted({claim.outlet.id for claim in self.claims if claim.article.id not in repeats}))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One side of a divergence, in its own script.

    Attributes:
        sentence: the whole sentence as printed.
        start, end: half-open, code points of `sentence`; `sentence[start:end] == words`. Equal when nothing in
            the sentence stands for what differs.
        words: the words that differ, as printed.
        value: what they were read as, normalised: `7000`, `2023-10-27`, `negated`.
    """

    outlet_id: OutletId
    article_id: ArticleId
    article_url: str
    sentence_id: SentenceId
    language: str
    sentence: str
    start: int
    end: int
    words: str
    value: str


@dataclass(frozen=True, slots=True)
class Absence:
    """An article that covers the story and not the claim."""

    outlet_id: OutletId
    article_id: ArticleId
    article_url: str


@dataclass(frozen=True, slots=True)
class Review:
    """What an analyst said of a divergence.

    Attributes:
        note, by: as the analyst typed them; may be empty.
        at: when, UTC.
        added: outlets that the divergence names now and did not when it was judged.
    """

    verdict: Verdict
    note: str
    by: str
    at: datetime
    added: tuple[OutletId, ...] = ()


@dataclass(frozen=True, slots=True)
class Divergence:
    """What differs between outlets that make the same claim.

    Attributes:
        confidence: 0..1, calibrated: of divergences at .8, about four in five are real on development data.
        via_translation: the finding rests on a translation and not on the original words.
        explanation: one line that a newsroom would accept.
        apart: how many of the first sides stand apart from the others; 0 where no side has words for what
            differs (an omission). "72 hours" and "three days" are two values and stand on one side. Of an
            update these are the earlier figures, in order of time, and the sides behind them the last one.
        against: of an update, how many of those that stand apart, the last ones, are no earlier figure but
            another one at the same time; 0 of every other kind.
        id: of what is compared, the same after a rebuild; empty until a story's findings are put together, and
            for an asked claim, which is no article's.
        review: what an analyst said of it, or `None`.
    """

    kind: DivergenceKind
    group_id: GroupId
    sides: tuple[Evidence, ...]
    confidence: float
    explanation: str
    absent_from: tuple[Absence, ...] = ()
    via_translation: bool = False
    apart: int = 0
    against: int = 0
    id: DivergenceId = DivergenceId("")
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a comparison, so that it can be made again."""

    xsource_version: str
    embedder: str
    index_generation: int
    settings: dict[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything a report needs, and its only input."""

    outlets: tuple[Outlet, ...]
    articles: tuple[Article, ...]
    stories: tuple[Story, ...]
    groups: tuple[ClaimGroup, ...]
    divergences: tuple[Divergence, ...]
    unmatched: tuple[Claim, ...]
    copies: tuple[Copy, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A sentence found by meaning.

    Attributes:
        nearness: what the hits of one search are ordered by, highest first; it says nothing beside another
            search. 0 where nothing was ordered.
    """

    claim: Claim
    cosine: float
    margin: float
    nearness: float = 0.0


@dataclass(frozen=True, slots=True)
class OutletAnswer:
    """What one outlet says about an asked claim.

    Attributes:
        status: `reports` it; `differs`, states the same fact with another figure, day, place or actor;
            `contrary`, says the opposite; `unsure`, comes near, and a person has to read it; `silent`, covers
            the story and has no sentence that comes near; `no coverage`, has no article about it here.
        best: its sentence that decided; of `silent` the nearest, `None` for `no coverage`.
        differs: what sets `best` against the asked claim, where a detector can show it.
        probability: 0..1 that `best` states the asked fact.
    """

    outlet: Outlet
    status: Coverage
    best: SearchHit | None
    differs: tuple[Divergence, ...] = ()
    probability: float = 0.0
