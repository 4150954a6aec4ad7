"""What is new since a look: told once, nothing of it lost, whatever happens between."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Program
from daily.conftest import SETTINGS
from ferry import write_day  # type: ignore[import-not-found]

from xsource.daily import Count, Edition
from xsource.errors import IndexStateError, InputError, StorageError
from xsource.pipeline import (
    build,
    check_index,
    merge_shards,
    note_told,
    open_reader,
    read_editions,
    remove_articles,
    take_news,
)
from xsource.store import open_index

FACTS = 4  # that all three outlets tell on the first day
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def tell(index: Path, **wishes) -> list[Edition]:
    """Take the news of the look and note that they were told."""
    editions = list(take_news(index, SETTINGS, **wishes).editions)
    for edition in editions:
        note_told(index, edition)
    return editions


def claims_in(index: Path) -> int:
    """How many groups a comparison finds: the four facts of the day, or one of them twice, in two pairs."""
    with open_reader(index, SETTINGS) as reader:
        found = len(reader.compare().groups)
    assert found >= FACTS
    return found


def changes(edition: Edition) -> set[tuple[str, str]]:
    return {(item.change, item.subject) for item in edition.items}


def test_the_first_look_tells_everything_and_the_second_nothing(index):
    (edition,) = tell(index)
    assert (edition.number, edition.since) == (1, None)
    assert edition.counts == (Count("story", 1, 0, 0), Count("claim", claims_in(index), 0, 0))
    (story,) = (item for item in edition.items if item.subject == "story")
    assert story.details == ("3 articles of kol-hanamal, nevskaya-pristan, quay-herald",)
    assert tell(index) == []


def test_a_day_that_comes_changes_the_story_and_brings_a_divergence(index, next_day):
    tell(index)
    next_day()
    (edition,) = tell(index)
    assert ("changed", "story") in changes(edition)
    assert ("went", "claim") not in changes(edition)
    (divergence,) = (item for item in edition.items if item.subject == "divergence")
    assert (divergence.change, divergence.kind) == ("came", "update")
    assert "12" in divergence.title
    assert "14" in divergence.title
    assert {quote.language for quote in divergence.quotes} == {"en", "ru", "he"}
    for quote in divergence.quotes:
        assert quote.sentence[slice(*quote.span)] == quote.words
    told = [item for item in edition.items if (item.change, item.subject) == ("changed", "claim")]
    again = ("told again by kol-hanamal, nevskaya-pristan, quay-herald",)
    assert again in [item.details for item in told]


def test_a_rewritten_page_is_a_change_and_its_going_is_one_too(index, newsroom):
    tell(index)
    wording = "At least 12 people died when the ferry Lastra went down off Port Amsel, the coast guard said."
    first = json.loads((newsroom / "articles/day-2.jsonl").read_text("utf-8").splitlines()[0])
    first["text"] = "\n\n".join([wording, *first["text"].split("\n\n")[1:]])
    rewritten = newsroom / "rewritten.jsonl"
    rewritten.write_text(json.dumps(first) + "\n", "utf-8")
    build([rewritten], index, SETTINGS)
    (edition,) = tell(index)
    (story,) = (item for item in edition.items if item.subject == "story")
    assert (story.change, story.details) == ("changed", ("1 article rewritten by quay-herald",))
    claims = [item for item in edition.items if item.subject == "claim"]
    # The new wording may find more tellings; it is told as reworded once.
    assert ("changed", ("reworded by quay-herald",)) in [(item.change, item.details) for item in claims]

    remove_articles(index, [article.id for article in articles_of(index, "quay-herald")])
    (edition,) = tell(index)
    details = [detail for item in edition.items if item.subject == "claim" for detail in item.details]
    # A claim that only one other outlet tells is none any more.
    kept = [detail for detail in details if not detail.startswith("was told by ")]
    assert set(kept) == {"no longer told by quay-herald"}
    kept_gone = [detail for detail in details if detail not in kept]
    assert all(detail.count(",") == 1 for detail in kept_gone)  # of two outlets
    assert len(details) >= FACTS


def articles_of(index: Path, outlet: str):
    with open_index(index, mode="read") as opened:
        return [article for article in opened.articles() if article.outlet_id == outlet]


def test_a_story_that_goes_is_told(index):
    tell(index)
    remove_articles(index, [a.id for o in ("quay-herald", "kol-hanamal") for a in articles_of(index, o)])
    (edition,) = tell(index)
    assert changes(edition) == {("went", "story"), ("went", "claim")}


def test_looks_do_not_know_of_each_other(index, next_day):
    tell(index)
    tell(index, look="morning", begin=True)
    next_day()
    (edition,) = tell(index, look="morning")
    assert (edition.look, edition.number) == ("morning", 2)
    (edition,) = tell(index)
    assert edition.number == 2


def test_a_look_that_nobody_began_is_refused_with_the_nearest_name(index):
    tell(index, look="утро", begin=True)
    with pytest.raises(InputError) as refused:
        take_news(index, SETTINGS, look="утрo")  # the last letter is Latin
    assert 'there is no look "утрo"' in refused.value.message
    assert "утро" in refused.value.hint
    with pytest.raises(InputError, match="is no name of a look"):
        take_news(index, SETTINGS, look="../x", begin=True)


def test_news_that_were_made_and_not_told_are_told_by_the_next_run(index, next_day):
    (made,) = take_news(index, SETTINGS).editions  # and the program is killed
    assert take_news(index, SETTINGS).editions == (made,)
    next_day()
    editions = tell(index)
    assert [edition.number for edition in editions] == [1, 2]
    assert editions[0] == made
    items = [item.id for edition in editions for item in edition.items]
    assert len(items) == len(set(items))
    assert tell(index) == []
    assert read_editions(index, "default") == editions


def test_a_look_without_taking_it_changes_nothing(index):
    seen = take_news(index, SETTINGS, keep=False)
    assert seen.editions[0].total == 1 + claims_in(index)
    (edition,) = tell(index)
    assert edition.number == 1
    assert [item.ref for item in edition.items] == [item.ref for item in seen.editions[0].items]


def test_a_clock_that_was_set_back_does_not_turn_editions_around(index, next_day):
    tell(index, now=NOON)
    next_day()
    (edition,) = tell(index, now=NOON.replace(year=2025))
    assert edition.at == edition.since == NOON


def test_a_higher_threshold_hides_and_a_lower_one_tells_what_was_hidden(index, next_day):
    next_day()
    assert not any(item.subject == "divergence" for item in tell_at(index, 0.99)[0].items)
    (edition,) = tell_at(index, 0.5)
    assert changes(edition) == {("came", "divergence")}
    assert tell_at(index, 0.99) == []


def tell_at(index: Path, confidence: float) -> list[Edition]:
    from dataclasses import replace

    editions = list(take_news(index, replace(SETTINGS, min_confidence=confidence)).editions)
    for edition in editions:
        note_told(index, edition)
    return editions


def test_looks_survive_a_rebuild_and_come_along_with_a_merge(index, newsroom, tmp_path):
    tell(index)
    build([newsroom / "articles/day-2.jsonl"], index, SETTINGS, rebuild=True)
    assert tell(index) == []
    assert len(read_editions(index, "default")) == 1
    merge_shards([index], tmp_path / "merged")
    assert tell(tmp_path / "merged") == []
    build([newsroom / "articles"], index, SETTINGS, rebuild=True)
    (edition,) = tell(index)
    assert ("came", "divergence") in changes(edition)
    assert check_index(index) == []


def test_who_finds_the_index_being_written_is_told_and_nothing_is_lost(index):
    with open_index(index, mode="write"), pytest.raises(StorageError, match="is writing this index"):
        take_news(index, SETTINGS)
    assert tell(index)[0].number == 1


def test_an_edition_that_is_damaged_is_named(index):
    take_news(index, SETTINGS)
    import sqlite3

    connection = sqlite3.connect(index / "catalog.sqlite3")
    connection.create_function("row_digest", -1, lambda *values: "", deterministic=True)
    connection.execute("UPDATE editions SET content = x'7b7d'")
    connection.commit()
    connection.close()
    with pytest.raises(IndexStateError, match="an edition is damaged"):
        take_news(index, SETTINGS)
    assert any("1 rows of editions are not what was written" in found.message for found in check_index(index))


def test_a_story_that_was_compared_is_not_compared_again(index, tmp_path):
    tell(index)
    seen: list[int] = []
    take_news(index, SETTINGS, progress=lambda stage, done, total: seen.append(done))
    assert seen == []
    other = {
        "shore-mirror": ("en", "Rain", "It rained for three days in the valley of Kess, and two roads closed.")
    }
    build([write_day(tmp_path, 9, other)], index, SETTINGS)
    take_news(index, SETTINGS, progress=lambda stage, done, total: seen.append(done))
    assert seen == []  # one outlet alone is no story, and the ferry's is as it was


def test_the_command_line_tells_counts_first_and_the_second_time_nothing(program: Program, next_day):
    first = program.run("news")
    assert first.stdout.splitlines()[1].startswith(f"1 story came; {claims_in(program.index)} claims came")
    second = program.run("news")
    assert second.stdout == ""
    assert "nothing is new since" in second.stderr
    next_day()
    document = json.loads(program.run("news", "--format", "json").stdout)
    (edition,) = document["editions"]
    assert (edition["look"], edition["number"]) == ("default", 2)
    again = json.loads(program.run("news", "--again", "-f", "json").stdout)
    assert again == document
    assert "update" in program.run("news", "--again", "-f", "csv").stdout
    assert json.loads(program.run("news", "-f", "json").stdout) == {"editions": []}
    looks = json.loads(program.run("news", "--looks", "-f", "json").stdout)["looks"]
    assert [(look["look"], look["edition"]) for look in looks] == [("default", 2)]
    refused = program.run("news", "--look", "defualt", exit_code=1)
    assert 'did you mean "default"?' in refused.stderr
    program.run("news", "--forget")
    assert json.loads(program.run("news", "-f", "json").stdout)["editions"][0]["number"] == 1


def test_comparing_what_is_new_shows_those_stories_and_takes_the_look(program: Program, next_day):
    first = json.loads(program.run("compare", "--new", "-f", "json").stdout)
    assert len(first["stories"]) == 1
    second = program.run("compare", "--new", "-f", "json")
    assert json.loads(second.stdout)["stories"] == []
    assert "nothing is new in the look default" in second.stderr
    next_day()
    third = program.run("compare", "--new")
    assert "1 divergence came; 1 story changed" in third.stderr
    assert "then 14" in third.stdout
    assert program.run("news").stdout == ""


def test_news_fit_a_terminal_of_eighty_columns(program: Program, next_day, monkeypatch):
    from typer.testing import CliRunner

    from xsource.cli.main import app

    next_day()
    told = CliRunner().invoke(app, ["news", "--index", str(program.index)], env={"COLUMNS": "80"}).stdout
    isolates = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
    assert max(len(line.translate(isolates)) for line in told.splitlines()) <= 80
    assert "לפחות 12 בני אדם" in told


def test_a_divergence_is_marked_without_comparing_other_stories(program: Program, next_day, tmp_path):
    next_day()
    news = json.loads(program.run("news", "-f", "json").stdout)["editions"][0]["items"]
    (wanted,) = (item["ref"] for item in news if item["subject"] == "divergence")
    marked = program.run("review", "mark", wanted[:8], "confirmed", "--by", "Ada")
    assert "confirmed by Ada" in marked.stderr
    with open_index(program.index, mode="read") as opened:
        (by_note,) = opened.verdict_log()
    program.run("review", "mark", wanted[:8], "wrong", "--by", "Ada", "--story", "")
    (shown,) = json.loads(program.run("review", "--judged", "-f", "json").stdout)["divergences"]
    assert (shown["id"], shown["verdict"], shown["state"]) == (wanted, "wrong", "shown")
    with open_index(program.index, mode="read") as opened:
        by_comparison = opened.verdict_log()[-1]
    assert by_note.judged == by_comparison.judged
    assert "taken back" in program.run("review", "undo", wanted[:8]).stderr
    assert "no divergence" in program.run("review", "mark", "ffffffff", "wrong", exit_code=1).stderr
    shutil.rmtree(tmp_path / "nothing", ignore_errors=True)
