"""Make the labelled pairs that the contradiction head learns from: planted reversals, and controls.

News sentences carry most of the weight, because news is what the head will read: every sentence is reversed
in several places and ways, most often by a plain "not", in English and in its translations. Controls look like
reversals and are none: a true translation that denies where the other does not, two reversals that cancel out,
a denial of the neighbouring sentence, another number or name, a frame that only reports.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

from plant_reversals import (
    DENYING,
    REPORTING,
    Edit,
    Pair,
    Planter,
    change_name,
    change_number,
    cut_clause,
    is_statement,
    natural_reversals,
)

from xsource.facts.polarity import read_polarity
from xsource.records import Language

Counts = Mapping[str, tuple[int, float]]

NEWS = ("flores", "tico", "xquad", "ud-pud")
LONG_SENTENCE = 80  # characters, of the longer one of a pair
# Of the pairs made of everyday sentences, which are the most: those of news are all taken.
EVERYDAY_SHARE = 0.15
SHORT_STATEMENT = 9  # English words
TWICE_SHARE = 0.15
NEIGHBOUR_SHARE = 0.2
# True translations of which only one denies in words ("stayed up", "не спали") are the hardest controls.
HARD_CONTROLS = 3
# How many edits of each kind one news sentence gets, and with which probability: in English, which most
# sentences have a translation from, and in the others. Opposites planted in long sentences ("first" for "last")
# often reverse nothing.
EDITS_OF_ENGLISH: Counts = {"taken away": (2, 1.0), "plain": (2, 1.0), "other": (1, 1.0), "opposite": (1, 0.12)}
EDITS_OF_OTHERS: Counts = {"taken away": (1, 1.0), "plain": (1, 1.0), "other": (1, 0.4), "opposite": (1, 0.08)}
TRIES = 4  # each chooses other places of a sentence


@dataclass(frozen=True, slots=True)
class Item:
    """One statement in two or more languages."""

    texts: dict[str, str]
    is_news: bool
    is_kept_aside: bool


def read_items(folder: Path) -> tuple[list[Item], dict[str, list[str]]]:
    """Read the parallel text, one item for each English sentence; also all the text of each language."""
    by_english: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    news: set[str] = set()
    corpus: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*.tsv")):
        language = path.name.split(".")[1].split("-")[0]
        for line in path.read_text("utf-8").splitlines():
            text, english = (part.strip() for part in line.split("\t")[:2])
            corpus[language].append(text)
            corpus["en"].append(english)
            by_english[english][language].append(text)
            if path.name.startswith(NEWS):
                news.add(english)
    items = []
    for english, others in by_english.items():
        texts = {"en": english} | {language: texts[0] for language, texts in others.items()}
        if all(is_statement(t) and len(t) < 420 for t in texts.values()):
            digest = hashlib.blake2b(english.encode(), digest_size=4).digest()
            aside = int.from_bytes(digest, "big") % 6 == 0
            items.append(Item(texts, english in news and len(english) > 45, aside))
    return items, corpus


class PairMaker:
    """Makes labelled pairs of statements: planted reversals and controls.

    Args:
        corpus: all text of each language; tells the planters which words can be denied.
        rng: chooses.
    """

    def __init__(self, corpus: dict[str, list[str]], rng: random.Random) -> None:
        self._rng = rng
        self._planters = {language: Planter(language, texts) for language, texts in corpus.items()}

    def news_pairs(self, item: Item, stranger: Item) -> Iterator[Pair]:
        """Make the pairs of one sentence of news; `stranger` is another."""
        rng, texts = self._rng, item.texts
        yield from self._translations(item)
        for language, text in texts.items():
            others = [code for code in texts if code != language]
            for edit in self._news_edits(language, text):
                for other in rng.sample(
                    others, 2 if language == "en" and len(others) > 1 and rng.random() < 0.5 else 1
                ):
                    yield Pair(edit.text, texts[other], 1, f"{language}:{edit.rule}")
                if rng.random() < 0.2:
                    yield Pair(edit.text, text, 1, f"{language}:{edit.rule}")
                yield from self._disguised(edit, language, item, stranger)
        yield from self._controls(item)

    def everyday_pairs(self, item: Item, stranger: Item) -> Iterator[Pair]:
        """Make the pairs of one everyday sentence; `stranger` is another."""
        rng, texts = self._rng, item.texts
        reversals = {}
        for language in rng.sample(list(texts), len(texts)):
            edits = self._planters[language].reversals(texts[language], rng)
            # Taking a denial away is rarer than adding one, and must be learned as well.
            edits.sort(key=lambda edit: (not edit.rule.startswith("-"), rng.random()))
            reversals[language] = edits[:2]
        yield from self._translations(item)
        for language, edits in reversals.items():
            for edit in edits[: 2 if rng.random() < 0.3 else 1]:
                others = [code for code in texts if code != language]
                other = language if rng.random() < 0.3 else rng.choice(others)
                yield Pair(edit.text, texts[other], 1, f"{language}:{edit.rule}")
                yield from self._disguised(edit, language, item, stranger)
        for one, other in combinations(reversals, 2):
            if reversals[one] and reversals[other] and len(texts["en"].split()) <= 8:
                first, second = reversals[one][0], reversals[other][0]
                if first.rule == second.rule:
                    yield Pair(first.text, second.text, 0, "both reversed")
        yield from self._controls(item)
        if rng.random() < 0.3:
            yield from self._longer(item, stranger)

    def twice_reversed(self, item: Item) -> Iterator[Pair]:
        """Deny the opposite of a short statement, which says the same again; and each of the two alone."""
        rng, texts = self._rng, item.texts
        found: dict[str, tuple[list[Edit], list[Edit], list[Edit]]] = {}
        for language, text in texts.items():
            planter = self._planters[language]
            edits = planter.reversals(text, rng)
            opposite = [edit for edit in edits if edit.rule == "opposite"]
            if opposite:
                denied = [edit for edit in edits if edit.rule in ("not", "-not")]
                again = [
                    e
                    for edit in opposite
                    for e in planter.reversals(edit.text, rng)
                    if e.rule in ("not", "-not")
                ]
                found[language] = (opposite, denied, again)
        for language, (opposite, denied, again) in found.items():
            for edits, label, rule in ((again, 0, "twice"), (opposite, 1, "opposite"), (denied, 1, "not")):
                if edits:
                    yield Pair(
                        rng.choice(edits).text, texts[rng.choice(list(texts))], label, f"{language}:{rule}"
                    )
            for _, other_denied, _ in found.values():
                if other_denied and rng.random() < 0.5:
                    yield Pair(rng.choice(opposite).text, rng.choice(other_denied).text, 0, f"{language}:each")

    def _news_edits(self, language: str, text: str) -> list[Edit]:
        """Reverse one sentence in several places, the plain ways first."""
        rng = self._rng
        found = list(
            dict.fromkeys(e for _ in range(TRIES) for e in self._planters[language].reversals(text, rng))
        )
        rng.shuffle(found)
        left = {
            kind: number
            for kind, (number, share) in (EDITS_OF_ENGLISH if language == "en" else EDITS_OF_OTHERS).items()
            if rng.random() < share
        }
        kept = []
        for edit in found:
            kind = _kind_of_edit(edit.rule)
            if left.get(kind, 0) > 0:
                left[kind] -= 1
                kept.append(edit)
        return kept

    def _translations(self, item: Item) -> Iterator[Pair]:
        for one, other in combinations(item.texts.values(), 2):
            yield Pair(one, other, 0, "translation")
        if self._rng.random() < 0.1:
            text = self._rng.choice(list(item.texts.values()))
            yield Pair(text, text, 0, "itself")

    def _disguised(self, edit: Edit, language: str, item: Item, stranger: Item) -> Iterator[Pair]:
        """Now and then add to a reversal, or set it against something that it does not deny."""
        rng, draw = self._rng, self._rng.random()
        other = rng.choice([code for code in item.texts if code != language])
        if draw < 0.05:
            reported = self._planters[other].frame(item.texts[other], REPORTING, rng)
            yield Pair(edit.text, reported, 1, "reported reversal")
        elif draw < 0.1:
            yield Pair(
                self._planters[language].aside(edit.text, rng), item.texts[other], 1, "reversal and aside"
            )
        elif draw < 0.2:
            yield Pair(edit.text, rng.choice(list(stranger.texts.values())), 0, "stranger")

    def _controls(self, item: Item) -> Iterator[Pair]:
        rng, texts = self._rng, item.texts
        language, *others = rng.sample(list(texts), len(texts))
        other = rng.choice(others if rng.random() < 0.7 else [language, *others])
        planter = self._planters[language]
        changed = change_number(texts[language], rng) or change_name(texts[language], language, rng)
        if changed and rng.random() < 0.7:
            yield Pair(changed, texts[other], 0, "other number or name")
        draw = rng.random()
        if draw < 0.14:
            yield Pair(planter.frame(texts[language], DENYING, rng), texts[other], 1, "denied")
            if rng.random() < 0.3 and other != language:
                both = self._planters[other].frame(texts[other], DENYING, rng)
                yield Pair(planter.frame(texts[language], DENYING, rng), both, 0, "both denied")
        elif draw < 0.34:
            yield Pair(planter.frame(texts[language], REPORTING, rng), texts[other], 0, "reported")
        elif draw < 0.54:
            yield Pair(planter.aside(texts[language], rng), texts[other], 0, "aside")
        elif draw < 0.7 and (cut := cut_clause(texts[language])):
            yield Pair(cut, texts[other], 0, "cut")

    def _longer(self, item: Item, stranger: Item) -> Iterator[Pair]:
        """Set a statement in two sentences against the same or the contrary alone."""
        rng = self._rng
        language = rng.choice([code for code in item.texts if code in stranger.texts])
        whole = [item.texts[language], stranger.texts[language]]
        rng.shuffle(whole)
        joined = " ".join(text if text.endswith((".", "!")) else text + "." for text in whole)
        other = rng.choice(list(item.texts))
        yield Pair(joined, item.texts[other], 0, "within")
        if edits := self._planters[other].reversals(item.texts[other], rng):
            yield Pair(joined, rng.choice(edits).text, 1, "within reversed")


def _kind_of_edit(rule: str) -> str:
    if rule.startswith("-"):
        return "taken away"
    if rule in ("not", "there is no"):
        return "plain"
    return "opposite" if rule == "opposite" else "other"


def make_pairs(folder: Path, seed: int) -> tuple[list[Pair], list[Pair]]:
    """Make the pairs to train on, and those of the statements kept aside (`Item.is_kept_aside`)."""
    items, corpus = read_items(folder)
    maker = PairMaker(corpus, random.Random(seed))
    train = make_part(maker, [item for item in items if not item.is_kept_aside], random.Random(seed))
    aside = make_part(maker, [item for item in items if item.is_kept_aside], random.Random(seed))
    for language, texts in corpus.items():
        train.extend(
            Pair(one, other, 1, f"{language}:natural") for one, other in natural_reversals(texts, language)
        )
    hard = [pair for pair in train if pair.rule == "translation" and is_long(pair) and denials_differ(pair)]
    return train + hard * (HARD_CONTROLS - 1), aside


def make_part(maker: PairMaker, items: Sequence[Item], rng: random.Random) -> list[Pair]:
    """Make the pairs of some statements, most of them of the sentences of news."""
    news = [item for item in items if item.is_news]
    everyday = [item for item in items if not item.is_news]
    pairs = [pair for item in news for pair in maker.news_pairs(item, rng.choice(news))]
    near = neighbours(items, pairs, rng)
    for item in rng.sample(everyday, round(EVERYDAY_SHARE * len(everyday))):
        pairs.extend(maker.everyday_pairs(item, rng.choice(everyday)))
    short = [item for item in everyday if len(item.texts["en"].split()) <= SHORT_STATEMENT]
    twice = [pair for item in short for pair in maker.twice_reversed(item)]
    pairs.extend(rng.sample(twice, round(TWICE_SHARE * len(twice))))
    pairs.extend(rng.sample(near, round(NEIGHBOUR_SHARE * len(near))))
    return pairs


def is_long(pair: Pair) -> bool:
    """Whether a pair has a sentence as long as those of news."""
    return max(len(pair.left), len(pair.right)) > LONG_SENTENCE


def neighbours(items: Sequence[Item], pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """Set planted reversals against the sentence after the one that they reverse: it is not denied.

    Without them a head takes any denial about the same people for a contradiction.
    """
    following: dict[str, Item] = {}
    for item, after in pairwise(item for item in items if item.is_news):
        one, other = (set(x.texts["en"].lower().split()) for x in (item, after))
        if len(one & other) < 0.5 * len(one | other):
            following |= dict.fromkeys(item.texts.values(), after)
    return [
        Pair(pair.left, rng.choice(list(following[pair.right].texts.values())), 0, "neighbour")
        for pair in pairs
        if pair.right in following and (pair.label or (pair.rule == "translation" and denials_differ(pair)))
    ]


def denials_differ(pair: Pair) -> bool:
    """Whether one of two sentences has more denying words than the other."""
    left, right = (read_polarity(text, language_of(text)) for text in (pair.left, pair.right))
    return len(left.cues) != len(right.cues)


def language_of(text: str) -> Language:
    """Tell the language by the script: each of ours has its own."""
    scripts: tuple[tuple[Language, str], ...] = (
        ("ru", "[а-яё]"),
        ("he", "[א-ת]"),
        ("ar", "[ء-ي]"),
        ("en", "[a-z]"),
    )
    return max(scripts, key=lambda row: len(re.findall(row[1], text.lower())))[0]
