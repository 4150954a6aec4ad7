"""`xsource watch`: two days of three outlets' feeds, killed at every step, told once."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from conftest import Program
from ferry import CLAIM, FIRST_DAY, SECOND_DAY  # type: ignore[import-not-found]
from loopback_site import Site, site  # noqa: F401 - a fixture

from xsource.errors import InputError, StorageError
from xsource.pipeline import Channels, only_watcher, read_editions, read_interval, tell_editions
from xsource.pipeline.daily.telling import MOST_ATTEMPTS
from xsource.report.news.feed import feed_xml
from xsource.report.news.lines import append_edition

ATOM = "{http://www.w3.org/2005/Atom}"
POLITE = ("--contact", "desk@test-post.example", "--allow-private", "--delay", "0", "--attempts", "1")
ONCE = ("watch", "--once", *POLITE, "--no-translate")


def publish(site: Site, day: int, told: dict[str, tuple[str, ...]]) -> None:  # noqa: F811
    """Put a day's pages on the site and into the outlets' feeds, beside those of the days before."""
    for hour, (outlet, (language, title, *sentences)) in enumerate(told.items(), 8):
        paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
        site.serve(
            f"/{outlet}/{day}",
            f'<!doctype html><html lang="{language}"><head><title>{title}</title>'
            f'<meta property="article:published_time" content="2026-03-0{day}T{hour:02}:00:00Z"></head>'
            f"<body><main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>",
        )
        site.feed(*(f"/{outlet}/{one}" for one in range(2, day + 1)), path=f"/{outlet}/feed")


@pytest.fixture
def desk(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:  # noqa: F811
    """A working folder that declares the three outlets, and the command line over an index in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "outlets.toml").write_text(
        "".join(
            f'[[outlet]]\nid = "{outlet}"\nname = "{outlet}"\nlanguage = "{language}"\n'
            f'domains = ["{outlet}.test"]\nfeeds = ["{site.url(f"/{outlet}/feed")}"]\n'
            for outlet, (language, *_) in FIRST_DAY.items()
        ),
        "utf-8",
    )
    publish(site, 2, FIRST_DAY)
    return Program(tmp_path / "index")


def hook(code: str) -> str:
    """Give a command of a user's that is a line of Python; paths stand in single quotes."""
    return f'{sys.executable} -c "import os, sys; {code}"'


OUTLETS = tuple(FIRST_DAY)
FACTS = 4  # that all three outlets tell on the first day
EVERYWHERE = ("--feed", "news.atom", "--html", "news.html", "--lines", "news.jsonl")


def lines(place: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (place / "news.jsonl").read_text("utf-8").splitlines()]


def entries(place: Path) -> list[ET.Element]:
    return ET.fromstring((place / "news.atom").read_bytes()).findall(f"{ATOM}entry")


def test_two_days_of_three_outlets_are_told_in_every_form(desk: Program, site: Site, tmp_path: Path):  # noqa: F811
    first = desk.run(*ONCE, *EVERYWHERE, *OUTLETS)
    counts = re.fullmatch(r"1 story came; (\d) claims came", first.stdout.splitlines()[1])
    assert counts is not None
    assert int(counts[1]) >= FACTS
    follow = desk.run("follow", CLAIM)
    assert "told by 3 now" in follow.stdout
    desk.run(*ONCE, *EVERYWHERE, *OUTLETS)
    publish(site, 3, SECOND_DAY)
    told = tmp_path / "told.txt"
    tell = hook(f"open(r'{told}','a').write(os.environ['XSOURCE_KIND']+sys.stdin.read())")
    second = desk.run(*ONCE, *EVERYWHERE, "--run", tell, *OUTLETS)
    assert "14, before 12: quay-herald, nevskaya-pristan, kol-hanamal" in " ".join(second.stdout.split())
    third = desk.run(*ONCE, *EVERYWHERE, "--run", tell, *OUTLETS)
    assert third.stdout == ""
    assert "nothing is new since" in third.stderr

    items = lines(tmp_path)
    assert len({item["id"] for item in items}) == len(items)
    (changed,) = (i for i in items if (i["subject"], i["change"]) == ("followed claim", "changed"))
    assert changed["details"] == ["14, before 12: quay-herald, nevskaya-pristan, kol-hanamal"]
    titles = [entry.findtext(f"{ATOM}title") or "" for entry in entries(tmp_path)]
    assert any(title.startswith("came: update: 12 (killed)") and "14" in title for title in titles)
    assert any("14, before 12" in title for title in titles)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries(tmp_path)]
    assert len(set(ids)) == len(ids) == len(items)
    page = (tmp_path / "news.html").read_text("utf-8")
    assert 'dir="rtl">מספר ההרוגים' in page
    assert told.read_text("utf-8").startswith('update{"id": ')
    assert told.read_text("utf-8").count('"ref"') == 1


def test_a_feed_that_vanishes_costs_its_own_pages_only(desk: Program, site: Site, tmp_path: Path):  # noqa: F811
    desk.run(*ONCE, *OUTLETS)
    publish(site, 3, SECOND_DAY)
    del site.routes["/kol-hanamal/feed"]
    result = desk.run(*ONCE, "--lines", "news.jsonl", *OUTLETS, exit_code=3)
    assert f"left out: {site.url('/kol-hanamal/feed')}" in result.stderr
    assert any(item["kind"] == "update" for item in lines(tmp_path))


def test_a_watch_of_feeds_that_were_never_there_says_so(desk: Program, site: Site):  # noqa: F811
    site.routes.clear()
    result = desk.run(*ONCE, *OUTLETS, exit_code=1)
    assert "there is nothing yet" in result.stderr


def test_two_watchers_of_one_index_are_refused(desk: Program, tmp_path: Path):
    with only_watcher(tmp_path / "index"):
        result = desk.run(*ONCE, *OUTLETS, exit_code=1)
    assert f"process {os.getpid()} is watching this index" in result.stderr
    desk.run(*ONCE, *OUTLETS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--every", "soon"), 'error: --every is "soon", expected a number with s, m, h or d'),
        (("--every", "0s"), "expected at least 1 seconds"),
        (("--run", "echo 'x"), "is no command"),
        (("--look", "desk"), 'there is no look "desk"'),
        (("--html", "."), "is a folder, not a file"),
    ],
)
def test_what_cannot_be_watched_is_refused_before_anything_is_fetched(desk, site, words, expected):  # noqa: F811
    desk.run(*ONCE, *OUTLETS)
    site.asked.clear()
    result = desk.run(*ONCE, *words, *OUTLETS, exit_code=1)
    assert expected in result.stderr
    assert "hint: " in result.stderr
    assert site.asked == []


def test_an_interval_is_read_as_people_write_it():
    assert [read_interval(text) for text in ("90s", "30m", " 2H", "1d")] == [90, 1800, 7200, 86400]
    with pytest.raises(InputError, match="at least 60 seconds"):
        read_interval("59s")


def test_lines_that_a_kill_cut_are_made_whole_and_none_comes_twice(desk: Program, tmp_path: Path):
    desk.run(*ONCE, *EVERYWHERE, *OUTLETS)
    (edition,) = read_editions(tmp_path / "index", "watch")
    path = tmp_path / "news.jsonl"
    whole = path.read_bytes()
    for cut in (0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 1, len(whole)):
        path.write_bytes(whole[:cut])
        append_edition(path, edition)
        append_edition(path, edition)
        assert sorted(path.read_bytes().splitlines()) == sorted(whole.splitlines())
    path.write_bytes(b'{"id": "somebody else\'s"}\n' + whole[:200])
    append_edition(path, edition)
    assert len(lines(tmp_path)) == 1 + len(edition.items)


def test_a_command_that_fails_is_run_again_and_given_up_after_three_times(desk, site, tmp_path):  # noqa: F811
    desk.run(*ONCE, *OUTLETS)
    publish(site, 3, SECOND_DAY)
    runs = tmp_path / "runs.txt"
    fail = hook(f"open('{runs}', 'a').write(os.environ['XSOURCE_ATTEMPT']); sys.exit(7)")
    first = desk.run(*ONCE, "--run", fail, "--lines", "-", *OUTLETS, exit_code=3)
    assert "ended with 7, expected 0; of divergence" in first.stderr
    assert first.stdout.count("\n") > 3
    for exit_code in (3, 3, 0):
        again = desk.run(*ONCE, "--run", fail, "--lines", "-", *OUTLETS, exit_code=exit_code)
        assert again.stdout == ""  # what was shown is not shown again
    assert runs.read_text() == "123"
    assert len(runs.read_text()) == MOST_ATTEMPTS


def test_a_command_gets_no_word_of_an_outlet_but_on_its_input(desk, site, tmp_path):  # noqa: F811
    desk.run(*ONCE, *OUTLETS)
    hostile = {
        outlet: (language, f"$(touch {tmp_path}/owned) `touch {tmp_path}/owned`", *sentences)
        for outlet, (language, _, *sentences) in SECOND_DAY.items()
    }
    publish(site, 3, hostile)
    seen = tmp_path / "seen.txt"
    look_around = hook(f"open('{seen}', 'w').write(repr((sys.argv, dict(os.environ))))")
    desk.run(*ONCE, "--run", look_around, *OUTLETS)
    assert "touch" not in seen.read_text("utf-8")
    assert not (tmp_path / "owned").exists()


def test_a_feed_without_news_and_with_hostile_letters_is_valid_xml(desk: Program, tmp_path: Path):
    from dataclasses import replace

    assert ET.fromstring(feed_xml("x", [])).tag == f"{ATOM}feed"
    desk.run(*ONCE, *OUTLETS)
    (edition,) = read_editions(tmp_path / "index", "watch")
    item = replace(edition.items[0], title="]]><script>\x00\x1b[31m\ud800\u202e&")
    root = ET.fromstring(feed_xml("x", [replace(edition, items=(item,))]))
    title = root.find(f"{ATOM}entry/{ATOM}title")
    assert title is not None
    assert "]]><script>" in (title.text or "")
    assert "\x1b" not in (title.text or "")


def test_what_cannot_be_written_is_told_with_the_next_round(desk: Program, site: Site, tmp_path: Path):  # noqa: F811
    (tmp_path / "full").write_text("a file where a folder should be")
    result = desk.run(*ONCE, "--lines", "full/news.jsonl", *OUTLETS, exit_code=1)
    assert "cannot be written" in result.stderr
    (tmp_path / "full").unlink()
    desk.run(*ONCE, "--lines", "full/news.jsonl", *OUTLETS)
    assert len((tmp_path / "full/news.jsonl").read_text("utf-8").splitlines()) > FACTS


STOPPED_BETWEEN = """
import os, signal, sys
import xsource.pipeline.daily.telling as telling
from xsource.store.index import Index
from xsource.cli.main import run

# Killed when the n-th note is about to be taken or was taken: between any two steps of a round.
steps, number = [0], int(sys.argv[1])

def step():
    steps[0] += 1
    if steps[0] == number:
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)

for name in ("write_articles", "note_sightings", "keep_noted", "take_look", "note_run", "note_told"):
    def wrapped(self, *words, _do=getattr(Index, name), **more):
        step()
        done = _do(self, *words, **more)
        step()
        return done
    setattr(Index, name, wrapped)
sys.argv[1:] = sys.argv[2:]
run()
"""


def test_killed_between_any_two_steps_nothing_is_lost_or_told_twice(desk: Program, site: Site, tmp_path: Path):  # noqa: F811
    """A round is killed before and after every note that it takes, and started again until it ends."""
    desk.run(*ONCE, *EVERYWHERE, *OUTLETS)
    desk.run("follow", CLAIM)
    desk.run(*ONCE, *EVERYWHERE, *OUTLETS)
    publish(site, 3, SECOND_DAY)
    told = tmp_path / "told.txt"
    tell = hook(f"open('{told}', 'a').write(os.environ['XSOURCE_NEWS_ID'] + chr(10))")
    words = [*ONCE, *EVERYWHERE, "--run", tell, *OUTLETS, "--index", str(desk.index)]
    shown = ""
    kills = 0
    for number in (1, 2, 2, 3, 3, 4, 4, 5, 6, 2, 3, 99):
        done = subprocess.run(
            [sys.executable, "-c", STOPPED_BETWEEN, str(number), *words],
            capture_output=True,
            text=True,
            timeout=300,
            cwd=tmp_path,
        )
        shown += done.stdout
        kills += done.returncode == -signal.SIGKILL
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
    assert kills > 5
    items = lines(tmp_path)
    assert len({item["id"] for item in items}) == len(items)
    assert [item["change"] for item in items if item["subject"] == "followed claim"] == ["came", "changed"]
    assert [item["kind"] for item in items if item["kind"]] == ["update"]
    # A command that ended just before it could be noted is run again, under the same id; so is what was printed
    # shown again, as the same edition.
    assert len(set(told.read_text().splitlines())) == 1
    assert set(re.findall(r"edition \d+", shown)) == {"edition 3"}
    assert "14, before 12: quay-herald" in " ".join(shown.split())
    assert len(entries(tmp_path)) == len(items)
    final = desk.run(*ONCE, *EVERYWHERE, *OUTLETS)
    assert "nothing is new" in final.stderr


def test_a_watch_that_is_killed_leaves_the_index_to_the_next(desk: Program, tmp_path: Path):
    words = [w for w in ONCE if w != "--once"]
    command = [
        sys.executable, "-c", "from xsource.cli.main import run; run()", *words, "--every", "1s", *OUTLETS,
        "--lines", "news.jsonl", "--index", str(desk.index),
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while not (tmp_path / "news.jsonl").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        process.kill()
    time.sleep(0.1)
    desk.run(*ONCE, "--lines", "news.jsonl", *OUTLETS)
    items = lines(tmp_path)
    assert len(items) == len({item["id"] for item in items}) > FACTS


def test_nobody_is_told_twice_through_the_same_channels(desk: Program, tmp_path: Path):
    desk.run(*ONCE, *OUTLETS)
    shown: list[int] = []
    (edition,) = read_editions(tmp_path / "index", "watch")
    tell_editions(tmp_path / "index", "watch", [edition], Channels(), lambda one: shown.append(one.number))
    assert shown == []
    with pytest.raises(StorageError), only_watcher(tmp_path / "index"), only_watcher(tmp_path / "index"):
        pass
