"""xsource: how one event is reported by outlets in different languages.

    import xsource

    with xsource.open_index("index") as index:
        index.who_reports("More than 7,000 people have been killed")

`import xsource` loads nothing: the names below come from `xsource.library` when they are first used. Their
types are in `__init__.pyi`.
"""

__version__ = "0.1.0"

_FROM_LIBRARY = ("Compared", "OpenIndex", "Records", "open_index")


def __getattr__(name: str) -> object:
    if name not in _FROM_LIBRARY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # By its name, not by an import statement: what every module imports would else seem to import them all.
    from importlib import import_module

    value: object = getattr(import_module("xsource.library"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_FROM_LIBRARY})
