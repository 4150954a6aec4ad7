"""Verdicts: marked, taken back, and still there after everything that happens to an index."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from report.sample_comparison import blast, make_claim, side_of

from xsource.errors import IndexStateError, InputError, StorageError
from xsource.pipeline import (
    Filters,
    build,
    find_divergence,
    list_verdicts,
    mark_divergence,
    merge_shards,
    open_reader,
    read_verdicts,
    remove_articles,
    with_reviews,
    withdraw_verdict,
    without_wrong,
)
from xsource.pipeline.reviewing.verdicts import missing_entries
from xsource.records import Comparison, Divergence, DivergenceId, Review
from xsource.settings import Settings
from xsource.store import open_index
from xsource.store.schema import APPLICATION_ID, MIGRATIONS
from xsource.store.verdicts import Judged, StoredVerdict

NGRAMS = Settings(embedder="ngrams", translate=False, min_confidence=0.0, detectors="number,date,omission")
NOON = datetime(2024, 3, 2, 12, tzinfo=UTC)

KILLED = "At least {} people were killed in the blast at the port of Morinda, the ministry said."
FIRE = "Firefighters worked through the night at the port of Morinda to put the blaze out."
WINDOWS = "Windows were broken in a dozen streets of the old town around the port of Morinda."
ROAD = "The road along the harbour has been closed to all traffic since the evening."
CAUSE = "A warehouse with fertiliser had exploded shortly after sunset, witnesses told reporters."


def article(*sentences: str) -> str:
    return "\n\n".join(sentences)


TEXTS = {
    "coast-echo": article(KILLED.format(31), FIRE, WINDOWS, ROAD, CAUSE),
    "harbour-gate": article(KILLED.format(23), FIRE, WINDOWS, CAUSE, ROAD),
    "north-beacon": article(WINDOWS, KILLED.format(23), FIRE, ROAD, CAUSE),
}
LATER = {"tidewater": article(CAUSE, WINDOWS, KILLED.format(23), FIRE, ROAD)}


def write_articles(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for hour, (outlet, text) in enumerate(texts.items()):
        record = {
            "outlet": outlet,
            "url": f"https://{outlet}.example/morinda",
            "title": "Blast at the port of Morinda",
            "text": text,
            "published_at": f"2024-03-01T{hour:02}:00:00Z",
        }
        (folder / f"{outlet}.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "articles", TEXTS)


@pytest.fixture
def index(tmp_path: Path, articles: Path) -> Path:
    build([articles], tmp_path / "index", NGRAMS)
    return tmp_path / "index"


def compare(index: Path, settings: Settings = NGRAMS) -> Comparison:
    with open_reader(index, settings) as reader:
        return reader.compare()


def of_kind(comparison: Comparison, kind: str) -> Divergence:
    (found,) = (d for d in comparison.divergences if d.kind == kind)
    return found


def states(index: Path, settings: Settings = NGRAMS) -> list[str]:
    with open_reader(index, settings) as reader:
        listed = list_verdicts(reader.compare(), reader.verdicts(), reader.articles())
    return [verdict.state for verdict in listed]


def mark_number(index: Path, verdict: str = "confirmed", note: str = "", by: str = "Ada") -> Divergence:
    comparison = compare(index)
    wanted = of_kind(comparison, "number").id
    return mark_divergence(index, comparison, wanted, verdict, note=note, by=by, now=NOON)  # type: ignore[arg-type]


def test_every_divergence_of_a_comparison_has_an_id_of_its_own(index):
    comparison = compare(index)
    ids = [divergence.id for divergence in comparison.divergences + with_reviews(blast(), ()).divergences]
    assert len(set(ids)) == len(ids) == 3
    assert all(len(id_) == 20 for id_ in ids)
    assert find_divergence(comparison, ids[0][:8].upper()).id == ids[0]


def test_a_mark_shows_in_the_next_comparison_and_a_later_one_replaces_it(index):
    marked = mark_number(index, "confirmed", note="  The ministry's own page says 31.  ")
    assert marked.review == Review("confirmed", "The ministry's own page says 31.", "Ada", NOON)
    assert of_kind(compare(index), "number").review == marked.review

    mark_number(index, "wrong", note="Printed before the correction.", by="Борис")
    shown = compare(index)
    assert of_kind(shown, "number").review == Review("wrong", "Printed before the correction.", "Борис", NOON)
    with open_index(index, mode="read") as opened:
        assert [entry.verdict for entry in opened.verdict_log()] == ["confirmed", "wrong"]


def test_what_was_said_can_be_taken_back_and_the_log_remembers_it(index):
    marked = mark_number(index)
    taken_back = withdraw_verdict(index, compare(index), marked.id[:7], by="Ada", now=NOON)
    assert taken_back.verdict == "confirmed"
    assert of_kind(compare(index), "number").review is None
    assert read_verdicts(index) == ()
    with open_index(index, mode="read") as opened:
        assert [entry.verdict for entry in opened.verdict_log()] == ["confirmed", None]
    with pytest.raises(InputError, match="no verdict on a divergence"):
        withdraw_verdict(index, compare(index), marked.id)


def test_a_comparison_at_hand_takes_new_verdicts_without_comparing_again(index):
    held = compare(index)
    mark_number(index, "unsure")
    assert with_reviews(held, read_verdicts(index)).divergences == compare(index).divergences


def test_a_rebuild_from_scratch_keeps_what_was_said(index, articles):
    before = mark_number(index, note="Checked.")
    build([articles], index, NGRAMS, rebuild=True)
    after = compare(index)
    assert of_kind(after, "number").id == before.id
    assert of_kind(after, "number").review == before.review
    assert states(index) == ["shown"]


def test_a_verdict_beside_a_rebuild_is_kept_or_refused_at_every_moment(index, articles, monkeypatch):
    """Also after verdicts were taken over and before the folders change names: whoever marks then is told."""
    mark_number(index)
    comparison = compare(index)
    number, plain = of_kind(comparison, "number").id, os.fsync
    fresh = index.with_name("index.rebuilding")
    told, kept = [], []

    def mark_before(descriptor):
        # Files are synced when the new folder is complete, verdicts and all, and again after the exchange.
        is_complete = (fresh / "catalog.sqlite3").exists() and len(read_verdicts(fresh)) == 1
        try:
            mark_divergence(index, comparison, number, "wrong", note=f"{len(told)}", by="Ada", now=NOON)
            kept.append(is_complete)
        except StorageError as error:
            told.append((is_complete, error.message))
        plain(descriptor)

    monkeypatch.setattr(os, "fsync", mark_before)
    build([articles], index, NGRAMS, rebuild=True)
    monkeypatch.undo()
    assert any(is_complete for is_complete, _ in told)
    assert all("is writing this index" in message for _, message in told)
    with open_index(index, mode="read") as opened:
        assert len(opened.verdict_log()) == 1 + len(kept)
    mark_number(index, "unsure")
    assert of_kind(compare(index), "number").review == Review("unsure", "", "Ada", NOON)


def test_a_rebuild_of_a_broken_index_keeps_its_catalogue_and_says_so(index, articles):
    mark_number(index)
    connection = sqlite3.connect(index / "catalog.sqlite3")
    connection.execute("UPDATE verdicts SET judged = 'x'")
    connection.commit()
    connection.close()
    summary = build([articles], index, NGRAMS, rebuild=True)
    (notice,) = (notice for notice in summary.notices if "verdicts" in notice)
    kept = index / "catalog.unreadable.sqlite3"
    assert str(kept) in notice
    with sqlite3.connect(kept) as opened:
        assert opened.execute("SELECT by FROM verdicts").fetchall() == [("Ada",)]
    opened.close()
    assert read_verdicts(index) == ()


def test_other_thresholds_keep_what_was_said(index):
    marked = mark_number(index, "wrong")
    for settings in (replace(NGRAMS, min_confidence=marked.confidence), replace(NGRAMS, max_gap_days=1)):
        assert of_kind(compare(index, settings), "number").review == marked.review
    # Below the threshold it is not lost, it is not shown.
    assert states(index, replace(NGRAMS, min_confidence=1.0)) == ["not flagged"]
    assert states(index, replace(NGRAMS, detectors="date")) == ["not flagged"]


def test_a_story_that_grows_keeps_its_verdict_and_says_who_came_later(index, articles, tmp_path):
    before = mark_number(index)
    build([write_articles(tmp_path / "more", LATER)], index, NGRAMS)
    comparison = compare(index)
    grown = of_kind(comparison, "number")
    assert grown.id != before.id
    assert grown.review == replace(before.review, added=("tidewater",))
    assert states(index) == ["shown"]

    # Judged anew, it is judged once: what was said of it when it was smaller no longer counts.
    mark_divergence(index, comparison, grown.id, "wrong", by="Ada", now=NOON)
    assert [verdict.verdict for verdict in read_verdicts(index)] == ["wrong"]
    assert of_kind(compare(index), "number").review == Review("wrong", "", "Ada", NOON)


def test_an_edited_sentence_leaves_its_verdict_orphaned_and_listed(index, tmp_path):
    marked = mark_number(index)
    edited = TEXTS["coast-echo"].replace("31 people", "29 people")
    build([write_articles(tmp_path / "edited", {"coast-echo": edited})], index, NGRAMS)
    comparison = compare(index)
    assert of_kind(comparison, "number").review is None
    with open_reader(index, NGRAMS) as reader:
        (listed,) = list_verdicts(comparison, reader.verdicts(), reader.articles())
    assert listed.state == "orphaned"
    assert listed.stored.by == "Ada"
    assert "31" in {side.words.split()[-1] for side in listed.stored.judged.sides} | {
        side.value for side in listed.stored.judged.sides
    }
    # It can still be taken back, by the id under which it is listed.
    assert withdraw_verdict(index, comparison, marked.id).divergence_id == marked.id


def test_an_edit_elsewhere_in_the_article_keeps_the_verdict(index, tmp_path):
    marked = mark_number(index)
    edited = TEXTS["coast-echo"].replace("a dozen streets", "a dozen of streets")
    build([write_articles(tmp_path / "edited", {"coast-echo": edited})], index, NGRAMS)
    assert of_kind(compare(index), "number").review == marked.review


def test_a_removed_article_orphans_the_verdict_and_its_return_brings_it_back(index, articles):
    marked = mark_number(index)
    with open_reader(index, NGRAMS) as reader:
        gone = [article.id for article in reader.articles() if article.outlet_id == "coast-echo"]
    remove_articles(index, gone)
    assert states(index) == ["orphaned"]
    build([articles], index, NGRAMS)
    assert of_kind(compare(index), "number").review == marked.review


def test_a_silence_is_judged_with_the_text_in_which_the_claim_is_missing(index):
    found = with_reviews(blast(), ())
    omission = of_kind(found, "omission")
    mark_divergence(index, found, omission.id, "confirmed", by="Ada", now=NOON)
    (verdict,) = verdicts = read_verdicts(index)
    (listed,) = list_verdicts(found, verdicts, found.articles)
    assert listed.state == "shown"

    absent = omission.absent_from[0].article_id
    edited = tuple(
        replace(article, text=f"{article.text} Nobody died.") if article.id == absent else article
        for article in found.articles
    )
    again = with_reviews(replace(found, articles=edited), verdicts)
    assert of_kind(again, "omission").review is None
    (listed,) = list_verdicts(again, verdicts, edited)
    assert (listed.stored, listed.state) == (verdict, "orphaned")

    # Another reporter of the claim changes nothing about the silence.
    reported = side_of(make_claim("ar"), "17", "reported")
    more = replace(omission, sides=(*omission.sides, reported))
    grown = with_reviews(replace(found, divergences=(more,)), verdicts)
    assert of_kind(grown, "omission").review == Review("confirmed", "", "Ada", NOON, ("ar-paper",))


def test_divergences_marked_wrong_can_be_left_out(index):
    mark_number(index, "wrong")
    comparison = compare(index)
    kept = without_wrong(comparison)
    assert {d.kind for d in comparison.divergences} - {d.kind for d in kept.divergences} == {"number"}
    mark_number(index, "unsure")
    assert without_wrong(compare(index)) == compare(index)


def test_marking_waits_for_no_reader_and_no_reader_for_it(index):
    with open_reader(index, NGRAMS) as reader:
        before = reader.compare()
        mark_number(index)
        assert reader.compare() == before
        assert reader.verdicts() == []
    assert len(read_verdicts(index)) == 1


def test_marking_while_a_build_writes_is_refused_in_a_sentence(index):
    comparison = compare(index)
    with open_index(index, mode="write"), pytest.raises(StorageError, match="is writing this index"):
        mark_divergence(index, comparison, comparison.divergences[0].id, "wrong")


@pytest.mark.parametrize(
    ("wanted", "verdict", "note", "expected"),
    [
        ("", "wrong", "", "no divergence"),
        ("zz", "wrong", "", 'begins with "zz"'),
        (None, "true", "", 'no verdict, expected one of confirmed, wrong, unsure'),
        (None, "wrong", "я" * 4001, "the note has 4,001 letters"),
    ],
)  # fmt: skip
def test_a_mark_that_cannot_be_made_says_why(index, wanted, verdict, note, expected):
    comparison = compare(index)
    wanted = comparison.divergences[0].id if wanted is None else wanted
    with pytest.raises(InputError, match=expected):
        mark_divergence(index, comparison, wanted, verdict, note=note)
    assert read_verdicts(index) == ()


def test_half_letters_of_a_strange_terminal_are_kept_as_escapes(index):
    mark_number(index, note="caf\udce9 = wrong", by="\udce9")
    review = of_kind(compare(index), "number").review
    assert review is not None
    assert (review.note, review.by) == ("caf\\udce9 = wrong", "\\udce9")


def test_an_index_of_before_there_were_verdicts_is_read_and_then_marked(tmp_path, articles):
    index = tmp_path / "older"
    index.mkdir()
    connection = sqlite3.connect(index / "catalog.sqlite3")
    for statement in MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute("PRAGMA user_version = 1")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.commit()
    connection.close()
    assert read_verdicts(index) == ()
    build([articles], index, NGRAMS)
    assert mark_number(index).review == of_kind(compare(index), "number").review


def test_an_index_that_lost_all_its_articles_says_that_it_has_no_sentences(index):
    with open_reader(index, NGRAMS) as reader:
        everything = [article.id for article in reader.articles()]
    remove_articles(index, everything)
    with open_reader(index, NGRAMS) as reader:
        assert reader.compare().divergences == ()
        with pytest.raises(IndexStateError, match="the index has no sentences"):
            reader.search("blast", top=1, filters=Filters())


def entry(id_: str, verdict: str | None, minute: int, by: str = "Ada") -> StoredVerdict:
    judged = Judged("number", (), (), 0, "", "")
    return StoredVerdict(DivergenceId(id_), verdict, "", by, NOON + timedelta(minutes=minute), judged)  # type: ignore[arg-type]


A1, A2, B1, A3 = (
    entry("a", "wrong", 1),
    entry("a", "confirmed", 2),
    entry("b", "unsure", 1),
    entry("a", None, 3),
)


@pytest.mark.parametrize(
    ("log", "others", "expected"),
    [
        ([], [[A1, A2], [B1]], [A1, B1, A2]),
        ([A1], [[A1, A2]], [A2]),
        ([A1, A2], [[A1], [A2]], []),
        ([A2], [[A1]], [A1, A2]),
        ([A2, A1, A2], [[A1]], []),
        ([A2], [[A3]], [A3]),
        ([A3], [[A1, A2]], [A1, A2, A3]),
        ([], [[A1], [A1]], [A1]),
        ([], [[A1, entry("a", None, 1), A1]], [A1, entry("a", None, 1), A1]),
        ([A1], [[entry("a", "wrong", 1, by="Борис")]], [entry("a", "wrong", 1, by="Борис"), A1]),
    ],
    ids=["by time", "only new", "all there", "earlier comes in", "again", "taken back", "stays taken back",
         "twice", "said again in a second", "of one second"],
)  # fmt: skip
def test_logs_join_with_each_entry_once_and_the_last_in_force(log, others, expected):
    assert missing_entries(log, others) == expected
    assert missing_entries([*log, *expected], others) == []


def test_verdicts_of_two_analysts_come_along_when_their_indexes_merge(index, articles, tmp_path):
    for name in ("ada", "boris"):
        shutil.copytree(index, tmp_path / name)
    number = mark_number(tmp_path / "ada", "confirmed")
    mark_number(tmp_path / "boris", "wrong", by="Борис")  # in the same second: by the order of folders
    merged = tmp_path / "merged"
    assert merge_shards([tmp_path / "boris", tmp_path / "ada"], merged).verdicts == 2
    review = of_kind(compare(merged), "number").review
    assert (number.review.verdict, review.verdict, review.by) == ("confirmed", "wrong", "Борис")
    assert merge_shards([tmp_path / "ada", tmp_path / "boris"], merged).verdicts == 0
    assert of_kind(compare(merged), "number").review == review


def test_a_shard_with_a_damaged_log_of_verdicts_is_named_and_not_merged(index, tmp_path):
    mark_number(index)
    with sqlite3.connect(index / "catalog.sqlite3") as connection:
        connection.execute("UPDATE verdicts SET judged = 'x'")
    connection.close()
    with pytest.raises(IndexStateError, match="damaged: verdicts are not what"):
        merge_shards([index], tmp_path / "merged")
