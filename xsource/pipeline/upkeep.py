"""Looking after an index: what is in it that should go, whether it is whole, what the last build left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xsource.errors import IndexStateError, InputError, Problem, StorageError
from xsource.outlets import load_outlets
from xsource.records import Article, ArticleId, ReadingNote
from xsource.settings import load_settings
from xsource.store import open_index
from xsource.store.backup_format import RAW_FOLDER
from xsource.store.catalog_checks import Finding
from xsource.store.connection import CATALOG_FILE, LOCK_FILE, Witness
from xsource.store.folder_checks import LOST_WRITES, check_folder, is_running, repair_folder, witness_of
from xsource.store.replacing import is_index_file

_MOST_RAW = 20
"""Kept pages that are named one by one; whoever loses a folder loses thousands."""


def find_articles(index_path: Path, wanted: Sequence[str]) -> list[Article]:
    """Give the articles named by id, URL or outlet id, every version of them.

    Addresses that differ only in how a reader came there (tracking, AMP, mobile host) are one page.

    Raises:
        InputError: a name is none of these.
        IndexStateError: there is no index.
    """
    with open_index(index_path, mode="read") as index:
        found: dict[ArticleId, Article] = {}
        for name in wanted:
            named = index.articles_named(name)
            if not named:
                raise InputError(
                    f'"{name}" is no article id, URL or outlet in {index_path}',
                    "`xsource outlets` lists outlets; `xsource compare --format json` lists articles",
                )
            found.update((article.id, article) for article in named)
    return list(found.values())


def remove_articles(index_path: Path, article_ids: Sequence[ArticleId]) -> None:
    """Remove articles with everything that hangs on them, in one transaction."""
    with open_index(index_path, mode="write") as index:
        index.remove_articles(article_ids)


def check_index(index_path: Path, *, repair: bool = False) -> list[Finding]:
    """Check an index, whatever state its files are in, and make again what can be derived when asked to.

    The pages that `fetch` kept in it are compared with their hashes too.

    Raises:
        IndexStateError: there is no index at all.
        StorageError: it is to be repaired and another process is writing it, or it cannot be written.
    """
    if not index_path.is_dir() or not any(is_index_file(path.name) for path in index_path.iterdir()):
        with open_index(index_path, mode="read"):  # says that there is none, and how to make one
            pass
    return [*_index_findings(index_path, repair=repair), *_raw_findings(index_path)]


def _index_findings(index_path: Path, *, repair: bool) -> list[Finding]:
    catalog = index_path / CATALOG_FILE
    found = check_folder(index_path)
    if repair and found:
        repair_folder(index_path)
        found = check_folder(index_path)
    found += _beside(index_path)
    if not catalog.is_file():
        return found
    witness = witness_of(index_path)  # before the snapshot: a writer may go on in between
    try:
        with open_index(index_path, mode="write" if repair else "read") as index:
            inside = index.check()
            if repair and inside:
                index.repair()
                inside = index.check()
            inside += _lost_writes(index_path, witness, index.generation)
    except IndexStateError as error:
        return [*found, Finding(catalog, error.message, is_repairable=False, hint=error.hint)]
    except StorageError:
        if repair or not found:
            raise
        return found  # which says why it cannot be opened
    # The lock file was missing until the repair above opened the index.
    return [*(check_folder(index_path) + _beside(index_path) if repair else found), *inside]


def _lost_writes(index_path: Path, witness: Witness | None, generation: int) -> list[Finding]:
    """Compare the catalogue with what the last writer said of it."""
    if witness is None or witness.generation is None or witness.generation == generation:
        return []
    if witness.generation > generation:
        message = LOST_WRITES.format(found=generation, expected=witness.generation)
        hint = "restore a backup, or build again: what is missing is read anew"
        return [Finding(index_path / CATALOG_FILE, message, is_repairable=False, hint=hint)]
    if is_running(witness.process):
        return []
    return [
        Finding(
            index_path / LOCK_FILE,
            f"of generation {witness.generation}, the catalogue is of {generation}: its writer was stopped at"
            " its last step; nothing is lost",
            is_repairable=True,
        )
    ]


def _raw_findings(index_path: Path) -> list[Finding]:
    """Name kept pages that are not what was kept, the first of them; none can be derived."""
    raw = index_path / RAW_FOLDER
    if not raw.exists():
        return []
    from xsource.ingest.fetch import check_raw  # it brings a client for the network

    faults = list(check_raw(raw))
    found = [
        Finding(Path(fault.where), fault.message, is_repairable=False, hint=fault.hint)
        for fault in faults[:_MOST_RAW]
    ]
    if len(faults) > _MOST_RAW:
        message = f"{len(faults) - _MOST_RAW} more kept pages are absent or damaged"
        found.append(Finding(raw, message, is_repairable=False, hint=faults[-1].hint))
    return found


def _beside(index_path: Path) -> list[Finding]:
    """Read the user's own files in an index folder, as a build would."""
    found = []
    for name, read in (("xsource.toml", load_settings), ("outlets.toml", _read_outlets)):
        if (index_path / name).exists():
            try:
                read(index_path)
            except InputError as error:
                found.append(Finding(index_path / name, error.message, is_repairable=False, hint=error.hint))
    return found


def _read_outlets(index_path: Path) -> None:
    load_outlets([index_path / "outlets.toml"])


def reading_notes(index_path: Path, ids: Sequence[ArticleId]) -> dict[ArticleId, tuple[ReadingNote, ...]]:
    """Give what was noted while articles were read: what their dates rest on, what was struck or left out."""
    with open_index(index_path, mode="read") as index:
        return index.reading_notes(ids)


def date_sources(index_path: Path) -> list[tuple[Article, str, str]]:
    """Give every article with what its date rests on and why that may be wrong, the doubtful ones first.

    Texts are empty where an older program read the article, or where nothing is doubtful.
    """
    with open_index(index_path, mode="read") as index:
        sources, doubts = index.reading_notes(kind="date"), index.reading_notes(kind="doubt")
        rows = [
            (
                article,
                "; ".join(note.text for note in sources.get(article.id, ())),
                "; ".join(note.text for note in doubts.get(article.id, ())),
            )
            for article in index.articles()
        ]
    return sorted(rows, key=lambda row: (not row[2], row[0].published_at is not None))


def last_problems(index_path: Path) -> list[Problem]:
    """Give what the last build left out."""
    with open_index(index_path, mode="read") as index:
        return index.problems()
