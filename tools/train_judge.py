"""Train the judge that says whether two sentences state the same fact, and write its one file.

    python tools/train_judge.py --data corpora/reports --work build/judge --out
    xsource/judge/shipped/judge.safetensors

1. The states of the bundled encoder's lower six layers are computed once a text and kept.
2. Four layers above them are tuned on all pairs of one event a step (15 minutes on one core
   with bfloat16, an hour without); a checkpoint after every pass, and the same command goes on from it.
3. Boosted trees that join the evidence are fitted on the events kept aside in step 2, and the bars of groups
   are chosen on probabilities of trees that did not see the event.

About 30 minutes, 8 GB of memory. `docs/retraining.md` says what to change for other reports.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parent / "judge"))

from calibrate import (
    EventPairs,
    choose_bars,
    fit_trees,
    pairs_of,
    questions_of,
    tree_arrays,
    unseen_probabilities,
)
from events import Event, read_events
from export import FIRST_TUNED, artefact_arrays
from lower_states import LowerStates
from sentence_training import SENTENCE_LAYERS, train_sentences
from words import furniture_weights, word_weights

from xsource.embed.bundled import PACKED_SHA256, BundledEmbedder
from xsource.judge.artefact import load_artefact, write_artefact
from xsource.judge.judging import Judge

# Real events that these follow are measured on.
NOT_LEARNED = frozenset({"r9-vescari-robbery-06", "r9-lindhavn-midsummer-07"})
SHARE_KEPT_ASIDE = 7  # every seventh event
NUMBERS = Path(__file__).parent / "judge" / "numbers.json"


def main() -> None:
    """Train, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("corpora/reports"))
    parser.add_argument("--work", type=Path, default=Path("build/judge"))
    parser.add_argument("--out", type=Path, default=Path("build/judge/judge.safetensors"))
    parser.add_argument("--name", default="facts-e5-small")
    parser.add_argument("--passes", type=int, default=5)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    events = [event for event in read_events(options.data) if event.id not in NOT_LEARNED]
    aside = events[::SHARE_KEPT_ASIDE]
    learned = [event for event in events if event not in aside]
    lower = LowerStates(options.work)
    lower.add([text.text for event in events for text in event.texts])
    net = train_sentences(learned, lower, options.work / "sentences.pt", options.passes)
    weights = {
        name: value.float().numpy() for name, value in net.state_dict().items() if not name.startswith("run.")
    }
    arrays = artefact_arrays(weights, SENTENCE_LAYERS)
    for name in ("pair", "differs", "ask", "ask.differs", "ask.contrary"):
        arrays |= tree_arrays(name, fit_trees(np.zeros((2, 1)), np.array([False, True])))
    embedder = BundledEmbedder()
    arrays["story.furniture"] = furniture_weights(options.data, embedder)
    numbers = json.loads(NUMBERS.read_text("utf-8"))
    numbers |= {"first_tuned_layer": FIRST_TUNED, "sentence_layers": SENTENCE_LAYERS}
    origin = {
        "embedder": embedder.id,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "command": "python tools/train_judge.py",
    }
    for path in sorted(options.data.glob("*.jsonl")):
        origin[f"data {path.name}"] = hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest()
    unfitted = options.work / "unfitted.safetensors"
    arrays["word.w"] = np.zeros(weights["vec.weight"].shape[1] + 1, np.float32)
    write_artefact(unfitted, options.name, PACKED_SHA256, arrays, numbers, origin)
    arrays["word.w"] = word_weights(options.data, load_artefact(unfitted))
    write_artefact(unfitted, options.name, PACKED_SHA256, arrays, numbers, origin)
    fitted, bars = fit(Judge(load_artefact(unfitted)), aside)
    write_artefact(options.out, options.name, PACKED_SHA256, arrays | fitted, numbers | bars, origin)
    print(f"wrote {options.out}")


def fit(judge: Judge, events: list[Event]) -> tuple[dict[str, npt.NDArray[np.generic]], dict[str, float]]:
    """Fit the trees on events kept aside, and choose the bars of groups."""
    pairs = [pairs_of(judge, event) for event in events]
    sure = [~own.unsure for own in pairs]
    evidence = np.concatenate([own.evidence[rows] for own, rows in zip(pairs, sure, strict=True)])
    same = np.concatenate([own.same[rows] for own, rows in zip(pairs, sure, strict=True)])
    differs = np.concatenate([own.differs[rows] for own, rows in zip(pairs, sure, strict=True)])
    names = [own.event.id for own, rows in zip(pairs, sure, strict=True) for _ in range(int(rows.sum()))]
    unseen = unseen_probabilities(evidence, same, names)
    by_event: list[tuple[EventPairs, npt.NDArray[np.float64]]] = []
    start = 0
    for own, rows in zip(pairs, sure, strict=True):
        found = np.zeros(len(rows))
        found[rows] = unseen[start : start + int(rows.sum())]
        start += int(rows.sum())
        by_event.append((own, found))
    rolling = [own for own in by_event if own[0].event.is_rolling]
    bars, *figures = choose_bars(rolling, [own for own in by_event if not own[0].event.is_rolling])
    print("groups of events not learned from, rolling and short:", *figures, sep="\n")
    arrays = tree_arrays("pair", fit_trees(evidence, same))
    arrays |= tree_arrays("differs", fit_trees(evidence[same], differs[same]))
    asked = [questions_of(judge, event) for event in events]
    rows = np.concatenate([~own.unsure for own in asked])
    evidence = np.concatenate([own.evidence for own in asked])[rows]
    same = np.concatenate([own.same for own in asked])[rows]
    arrays |= tree_arrays("ask", fit_trees(evidence, same))
    for name in ("differs", "contrary"):
        truth = np.concatenate([getattr(own, name) for own in asked])[rows]
        arrays |= tree_arrays(f"ask.{name}", fit_trees(evidence[same], truth[same]))
    return arrays, {f"group.{name}": getattr(bars, name) for name in ("seed", "least", "mean", "overlap")}


if __name__ == "__main__":
    main()
