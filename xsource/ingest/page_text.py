"""The article's own words on a page: by what the page marks, by its prose, and only then by trafilatura."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xsource.ingest.page_blocks import HEADINGS, Block, find_article, read_blocks
from xsource.ingest.page_dates import find_printed

# trafilatura is quadratic in elements: 140,000 small paragraphs took 149 s and 794 MB (2.3.1, a busy machine),
# 37,000 took 17 s. Above this the page's own marks and prose must do.
MAX_FOR_TRAFILATURA = 6_000
_ENOUGH = (
    250  # code points; less than that, found by prose, may be a teaser where the article is written otherwise
)
_MUCH_MORE = 2.0
_MAX_LABEL = 60
_LEADS = ("lead", "lede", "subtitle", "sub-title", "standfirst", "deck", "summary", "intro", "anons", "excerpt")


@dataclass(frozen=True, slots=True)
class PageText:
    """An article's text, paragraphs apart by blank lines, the short lines around its headline, its element."""

    text: str
    lines: list[str]
    container: Any


def read_page_text(tree: Any, url: str | None, title: str, elements: int) -> PageText:
    """Read the text of the article on a page that `clean_tree` has cleaned.

    Args:
        elements: of the page as it came; decides whether trafilatura can be afforded.
    """
    bodies = tree.xpath("//body")
    root = bodies[0] if bodies else tree
    blocks = read_blocks(root)
    container = find_article(root, blocks, _marked(root))
    text = "\n\n".join(_own_paragraphs(blocks, container, title))
    if len(text) < _ENOUGH and elements <= MAX_FOR_TRAFILATURA:
        other = _ask_trafilatura(tree, url)
        if len(other) > max(_MUCH_MORE * len(text), _ENOUGH):
            text = other
    return PageText(text, _lines_around_headline(blocks, container), container)


def _marked(root: Any) -> list[Any]:
    """Give the elements that the page calls its article, the surest first."""
    bodies = root.xpath(".//*[contains(@itemprop, 'articleBody') or contains(@property, 'articleBody')]")
    articles = list(root.iter("article")) + root.xpath(".//*[contains(@itemtype, 'Article')]")
    main = list(root.iter("main")) + root.xpath(".//*[@role='main']")
    return [*bodies, *articles, *main]


def _own_paragraphs(blocks: list[Block], container: Any, title: str) -> list[str]:
    """Choose the article's blocks: prose, and what stands between prose as a subheading or a list's item."""
    within = set(container.iter())
    own = [block for block in blocks if block.owner in within]
    prose = [row for row, block in enumerate(own) if block.is_prose]
    if not prose:
        return []
    last = prose[-1]
    while last + 1 < len(own) and own[last + 1].owner.tag == "p" and _ends_the_article(own[last + 1]):
        last += 1
    kept = []
    for row, block in enumerate(own[: last + 1]):
        is_first = row < prose[0]
        if block.is_prose or (not is_first and _belongs(block)) or (is_first and _is_lead(block, title)):
            kept.append(block.text)
    return kept


def _ends_the_article(block: Block) -> bool:
    """Whether a short paragraph behind the last long one is a whole sentence, as `Nobody was hurt.` is."""
    return block.ends_sentence and not block.is_linked and " " in block.text and block.text[-1] != ":"


def _belongs(block: Block) -> bool:
    """Whether a short block between paragraphs is the article's."""
    if block.owner.tag == "h1" or block.is_linked:
        return False
    if block.owner.tag in HEADINGS or block.ends_sentence:
        return True
    if find_printed(block.text) and len(block.text) <= _MAX_LABEL:
        return False
    return block.owner.tag in {"p", "li", "blockquote", "dd", "td", "pre"} or len(block.text) > _MAX_LABEL


def _is_lead(block: Block, title: str) -> bool:
    """Whether a block before the first paragraph is a subtitle: not the headline, a label, a date or a name."""
    if block.owner.tag == "h1" or block.is_linked or block.text == title:
        return False
    names = (block.owner.get("class") or "").lower()
    is_named = any(word in names for word in _LEADS) and " " in block.text
    return (len(block.text) > _MAX_LABEL or is_named) and find_printed(block.text) is None


def _lines_around_headline(blocks: list[Block], container: Any) -> list[str]:
    """Give the short lines from the headline, or the article's beginning, to its first paragraphs."""
    starts = [row for row, block in enumerate(blocks) if block.owner.tag == "h1"]
    within = set(container.iter())
    inside = [row for row, block in enumerate(blocks) if block.is_prose and block.owner in within]
    first = starts[0] if starts else (inside[0] if inside else 0)
    prose = next((row for row in inside if row >= first), first)
    near = blocks[max(0, min(first, prose) - 3) : prose + 4]
    after = blocks[inside[-1] + 1 : inside[-1] + 6] if inside else []
    return [block.text for block in (*near, *after) if not block.is_prose]


def _ask_trafilatura(tree: Any, url: str | None) -> str:
    from trafilatura import extract

    text = extract(tree, url=url, include_comments=False, include_tables=False, favor_recall=True)
    return "\n\n".join((text or "").split("\n"))
