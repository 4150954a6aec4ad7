"""`xsource compare` on many stories: which are chosen, and what needs all of them at once."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from xsource.cli.compare import MOST_STORIES_IN_A_FILE, check_size
from xsource.errors import InputError
from xsource.records import Story, StoryId

pytestmark = pytest.mark.model


def stories_of(program, *words: str) -> list[str]:
    found = json.loads(program.run("compare", "--kind", "number", "--format", "json", *words).stdout)
    named = [story["id"] for story in found["stories"]]
    assert {group["story"] for group in found["groups"]} <= set(named)
    rows = csv.DictReader(
        io.StringIO(program.run("compare", "--kind", "number", "-f", "csv", *words).stdout, newline="")
    )
    flagged = list(dict.fromkeys(row["story"] for row in rows))
    assert flagged
    assert flagged == [story for story in named if story in flagged]  # in the order of the stories
    return named


def test_stories_are_chosen_by_day_and_number(program):
    listed = json.loads(program.run("stories", "--format", "json").stdout)["stories"]
    everything = [story["id"] for story in listed]
    assert len(everything) > 2
    days = [(story["id"], story["first_published"][:10], story["last_published"][:10]) for story in listed]
    assert stories_of(program) == everything
    assert stories_of(program, "--limit", "2") == everything[-2:]
    assert stories_of(program, "--limit", "99") == everything
    middle = days[1][1]
    assert stories_of(program, "--since", middle) == [id_ for id_, _, last in days if last >= middle]
    assert stories_of(program, "--until", middle) == [id_ for id_, first, _ in days if first <= middle]
    assert stories_of(program, "--since", middle, "--limit", "1") == everything[-1:]


def test_no_story_of_these_days_is_an_empty_answer_that_says_why(program):
    result = program.run("compare", "--since", "2040-01-01", "--format", "json")
    assert json.loads(result.stdout)["stories"] == []
    assert "no story has an article of these days" in result.stderr
    assert program.run("compare", "--since", "yesterday", exit_code=1).stderr.startswith("error: --since is")


def test_a_page_of_too_many_stories_is_refused_before_they_are_compared():
    day = datetime(2024, 3, 1, tzinfo=UTC)
    stories = [
        Story(StoryId(f"{n}"), "", (), day, day)  # of many stories only the number counts
        for n in range(MOST_STORIES_IN_A_FILE + 1)
    ]
    check_size(stories[:-1])
    with pytest.raises(
        InputError, match=f"{len(stories):,} stories, expected {len(stories) - 1:,} at most"
    ) as e:
        check_size(stories)
    assert "--limit" in e.value.hint
