#!/usr/bin/env python3
"""Sentences per CPU-second: one package through argostranslate's public call and through ours, in one run.

    python benchmarks/translation.py tests/data/argos/translate-ru_en-tiny.argosmodel SENTENCES.txt

SENTENCES.txt holds a sentence of the package's language on each line; what follows a tab is left out. Both
engines run as they do by default, on every core, and argostranslate also on one thread, as with
`ARGOS_INTRA_THREADS=1`; it translates one sentence at a time, as its interface has it. Its sentence splitter,
which would download a model, is replaced by one that finds one sentence: that saves it work. Loading the models
is left out.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def cpu_seconds(work: Callable[[], list[str]]) -> tuple[float, list[str]]:
    start = time.process_time()
    done = work()
    return time.process_time() - start, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    lines = options.sentences.read_text("utf-8").splitlines()
    texts = list(dict.fromkeys(line.partition("\t")[0].strip() for line in lines if line.strip()))[
        : options.count
    ]
    with tempfile.TemporaryDirectory() as home:
        for kind in ("DATA", "CONFIG", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = home
        compare(options.package, texts)


def compare(path: Path, texts: list[str]) -> None:
    from xsource.translate.argos import ArgosTranslator
    from xsource.translate.installing import install_file

    package = install_file(path)
    route = (package.source, package.target)
    ours = ArgosTranslator()
    ours.translate(texts[:1], route)
    our_seconds, our_texts = cpu_seconds(lambda: [result.text for result in ours.translate(texts, route)])

    from argostranslate import sbd, settings, translate

    class OneSentence(sbd.ISentenceBoundaryDetectionModel):
        def split_sentences(self, text: str) -> list[str]:
            return [text]

    engine = translate.get_translation_from_codes(*route).underlying
    engine.sentencizer = OneSentence()
    print(f"{package.name}, {len(texts)} sentences, per CPU-second:")
    print(f"xsource, batched by length:            {len(texts) / our_seconds:7.0f}")
    for threads in (settings.intra_threads, 1):
        settings.intra_threads, engine.translator = threads, None  # the model is loaded again with it
        translate.translate(texts[0], *route)
        seconds, their_texts = cpu_seconds(lambda: [translate.translate(text, *route) for text in texts])
        same = sum(a == b.replace("_", " ") for a, b in zip(their_texts, our_texts, strict=True))
        name = f"argostranslate, {'one thread' if threads == 1 else 'as it comes'}:"
        times = f"{seconds / our_seconds:.1f} times as many"
        print(f"{name:38} {len(texts) / seconds:7.0f}   {times}, {same / len(texts):.1%} the same")


if __name__ == "__main__":
    main()
