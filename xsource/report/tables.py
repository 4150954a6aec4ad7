"""The comparison as one table a story: claims down, outlets across. Every output is drawn from this."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xsource.records import (
    Claim,
    ClaimGroup,
    Comparison,
    Divergence,
    Evidence,
    Outlet,
    OutletId,
    Silence,
    Story,
)
from xsource.report.statuses import State, is_narrowed


@dataclass(frozen=True, slots=True)
class Cell:
    """What one outlet does with one claim.

    Attributes:
        coverage: `told` rather than `reports` where not every difference was looked for or is shown.
        words: its words that differ, in the order of the sentence; empty when it reports without difference.
    """

    outlet: Outlet
    coverage: State
    claim: Claim | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One claim across the outlets of its story.

    Attributes:
        number: 1 for the first claim of the story; `show` takes the group's id.
        headline: the claim to name the row by: English where there is any, see `pick_headline`.
    """

    number: int
    group: ClaimGroup
    headline: Claim
    cells: tuple[Cell, ...]
    divergences: tuple[Divergence, ...]


@dataclass(frozen=True, slots=True)
class StoryTable:
    """A story: its outlets, what they share and where they differ, and what only one of them says.

    Attributes:
        left_out: claims that are no rows here because nothing differs in them.
    """

    story: Story
    outlets: tuple[Outlet, ...]
    rows: tuple[Row, ...]
    unmatched: tuple[Claim, ...]
    left_out: int = 0

    def only_differing(self) -> StoryTable:
        """Leave out the claims without a difference; the others keep their numbers."""
        rows = tuple(row for row in self.rows if row.divergences)
        return replace(self, rows=rows, unmatched=(), left_out=len(self.rows) - len(rows))


def pick_headline(group: ClaimGroup, target: str = "en") -> Claim:
    """Choose the claim that names a row.

    The group's own headline, which states the fact and little else, where people wrote it in the target
    language or translated it; else the first that is printed in that language, translated by a person, by a
    machine without warnings, at all: of each the headline first.
    """

    def rank(claim: Claim) -> tuple[int, bool]:
        is_headline = claim.sentence.id == group.headline
        if claim.article.language == target:
            return (0 if is_headline else 1), not is_headline
        if claim.translation is None:
            return 5, not is_headline
        if claim.translation.is_supplied:
            return (0 if is_headline and claim.translation.target == target else 2), not is_headline
        return (4 if claim.translation.warnings else 3), not is_headline

    return min(group.claims, key=rank)


def standing_apart(divergence: Divergence) -> tuple[Evidence, ...]:
    """Give the sides that differ from the majority; all of them where no value has a majority.

    Of a figure that was updated, who stands against it, and the fewer outlets: the first with the new figure,
    or the last with the old. Who printed both has moved on, and stands apart from nobody.
    """
    if divergence.kind == "omission":
        return ()
    if divergence.apart:
        apart, camp = divergence.sides[: divergence.apart], divergence.sides[divergence.apart :]
        if divergence.kind == "update":
            renewed = {side.outlet_id for side in camp}
            before, against = apart[: len(apart) - divergence.against], apart[len(apart) - divergence.against :]
            stale = tuple(side for side in before if side.outlet_id not in renewed)
            outlets = len({side.outlet_id for side in stale})
            return (
                *(stale if outlets <= len(renewed) else ()),
                *against,
                *(camp if stale and outlets >= len(renewed) else ()),
            )
        if _most_of_one_value(apart) < len({side.outlet_id for side in camp}):
            return apart
        return divergence.sides
    counts = Counter(side.value for side in divergence.sides)
    (top, votes), *rest = counts.most_common()
    if rest and votes > rest[0][1]:
        return tuple(side for side in divergence.sides if side.value != top)
    return divergence.sides


def _most_of_one_value(sides: Sequence[Evidence]) -> int:
    """Give the outlets of the value that most print."""
    outlets: dict[str, set[str]] = defaultdict(set)
    for side in sides:
        outlets[side.value].add(side.outlet_id)
    return max((len(printing) for printing in outlets.values()), default=0)


def build_tables(comparison: Comparison, target: str = "en") -> list[StoryTable]:
    """Lay a comparison out, stories in its order, claims in the order in which the story tells them."""
    outlet_by_id = {outlet.id: outlet for outlet in comparison.outlets}
    article_by_id = {article.id: article for article in comparison.articles}
    groups: dict[str, list[ClaimGroup]] = defaultdict(list)
    for group in comparison.groups:
        groups[group.story_id].append(group)
    divergences: dict[str, list[Divergence]] = defaultdict(list)
    for divergence in comparison.divergences:
        divergences[divergence.group_id].append(divergence)
    alone: dict[str, list[Claim]] = defaultdict(list)
    for claim in comparison.unmatched:
        alone[claim.article.id].append(claim)

    without_difference: State = "told" if is_narrowed(comparison) else "reports"
    tables = []
    for story in comparison.stories:
        present = sorted({article_by_id[a].outlet_id for a in story.article_ids})
        outlets = tuple(outlet_by_id[outlet_id] for outlet_id in present)
        rows = tuple(
            Row(
                number=number,
                group=group,
                headline=pick_headline(group, target),
                cells=tuple(
                    _cell(outlet, group, divergences[group.id], without_difference) for outlet in outlets
                ),
                # What outlets say comes before what they leave out.
                divergences=tuple(sorted(divergences[group.id], key=lambda d: d.kind == "omission")),
            )
            for number, group in enumerate(groups[story.id], 1)
        )
        unmatched = tuple(claim for a in story.article_ids for claim in alone[a])
        tables.append(StoryTable(story, outlets, rows, unmatched))
    return tables


def _cell(
    outlet: Outlet, group: ClaimGroup, divergences: Sequence[Divergence], without_difference: State
) -> Cell:
    own = [claim for claim in group.claims if claim.outlet.id == outlet.id]
    if not own:
        return Cell(outlet, _state_beside(outlet.id, group.silent), None, ())
    apart = [side for d in divergences for side in standing_apart(d) if side.outlet_id == outlet.id]
    apart.sort(key=lambda side: side.start)
    words = tuple(dict.fromkeys(side.words or side.value for side in apart))
    return Cell(outlet, "differs" if apart else without_difference, own[0], words)


def _state_beside(outlet_id: OutletId, silences: Sequence[Silence]) -> State:
    """Say of an outlet without a sentence in a group whether it is silent: not where one likely states it."""
    for silence in silences:
        if silence.article.outlet_id == outlet_id:
            return "silent" if is_silent(silence) else "unsure"
    return "no coverage"


LIKELIER_THAN_NOT = 0.5


def is_silent(silence: Silence) -> bool:
    """Whether no sentence of the outlet is likelier than not to state what the group states."""
    return silence.likelihood <= LIKELIER_THAN_NOT
