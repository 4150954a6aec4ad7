"""Keeps everything a build finds, and finds it again: one SQLite catalogue and one derived FAISS file.

    from xsource.store import open_index

    with open_index(path, mode="write", embedder_id=embedder.id, dimension=embedder.dimension) as index:
        new = set(ids) - index.known_articles(ids)
        index.write_articles([(article, sentences, vectors), ...], outlets)

    with open_index(path, mode="read") as index:
        hits = index.search(queries, k=10, languages=["ru"])      # one list of (SentenceId, cosine) a query

`open_index(path, *, mode, embedder_id=None, dimension=None) -> Index`, and of an `Index`:

    reading     known_articles(ids) -> set            articles(ids=None) -> list[Article]
                latest_articles(ids=None) -> list[Article] articles_of_page(key) -> list[Article]
                latest_outlets() -> dict[ArticleId, OutletId]
                count_latest() -> Counter[(OutletId, Language)]
                find_articles(outlet=, source=) -> list[ArticleId]         outlets() -> list[Outlet]
                sentences(article_ids=None) -> list[Sentence]              sentences_by_id(ids) -> dict
                vectors(sentence_ids) -> (n, d) float32                    settings() -> dict[str, str]
                search(queries, k, *, outlets=, languages=, since=, until=, only_claims=)
                    -> for each query a list of (SentenceId, cosine)
                translations(texts, route, engine) -> dict[text, StoredTranslation]
                translations_of(sentences, target) -> dict[SentenceId, Translation]
                problems() -> list[Problem]                                counts() -> Counts
                verdict_log() -> list[StoredVerdict]                       kept_stories(found_by)
                generation, snapshot, embedder_id, dimension, path
    writing     write_articles(batch, outlets, notes) -> int               remove_articles(ids) -> int
                write_translations(route, engine, found)
                write_settings(settings)                                   write_problems(problems)
                write_verdicts(entries)
    derived     vector_store() -> VectorStore         keep_stories(found_by, stories)
    care        check(thorough=) -> list[Finding]     repair() -> list[Finding]     refresh()     close()

Each write is one transaction, which also raises `generation`: after a kill at any moment the index opens with
whole batches only. There is one writer at a time (another gets `StorageError` with the writer's process id) and
any number of readers; a reader sees the index as it was when it was opened, until `refresh()`.

Of several texts of one page the latest is known, and only its sentences are searched.

`FlatVectorStore` (FAISS) and `NumpyVectorStore` (the reference) satisfy `xsource.protocols.VectorStore`.
"""

from xsource.store.article_tables import Counts
from xsource.store.findings import Finding
from xsource.store.index import Index, Snapshot, open_index
from xsource.store.tables import StoredTranslation

__all__ = ["Counts", "Finding", "Index", "Snapshot", "StoredTranslation", "open_index"]
