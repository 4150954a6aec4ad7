"""Claims that are followed: taken up, listed, shown over time, given up."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from xsource.daily import Follow, Timeline
from xsource.errors import InputError
from xsource.pipeline.daily.known import name_recipe
from xsource.pipeline.following.noting import Asking, page_of, write_seen
from xsource.pipeline.following.timeline import make_timeline
from xsource.pipeline.reading.filters import Filters
from xsource.pipeline.reading.reader import Reader
from xsource.records import LANGUAGES, Language, stable_id
from xsource.registry import open_detector
from xsource.settings import Settings
from xsource.store import open_index

MOST_CLAIM_LETTERS = 1000
MOST_NAME_LETTERS = 200

FEW_WORDS = 3
"""So few words are taken for our language of their script, as by `search`."""
_OF_SCRIPT: dict[str, Language] = {"CYRILLIC": "ru", "HEBREW": "he", "ARABIC": "ar", "LATIN": "en"}


@dataclass(frozen=True, slots=True)
class FollowWishes:
    """What a followed claim is restricted to, as a person writes it; empty restricts nothing.

    Attributes:
        languages: codes of the languages that an outlet's sentence counts in.
        stories: ids of stories or their first letters.
        since, until: days like `2023-10-27`, both included.
        by: who follows it.
    """

    languages: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    by: str = ""


def follow_claim(
    index_path: Path,
    settings: Settings,
    text: str,
    wishes: FollowWishes | None = None,
    *,
    asks: bool = True,
    now: datetime | None = None,
) -> Timeline:
    """Follow a claim from now on, and note what outlets say of it already.

    A claim that is followed with the same wishes is followed on; one that was given up is taken up again.

    Args:
        index_path: an index.
        settings: as for `Reader.who_reports`.
        text: the claim, in one of the four languages.
        wishes: what it is restricted to.
        asks: off, the outlets are asked after the next build and not now: no model is loaded.
        now: UTC; the current time when left out.

    Returns:
        What is known of it.

    Raises:
        InputError: the text is empty, too long or in another language, or a wish is none.
        StorageError: another process is writing the index.
        IndexStateError: there is no index, or it is empty.
    """
    wishes = wishes or FollowWishes()
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    text = " ".join(text.split())
    if not text:
        raise InputError("the claim is empty", "xsource follow 'At least 12 people died in the fire'")
    for what, words, most in (("claim", text, MOST_CLAIM_LETTERS), ("name", wishes.by, MOST_NAME_LETTERS)):
        if len(words) > most:
            raise InputError(f"the {what} has {len(words):,} letters, expected {most:,} at most", "shorten it")
    days = Filters.parse(None, None, wishes.since, wishes.until)
    with open_index(index_path, mode="read") as index:
        reader = Reader(index, settings)
        pages = tuple(
            sorted(
                {
                    page_of(article)
                    for wanted in wishes.stories
                    for article in index.articles(reader.find_story(wanted).article_ids)
                }
            )
        )
        languages = tuple(code for code in LANGUAGES if code in wishes.languages)
        restricted = (*languages, "", *sorted(wishes.stories), "", wishes.since or "", wishes.until or "")
        follow = Follow(
            id=stable_id("follow", text, *restricted),
            text=text,
            language="",
            languages=languages,
            stories=pages,
            since=days.since,
            until=days.until,
            by=wishes.by.strip(),
            at=now,
        )
        # Before anything is kept: this refuses a text in another language.
        follow = replace(follow, language=language_of(text))
        seen = Asking(index, settings).ask(follow) if asks else []
        state = stable_id("followed", name_recipe(index.embedder_id or "", settings), index.held_state)
    with open_index(index_path, mode="write") as index:
        known = {one.id: one for one in index.follows(ended=True)}.get(follow.id)
        if known is None or known.ended is not None:
            index.write_follows([follow])
        else:
            follow = known
    if asks:
        write_seen(index_path, state, {follow: seen}, now)
    return read_timeline(index_path, follow.id)


def language_of(text: str) -> Language:
    """Give the language that a claim is in.

    Raises:
        InputError: it is none of the four.
    """
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in text if letter.isalpha()}
    by_script = _OF_SCRIPT.get(scripts.pop()) if len(scripts) == 1 else None
    if by_script and len(text.split()) <= FEW_WORDS:
        return by_script
    detected = open_detector().detect(text)
    if not detected.is_supported:
        what = "has no letters" if detected.code == "und" else f"is in {detected.code!r} ({detected.reason})"
        raise InputError(f'the claim "{text[:60]}" {what}, expected one of {", ".join(LANGUAGES)}')
    return cast("Language", detected.code)


def unfollow_claim(index_path: Path, wanted: str, *, now: datetime | None = None) -> Follow:
    """Follow a claim no longer; what was noted of it stays.

    Raises:
        InputError: no followed claim has an id that begins so, or several have.
        StorageError: another process is writing the index.
    """
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    with open_index(index_path, mode="write") as index:
        follow = pick_follow(index.follows(), wanted)
        ended = replace(follow, ended=max(now, follow.at))
        index.write_follows([ended])
    return ended


def list_follows(index_path: Path, *, ended: bool = False) -> list[Timeline]:
    """Give what is known of every followed claim, in the order in which they were taken up.

    Raises:
        IndexStateError: there is no index, or it is damaged.
    """
    with open_index(index_path, mode="read") as index:
        return [
            make_timeline(follow, (sighting for _, sighting in index.sightings(follow.id)))
            for follow in index.follows(ended=ended)
        ]


def read_timeline(index_path: Path, wanted: str) -> Timeline:
    """Give what is known of the claim whose id begins with the given letters, also of one that was given up.

    Raises:
        InputError: none or several do.
        IndexStateError: there is no index, or it is damaged.
    """
    with open_index(index_path, mode="read") as index:
        follow = pick_follow(index.follows(ended=True), wanted)
        return make_timeline(follow, (sighting for _, sighting in index.sightings(follow.id)))


def pick_follow(follows: Sequence[Follow], wanted: str) -> Follow:
    """Give the claim whose id begins with the given letters.

    Raises:
        InputError: none or several do.
    """
    beginning = wanted.strip().lower()
    found = [follow for follow in follows if beginning and follow.id.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    what = "no followed claim" if not found else f"{len(found)} followed claims"
    raise InputError(f'{what} with an id that begins with "{wanted}"', "`xsource follows` lists them")
