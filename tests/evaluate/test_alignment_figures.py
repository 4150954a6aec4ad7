"""The measures of alignment: their arithmetic on small cases, and their loaders on the benchmark data."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.align import reference_from
from xsource.align.similarity import normalise
from xsource.errors import InputError
from xsource.evaluate.bench import bench_folder, load_ntrex, load_planted
from xsource.evaluate.open_set import measure_open_set
from xsource.evaluate.rank_one import mean_and_worst, measure_rank_one
from xsource.evaluate.story_corpus import count_pairs
from xsource.records import LANGUAGES
from xsource.store.vector_stores import NumpyVectorStore


def news(documents: int, lines: int, noise: float):
    """Make parallel news whose vectors are meanings, a language's direction, and noise."""
    random = np.random.default_rng(1)
    count, dimension = documents * lines, 256
    meanings = normalise(random.normal(size=(count, dimension)).astype(np.float32))
    vectors = {}
    for code in LANGUAGES:
        direction = normalise(random.normal(size=(1, dimension)).astype(np.float32))
        blur = normalise(random.normal(size=(count, dimension)).astype(np.float32))
        vectors[code] = normalise(meanings + direction + noise * blur)
    names = [f"document {row // lines:02d}" for row in range(count)]
    background = normalise(random.normal(size=(400, dimension)).astype(np.float32))
    shifted = np.concatenate([normalise(background[:100] + own.mean(axis=0)) for own in vectors.values()])
    reference = reference_from("synthetic", shifted, [code for code in LANGUAGES for _ in range(100)])
    return names, vectors, reference


def test_clear_sentences_are_all_found_first():
    _, vectors, reference = news(5, 8, noise=0.3)
    found = measure_rank_one(vectors, NumpyVectorStore, reference)
    assert len(found.aligned) == len(found.searched) == 12
    assert mean_and_worst(found.aligned) == (1.0, 1.0)
    assert mean_and_worst(found.searched) == (1.0, 1.0)


def test_blurred_sentences_are_found_less_often():
    _, vectors, reference = news(5, 8, noise=4)
    mean, worst = mean_and_worst(measure_rank_one(vectors, NumpyVectorStore, reference).aligned)
    assert 0 < worst <= mean < 0.9


def test_the_open_set_test_rewards_silence_about_sentences_without_a_counterpart():
    names, vectors, reference = news(9, 8, noise=0.3)
    for pool in ("corpus", "article"):
        clear = measure_open_set(names, vectors, reference, pool, seeds=(0, 1))
        assert clear.f1 > 0.97
        assert clear.f1_as_shipped > 0.9
        assert clear.worst <= clear.f1
        assert len(clear.directions) == 12


def test_the_open_set_test_falls_when_nothing_corresponds():
    names, vectors, reference = news(9, 8, noise=0.3)
    shuffled = {
        code: own[np.random.default_rng(i).permutation(len(own))]
        for i, (code, own) in enumerate(vectors.items())
    }
    assert measure_open_set(names, shuffled, reference, "corpus", seeds=(0,)).f1 < 0.2


def test_the_same_seed_gives_the_same_figures():
    names, vectors, reference = news(6, 6, noise=1.5)
    once = measure_open_set(names, vectors, reference, "corpus", seeds=(3,))
    assert measure_open_set(names, vectors, reference, "corpus", seeds=(3,)) == once


def test_pairs_are_counted_by_what_is_put_together():
    perfect = count_pairs(["a", "a", "b"], [1, 1, 2])
    assert (perfect.precision, perfect.recall, perfect.f1) == (1.0, 1.0, 1.0)
    joined = count_pairs(["a", "a", "a", "a"], [1, 1, 2, 2])
    assert (joined.precision, joined.recall) == (pytest.approx(2 / 6), 1.0)
    split = count_pairs(["a", "b", "c", "d"], [1, 1, 2, 2])
    assert (split.precision, split.recall, split.f1) == (1.0, 0.0, 0.0)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=30))
def test_pair_counts_agree_with_looking_at_every_pair(labels):
    found, gold = [a for a, _ in labels], [b for _, b in labels]
    pairs = [(i, j) for i in range(len(labels)) for j in range(i)]
    together = sum(found[i] == found[j] and gold[i] == gold[j] for i, j in pairs)
    proposed = sum(found[i] == found[j] for i, j in pairs)
    existing = sum(gold[i] == gold[j] for i, j in pairs)
    figures = count_pairs(found, gold)
    assert figures.precision == (together / proposed if proposed else 1.0)
    assert figures.recall == (together / existing if existing else 1.0)


def write_ntrex(folder, lines, documents):
    (folder / "ntrex").mkdir(parents=True)
    (folder / "ntrex" / "docs.txt").write_text("\n".join(documents) + "\n", "utf-8")
    for code in LANGUAGES:
        (folder / "ntrex" / f"{code}.txt").write_text("\n".join(lines[code]) + "\n", "utf-8")


def test_a_line_with_a_rare_separator_stays_one_line(tmp_path):
    lines = {code: ["one\u2028still one", "two"] for code in LANGUAGES}
    write_ntrex(tmp_path, lines, ["a", "a"])
    assert load_ntrex(tmp_path).lines["he"] == ("one\u2028still one", "two")


def test_a_language_with_a_line_too_few_is_named(tmp_path):
    lines = {code: ["one", "two"] for code in LANGUAGES} | {"ar": ["one"]}
    write_ntrex(tmp_path, lines, ["a", "a"])
    with pytest.raises(InputError, match=r"ar\.txt: 1 lines, expected 2"):
        load_ntrex(tmp_path)


def test_a_wrong_bench_folder_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("XSOURCE_BENCH", str(tmp_path / "absent"))
    with pytest.raises(InputError, match="which is not a folder"):
        bench_folder()
    monkeypatch.setenv("XSOURCE_BENCH", str(tmp_path))
    assert bench_folder() == tmp_path


def test_planted_articles_keep_their_sentences_and_stories(tmp_path):
    folder = tmp_path / "planted"
    folder.mkdir()
    shared = {"published_at": "2018-10-01T12:00:00Z", "title": ""}
    articles = [
        {"outlet": "o-ru", "language": "ru", "url": "https://ru.example/1", "text": "Раз. Два.", **shared},
        {"outlet": "o-he", "language": "he", "url": "https://he.example/1", "text": "אחת. שתיים.", **shared},
    ]
    sentences = [
        {"story": "one", "outlet": "o-ru", "url": "https://ru.example/1", "sentence": 0, "start": 0, "end": 4},
        {"story": "one", "outlet": "o-ru", "url": "https://ru.example/1", "sentence": 2, "start": 5, "end": 9},
        {"story": "one", "outlet": "o-he", "url": "https://he.example/1", "sentence": 0, "start": 0, "end": 4},
    ]
    for name, rows in (("articles", articles), ("sentences", sentences)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    corpus = load_planted(tmp_path)
    assert corpus.stories == ("one", "one")
    assert [sentence.text for sentence in corpus.sentences] == ["Раз.", "Два.", "אחת."]
    assert corpus.lines == (0, 2, 0)


@pytest.mark.bench
@pytest.mark.skipif(bench_folder() is None, reason="no benchmark data beside the checkout or in XSOURCE_BENCH")
def test_the_benchmark_data_is_read_whole():
    folder = bench_folder()
    assert folder is not None
    ntrex, planted = load_ntrex(folder), load_planted(folder)
    assert (len(ntrex.documents), len(set(ntrex.documents))) == (971, 61)
    assert (len(planted.articles), len(set(planted.stories)), len(planted.sentences)) == (244, 61, 3779)
