"""The types of the JSON that other tools read: of `--format json`, of every served page and of the MCP tools.

`documents.py` makes values of these types, and mypy holds it to them. The OpenAPI document of `xsource serve`,
the schemas of `xsource mcp` and the tables of docs/json.md are made from them too: none can say
something else. Within one `SCHEMA` fields are only ever added.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

from msgspec import Meta

from xsource.records import Coverage, Verdict
from xsource.report.statuses import State

SCHEMA = 2
"""2: `silent[]` has a likelihood in the place of four margins; see docs/json.md."""

Moment = Annotated[
    str | None,
    Meta(description="UTC in ISO 8601 with a `Z`; `null` where nobody says", examples=["2023-10-27T15:00:00Z"]),
]
Id = Annotated[
    str, Meta(description="the same after a rebuild; its first letters are enough wherever an id is asked for")
]
Address = Annotated[str, Meta(description="the article's URL, or its file's path where there is none")]
Language = Annotated[str, Meta(description="ISO 639-1 code")]
Span = Annotated[
    list[int], Meta(description="first and last place, half-open, in code points", min_length=2, max_length=2)
]
Share = Annotated[float, Meta(ge=0, le=1)]


class ArticleDocument(TypedDict):
    """An article without its text."""

    id: Id
    outlet: Annotated[str, Meta(description="the outlet's id")]
    url: Address
    title: str
    language: Language
    published_at: Moment
    agency: Annotated[str | None, Meta(description="the wire agency that a credit line names")]
    synthetic: Annotated[bool, Meta(description="written as an example; no outlet published it")]


class StoryDocument(TypedDict):
    """An event: articles of two outlets or more inside some days."""

    id: Id
    title: str
    first_published: Moment
    last_published: Moment
    articles: Annotated[list[str], Meta(description="their URLs")]


class TranslationDocument(TypedDict):
    """A sentence in the reader's language."""

    text: str
    language: Language
    engine: Annotated[str, Meta(description="package names with versions, or `supplied by FILE`")]
    supplied: Annotated[bool, Meta(description="a person's translation memory gave it")]
    warnings: Annotated[list[str], Meta(description="why it must not be trusted as it stands")]


class ClaimDocument(TypedDict):
    """One outlet's sentence, whole and as printed."""

    outlet: str
    article_url: Address
    language: Language
    sentence: str
    span: Annotated[Span, Meta(description="in the article's text")]
    published_at: Moment
    translation: TranslationDocument | None


class SilenceDocument(TypedDict):
    """An outlet that covers the story and has no sentence among the group's."""

    outlet: str
    article_url: Address
    likelihood: Annotated[Share, Meta(description="that its likeliest sentence states the fact all the same")]


class GroupDocument(TypedDict):
    """A claim that two outlets or more make."""

    id: Id
    story: str
    claims: list[ClaimDocument]
    outlets: Annotated[dict[str, State], Meta(description="what each outlet of the story does with it")]
    independent_outlets: Annotated[list[str], Meta(description="copies of one text counted once")]
    headline: Annotated[str | None, Meta(description="the sentence that states the fact and little else")]
    silent: list[SilenceDocument]


class SideDocument(TypedDict):
    """One side of a divergence."""

    outlet: str
    article_url: Address
    language: Language
    sentence: Annotated[str, Meta(description="whole, as printed")]
    span: Annotated[Span, Meta(description="of the words, in that sentence")]
    words: str
    value: Annotated[str, Meta(description="what the words were read as, normalised")]


class AbsenceDocument(TypedDict):
    """An outlet that leaves the claim out."""

    outlet: str
    article_url: Address


class ReviewDocument(TypedDict):
    """What an analyst said of a divergence."""

    verdict: Verdict
    note: str
    by: str
    at: Moment
    came_in_since: Annotated[
        list[str], Meta(description="outlets that it names now and did not when it was judged")
    ]


class DivergenceDocument(TypedDict):
    """A difference between outlets that make the same claim."""

    id: Annotated[
        str | None,
        Meta(
            description="the same after a rebuild, another when an article joins it; `null` of an asked claim"
        ),
    ]
    kind: Annotated[str, Meta(description="what differs", examples=["number"])]
    group: Annotated[str, Meta(description="the claim's id")]
    confidence: Annotated[Share, Meta(description="calibrated on development data")]
    sides: list[SideDocument]
    apart: Annotated[
        int,
        Meta(description="how many of the first sides stand apart from the rest; 0 only of an omission", ge=0),
    ]
    against: Annotated[
        int,
        Meta(
            description=(
                "only of an update: how many of the sides that stand apart, the last ones, are no earlier "
                "figure but another one at the same time"
            ),
            ge=0,
        ),
    ]
    absent_from: Annotated[list[AbsenceDocument], Meta(description="only of an omission")]
    via_translation: Annotated[bool, Meta(description="found in a translation, not in the original words")]
    explanation: str
    review: ReviewDocument | None


class CopyDocument(TypedDict):
    """An article that repeats or translates another."""

    original: Address
    repeat: Address
    share: Annotated[Share, Meta(description="part of the sentences that are repeated")]
    translated: bool


class ProvenanceDocument(TypedDict):
    """What a comparison was made of and by."""

    xsource: Annotated[str, Meta(description="the program's version")]
    embedder: str
    index_generation: int
    settings: dict[str, Any]


class ComparisonDocument(TypedDict):
    """What was found in some stories."""

    schema: Annotated[int, Meta(description=f"{SCHEMA}; another where a field went or changed its meaning")]
    articles: list[ArticleDocument]
    stories: list[StoryDocument]
    groups: list[GroupDocument]
    divergences: list[DivergenceDocument]
    unmatched: Annotated[list[ClaimDocument], Meta(description="claims of one outlet alone")]
    copies: list[CopyDocument]
    provenance: ProvenanceDocument


class HitDocument(TypedDict):
    """A sentence that was found."""

    outlet: str
    article_url: Address
    language: Language
    sentence: str
    cosine: Annotated[float, Meta(ge=-1.001, le=1.001)]
    margin: Annotated[float, Meta(description="comparable across languages")]
    nearness: Annotated[float, Meta(description="what the results are ordered by, highest first")]
    translation: TranslationDocument | None
    published_at: Moment


class AnswerDocument(TypedDict):
    """What one outlet does with an asked claim. The fields of its sentence are `null` where it has none."""

    outlet: str
    status: Coverage
    probability: Annotated[float, Meta(description="that its sentence states the asked fact")]
    article_url: str | None
    language: str | None
    sentence: Annotated[str | None, Meta(description="its best sentence; of a silent outlet the nearest")]
    cosine: float | None
    margin: float | None
    nearness: float | None
    translation: TranslationDocument | None
    published_at: Moment
    differs: Annotated[
        list[DivergenceDocument],
        Meta(description="of all kinds; the asked claim is the outlet `the asked claim`"),
    ]


class AnswersDocument(TypedDict):
    """What every outlet does with an asked claim."""

    outlets: list[AnswerDocument]


class OutletDocument(TypedDict):
    """Who publishes."""

    id: str
    name: Annotated[str, Meta(description="as it writes itself")]
    name_en: str
    language: str | None
    country: Annotated[str | None, Meta(description="ISO 3166-1 alpha-2")]
    ownership: Annotated[
        str | None, Meta(description="who owns it, where the lists say so", examples=["state"])
    ]
    ownership_source: str
    articles: Annotated[int, Meta(ge=0, description="in the index, latest versions only")]


class StoryLineDocument(TypedDict):
    """A story as a list shows it."""

    id: Id
    title: str
    title_en: Annotated[str, Meta(description="a title in English where the story's own is not; may be empty")]
    first_published: Moment
    last_published: Moment
    articles: int
    outlets: list[str]
    languages: list[str]
    claims: Annotated[int | None, Meta(description="that outlets share; `null` until the story was compared")]
    differing: Annotated[int | None, Meta(description="of these, told differently")]


class PageDocument(TypedDict):
    """Which part of a list this is."""

    page: Annotated[int, Meta(ge=1)]
    pages: Annotated[int, Meta(ge=1)]
    total: Annotated[int, Meta(ge=0)]


class StoriesDocument(PageDocument):
    """The stories of an index that pass the filters."""

    schema: int
    generation: Annotated[int, Meta(description="number of the last write that the answer is made from")]
    order: Literal["contested", "latest"]
    stories: list[StoryLineDocument]


class SearchDocument(TypedDict):
    """What a search found, nearest first."""

    schema: int
    generation: int
    question: str
    page: int
    results: list[HitDocument]


class WhoReportsDocument(AnswersDocument):
    """What outlets do with an asked claim."""

    schema: int
    generation: int
    question: str


class StoryPageDocument(PageDocument):
    """One story compared: the claims of a page of it, and all that hangs on them."""

    schema: int
    articles: list[ArticleDocument]
    stories: list[StoryDocument]
    groups: list[GroupDocument]
    divergences: list[DivergenceDocument]
    unmatched: list[ClaimDocument]
    copies: list[CopyDocument]
    provenance: ProvenanceDocument


class SentenceDocument(TypedDict):
    """One sentence of an article."""

    position: Annotated[int, Meta(ge=0)]
    span: Annotated[Span, Meta(description="in `text`")]
    sentence: str
    is_claim: Annotated[bool, Meta(description="it states something that another outlet could be asked about")]
    translation: TranslationDocument | None


class ArticlePageDocument(TypedDict):
    """A whole article, sentence by sentence."""

    schema: int
    generation: int
    article: ArticleDocument
    story: Annotated[str | None, Meta(description="id of its story, where another outlet tells it too")]
    text: str
    sentences: list[SentenceDocument]


class OutletsDocument(TypedDict):
    """The outlets of an index."""

    schema: int
    generation: int
    outlets: list[OutletDocument]


class HealthDocument(TypedDict):
    """Whether the server is there."""

    status: Literal["ok"]
    generation: int


class ErrorDocument(TypedDict):
    """Why there is no answer, and what to do next."""

    error: str
    hint: str
