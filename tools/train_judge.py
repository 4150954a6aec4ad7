"""Train the judge that says whether two sentences state the same fact, and write its one file.

    python tools/train_judge.py --data corpora/reports --work build/judge --out
    xsource/judge/shipped/judge.safetensors

1. The states of the bundled encoder's lower six layers are computed once a text and kept.
2. Four layers above them, and the network that reads two sentences beside each other, are tuned on all
   pairs of one event a step, and on the contrasts (an hour on one core with bfloat16, three without); a
   checkpoint after every pass, and the same command goes on from it.
3. A small network finds where captions end, on the tuned states of reports whose lines are joined.
4. Boosted trees that join the evidence are fitted on the events kept aside in step 2; what is printed of bars
   is of trees that did not see the event. Bars are chosen by hand: `tools/judge/numbers.json`.

About an hour and a half, 8 GB of memory. What contradicts is learned from more, where it is given:
`--inferences` names a file of English inference pairs (premise, hypothesis, label, separated by tabs), and
`--parallel` a folder of parallel text in which reversals are planted (`polarity_pairs.py`). The shipped judge
learned from development pairs of MultiNLI and SNLI and from the texts that `xsource/judge/shipped/NOTICE.md`
names. `docs/retraining.md` says what to change for other reports.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent / "judge"))

from events import Event, read_contrasts, read_events
from export import FIRST_TUNED, artefact_arrays
from fitting import fit
from interaction_training import read_inferences
from lower_states import LowerStates
from seam_training import joined_sentences, train_seams
from sentence_training import SENTENCE_LAYERS, JoinedSentence, Lessons, train_sentences
from words import furniture_weights

from xsource.embed.bundled import PACKED_SHA256, BundledEmbedder
from xsource.judge.artefact import load_artefact, write_artefact
from xsource.judge.judging import Judge
from xsource.judge.reading import SentenceReader

# Real events that these follow are measured on.
NOT_LEARNED = frozenset({"r9-vescari-robbery-06", "r9-lindhavn-midsummer-07"})
ASIDE = Path(__file__).parent / "judge" / "aside.txt"
SHARE_KEPT_ASIDE = 5  # of own events: every fifth
OF_NEWS = 50  # characters: what is longer is no phrase-book sentence
MOST_PLANTED = 12_000
Inference = tuple[str, str, str]
NUMBERS = Path(__file__).parent / "judge" / "numbers.json"


def main() -> None:
    """Train, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("corpora/reports"))
    parser.add_argument("--work", type=Path, default=Path("build/judge"))
    parser.add_argument("--out", type=Path, default=Path("build/judge/judge.safetensors"))
    parser.add_argument("--name", default="facts-e5-small")
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--inferences", type=Path)
    parser.add_argument("--parallel", type=Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    events = [event for event in read_events(options.data) if event.id not in NOT_LEARNED]
    aside = kept_aside(events)
    learned = [event for event in events if event not in aside]
    embedder = BundledEmbedder()
    joined = joined_by_event(options.data, embedder)
    contrasts = list(read_contrasts(options.data))
    inferences = []
    if options.inferences:
        inferences += read_inferences(options.inferences)
    if options.parallel:
        inferences += planted(options.parallel)
    lower = LowerStates(options.work)
    lower.add(
        [text.text for event in events for text in event.texts]
        + [own.text for event in learned for own in joined[event.id]]
        + [text.text for event in contrasts for text in event.texts]
        + [text for premise, hypothesis, _ in inferences for text in (premise, hypothesis)]
    )
    net = train_sentences(
        Lessons(learned, joined, contrasts, inferences), lower, options.work / "sentences.pt", options.passes
    )
    weights = {
        name: value.float().numpy() for name, value in net.state_dict().items() if not name.startswith("run.")
    }
    arrays = artefact_arrays(weights, SENTENCE_LAYERS)
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
    write_artefact(unfitted, options.name, PACKED_SHA256, arrays, numbers, origin)
    arrays |= train_seams(options.data, SentenceReader(load_artefact(unfitted)))
    write_artefact(unfitted, options.name, PACKED_SHA256, arrays, numbers, origin)
    arrays |= fit(Judge(load_artefact(unfitted)), aside)
    write_artefact(options.out, options.name, PACKED_SHA256, arrays, numbers, origin)
    print(f"wrote {options.out}")


def kept_aside(events: Sequence[Event]) -> list[Event]:
    """Give the events that the layers do not learn from: those listed, or every fifth where none is listed."""
    listed = set(ASIDE.read_text("utf-8").split())
    shipped = {event.id for event in events if event.id in listed}
    return [event for event in events if event.id in shipped] or list(events[::SHARE_KEPT_ASIDE])


def planted(folder: Path) -> list[Inference]:
    """Plant reversals in parallel text; everyday sentences are left out, they are unlike news."""
    from polarity_pairs import make_pairs

    pairs, _ = make_pairs(folder, 1)
    pairs = [pair for pair in pairs if max(len(pair.left), len(pair.right)) > OF_NEWS]
    pairs = random.Random(1).sample(pairs, min(len(pairs), MOST_PLANTED))
    return [(pair.left, pair.right, "contradiction" if pair.label else "entailment") for pair in pairs]


def joined_by_event(folder: Path, embedder: BundledEmbedder) -> dict[str, list[JoinedSentence]]:
    """Give each event's sentences of joined lines, two words or more."""
    found = list(joined_sentences(folder))
    by_event: dict[str, list[JoinedSentence]] = defaultdict(list)
    for (event, text, labels), words in zip(
        found, embedder.word_numbers([text for _, text, _ in found]), strict=True
    ):
        if len(labels) > 1:
            by_event[event].append(JoinedSentence(text, np.asarray(words, np.int64), labels))
    return by_event


if __name__ == "__main__":
    main()
