"""`xsource models`: what it lists, installs and removes, and that only languages by name reach a network."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from xsource.cli.main import app
from xsource.translate.packages import installed_packages


def run(*words: str, exit_code: int = 0, answer: str | None = None):
    result = CliRunner().invoke(app, ["models", *words], input=answer, env={"COLUMNS": "120"})
    assert result.exit_code == exit_code, f"{result.output}\n{result.exception!r}"
    return result


def routes(*words: str) -> list[dict]:
    return json.loads(run("list", "--format", "json", *words).stdout)["routes"]


def directions() -> list[str]:
    return [package.direction for package in installed_packages()[0]]


@pytest.fixture
def no_index(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_where_is_the_folder_of_argostranslate(packages_home):
    assert run("where").stdout == f"{packages_home}\n"


def test_an_empty_list_is_valid(packages_home, no_index):
    result = run("list", "--format", "json")
    assert json.loads(result.stdout) == {"routes": []}
    assert "no package is installed" in result.stderr


def test_a_file_is_installed_listed_and_removed(packages_home, no_index, tiny):
    assert "installed ru-en 1.0" in run("install", str(tiny)).stderr
    assert routes() == [
        {
            "source": "ru", "target": "en", "status": "installed", "route": "ru > en",
            "packages": ["ru-en 1.0"], "articles": 0,
        }
    ]  # fmt: skip
    run("remove", "ru-en", exit_code=1, answer="n\n")
    assert directions() == ["ru-en"]
    assert "1 removed" in run("remove", "ru-en", "--yes").stderr
    assert directions() == []


def test_every_package_of_a_folder_is_installed(packages_home, no_index, tiny, repack, tmp_path):
    folder = tmp_path / "packages to install"
    folder.mkdir()
    shutil.copy(tiny, folder)
    repack(folder="en_he", from_code="en", to_code="he").rename(folder / "en_he.argosmodel")
    (folder / "notes.txt").write_text("not a package")
    run("install", "--from-dir", str(folder))
    assert directions() == ["en-he", "ru-en"]


def test_a_broken_package_is_shown_and_removed_by_its_folder(packages_home, no_index, tiny):
    run("install", str(tiny))
    (packages_home / "broken").mkdir()
    result = run("list")
    assert "ru > en" in result.stdout
    assert f"left out: {packages_home / 'broken'}" in result.stderr
    run("remove", "broken", "-y")
    assert sorted(path.name for path in packages_home.iterdir()) == ["translate-ru_en-tiny"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["install"], "error: nothing to install"),
        (["install", "absent.argosmodel"], "error: absent.argosmodel: no such file"),
        (["install", "ru", "--from-dir", "."], "error: --from-dir together with the language 'ru'"),
        (["install", "--from-dir", "absent"], "error: absent: cannot be read as a folder"),
        (["install", "--from-dir", "."], "error: .: holds no .argosmodel file"),
        (["remove", "ru-en", "-y"], "error: no package 'ru-en' is installed"),
    ],
)
def test_what_cannot_be_done_is_said(packages_home, no_index, tmp_path, monkeypatch, words, message):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert message in run(*words, exit_code=1).stderr


LIST_WATCHED = """
import socket, sys
def refused(*_, **__):
    raise AssertionError("a socket was opened")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refused
sys.argv = ["xsource", "models", "list", "--format", "json", "--index", sys.argv[1]]
from xsource.cli.main import run
try:
    run()
finally:
    heavy = {"spacy", "stanza", "torch", "onnxruntime", "ctranslate2", "sentence_transformers", "faiss"}
    assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()
"""


def list_in_child(index: Path, home: Path) -> tuple[subprocess.CompletedProcess, float]:
    """Run the list in a process of its own without sockets, and give its CPU-seconds."""
    # Compiled modules are kept, as for everybody who installed the program, whatever this machine says.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = subprocess.run(
        [sys.executable, "-c", LIST_WATCHED, str(index)],
        env=kept | {f"XDG_{kind}_HOME": str(home) for kind in ("DATA", "CONFIG", "CACHE")},
        capture_output=True, text=True, check=True, cwd=home,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return answer, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_the_list_names_what_the_index_wants(tmp_path, corpora_index):
    answer, _ = list_in_child(corpora_index, tmp_path)
    listed = {row["source"]: row for row in json.loads(answer.stdout)["routes"]}
    assert listed.keys() == {"ar", "he", "ru"}
    assert all(row["status"] == "not installed" and row["articles"] > 0 for row in listed.values())
    assert "xsource models install ar he ru" in answer.stderr


def test_the_list_takes_less_than_a_second(tmp_path, corpora_index):
    """The best of some runs: a busy machine takes more CPU time for the same work, never less."""
    assert min(list_in_child(corpora_index, tmp_path)[1] for _ in range(5)) < 1.0


@pytest.fixture
def package_server(tmp_path, tiny):
    """An Argos index with one package, served on this machine, and what was asked of it."""
    site = tmp_path / "site"
    site.mkdir()
    shutil.copy(tiny, site / "ru_en.argosmodel")
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments) -> None:
            super().__init__(*arguments, directory=str(site))

        def do_GET(self) -> None:
            asked.append(self.path)
            super().do_GET()

        def log_message(self, *_) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}/"
    entry = {
        "package_version": "1.0", "argos_version": "1.0", "code": "translate-ru_en", "type": "translate",
        "from_code": "ru", "from_name": "Russian", "to_code": "en", "to_name": "English",
        "links": [f"{address}ru_en.argosmodel"],
    }  # fmt: skip
    (site / "index.json").write_text(json.dumps([entry]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address, asked
    server.shutdown()


@pytest.fixture
def argos_index(packages_home, tmp_path, monkeypatch):
    """Point argostranslate at an index of packages."""
    from argostranslate import settings

    def point(address: str) -> None:
        monkeypatch.setattr(settings, "remote_package_index", f"{address}index.json")
        monkeypatch.setattr(settings, "local_package_index", tmp_path / "data" / "index.json")
        monkeypatch.setattr(settings, "downloads_dir", Path(tmp_path))

    return point


def test_languages_are_fetched_from_the_index(package_server, argos_index, no_index):
    address, asked = package_server
    argos_index(address)
    assert "installed ru-en 1.0" in run("install", "ru").stderr
    assert asked == ["/index.json", "/ru_en.argosmodel"]
    assert directions() == ["ru-en"]


def test_a_language_that_the_index_lacks_is_named(package_server, argos_index, no_index):
    argos_index(package_server[0])
    assert "the package index has no route from 'he' to 'en'" in run("install", "he", exit_code=1).stderr
    assert directions() == []


def test_no_network_is_said_with_the_way_around_it(argos_index, no_index):
    argos_index("http://127.0.0.1:9/")
    result = run("install", "ru", exit_code=1)
    assert "the Argos package index could not be fetched from http://127.0.0.1:9/index.json" in result.stderr
    assert "--from-dir DIR" in result.stderr
