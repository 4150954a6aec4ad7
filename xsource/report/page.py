"""What a page shows, story by story: quotes, cells and charts laid out for a template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from xsource.records import (
    DIVERGENCE_KINDS,
    LANGUAGES,
    VERDICTS,
    Article,
    ArticleId,
    Claim,
    Comparison,
    Copy,
    Divergence,
    DivergenceKind,
    Evidence,
    Outlet,
    OutletId,
    Provenance,
)
from xsource.report.agreement import Agreement, Pair, measure_agreement
from xsource.report.bidi import plain
from xsource.report.charts import draw_agreement, draw_timeline
from xsource.report.cutting import cut
from xsource.report.marking import Segment, mark_sentence
from xsource.report.naming import explain, outlet_name
from xsource.report.reviews import NOT_REVIEWED
from xsource.report.statuses import STATES, State
from xsource.report.tables import Cell, Row, StoryTable, build_tables, is_silent, standing_apart

_FEW_OUTLETS = 10
"""Up to here a matrix column has room for the words that differ; beyond it shows marks only."""
_WORDS_IN_CELL = 18


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One outlet's sentence.

    Attributes:
        divergences: those of the claim, from 0, on which this sentence stands apart.
        repeats: the outlet whose text this article repeats, with the shared part, or `None`.
    """

    anchor: str
    outlet: Outlet
    number: int
    claim: Claim
    divergences: tuple[int, ...]
    segments: tuple[Segment, ...]
    repeats: str | None


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of the matrix.

    Attributes:
        target: anchor of the outlet's quote; empty where it has none.
        words: those that differ, as printed and as the cell shows them, each with the divergences in which
            they do.
        divergences: those of the claim, from 0, that set the outlet apart.
    """

    coverage: State
    target: str
    words: tuple[tuple[str, str, tuple[int, ...]], ...]
    divergences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One row with everything that its block shows."""

    anchor: str
    row: Row
    divergences: tuple[Divergence, ...]
    cells: tuple[CellView, ...]
    quotes: tuple[QuoteView, ...]
    silent: tuple[Outlet, ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One outlet of the matrix. `languages` are those of its articles in the story."""

    outlet: Outlet
    number: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story of the page.

    Attributes:
        furthest: which outlets are furthest apart, in words; `None` where none share a claim.
        gloss: a title in the reader's language where the story's is in another; may be empty.
    """

    number: int
    table: StoryTable
    columns: tuple[ColumnView, ...]
    claims: tuple[ClaimView, ...]
    alone: tuple[QuoteView, ...]
    articles: tuple[tuple[Outlet, Article], ...]
    repeats: Mapping[ArticleId, str]
    kinds: tuple[tuple[DivergenceKind, int], ...]
    copies: int
    timeline: Markup | None
    agreement: Markup | None
    furthest: str | None
    gloss: str

    @property
    def is_dense(self) -> bool:
        """Whether there are too many outlets for words in the cells."""
        return len(self.columns) > _FEW_OUTLETS

    @property
    def title(self) -> str:
        """The story's title, or its id where no article has a title."""
        return plain(self.table.story.title) or self.table.story.id

    @property
    def states(self) -> tuple[State, ...]:
        """The states that its cells have or may have while filters are set, as a legend lists them."""
        known = self.present | {"reports", "differs", "told", "silent"}
        return tuple(state for state in STATES if state in known)

    @property
    def present(self) -> frozenset[State]:
        """The states that its cells have."""
        return frozenset(cell.coverage for claim in self.claims for cell in claim.cells)

    @property
    def differing(self) -> int:
        """How many of its claims have a divergence other than an omission."""
        return sum(any(d.kind != "omission" for d in claim.row.divergences) for claim in self.claims)


@dataclass(frozen=True, slots=True)
class PageView:
    """The whole page.

    Attributes:
        verdicts: how many divergences have each, those without one last; empty where nobody reviewed any.
        least_confidence: 0..1, that divergences had to have to be here.
    """

    title: str
    target: str
    stories: tuple[StoryView, ...]
    outlets: tuple[tuple[int, Outlet], ...]
    numbers: Mapping[OutletId, int]
    languages: tuple[str, ...]
    kinds: tuple[tuple[DivergenceKind, int], ...]
    verdicts: tuple[tuple[str, int], ...]
    names: Mapping[OutletId, str]
    claims: int
    articles: int
    synthetic: int
    least_confidence: float
    provenance: Provenance


def view_page(comparison: Comparison, target: str) -> PageView:
    """Lay a comparison out for the page."""
    tables = build_tables(comparison, target)
    numbers = {outlet.id: number for number, outlet in enumerate(comparison.outlets)}
    stories = tuple(
        _view_story(number, table, comparison, numbers, target) for number, table in enumerate(tables, 1)
    )
    shown = {outlet.id for story in stories for outlet in story.table.outlets}
    articles = {article.id: article for story in stories for _, article in story.articles}
    kinds = Counter[DivergenceKind]()
    for story in stories:
        kinds.update(dict(story.kinds))
    spoken = {article.language for article in articles.values()}
    return PageView(
        title=stories[0].title if len(stories) == 1 else "Comparison of coverage",
        target=target,
        stories=stories,
        outlets=tuple((numbers[outlet.id], outlet) for outlet in comparison.outlets if outlet.id in shown),
        numbers=numbers,
        languages=tuple(language for language in LANGUAGES if language in spoken),
        kinds=_in_order(kinds),
        verdicts=_count_verdicts(stories),
        names={outlet.id: outlet_name(outlet) for outlet in comparison.outlets},
        claims=sum(len(story.claims) for story in stories),
        articles=len(articles),
        synthetic=sum(article.synthetic for article in articles.values()),
        least_confidence=_least_confidence(comparison.provenance),
        provenance=comparison.provenance,
    )


def _view_story(
    number: int, table: StoryTable, comparison: Comparison, numbers: Mapping[OutletId, int], target: str
) -> StoryView:
    wanted = set(table.story.article_ids)
    articles = tuple(article for article in comparison.articles if article.id in wanted)
    copies = tuple(copy for copy in comparison.copies if copy.original in wanted and copy.repeat in wanted)
    outlet_by_id = {outlet.id: outlet for outlet in table.outlets}
    name_by_article = {article.id: outlet_name(outlet_by_id[article.outlet_id]) for article in articles}
    repeats = {copy.repeat: _tell_copy(copy, name_by_article) for copy in copies}
    agreement = measure_agreement(table)
    return StoryView(
        number=number,
        table=table,
        columns=tuple(
            ColumnView(
                outlet,
                numbers[outlet.id],
                tuple(sorted({a.language for a in articles if a.outlet_id == outlet.id})),
            )
            for outlet in table.outlets
        ),
        claims=tuple(_view_claim(f"{number}-{row.number}", row, numbers, repeats) for row in table.rows),
        alone=tuple(
            QuoteView(
                "", claim.outlet, numbers[claim.outlet.id], claim, (), mark_sentence(claim, ()),
                repeats.get(claim.article.id),
            )
            for claim in table.unmatched
        ),
        articles=tuple((outlet_by_id[article.outlet_id], article) for article in articles),
        repeats=repeats,
        kinds=_in_order(Counter(d.kind for row in table.rows for d in row.divergences)),
        copies=len(copies),
        timeline=draw_timeline(table.outlets, articles, copies, f"t{number}"),
        agreement=draw_agreement(table.outlets, agreement, f"a{number}"),
        furthest=_tell_furthest(table.outlets, agreement),
        gloss=gloss_title(table.story.title, articles, target),
    )  # fmt: skip


def _view_claim(
    anchor: str, row: Row, numbers: Mapping[OutletId, int], repeats: Mapping[ArticleId, str]
) -> ClaimView:
    outlet_by_id = {cell.outlet.id: cell.outlet for cell in row.cells}
    divergences = tuple(
        replace(divergence, explanation=explain(divergence, outlet_by_id)) for divergence in row.divergences
    )
    apart = tuple(standing_apart(divergence) for divergence in divergences)
    first_quote: dict[OutletId, str] = {}
    quotes = []
    for position, claim in enumerate(row.group.claims, 1):
        quote_anchor = f"q{anchor}-{position}"
        first_quote.setdefault(claim.outlet.id, quote_anchor)
        quotes.append(
            QuoteView(
                anchor=quote_anchor,
                outlet=claim.outlet,
                number=numbers[claim.outlet.id],
                claim=claim,
                divergences=tuple(
                    index
                    for index, sides in enumerate(apart)
                    if any(side.sentence_id == claim.sentence.id for side in sides)
                ),
                segments=mark_sentence(claim, divergences),
                repeats=repeats.get(claim.article.id),
            )
        )
    cells = tuple(_view_cell(cell, apart, first_quote.get(cell.outlet.id, "")) for cell in row.cells)
    silent = tuple(outlet_by_id[own.article.outlet_id] for own in row.group.silent if is_silent(own))
    return ClaimView(f"c{anchor}", row, divergences, cells, tuple(quotes), silent)


def _view_cell(cell: Cell, apart: Sequence[Sequence[Evidence]], target: str) -> CellView:
    indices: dict[str, list[int]] = {}
    for index, sides in enumerate(apart):
        for side in sides:
            if side.outlet_id == cell.outlet.id:
                indices.setdefault(side.words or side.value, []).append(index)
    return CellView(
        coverage=cell.coverage,
        target=target,
        words=tuple(
            (word, cut(word, _WORDS_IN_CELL), tuple(dict.fromkeys(indices[word]))) for word in cell.words
        ),
        divergences=tuple(sorted({index for own in indices.values() for index in own})),
    )


def gloss_title(title: str, articles: Sequence[Article], target: str) -> str:
    """Give the first title in the reader's language, unless the story's own title is one."""
    own = [article.title for article in articles if article.language == target and article.title]
    return "" if not own or title in own else own[0]


def _tell_copy(copy: Copy, name_by_article: Mapping[ArticleId, str]) -> str:
    how = "translates" if copy.is_translated else "repeats"
    return f"{how} {name_by_article[copy.original]}: {copy.share:.0%} of the sentences"


def _tell_furthest(outlets: Sequence[Outlet], agreement: Mapping[Pair, Agreement]) -> str | None:
    """Say in words what the heat map shows: which pair is furthest apart."""
    names = {outlet.id: outlet_name(outlet) for outlet in outlets}
    shares = [(pair.share, -pair.shared, ids) for ids, pair in agreement.items() if pair.share is not None]
    if not shares:
        return None
    share, _, (left, right) = min(shares)
    pair = agreement[left, right]
    if share == 1:
        return "No two outlets differ on a claim that both make."
    agreed = f"{pair.agreeing} of {pair.shared} shared claims"
    return f"Furthest apart: {names[left]} and {names[right]}, who agree on {agreed}."


def _least_confidence(provenance: Provenance) -> float:
    floor = provenance.settings.get("min_confidence", 0.0)
    return float(floor) if isinstance(floor, int | float) else 0.0


def _count_verdicts(stories: Sequence[StoryView]) -> tuple[tuple[str, int], ...]:
    counts = Counter(
        divergence.review.verdict if divergence.review else NOT_REVIEWED
        for story in stories
        for claim in story.claims
        for divergence in claim.divergences
    )
    if not any(counts[verdict] for verdict in VERDICTS):
        return ()
    return tuple((verdict, counts[verdict]) for verdict in (*VERDICTS, NOT_REVIEWED) if counts[verdict])


def _in_order(kinds: Counter[DivergenceKind]) -> tuple[tuple[DivergenceKind, int], ...]:
    known = [*DIVERGENCE_KINDS, *sorted(kinds.keys() - set(DIVERGENCE_KINDS))]
    return tuple((kind, kinds[kind]) for kind in known if kinds[kind])
