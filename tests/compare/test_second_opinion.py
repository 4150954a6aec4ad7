"""A cross-encoder of the user's choice: loaded from a folder, asked both ways, never adding anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from xsource.compare.second_opinion import SecondOpinion, with_second_opinion
from xsource.errors import ModelError
from xsource.records import ArticleId, ClaimGroup, Divergence, Evidence, GroupId, OutletId, SentenceId, StoryId

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "the",
    "talks",
    "resumed",
    "did",
    "not",
    "resume",
    "переговоры",
    "לא",
]


def write_tiny_model(folder: Path, labels: list[str]) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, num_labels=len(labels), id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)}, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def opinion(tmp_path_factory: pytest.TempPathFactory) -> SecondOpinion:
    folder = write_tiny_model(tmp_path_factory.mktemp("nli") / "m", ["entailment", "Contradiction", "neutral"])
    return SecondOpinion(str(folder))


def side(outlet: str, sentence: str, value: str) -> Evidence:
    return Evidence(
        OutletId(outlet),
        ArticleId(outlet),
        f"{outlet}.txt",
        SentenceId(outlet),
        "en",
        sentence,
        0,
        0,
        "",
        value,
    )


GROUP = ClaimGroup(GroupId("g"), StoryId("s"), ())
FOUND = Divergence(
    "polarity",
    GROUP.id,
    (side("a", "the talks did not resume", "denied"), side("b", "the talks resumed", "stated")),
    0.8,
    "a denies",
)


def test_order_within_a_pair_changes_nothing(opinion: SecondOpinion) -> None:
    one = opinion.probabilities([("the talks resumed", "the talks did not resume")])
    other = opinion.probabilities([("the talks did not resume", "the talks resumed")])
    assert one.shape == (1,)
    np.testing.assert_allclose(one, other, atol=1e-6)
    assert 0 <= one[0] <= 1


def test_no_pairs_no_probabilities(opinion: SecondOpinion) -> None:
    assert opinion.probabilities([]).shape == (0,)


def test_confidence_moves_towards_the_second_opinion(opinion: SecondOpinion) -> None:
    def detect(group: ClaimGroup) -> Iterator[Divergence]:
        yield FOUND

    (joint,) = with_second_opinion(detect, opinion)(GROUP)
    asked = float(opinion.probabilities([(FOUND.sides[0].sentence, FOUND.sides[1].sentence)])[0])
    assert min(asked, 0.8) < joint.confidence < max(asked, 0.8)
    assert joint.sides == FOUND.sides


def test_nothing_found_stays_nothing(opinion: SecondOpinion) -> None:
    def detect(group: ClaimGroup) -> Iterator[Divergence]:
        yield from ()

    assert list(with_second_opinion(detect, opinion)(GROUP)) == []


def test_a_model_without_contradictions_is_refused(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "m", ["good", "bad", "fair"])
    with pytest.raises(ModelError, match="good, bad, fair"):
        SecondOpinion(str(folder))


def test_a_name_is_not_fetched_unless_allowed() -> None:
    with pytest.raises(ModelError, match="expected a folder") as refused:
        SecondOpinion("someone/some-nli-model")
    assert "allow_hub" in refused.value.hint


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no \*\.safetensors in this folder"):
        SecondOpinion(str(tmp_path))


@pytest.mark.parametrize("place", ["pytorch_model.bin", "2_Dense/pytorch_model.bin", "head.pt"])
def test_pickled_weights_are_refused_before_anything_reads_them(tmp_path: Path, place: str) -> None:
    folder = write_tiny_model(tmp_path / "m", ["entailment", "contradiction", "neutral"])
    if "/" not in place:
        (folder / "model.safetensors").rename(folder / "elsewhere")
        (folder / "part").mkdir()
        (folder / "elsewhere").rename(folder / "part" / "model.safetensors")
    (folder / place).parent.mkdir(exist_ok=True)
    mark = tmp_path / "ran"
    (folder / place).write_bytes(b"cos\nsystem\n(S'touch " + str(mark).encode() + b"'\ntR.")
    with pytest.raises(ModelError, match="pickled weights"):
        SecondOpinion(str(folder))
    assert not mark.exists()


def test_weights_that_are_no_safetensors_are_a_model_error(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "m", ["entailment", "contradiction", "neutral"])
    (folder / "model.safetensors").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SecondOpinion(str(folder))
