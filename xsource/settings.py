"""Settings: defaults, then `xsource.toml`, then `XSOURCE_*` variables, then flags; passed on explicitly.

    # xsource.toml, looked for beside the index and in the working folder
    embedder = "bundled"
    accept_margin = 0.05

A setting that changes what a build writes is part of the index; one that changes what a comparison finds is
stored with its provenance.
"""

from __future__ import annotations

import contextlib
import os
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from xsource.errors import InputError

FILE_NAME = "xsource.toml"
ENVIRONMENT_PREFIX = "XSOURCE_"

VectorEngine = Literal["auto", "flat", "ivf", "milvus"]
VectorStorage = Literal["float32", "float16", "int8"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Every number and name that a user may change.

    Attributes:
        embedder: `bundled`, `ngrams`, or a sentence-transformers folder or hub name.
        device: where models run.
        threads: per model; 0 takes every core.
        target: language that sentences are translated into for reading.
        translate: translate at build, where a route is installed. Off, only translation memories answer.
        max_gap_days: articles further apart than this are never one story.
        min_confidence: divergences below it are not shown.
        detectors: comma-separated kinds to look for, or `all`; empty means those that were right three times in
            four on independent reports (`records.DEFAULT_KINDS`).
        second_opinion: a cross-encoder (folder or hub name) that may confirm or lower `polarity`; empty is off.
        judge: file of the judge that says which sentences state the same fact; empty takes the shipped one.
        allow_hub: let sentence-transformers fetch a model by name. Off: nothing reaches a network.
        contact: mail or web address of whoever runs `xsource fetch`; stands in every request it makes.
        vector_store: what a build prepares for search: `flat` compares with every sentence, `ivf` with those
            of the nearest lists, `milvus` asks a server; `auto`: `flat` up to `exact_up_to`, then `ivf`.
        vector_storage: how the prepared file keeps a value; `auto` is float32 for `flat` and int8 for `ivf`.
        exact_up_to: sentences up to which `auto` compares with every one.
        milvus_uri: address of a Milvus server, or a path that ends in `.db` for Milvus Lite. What the server
            asks for, `user:password` or an API key, stands in the variable `XSOURCE_MILVUS_TOKEN` and nowhere
            else.
    """

    embedder: str = "bundled"
    device: Literal["cpu", "cuda"] = "cpu"
    threads: int = 0
    target: str = "en"
    translate: bool = True
    max_gap_days: int = 4
    min_confidence: float = 0.5
    detectors: str = ""
    second_opinion: str = ""
    judge: str = ""
    allow_hub: bool = False
    contact: str = ""
    vector_store: VectorEngine = "auto"
    vector_storage: Literal["auto", VectorStorage] = "auto"
    exact_up_to: int = 20_000
    milvus_uri: str = ""

    def of_index(self) -> dict[str, str]:
        """Give the settings that a build leaves in its index, for whoever reads it."""
        return {name: str(getattr(self, name)) for name in _OF_AN_INDEX}

    def as_provenance(self) -> dict[str, str | int | float | bool]:
        """Give the settings as they are stored with a comparison, without those that change nothing in it."""
        return {name: value for name, value in asdict(self).items() if name not in _NOT_OF_A_COMPARISON}


_NOT_OF_A_COMPARISON = frozenset(
    {"threads", "contact", "vector_store", "vector_storage", "exact_up_to", "milvus_uri"}
)
_OF_AN_INDEX = ("embedder", "vector_store", "vector_storage", "exact_up_to", "milvus_uri")
_CHOICES: dict[str, tuple[str, ...]] = {
    "device": ("cpu", "cuda"),
    "vector_store": get_args(VectorEngine),
    "vector_storage": ("auto", *get_args(VectorStorage)),
}
_KINDS: dict[str, type[object]] = {field.name: type(field.default) for field in fields(Settings)}
_SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_PARSERS: dict[type[object], Callable[[str], object]] = {
    bool: lambda text: _SWITCH[text.lower()],
    int: int,
    float: float,
}


def _read(name: str, value: object, where: str) -> Any:
    wanted = _KINDS[name]
    if isinstance(value, str) and wanted is not str:
        # Variables are text; what cannot be read stays text and is refused below, with its own words.
        with contextlib.suppress(KeyError, ValueError):
            value = _PARSERS[wanted](value)
    if wanted is float and type(value) is int:
        value = float(value)
    if type(value) is not wanted:
        raise InputError(f'{where}: {name} is "{value}", expected {wanted.__name__}')
    choices = _CHOICES.get(name)
    if choices and value not in choices:
        raise InputError(f'{where}: {name} is "{value}", expected one of {", ".join(choices)}')
    return value


def _from_file(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InputError(f"{path}: not valid TOML: {exc}") from exc
    except OSError as exc:
        raise InputError(f"{path}: cannot be read: {exc.strerror}") from exc
    unknown = sorted(set(content) - set(_KINDS))
    if unknown:
        raise InputError(
            f'{path}: unknown setting "{unknown[0]}"', f"the settings are {', '.join(sorted(_KINDS))}"
        )
    return {name: _read(name, value, str(path)) for name, value in content.items()}


def load_settings(folder: Path | None = None, **flags: object) -> Settings:
    """Collect settings; later sources win: defaults, `xsource.toml`, environment, flags that are not `None`.

    Args:
        folder: where `xsource.toml` may lie (the index folder); the working folder is looked at too, first.
        **flags: settings given on the command line.

    Raises:
        InputError: a file or variable has an unknown name or a value of another kind.
    """
    settings = Settings()
    for place in dict.fromkeys([Path(), folder or Path()]):
        path = place / FILE_NAME
        if path.is_file():
            settings = replace(settings, **_from_file(path))
    for name in _KINDS:
        variable = ENVIRONMENT_PREFIX + name.upper()
        if variable in os.environ:
            settings = replace(settings, **{name: _read(name, os.environ[variable], variable)})
    given = {
        name: _read(name, value, f"--{name.replace('_', '-')}")
        for name, value in flags.items()
        if value is not None
    }
    return replace(settings, **given)
