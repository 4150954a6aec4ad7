"""The judge's file: written and read alike, refused with a clear word where it is not what it should be."""

from __future__ import annotations

import numpy as np
import pytest

from xsource.errors import ModelError
from xsource.judge.artefact import load_artefact, parse_artefact, shipped_artefact, write_artefact
from xsource.judge.judging import Judge


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "judge.safetensors"
    arrays = {"vector.w": np.ones((4, 4), np.float16), "joint.onnx": np.arange(9, dtype=np.uint8)}
    write_artefact(path, "toy", "f" * 64, arrays, {"claim.least": 0.3}, {"date": "2026-11-30"})
    return path


def test_what_was_written_is_read(written):
    artefact = load_artefact(written)
    assert artefact.id.startswith("toy/")
    assert artefact.encoder == "f" * 64
    assert artefact.number("claim.least") == 0.3
    assert artefact.arrays["joint.onnx"].tolist() == list(range(9))
    assert artefact.origin == {"date": "2026-11-30"}


def test_the_same_content_gives_the_same_file(written, tmp_path):
    again = tmp_path / "again.safetensors"
    arrays = {"joint.onnx": np.arange(9, dtype=np.uint8), "vector.w": np.ones((4, 4), np.float16)}
    write_artefact(again, "toy", "f" * 64, arrays, {"claim.least": 0.3}, {"date": "2026-11-30"})
    assert again.read_bytes() == written.read_bytes()


@pytest.mark.parametrize("place", [-1, -20])
def test_a_changed_byte_is_refused(written, place):
    content = bytearray(written.read_bytes())
    content[place] ^= 1
    with pytest.raises(ModelError, match="damaged"):
        parse_artefact(bytes(content), "judge")


@pytest.mark.parametrize("length", [0, 5, 40, 300])
def test_a_file_that_ends_early_is_refused(written, length):
    with pytest.raises(ModelError, match="damaged"):
        parse_artefact(written.read_bytes()[:length], "judge")


def test_another_format_is_refused(written):
    content = written.read_bytes().replace(b'"judge_format":"1"', b'"judge_format":"7"')
    with pytest.raises(ModelError, match="format '7', expected '1'"):
        parse_artefact(content, "judge")


def test_an_absent_file_says_so(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        load_artefact(tmp_path / "nothing")


def test_a_judge_of_another_encoder_is_refused(written):
    with pytest.raises(ModelError, match="stands on an encoder"):
        Judge(load_artefact(written))


def test_a_missing_number_is_named(written):
    with pytest.raises(ModelError, match='no number "ask.reports"'):
        load_artefact(written).number("ask.reports")


def test_the_shipped_judge_says_what_it_was_made_of():
    artefact = shipped_artefact()
    assert {"embedder", "date", "command"} <= artefact.origin.keys()
    assert any(name.startswith("data ") for name in artefact.origin)
    assert 0 < artefact.number("ask.unsure") < artefact.number("ask.reports") < 1
