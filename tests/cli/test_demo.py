"""`xsource demo`: from articles to table, with no network at all."""

from __future__ import annotations

import pytest
from pytest_socket import disable_socket, enable_socket
from typer.testing import CliRunner

from xsource.cli.main import app

pytestmark = pytest.mark.model


@pytest.fixture
def no_socket():
    disable_socket()
    yield
    enable_socket()


def test_the_demo_compares_the_moscow_talks_without_a_socket(no_socket, tmp_path, corpora):
    words = ["demo", "--corpora", str(corpora), "--index", str(tmp_path / "index")]
    result = CliRunner().invoke(app, words, env={"COLUMNS": "140"})
    assert result.exit_code == 0, result.stderr
    for outlet in ("tass", "kommersant"):
        assert outlet in result.stdout
    assert "● reports" in result.stdout
    assert "xsource who-reports" in result.stderr


def test_the_demo_says_where_it_must_be_run(tmp_path):
    result = CliRunner().invoke(app, ["demo", "--corpora", str(tmp_path), "--index", str(tmp_path / "index")])
    assert result.exit_code == 1
    assert "the shipped corpora are not here" in result.stderr
