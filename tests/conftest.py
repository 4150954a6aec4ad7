"""What many tests share: no network, and one index of the shipped corpora for all that only read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from xsource.pipeline import build
from xsource.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[1]
CORPORA = CHECKOUT / "corpora"


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The shipped corpora."""
    return CORPORA


@pytest.fixture(scope="session")
def corpora_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of all shipped corpora by the bundled model. Read only."""
    index = tmp_path_factory.mktemp("corpora") / "index"
    folders = sorted(path for path in CORPORA.iterdir() if path.is_dir())
    summary = build(folders, index, Settings(translate=False))
    assert not summary.problems
    return index


@dataclass(frozen=True)
class Program:
    """The command line as a user has it, in this process."""

    index: Path

    def run(self, *words: str, exit_code: int = 0, answer: str | None = None) -> Result:
        """Run a command on the index and check its exit code."""
        from xsource.cli.main import app

        arguments: Sequence[str] = [*words, "--index", str(self.index)]
        result = CliRunner().invoke(app, arguments, input=answer, env={"COLUMNS": "120"})
        assert result.exit_code == exit_code, f"{result.output}\n{result.stderr}\n{result.exception!r}"
        return result


@pytest.fixture
def program(corpora_index: Path) -> Program:
    """The command line over the shipped corpora."""
    return Program(corpora_index)
