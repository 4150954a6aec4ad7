"""How well names are found in a sentence, and how well they are matched across scripts.

**Finding.** PAN-X (ar, he, ru, en; silver), NEMO (he, gold) and factRuEval (ru, gold). A gold name is found
when a mention covers it by an intersection over union of at least one half, in characters: the sets disagree on
whether a title, a quotation mark or a clitic belongs to a name. Kinds are not compared. PAN-X is Wikipedia: its
sentences are titles and lists, often without a verb, and its lower-case words are often marked as names.

**Matching.** True pairs are found in NTREX without looking at how words sound: an English word that is always
capitalised and no ordinary word, and one word of the other language that stands in exactly the same lines, two
or more, when no other word of either language does. They are mostly spelled names, with some translated ones
(GOP) and a few mistakes of the construction, which count as misses. Pairs without English go through it.
A false pair joins names of different lines. No line of NTREX was used to choose a threshold.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from xsource.evaluate.bench import load_ntrex
from xsource.facts.names import NameMention, NamePart, names
from xsource.facts.names_matching import is_same_name
from xsource.facts.names_tokens import name_words
from xsource.facts.spelling import base_forms
from xsource.facts.text.folding import fold_name as fold
from xsource.facts.words import WORD, is_ordinary
from xsource.records import LANGUAGES, Language

FALSE_PAIRS = 5000
_HEBREW_CLITICS = frozenset("והבלכמש")
_LEAST_OVERLAP = 0.5

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FoundNames:
    """Counts of one set. `right` counts gold names that a mention covers, each mention once."""

    gold: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """Part of the mentions that are gold names, 0..1; 0 when nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Part of the gold names that were found, 0..1; 0 when there are none."""
        return self.right / self.gold if self.gold else 0.0


@dataclass(frozen=True, slots=True)
class MatchedPairs:
    """Decisions over pairs of names in two languages."""

    true_pairs: int
    false_pairs: int
    true_accepted: int
    false_accepted: int

    @property
    def precision(self) -> float:
        """Part of the accepted pairs that are true, 0..1; 0 when none was accepted."""
        accepted = self.true_accepted + self.false_accepted
        return self.true_accepted / accepted if accepted else 0.0

    @property
    def recall(self) -> float:
        """Part of the true pairs that were accepted, 0..1; 0 when there are none."""
        return self.true_accepted / self.true_pairs if self.true_pairs else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two, 0..1."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def measure_finding(bench: Path) -> dict[str, FoundNames]:
    """Measure name finding on every set: `panx-ar` and so on, `nemo-he`, `factrueval-ru`."""
    figures = {
        f"panx-{code}": _compare(_tagged_sentences(bench / "panx" / f"dev-{code}.tsv", "\t"), code)
        for code in LANGUAGES
    }
    figures["nemo-he"] = _compare(_hebrew_sentences(bench / "nemo" / "dev.bmes"), "he")
    figures["factrueval-ru"] = _compare(_fact_ru_eval(bench / "factrueval" / "devset"), "ru")
    return figures


def _compare(sentences: Iterable[tuple[str, Sequence[Span]]], language: str) -> FoundNames:
    gold = found = right = 0
    for text, spans in sentences:
        mentions = [(mention.start, mention.end) for mention in names(text, language)]
        gold += len(spans)
        found += len(mentions)
        for span in spans:
            covering = next(
                (mention for mention in mentions if _overlap(span, mention) >= _LEAST_OVERLAP), None
            )
            if covering:
                mentions.remove(covering)
                right += 1
    return FoundNames(gold, found, right)


def _overlap(left: Span, right: Span) -> float:
    common = min(left[1], right[1]) - max(left[0], right[0])
    return common / (max(left[1], right[1]) - min(left[0], right[0])) if common > 0 else 0.0


def _tagged_sentences(path: Path, separator: str) -> Iterator[tuple[str, Sequence[Span]]]:
    """Read `word SEPARATOR tag` lines, sentences divided by empty ones; tags are IOB2 or BMES."""
    for block in path.read_text("utf-8").split("\n\n"):
        text, spans, start = "", list[Span](), -1
        for line in block.splitlines():
            word, _, tag = line.rpartition(separator)
            if start >= 0 and tag[:1] in "OBS":
                spans.append((start, len(text)))
                start = -1
            text += " " if text else ""
            if tag[:1] in "BS":
                start = len(text)
            text += word
        if start >= 0:
            spans.append((start, len(text)))
        if text:
            yield text, spans


def _hebrew_sentences(path: Path) -> Iterator[tuple[str, Sequence[Span]]]:
    """Read NEMO, whose words are cut into morphemes: one-letter clitics are joined to the word after them."""
    for text, spans in _tagged_sentences(path, " "):
        places, joined = [], ""
        for match in re.finditer(r"\S+|\s+", text):
            places += [len(joined)] * (match.end() - match.start())
            if not match.group().isspace() or joined.rsplit(" ", maxsplit=1)[-1] not in _HEBREW_CLITICS:
                places[match.start() :] = range(len(joined), len(joined) + match.end() - match.start())
                joined += match.group()
        places.append(len(joined))
        yield joined, [(places[start], places[end]) for start, end in spans]


def _fact_ru_eval(folder: Path) -> Iterator[tuple[str, Sequence[Span]]]:
    """Read texts paragraph by paragraph; a name is an object's spans that are names and not descriptions."""
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text("utf-8")
        pieces = {}
        for line in path.with_suffix(".spans").read_text("utf-8").splitlines():
            span_id, kind, start, length = line.split()[:4]
            if not kind.endswith(("descr", "job", "geo_adj")):
                pieces[span_id] = int(start), int(start) + int(length)
        objects = set()
        for line in path.with_suffix(".objects").read_text("utf-8").splitlines():
            words = line.partition("#")[0].split()
            own = [pieces[span_id] for span_id in words[2:] if span_id in pieces]
            if own:
                objects.add((min(start for start, _ in own), max(end for _, end in own)))
        for match in re.finditer(r"[^\n]+", text):
            inside = [span for span in objects if match.start() <= span[0] and span[1] <= match.end()]
            yield match.group(), sorted((start - match.start(), end - match.start()) for start, end in inside)


def measure_matching(bench: Path, seed: int = 0) -> dict[tuple[Language, Language], MatchedPairs]:
    """Measure cross-script matching for each two languages, with `FALSE_PAIRS` false pairs each."""
    concordance = _concordance(bench)
    figures = {}
    for left, right in combinations(LANGUAGES, 2):
        both = [(row[left], row[right]) for row in concordance if left in row and right in row]
        figures[left, right] = _decide(both, random.Random(seed))  # noqa: S311 - a sample, no secret
    return figures


def pool(figures: Iterable[MatchedPairs]) -> MatchedPairs:
    """Add up the decisions of several pairs of languages."""
    counts = [(f.true_pairs, f.false_pairs, f.true_accepted, f.false_accepted) for f in figures]
    return MatchedPairs(*(sum(column) for column in zip(*counts, strict=True)))


def _decide(pairs: Sequence[tuple[NameMention, NameMention]], rng: random.Random) -> MatchedPairs:
    false_accepted = false_pairs = 0
    while false_pairs < FALSE_PAIRS and len(pairs) > 1:
        (left, _), (_, right) = rng.sample(pairs, 2)
        false_pairs += 1
        false_accepted += is_same_name(left, right)
    accepted = sum(is_same_name(left, right) for left, right in pairs)
    return MatchedPairs(len(pairs), false_pairs, accepted, false_accepted)


@cache
def _concordance(bench: Path) -> tuple[Mapping[Language, NameMention], ...]:
    """Find the words of NTREX that stand in the same lines as an English name, by language."""
    news = load_ntrex(bench)
    english = _lines_of_english_names(news.lines["en"])
    rows: dict[str, dict[Language, NameMention]] = {}
    for word, lines in english.items():
        rows[word] = {"en": _mention(word, news.lines["en"][min(lines)], "en")}
    for language in LANGUAGES:
        if language == "en":
            continue
        by_lines = _words_by_lines(news.lines[language], language)
        for word, lines in english.items():
            families = _families(by_lines.get(lines, ()))
            if len(families) == 1:
                text = news.lines[language][min(lines)]
                rows[word][language] = _mention(_printed(families[0], text, language), text, language)
    return tuple(row for row in rows.values() if len(row) > 1)


def _lines_of_english_names(lines: Sequence[str]) -> dict[str, frozenset[int]]:
    """Give the words that are capitalised wherever they stand and alone in their set of two or more lines."""
    upper: dict[str, set[int]] = defaultdict(set)
    inside, lower = set(), set()
    for number, line in enumerate(lines):
        for place, match in enumerate(WORD.finditer(line)):
            word = match.group().removesuffix("'s").removesuffix("’s")
            if word[0].isupper():
                upper[word].add(number)
                inside |= {word} if place else set()
            else:
                lower.add(word)
    no_names = name_words("en").capitalised
    by_lines: dict[frozenset[int], list[str]] = defaultdict(list)
    for word, own in upper.items():
        if len(own) < 2 or len(word) < 3 or word not in inside or word.lower() in lower | no_names:
            continue
        if not is_ordinary(word, "en"):
            by_lines[frozenset(own)].append(word)
    return {words[0]: own for own, words in by_lines.items() if len(words) == 1}


def _words_by_lines(lines: Sequence[str], language: Language) -> dict[frozenset[int], list[str]]:
    """Give words without their clitics, and stems of capitalised Russian words, by the lines that have them."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(lines):
        for word in WORD.findall(line):
            if language == "ru":
                folded = fold(word)
                stems = [folded[:size] for size in range(max(3, len(folded) - 3), len(folded) + 1)]
                for stem in stems if word[0].isupper() else ():
                    numbers[stem].add(number)
            else:
                for form in base_forms(word, language):
                    numbers[form].add(number)
    by_lines: dict[frozenset[int], list[str]] = defaultdict(list)
    for form, own in numbers.items():
        by_lines[frozenset(own)].append(form)
    return by_lines


def _families(forms: Sequence[str]) -> list[str]:
    """Give the longest of forms that are parts of one another; several when there are several words."""
    families: list[str] = []
    for form in sorted(forms, key=len, reverse=True):
        if not any(form in longer for longer in families):
            families.append(form)
    return families


def _printed(form: str, text: str, language: Language) -> str:
    for word in WORD.findall(text):
        if form in base_forms(word, language) or (language == "ru" and fold(word).startswith(form)):
            return str(word)
    return form


def _mention(word: str, text: str, language: Language) -> NameMention:
    """Read a word as `names` does: with its concept when the gazetteer has it, otherwise as a lone word."""
    part = NamePart(word, 0, len(word), is_ordinary=False, key="")
    for mention in names(text, language):
        if mention.concept and [part.word for part in mention.parts] == [word]:
            return mention
    return NameMention("unknown", word, 0, len(word), language, (part,))
