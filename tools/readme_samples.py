"""Writes into the README what its commands print today, over the shipped corpora (`make pictures` runs it).

A sample is the fenced block that follows a comment `<!-- sample NAME -->`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
README = CHECKOUT / "README.md"
COLUMNS = 80
CLAIMS = 4
"""Claims of the demo's story that are shown."""
KINDS = ("number", "update")
"""Of each of these the first divergence of the explosion in the port is shown."""


def main() -> None:
    """Run the commands in a folder that is thrown away, and put what they print into the README."""
    with tempfile.TemporaryDirectory(prefix="xsource-readme-") as folder:
        demo, port = (str(Path(folder) / name) for name in ("demo", "port"))
        run("build", str(CHECKOUT / "corpora" / "port-explosion"), "--index", port)
        samples = {
            "demo": first_claims(run("demo", "--index", demo)),
            "differences": "\n\n".join(
                first_divergence(run("compare", "--kind", kind, "--index", port)) for kind in KINDS
            ),
        }
    text = README.read_text("utf-8")
    for name, sample in samples.items():
        block = re.compile(rf"(<!-- sample {name} -->\n```text\n).*?(```\n)", re.DOTALL)
        if len(block.findall(text)) != 1:
            sys.exit(f"{README}: expected one block after <!-- sample {name} -->, and a fence of `text`")
        text = block.sub(lambda found, sample=sample: found[1] + sample + "\n" + found[2], text)
    README.write_text(text, encoding="utf-8")


def run(*command: str) -> str:
    """Give what a command prints on a terminal of 80 columns."""
    return subprocess.run(
        [sys.executable, "-m", "xsource", "--log", "off", *command],
        env={**os.environ, "COLUMNS": str(COLUMNS)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    ).stdout


def first_claims(printed: str) -> str:
    """Cut a story after its first claims; the legend of the marks stays."""
    heading, *blocks = printed.split("\n\n")
    legend = next(line for line in printed.splitlines() if line.startswith("● reports   "))
    return "\n\n".join([heading, *blocks[:CLAIMS], f"...\n{legend.rstrip()}"])


def first_divergence(printed: str) -> str:
    """Give the first block that sets words of outlets against each other."""
    return next(
        block for block in printed.split("\n\n") if re.search(r"^ ≠ [\w-]+: ", block, re.MULTILINE)
    ).strip()


if __name__ == "__main__":
    main()
