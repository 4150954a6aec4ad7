"""The release set: every package hashed and listed, and none imported that must not be."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import supply_chain  # noqa: E402

PINNED = {
    supply_chain.canonical(name): version
    for name, _, version in (
        line.partition("==") for line in (ROOT / "constraints.txt").read_text().splitlines()
    )
    if version
}


def test_every_package_of_the_release_set_is_locked_at_its_pinned_version():
    needed = set(supply_chain.runtime_set()) - set(supply_chain.NOT_LOCKED)
    locked = supply_chain.read_lock()
    assert set(locked) == needed
    assert {name: version for name, (version, _) in locked.items()} == {name: PINNED[name] for name in needed}
    assert all(hashes for _, hashes in locked.values())


def test_the_lock_names_no_index():
    for path in (supply_chain.LOCK, *map(supply_chain.lock_of, supply_chain.EXTRAS)):
        assert re.findall(r"https?:|index-url|find-links", path.read_text()) == []


@pytest.mark.parametrize("extra", supply_chain.EXTRAS)
def test_what_an_extra_adds_is_locked_and_listed(extra):
    locked = supply_chain.read_lock(supply_chain.lock_of(extra))
    assert locked
    assert {name: version for name, (version, _) in locked.items()} == {name: PINNED[name] for name in locked}
    assert all(hashes for _, hashes in locked.values())
    assert not set(locked) & set(supply_chain.read_lock())
    section = _sections()[f"With the extra `{extra}`"]
    assert section
    # uvloop, colorama and their like are for other platforms, and are locked there.
    assert {name: version for name, version, _ in section}.items() <= {
        name: PINNED[name] for name in locked
    }.items()
    assert not [row for row in section if row[2] in ("not stated", "UNKNOWN")]
    stated = {name for name, _ in supply_chain.own_needs(extra)}
    assert stated <= set(locked) | {"pandas"}


def test_the_readme_says_what_is_under_the_agpl():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.search(r"minisbd.{0,80}AGPL", readme, re.DOTALL)


def _sections() -> dict[str, list[tuple[str, str, str]]]:
    """Give the rows of each table of the list of licences: name, version, licence."""
    parts = re.split(r"^## ", supply_chain.LICENCES.read_text("utf-8"), flags=re.MULTILINE)
    return {
        part.partition("\n")[0]: [
            row
            for row in re.findall(r"^\| (\S+) \| (\S+) \| (.+?) \|", part, re.MULTILINE)
            if row[0] not in ("Package", "---")
        ]
        for part in parts
    }


def test_every_package_of_the_release_set_is_listed_with_its_licence():
    rows = next(iter(_sections().values()))
    listed = {name: version for name, version, _ in rows}
    assert listed == {name: PINNED[name] for name in supply_chain.runtime_set()}
    assert not [row for row in rows if row[2] in ("not stated", "UNKNOWN")]
    licences = {name: licence for name, _, licence in rows}
    strict = {
        name
        for name, licence in licences.items()
        if re.search(r"\b[AL]?GPL", licence) and " OR " not in licence
    }
    assert strict == {"minisbd", "python-bidi"}


def test_translating_never_imports_minisbd(tmp_path):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from xsource.translate.argos import ArgosTranslator\n"
        "from xsource.translate.installing import install_file\n"
        "install_file(Path(sys.argv[1]))\n"
        "translator = ArgosTranslator()\n"
        "(found,) = translator.translate(['Переговоры начались.'], translator.route('ru', 'en'))\n"
        "assert found.text\n"
        "print([name for name in sys.modules if name.startswith('minisbd')])\n"
    )
    package = ROOT / "tests" / "data" / "argos" / "translate-ru_en-tiny.argosmodel"
    folders = {name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(package)],
        capture_output=True,
        text=True,
        env={**os.environ, **folders},
    )
    assert done.stdout == "[]\n", done.stderr


def test_no_module_names_minisbd():
    sources = (ROOT / "xsource").rglob("*.py")
    assert [
        path
        for path in sources
        if re.search(r"^\s*(import|from) minisbd", path.read_text("utf-8"), re.MULTILINE)
    ] == []


def test_the_bill_of_materials_has_every_package_and_who_needs_it(tmp_path, monkeypatch):
    pytest.importorskip("cyclonedx", reason="cyclonedx-python-lib is installed by `make sbom`")
    monkeypatch.setattr(supply_chain, "BILL", tmp_path / "sbom.cdx.json")
    supply_chain.write_bill()
    bill = json.loads(supply_chain.BILL.read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    packages = supply_chain.runtime_set()
    assert {part["name"]: part["version"] for part in bill["components"]} == {
        name: PINNED[name] for name in packages
    }
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    assert f"minisbd=={PINNED['minisbd']}" in needs[f"argostranslate=={PINNED['argostranslate']}"]
    assert f"lxml=={PINNED['lxml']}" in needs[f"xsource=={bill['metadata']['component']['version']}"]
