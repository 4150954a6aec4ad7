"""Which divergence is which, from one comparison to the next.

Two things name a divergence. Its **id** hashes everything that is compared: the kind, and of each side the
outlet, the address, the sentence and the span; of an outlet that is silent, the text in which the claim is
missing. It is the same after a rebuild and whatever the thresholds are, and changes when another article joins.

So a verdict does not hang on the id. It **belongs** to a divergence of its kind in which two of the judged
places (or a place and a silence) still stand against each other. A story that grows keeps its verdicts; an
edited sentence leaves its verdict without a divergence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations

from xsource.addresses import address_key
from xsource.records import Article, ArticleId, Comparison, Divergence, DivergenceId, Evidence, stable_id
from xsource.store.verdicts import Judged, JudgedAbsence, JudgedSide, StoredVerdict

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a divergence compares.

    Attributes:
        camp_of: for each side's place the camp that it is in: places of two camps stand against each other.
        absent: the silences, which stand against every place.
    """

    kind: str
    camp_of: Mapping[Place, Hashable]
    absent: frozenset[Place]


_key_of_page = lru_cache(maxsize=65_536)(address_key)


def content_of(divergence: Divergence, text_hash: Callable[[ArticleId], str]) -> Content:
    """Give what a divergence compares; `text_hash` is that of `text_hashes`."""
    absent = (
        (a.outlet_id, _key_of_page(a.article_url), text_hash(a.article_id)) for a in divergence.absent_from
    )
    return Content(divergence.kind, _camps(divergence.sides, divergence.apart), frozenset(absent))


def content_of_judged(judged: Judged) -> Content:
    """Give what was compared when it was judged."""
    absent = ((a.outlet_id, _key_of_page(a.article_url), a.text_hash) for a in judged.absent_from)
    return Content(judged.kind, _camps(judged.sides, judged.apart), frozenset(absent))


def _camps(sides: Sequence[Evidence | JudgedSide], apart: int) -> dict[Place, Hashable]:
    return {
        (side.outlet_id, _key_of_page(side.article_url), side.sentence, str(side.start), str(side.end)): (
            index < apart if apart else side.value
        )
        for index, side in enumerate(sides)
    }


def belongs(judged: Content, present: Content) -> bool:
    """Whether two judged places, or a place and a silence, stand against each other in both."""
    if judged.kind != present.kind:
        return False
    common = [place for place in judged.camp_of if place in present.camp_of]
    if judged.absent or present.absent:
        return bool(common) and not judged.absent.isdisjoint(present.absent)
    return any(
        judged.camp_of[a] != judged.camp_of[b] and present.camp_of[a] != present.camp_of[b]
        for a, b in combinations(common, 2)
    )


def still_stands(judged: Judged, pages: Mapping[tuple[str, str], Sequence[Article]]) -> bool:
    """Whether two places that stood against each other, or a place and a silence, are still printed."""
    content = content_of_judged(judged)
    printed = {
        place: camp
        for place, camp in content.camp_of.items()
        if any(place[2] in article.text for article in pages.get((place[0], place[1]), ()))
    }
    if content.absent:
        return bool(printed) and any(
            stable_id(article.text) == absence[2]
            for absence in content.absent
            for article in pages.get((absence[0], absence[1]), ())
        )
    return len(set(printed.values())) > 1


def text_hashes(comparison: Comparison) -> Callable[[ArticleId], str]:
    """Give the function that names the text of an article of the comparison."""
    text_of = {article.id: article.text for article in comparison.articles}

    @cache
    def text_hash(article_id: ArticleId) -> str:
        return stable_id(text_of[article_id])

    return text_hash


def divergence_ids(comparison: Comparison) -> list[DivergenceId]:
    """Name the divergences of a comparison, in its order."""
    hashes = text_hashes(comparison)
    ids = []
    for divergence in comparison.divergences:
        content = content_of(divergence, hashes)
        parts = [stable_id(*place) for place in (*content.camp_of, *content.absent)]
        ids.append(DivergenceId(stable_id("divergence", divergence.kind, *sorted(parts))))
    return ids


def assign_verdicts(
    divergences: Sequence[Divergence],
    verdicts: Sequence[StoredVerdict],
    text_hash: Callable[[ArticleId], str],
) -> dict[DivergenceId, StoredVerdict]:
    """Give for each divergence of which something was said the verdict that counts.

    That is the one given on exactly this divergence, else the last of those that belong to it.

    Args:
        divergences: with ids.
        verdicts: in force, in the order in which they were given.
        text_hash: that of `text_hashes`.
    """
    if not verdicts:
        return {}
    exact = {verdict.divergence_id: verdict for verdict in verdicts}
    at_place: dict[Place, list[int]] = defaultdict(list)
    contents = [content_of_judged(verdict.judged) for verdict in verdicts]
    for number, content in enumerate(contents):
        for place in content.camp_of:
            at_place[place].append(number)
    assigned = {}
    for divergence in divergences:
        if divergence.id in exact:
            assigned[divergence.id] = exact[divergence.id]
            continue
        present = content_of(divergence, text_hash)
        near = sorted({number for place in present.camp_of for number in at_place[place]}, reverse=True)
        last = next((number for number in near if belongs(contents[number], present)), None)
        if last is not None:
            assigned[divergence.id] = verdicts[last]
    return assigned


def judge(divergence: Divergence, comparison: Comparison, text_hash: Callable[[ArticleId], str]) -> Judged:
    """Write down what a verdict is about."""
    story_of = {group.id: group.story_id for group in comparison.groups}
    titles = {story.id: story.title for story in comparison.stories}
    return Judged(
        kind=divergence.kind,
        sides=tuple(
            JudgedSide(s.outlet_id, s.article_url, s.language, s.sentence, s.start, s.end, s.words, s.value)
            for s in divergence.sides
        ),
        absent_from=tuple(
            JudgedAbsence(a.outlet_id, a.article_url, text_hash(a.article_id)) for a in divergence.absent_from
        ),
        apart=divergence.apart,
        explanation=divergence.explanation,
        story_title=titles.get(story_of[divergence.group_id], ""),
    )
