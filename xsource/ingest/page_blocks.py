"""A page as blocks of text, and which of its elements holds the article.

One walk over the tree gives what stands between two block boundaries, whatever tags a site writes paragraphs
with. The article is the smallest element that holds nearly all blocks that read like prose; its cost is linear
in the elements, where extractors that score and rescore subtrees are quadratic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SKIPPED = frozenset({"script", "style", "head", "template", "noscript", "svg", "math", "iframe", "object"})
BLOCKS = frozenset({
    "p", "br", "div", "li", "ul", "ol", "tr", "td", "th", "table", "tbody", "h1", "h2", "h3", "h4", "h5",
    "h6", "blockquote", "section", "article", "main", "header", "footer", "aside", "nav", "figure",
    "figcaption",
    "form", "dl", "dt", "dd", "hr", "pre", "address", "details", "summary", "fieldset", "center",
    "caption", "body",
    "option",
})  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SENTENCE_END = re.compile(r"[.!?…؟۔:;]['\"»”’)\]]*$")
_PROSE = 40  # code points; a shorter block is prose only where it ends like a sentence
_HOLDS = 0.85  # share of the prose that the article's element must hold
_LINKED = 0.5
_ENOUGH = 160  # code points of prose that make an element an article that the page marks as one


@dataclass(slots=True)
class Block:
    """Text between two block boundaries.

    Attributes:
        text: with runs of white space as one space; never empty.
        owner: the nearest block element.
        linked: code points of it that are inside links.
    """

    text: str
    owner: Any
    linked: int

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        return _SENTENCE_END.search(self.text) is not None

    @property
    def is_linked(self) -> bool:
        """Whether it is a link rather than text with a link in it."""
        return self.linked > _LINKED * len(self.text)

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a paragraph of an article."""
        if self.is_linked or self.owner.tag in HEADINGS:
            return False
        return len(self.text) >= 2 * _PROSE or (self.ends_sentence and self.text.count(" ") >= 3)


def read_blocks(root: Any) -> list[Block]:
    """Give the blocks beneath an element, in the order of the page."""
    return list(_walk(root))


def _walk(root: Any) -> Iterator[Block]:
    from lxml import etree

    pieces: list[str] = []
    linked = hidden = links = 0
    owners = [root]
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"}:
            if not hidden and element.tail:
                pieces.append(element.tail)
                linked += len(element.tail) if links else 0
            continue
        tag = element.tag
        is_start = event == "start"
        if tag in SKIPPED:
            hidden += 1 if is_start else -1
        if tag in BLOCKS:
            text = " ".join("".join(pieces).split())
            if text:
                yield Block(text, owners[-1], min(linked, len(text)))
            pieces, linked = [], 0
            if is_start:
                owners.append(element)
            else:
                owners.pop()
        if tag == "a":
            links += 1 if is_start else -1
        piece = element.text if is_start else element.tail
        if piece and not hidden and not (element is root and not is_start):
            pieces.append(piece)
            linked += len(piece) if links else 0
    text = " ".join("".join(pieces).split())
    if text:
        yield Block(text, owners[-1], min(linked, len(text)))


def find_article(root: Any, blocks: list[Block], marked: list[Any]) -> Any:
    """Find the element that holds the article.

    Args:
        root: of the page, or the part of it that is looked at.
        blocks: of `root`.
        marked: elements that the page itself calls its article or the article's body, the surest first.

    Returns:
        The smallest element with most of the prose, `root` itself where no smaller one has it.
    """
    weights: dict[Any, int] = {}
    for block in blocks:
        if block.is_prose:
            element = block.owner
            while element is not None:
                weights[element] = weights.get(element, 0) + len(block.text)
                element = element.getparent() if element is not root else None
    total = weights.get(root, 0)
    container = root
    for element in marked:
        weight = weights.get(element, 0)
        # Comments may be longer than the article, but then it is marked alone, or has the headline.
        is_alone = (
            sum(each.tag == element.tag for each in marked) == 1 or next(element.iter("h1"), None) is not None
        )
        if weight * 2 >= total > 0 or (is_alone and weight >= _ENOUGH):
            container = element
            break
    while True:
        least = _HOLDS * weights.get(container, 0)
        inner = next((child for child in container if 0 < least <= weights.get(child, 0)), None)
        if inner is None or inner.tag in {"p", "li", "td", "blockquote", "ul", "ol"}:
            return container
        container = inner
