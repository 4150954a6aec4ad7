"""Shards put together: the index that one build of everything would have made."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from xsource.errors import IndexStateError, InputError, Problem, XSourceError
from xsource.pipeline.building.preparing import Numbered
from xsource.pipeline.daily.carrying import merge_daily
from xsource.pipeline.reviewing.verdicts import missing_entries
from xsource.pipeline.sharding.manifest import Manifest, digest_content, read_manifest
from xsource.protocols import Progress, no_progress
from xsource.records import Article, ArticleId, FloatMatrix, Outlet, OutletId, ReadingNote, Sentence
from xsource.store import Index, open_index
from xsource.store.milvus_connection import own_settings

BATCH_ARTICLES = 64

_UNNUMBERED = 1 << 62
"""Place of articles that no manifest numbers: after all others."""


@dataclass(frozen=True, slots=True)
class MergeSummary:
    """What a merge did.

    Attributes:
        merged: folders that were read to their end.
        broken: those that were not, each with the reason.
        new, known: articles that were added, and that were there already or came from two shards.
        translations: added.
        verdicts: entries added to the log of what analysts said.
    """

    merged: tuple[Path, ...]
    broken: tuple[Problem, ...]
    new: int
    known: int
    translations: int
    verdicts: int


@dataclass(slots=True)
class _Source:
    """An open shard."""

    folder: Path
    index: Index
    manifest: Manifest | None
    outlets: dict[OutletId, Outlet]
    articles: list[tuple[int, ArticleId]] = field(default_factory=list)


def merge_shards(
    folders: Sequence[Path], index_path: Path, *, progress: Progress = no_progress
) -> MergeSummary:
    """Put shards, or any indexes of one embedder, into one index.

    Articles come in the order in which a single build would have read them, whatever the order of `folders`.
    What is there already stays as it is, so merging again, or merging shards that overlap, adds nothing twice.
    Of verdicts that analysts gave in several places on one divergence the last counts.

    Args:
        folders: finished shards (`build(..., shard=...)`) and indexes.
        index_path: made when absent.
        progress: told about every batch.

    Raises:
        InputError: one of the folders is the index itself.
        IndexStateError: the index is of another embedder than every shard, or not one shard can be merged.
        StorageError: the disk is full, or another process is writing.
    """
    if index_path.resolve() in {folder.resolve() for folder in folders}:
        raise InputError(f"{index_path}: is both a shard and the index to merge into", "give another --index")
    with ExitStack() as stack:
        sources, broken = _open_sources(folders, stack, progress)
        if not sources:
            reasons = "; ".join(f"{problem.where}: {problem.message}" for problem in broken)
            raise IndexStateError(f"no shard can be merged: {reasons}", broken[0].hint if broken else "")
        embedder = sources[0].index.embedder_id
        index = stack.enter_context(
            open_index(index_path, mode="write", embedder_id=embedder, dimension=sources[0].index.dimension)
        )
        new, known = _copy_articles(sources, index, broken, progress)
        translations = 0
        for source in sources:
            translations += _copy_translations(source, index)
        verdicts = _copy_verdicts(sources, index, broken)
        merge_daily([source.index for source in sources], index)
        _join_problems(sources, index)
        index.write_settings(own_settings(sources[0].index.settings()))
        if new:
            index.vector_store()
    failed = {problem.where for problem in broken}
    merged = tuple(source.folder for source in sources if str(source.folder) not in failed)
    return MergeSummary(merged, tuple(broken), new, known, translations, verdicts)


def _open_sources(
    folders: Sequence[Path], stack: ExitStack, progress: Progress
) -> tuple[list[_Source], list[Problem]]:
    """Open what can be merged, each folder once, in an order that does not depend on the given one."""
    sources: list[_Source] = []
    broken: list[Problem] = []
    ordered = sorted({folder.resolve(): folder for folder in folders}.values(), key=str)
    for done, folder in enumerate(ordered, 1):
        try:
            sources.append(_open_source(folder, stack))
        except XSourceError as error:
            broken.append(Problem(str(folder), error.message.removeprefix(f"{folder}: "), error.hint))
        progress("shards checked", done, len(ordered))
    if sources:
        embedder = sources[0].index.embedder_id
        for source in sources[1:]:
            if source.index.embedder_id != embedder:
                message = f"made by {source.index.embedder_id}, the others by {embedder}"
                broken.append(Problem(str(source.folder), message, "build it again with the same embedder"))
        sources = [source for source in sources if source.index.embedder_id == embedder]
    return sources, broken


def _open_source(folder: Path, stack: ExitStack) -> _Source:
    manifest = read_manifest(folder)
    index = stack.enter_context(open_index(folder, mode="read"))
    if index.embedder_id is None:
        raise IndexStateError(f"{folder}: the index is empty", "build the shard, or leave it out")
    if manifest is not None:
        try:
            content, articles = digest_content(index)
        except (ValueError, KeyError) as exc:  # rows that refer to nothing
            raise IndexStateError(f"{folder}: the shard is damaged: {exc}", "build the shard again") from exc
        if content != manifest.content:
            raise IndexStateError(
                f"{folder}: shard {manifest.shard} holds other content ({articles} articles) than its build"
                f" wrote ({manifest.articles} articles)",
                "delete the folder and build the shard again",
            )
    if faults := [finding for finding in index.check_catalog() if not finding.is_repairable]:
        # What is copied gets hashes of its own: damage that came along would be whole from then on.
        raise IndexStateError(
            f"{folder}: damaged: {'; '.join(finding.message for finding in faults[:2])}",
            "xsource doctor names all of it; restore a backup, or build it again",
        )
    order = manifest.order if manifest else {}
    articles_in_order = sorted((order.get(id_, _UNNUMBERED), id_) for id_ in index.article_ids())
    return _Source(
        folder, index, manifest, {outlet.id: outlet for outlet in index.outlets()}, articles_in_order
    )


def _copy_articles(
    sources: Sequence[_Source], index: Index, broken: list[Problem], progress: Progress
) -> tuple[int, int]:
    """Copy what is new in reading order; give how many were, and how many were there or came twice."""
    total = sum(len(source.articles) for source in sources)
    outlets = _Outlets(sources)
    new = done = 0
    failed: set[int] = set()
    for batch in _batches(sources):
        done += len(batch)
        known = index.known_articles([id_ for id_, _ in batch])
        wanted = {id_: place for id_, place in reversed(batch) if id_ not in known and place not in failed}
        rows: dict[ArticleId, tuple[Article, list[Sentence], FloatMatrix]] = {}
        notes: dict[ArticleId, tuple[ReadingNote, ...]] = {}
        for place in sorted(set(wanted.values())):
            try:
                own = [id_ for id_, at in wanted.items() if at == place]
                rows.update({row[0].id: row for row in _read(sources[place].index, own)})
                notes.update(sources[place].index.reading_notes(own))
            except (XSourceError, ValueError, KeyError) as error:
                failed.add(place)
                hint = error.hint if isinstance(error, XSourceError) else "build it again"
                broken.append(Problem(str(sources[place].folder), f"cannot be read: {error}", hint))
        ordered = [(rows[id_], wanted[id_]) for id_ in dict.fromkeys(id_ for id_, _ in batch) if id_ in rows]
        if ordered:
            new += index.write_articles(
                [row for row, _ in ordered], [outlets.of(row[0], place) for row, place in ordered], notes
            )
        progress("articles", done, total)
    return new, total - new


def _batches(sources: Sequence[_Source]) -> Iterator[list[tuple[ArticleId, int]]]:
    """Give article ids with the place of their source, in reading order."""
    streams = [
        [(number, id_, place) for number, id_ in source.articles] for place, source in enumerate(sources)
    ]
    batch: list[tuple[ArticleId, int]] = []
    for _, id_, place in heapq.merge(*streams):
        batch.append((id_, place))
        if len(batch) == BATCH_ARTICLES:
            yield batch
            batch = []
    if batch:
        yield batch


def _read(index: Index, ids: Sequence[ArticleId]) -> Iterator[tuple[Article, list[Sentence], FloatMatrix]]:
    """Give articles with their sentences and vectors."""
    sentences = index.sentences(ids)
    vectors = index.vectors([sentence.id for sentence in sentences])
    rows: dict[ArticleId, list[int]] = {}
    for row, sentence in enumerate(sentences):
        rows.setdefault(sentence.article_id, []).append(row)
    for article in index.articles(ids):
        own = rows.get(article.id, [])
        yield article, [sentences[row] for row in own], vectors[own]


class _Outlets:
    """Describes articles' outlets as one build would have.

    An outlet that nobody described has the language of its article, so shards may disagree; then the last
    article of the whole corpus decides, as it does in one build.
    """

    def __init__(self, sources: Sequence[_Source]) -> None:
        self._sources = sources
        languages: dict[OutletId, set[str | None]] = {}
        for source in sources:
            for outlet in source.outlets.values():
                languages.setdefault(outlet.id, set()).add(outlet.language)
        self._disputed = {id_ for id_, found in languages.items() if len(found) > 1}

    def of(self, article: Article, place: int) -> Outlet:
        outlet = self._sources[place].outlets[article.outlet_id]
        return replace(outlet, language=article.language) if outlet.id in self._disputed else outlet


def _copy_translations(source: _Source, index: Index) -> int:
    return sum(index.add_translation_rows(rows) for rows in source.index.translation_rows())


def _copy_verdicts(sources: Sequence[_Source], index: Index, broken: list[Problem]) -> int:
    """Add what analysts said in the shards; a log that cannot be read becomes a problem of its shard."""
    logs = []
    for source in sources:
        try:
            logs.append(source.index.verdict_log())
        except IndexStateError as error:
            message = error.message.removeprefix(f"{source.folder}/")
            broken.append(Problem(str(source.folder), f"verdicts not merged: {message}", error.hint))
    added = missing_entries(index.verdict_log(), logs)
    if added:
        index.write_verdicts(added)
    return len(added)


def _join_problems(sources: Sequence[_Source], index: Index) -> None:
    """Keep what the shards left out, in reading order, after what was known before."""
    found: list[Numbered] = []
    for source in sources:
        if source.manifest is not None:
            found += source.manifest.problems
        else:
            found += [Numbered(_UNNUMBERED, problem) for problem in source.index.problems()]
    ordered = sorted(found, key=lambda one: one.number)
    index.write_problems(list(dict.fromkeys([*index.problems(), *(one.problem for one in ordered)])))
