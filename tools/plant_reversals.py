"""Plant reversed statements in parallel text, in four languages, by several rules, with controls.

A model that is shown only "is" made "is not" in English learns to smell the edit. So every language is edited,
in both directions (a denial added, a denial taken away), by negation, cessation, failure, refusal, denial and
opposite words; a true translation of a negative sentence is a control, and so is a sentence with the same edit
on both sides, with another number, with a reporting frame, or with a denial of something that the other side
does not speak of.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from xsource.languages import language_table

WORD = re.compile(r"\w[\w'’״\"׳]*\w|\w")
ARABIC_MARKS = re.compile("[\u064b-\u0652\u0640]")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences, whether one denies the other (1 or 0), and what made them so."""

    left: str
    right: str
    label: int
    rule: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence made to say the contrary, and by which rule (`-` in the rule: a denial was taken away)."""

    text: str
    rule: str


TABLES = tomllib.loads(Path(__file__).with_name("reversals.toml").read_text("utf-8"))
LANGUAGES = ("en", "ru", "ar", "he")
DENYING: dict[str, list[str]] = {language: TABLES[language]["denying"] for language in LANGUAGES}
REPORTING: dict[str, list[str]] = {language: TABLES[language]["reporting"] for language in LANGUAGES}

_PAST: dict[str, str] = TABLES["english_verbs"]["past"]
_PRESENT = frozenset(TABLES["english_verbs"]["present"])
_ARABIC_DENIED = dict(TABLES["arabic_verbs"]["denied"])
_ARABIC_STATED = dict(TABLES["arabic_verbs"]["stated"])
_SUBJECTS = frozenset({"i", "you", "he", "she", "it", "we", "they", "who", "that", "tom", "mary"})
_DENYING_PAST = (
    ("did not", "not"),
    ("didn't", "not"),
    ("failed to", "fail"),
    ("was unable to", "fail"),
    ("refused to", "refuse"),
    ("declined to", "refuse"),
)
_AUX = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should|did|does|must|may)\b(?! not|n't|'| \w+n't)"
)
_CONTRACTED = {"won't": "will", "can't": "can", "cannot": "can", "shan't": "shall", "ain't": "is"}


def is_statement(text: str) -> bool:
    """Questions and requests have no polarity to reverse."""
    return not re.search(r"[?؟!]", text) and len(WORD.findall(text)) >= 3


def normal(text: str) -> str:
    """Compare words without case, vowel signs and ё."""
    return ARABIC_MARKS.sub("", text).casefold().replace("ё", "е").replace("’", "'")


def lower_first(text: str, vocabulary: Counter[str]) -> str:
    """Put the first letter in lower case unless the word looks like a name."""
    first = WORD.search(text)
    if first and vocabulary[first[0][:1].lower() + first[0][1:]] > 0 and first[0] != "I":
        return text[: first.start()] + text[first.start()].lower() + text[first.start() + 1 :]
    return text


def substitute(text: str, start: int, end: int, words: str) -> str:
    """Replace a span, keeping a capital at the start of the sentence and single spaces."""
    if start == 0 and words and text[:1].isupper():
        words = words[0].upper() + words[1:]
    joined = (
        re.sub(r" {2,}", " ", text[:start] + words + text[end:]).replace(" .", ".").replace(" ,", ",").strip()
    )
    return joined[:1].upper() + joined[1:] if text[:1].isupper() else joined


@cache
def opposites(language: str) -> dict[str, tuple[str, ...]]:
    """Give for each form the forms that say the contrary, from the language table and the everyday list."""
    found: dict[str, list[str]] = defaultdict(list)
    everyday = TABLES[language]["everyday"]
    table = language_table(language, "polarity")["opposites"].values()
    pairs = [*everyday, *(p for c in table for p in zip(c["one"], c["other"], strict=False))]
    for one, other in pairs:
        if "*" not in one + other and one != other:
            found[one].append(other)
            found[other].append(one)
    return {form: tuple(dict.fromkeys(others)) for form, others in found.items()}


class Planter:
    """Reverses sentences of one language; the corpus tells which words can follow a negator there.

    Args:
        language: one of ours.
        corpus: its sentences, all of them.
    """

    def __init__(self, language: str, corpus: Sequence[str]) -> None:
        self.language = language
        self.vocabulary: Counter[str] = Counter()
        self.after: dict[str, Counter[str]] = defaultdict(Counter)
        for text in corpus:
            words = WORD.findall(text)
            self.vocabulary.update(words)
            plain = [normal(w) for w in words]
            for a, b in pairwise(plain):
                if a in {"не", "לא", "لا", "لم", "لن", "ما", "אינו", "אין"}:
                    self.after[a][b] += 1
        self.plain_counts: Counter[str] = Counter()
        for word, count in self.vocabulary.items():
            self.plain_counts[normal(word)] += count

    def reversals(self, text: str, rng: random.Random) -> list[Edit]:
        """Give the sentence made to say the contrary, in every way that applies, one site for each way."""
        if not is_statement(text):
            return []
        rules: dict[str, tuple[Callable[[str], Iterator[Edit]], ...]] = {
            "en": (self._english_add, self._english_verbs, self._english_remove),
            "ru": (self._russian,),
            "he": (self._hebrew,),
            "ar": (self._arabic,),
        }
        by_rule: dict[str, list[Edit]] = defaultdict(list)
        for rule in (*rules[self.language], self._opposite):
            for edit in rule(text):
                if edit.text != text:
                    by_rule[edit.rule].append(edit)
        return [rng.choice(edits) for edits in by_rule.values()]

    def frame(self, text: str, frames: dict[str, list[str]], rng: random.Random) -> str:
        """Put a sentence into a denying or reporting frame."""
        frame = rng.choice(frames[self.language])
        inner = lower_first(text, self.vocabulary)
        return frame.format(inner.rstrip(".") if not frame.endswith("{}") else inner)

    def aside(self, text: str, rng: random.Random) -> str:
        """Add a denial of something else."""
        end = "." if text.endswith(".") else ""
        return text.removesuffix(".") + rng.choice(TABLES[self.language]["asides"]) + end

    def _words(self, text: str) -> list[tuple[int, int, str]]:
        return [(m.start(), m.end(), normal(m[0])) for m in WORD.finditer(text)]

    def _opposite(self, text: str) -> Iterator[Edit]:
        words = self._words(text)
        table = opposites(self.language)
        for n in (1, 2):
            for i in range(len(words) - n + 1):
                span = words[i : i + n]
                for other in table.get(" ".join(w for _, _, w in span), ()):
                    yield Edit(substitute(text, span[0][0], span[-1][1], other), "opposite")

    def _english_add(self, text: str) -> Iterator[Edit]:
        for match in _AUX.finditer(text):
            aux = match[1]
            start, end = match.span()
            yield Edit(substitute(text, start, end, "cannot" if aux == "can" else f"{aux} not"), "not")
            yield Edit(substitute(text, start, end, f"{aux} no longer"), "no longer")
            yield Edit(substitute(text, start, end, f"{aux} never"), "never")
            if aux not in ("may", "must"):
                short = {"can": "can't", "will": "won't"}.get(aux, f"{aux}n't")
                yield Edit(substitute(text, start, end, short), "not")
            if aux in ("will", "would", "should", "could", "can"):
                yield Edit(substitute(text, start, end, f"{aux} refuse to"), "refuse")
                yield Edit(substitute(text, start, end, f"{aux} fail to"), "fail")
            if aux == "can":
                yield Edit(substitute(text, start, end, "is unable to"), "fail")
        for match in re.finditer(r"\b(?:I['’]m|(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hat)['’]s|\w+['’]re)\b(?! not)", text):
            for words, rule in (("not", "not"), ("no longer", "no longer"), ("never", "never")):
                yield Edit(substitute(text, match.end(), match.end(), f" {words}"), rule)
        for match in re.finditer(r"\b[Tt]here (is|was|are|were) (an? |some |many )?", text):
            yield Edit(substitute(text, match.start(), match.end(), f"there {match[1]} no "), "there is no")

    def _base(self, past: str) -> str | None:
        if past in _PAST:
            return _PAST[past] if past != "was" else None
        if past.endswith("ed") and len(past) > 4:
            doubled = past[-3] == past[-4]
            bases = (
                (past[:-3] + "y",)
                if past.endswith("ied")
                else (past[:-1], past[:-2], past[:-3] if doubled else "")
            )
            seen = [b for b in bases if len(b) > 2 and self.vocabulary[b] > 1]
            return max(seen, key=lambda b: self.vocabulary[b]) if seen else None
        return None

    def _english_verbs(self, text: str) -> Iterator[Edit]:
        words = self._words(text)
        for (_, _, before), (start, end, word) in pairwise(words):
            base = self._base(word)
            opens = text[words[0][0]].isupper() and before == words[0][2] and len(before) > 2
            if base and (opens or before in _SUBJECTS):
                yield Edit(substitute(text, start, start, "never "), "never")
                for denying, rule in _DENYING_PAST:
                    yield Edit(substitute(text, start, end, f"{denying} {base}"), rule)
            if before in {"i", "you", "we", "they"} and self.vocabulary[word] > 5 and word in _PRESENT:
                yield Edit(substitute(text, start, start, "don't "), "not")
                yield Edit(substitute(text, start, start, "never "), "never")
                yield Edit(substitute(text, start, start, "no longer "), "no longer")
            if before in {"he", "she", "it", "tom", "mary"} and word.endswith("s") and word[:-1] in _PRESENT:
                yield Edit(substitute(text, start, end, f"doesn't {word[:-1]}"), "not")
                yield Edit(substitute(text, start, end, f"no longer {word}"), "no longer")
                yield Edit(substitute(text, start, end, f"refuses to {word[:-1]}"), "refuse")

    def _english_remove(self, text: str) -> Iterator[Edit]:
        for match in re.finditer(r"\b(do|does|did) ?(?:n't|n’t|not) ", text):
            yield Edit(substitute(text, *match.span(), f"{match[1]} " if match[1] != "do" else ""), "-not")
        for match in re.finditer(r"\b(\w+)n['’]t\b|\bcannot\b", text):
            whole = match[0].replace("’", "'")
            positive = _CONTRACTED.get(whole.lower(), match[1])
            if positive and positive.lower() not in ("do", "does", "did"):
                yield Edit(substitute(text, *match.span(), positive), "-not")
        for match in re.finditer(
            r"\b(?:is|are|was|were|has|have|had|will|would|could|should|did)( not)\b(?! only)", text
        ):
            yield Edit(substitute(text, *match.span(1), ""), "-not")
        for match in re.finditer(r"\b(no longer|never) ", text):
            yield Edit(
                substitute(text, *match.span(), "still " if match[1] == "no longer" else "always "), "-never"
            )
        for match in re.finditer(r"\b(?:failed|refused|declined) to ", text):
            yield Edit(substitute(text, *match.span(), "managed to "), "-fail")
        for match in re.finditer(r"\b[Tt]here(?:'s| is| was| are| were) (no )", text):
            yield Edit(substitute(text, *match.span(1), "some "), "-there is no")
        for match in re.finditer(r"\b(nobody|no one|nothing|without) ", text, re.IGNORECASE):
            word = {"nothing": "everything", "without": "with"}.get(match[1].lower(), "everyone")
            yield Edit(substitute(text, *match.span(1), word), "-nobody")

    def _can_negate(self, word: str, negators: Iterable[str], share: float) -> bool:
        seen = sum(self.after[n][word] for n in negators)
        return seen >= 2 and seen >= share * self.plain_counts[word]

    def _russian(self, text: str) -> Iterator[Edit]:
        words = self._words(text)
        for i, (start, end, word) in enumerate(words):
            before = words[i - 1][2] if i else ""
            if before not in {"не", "ни", "бы", "чтобы"} and self._can_negate(word, ["не"], 0.04):
                yield Edit(substitute(text, start, start, "не "), "not")
                if re.search(r"(л|ла|ли|ло|ет|ют|ит|ят|ем|им|у|ю|тся|лся|лись|лась)$", word):
                    yield Edit(substitute(text, start, start, "больше не "), "no longer")
                    yield Edit(substitute(text, start, start, "никогда не "), "never")
            for past, can, cannot in (
                ("л", "не смог", "отказался"),
                ("ла", "не смогла", "отказалась"),
                ("ли", "не смогли", "отказались"),
            ):
                stem = word.removesuffix(past)
                if (
                    word.endswith(past)
                    and before != "не"
                    and len(stem) > 3
                    and self.plain_counts[stem + "ть"] > 0
                ):
                    yield Edit(substitute(text, start, end, f"{cannot} {stem}ть"), "refuse")
                    yield Edit(substitute(text, start, end, f"{can} {stem}ть"), "fail")
            follows = words[i + 1][2] if i + 1 < len(words) else ""
            if word == "не" and follows not in {
                "только",
                "менее",
                "более",
                "просто",
                "позднее",
                "ранее",
                "раз",
                "мог",
                "может",
            }:
                before_start = (
                    words[i - 1][0]
                    if before in {"никогда", "больше", "уже", "нигде", "ничего", "никто"}
                    else start
                )
                still = {
                    "никогда": "всегда",
                    "больше": "всё ещё",
                    "уже": "всё ещё",
                    "ничего": "всё",
                    "никто": "каждый",
                }.get(before, "")
                yield Edit(substitute(text, before_start, end, still), "-not")
            if word == "нет":
                yield Edit(substitute(text, start, end, "есть"), "-there is no")
            if word == "без":
                yield Edit(substitute(text, start, end, "с"), "-without")
            if word == "нельзя":
                yield Edit(substitute(text, start, end, "можно"), "-not")

    def _hebrew(self, text: str) -> Iterator[Edit]:
        words = self._words(text)
        for i, (start, end, word) in enumerate(words):
            before = words[i - 1][2] if i else ""
            follows = words[i + 1][2] if i + 1 < len(words) else ""
            if before not in {"לא", "אין", "אינו", "כבר"} and self._can_negate(word, ["לא"], 0.05):
                yield Edit(substitute(text, start, start, "לא "), "not")
                yield Edit(substitute(text, start, start, "כבר לא "), "no longer")
                yield Edit(substitute(text, start, start, "מעולם לא "), "never")
                if word.startswith(("מ", "עוש", "או", "יו", "הול", "עוב")):
                    yield Edit(substitute(text, start, start, "אינו "), "not")
            if word == "לא" and follows not in {"רק", "פחות", "יותר", "מעט", "יאוחר"}:
                first = words[i - 1][0] if before in {"כבר", "מעולם", "לעולם", "פעם"} else start
                first = words[i - 2][0] if before == "פעם" and i > 1 else first
                still = {"כבר": "עדיין", "מעולם": "תמיד", "לעולם": "תמיד", "פעם": "תמיד"}.get(before, "")
                yield Edit(substitute(text, first, end, still), "-not")
            if word == "אין":
                yield Edit(substitute(text, start, end, "יש"), "-there is no")
            if word in {"אינו", "אינה", "אינם", "אינן", "אינני", "איני"} and i:
                yield Edit(substitute(text, start, end, "אני" if word in {"אינני", "איני"} else ""), "-not")
            if word in {"בלי", "ללא"}:
                yield Edit(substitute(text, start, end, "עם"), "-without")
            for past, refused, failed in (
                ("", "סירב", "לא הצליח"),
                ("ה", "סירבה", "לא הצליחה"),
                ("ו", "סירבו", "לא הצליחו"),
            ):
                stem = word.removesuffix(past) if past else word
                infinitive = f"ל{stem[:-1]}ו{stem[-1:]}"
                if (
                    len(stem) == 3
                    and word.endswith(past)
                    and before != "לא"
                    and self.plain_counts[infinitive] > 1
                    and self.after["לא"][word]
                ):
                    yield Edit(substitute(text, start, end, f"{refused} {infinitive}"), "refuse")
                    yield Edit(substitute(text, start, end, f"{failed} {infinitive}"), "fail")

    def _arabic(self, text: str) -> Iterator[Edit]:
        words = self._words(text)
        for i, (start, end, word) in enumerate(words):
            before = words[i - 1][2] if i else ""
            follows = words[i + 1][2] if i + 1 < len(words) else ""
            if before in {"لا", "لم", "لن", "ما", "ليس", "أن", "أنا"}:
                continue
            if word in _ARABIC_DENIED:
                yield Edit(substitute(text, start, end, _ARABIC_DENIED[word]), "not")
            elif word[:1] in "يتأن" and self._can_negate(word, ["لا"], 0.02):
                yield Edit(substitute(text, start, start, "لا "), "not")
                yield Edit(substitute(text, start, start, "لن "), "will not")
                yield Edit(
                    substitute(text, start, start, "لم يعد " if word[0] == "ي" else "لم تعد "), "no longer"
                )
            elif word[:1] == "س" and word[1:2] in "يتأن" and len(word) > 4 and self.plain_counts[word[1:]]:
                yield Edit(substitute(text, start, end, f"لن {word[1:]}"), "will not")
            else:
                for jussive, refused, failed in (
                    (f"ي{word}", "رفض أن", "فشل في أن"),
                    (f"ت{word.removesuffix('ت')}" if word.endswith("ت") else "", "رفضت أن", "فشلت في أن"),
                ):
                    if len(jussive) > 3 and self.after["لم"][jussive]:
                        yield Edit(substitute(text, start, end, f"لم {jussive}"), "not")
                        yield Edit(substitute(text, start, end, f"{refused} {jussive}"), "refuse")
                        yield Edit(substitute(text, start, end, f"{failed} {jussive}"), "fail")
            if not follows:
                continue
            if word == "لم" and follows in _ARABIC_STATED:
                yield Edit(substitute(text, start, words[i + 1][1], _ARABIC_STATED[follows]), "-not")
            elif word == "لم" and follows[:1] in "يت" and self.plain_counts[follows[1:]] > 0:
                feminine = follows[:1] == "ت"
                yield Edit(
                    substitute(text, start, words[i + 1][1], follows[1:] + ("ت" if feminine else "")), "-not"
                )
            elif word == "لا" and follows not in {
                "يزال",
                "تزال",
                "بد",
                "شك",
                "سيما",
                "بأس",
                "يقل",
                "أحد",
                "شيء",
            }:
                yield Edit(substitute(text, start, end, ""), "-not")
            elif word == "لن":
                yield Edit(substitute(text, start, words[i + 1][0], "س"), "-will not")
            elif word in {"ليس", "ليست", "لست", "غير", "عدم"}:
                yield Edit(substitute(text, start, end, "أنا" if word == "لست" and not i else ""), "-not")
            elif word in {"بدون", "دون", "بلا"}:
                yield Edit(substitute(text, start, end, "مع"), "-without")


def change_number(text: str, rng: random.Random) -> str | None:
    """Change one number: another divergence, not a reversal."""
    numbers = list(re.finditer(r"\d+", text))
    if not numbers:
        return None
    match = rng.choice(numbers)
    digits = match[0]
    place = rng.randrange(len(digits))
    other = rng.choice([d for d in "123456789" if d != digits[place]])
    return text[: match.start()] + digits[:place] + other + digits[place + 1 :] + text[match.end() :]


def change_name(text: str, language: str, rng: random.Random) -> str | None:
    """Put another name of the same kind: another divergence, not a reversal."""
    names: list[str] = TABLES[language]["names"]
    found = [n for n in names if re.search(rf"\b{re.escape(n)}\b", text)]
    if not found:
        return None
    old = rng.choice(found)
    half = names[:5] if names.index(old) < 5 else names[5:]
    return re.sub(rf"\b{re.escape(old)}\b", rng.choice([n for n in half if n != old]), text)


def cut_clause(text: str) -> str | None:
    """Leave out what stands after the last comma or semicolon, when enough is left."""
    at = max(text.rfind(mark) for mark in (",", "،", ";", "؛"))
    return text[:at].rstrip() + "." if at > len(text) * 0.5 and len(text[:at].split()) >= 6 else None


_DENYING_WORDS = {
    "en": re.compile(
        r"\b(?:do|does|did) not |\b(?:do|does|did)n't |n't\b|\bnot |\bnever |\bno longer |(?<=ca)nnot"
    ),
    "ru": re.compile(r"\b(?:больше не|никогда не|не) "),
    "ar": re.compile(r"\b(?:لا|ليس|ليست) "),
    "he": re.compile(r"\b(?:כבר לא|מעולם לא|אף פעם לא|לא) "),
}


def natural_reversals(texts: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Find sentences that people wrote and that differ only by a denying word."""
    by_rest: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for text in dict.fromkeys(texts):
        if is_statement(text):
            plain = normal(text)
            rest = _DENYING_WORDS[language].sub("", plain)
            by_rest[" ".join(WORD.findall(rest))][rest != plain].append(text)
    return [(a, b) for plain, denied in by_rest.values() for a in plain[:3] for b in denied[:3]]
