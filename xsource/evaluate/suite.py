"""Every figure that the project promises, measured; what each is, and how it is held against its floor.

A measure takes the folder of benchmark data and gives named figures. `floors.toml` pins them; lowering a floor
is a line in a commit that somebody has to defend. A measure whose data is absent is skipped, and says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from xsource.errors import InputError
from xsource.evaluate.bench import load_ntrex, load_planted
from xsource.evaluate.gold import measure_gold
from xsource.evaluate.guard import evaluate_guard
from xsource.evaluate.open_set import measure_open_set
from xsource.evaluate.planted import measure_planted
from xsource.evaluate.questions import measure_questions, read_questions
from xsource.evaluate.rank_one import mean_and_worst, measure_rank_one
from xsource.evaluate.story_corpus import measure_stories
from xsource.evaluate.who_reports import measure_who_reports
from xsource.records import FloatMatrix, Language

Verdict = Literal["held", "missed", "no floor"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `detail` says more: the worst direction, a count."""

    name: str
    value: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Floor:
    """What a figure must reach: at least `value`, or at most where `is_ceiling`. `wanted` is the aim."""

    value: float
    is_ceiling: bool = False
    wanted: float | None = None

    def judge(self, value: float) -> Verdict:
        """Hold a value against the floor, as rounded to the three places that are shown."""
        shown = round(value, 3)
        return "held" if (shown <= self.value if self.is_ceiling else shown >= self.value) else "missed"


@cache
def read_floors() -> Mapping[str, Floor]:
    """Read `floors.toml`: a table a figure with `at_least` or `at_most`, and `wanted`.

    Raises:
        InputError: an entry has neither or both.
    """
    entries = tomllib.loads(resources.files(__package__).joinpath("floors.toml").read_text("utf-8"))
    floors = {}
    for name, entry in entries.items():
        bounds = {"at_least", "at_most"} & set(entry)
        if len(bounds) != 1 or set(entry) - {"at_least", "at_most", "wanted"}:
            raise InputError(
                f"floors.toml: {name} has {sorted(entry)}, expected at_least or at_most, and wanted"
            )
        (bound,) = bounds
        floors[name] = Floor(float(entry[bound]), bound == "at_most", entry.get("wanted"))
    return floors


@dataclass(frozen=True, slots=True)
class Material:
    """What measures read: the benchmark data, the corpora, and the model; vectors are made once.

    Attributes:
        bench: the folder of benchmark data, `None` where there is none.
        corpora: the folder of shipped corpora, `None` where there is none.
    """

    bench: Path | None
    corpora: Path | None


Measure = Callable[[Material], Iterator[Figure]]


class SkippedError(Exception):
    """A measure cannot be made here; the message says why."""


def _bench(material: Material) -> Path:
    if material.bench is None:
        raise SkippedError("no benchmark data: put it at ../shared/bench, or name its folder in XSOURCE_BENCH")
    if not material.bench.is_dir():
        raise SkippedError(f"{material.bench} is no folder: name that of the benchmark data")
    return material.bench


@cache
def _ntrex_vectors(bench: Path) -> Mapping[Language, FloatMatrix]:
    from xsource.embed.bundled import BundledEmbedder

    embedder = BundledEmbedder()
    return {code: embedder.embed(lines) for code, lines in load_ntrex(bench).lines.items()}


def _alignment(material: Material) -> Iterator[Figure]:
    """NTREX: right at rank 1, the open-set test, who reports."""
    from xsource.align import shipped_reference
    from xsource.embed.bundled import BundledEmbedder
    from xsource.judge.judging import Judge
    from xsource.store.vector_stores import FlatVectorStore

    bench = _bench(material)
    news, vectors = load_ntrex(bench), _ntrex_vectors(bench)
    reference = shipped_reference(BundledEmbedder().id)
    if reference is None:
        raise SkippedError("no reference is shipped for the bundled model: run tools/sentence_reference.py")
    ranks = measure_rank_one(vectors, FlatVectorStore, reference)
    mean, worst = mean_and_worst(ranks.aligned)
    (one, other), _ = min(ranks.aligned.items(), key=lambda item: item[1])
    yield Figure("ntrex.rank_one.mean", mean, "12 directions, mutual margins")
    yield Figure("ntrex.rank_one.worst", worst, f"{one} to {other}")
    mean, worst = mean_and_worst(ranks.searched)
    yield Figure("ntrex.search.rank_one.mean", mean, f"one question at a time; worst {worst:.3f}")
    for pool in ("corpus", "article"):
        figures = measure_open_set(news.documents, vectors, reference, pool)
        (one, other), _ = min(figures.directions.items(), key=lambda item: item[1])
        yield Figure(f"open_set.{pool}.f1", figures.f1, f"as shipped {figures.f1_as_shipped:.3f}")
        yield Figure(f"open_set.{pool}.worst", figures.worst, f"{one} to {other}")
    asked = measure_who_reports(news, vectors, Judge(), reference)
    by_language = ", ".join(f"{code} {f1:.3f}" for code, f1 in asked.languages.items())
    yield Figure("who_reports.f1", asked.f1, by_language)


def _stories(material: Material) -> Iterator[Figure]:
    """Planted corpus: stories among 244 articles of one day, groups inside them."""
    from xsource.align import shipped_reference
    from xsource.embed.bundled import BundledEmbedder

    corpus = load_planted(_bench(material))
    embedder = BundledEmbedder()
    reference = shipped_reference(embedder.id)
    if reference is None:
        raise SkippedError("no reference is shipped for the bundled model: run tools/sentence_reference.py")
    figures = measure_stories(corpus, embedder.embed([s.text for s in corpus.sentences]), reference)
    yield Figure("stories.f1", figures.f1, _precision_recall(figures))


def _precision_recall(figures: object) -> str:
    return f"precision {figures.precision:.3f}, recall {figures.recall:.3f}"  # type: ignore[attr-defined]


def _planted(material: Material) -> Iterator[Figure]:
    """Planted corpus, from articles to JSON, by the benchmark's own scorer."""
    figures = measure_planted(_bench(material))
    for kind, f1 in figures.f1.items():
        languages = ", ".join(f"{code} {count}" for code, count in figures.by_language[kind].items())
        detail = (
            f"precision {figures.precision[kind]:.3f}, recall {figures.recall[kind]:.3f}; found {languages}"
        )
        yield Figure(f"planted.{kind}.f1", f1, detail)
    yield Figure("planted.number.recall", figures.recall["number"])
    yield Figure("planted.number.precision", figures.precision["number"])
    yield Figure("planted.macro_f1", figures.macro_f1, "five kinds")
    yield Figure("planted.false_alarms", figures.false_alarms_per_100_sentences, "per 100 sentences, all kinds")


def _guard(material: Material) -> Iterator[Figure]:
    """NTREX: planted faults that the guard sees, and human translations that it marks in vain."""
    figures = evaluate_guard(load_ntrex(_bench(material)).lines)
    for kind, recall in figures.recall.items():
        yield Figure(f"guard.{kind.replace(' ', '_')}", recall, "recall on 100 planted faults")
    by_direction = ", ".join(f"{code} {share:.3f}" for code, share in figures.false_alarms_by_direction.items())
    yield Figure("guard.false_alarms", figures.false_alarms, by_direction)


def _reports(material: Material) -> Iterator[Figure]:
    """Independent reports of events not trained on: pairs, groups, stories, questions, reliability."""
    import json
    import tempfile

    from xsource.evaluate.reports import measure_reports, write_articles
    from xsource.pipeline import build, open_reader
    from xsource.settings import Settings

    settings = Settings(translate=False)
    for name in ("short", "rolling"):
        path = _bench(material) / "reports" / f"{name}.jsonl"
        events = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        with tempfile.TemporaryDirectory() as place:
            articles = Path(place) / "articles.jsonl"
            write_articles(events, articles)
            build([articles], Path(place) / "index", settings)
            with open_reader(Path(place) / "index", settings) as reader:
                figures = measure_reports(events, reader.compare(), reader.who_reports)
        for figure in fields(figures):
            yield Figure(f"reports.{name}.{figure.name}", getattr(figures, figure.name))


def _corpora(material: Material) -> Iterator[Figure]:
    """The shipped corpora against their gold: pairs, divergences found, false alarms, questions answered."""
    import tempfile

    from xsource.pipeline import build, open_reader
    from xsource.records import ALL_KINDS
    from xsource.settings import Settings

    if material.corpora is None:
        raise SkippedError("the shipped corpora are not here: run this in a checkout")
    folders = sorted(path for path in material.corpora.iterdir() if (path / "gold.jsonl").is_file())
    settings = Settings(translate=False, detectors=ALL_KINDS)
    with tempfile.TemporaryDirectory() as place:
        build(folders, Path(place) / "index", settings)
        with open_reader(Path(place) / "index", settings) as reader:
            comparison = reader.compare()
            outlet_of = {article.source: article.outlet_id for article in reader.articles()}
            questions = [asked for folder in folders for asked in read_questions(folder / "gold.jsonl")]
            named = measure_questions(questions, reader.who_reports, outlet_of)
    yield Figure("questions.precision", named.precision, f"{named.right} of {named.named} outlets named")
    yield Figure("questions.recall", named.recall, f"{named.right} of {named.reporting} outlets that report")
    yield Figure(
        "questions.nobody",
        named.nobody_right / max(1, named.nobody),
        f"{named.nobody_right} of {named.nobody} questions that nobody reports",
    )
    yield Figure(
        "questions.differs.recall",
        named.differing_found / max(1, named.differing),
        f"{named.differing_found} of {named.differing} outlets that contradict the question",
    )
    yield Figure("questions.differs.false_alarms", named.agreeing_flagged, f"of {named.agreeing} that do not")
    for folder in folders:
        figures = measure_gold(folder, comparison)
        share = (figures.found + figures.found_as_neighbour) / max(1, figures.divergences)
        missed = ", ".join(sorted({line.kind for line in figures.missed})) or "nothing"
        count = (
            f"{figures.found} and {figures.found_as_neighbour} as a neighbouring kind, of {figures.divergences}"
        )
        name = folder.name.replace("-", "_")
        yield Figure(f"corpora.{name}.found", share, f"{count}; missed {missed}")
        yield Figure(f"corpora.{name}.false_alarms", len(figures.false_alarms))
        yield Figure(f"corpora.{name}.pair_precision", figures.pairs_precision)
        yield Figure(f"corpora.{name}.pair_recall", figures.pairs_recall)


def _contradictions(material: Material) -> Iterator[Figure]:
    """XNLI, HebNLI, ANS: of the pairs flagged by number, actor and polarity, those labelled contradictions."""
    from xsource.evaluate.labelled_pairs import KINDS, measure_labelled_pairs
    from xsource.registry import open_detectors, open_scorer
    from xsource.settings import Settings

    settings = Settings(detectors=KINDS)
    measured = measure_labelled_pairs(
        _bench(material), open_detectors(settings), open_scorer(settings), settings.min_confidence
    )
    for name, figures in measured.items():
        detail = f"{figures.right} of {figures.flagged} flagged; recall {figures.recall:.3f}"
        yield Figure(f"contradictions.{name.replace(' ', '_')}.precision", figures.precision, detail)
    flagged = sum(figures.flagged for figures in measured.values())
    right = sum(figures.right for figures in measured.values())
    yield Figure(
        "contradictions.precision", right / flagged if flagged else 1.0, f"{right} of {flagged} flagged"
    )


def _names(material: Material) -> Iterator[Figure]:
    """Names: found where people marked them, and matched across scripts."""
    from xsource.evaluate.names import measure_finding, measure_matching, pool

    bench = _bench(material)
    matched = measure_matching(bench)
    weakest = min(matched, key=lambda pair: matched[pair].f1)
    pooled = pool(matched.values())
    detail = f"{pooled.true_pairs} true, {pooled.false_pairs} false pairs; weakest {'-'.join(weakest)} "
    yield Figure("names.matching.f1", pooled.f1, f"{detail}{matched[weakest].f1:.3f}")
    for name, found in measure_finding(bench).items():
        yield Figure(f"names.finding.{name}.precision", found.precision)
        yield Figure(f"names.finding.{name}.recall", found.recall)


def _segmentation(material: Material) -> Iterator[Figure]:
    """NTREX: ends of sentences found, and sentences kept as claims."""
    from xsource.evaluate.segmentation import measure_ntrex

    for figures in measure_ntrex(_bench(material)):
        detail = f"precision {figures.precision:.3f}, recall {figures.recall:.3f}"
        yield Figure(f"sentences.{figures.language}.f1", figures.f1, detail)
        yield Figure(f"claims.{figures.language}.kept", figures.claim_share)


def _pages(material: Material) -> Iterator[Figure]:
    """Our own pages: the article's words, headline and day, and the furniture that is left in it."""
    from xsource.evaluate.pages import EXPECTED, measure_pages

    folder = (material.corpora or Path("corpora")).resolve().parent / "tests" / "data" / "pages"
    if not (folder / EXPECTED).is_file():
        raise SkippedError("the pages are not here: run this in a checkout")
    figures = measure_pages(folder)
    yield Figure(
        "pages.f1", figures.f1, f"{figures.pages} pages; worst {figures.worst[0]} {figures.worst[1]:.3f}"
    )
    yield Figure("pages.titles", figures.titles)
    yield Figure("pages.dates", figures.dates)
    yield Figure("pages.dates.wrong_in_silence", figures.wrong_in_silence, "by more than a day")
    yield Figure("pages.furniture", figures.furniture, "share of the lines of text")


MEASURES: Mapping[str, Measure] = {
    "reports": _reports,
    "alignment": _alignment,
    "stories": _stories,
    "planted": _planted,
    "corpora": _corpora,
    "names": _names,
    "contradictions": _contradictions,
    "segmentation": _segmentation,
    "pages": _pages,
    "guard": _guard,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the evaluation: a figure held against its floor, or a measure that was skipped."""

    measure: str
    figure: Figure | None
    verdict: Verdict | Literal["skipped"]
    floor: Floor | None = None
    why: str = ""


def run_measures(names: Sequence[str], material: Material) -> Iterator[Row]:
    """Make measures, all when none are named, and hold their figures against the floors.

    Raises:
        InputError: a name is no measure.
    """
    for name in names:
        if name not in MEASURES:
            raise InputError(f'"{name}" is no measure, expected some of {", ".join(MEASURES)}')
    floors = read_floors()
    for name in names or MEASURES:
        try:
            for figure in MEASURES[name](material):
                floor = floors.get(figure.name)
                yield Row(name, figure, floor.judge(figure.value) if floor else "no floor", floor)
        except SkippedError as reason:
            yield Row(name, None, "skipped", why=str(reason))
