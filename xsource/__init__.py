"""xsource: how one event is reported by outlets in different languages."""

__version__ = "0.1.0"
