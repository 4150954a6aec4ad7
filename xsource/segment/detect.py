"""Say what language a text is in: script first, then letters, then langdetect, then words and lingua in doubt.

langdetect alone calls Yiddish Hebrew at probability 1.0, never finds Belarusian, and reads "BREAKING: IDF
STRIKES GAZA" as German. So it is asked only among languages whose script and alphabet fit the text, in lower
case, with a fixed seed; a language that neither library knows is told by its alphabet and function words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from xsource.languages import language_profile, language_table
from xsource.records import LANGUAGES, DetectedLanguage

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory
    from lingua import LanguageDetector as LinguaDetector

_SAMPLE_CHARACTERS = 6_000  # an article's beginning decides; langdetect itself stops at 10,000
_FEW_LETTERS = 150  # below it langdetect alone is right in .80-.87 of cases at 20 letters; lingua is asked too
_SURE = 0.9
_VERY_SURE = 0.99  # function words of a long text: no mistake in NTREX's 3,884 sentences
_DOUBT = 0.1  # langdetect says 0.99999 of short text even when it is wrong, so its "no" is never below this
_LATIN_WEIGHT = 0.5  # brands and handles put Latin letters into every other script, hardly ever the reverse
_ALPHABET_SLACK = 0.01  # a quoted foreign name must not rule a language out
_WORDS_SLACK = 0.08
_OWN_PRIOR = 0.5  # share of the prior for our language of the script; its neighbours divide the rest

_ENOUGH_LEFT = 8
_CASED = frozenset({"Cyrl", "Latn"})
_PERSIAN_YE_KAF = re.compile("[\u06cc\u06a9]")
_NOT_ARABIC = re.compile("[پچژگٹڈڑںھہۂۃےۓٿڀټډړښڼېۍێۆڵڕەڭۇۈۋ]")
_ARABIC_ONLY = re.compile(
    "[ةإ\u064b-\u0650]|أن|\\b(?:فی|وفی|التی|الذی|هل|أو)\\b"
)  # Persian writes none of these
_ARABIC_ARTICLES = ("ال", "وال", "بال", "فال", "كال", "لل", "کال")
_NOISE = re.compile(r"https?://\S++|www\.\S++|@\S++")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|\u0300|[\u0591-\u05C7\u064B-\u065F'’ʼ])*+")

# Scripts outside our four, with the language that a newsroom would expect; several languages share some of
# them.
_OTHER_SCRIPTS = {
    "GREEK": "el", "ARMENIAN": "hy", "GEORGIAN": "ka", "DEVANAGARI": "hi", "BENGALI": "bn", "THAI": "th",
    "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "ETHIOPIC": "am", "TAMIL": "ta",
    "TELUGU": "te", "GURMUKHI": "pa", "SYRIAC": "syr", "MYANMAR": "my", "KHMER": "km", "THAANA": "dv",
}  # fmt: skip
_SCRIPT_NAMES = {"CYRILLIC": "Cyrl", "HEBREW": "Hebr", "ARABIC": "Arab", "LATIN": "Latn"}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A language that a text of some script may be in.

    Attributes:
        alphabet: every letter it writes, lower case.
        words: its frequent function words.
        marks: strings that only it writes, such as the ligatures and pointed letters of Yiddish.
        langdetect, lingua: its name in those libraries, empty where they do not know it.
    """

    code: str
    alphabet: frozenset[str]
    words: frozenset[str]
    marks: tuple[str, ...] = ()
    langdetect: str = ""
    lingua: str = ""

    @classmethod
    def from_table(cls, table: Mapping[str, Any], where: str) -> _Candidate:
        unknown = set(table) - {"code", "alphabet", "words", "marks", "langdetect", "lingua", "neighbours"}
        missing = {"code", "alphabet", "words"} - set(table)
        if unknown or missing:
            raise ValueError(f"{where}: unknown keys {sorted(unknown)}, missing keys {sorted(missing)}")
        return cls(
            code=table["code"],
            alphabet=frozenset(table["alphabet"]),
            words=frozenset(table["words"].split()),
            marks=tuple(table.get("marks", ())),
            langdetect=table.get("langdetect", ""),
            lingua=table.get("lingua", ""),
        )


@cache
def _candidates(script: str) -> tuple[_Candidate, ...]:
    """List the languages of a script, ours first."""
    ours: list[_Candidate] = []
    neighbours: list[_Candidate] = []
    for code in LANGUAGES:
        if language_profile(code).script != script:
            continue
        table = language_table(code, "detection")
        where = f"languages/{code}.toml [detection]"
        ours.append(_Candidate.from_table({**table, "code": code}, where))
        neighbours += [_Candidate.from_table(each, where) for each in table["neighbours"]]
    return (*ours, *neighbours)


@cache
def _script_of(character: str) -> str:
    """Name a letter's script: one of ours by its ISO 15924 code, another by its Unicode name's first word."""
    first = unicodedata.name(character, "UNKNOWN").split(" ", 1)[0]
    return _SCRIPT_NAMES.get(first, first)


def _is_ours(code: str) -> bool:
    return code in LANGUAGES


class ScriptFirstDetector:
    """Implements `xsource.protocols.LanguageDetector`; loads each library at the first text that needs it."""

    def __init__(self) -> None:
        self._langdetect: dict[str, DetectorFactory] = {}
        self._lingua: dict[str, LinguaDetector] = {}

    def detect(self, text: str) -> DetectedLanguage:
        """Judge a text by its first 6,000 characters; `und` at probability 0 when it has no letters."""
        sample = _with_arabic_letters(_NOISE.sub(" ", text[:_SAMPLE_CHARACTERS]))
        letters = Counter(c for c in sample.lower() if c.isalpha())
        if not letters:
            return DetectedLanguage("und", 0.0, is_supported=False, reason="no letters")
        scripts: Counter[str] = Counter()
        for letter, count in letters.items():
            scripts[_script_of(letter)] += count
        weighted = {s: n * (_LATIN_WEIGHT if s == "Latn" else 1.0) for s, n in scripts.items()}
        script = max(weighted, key=lambda s: (weighted[s], s))
        share = scripts[script] / sum(scripts.values())
        if script not in _SCRIPT_NAMES.values():
            is_japanese = scripts["HIRAGANA"] + scripts["KATAKANA"] > 0
            code = "ja" if is_japanese else _OTHER_SCRIPTS.get(script, "und")
            return DetectedLanguage(code, share, is_supported=False, reason=f"script: {script.capitalize()}")
        in_script = Counter({c: n for c, n in letters.items() if _script_of(c) == script})
        return self._decide(script, sample, in_script)

    def _decide(self, script: str, sample: str, letters: Counter[str]) -> DetectedLanguage:
        """Choose among a script's languages by alphabet, then langdetect, in doubt by words, then lingua."""
        words = [word.lower() for word in _WORD.findall(sample) if _script_of(word[0].lower()[0]) == script]
        judged = _without_names(sample, script, letters)
        if judged is not letters:
            words = [
                word for word in _WORD.findall(sample) if word[0].islower() and _script_of(word[0]) == script
            ]
        fitting = _fitting(_candidates(script), judged, _by_words(_candidates(script), words))
        if len(fitting) == 1:
            return _answer(fitting[0].code, 1.0, "letters")
        by_words = _by_words(fitting, words)
        text = " ".join(words)
        guesses = self._ask_langdetect(script, fitting, text)
        guess = max(guesses, key=lambda code: (guesses[code], code), default=None)
        probability = guesses[guess] if guess else 0.0
        is_long = sum(letters.values()) >= _FEW_LETTERS
        if guess and is_long and probability >= _SURE and by_words in (guess, None):
            return _answer(guess, probability, "langdetect")
        if by_words is not None:
            least = _VERY_SURE if is_long else _SURE
            return _answer(by_words, max(guesses.get(by_words, 0.0), least), "function words")
        second = self._ask_lingua(script, fitting, text)
        if second and (guess in second or any(_is_ours(code) for code in second)):
            combined = {code: share * max(guesses.get(code, 0.0), _DOUBT) for code, share in second.items()}
            best = max(combined, key=lambda code: (combined[code], code))
            return _answer(best, combined[best] / sum(combined.values()), "lingua")
        if guess is not None:
            return _answer(guess, probability, "langdetect")
        return _answer(fitting[0].code, _SURE if len(fitting) == len(_candidates(script)) else _DOUBT, "script")

    def _ask_langdetect(self, script: str, fitting: Iterable[_Candidate], text: str) -> dict[str, float]:
        """Ask langdetect for probabilities by code, our language preferred; empty if it cannot say."""
        from langdetect.lang_detect_exception import LangDetectException

        names = {each.langdetect: each.code for each in fitting if each.langdetect}
        if len(names) < 2:  # nothing to choose between
            return {}
        factory = self._langdetect.get(script)
        if factory is None:
            factory = self._langdetect[script] = _load_langdetect(script)
        detector = factory.create()
        detector.set_prior_map(_priors(names))
        detector.append(text)
        try:
            return {names[each.lang]: float(each.prob) for each in detector.get_probabilities()}
        except LangDetectException:  # it found no n-gram that it knows
            return {}

    def _ask_lingua(self, script: str, fitting: Iterable[_Candidate], text: str) -> dict[str, float]:
        """Ask lingua for probabilities by code, among the fitting languages that it knows, ours preferred."""
        names = {each.lingua: each.code for each in fitting if each.lingua}
        if len(names) < 2:
            return {}
        detector = self._lingua.get(script)
        if detector is None:
            detector = self._lingua[script] = _load_lingua(script)
        priors = _priors(names)
        weighted = {
            names[each.language.name]: round(each.value, 6) * priors[each.language.name]
            for each in detector.compute_language_confidence_values(text)
            if each.language.name in names
        }
        # Rounded above: lingua's threads add in any order, and the last digit would vary.
        total = sum(weighted.values())
        return {code: value / total for code, value in weighted.items()} if total else {}


def _with_arabic_letters(sample: str) -> str:
    """Write Arabic that was typed with Persian ye and kaf, as many keyboards have them, in its own letters.

    Only where nothing else speaks for Persian: none of its other letters, and a sign that no Persian word has.
    """
    if not _PERSIAN_YE_KAF.search(sample) or _NOT_ARABIC.search(sample):
        return sample
    words = _WORD.findall(sample)
    articles = sum(word.startswith(_ARABIC_ARTICLES) and len(word) > 4 for word in words)
    if not _ARABIC_ONLY.search(sample) and articles < max(1, 0.15 * len(words)):
        return sample
    folded = sample.replace("\u06cc", "\u064a").replace("\u06a9", "\u0643")
    # A final ye is written without dots in Egypt: على, and not علي.
    return re.sub(r"\bعلي\b", "على", folded)


def _without_names(sample: str, script: str, letters: Counter[str]) -> Counter[str]:
    """Give the letters of a short text without its words in capitals, where enough is left.

    «В Рівне закрыли мост» is Russian with a name in its own spelling.
    """
    if script not in _CASED or sum(letters.values()) >= _FEW_LETTERS:
        return letters
    ours, *others = _candidates(script)
    foreign = frozenset().union(*(each.words for each in others)) - ours.words
    if any(word.lower() in foreign for word in _common_words(sample, script)):
        return letters
    rest = Counter(
        letter for word in _common_words(sample, script) for letter in word.lower() if letter in letters
    )
    return rest if sum(rest.values()) >= _ENOUGH_LEFT else letters


def _common_words(sample: str, script: str) -> list[str]:
    words = _WORD.findall(sample)
    return [
        word
        for number, word in enumerate(words)
        if (number == 0 or word[0].islower()) and _script_of(word[0].lower()) == script
    ]


def _answer(code: str, probability: float, reason: str) -> DetectedLanguage:
    return DetectedLanguage(code, min(probability, 1.0), is_supported=_is_ours(code), reason=reason)


def _priors(names: Mapping[str, str]) -> dict[str, float]:
    """Share the prior among libraries' names: half to our language, the rest evenly."""
    others = sum(not _is_ours(code) for code in names.values())
    if others in (0, len(names)):
        return dict.fromkeys(names, 1.0 / len(names))
    return {n: _OWN_PRIOR if _is_ours(code) else (1.0 - _OWN_PRIOR) / others for n, code in names.items()}


def _fitting(
    candidates: tuple[_Candidate, ...], letters: Counter[str], by_words: str | None
) -> list[_Candidate]:
    """Keep the languages whose alphabet covers the text's letters as well as the best one, less a slack.

    The language that the function words speak for gets a wider one: a short English sentence may name Müller
    and Erdoğan.
    """
    total = sum(letters.values())
    coverage = {
        each.code: sum(n for letter, n in letters.items() if letter in each.alphabet) / total
        for each in candidates
    }
    best = max(coverage.values())
    slack = {each.code: _WORDS_SLACK if each.code == by_words else _ALPHABET_SLACK for each in candidates}
    return [each for each in candidates if coverage[each.code] >= best - slack[each.code]]


def _by_words(fitting: Iterable[_Candidate], words: list[str]) -> str | None:
    """Name the language that the text has clearly most function words and marks of, or `None`."""
    counted = Counter(words)
    hits = sorted(
        (
            (
                sum(
                    count
                    for word, count in counted.items()
                    if word in each.words or any(mark in word for mark in each.marks)
                ),
                each.code,
            )
            for each in fitting
        ),
        key=lambda pair: -pair[0],
    )
    best, runner_up = hits[0], hits[1]
    is_clear = best[0] >= 2 and best[0] >= 0.08 * len(words) and best[0] >= 1.5 * runner_up[0]
    return best[1] if is_clear else None


def _load_langdetect(script: str) -> DetectorFactory:
    """Load the profiles of one script's languages only: nothing outside the script can be answered."""
    from importlib import resources

    from langdetect.detector_factory import DetectorFactory

    profiles = resources.files("langdetect").joinpath("profiles")
    factory = DetectorFactory()
    factory.set_seed(0)  # unseeded it changed its answer on 28 of 600 short texts
    factory.load_json_profile(
        [
            profiles.joinpath(each.langdetect).read_text("utf-8")
            for each in _candidates(script)
            if each.langdetect
        ]
    )
    return factory


def _load_lingua(script: str) -> LinguaDetector:
    """Build lingua for one script's languages: its models are large and loaded language by language."""
    from lingua import Language, LanguageDetectorBuilder

    names = sorted({each.lingua for each in _candidates(script) if each.lingua})
    languages = [cast("Language", getattr(Language, name)) for name in names]
    return LanguageDetectorBuilder.from_languages(*languages).build()
