"""Claims that are followed: who tells them, since when, with which figures."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Program
from daily.conftest import SETTINGS
from ferry import CLAIM  # type: ignore[import-not-found]
from hypothesis import given
from hypothesis import strategies as st

from xsource.daily import Follow, Quote, Sighting, of_document, to_document
from xsource.errors import IndexStateError, InputError
from xsource.pipeline import (
    FollowWishes,
    build,
    follow_claim,
    list_follows,
    merge_shards,
    note_told,
    read_timeline,
    take_news,
    unfollow_claim,
)
from xsource.pipeline.following.figures import figures_for
from xsource.pipeline.following.timeline import make_timeline, tell_changes
from xsource.store import open_index

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_who_tells_it_is_noted_at_once_and_the_new_figure_after_the_next_build(index, next_day):
    timeline = follow_claim(index, SETTINGS, CLAIM, FollowWishes(by="Ада"))
    assert [(one.outlet, one.status, one.figures) for one in timeline.outlets] == [
        ("quay-herald", "reports", ("12",)),
        ("nevskaya-pristan", "reports", ("12",)),
        ("kol-hanamal", "reports", ("12",)),
    ]
    next_day()
    timeline = read_timeline(index, timeline.follow.id[:8])
    assert {standing.figures for standing in timeline.outlets} == {("14",)}
    assert [(day.day, day.outlets, day.figures) for day in timeline.days] == [
        ("2026-03-02", 3, (("12", 3),)),
        ("2026-03-03", 3, (("14", 3),)),
    ]
    assert [entry.is_first for entry in timeline.entries] == [True] * 3 + [False] * 3
    assert timeline.entries[0].sighting.quote.outlet == "quay-herald"


def test_a_followed_claim_is_news_when_its_figure_changes_and_then_no_more(index, next_day):
    follow = follow_claim(index, SETTINGS, CLAIM).follow
    (first,) = tell(index)
    assert [item.details for item in first.items if item.ref == follow.id] == [
        (
            "first told by quay-herald, 2026-03-02 08:00 UTC",
            "told by 3: quay-herald, nevskaya-pristan, kol-hanamal",
            "12: quay-herald, nevskaya-pristan, kol-hanamal",
        )
    ]
    next_day()
    (second,) = tell(index)
    (item,) = (item for item in second.items if item.ref == follow.id)
    assert (item.change, item.subject, item.details) == (
        "changed",
        "followed claim",
        ("14, before 12: quay-herald, nevskaya-pristan, kol-hanamal",),
    )
    assert second.items[0] is item or second.items[0] == item  # followed claims come first
    assert tell(index) == []


def tell(index: Path):
    editions = list(take_news(index, SETTINGS).editions)
    for edition in editions:
        note_told(index, edition)
    return editions


def test_a_build_without_news_notes_nothing_and_neither_does_a_rebuild(index, newsroom):
    follow = follow_claim(index, SETTINGS, CLAIM).follow
    before = read_timeline(index, follow.id)
    build([newsroom / "articles/day-2.jsonl"], index, SETTINGS)
    assert read_timeline(index, follow.id) == before
    build([newsroom / "articles/day-2.jsonl"], index, SETTINGS, rebuild=True)
    assert read_timeline(index, follow.id) == before


def test_a_page_that_is_rewritten_and_put_back_is_told_three_times(index, newsroom, tmp_path):
    follow = follow_claim(index, SETTINGS, CLAIM).follow
    path = newsroom / "articles/day-2.jsonl"
    record = json.loads(path.read_text("utf-8").splitlines()[0])
    rewritten = tmp_path / "rewritten.jsonl"
    rewritten.write_text(
        json.dumps({**record, "text": record["text"].replace("12 people", "14 people")}), "utf-8"
    )
    build([rewritten], index, SETTINGS)
    timeline = read_timeline(index, follow.id)
    assert {one.outlet: one.figures for one in timeline.outlets}["quay-herald"] == ("14",)
    back = tmp_path / "back.jsonl"
    more = "\n\nThe harbour master will speak on Wednesday."
    back.write_text(json.dumps({**record, "text": record["text"] + more}), "utf-8")
    build([back], index, SETTINGS)
    figures = [
        entry.sighting.figures[0][1]
        for entry in read_timeline(index, follow.id).entries
        if entry.sighting.quote.outlet == "quay-herald"
    ]
    assert figures == ["12", "14", "12"]


def test_a_claim_can_be_restricted_to_languages_stories_and_days(index, newsroom, next_day):
    with open_index(index, mode="read") as opened:
        from xsource.pipeline import Reader

        (story,) = Reader(opened, SETTINGS).stories()
    russian = follow_claim(index, SETTINGS, CLAIM, FollowWishes(languages=("ru",)))
    here = follow_claim(index, SETTINGS, CLAIM, FollowWishes(stories=(story.id[:8],)))
    later = follow_claim(index, SETTINGS, CLAIM, FollowWishes(since="2026-03-03"))
    assert [one.outlet for one in russian.outlets] == ["nevskaya-pristan"]
    assert (len(here.outlets), len(later.outlets)) == (3, 0)
    next_day()
    assert {day.figures for day in read_timeline(index, later.follow.id).days} == {(("14", 3),)}
    assert len(read_timeline(index, here.follow.id).entries) == 6
    assert len({one.follow.id for one in list_follows(index)}) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the claim is empty"),
        ("   ", "the claim is empty"),
        ("12 345 !", "has no letters"),
        ("Au moins douze personnes sont mortes dans le naufrage du ferry", "expected one of ru, he, ar, en"),
        ("a" * 1001, "1,001 letters"),
    ],
    ids=["empty", "blank", "no letters", "another language", "too long"],
)
def test_a_text_that_cannot_be_followed_is_refused_and_not_kept(index, text, message):
    with pytest.raises(InputError, match=re.escape(message)):
        follow_claim(index, SETTINGS, text)
    assert list_follows(index) == []


def test_following_twice_is_following_once_and_giving_up_can_be_taken_back(index):
    follow = follow_claim(index, SETTINGS, CLAIM, now=NOON).follow
    assert follow_claim(index, SETTINGS, f"  {CLAIM} ", now=NOON.replace(day=5)).follow == follow
    unfollow_claim(index, follow.id[:6], now=NOON.replace(day=6))
    assert list_follows(index) == []
    assert [one.follow.id for one in list_follows(index, ended=True)] == [follow.id]
    with pytest.raises(InputError, match="no followed claim"):
        unfollow_claim(index, follow.id)
    again = follow_claim(index, SETTINGS, CLAIM, now=NOON.replace(day=7))
    assert again.follow.at == NOON.replace(day=7)
    assert len(again.entries) == 3  # nobody told it anew


def test_a_claim_may_be_taken_up_now_and_asked_about_by_the_next_build(index, next_day):
    follow = follow_claim(index, SETTINGS, CLAIM, asks=False).follow
    assert read_timeline(index, follow.id).entries == ()
    next_day()
    assert len(read_timeline(index, follow.id).entries) == 6
    with pytest.raises(InputError, match="expected one of ru, he, ar, en"):
        follow_claim(index, SETTINGS, "Au moins douze personnes sont mortes dans le naufrage", asks=False)


def test_a_folder_without_an_index_is_named(tmp_path):
    with pytest.raises(IndexStateError, match="no index here"):
        follow_claim(tmp_path / "index", SETTINGS, CLAIM)


def test_followed_claims_come_along_with_a_merge_once(index, tmp_path):
    follow = follow_claim(index, SETTINGS, CLAIM).follow
    for _ in range(2):
        merge_shards([index], tmp_path / "merged")
    assert read_timeline(tmp_path / "merged", follow.id) == read_timeline(index, follow.id)


def test_the_command_line_follows_lists_shows_and_gives_up(program: Program, next_day, tmp_path):
    told = program.run("follow", "Не менее 12 человек погибли при крушении парома", "--by", "Ада")
    assert "First told by quay-herald, 2026-03-02 08:00 UTC; told by 3 now." in told.stdout
    next_day()
    (row,) = json.loads(program.run("follows", "--format", "json").stdout)["follows"]
    assert (row["told_by"], row["figures"], row["by"], row["language"]) == (3, ["14 (3)"], "Ада", "ru")
    shown = program.run("follow", "show", row["id"][:8])
    assert "Figures: 12 (3 outlets) → 14 (3 outlets)." in shown.stdout
    rows = list(csv.DictReader(io.StringIO(program.run("follow", "show", row["id"], "-f", "csv").stdout)))
    assert [(one["outlet"], one["figures"], one["first"]) for one in rows][::3] == [
        ("quay-herald", "12", "yes"),
        ("quay-herald", "14", "no"),
    ]
    assert json.loads(program.run("follow", "show", row["id"], "-f", "json").stdout)["days"][1]["figures"] == [
        ["14", 3]
    ]
    page = tmp_path / "claim.html"
    program.run("follow", "show", row["id"], "--html", str(page))
    html = page.read_text("utf-8")
    assert '<h1 lang="ru" dir="ltr">Не менее 12 человек' in html
    assert 'lang="he" dir="rtl">לפחות 12' in html
    assert "followed no longer" in program.run("unfollow", row["id"][:8]).stderr
    assert "no claim is followed" in program.run("follows").stderr
    assert "no followed claim" in program.run("follow", "show", "zz", exit_code=1).stderr


@pytest.mark.parametrize(
    ("claim", "sentence", "language", "values"),
    [
        ("12 people were killed", "Погибли 14 человек, ранены 30.", "ru", ["14"]),
        ("12 people were killed", "Тридцать человек ранены.", "ru", []),
        ("12 people were killed", "وقتل 14 شخصا وأصيب 30 آخرون.", "ar", ["14"]),
        ("The ministry promised 3 million dollars", "המשרד הבטיח 5 מיליון דולר.", "he", ["5000000 USD"]),
        ("The ministry promised 3 million dollars", "Two ministers came.", "en", []),
        ("The bridge was closed", "14 bridges were closed.", "en", []),
        ("86 passengers were on board", "There were 91 passengers on board.", "en", ["91"]),
    ],
)
def test_only_a_number_that_counts_the_same_is_a_figure_of_the_claim(claim, sentence, language, values):
    assert [value for _, value in figures_for(claim, "en", sentence, language)] == values


FOLLOW = Follow("f" * 20, CLAIM, "en", (), (), None, None, "", NOON)


def sighting(outlet: str, day: int, *, denies: bool = False, figure: str = "", seen: int = 9, page: str = "x"):
    quote = Quote(
        outlet, f"https://{outlet}.example/{page}", "en", f"{outlet} {figure} {denies}", NOON.replace(day=day)
    )
    return Sighting(
        f"{outlet} {day} {figure}",
        NOON.replace(day=seen),
        "contrary" if denies else "reports",
        quote,
        ((figure, figure),) if figure else (),
        denies,
        (),
    )


def test_denials_are_told_and_are_no_telling():
    timeline = make_timeline(FOLLOW, [sighting("a", 1), sighting("b", 2, denies=True)])
    assert [(one.outlet, one.denies, one.first_told) for one in timeline.outlets] == [
        ("a", False, NOON.replace(day=1)),
        ("b", True, None),
    ]
    assert [(day.outlets, day.denials) for day in timeline.days] == [(1, 0), (1, 1)]
    before = make_timeline(FOLLOW, [sighting("a", 1)])
    assert tell_changes(before, timeline) == ("the contrary is said by b",)
    assert tell_changes(timeline, timeline) == ()


def test_a_status_that_nobody_knows_yet_is_shown_as_it_is():
    odd = replace(sighting("a", 1), status="hints at it")
    assert make_timeline(FOLLOW, [odd]).outlets[0].status == "hints at it"


SIGHTINGS = st.builds(
    sighting,
    st.sampled_from(["a", "b", "c"]),
    st.integers(1, 8),
    denies=st.booleans(),
    figure=st.sampled_from(["", "12", "14"]),
    seen=st.integers(9, 12),
    page=st.sampled_from(["x", "y"]),
)


@given(st.lists(SIGHTINGS))
def test_no_outlet_is_first_twice_and_days_only_grow(seen):
    timeline = make_timeline(FOLLOW, seen)
    first = [entry.sighting.quote.outlet for entry in timeline.entries if entry.is_first]
    assert len(first) == len(set(first))
    assert [entry.when for entry in timeline.entries] == sorted(entry.when for entry in timeline.entries)
    assert [day.outlets for day in timeline.days] == sorted(day.outlets for day in timeline.days)
    assert len(timeline.entries) == len(seen)
    from xsource.daily import Timeline

    assert of_document(Timeline, json.loads(json.dumps(to_document(timeline)))) == timeline
