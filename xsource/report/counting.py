"""Numbers with the word for what is counted."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """Say how many: "1 story", "2 stories", "1,200 articles".

    Args:
        number: of things.
        one: the word for one of them.
        many: the word for several; `one` with an s when left out.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
