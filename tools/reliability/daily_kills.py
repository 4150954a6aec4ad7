"""Kills the commands of an analyst's day at seeded moments in time, and looks at what is left.

    python tools/reliability/daily_kills.py --kills 60 --seed 1
    python tools/reliability/daily_kills.py --kills 10 --work watch

Where `crash_test.py` interrupts what writes articles at every change of a file, this kills whole programs, with
the bundled model and a site on loopback: `build` from nothing, `build` of pages that changed, `compare`, `news`
and `watch` (fetch, build, news, in files). After each kill: the index opens, `doctor` finds nothing that cannot
be derived again; and the same command, run again, ends as a run that nothing interrupted: the same articles,
the same comparison, every item of news in the file once. Exit code 1 where one of these fails.
"""

from __future__ import annotations

import argparse
import http.server
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xsource.pipeline import check_index, open_reader
from xsource.settings import Settings
from xsource.store.connection import CATALOG_FILE

CORPUS = Path(__file__).resolve().parents[2] / "corpora" / "port-explosion"
PROGRAM = (sys.executable, "-m", "xsource")
SETTINGS = Settings(translate=False)
LONGEST_SECONDS = 300
ARTICLE_FILES = 4
POLITE = ("--contact", "desk@test-post.example", "--allow-private", "--delay", "0", "--attempts", "1")
WATCH = ("watch", "--once", *POLITE, "--no-translate", "--lines", "news.jsonl", "--feed", "news.atom")


def records(turn: int) -> list[dict[str, str]]:
    """Give articles of the corpus; at a later turn each page has a sentence more: a new version of it."""
    paths = sorted((CORPUS / "articles").glob("*.jsonl"))[:ARTICLE_FILES]
    found = [json.loads(line) for path in paths for line in path.open("rb")]
    return [one | {"text": one["text"] + f"\n\n{turn} 000 500." * bool(turn)} for one in found]


def write_articles(place: Path, turn: int) -> None:
    """Write `articles.jsonl` and who publishes them."""
    lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in records(turn))
    (place / "articles.jsonl").write_text("".join(lines), "utf-8")
    shutil.copy(CORPUS / "outlets.toml", place / "outlets.toml")


class Site:
    """A feed and pages of three outlets, on loopback."""

    def __init__(self) -> None:
        self.outlets = [one for one in records(0) if one.get("published_at")][:3]

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = answers.get(self.path, "")
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *words: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        answers: dict[str, str] = {}
        for one in self.outlets:
            outlet, paragraphs = one["outlet"], "".join(f"<p>{part}</p>" for part in one["text"].split("\n\n"))
            answers[f"/{outlet}/feed"] = (
                f'<rss version="2.0"><channel><title>{outlet}</title><item><title>t</title>'
                f"<link>{base}/{outlet}/1</link></item></channel></rss>"
            )
            answers[f"/{outlet}/1"] = (
                f"<!doctype html><html><head><title>{one['title']}</title>"
                f'<meta property="article:published_time" content="{one["published_at"]}"></head>'
                f"<body><main><article><h1>{one['title']}</h1>{paragraphs}</article></main></body></html>"
            )
        self.declared = "".join(
            f'[[outlet]]\nid = "{one["outlet"]}"\nname = "{one["outlet"]}"\n'
            f'domains = ["{one["outlet"]}.test"]\nfeeds = ["{base}/{one["outlet"]}/feed"]\n'
            for one in self.outlets
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def prepare(self, place: Path) -> None:
        """Let a folder know the three outlets, and no others."""
        (place / "outlets.toml").write_text(self.declared, "utf-8")


def command(place: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start the program in a folder, in a process group of its own."""
    return subprocess.Popen(
        [*PROGRAM, *words, "--index", "index"], cwd=place, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=(place / "stderr.txt").open("wb"),
        env={**os.environ, "XSOURCE_TRANSLATE": "false"},
    )  # fmt: skip


def finish(place: Path, *words: str) -> float:
    """Run the program to its end and give the seconds.

    Raises:
        RuntimeError: it failed.
    """
    begun = time.perf_counter()
    with command(place, *words) as process:
        code = process.wait(LONGEST_SECONDS)
    if code != 0:
        raise RuntimeError(f"{words[0]} ended with {code}: {(place / 'stderr.txt').read_text('utf-8')[-500:]}")
    return time.perf_counter() - begun


def seen_by_readers(place: Path) -> dict[str, Any]:
    """Give what the index holds: articles, and of every story its claims and divergences."""
    with open_reader(place / "index", SETTINGS) as reader:
        found = reader.compare()
        return {
            "stories": sorted(story.id for story in found.stories),
            "claims": sorted(group.id for group in found.groups),
            "divergences": sorted((one.id, round(one.confidence, 6)) for one in found.divergences),
            "articles": sorted(article.id for article in found.articles),
        }


def news_of(place: Path) -> dict[str, Any]:
    """Give what was told into the file, in order of what it is; every item once or there is a fault."""
    path = place / "news.jsonl"
    items = [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
    told = sorted((one["change"], one["subject"], one["title"]) for one in items)
    return {"told": told, "twice": len(items) - len({one["id"] for one in items})}


def kept(place: Path) -> dict[str, Any]:
    """Give what is known of the look without comparing: nothing may be missing, nothing be new."""
    finish(place, "news", "--peek", "--format", "json")
    return seen_by_readers(place)


@dataclass(frozen=True, slots=True)
class Work:
    """A command, the folder that it starts from, and what must be the same after it however it came there."""

    words: tuple[str, ...]
    prepare: Callable[[Path], None]
    outcome: Callable[[Path], dict[str, Any]]


def works(site: Site) -> dict[str, Work]:
    """Give the commands that are killed, by name."""

    def built(place: Path) -> None:
        write_articles(place, 0)
        finish(place, "build", "articles.jsonl")

    def changed(place: Path) -> None:
        built(place)
        write_articles(place, 1)

    build = ("build", "articles.jsonl")
    return {
        "build": Work(build, lambda place: write_articles(place, 0), seen_by_readers),
        "update": Work(build, changed, seen_by_readers),
        "compare": Work(("compare", "--format", "json"), built, seen_by_readers),
        "news": Work(("news",), built, kept),
        "watch": Work(
            (*WATCH, *(one["outlet"] for one in site.outlets)),
            site.prepare,
            lambda place: seen_by_readers(place) | news_of(place),
        ),
    }


def looked_at(place: Path) -> list[str]:
    """Say what is wrong with what a kill left."""
    if not (place / "index" / CATALOG_FILE).exists():
        return []
    faults = [
        f"{one.where.name}: {one.message}" for one in check_index(place / "index") if not one.is_repairable
    ]
    with open_reader(place / "index", SETTINGS) as reader:
        reader.stories()
    return faults


def trial(work: Work, start: Path, place: Path, after: float, wanted: dict[str, Any]) -> tuple[bool, list[str]]:
    """Kill the command after some seconds, look, run it again; say whether it was killed, and what is wrong."""
    shutil.copytree(start, place)
    with command(place, *work.words) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        was_killed = process.wait() == -signal.SIGKILL
    faults = looked_at(place)
    finish(place, *work.words)
    found = work.outcome(place)
    faults += [
        f"{name} is not as without interruption" for name, value in wanted.items() if found[name] != value
    ]
    return was_killed, faults


def run(kills: int, seed: int, names: list[str] | None = None) -> dict[str, Any]:
    """Kill so many commands, one kind after the other, each at a moment of its own."""
    chance = random.Random(seed)
    site = Site()
    chosen = {name: work for name, work in works(site).items() if not names or name in names}
    rows: dict[str, dict[str, Any]] = {}
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        ends: dict[str, tuple[Path, dict[str, Any]]] = {}
        for name, work in chosen.items():
            start, whole = scratch / f"{name}-start", scratch / f"{name}-whole"
            start.mkdir()
            work.prepare(start)
            shutil.copytree(start, whole)
            seconds = finish(whole, *work.words)
            ends[name] = start, work.outcome(whole)
            rows[name] = {"seconds": round(seconds, 1), "trials": 0, "killed": 0}
        for number in range(kills):
            name = list(chosen)[number % len(chosen)]
            start, wanted = ends[name]
            after = chance.uniform(0.0, rows[name]["seconds"])
            place = scratch / f"trial-{number}"
            try:
                was_killed, wrong = trial(chosen[name], start, place, after, wanted)
            except Exception as error:  # noqa: BLE001 - whatever it was is a fault of this trial
                was_killed, wrong = True, [f"{type(error).__name__}: {error}"]
            rows[name]["trials"] += 1
            rows[name]["killed"] += was_killed
            if not was_killed:  # it ends sooner than it did when nothing was in memory yet
                rows[name]["seconds"] = min(rows[name]["seconds"], round(after, 1))
            faults += [f"trial {number}, {name} killed after {after:.2f} s: {one}" for one in wrong]
            shutil.rmtree(place)
    site.server.shutdown()
    return {"seed": seed, "works": rows, "faults": faults}


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", action="append", choices=("build", "update", "compare", "news", "watch"))
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    given = parser.parse_args()
    report = run(given.kills, given.seed, given.work)
    if given.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for name, row in report["works"].items():
            print(f"{name:8} {row['seconds']:5} s, {row['trials']} trials, {row['killed']} killed in time")
        for fault in report["faults"]:
            print(fault)
    sys.exit(1 if report["faults"] else 0)


if __name__ == "__main__":
    main()
