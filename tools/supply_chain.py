"""What is installed with xsource: its hashes, its licences, and its bill of materials.

    python tools/supply_chain.py lock       constraints-hashed.txt and constraints-hashed-EXTRA.txt, by uv
                                            (which it needs: pip install uv)
    python tools/supply_chain.py licences   docs/licences.md
    python tools/supply_chain.py sbom       sbom.cdx.json, CycloneDX 1.6 (pip install cyclonedx-python-lib)

The set is what `pip install xsource` brings without extras, at the versions of constraints.txt; beside it
stands what each extra that a user installs adds. The names come from pyproject.toml and, from there on, from
the metadata of the installed packages. Where a bill or a list is made, these versions have to be installed; an
extra that is not is left as it was listed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "constraints-hashed.txt"
EXTRAS = ("serve", "milvus", "ray", "notebook")
"""What a user may install beside; the first three listen or speak on a network."""
LICENCES = ROOT / "docs" / "licences.md"
BILL = ROOT / "sbom.cdx.json"

NOT_LOCKED = {"torch": "its CPU build and PyPI's are different files of one version"}
LOCK_HEADER = """\
# Made by tools/supply_chain.py lock; every file that PyPI has of each version, for every platform.
# torch is not here: its CPU build, which a CPU index offers, and PyPI's build are different files of one
# version, and which is right depends on the machine. What only PyPI's build needs (CUDA) is not here either.
#   pip install --constraint constraints.txt torch==2.13.0
#   pip install --no-deps --require-hashes -r constraints-hashed.txt
#   pip install --no-deps .
"""
LICENCES_HEADER = """\
# Licences

xsource is under the Apache License 2.0; `NOTICE.md` lists what it ships of others' work. Below is every package
that `pip install xsource` brings on Linux without extras, with the licence that its metadata states; none of
them is distributed with xsource. Made by `make licences`.

Two are under a licence that asks more of whoever passes on a work that contains them: `minisbd` (AGPL) and
`python-bidi` (LGPL). Whoever distributes an installation, a container image for instance, and not only these
sources, has to meet their terms.

| Package | Version | Licence | Remark |
|---|---|---|---|
"""
SPDX = {
    "apache 2": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0", "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0", "mit license": "MIT",
    "3-clause bsd license": "BSD-3-Clause", "psfl": "PSF-2.0",
    "the bsd 2-clause license": "BSD-2-Clause", "bsd 2-clause license": "BSD-2-Clause",
    "freebsd and lgplv3+": "BSD-2-Clause OR LGPL-3.0-or-later",
    "isc license": "ISC", "isc license (iscl)": "ISC", "python software foundation license": "PSF-2.0",
    "gnu affero general public license v3": "AGPL-3.0-only",
    "gnu library or lesser general public license (lgpl)": "LGPL-3.0-or-later",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}  # fmt: skip
"""What packages write in free text, and its SPDX name; python-bidi's own COPYING is the LGPL 3, feedgen's
readme says "choose the one which is more convenient"."""

REMARKS = {
    "minisbd": "needed by argostranslate's own sentence splitting; xsource neither imports nor distributes it",
    "python-bidi": "imported for `--bidi visual`; not distributed with xsource",
}


EXTRA_HEADER = """
## With the extra `{extra}`

What `pip install "xsource[{extra}]"` brings beside the above.

| Package | Version | Licence | Remark |
|---|---|---|---|
"""


def lock_of(extra: str) -> Path:
    """Name the file of hashes of what an extra adds."""
    return ROOT / f"constraints-hashed-{extra}.txt"


def canonical(name: str) -> str:
    """Write a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def own_needs(extra: str | None = None) -> list[tuple[str, frozenset[str]]]:
    """Give the names and extras that xsource itself asks for, or one of its extras does."""
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    stated = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [(canonical(need.name), frozenset(need.extras)) for need in map(Requirement, stated)]


OF_GPU_BUILDS = ("cuda-", "nvidia-", "triton")


def extra_set(extra: str) -> dict[str, Distribution]:
    """Give the installed packages that an extra adds to the runtime set.

    Raises:
        SystemExit: one of them is not installed.
    """
    base = runtime_set()
    return {name: package for name, package in runtime_set(extra).items() if name not in base}


def runtime_set(extra: str | None = None) -> dict[str, Distribution]:
    """Give the installed packages that xsource needs without extras, or one of its extras, by canonical name.

    What a build of torch for GPUs brings along is left out: the release set has the build for CPUs.

    Raises:
        SystemExit: one of them is not installed.
    """
    found: dict[str, Distribution] = {}
    waiting = own_needs(extra)
    seen = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen or name.startswith(OF_GPU_BUILDS):
            continue
        seen.add((name, extras))
        try:
            package = distribution(name)
        except PackageNotFoundError:
            raise SystemExit(f"{name} is not installed: install xsource with constraints.txt first") from None
        found[name] = package
        waiting.extend(needs_of(package, extras))
    return dict(sorted(found.items()))


def needs_of(
    package: Distribution, extras: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """Give the names and extras that a package needs on this platform."""
    from packaging.requirements import Requirement

    for line in package.requires or ():
        need = Requirement(line)
        wanted = extras or frozenset([""])
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in wanted):
            yield canonical(need.name), frozenset(need.extras)


def licence_of(package: Distribution) -> str:
    """Give a package's licence: the SPDX expression it states, or the SPDX name of what it writes otherwise."""
    stated = package.metadata.get("License-Expression")
    if stated:
        return stated
    written = (package.metadata.get("License") or "").strip()
    classified = [
        line.rpartition(" :: ")[2]
        for line in package.metadata.get_all("Classifier") or ()
        if "License ::" in line
    ]
    if re.fullmatch(r"[A-Za-z0-9.+-]+|[A-Z][\w.-]+ AND [\w.-]+", written) and written.lower() not in {
        "unknown",
        "bsd",
    }:
        return SPDX.get(written.lower(), written)
    for words in (written.partition("\n")[0].strip(), *classified):
        if words.lower() in SPDX:
            return SPDX[words.lower()]
    return "; ".join(classified) or written.partition("\n")[0][:80] or "not stated"


def resolve(extra: str | None = None) -> dict[str, str]:
    """Resolve with uv, and give what constraints.txt pins as lines with hashes, by canonical name."""
    pinned = {
        canonical(line.partition("==")[0])
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if line
    }
    done = subprocess.run(
        [
            *("uv", "pip", "compile", "pyproject.toml", "-c", "constraints.txt", "--generate-hashes"),
            *("--no-header", "--no-annotate", "--no-emit-index-url", "--python-version", "3.11", "--quiet"),
            *(("--extra", extra) if extra else ()),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    blocks = re.findall(r"^(\S+?)==.*(?:\n    .*)*", done.stdout, re.MULTILINE)
    texts = [found.group() for found in re.finditer(r"^\S+?==.*(?:\n    .*)*", done.stdout, re.MULTILINE)]
    return {
        canonical(name): text
        for name, text in zip(blocks, texts, strict=True)
        if canonical(name) in pinned and name not in NOT_LOCKED
    }


def write_lock() -> None:
    """Write the hashes of the release set, and of what each extra adds to it."""
    base = resolve()
    LOCK.write_text(LOCK_HEADER + "\n".join(base.values()) + "\n", "utf-8")
    for extra in EXTRAS:
        added = [text for name, text in resolve(extra).items() if name not in base]
        header = (
            f"# Made by tools/supply_chain.py lock: what the extra `{extra}` adds to constraints-hashed.txt.\n"
        )
        lock_of(extra).write_text(header + "\n".join(added) + "\n", "utf-8")


def read_lock(path: Path = LOCK) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Give version and SHA-256 hashes by canonical name."""
    found = {}
    for match in re.finditer(
        r"^(\S+?)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)", path.read_text(), re.MULTILINE
    ):
        found[canonical(match[1])] = match[2], tuple(re.findall(r"sha256:([0-9a-f]{64})", match[3]))
    return found


def write_licences() -> None:
    """List every package of the runtime set with version, licence and whatever there is to say."""
    listed = LICENCES.read_text("utf-8") if LICENCES.is_file() else ""
    text = LICENCES_HEADER + _rows(runtime_set())
    for extra in EXTRAS:
        header = EXTRA_HEADER.format(extra=extra)
        try:
            text += header + _rows(extra_set(extra))
        except SystemExit as reason:
            before = listed.partition(header)[2].partition("\n## ")[0]
            print(f"{extra}: left as it was listed: {reason}", file=sys.stderr)
            text += header + before.rstrip("\n") + "\n"
    LICENCES.write_text(text, "utf-8")


def _rows(packages: Mapping[str, Distribution]) -> str:
    return "".join(
        f"| {name} | {package.version.partition('+')[0]} | {licence_of(package)} | {REMARKS.get(name, '')} |\n"
        for name, package in packages.items()
    )


def write_bill() -> None:
    """Write the bill of materials: packages, versions, licences, hashes of the lock, who needs whom."""
    from cyclonedx.factory.license import LicenseFactory
    from cyclonedx.model import HashAlgorithm, HashType, Property
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    licences, locked = LicenseFactory(), read_lock()

    def component(package: Distribution, kind: ComponentType) -> Component:
        name, version = canonical(package.metadata["Name"]), package.version.partition("+")[0]
        _, hashes = locked.get(name, ("", ()))
        return Component(
            type=kind,
            name=name,
            version=version,
            bom_ref=f"{name}=={version}",
            purl=PackageURL("pypi", name=name, version=version),
            licenses=[licences.make_from_string(licence_of(package))],
            # Which file of a version is installed depends on the platform; where there is one, it is that.
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=hashes[0])] if len(hashes) == 1 else (),
            properties=[Property(name="xsource:sha256-of-a-file", value=value) for value in hashes],
        )

    packages = runtime_set()
    bill = Bom()
    bill.metadata.component = component(distribution("xsource"), ComponentType.APPLICATION)
    components = {name: component(package, ComponentType.LIBRARY) for name, package in packages.items()}
    bill.components.update(components.values())
    for name, package in packages.items():
        needs = [components[need] for need, _ in needs_of(package) if need in components]
        bill.register_dependency(components[name], needs)
    own = [components[need] for need, _ in own_needs()]
    bill.register_dependency(bill.metadata.component, own)
    BILL.write_text(JsonV1Dot6(bill).output_as_string(indent=1) + "\n", "utf-8")


COMMANDS = {"lock": write_lock, "licences": write_licences, "sbom": write_bill}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        raise SystemExit(__doc__)
    COMMANDS[sys.argv[1]]()
