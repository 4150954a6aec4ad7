"""Two sentences read beside each other: laws of the network, and that it computes what was trained."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from xsource.judge.artefact import shipped_artefact
from xsource.judge.interaction import DECIMALS, INTERACTION_COLUMNS, Interaction
from xsource.judge.judging import Judge

TOOLS = Path(__file__).parents[2] / "tools" / "judge"

TEXTS = [
    "The court in Marnow acquitted the banker Olga Reyes of fraud on Tuesday.",
    "Суд в Марнове во вторник оправдал банкира Ольгу Рейес по делу о мошенничестве.",
    "בית המשפט במרנוב זיכה ביום שלישי את הבנקאית אולגה רייס מהונאה.",
    "برأت محكمة مارنوف يوم الثلاثاء المصرفية أولغا رييس من تهمة الاحتيال.",
    "The court in Marnow found the banker Olga Reyes guilty of fraud on Tuesday.",
    "В среду над городом пройдёт сильный дождь, обещают синоптики.",
    "No.",
]
SAME = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(threads=1)


@pytest.fixture(scope="module")
def states(judge: Judge) -> list[np.ndarray]:
    return [own[3:-1] for own in judge.read(TEXTS).states]


def read(states: list[np.ndarray], pairs: list[tuple[int, int]]) -> np.ndarray:
    left, right = (np.array([pair[end] for pair in pairs]) for end in (0, 1))
    return Interaction(shipped_artefact().arrays).read_pairs(states, states, left, right)


def test_the_order_of_a_pair_changes_nothing(states):
    pairs = [(a, b) for a in range(len(TEXTS)) for b in range(a)]
    np.testing.assert_allclose(read(states, pairs), read(states, [(b, a) for a, b in pairs]), atol=2e-3)


def test_a_pair_has_the_same_odds_in_any_company(states):
    pairs = [(a, b) for a in range(len(TEXTS)) for b in range(a)]
    together = read(states, pairs)
    alone = np.concatenate([read(states, [pair]) for pair in pairs])
    np.testing.assert_allclose(together, alone, atol=2 * 10.0**-DECIMALS)


def test_two_lists_of_sentences_are_read_as_one_is(states):
    left, right = states[:2], states[2:]
    rows, others = np.array([0, 1, 1]), np.array([0, 0, 4])
    found = Interaction(shipped_artefact().arrays).read_pairs(left, right, rows, others)
    np.testing.assert_allclose(found, read(states, [(0, 2), (1, 2), (1, 6)]), atol=2 * 10.0**-DECIMALS)


def test_no_pairs_give_no_rows(states):
    found = read(states, [])
    assert found.shape == (0, len(INTERACTION_COLUMNS))


def test_one_fact_in_four_languages_is_surer_than_another_fact(states):
    same = read(states, SAME)[:, 0]
    other = read(states, [(row, 5) for row in range(4)])[:, 0]
    assert same.min() > 0 > other.max()


def test_the_contrary_is_surer_than_most_retellings_in_each_language(states):
    contrary = read(states, [(row, 4) for row in range(4)])[:, 2]
    retold = read(states, SAME)[:, 2]
    assert contrary.min() > np.median(retold)
    assert contrary.mean() > retold.mean() + 1


def test_it_computes_what_was_trained(states):
    torch = pytest.importorskip("torch")
    sys.path.insert(0, str(TOOLS))
    from interaction_net import InteractionNet

    net = InteractionNet().eval()
    arrays = shipped_artefact().arrays
    names = {
        name: "beside." + name.removesuffix(".weight") + ".w"
        if name.endswith(".weight")
        else "beside." + name.replace(".bias", ".b")
        for name in net.state_dict()
    }
    net.load_state_dict({own: torch.from_numpy(arrays[name].astype(np.float32)) for own, name in names.items()})
    for a, b in [(0, 1), (2, 4), (3, 6), (5, 5)]:
        one, other = (torch.from_numpy(states[row])[None] for row in (a, b))
        with torch.inference_mode():
            trained = net(one, other, *(torch.ones(own.shape[:2], dtype=torch.bool) for own in (one, other)))
        np.testing.assert_allclose(
            read(states, [(a, b)])[0], trained[0, : len(INTERACTION_COLUMNS)].numpy(), atol=2e-3
        )
