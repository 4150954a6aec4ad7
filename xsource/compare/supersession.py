"""When a later figure replaces an earlier one instead of contradicting it: "the toll has risen to 26"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from xsource.compare.figures import Figure, are_compatible
from xsource.compare.shared_facts import Disagreement, SharedFact
from xsource.facts.attribution import attributions
from xsource.facts.quantities_lexicon import check_keys, phrase
from xsource.facts.quantities_tokens import tokenise
from xsource.languages import language_table
from xsource.records import Claim

# Two outlets that go to press within this time had the same figures to choose from.
MIN_GAP = timedelta(hours=3)
# Counts of these only grow while an event is counted; of the missing and the captive they fall as well.
_ONLY_GROW = frozenset({"killed", "wounded", "arrested", "displaced", "infected"})
_EITHER_WAY = frozenset({"hospitalised", "missing", "captive", "released", "rescued"})
# "Sources" and "media" name nobody: two of them are not one source.
_VAGUE_SOURCES = frozenset({"sources", "media", "documents", "survey"})


def in_order_of_time(
    a: SharedFact[Figure], b: SharedFact[Figure], by_claim: Sequence[Sequence[Figure]]
) -> tuple[SharedFact[Figure], SharedFact[Figure]] | None:
    """Put two facts in order where the later replaces the earlier; `None` where neither does.

    It does where it was published hours after the earlier, counts the same, moves as such a count moves, and
    either an outlet replaces its own figure, or both sides name one kind of source, or the words say that the
    figure changed and the sides name no two different sources.

    Args:
        a: one fact.
        b: the other.
        by_claim: the figures of every claim of the group.
    """
    published = first_published(a.in_order), first_published(b.in_order)
    if published[0] is None or published[1] is None or abs(published[0] - published[1]) < MIN_GAP:
        return None
    earlier, later = (a, b) if published[0] < published[1] else (b, a)
    states = _states(earlier) & _states(later)
    grows = later.first.value > earlier.first.value
    if not ((grows and states & _ONLY_GROW) or states & _EITHER_WAY):
        return None
    if not _replaces_own(earlier, later, by_claim):
        before, after = _source_kinds(earlier.in_order), _source_kinds(later.in_order)
        if before and after and not before & after:
            return None
        if not before & after and not any(_says_changed(figure.claim) for figure in later.in_order):
            return None
    return earlier, later


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A figure that changed while it was reported.

    Attributes:
        steps: its values, each as long as it stood, by first publication; two or more.
        against: values that stand against it, by first publication.
        probability: that the figures are of one thing.
    """

    steps: tuple[SharedFact[Figure], ...]
    against: tuple[SharedFact[Figure], ...]
    probability: float


def find_series(found: Disagreement[Figure], by_claim: Sequence[Sequence[Figure]]) -> Series | None:
    """Find the longest chain of figures of which each replaces the one before; `None` where none does.

    Args:
        found: figures of one thing.
        by_claim: the figures of every claim of the group.
    """
    dated = [(time, fact) for fact in found.facts if (time := first_published(fact.in_order)) is not None]
    ordered = [fact for _, fact in sorted(dated, key=lambda pair: (pair[0], pair[1].first.value))]
    best: dict[int, tuple[SharedFact[Figure], ...]] = {}
    for fact in ordered:
        before = [
            best[earlier.key]
            for earlier in ordered
            if earlier.key in best and in_order_of_time(earlier, fact, by_claim) == (earlier, fact)
        ]
        best[fact.key] = (*max(before, key=len, default=()), fact)
    steps = max(best.values(), key=len, default=())
    if len(steps) < 2:
        return None
    for fact in ordered:
        if fact not in steps:
            steps = _with_step(steps, fact)
    against = tuple(fact for fact in found.facts if fact not in steps)
    return Series(steps, against, found.probability)


def _with_step(
    steps: tuple[SharedFact[Figure], ...], fact: SharedFact[Figure]
) -> tuple[SharedFact[Figure], ...]:
    """Put a figure into a series that it continues: published hours after a step, higher, and below the next.

    Of a count that is known to grow nobody need say that it grew.
    """
    times = [first_published(step.in_order) for step in (*steps, fact)]
    published = [time for time in times if time is not None]
    if len(published) < len(times) or not _states(fact) & _ONLY_GROW:
        return steps
    place = sum(time < published[-1] for time in published[:-1])
    if not place or published[-1] - published[place - 1] < MIN_GAP:
        return steps
    values = [step.first.value for step in steps]
    if fact.first.value <= values[place - 1] or (place < len(steps) and fact.first.value >= values[place]):
        return steps
    return (*steps[:place], fact, *steps[place:])


def _states(fact: SharedFact[Figure]) -> frozenset[str]:
    return frozenset().union(*(figure.state for figure in fact.in_order))


def first_published(figures: Iterable[Figure]) -> datetime | None:
    """Give when the first of some figures was published; `None` when none is dated."""
    times = [figure.claim.article.published_at for figure in figures]
    return min((time for time in times if time is not None), default=None)


def _replaces_own(
    earlier: SharedFact[Figure], later: SharedFact[Figure], by_claim: Sequence[Sequence[Figure]]
) -> bool:
    """Whether an outlet of the group has the earlier figure in one article and the later in the next."""

    def seen(fact: SharedFact[Figure]) -> list[tuple[str, datetime]]:
        return [
            (figure.claim.outlet.id, published_at)
            for figures in by_claim
            for figure in figures
            if (published_at := figure.claim.article.published_at) is not None
            and any(are_compatible(figure, other) for other in fact.in_order)
        ]

    return any(
        outlet == next_outlet and time < next_time
        for outlet, time in seen(earlier)
        for next_outlet, next_time in seen(later)
    )


def _source_kinds(figures: Iterable[Figure]) -> frozenset[str]:
    """Give the kinds of sources that claims name for what they say."""
    return frozenset(
        kind
        for figure in figures
        for attribution in attributions(figure.claim.sentence.text, figure.claim.article.language)
        for source in attribution.chain
        for kind in source.kinds - _VAGUE_SOURCES
    )


@dataclass(frozen=True, slots=True)
class _ChangeWords:
    """Phrases that say that a figure is not what it was."""

    phrases: frozenset[str]
    longest: int


@cache
def _change_words(language: str) -> _ChangeWords:
    table = language_table(language, "updates")
    check_keys(table, frozenset({"changed"}), f"languages/{language}.toml [updates]")
    phrases = frozenset(phrase(text) for text in table["changed"])
    return _ChangeWords(phrases, max(text.count(" ") + 1 for text in phrases))


def _says_changed(claim: Claim) -> bool:
    words = _change_words(claim.article.language)
    texts = [token.text for token in tokenise(claim.sentence.text)]
    return any(
        " ".join(texts[at : at + length]) in words.phrases
        for at in range(len(texts))
        for length in range(1, words.longest + 1)
    )
