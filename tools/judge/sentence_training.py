"""Training the layers that read a sentence, and what reads two beside each other, on invented reports."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from events import Event, Text, label
from interaction_net import InteractionNet
from interaction_training import (
    INFERENCES_OF_A_STEP,
    PAIRS_OF_AN_EVENT,
    Taught,
    choose_contrasts,
    interaction_loss,
)
from lower_states import FROZEN, LowerStates
from network import HalfPrecision, SentenceNet, encoder_parts, rate
from torch import Tensor
from torch.nn import functional

from xsource.embed.bundled import prepare_sentence_transformers_folder

SENTENCE_LAYERS = 10
SMOOTHING = 0.03
TEXTS_OF_AN_EVENT = (170, 60)  # sentences; claims and questions
MIXED_OF_AN_EVENT, UNMIXED_OF_AN_EVENT = 20, 8
CONTRASTS_EVERY = 2  # steps
STRANGERS = 16  # sentences of other events in each step: what is near to nothing here

Rows = npt.NDArray[np.int64]


def weighed(logits: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    """Give the weighted binary cross-entropy, labels softened."""
    soft = truth * (1 - 2 * SMOOTHING) + SMOOTHING
    loss = functional.binary_cross_entropy_with_logits(logits, soft, reduction="none")
    return (loss * weights).sum() / weights.sum().clamp_min(1)


@dataclass(frozen=True)
class Relations:
    """Which pairs of an event's texts share a fact, which may be paired, which are sure to share none."""

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
    """Whether a question says more than a sentence that it was made from: neither same nor another."""
    return one.relation == "narrower" and one.base in other.marks


@dataclass(frozen=True)
class JoinedSentence:
    """A sentence as the program splits it where lines were joined, and what its tokens are part of.

    Attributes:
        word_of: (tokens,) the word that each token is of, -1 where of none.
        labels: (words, 2), see `seam_training.joined_sentences`.
    """

    text: str
    word_of: Rows
    labels: npt.NDArray[np.float32]

    @property
    def is_mixed(self) -> bool:
        """Whether part of it states something and part does not."""
        return 0 < float(self.labels[:, 0].mean()) < 1


@dataclass(frozen=True)
class Lessons:
    """What is learned from.

    Attributes:
        events: independent reports of one event each.
        joined: sentences of joined lines, by event: where captions end is learned beside.
        contrasts: sets of sentences about one fact and near misses.
        inferences: English premise, hypothesis, label.
    """

    events: Sequence[Event]
    joined: Mapping[str, Sequence[JoinedSentence]]
    contrasts: Sequence[Event]
    inferences: Sequence[tuple[str, str, str]]


def train_sentences(
    lessons: Lessons, lower: LowerStates, checkpoint: Path, passes: int, seed: int = 0
) -> SentenceNet:
    """Tune on all pairs of one event a step, every second step on contrasts; resumes from the checkpoint.

    Args:
        lessons: learned from.
        lower: states of all their texts.
        checkpoint: written after each pass.
        passes: over all events.
        seed: of every choice.
    """
    chance = random.Random(seed)
    torch.manual_seed(seed)
    _, layers = encoder_parts(prepare_sentence_transformers_folder())
    net = SentenceNet(layers[FROZEN:SENTENCE_LAYERS], InteractionNet())
    masters = HalfPrecision(net.own)
    heads = [own for name, own in net.named_parameters() if not name.startswith(("own.", "run."))]
    optimiser = torch.optim.AdamW(
        [{"params": masters.parameters, "lr": 1e-4}, {"params": heads, "lr": 8e-4}], weight_decay=0.01
    )
    events = list(lessons.events)
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
        for event in chance.sample(events, len(events)):
            for group, base in zip(optimiser.param_groups, (1e-4, 8e-4), strict=True):
                group["lr"] = base * rate(step / total, step, 50)
            loss = _sentence_loss(net, lower, event, lessons.joined.get(event.id, ()), pool, chance)
            if (lessons.contrasts or lessons.inferences) and step % CONTRASTS_EVERY == 0:
                loss = loss + _contrast_loss(net, lower, lessons, chance)
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


def _contrast_loss(net: SentenceNet, lower: LowerStates, lessons: Lessons, chance: random.Random) -> Tensor:
    """Read contrasts, and English inference pairs with them, beside each other."""
    texts, pairs = choose_contrasts(lessons.contrasts, chance)
    taught = Taught.of(texts, pairs)
    inferences = chance.sample(list(lessons.inferences), min(len(lessons.inferences), INFERENCES_OF_A_STEP))
    written = [own.text for own in texts]
    for premise, hypothesis, _ in inferences:
        pairs = np.concatenate([pairs, [(len(written), len(written) + 1)]])
        written += [premise, hypothesis]
    if inferences:
        taught = taught.and_(Taught.of_inferences([own for _, _, own in inferences]))
    states, _, _, tokens, weights = net.read(lower.of(written))
    loss = 1.5 * interaction_loss(net.beside, states, pairs, taught)
    known = taught.same >= 0
    if not known.any():
        return loss
    logits = net.answered(tokens, weights, torch.from_numpy(pairs)[known])
    return loss + 0.3 * weighed(logits, taught.same[known], torch.ones_like(logits))


def _sentence_loss(
    net: SentenceNet,
    lower: LowerStates,
    event: Event,
    joined: Sequence[JoinedSentence],
    pool: Sequence[Text],
    chance: random.Random,
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
    mixed, plain = (
        chance.sample(own, min(len(own), count))
        for own, count in (
            ([own for own in joined if own.is_mixed], MIXED_OF_AN_EVENT),
            ([own for own in joined if not own.is_mixed], UNMIXED_OF_AN_EVENT),
        )
    )
    written = [own.text for own in texts] + [own.text for own in (*mixed, *plain)]
    states, vectors, statements, tokens, weights = net.read(lower.of(written))
    seams = _seam_loss(net, states[len(texts) :], [*mixed, *plain])
    vectors, statements = vectors[: len(texts)], statements[: len(texts)]
    tokens, weights = tokens[: len(texts)], weights[: len(texts)]
    cosines = vectors @ vectors.T
    relations = Relations.of(texts)
    truth = torch.from_numpy(relations.share.astype(np.float32))
    logits = cosines * 12 - 6
    with torch.no_grad():  # what is already sure teaches nothing
        surprise = (torch.sigmoid(logits) - truth).abs().clamp_min(0.02)
    each = torch.from_numpy((relations.share & relations.pairable) * 6.0 + relations.apart).float() * surprise
    loss = weighed(logits, truth, each)
    pairs = _hard_pairs(
        relations, cosines.detach().numpy(), 1400, np.random.default_rng(chance.randrange(2**32))
    )
    labels = torch.tensor([float(label(texts[a], texts[b]).same) for a, b in pairs])
    sure = torch.tensor([0.0 if adds_a_detail(texts[a], texts[b]) else 1.0 for a, b in pairs])
    loss = loss + 0.5 * weighed(net.answered(tokens, weights, torch.from_numpy(pairs)), labels, sure)
    read = pairs[sure.numpy() > 0]
    read = read[[chance.randrange(len(read)) for _ in range(PAIRS_OF_AN_EVENT)]]
    loss = loss + 1.5 * interaction_loss(net.beside, states[: len(texts)], read, Taught.of(texts, read))
    counts = torch.tensor(
        [float(t.kind == "sentence" and not t.repeats_title and t.report != "elsewhere") for t in texts]
    )
    stated = weighed(statements, torch.tensor([float(bool(t.marks)) for t in texts]), counts)
    return loss + 0.1 * stated + 0.5 * seams


def _seam_loss(net: SentenceNet, states: Sequence[Tensor], joined: Sequence[JoinedSentence]) -> Tensor:
    if not joined:
        return torch.zeros(())
    tokens, labels = [], []
    for own, sentence in zip(states, joined, strict=True):
        word_of = sentence.word_of[: len(own)]
        inside = (word_of >= 0) & (word_of < len(sentence.labels))
        tokens.append(own[: len(word_of)][torch.from_numpy(inside)])
        labels.append(torch.from_numpy(sentence.labels[word_of[inside]]))
    truth = torch.cat(labels)
    return weighed(net.tag(torch.cat(tokens)), truth, torch.ones_like(truth))


def _hard_pairs(
    relations: Relations, cosines: npt.NDArray[np.float32], wanted: int, dice: np.random.Generator
) -> Rows:
    """Choose pairs that share a fact, and such that do not and are near all the same."""
    upper = np.triu(np.ones_like(relations.share), 1)
    same = np.argwhere(relations.share & relations.pairable & upper)
    same = same[dice.permutation(len(same))[: int(wanted * 0.42)]]
    apart = np.argwhere(relations.apart & upper)
    noise = 0.35 * cosines.std() * dice.normal(size=len(apart))
    order = np.argsort(-(cosines[apart[:, 0], apart[:, 1]] + noise))
    left = wanted - len(same)
    near, far = order[: int(left * 0.8)], order[int(left * 0.8) :]
    far = far[dice.permutation(len(far))[: left - len(near)]]
    return np.concatenate([same, apart[near], apart[far]]).astype(np.int64)
