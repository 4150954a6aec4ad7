"""Translation memories: a person's translations, in TMX 1.4b, answer before any machine does.

Read by lxml, which resolves no entity and reads nothing but the file. The tests write the format with the
Translate Toolkit, whose own licence (GPL) would ask much of whoever passes on a work that contains it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xsource.errors import InputError, Problem

SUFFIX = ".tmx"
MAX_BYTES = 256 * 1024 * 1024
MAX_VARIANTS = 60  # in squares: every language of a unit answers for every other
MAX_SEGMENT = 20_000  # code points; sentences are what is looked up
_NATIVE_CODES = frozenset({"bpt", "ept", "it", "ph", "ut"})


@dataclass(frozen=True, slots=True)
class SuppliedTranslation:
    """A person's translation. `engine` is how every report names it."""

    text: str
    file: str

    @property
    def engine(self) -> str:
        """`supplied by translations.tmx`."""
        return f"supplied by {self.file}"


class TranslationMemory:
    """Exact matches by language and text, after Unicode normalisation and with white space made even."""

    def __init__(self, entries: Mapping[tuple[str, str, str], SuppliedTranslation]) -> None:
        self._entries = dict(entries)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, text: str, source: str, target: str) -> SuppliedTranslation | None:
        """Give a person's translation of exactly this sentence, or `None`."""
        return self._entries.get((source, target, _key(text)))


def load_memories(paths: Iterable[Path]) -> tuple[TranslationMemory, list[Problem]]:
    """Read translation memories; of two translations of one sentence the first file's first is kept.

    Args:
        paths: TMX files. One that cannot be read becomes a problem; the others are used.
    """
    entries: dict[tuple[str, str, str], SuppliedTranslation] = {}
    problems = []
    for path in paths:
        try:
            found = _read(path)
        except InputError as error:
            problems.append(Problem(str(path), error.message, error.hint))
            continue
        for key, entry in found.items():
            entries.setdefault(key, entry)
    return TranslationMemory(entries), problems


def find_memories(paths: Iterable[Path]) -> list[Path]:
    """List the TMX files of folders, and beside or above files, in a fixed order."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.suffix.lower() == SUFFIX:
            found[path] = None
        elif path.is_dir():
            found.update(dict.fromkeys(sorted(path.rglob(f"*{SUFFIX}"))))
        else:
            for folder in (path.parent, path.parent.parent):
                found.update(dict.fromkeys(sorted(folder.glob(f"*{SUFFIX}"))))
    return list(found)


def _read(path: Path) -> dict[tuple[str, str, str], SuppliedTranslation]:
    from lxml import etree

    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise InputError(f"has {size} bytes, expected at most {MAX_BYTES}", "split it")
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}") from error
    hint = "TMX 1.4b is XML with <tmx><body><tu><tuv>"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"not a TMX file: {error}", hint) from error
    name = etree.QName(root).localname
    if name != "tmx" or root.find("{*}body") is None:
        raise InputError(f"not a TMX file: its root is <{name}>, or it has no <body>", hint)
    entries: dict[tuple[str, str, str], SuppliedTranslation] = {}
    for unit in root.iterfind("{*}body/{*}tu"):
        texts = _texts(unit)
        if len(texts) > MAX_VARIANTS:
            raise InputError(
                f"a unit has {len(texts)} languages, expected at most {MAX_VARIANTS}",
                "every pair of them is kept",
            )
        for source, source_text in texts:
            for target, target_text in texts:
                if source != target:
                    entries.setdefault(
                        (source, target, _key(source_text)), SuppliedTranslation(target_text, path.name)
                    )
    return entries


def _texts(unit: Any) -> list[tuple[str, str]]:
    """Give language and text of each variant of a `<tu>`, inline markup left out; regions (`en-GB`) dropped."""
    texts = []
    for variant in unit.iter("{*}tuv"):
        language = variant.get("{http://www.w3.org/XML/1998/namespace}lang") or variant.get("lang") or ""
        segment = variant.find("{*}seg")
        text = _plain_text(segment).strip() if segment is not None else ""
        if language and 0 < len(text) <= MAX_SEGMENT:
            texts.append((language.split("-")[0].lower(), text))
    return texts


def _plain_text(segment: Any) -> str:
    """Give the words of a `<seg>` without the codes of the format that it was taken from (TMX 1.4b, 3.4)."""
    pieces = [segment.text or ""]
    for child in segment:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] not in _NATIVE_CODES:
            pieces.append(_plain_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
