"""Translation: one package through argostranslate's public call and through ours.

argostranslate translates one sentence at a time, as its interface has it: as it comes, on every core, and
held to one thread as with `ARGOS_INTRA_THREADS=1`. Its sentence splitter, which would download a model, is
replaced by one that finds one sentence: that saves it work. Loading is left out on both sides.

Two packages: the tests' tiny one, and the same widened to the shape of published packages
(`tools/widen_package.py`), which costs what those cost at every step. How many steps there are is the tiny
model's own doing: now and then it runs away and repeats a word up to the limit, which a real model hardly
does. So the wide package is also measured on those sentences whose translation has an ordinary length,
between half and one and a half times that of a person's, both in tokens.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT, Measured, run_case, stopwatch
from benchmarks.results import Row, Section
from benchmarks.texts import parallel_lines, russian_sentences, work_folder

TITLE = "Translation"
TINY = ROOT / "tests" / "data" / "argos" / "translate-ru_en-tiny.argosmodel"
ROUTE = ("ru", "en")
ORDINARY = (0.5, 1.5)


@dataclass(frozen=True, slots=True)
class Size:
    """Sentences translated with the tiny package and with the wide one.

    Attributes:
        tiny: by both sides.
        wide: by ours, which needs enough of them to fill a batch.
        sample: which of the wide ones, sorted by length, argostranslate gets: each so many-th.
    """

    tiny: int
    wide: int
    sample: int


SIZES = {"small": Size(tiny=200, wide=112, sample=8), "full": Size(tiny=971, wide=720, sample=4)}


def compare(size: Size, repeats: int) -> Section:
    """Give sentences per CPU-second, one package and condition a row."""
    wide = wide_package()
    ordinary = russian_sentences(971)
    ordinary = [text for text, is_kept in zip(ordinary, _are_ordinary(ordinary), strict=True) if is_kept]
    cases = [
        ("tiny package (2 + 2 layers, 128 wide)", TINY, russian_sentences(size.tiny), 1),
        ("published size (6 + 6 layers, 512 wide)", wide, russian_sentences(size.wide), size.sample),
        ("published size, translations of ordinary length", wide, ordinary[: size.wide], size.sample),
    ]
    rows = []
    for name, package, unsorted, step in cases:
        texts = sorted(unsorted, key=len)
        sample = texts[step // 2 :: step]
        options: dict[str, Any] = {"package": str(package), "texts": texts}
        ours = run_case("translation:ours", options, threads=0, repeats=repeats)
        answers = dict(zip(texts, ours.figures["texts"], strict=True))
        options["texts"] = sample
        for other, threads in (("argostranslate, as it comes", 0), ("argostranslate, one thread", 1)):
            theirs = run_case(
                "translation:theirs", options | {"threads": threads}, threads=threads, repeats=repeats
            )
            speed, their_speed = len(texts) / ours.cpu, len(sample) / theirs.cpu
            same = sum(
                said == answers[text].replace("_", " ")
                for text, said in zip(sample, theirs.figures["texts"], strict=True)
            )
            what = f"{name}: sentences per CPU-second; {same} of {len(sample)} texts the same"
            rows.append(
                Row(what, f"{speed:.1f}", other, f"{their_speed:.1f}", speed / their_speed, "at least 4")
            )
    kept = 100 * len(ordinary) / len(russian_sentences(971))
    return Section(
        rows,
        (
            f"{size.tiny} sentences with the tiny package, {size.wide} with the wide one.",
            f"Of these argostranslate got each {size.sample}th by length: it has no batches to fill.",
            f"Of ordinary length: {kept:.0f} % of all.",
            "Ours runs a batch a core; in CPU-seconds that costs what one thread costs.",
        ),
    )


def _are_ordinary(texts: list[str]) -> list[bool]:
    """Say of each sentence whether the tiny package's translation is about as long as a person's."""
    lines = parallel_lines(len(texts))
    if lines is None:
        return [True] * len(texts)
    from sentencepiece import SentencePieceProcessor

    found = run_case("translation:ours", {"package": str(TINY), "texts": texts}, threads=0, repeats=1)
    with tempfile.TemporaryDirectory() as folder:
        pieces = SentencePieceProcessor(model_file=str(_unpacked(TINY, Path(folder)) / "sentencepiece.model"))
    low, high = ORDINARY
    lengths = (len(pieces.encode(text)) for text in found.figures["texts"])
    return [
        low <= length / len(pieces.encode(person)) <= high
        for length, person in zip(lengths, lines["en"], strict=True)
    ]


def _unpacked(package: Path, folder: Path) -> Path:
    import zipfile

    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return next(folder.iterdir())


def wide_package() -> Path:
    """Give the tiny package in published size, making it when absent (a few seconds, 53 MB)."""
    target = work_folder() / "translate-ru_en-wide.argosmodel"
    if not target.is_file():
        command = [sys.executable, str(ROOT / "tools" / "widen_package.py"), str(TINY), str(target)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return target


def home_for_packages(folder: str) -> dict[str, str]:
    """Give the variables that make argostranslate keep everything in a folder."""
    return {f"XDG_{kind}_HOME": folder for kind in ("DATA", "CONFIG", "CACHE")}


def ours(package: str, texts: list[str]) -> Measured:
    """Translate as a build does."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(home_for_packages(home))
        from xsource.translate.argos import ArgosTranslator
        from xsource.translate.installing import install_file

        install_file(Path(package))
        translator = ArgosTranslator()
        translator.translate(texts[:1], ROUTE)
        with stopwatch() as watch:
            results = translator.translate(texts, ROUTE)
    return Measured(watch.wall, watch.cpu, figures={"texts": [result.text for result in results]})


def theirs(package: str, texts: list[str], threads: int) -> Measured:
    """Translate with `argostranslate.translate.translate`, one sentence at a time."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(home_for_packages(home) | {"ARGOS_INTRA_THREADS": str(threads)})
        from argostranslate import package as packages

        packages.install_from_path(package)
        translate = one_sentence_translate()
        translate(texts[0])
        with stopwatch() as watch:
            results = [translate(text) for text in texts]
    return Measured(watch.wall, watch.cpu, figures={"texts": results})


def one_sentence_translate() -> Any:
    """Give argostranslate's public call for one route, its splitter replaced by one that finds one sentence."""
    from argostranslate import sbd, translate

    class OneSentence(sbd.ISentenceBoundaryDetectionModel):  # type: ignore[misc]
        def split_sentences(self, text: str) -> list[str]:
            return [text]

    translate.get_translation_from_codes(*ROUTE).underlying.sentencizer = OneSentence()
    return lambda text: translate.translate(text, *ROUTE)
