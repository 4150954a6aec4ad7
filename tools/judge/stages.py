"""The two stages of training: layers that read a sentence, then layers that read two side by side."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from events import Event, Text, is_contrary, label
from lower_states import FROZEN, LowerStates
from network import HalfPrecision, JointNet, Layer, SentenceNet, States, encoder_parts, rate
from torch import Tensor
from torch.nn import functional

from xsource.embed.bundled import prepare_sentence_transformers_folder

SENTENCE_LAYERS = 10
SMOOTHING = 0.03
TEXTS_OF_AN_EVENT = (170, 60)  # sentences; claims and questions
STRANGERS = 16  # sentences of other events in each step: what is near to nothing here
LATE_SHARE = 0.6  # of the late-interaction and vector logits that the joint layers add to

Rows = npt.NDArray[np.int64]


def weighed(logits: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    """Give the weighted binary cross-entropy, labels softened."""
    soft = truth * (1 - 2 * SMOOTHING) + SMOOTHING
    loss = functional.binary_cross_entropy_with_logits(logits, soft, reduction="none")
    return (loss * weights).sum() / weights.sum().clamp_min(1)


@dataclass(frozen=True)
class Relations:
    """Which pairs of an event's texts share a fact, which may be paired at all, which are sure to share none."""

    share: npt.NDArray[np.bool_]
    pairable: npt.NDArray[np.bool_]
    apart: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, texts: Sequence[Text]) -> Relations:
        """Compare every two texts."""
        share = np.array([[bool(a.marks.keys() & b.marks.keys()) for b in texts] for a in texts])
        report = np.array([text.report for text in texts])
        asked = np.array([text.kind != "sentence" for text in texts])
        doubtful = np.array([text.repeats_title for text in texts])
        pairable = (report[:, None] != report[None, :]) & ~(asked[:, None] & asked[None, :])
        return cls(share, pairable, pairable & ~share & ~doubtful[:, None] & ~doubtful[None, :])


def adds_a_detail(one: Text, other: Text) -> bool:
    """Whether a question says more than a sentence that it was made from: neither the same nor surely another."""
    return one.relation == "narrower" and one.base in other.marks


def train_sentences(
    events: Sequence[Event], lower: LowerStates, checkpoint: Path, passes: int, seed: int = 0
) -> SentenceNet:
    """Tune the layers that read a sentence on all pairs of one event a step; resumes from the checkpoint."""
    chance = random.Random(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    _, layers = encoder_parts(prepare_sentence_transformers_folder())
    net = SentenceNet(layers[FROZEN:SENTENCE_LAYERS])
    masters = HalfPrecision(net.own)
    heads = [own for name, own in net.named_parameters() if not name.startswith(("own.", "run."))]
    optimiser = torch.optim.AdamW(
        [{"params": masters.parameters, "lr": 1e-4}, {"params": heads, "lr": 8e-4}], weight_decay=0.01
    )
    pool = [text for event in events for text in event.texts if text.kind == "sentence"]
    total, step, first = passes * len(events), 0, 0
    if checkpoint.is_file():
        kept = torch.load(checkpoint)
        net.load_state_dict(kept["net"])
        for own, value in zip(masters.parameters, kept["masters"], strict=True):
            own.data.copy_(value)
        masters.give_weights()
        optimiser.load_state_dict(kept["optimiser"])
        first, step = kept["pass"], kept["step"]
    for number in range(first, passes):
        losses = []
        for event in chance.sample(list(events), len(events)):
            for group, base in zip(optimiser.param_groups, (1e-4, 8e-4), strict=True):
                group["lr"] = base * rate(step / total, step, 50)
            loss = _sentence_loss(net, lower, event, pool, chance)
            optimiser.zero_grad()
            net.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            masters.take_gradients()
            torch.nn.utils.clip_grad_norm_([*masters.parameters, *heads], 1.0)
            optimiser.step()
            masters.give_weights()
            step += 1
            losses.append(loss.item())
        print(f"sentences: pass {number + 1} of {passes}, loss {np.mean(losses):.3f}", flush=True)
        torch.save(
            {
                "net": net.state_dict(), "masters": [own.data for own in masters.parameters],
                "optimiser": optimiser.state_dict(), "pass": number + 1, "step": step,
            },
            checkpoint,
        )  # fmt: skip
    return net


def _sentence_loss(
    net: SentenceNet, lower: LowerStates, event: Event, pool: Sequence[Text], chance: random.Random
) -> Tensor:
    sentences = [text for text in event.texts if text.kind == "sentence"]
    others = [text for text in event.texts if text.kind != "sentence"]
    strangers = [
        Text(own.text, own.language, "elsewhere", {}, "sentence")
        for own in chance.sample(list(pool), STRANGERS)
    ]
    texts = [
        *chance.sample(sentences, min(len(sentences), TEXTS_OF_AN_EVENT[0])),
        *chance.sample(others, min(len(others), TEXTS_OF_AN_EVENT[1])),
        *strangers,
    ]
    _, vectors, statements, tokens, weights = net.read(lower.of([text.text for text in texts]))
    cosines = vectors @ vectors.T
    relations = Relations.of(texts)
    truth = torch.from_numpy(relations.share.astype(np.float32))
    logits = cosines * 12 - 6
    with torch.no_grad():  # what is already sure teaches nothing
        surprise = (torch.sigmoid(logits) - truth).abs().clamp_min(0.02)
    each = torch.from_numpy((relations.share & relations.pairable) * 6.0 + relations.apart).float() * surprise
    loss = weighed(logits, truth, each)
    pairs = _hard_pairs(relations, cosines.detach().numpy(), 1400)
    labels = torch.tensor([float(label(texts[a], texts[b]).same) for a, b in pairs])
    sure = torch.tensor([0.0 if adds_a_detail(texts[a], texts[b]) else 1.0 for a, b in pairs])
    loss = loss + weighed(net.answered(tokens, weights, torch.from_numpy(pairs)), labels, sure)
    counts = torch.tensor(
        [float(t.kind == "sentence" and not t.repeats_title and t.report != "elsewhere") for t in texts]
    )
    return loss + 0.1 * weighed(statements, torch.tensor([float(bool(t.marks)) for t in texts]), counts)


def _hard_pairs(relations: Relations, cosines: npt.NDArray[np.float32], wanted: int) -> Rows:
    """Choose pairs that share a fact, and such that do not and are near all the same."""
    upper = np.triu(np.ones_like(relations.share), 1)
    same = np.argwhere(relations.share & relations.pairable & upper)
    same = same[np.random.permutation(len(same))[: int(wanted * 0.42)]]
    apart = np.argwhere(relations.apart & upper)
    noise = 0.35 * cosines.std() * np.random.randn(len(apart))
    order = np.argsort(-(cosines[apart[:, 0], apart[:, 1]] + noise))
    left = wanted - len(same)
    near, far = order[: int(left * 0.8)], order[int(left * 0.8) :]
    far = far[np.random.permutation(len(far))[: left - len(near)]]
    return np.concatenate([same, apart[near], apart[far]]).astype(np.int64)


@dataclass(frozen=True)
class Asked:
    """A pair for the joint layers: its texts, their late-interaction logit, labels and weights."""

    left: str
    right: str
    late: float
    labels: tuple[float, float, float, float]
    is_asked: float
    is_sure: float


def train_joint(
    events: Sequence[Event], lower: LowerStates, net: SentenceNet, nli: Sequence[tuple[str, str, str]],
    checkpoint: Path, minutes: float, seed: int = 0,
) -> JointNet:  # fmt: skip
    """Tune the layers that read two sentences on small mixed batches, over the finished sentence layers."""
    chance = random.Random(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    net.eval()
    _, layers = encoder_parts(prepare_sentence_transformers_folder())
    joint = JointNet(layers[SENTENCE_LAYERS:])
    if checkpoint.is_file():
        joint.load_state_dict(torch.load(checkpoint))
        return joint
    states = _tuned_states(
        net, lower, [*(t.text for e in events for t in e.texts), *(text for row in nli for text in row[:2])]
    )
    prepared = [_prepared(net, lower, event) for event in events]
    masters = HalfPrecision(joint.joint)
    heads = [own for name, own in joint.named_parameters() if not name.startswith(("joint.", "run."))]
    optimiser = torch.optim.AdamW(
        [{"params": masters.parameters, "lr": 2e-4}, {"params": heads, "lr": 6e-4}], weight_decay=0.01
    )
    started, step = time.monotonic(), 0
    while (done := (time.monotonic() - started) / 60 / minutes) < 1:
        pool = [pair for own in prepared for pair in _sample(own, chance)]
        chance.shuffle(pool)
        for start in range(0, len(pool) - 56, 56):
            done = (time.monotonic() - started) / 60 / minutes
            if done >= 1:
                break
            for group, base in zip(optimiser.param_groups, (2e-4, 6e-4), strict=True):
                group["lr"] = base * rate(done, step, 100)
            inferences = chance.sample(list(nli), 16) if nli and step % 4 == 0 else []
            loss = _joint_loss(joint, states, pool[start : start + 56], inferences)
            optimiser.zero_grad()
            joint.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            masters.take_gradients()
            torch.nn.utils.clip_grad_norm_([*masters.parameters, *heads], 1.0)
            optimiser.step()
            masters.give_weights()
            step += 1
            if step % 200 == 0:
                print(f"joint: step {step}, {100 * done:.0f} %, loss {loss.item():.3f}", flush=True)
    torch.save(joint.state_dict(), checkpoint)
    return joint


def _joint_loss(
    joint: JointNet, states: dict[str, States], pairs: Sequence[Asked], nli: Sequence[tuple[str, str, str]]
) -> Tensor:
    logits = joint(
        [*(states[own.left] for own in pairs), *(states[row[1]] for row in nli)],
        [*(states[own.right] for own in pairs), *(states[row[0]] for row in nli)],
        torch.tensor([*(own.late for own in pairs), *(0.0 for _ in nli)]),
    )
    own, inferred = logits[: len(pairs)], logits[len(pairs) :]
    truth = torch.tensor([pair.labels for pair in pairs])
    asked, sure = (torch.tensor([getattr(pair, name) for pair in pairs]) for name in ("is_asked", "is_sure"))
    same = truth[:, 0]
    loss = weighed(own[:, 0], same, sure) + 0.6 * weighed(own[:, 1], truth[:, 1], same)
    loss = loss + 0.6 * weighed(own[:, 2], truth[:, 2], asked) + 0.5 * weighed(own[:, 3], truth[:, 3], same)
    if not nli:
        return loss
    follows = torch.tensor([float(row[2] == "entailment") for row in nli])
    against = torch.tensor([float(row[2] == "contradiction") for row in nli])
    decided = torch.tensor([float(row[2] != "neutral") for row in nli])
    parts = weighed(inferred[:, 2], follows, torch.ones(len(nli))) + weighed(inferred[:, 3], against, decided)
    return loss + 0.3 * (parts + 0.5 * weighed(inferred[:, 1], against, decided))


def _tuned_states(net: SentenceNet, lower: LowerStates, texts: Sequence[str]) -> dict[str, States]:
    found: dict[str, States] = {}
    unique = list(dict.fromkeys(texts))
    with torch.inference_mode():
        for start in range(0, len(unique), 512):
            block = unique[start : start + 512]
            states, *_ = net.read(lower.of(block))
            found.update({text: own.half().numpy().copy() for text, own in zip(block, states, strict=True)})
    return found


@dataclass(frozen=True)
class Prepared:
    """An event's pairs with a fact in common and the nearest without, each with its late-interaction logit."""

    texts: list[Text]
    same: Rows
    same_late: npt.NDArray[np.float32]
    apart: Rows
    apart_late: npt.NDArray[np.float32]


def _prepared(net: SentenceNet, lower: LowerStates, event: Event) -> Prepared:
    texts = list(event.texts)
    relations = Relations.of(texts)
    upper = np.triu(np.ones_like(relations.share), 1)
    same, apart = (
        np.argwhere(relations.share & relations.pairable & upper),
        np.argwhere(relations.apart & upper),
    )
    with torch.inference_mode():
        _, vectors, _, tokens, weights = net.read(lower.of([text.text for text in texts]))

        def late(pairs: Rows) -> npt.NDArray[np.float32]:
            rows = torch.from_numpy(pairs)
            cosines = (vectors[rows[:, 0]] * vectors[rows[:, 1]]).sum(1)
            found = LATE_SHARE * (net.answered(tokens, weights, rows) + cosines * 12 - 6)
            return np.asarray(found.numpy(), np.float32)

        same_late, apart_late = late(same), late(apart)
    near = np.argsort(-apart_late)[:2500]
    chosen = np.unique(np.concatenate([near, np.random.permutation(len(apart))[:400]]))
    return Prepared(texts, same, same_late, apart[chosen], apart_late[chosen])


def _sample(event: Prepared, chance: random.Random, wanted: int = 360) -> list[Asked]:
    texts = event.texts
    differs = np.array([label(texts[a], texts[b]).differs for a, b in event.same])
    for_same = np.where(differs, 2.5, 1.0) * (1 + 1.5 / (1 + np.exp(event.same_late)))
    for_apart = 0.05 + 1 / (1 + np.exp(-event.apart_late))
    count = min(len(event.same), int(wanted * 0.42))
    rows = np.random.choice(len(event.same), count, replace=False, p=for_same / for_same.sum())
    others = np.random.choice(
        len(event.apart), min(len(event.apart), wanted - count), replace=False, p=for_apart / for_apart.sum()
    )
    pairs = [*zip(event.same[rows], event.same_late[rows], strict=True)]
    pairs += zip(event.apart[others], event.apart_late[others], strict=True)
    found = []
    for (a, b), late in pairs:
        one, other = texts[a], texts[b]
        if other.kind != "sentence" or (one.kind == "sentence" and chance.random() < 0.5):
            one, other = other, one
        own = label(one, other)
        labels = (float(own.same), float(own.differs), float(own.told), float(is_contrary(one, other)))
        is_asked = float(one.kind != "sentence" and other.kind == "sentence")
        found.append(
            Asked(one.text, other.text, float(late), labels, is_asked, float(not adds_a_detail(one, other)))
        )
    return found


def untouched_layers() -> list[Layer]:
    """Give the encoder's own layers, as a start or to compare with."""
    return encoder_parts(prepare_sentence_transformers_folder())[1]
