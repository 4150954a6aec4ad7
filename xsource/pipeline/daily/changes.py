"""What came, changed or went between two states of some stories.

Ids follow from articles and sentences, so they change when an article joins. A story is therefore known again
by its pages, a claim by the sentences that tell it, a divergence by the places that it sets against each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from xsource.addresses import address_key
from xsource.daily import Change, NotedClaim, NotedDivergence, NotedStory, Quote, Subject

T = TypeVar("T")
Marks = Callable[[T], Iterable[Hashable]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came, changed or went; fields as in `NewsItem`."""

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


def find_changes(
    old: Sequence[NotedStory], new: Sequence[NotedStory], shown_from: float, show_from: float
) -> list[Difference]:
    """Give what is news between two states, in no order.

    Args:
        old, new: the stories that are not in both states as they are.
        shown_from: divergences below this confidence were not shown in the old state.
        show_from: those below it are not shown in the new one.
    """
    claims = _match(_claims(old), _claims(new), lambda one: one[1].id, lambda one: one[1].places)
    again = {before.id: after.id for (_, before), (_, after) in claims[0]}
    return [
        *_story_changes(old, new),
        *_claim_changes(claims),
        *_divergence_changes(old, new, shown_from, show_from, again),
    ]


InStory = tuple[NotedStory, NotedClaim]
Paired = tuple[list[tuple[InStory, InStory]], list[InStory], list[InStory]]


def _story_changes(old: Sequence[NotedStory], new: Sequence[NotedStory]) -> Iterator[Difference]:
    pairs, went, came = _match(
        old, new, lambda story: story.id, lambda story: {(a.outlet, a.page) for a in story.articles}
    )
    for story in came:
        told = f"{_count(len(story.articles), 'article')} of {_names(_outlets(story))}"
        yield _of_story("came", story, (told,))
    for story in went:
        yield _of_story("went", story, ())
    for before, after in pairs:
        details = tuple(_story_details(before, after))
        if details:
            yield _of_story("changed", after, details, before.title if before.title != after.title else "")


def _of_story(change: Change, story: NotedStory, details: tuple[str, ...], before: str = "") -> Difference:
    title = story.title or story.id
    return Difference(change, "story", story.id, story.id, title, "", "", None, title, "", before, details, ())


def _story_details(before: NotedStory, after: NotedStory) -> Iterator[str]:
    """Say what a story gained and lost, as sentences without their full stop."""
    known = {(a.outlet, a.page): a.id for a in before.articles}
    now = {(a.outlet, a.page): a.id for a in after.articles}
    joined = [page for page in now if page not in known]
    left = [page for page in known if page not in now]
    rewritten = [page for page in now if page in known and known[page] != now[page]]
    fresh = _outlets(after) - _outlets(before)
    if joined:
        others = _names({outlet for outlet, _ in joined} - fresh)
        yield f"{_count(len(joined), 'new article')}" + (f" of {others}" if others else "")
    if fresh:
        yield f"now also in {_names(fresh)}"
    if rewritten:
        yield f"{_count(len(rewritten), 'article')} rewritten by {_names({outlet for outlet, _ in rewritten})}"
    if left:
        yield f"{_count(len(left), 'article')} of {_names({outlet for outlet, _ in left})} no longer in it"


def _claims(stories: Sequence[NotedStory]) -> list[InStory]:
    return [(story, claim) for story in stories for claim in story.claims]


def _claim_changes(claims: Paired) -> Iterator[Difference]:
    pairs, went, came = claims
    for story, claim in came:
        yield _of_claim("came", story, claim, (f"told by {_names(claim.outlets)}",))
    for story, claim in went:
        yield _of_claim("went", story, claim, (f"was told by {_names(claim.outlets)}",))
    for (_, before), (story, after) in pairs:
        details = tuple(_claim_details(before, after))
        if details:
            headline = before.headline if before.headline != after.headline else ""
            yield _of_claim("changed", story, after, details, headline)


def _of_claim(
    change: Change, story: NotedStory, claim: NotedClaim, details: tuple[str, ...], before: str = ""
) -> Difference:
    place = f"{story.id[:8]}:{claim.number}" if change != "went" else ""
    return Difference(
        change, "claim", claim.id, story.id, story.title or story.id, place, "", None, claim.headline,
        claim.language, before, details, (),
    )  # fmt: skip


def _claim_details(before: NotedClaim, after: NotedClaim) -> Iterator[str]:
    now, then = set(after.outlets), set(before.outlets)
    if now - then:
        yield f"now also told by {_names(now - then)}"
    if then - now:
        yield f"no longer told by {_names(then - now)}"
    pages = {(outlet, page) for outlet, page, _ in before.places}
    gone = {(outlet, page) for outlet, page, _ in set(before.places) - set(after.places)}
    fresh = {(outlet, page) for outlet, page, _ in set(after.places) - set(before.places)}
    if reworded := {outlet for outlet, page in gone & fresh & pages}:
        yield f"reworded by {_names(reworded)}"
    if told_again := {outlet for outlet, page in fresh - pages if outlet in then}:
        yield f"told again by {_names(told_again)}"


def _divergence_changes(
    old: Sequence[NotedStory],
    new: Sequence[NotedStory],
    shown_from: float,
    show_from: float,
    again: Mapping[str, str],
) -> Iterator[Difference]:
    before = [(story, d) for story in old for d in story.divergences]
    after = [(story, d) for story in new for d in story.divergences]

    def old_marks(one: tuple[NotedStory, NotedDivergence]) -> set[tuple[str, ...]]:
        return _divergence_marks(one[1], again.get(one[1].claim, one[1].claim))

    def new_marks(one: tuple[NotedStory, NotedDivergence]) -> set[tuple[str, ...]]:
        return _divergence_marks(one[1], one[1].claim)

    pairs, went, came = _match(before, after, lambda one: one[1].id, old_marks, new_marks)
    for story, divergence in came:
        if divergence.confidence >= show_from:
            yield _of_divergence("came", story, divergence)
    for story, divergence in went:
        if divergence.confidence >= shown_from:
            yield _of_divergence("went", story, divergence)
    for (_, then), (story, now) in pairs:
        was_shown, is_shown = then.confidence >= shown_from, now.confidence >= show_from
        if is_shown and not was_shown:
            yield _of_divergence("came", story, now)
        elif is_shown and _told(then) != _told(now):
            before_words = then.explanation if then.explanation != now.explanation else ""
            yield _of_divergence("changed", story, now, before_words)
        elif was_shown and not is_shown and then.confidence != now.confidence:
            yield _of_divergence("went", story, now)


def _of_divergence(
    change: Change, story: NotedStory, divergence: NotedDivergence, before: str = ""
) -> Difference:
    number = next((claim.number for claim in story.claims if claim.id == divergence.claim), None)
    place = f"{story.id[:8]}:{number}" if number is not None else ""
    details: tuple[str, ...] = ()
    if divergence.absent_from:
        details = (f"not in {_names({outlet for outlet, _ in divergence.absent_from})}",)
    return Difference(
        change, "divergence", divergence.id, story.id, story.title or story.id,
        place if change != "went" else "", divergence.kind, divergence.confidence, divergence.explanation, "",
        before, details, divergence.sides,
    )  # fmt: skip


def _divergence_marks(divergence: NotedDivergence, claim: str) -> set[tuple[str, ...]]:
    """Give what a divergence can be known by: its kind at its claim, and its places."""
    kind = divergence.kind
    return {
        (kind, claim),
        *(
            (kind, side.outlet, address_key(side.article_url), side.sentence, side.words)
            for side in divergence.sides
        ),
        *((kind, outlet, address_key(url)) for outlet, url in divergence.absent_from),
    }


def _told(divergence: NotedDivergence) -> tuple[object, ...]:
    """Give what a reader is told: the sentence, and who stands where; not how sure it is."""
    sides = sorted({(side.outlet, side.value, side.apart) for side in divergence.sides})
    return divergence.explanation, sides, sorted(divergence.absent_from)


def _match(
    old: Iterable[T],
    new: Iterable[T],
    id_of: Callable[[T], str],
    marks: Marks[T],
    new_marks: Marks[T] | None = None,
) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    """Pair what is of one id, then what has most marks in common, each with one other.

    Returns:
        The pairs, what of the old has none, and what of the new.
    """
    before, after = {id_of(one): one for one in old}, {id_of(one): one for one in new}
    pairs = [(before[id_], after[id_]) for id_ in before if id_ in after]
    left = {id_: one for id_, one in before.items() if id_ not in after}
    right = {id_: one for id_, one in after.items() if id_ not in before}
    if not (left and right):  # a first look: marks of all that there is would be made for nothing
        return pairs, list(left.values()), list(right.values())
    holders: dict[Hashable, list[str]] = defaultdict(list)
    for id_, one in right.items():
        for mark in (new_marks or marks)(one):
            holders[mark].append(id_)
    shared: Counter[tuple[str, str]] = Counter()
    for id_, one in left.items():
        for mark in marks(one):
            shared.update((id_, other) for other in holders.get(mark, ()))
    for (id_, other), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if id_ in left and other in right:
            pairs.append((left.pop(id_), right.pop(other)))
    return pairs, list(left.values()), list(right.values())


def _outlets(story: NotedStory) -> set[str]:
    return {article.outlet for article in story.articles}


def _names(outlets: Iterable[str]) -> str:
    return ", ".join(sorted(outlets))


def _count(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
