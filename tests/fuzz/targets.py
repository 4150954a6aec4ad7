"""Every parser of the program as a function of bytes: what it promises is checked, what it raises goes through.

`TARGETS` maps a name to such a function. `XSourceError` is an answer, and so is an error that the parser's
docstring documents (caught here, at the one call it belongs to); anything else that comes out is a crash. The
same functions are driven by Hypothesis in the default suite, by atheris in `tools/fuzz.py`, and by the kept
inputs in `corpus/`.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from unicodedata import category

from xsource.errors import Problem, XSourceError
from xsource.records import LANGUAGES, Article, OutletId

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CORPUS = Path(__file__).parent / "corpus"
ADDRESS = "https://tass.ru/politika/1"

Target = Callable[[bytes], None]
TARGETS: dict[str, Target] = {}
# Bidi marks, overrides and isolates, and what acts on a terminal: never in a text that has been read.
_FORBIDDEN = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def target(function: Target) -> Target:
    """List a function under its name."""
    TARGETS[function.__name__] = function
    return function


def run(name: str, content: bytes) -> None:
    """Give one input to a parser; a known failure is an answer.

    Raises:
        Exception: a crash, with what raised it.
    """
    with contextlib.suppress(XSourceError):
        TARGETS[name](content)


@cache
def _folder() -> Path:
    """One scratch folder a process; in memory where the system offers that."""
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="xsource-fuzz-", dir=parent))


@contextlib.contextmanager
def _file(name: str, content: bytes) -> Iterator[Path]:
    folder = _folder() / "files"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    try:
        yield path
    finally:
        shutil.rmtree(folder)


@cache
def _outlets():
    from xsource.outlets import load_outlets

    return load_outlets()


def _text(content: bytes) -> str:
    """Text of any bytes; lone surrogates among it, as JSON's escapes can make them."""
    return content.decode("utf-8", "surrogatepass" if b"\xed" in content else "replace")


def _texts(content: bytes) -> Iterator[tuple[str, str]]:
    """A text with a language: the first byte chooses it."""
    with contextlib.suppress(UnicodeDecodeError):
        text = _text(content[1:])
        # Articles are checked for half characters and cleaned before anything reads their sentences.
        from xsource.ingest.clean import clean_text, find_damage

        if find_damage(text) is None:
            yield clean_text(text)[:3000], LANGUAGES[(content[:1] or b"\x00")[0] % len(LANGUAGES)]


def _check_articles(found) -> None:
    for item in found:
        if isinstance(item, Problem):
            item.message.encode("utf-8", "surrogatepass")
            continue
        for words in (item.title, item.text, item.source):
            words.encode()
            assert not _FORBIDDEN & set(words), words
            assert not any(category(ch) == "Cc" and ch != "\n" for ch in words), words
        assert item.text.strip()
        assert "\n" not in item.title
        assert item.published_at is None or item.published_at <= NOW.replace(day=2)


def _read(name: str, content: bytes) -> None:
    from xsource.ingest import read_articles

    with _file(name, content) as path:
        _check_articles(read_articles([path], outlets=_outlets(), now=NOW))


@target
def jsonl(content: bytes) -> None:
    _read("a.jsonl", content)


@target
def html(content: bytes) -> None:
    _read("a.html", content)


@target
def text(content: bytes) -> None:
    _read("a.txt", content)


@target
def csv(content: bytes) -> None:
    _read("a.csv", content)


@target
def tsv(content: bytes) -> None:
    _read("a.tsv", content)


@target
def warc(content: bytes) -> None:
    _read("a.warc", content)


@target
def warc_gz(content: bytes) -> None:
    _read("a.warc.gz", content)


@target
def mbox(content: bytes) -> None:
    _read("a.mbox", content)


@target
def feed(content: bytes) -> None:
    from xsource.ingest.feeds import parse_feed

    _read("a.rss", content)
    for entry in parse_feed(content, ADDRESS, NOW):
        assert entry.address.lower().startswith(("http://", "https://")), entry.address


@target
def columns(content: bytes) -> None:
    """A table whose columns have names of their own; the first line gives the mapping."""
    from xsource.cli.columns import read_mapping
    from xsource.ingest.read import read_columns

    mapping, _, rest = content.partition(b"\n")
    with _file("a.csv", rest) as path:
        found = read_mapping(mapping.decode("utf-8", "replace").split(";"), (), [path])
        if found is not None:
            _check_articles(
                read_columns(path, found.names, outlets=_outlets(), now=NOW, constants=found.constants)
            )


@target
def opml(content: bytes) -> None:
    from xsource.ingest.link_lists import parse_opml

    for link in parse_opml(content):
        assert link.address.lower().startswith(("http://", "https://"))


@target
def sitemap(content: bytes) -> None:
    from xsource.ingest.link_lists import parse_sitemap

    for page in parse_sitemap(content, NOW).pages:
        assert page.address.lower().startswith(("http://", "https://"))


@target
def robots(content: bytes) -> None:
    from xsource.ingest.fetch.robots import RobotsGate

    gate = RobotsGate(lambda _: content.decode("utf-8", "replace"))
    gate.allows(ADDRESS, "xsource")
    delay = gate.crawl_delay(ADDRESS, "xsource")
    assert delay is None or delay == delay


@target
def address(content: bytes) -> None:
    from xsource.addresses import address_key, canonical_address

    words = _text_or_nothing(content)
    address_key(canonical_address(words))
    _outlets().by_address(words)


@target
def outlet_name(content: bytes) -> None:
    words = _text_or_nothing(content)
    found = _outlets().by_name(words)
    assert found is None or found in set(_outlets())
    _outlets().find(words)


@target
def outlets_toml(content: bytes) -> None:
    from xsource.ingest import load_outlets_around, read_articles

    page = "Talks began on Friday, and both sides said they would meet again before the end of the week."
    with _file("outlets.toml", content) as path:
        (path.parent / "a.txt").write_text(page)
        _check_articles(read_articles([path.parent], outlets=_outlets(), now=NOW))
        load_outlets_around([path.parent])


@target
def settings(content: bytes) -> None:
    from xsource.settings import load_settings

    with _file("xsource.toml", content) as path:
        load_settings(path.parent)


@target
def tmx(content: bytes) -> None:
    from xsource.translate.memory import load_memories

    with _file("a.tmx", content) as path:
        memory, problems = load_memories([path])
        assert not (len(memory) and problems)


@target
def argosmodel(content: bytes) -> None:
    """A zip: its paths, its sizes, its metadata. Nothing may be written outside the folder of packages."""
    from argostranslate import settings as argos

    from xsource.translate.installing import install_file

    home = _folder() / "argos" / "packages"
    home.mkdir(parents=True, exist_ok=True)
    argos.package_data_dir, argos.package_dirs = home, [home]
    with _file("a.argosmodel", content) as path:
        try:
            install_file(path)
        finally:
            assert not [entry for entry in home.parent.iterdir() if entry != home]
            shutil.rmtree(home)


@target
def numbers(content: bytes) -> None:
    from xsource.facts.quantities import quantities

    for words, language in _texts(content):
        end = 0
        for found in quantities(words, language):
            assert words[found.start : found.end] == found.words
            assert found.start >= end
            end = found.end
            assert found.value == found.value


@target
def dates(content: bytes) -> None:
    from xsource.facts.dates import dates as read_dates

    for words, language in _texts(content):
        for found in read_dates(words, language, NOW):
            assert words[found.start : found.end] == found.words
            assert found.first is None or found.last is None or found.first <= found.last


@target
def published(content: bytes) -> None:
    from xsource.ingest.dates import EARLIEST, TOLERANCE, DateError, parse_published

    with contextlib.suppress(DateError):
        assert EARLIEST <= parse_published(_text_or_nothing(content), NOW) <= NOW + TOLERANCE


@target
def names(content: bytes) -> None:
    from xsource.facts.names import names as read_names

    for words, language in _texts(content):
        for found in read_names(words, language):
            assert words[found.start : found.end] == found.words


@target
def facts(content: bytes) -> None:
    """What else is read from a sentence: denial, sources, certainty, loaded words, the guard's checks."""
    from xsource.facts.attribution import attributions, source_kinds
    from xsource.facts.certainty import certainty
    from xsource.facts.naming import loaded_terms
    from xsource.facts.polarity import contrary_poles, read_polarity
    from xsource.translate.guard import check_translation

    for words, language in _texts(content):
        polarity = read_polarity(words, language)
        contrary_poles(polarity, polarity)
        attributions(words, language)
        source_kinds(words, language)
        certainty(words, language)
        loaded_terms(words, language)
        head, _, tail = words.partition("\n")
        check_translation(head, language, tail, "en")


@target
def sentences(content: bytes) -> None:
    from xsource.segment.sentences import segment, split_sentences

    for words, language in _texts(content):
        end = 0
        for start, stop in split_sentences(words, language, words[:40]):
            assert end <= start < stop <= len(words)
            end = stop
        article = Article(
            Article.identify(OutletId("a"), ADDRESS, words),
            OutletId("a"),
            ADDRESS,
            words[:40],
            words,
            language,
            1.0,
            NOW,
        )
        for sentence in segment(article):
            assert words[sentence.start : sentence.end] == sentence.text
        detected = _detector().detect(words)
        assert 0.0 <= detected.probability <= 1.0


@cache
def _detector():
    from xsource.segment.detect import ScriptFirstDetector

    return ScriptFirstDetector()


@target
def encoding(content: bytes) -> None:
    """Bytes of any encoding, in one declared or not, become text that was cleaned."""
    from xsource.ingest.clean import clean_text
    from xsource.ingest.encodings import decode_bytes

    declared, _, body = content.partition(b"\n")
    with contextlib.suppress(XSourceError):
        clean_text(decode_bytes(body, declared.decode("ascii", "replace")[:40] or None))


@target
def backup_manifest(content: bytes) -> None:
    """What a backup says of itself."""
    from xsource.store.backup import read_manifest

    folder = _folder() / "backup"
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_bytes(content)
    with contextlib.suppress(XSourceError):
        read_manifest(folder)


@target
def shard_manifest(content: bytes) -> None:
    """What a shard says of itself."""
    from xsource.pipeline.sharding.manifest import read_manifest

    folder = _folder() / "shard"
    folder.mkdir(exist_ok=True)
    (folder / "shard.json").write_bytes(content)
    with contextlib.suppress(XSourceError):
        read_manifest(folder)


@target
def wire_format(content: bytes) -> None:
    from xsource.embed.wire_format import find_bytes_field

    number = (content[:1] or b"\x01")[0] % 8
    with contextlib.suppress(ValueError):
        assert find_bytes_field(content[1:], number) in content


@target
def packed_model(content: bytes) -> None:
    from xsource.embed.packed_model import read_packed_model

    with contextlib.suppress(ValueError):
        read_packed_model(content)


@target
def model_record(content: bytes) -> None:
    """The record beside a prepared model: whatever it says, a file is trusted only by its hash."""
    from xsource.embed.model_cache import RECORD_FILE, check_folder

    with _file(RECORD_FILE, content) as path:
        (path.parent / "model.bin").write_bytes(b"weights")
        check_folder(path.parent, thorough=True)


@target
def seal(content: bytes) -> None:
    """The end of a vector file, of any bytes."""
    from xsource.store.seal import check_seal

    with _file("vectors-1.faiss", content) as path:
        check_seal(path, whole_up_to=1 << 20)


@target
def cli(content: bytes) -> None:
    """A command line, arguments apart by newlines; commands that ask a network are left out."""
    import sys

    from xsource.cli.main import app

    arguments = [_harmless(part) for part in content.decode("utf-8", "replace").split("\n")[:12]]
    if {"fetch", "install", "evaluate", "demo", "serve"} & set(arguments):
        return
    place, out, err = Path.cwd(), sys.stdout, sys.stderr
    folder = _folder() / "cwd"
    folder.mkdir(exist_ok=True)
    os.chdir(folder)
    os.environ["XSOURCE_EMBEDDER"] = "ngrams"
    os.environ["XSOURCE_TRANSLATE"] = "0"
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    code: object = 0
    try:
        app(arguments)
    except SystemExit as stop:
        code = stop.code
    finally:
        said = sys.stderr.getvalue()
        sys.stdout, sys.stderr = out, err
        os.chdir(place)
        del os.environ["XSOURCE_EMBEDDER"], os.environ["XSOURCE_TRANSLATE"]
        shutil.rmtree(folder)
    assert code in (0, None, 1, 2), code
    assert code in (0, None) or said, arguments


def _harmless(argument: str) -> str:
    """Keep every path inside the working folder."""
    return argument.replace("/", "").replace("..", "").replace("~", "").replace("\x00", "")


def _text_or_nothing(content: bytes) -> str:
    with contextlib.suppress(UnicodeDecodeError):
        return _text(content)
    return ""


def seeds(name: str) -> list[bytes]:
    """The kept inputs of a target, in the order of their names."""
    return [path.read_bytes() for path in sorted((CORPUS / name).glob("*")) if path.is_file()]


__all__ = ["ADDRESS", "CORPUS", "NOW", "TARGETS", "run", "seeds"]
