"""Other people's models: named clearly, identified by their content, never fetched unasked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from xsource.embed.sentence_transformer import SentenceTransformerEmbedder
from xsource.errors import ModelError

TINY = Path(__file__).parents[1] / "data" / "tiny-sentence-model"


def test_a_name_that_is_not_here_is_not_fetched() -> None:
    with pytest.raises(ModelError, match=r"nobody/no-model: no such folder") as caught:
        SentenceTransformerEmbedder("nobody/no-model").embed(["a"])
    assert "allow_hub" in caught.value.hint


def test_offline_is_set_before_the_hub_library_is_imported() -> None:
    program = (
        "import sys; from xsource.embed.sentence_transformer import SentenceTransformerEmbedder as S;"
        "S('x/y'); assert 'huggingface_hub' not in sys.modules;"
        "from huggingface_hub import constants; print(constants.HF_HUB_OFFLINE)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE"}
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert (result.stdout, result.stderr) == ("True\n", "")


def test_a_folder_with_pickled_weights_only_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]")
    (tmp_path / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'false'\ntR.")

    with pytest.raises(ModelError, match=r"no \*\.safetensors"):
        SentenceTransformerEmbedder(tmp_path).embed(["a"])


def test_a_file_is_no_model_folder(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="a file, expected the folder"):
        _ = SentenceTransformerEmbedder(tmp_path / "model.safetensors").id


def test_a_damaged_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{broken}")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(ModelError, match=f"{tmp_path}: the sentence model cannot be loaded"):
        SentenceTransformerEmbedder(tmp_path).embed(["a"])


def test_the_id_follows_content_and_prompt(tmp_path: Path) -> None:
    same, changed = tmp_path / "a" / TINY.name, tmp_path / "b" / TINY.name
    for folder in (same, changed):
        shutil.copytree(TINY, folder)
    with (changed / "model.safetensors").open("r+b") as stream:
        stream.seek(-5, os.SEEK_END)
        stream.write(b"\x01")

    id_ = SentenceTransformerEmbedder(TINY).id
    assert TINY.name in id_
    assert SentenceTransformerEmbedder(same).id == id_
    assert SentenceTransformerEmbedder(changed).id != id_
    assert SentenceTransformerEmbedder(TINY, prompt="query: ").id != id_


def test_a_prompt_is_put_before_the_text() -> None:
    asked = SentenceTransformerEmbedder(TINY, prompt="query: ").embed(["Кто приехал?"])
    spelled_out = SentenceTransformerEmbedder(TINY).embed(["query: Кто приехал?"])

    np.testing.assert_allclose(asked, spelled_out, atol=1e-6)
    assert (asked @ SentenceTransformerEmbedder(TINY).embed(["Кто приехал?"]).T).item() < 0.999


def test_the_models_own_prompt_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "with-prompt"
    shutil.copytree(TINY, folder)
    settings = {"prompts": {"passage": "passage: "}, "default_prompt_name": "passage"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(settings))

    own = SentenceTransformerEmbedder(folder)

    assert "passage: " in own.id
    np.testing.assert_allclose(
        own.embed(["Кто?"]), SentenceTransformerEmbedder(TINY).embed(["passage: Кто?"]), atol=1e-6
    )


def test_a_part_with_pickled_weights_is_refused_although_the_rest_is_safe(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    with pytest.raises(ModelError, match=r"2_Dense/pytorch_model\.bin: pickled weights"):
        _ = SentenceTransformerEmbedder(tmp_path).id
