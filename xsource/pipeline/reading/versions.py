"""The texts that one page has had, and what changed from each to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

from xsource.addresses import address_key
from xsource.errors import InputError
from xsource.records import Article, ArticleId
from xsource.store import Index, open_index

_SHORT_ID = re.compile(r"[0-9a-f]{4,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Change:
    """One headline or sentence that a version has and the one before it has not, or the other way round."""

    kind: Literal["removed", "added"]
    part: Literal["headline", "sentence"]
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a page.

    Attributes:
        number: 1 for the first of its outlet.
        sentences: how many it has.
        changes: against the version before it, in the order of the text; what was removed stands before what
            came in its place. Empty for the first version, and where only the address differs.
    """

    number: int
    article: Article
    sentences: int
    changes: tuple[Change, ...]


def list_versions(index_path: Path, wanted: str) -> tuple[Version, ...]:
    """Give every text of a page that the index has, by outlet, the earliest first.

    Addresses that differ only in how a reader came there (tracking, AMP, mobile host) are one page. The last
    version of an outlet is the one that is compared.

    Args:
        wanted: the page's address, however it is written, or the id of an article or its first letters.

    Raises:
        InputError: the index has no such page.
        IndexStateError: there is no index.
    """
    with open_index(index_path, mode="read") as index:
        named = index.articles([ArticleId(wanted)]) or _by_first_letters(index, wanted)
        own = index.articles_of_page(address_key(named[0].source if named else wanted))
        if not own:
            raise InputError(
                f'"{wanted}" is no page in {index_path}',
                "`xsource compare --format json` lists the addresses there are",
            )
        sentences: dict[ArticleId, list[str]] = {article.id: [] for article in own}
        for sentence in index.sentences(list(sentences)):
            sentences[sentence.article_id].append(sentence.text)
    # Stable: among texts of one time, the one that was read last is the latest, as in `Index.latest_articles`.
    own.sort(key=lambda article: (article.outlet_id, _published(article)))
    versions: list[Version] = []
    for article in own:
        texts = sentences[article.id]
        before = versions[-1] if versions and versions[-1].article.outlet_id == article.outlet_id else None
        changes: tuple[Change, ...] = ()
        if before is not None:
            changes = (
                *compare_texts([before.article.title], [article.title], "headline"),
                *compare_texts(sentences[before.article.id], texts, "sentence"),
            )
        versions.append(Version(before.number + 1 if before else 1, article, len(texts), changes))
    return tuple(versions)


def _by_first_letters(index: Index, wanted: str) -> list[Article]:
    """Give the one latest article whose id begins so; none where several do, or the text is no id."""
    if not _SHORT_ID.fullmatch(wanted):
        return []
    found = [article_id for article_id in index.latest_outlets() if article_id.startswith(wanted)]
    return index.articles(found) if len(found) == 1 else []


def compare_texts(
    old: Sequence[str], new: Sequence[str], part: Literal["headline", "sentence"]
) -> Iterator[Change]:
    """Give what differs between two lists, in their order.

    "autojunk" would take a sentence that a long text repeats for unimportant; nothing in an article is.
    """
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            yield from (Change("removed", part, text) for text in old[old_start:old_end])
            yield from (Change("added", part, text) for text in new[new_start:new_end])


def _published(article: Article) -> float:
    return article.published_at.timestamp() if article.published_at else 0.0
