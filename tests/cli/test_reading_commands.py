"""The commands that read an index, on the shipped corpora."""

from __future__ import annotations

import csv
import io
import json

import pytest

pytestmark = pytest.mark.model

ASKED = {
    "en": "Officials in Gaza say more than 7,000 Palestinians have been killed",
    "ru": "По данным властей Газы, погибли более 7000 палестинцев",
    "ar": "يقول مسؤولون في غزة إن أكثر من 7 آلاف فلسطيني قتلوا",
    "he": "גורמים רשמיים בעזה אומרים שיותר מ-7,000 פלסטינים נהרגו",
}


@pytest.mark.parametrize("language", ASKED)
def test_the_same_outlets_report_a_claim_whatever_language_it_is_asked_in(program, language):
    answers = json.loads(program.run("who-reports", ASKED[language], "--format", "json").stdout)["outlets"]
    reporting = {row["outlet"] for row in answers if row["status"] in ("reports", "differs")}
    assert {"oasis-post", "bay-voice", "harbour-ledger"} <= reporting
    assert reporting <= {"shore-mirror", "oasis-post", "bay-voice", "meridian-courier", "harbour-ledger"}
    statuses = {row["outlet"]: row["status"] for row in answers}
    assert statuses["gulf-herald"] == "no coverage"
    for row in answers:
        assert row["status"] in ("reports", "differs", "contrary", "unsure", "silent", "no coverage")
        assert (row["sentence"] is None) == (row["status"] == "no coverage")


def test_a_different_figure_is_reported_differently(program):
    asked = "Officials in Gaza say 9,400 Palestinians have been killed"
    answers = json.loads(program.run("who-reports", asked, "--format", "json").stdout)["outlets"]
    differing = [row for row in answers if row["status"] == "differs"]
    assert differing
    for row in differing:
        kinds = {difference["kind"] for difference in row["differs"]}
        assert "number" in kinds
        sides = [side for d in row["differs"] if d["kind"] == "number" for side in d["sides"]]
        assert {side["outlet"] for side in sides} == {"the asked claim", row["outlet"]}
        for side in sides:
            assert side["sentence"][side["span"][0] : side["span"][1]] == side["words"]


def test_a_search_crosses_languages_and_keeps_to_its_filters(program):
    found = json.loads(
        program.run("search", "обмен ударами и жертвы среди мирных жителей", "-f", "json").stdout
    )
    assert len(found["results"]) == 10
    assert {row["language"] for row in found["results"]} > {"ru"}
    margins = [row["margin"] for row in found["results"]]
    assert margins == sorted(margins, reverse=True)

    only = program.run(
        "search", "explosion in the port", "--language", "ar", "--outlet", "square-news", "-f", "json"
    )
    rows = json.loads(only.stdout)["results"]
    assert rows
    assert {(row["language"], row["outlet"]) for row in rows} == {("ar", "square-news")}
    assert all(row["translation"]["supplied"] for row in rows)

    early = program.run("search", "explosion in the port", "--until", "2024-05-14", "--top", "50", "-f", "json")
    dates = {row["published_at"][:10] for row in json.loads(early.stdout)["results"]}
    assert dates == {"2023-10-27", "2024-05-14"} & dates
    assert "2024-05-14" in dates


@pytest.mark.parametrize("asked", ["hostages and a ceasefire", "прекращение огня и заложники"])
def test_keywords_are_found_as_words_too(program, asked):
    rows = json.loads(program.run("search", asked, "--top", "3", "-f", "json").stdout)["results"]
    for row in rows:
        words = f"{row['sentence']} {(row['translation'] or {}).get('text', '')}".casefold()
        assert "hostage" in words or "ceasefire" in words or "заложник" in words


def test_an_empty_result_is_valid_in_every_format(program):
    words = ("search", "explosion", "--since", "2030-01-01", "--format")
    assert json.loads(program.run(*words, "json").stdout) == {"results": []}
    assert len(list(csv.reader(io.StringIO(program.run(*words, "csv").stdout)))) == 1
    assert program.run(*words, "md").stdout.startswith("| ")
    table = program.run(*words, "table")
    assert table.stdout == ""
    assert "nothing in the index" in table.stderr


def test_outlets_are_listed_with_their_language_and_count(program, corpora):
    rows = json.loads(program.run("outlets", "-f", "json").stdout)["outlets"]
    by_id = {row["id"]: row for row in rows}
    assert by_id["kommersant"] == {
        "id": "kommersant", "name": "Коммерсантъ", "language": "ru", "country": "RU", "articles": 1,
    }  # fmt: skip
    assert sum(row["articles"] for row in rows) == 27
    assert set(rows[0]) == {"id", "name", "language", "country", "articles"}


def test_stories_are_the_three_events(program):
    rows = json.loads(program.run("stories", "-f", "json").stdout)["stories"]
    firsts = {row["first_published"][:10] for row in rows}
    assert {"2023-10-27", "2024-05-14", "2024-09-06"} <= firsts


def test_a_comparison_quotes_every_side_at_its_span(program):
    document = json.loads(program.run("compare", "--min-confidence", "0", "-f", "json").stdout)
    assert document["schema"] == 2
    urls = {article["url"] for article in document["articles"]}
    groups = {group["id"] for group in document["groups"]}
    assert document["divergences"]
    for divergence in document["divergences"]:
        assert divergence["group"] in groups
        assert 0 <= divergence["confidence"] <= 1
        for side in divergence["sides"]:
            assert side["article_url"] in urls
            start, end = side["span"]
            assert side["sentence"][start:end] == side["words"]
        assert bool(divergence["absent_from"]) == (divergence["kind"] == "omission")


def test_a_comparison_in_csv_has_a_row_for_each_claim_and_outlet(program):
    document = json.loads(program.run("compare", "-f", "json").stdout)
    printed = program.run("compare", "-f", "csv", "--table", "cells").stdout
    rows = list(csv.DictReader(io.StringIO(printed)))
    cells = {(row["group"], row["outlet"]): row["coverage"] for row in rows}
    expected = {
        (group["id"], outlet): what for group in document["groups"] for outlet, what in group["outlets"].items()
    }
    assert cells == expected


def test_a_comparison_of_one_kind_and_story(program):
    stories = json.loads(program.run("stories", "-f", "json").stdout)["stories"]
    story = next(row for row in stories if row["first_published"].startswith("2024-05-14"))
    document = json.loads(program.run("compare", story["id"][:8], "--kind", "number", "-f", "json").stdout)
    assert [row["id"] for row in document["stories"]] == [story["id"]]
    assert {divergence["kind"] for divergence in document["divergences"]} == {"number"}


def test_show_takes_a_number_of_a_story_or_a_group_id(program):
    document = json.loads(program.run("compare", "-f", "json").stdout)
    story, group = document["stories"][0]["id"], document["groups"][0]
    by_number = program.run("show", f"{story[:10]}:1").stdout
    assert by_number == program.run("show", group["id"]).stdout
    for claim in group["claims"]:
        assert claim["article_url"] in by_number
    shown = json.loads(program.run("show", group["id"], "-f", "json").stdout)
    assert [found["id"] for found in shown["groups"]] == [group["id"]]


def test_reports_are_the_same_in_every_run(program):
    assert program.run("compare", "-f", "json").stdout == program.run("compare", "-f", "json").stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("search", ""), "has no letters"),
        (("search", "2024"), "has no letters"),
        (("search", "Der Minister hat den Rücktritt des Vorsitzenden in Berlin angekündigt"), "de"),
        (("search", "talks", "--outlet", "no-such"), "no-such"),
        (("search", "talks", "--since", "yesterday"), "expected a day"),
        (("search", "talks", "--since", "2024-02-01", "--until", "2024-01-01"), "is after"),
        (("compare", "zzzz"), "zzzz"),
        (("show", "zzzz"), "zzzz"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(program, words, expected):
    result = program.run(*words, exit_code=1)
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert expected in result.stderr
    assert "Traceback" not in result.stderr
