"""A newcomer's first two days, by the wheel in an environment of its own: watch, follow, news, card."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import xml.etree.ElementTree as ET
from importlib.util import find_spec
from pathlib import Path

import pytest
from daily.test_watch import EVERYWHERE, ONCE, OUTLETS, publish
from ferry import CLAIM, FIRST_DAY, SECOND_DAY  # type: ignore[import-not-found]
from loopback_site import Site, site  # noqa: F401 - a fixture

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    find_spec("setuptools") is None or find_spec("pip") is None,
    reason="a wheel is built by setuptools and pip, and they are not installed",
)

FACTS = 4  # that all three outlets tell on the first day


@pytest.fixture(scope="module")
def xsource(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as the wheel installs it; the libraries that it needs are those of the tests."""
    place = tmp_path_factory.mktemp("newcomer")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-index"]
    # From a copy: a build leaves its own folders beside the sources.
    sources = place / "sources"
    left_out = shutil.ignore_patterns(
        ".*", "build", "index", "node_modules", "shared", "__pycache__", "*.egg-info", "tests", "benchmarks"
    )
    shutil.copytree(CHECKOUT, sources, ignore=left_out)
    build = [
        *pip,
        "wheel",
        *options,
        "--no-build-isolation",
        "--wheel-dir",
        str(place / "wheels"),
        str(sources),
    ]
    subprocess.run(build, check=True, cwd=place)
    (wheel,) = (place / "wheels").glob("xsource-*.whl")
    environment = place / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    subprocess.run([*pip, "--python", str(python), "install", *options, str(wheel)], check=True, cwd=place)
    (packages,) = environment.glob("lib/python*/site-packages")
    # A path alone: what an editable installation adds beside is not read.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin" / "xsource"


class Desk:
    """A newcomer's working folder and shell."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [str(self.program), *words],
            cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run_and_kill(self, seconds: float, *words: str) -> bool:
        """Start a command and kill it after some time; say whether it was still running."""
        with subprocess.Popen(
            [str(self.program), *words],
            cwd=self.folder, env=self.variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            time.sleep(seconds)
            process.kill()
        return process.returncode == -signal.SIGKILL


def test_a_newcomers_first_two_days(xsource: Path, site: Site, tmp_path: Path):  # noqa: F811
    desk = Desk(xsource, tmp_path)
    (tmp_path / "outlets.toml").write_text(
        "".join(
            f'[[outlet]]\nid = "{outlet}"\nname = "{outlet}"\nlanguage = "{language}"\n'
            f'domains = ["{outlet}.test"]\nfeeds = ["{site.url(f"/{outlet}/feed")}"]\n'
            for outlet, (language, *_) in FIRST_DAY.items()
        ),
        "utf-8",
    )
    watch = (*ONCE, *EVERYWHERE, *OUTLETS)

    where = subprocess.run(
        [str(xsource.parent / "python"), "-c", "import xsource; print(xsource.__file__)"],
        cwd=tmp_path, env=desk.variables, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert where.startswith(str(xsource.parent.parent))

    publish(site, 2, FIRST_DAY)
    told = re.search(r"1 story came; (\d) claims came", desk.run(*watch))
    assert told is not None
    assert int(told[1]) >= FACTS
    assert "First told by quay-herald" in desk.run("follow", CLAIM)
    assert f"1 followed claim came; 1 story came; {told[1]} claims came" in desk.run("news")
    assert "1 followed claim came" in desk.run(*watch)

    publish(site, 3, SECOND_DAY)
    # Slow machines are killed early, fast ones late: wherever it is, the next goes on.
    killed = [desk.run_and_kill(seconds, *watch) for seconds in (0.3, 0.8, 1.3, 1.8, 2.5, 3.5)]
    assert any(killed)
    desk.run(*watch)

    told = " ".join(desk.run("news").split())
    assert "14, before 12: quay-herald, nevskaya-pristan, kol-hanamal" in told
    assert desk.run("news") == ""
    assert json.loads(desk.run("news", "--format", "json")) == {"editions": []}
    (edition,) = json.loads(desk.run("news", "--again", "--format", "json"))["editions"]
    (divergence,) = (item for item in edition["items"] if item["subject"] == "divergence")
    (followed,) = (item for item in edition["items"] if item["subject"] == "followed claim")
    assert followed["details"] == ["14, before 12: quay-herald, nevskaya-pristan, kol-hanamal"]

    assert "Figures: 12 (3 outlets) → 14 (3 outlets)." in desk.run("follow", "show", followed["ref"][:8])
    assert desk.run("follow", "show", followed["ref"][:8], "--format", "csv").count("\n") == 7
    card = desk.run("card", divergence["ref"][:8])
    assert "12 (killed)" in card
    assert "then 14" in card
    desk.run("card", divergence["ref"][:8], "--html", "card.html", "--jsonld", "card.json")
    assert "<mark>14</mark>" in (tmp_path / "card.html").read_text("utf-8")

    lines = [json.loads(line) for line in (tmp_path / "news.jsonl").read_text("utf-8").splitlines()]
    assert len({line["id"] for line in lines}) == len(lines)
    assert [line["change"] for line in lines if line["subject"] == "followed claim"] == ["came", "changed"]
    assert [line["kind"] for line in lines if line["subject"] == "divergence"] == ["update"]
    atom = "{http://www.w3.org/2005/Atom}"
    entries = ET.fromstring((tmp_path / "news.atom").read_bytes()).findall(f"{atom}entry")
    ids = [entry.findtext(f"{atom}id") for entry in entries]
    assert len(set(ids)) == len(ids) == len(lines)
    assert any("14, before 12" in (entry.findtext(f"{atom}title") or "") for entry in entries)
    assert "14, before 12" in (tmp_path / "news.html").read_text("utf-8")
    assert desk.run(*watch) == ""
