"""The head in numpy: it computes what torch trained, and answers a pair the same way however it is asked."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.compare.contradiction import (
    KnownPairs,
    PolarityHead,
    Weights,
    read_weights,
    shipped_weights,
)
from xsource.errors import ModelError
from xsource.records import FloatMatrix, FloatVector

TOOLS = Path(__file__).parents[2] / "tools"
STATES = 384


def letter_states(texts: Sequence[str]) -> list[FloatMatrix]:
    """Give states without a model: one row a letter, the same for the same letter in the same text."""
    found = []
    for text in texts:
        seed = int.from_bytes(
            hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
        )
        rows = np.random.default_rng(seed).standard_normal((len(text) + 2, STATES))
        found.append(rows.astype(np.float32))
    return found


def load_training_head() -> ModuleType:
    spec = importlib.util.spec_from_file_location("polarity_head", TOOLS / "polarity_head.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["polarity_head"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def head() -> PolarityHead:
    return PolarityHead(letter_states)


PAIRS = [
    ("The talks resumed.", "Переговоры не возобновились."),
    ("The talks resumed.", "The talks did not resume."),
    ("نفت الوزارة الخبر", "אישר המשרד את הידיעה"),
    ("x", "a much longer sentence that goes on and on, for many more tokens than the other one has"),
]


def test_numpy_computes_what_torch_trained() -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    trained = load_training_head().PolarityHead(STATES).eval()
    with torch.no_grad():
        for parameter in trained.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.05)
    arrays = {name: tensor.numpy() for name, tensor in trained.state_dict().items()}
    weights: Weights = arrays | {"calibration": np.array([0.1, 0.2], np.float32)}
    ours = PolarityHead(letter_states, weights).probabilities(PAIRS)
    for (a, b), probability in zip(PAIRS, ours, strict=True):
        left, right = (torch.from_numpy(states)[None] for states in letter_states([a, b]))
        masks = [torch.ones(states.shape[:2], dtype=torch.bool) for states in (left, right)]
        with torch.no_grad():
            logit = float(trained(left, masks[0], right, masks[1])[0])
        assert probability == pytest.approx(1 / (1 + np.exp(-(0.1 * logit + 0.2))), abs=2e-4)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=5))
def test_order_in_a_pair_and_among_pairs_changes_nothing(pairs: list[tuple[str, str]]) -> None:
    head = PolarityHead(letter_states)
    found = head.probabilities(pairs)
    mirrored = head.probabilities([(b, a) for a, b in reversed(pairs)])
    np.testing.assert_array_equal(found, mirrored[::-1])
    assert ((found >= 0) & (found <= 1)).all()


def test_a_pair_has_one_probability_alone_and_among_others(head: PolarityHead) -> None:
    together = head.probabilities(PAIRS)
    alone = [float(head.probabilities([pair])[0]) for pair in PAIRS]
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_the_same_question_has_the_same_answer_in_every_run(head: PolarityHead) -> None:
    again = PolarityHead(letter_states)
    np.testing.assert_array_equal(head.probabilities(PAIRS), again.probabilities(PAIRS))


@pytest.mark.parametrize("pair", [("The same.", "The same."), ("", "Something."), ("  ", "\n")])
def test_nothing_contradicts_itself_or_an_empty_sentence(head: PolarityHead, pair: tuple[str, str]) -> None:
    assert head.probabilities([pair]).tolist() == [0.0]


def test_no_pairs_no_probabilities(head: PolarityHead) -> None:
    assert head.probabilities([]).shape == (0,)


def test_a_sentence_longer_than_the_head_reads_is_judged_by_its_beginning(head: PolarityHead) -> None:
    (probability,) = head.probabilities([("a" * 10_000, "b" * 5_000)])
    assert 0 <= probability <= 1


def test_a_sentence_is_as_close_to_itself_as_can_be_and_order_changes_nothing(head: PolarityHead) -> None:
    a, b, c = "The talks resumed.", "Переговоры не возобновились.", "אישר המשרד את הידיעה"
    asked = [(a, a), (a, b), (b, a), (b, c)]
    found = head.closeness(asked)
    assert found[0] == 1.0
    assert found[1] == found[2]
    assert (np.abs(found) <= 1).all()
    np.testing.assert_array_equal(
        found, PolarityHead(letter_states).closeness([(a, a), (a, b), (b, a), (b, c)])
    )
    assert head.closeness([]).shape == (0,)


def test_closeness_is_the_same_whether_a_sentence_was_met_before_or_not() -> None:
    fresh, used = PolarityHead(letter_states), PolarityHead(letter_states)
    used.probabilities(PAIRS)
    np.testing.assert_array_equal(fresh.closeness(PAIRS), used.closeness(PAIRS))


def test_only_the_latest_means_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xsource.compare.contradiction.MOST_MEANS", 2)
    read: list[str] = []

    def listening(texts: Sequence[str]) -> list[FloatMatrix]:
        read.extend(texts)
        return letter_states(texts)

    head = PolarityHead(listening)
    head.closeness([("a", "b"), ("b", "c")])
    head.closeness([("b", "c")])
    assert read == ["a", "b", "c"]
    head.closeness([("a", "c")])
    assert read == ["a", "b", "c", "a"]


def test_changed_weights_are_refused_with_both_hashes() -> None:
    content = b"not the weights"
    digest = hashlib.sha256(content).hexdigest()
    with pytest.raises(ModelError, match=f"{digest}, expected {'1' * 64}"):
        read_weights(content, "1" * 64)


def test_the_shipped_weights_are_those_that_were_measured() -> None:
    weights = shipped_weights()
    assert weights["enter.weight"].shape == (128, STATES)
    assert all(np.isfinite(array).all() for array in weights.values())


class CountingScorer:
    """A real scorer of a simple kind: two sentences contradict when their lengths differ in parity."""

    id = "parity"

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
        self.asked.extend(pairs)
        return np.array([(len(a) + len(b)) % 2 for a, b in pairs], np.float32)

    def closeness(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
        return 1 - self.probabilities(pairs)


def test_known_pairs_are_asked_once_whatever_their_order() -> None:
    scorer = CountingScorer()
    known = KnownPairs(scorer, [("a", "bb"), ("bb", "a"), ("ccc", "a")])
    assert scorer.asked == []
    assert known.probabilities([("bb", "a")]).tolist() == [1.0]
    assert sorted(scorer.asked) == [("a", "bb"), ("a", "ccc")]
    assert known.probabilities([("bb", "a"), ("a", "ccc"), ("a", "bb")]).tolist() == [1.0, 0.0, 1.0]
    assert known.probabilities([("dddd", "a")]).tolist() == [1.0]
    known.probabilities([("a", "dddd")])
    assert len(scorer.asked) == 3
    assert known.id == "parity"
    assert known.closeness([("a", "bb"), ("a", "ccc")]).tolist() == [0.0, 1.0]
