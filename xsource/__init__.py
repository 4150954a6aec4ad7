"""xsource: how one event is reported by outlets in different languages.

    import xsource

    with xsource.open_index("index") as index:
        index.who_reports("More than 7,000 people have been killed")

`import xsource` loads nothing: the names in `__init__.pyi` come from `xsource.library` when first used.
"""

import lazy_loader

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
