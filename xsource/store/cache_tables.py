"""What a build worked out and need not work out again: translations and means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xsource.errors import Problem
from xsource.records import Sentence, SentenceId, Translation
from xsource.store.catalog import Catalog, json_list
from xsource.store.tables import (
    StoredTranslation,
    route_of,
    route_text,
    text_hash,
    warnings_of,
    warnings_text,
)

_SUPPLIED = "supplied by "
_TRANSLATION_COLUMNS = "text_hash, route, engine, target, text, warnings"


class CacheTables(Catalog):
    """Reads and writes what is kept beside the articles. Cache keys are hashes of texts, not of places."""

    def translations(
        self, texts: Iterable[str], route: Sequence[str], engine: str
    ) -> dict[str, StoredTranslation]:
        """Give the translations of texts that this engine made along this route; others are left out."""
        by_hash = {text_hash(text): text for text in texts}
        rows = self._rows(
            "SELECT text_hash, text, warnings FROM translations"
            " WHERE route = ? AND engine = ? AND text_hash IN (SELECT value FROM json_each(?))",
            (route_text(route), engine, json_list(by_hash)),
        )
        return {
            by_hash[str(hashed)]: StoredTranslation(str(text), warnings_of(str(warnings)))
            for hashed, text, warnings in rows
        }

    def translations_of(self, sentences: Sequence[Sentence], target: str) -> dict[SentenceId, Translation]:
        """Give one translation of each sentence into a language; sentences without one are left out.

        One that a person supplied goes before any machine's, and a later one before an earlier.
        """
        hashes = {sentence.id: text_hash(sentence.text) for sentence in sentences}
        rows = self._rows(
            "SELECT text_hash, route, engine, text, warnings FROM translations"
            " WHERE target = ? AND text_hash IN (SELECT value FROM json_each(?))"
            " ORDER BY substr(engine, 1, ?) = ?, written, route, engine",
            (target, json_list(set(hashes.values())), len(_SUPPLIED), _SUPPLIED),
        )
        best = {str(row[0]): row for row in rows}
        found = {}
        for id_, hashed in hashes.items():
            if hashed in best:
                _, route, engine, text, warnings = (str(value) for value in best[hashed])
                found[id_] = Translation(id_, target, text, route_of(route), engine, warnings_of(warnings))
        return found

    def write_translations(
        self, route: Sequence[str], engine: str, found: Mapping[str, StoredTranslation]
    ) -> None:
        """Keep what an engine gave for texts along a route; the same key is replaced."""
        if not found:
            return
        with self._writing() as connection:
            written = self.generation + 1
            connection.executemany(
                "INSERT OR REPLACE INTO translations"
                " (text_hash, route, engine, target, text, warnings, written) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        text_hash(source),
                        route_text(route),
                        engine,
                        route[-1],
                        translation.text,
                        warnings_text(translation.warnings),
                        written,
                    )
                    for source, translation in found.items()
                ],
            )

    def translation_rows(self) -> Iterator[list[tuple[object, ...]]]:
        """Give all kept translations as they are stored, in the order of writing, some thousands at a time.

        Each list is of one transaction, so that `add_translation_rows` keeps which came later.
        """
        for (written,) in self._rows("SELECT DISTINCT written FROM translations ORDER BY written"):
            yield self._rows(
                f"SELECT {_TRANSLATION_COLUMNS} FROM translations WHERE written = ?"  # noqa: S608 - our own columns
                " ORDER BY text_hash, route, engine",
                (written,),
            )

    def add_translation_rows(self, rows: Sequence[tuple[object, ...]]) -> int:
        """Keep rows of another index's `translation_rows`; what is here stays. Give how many were added."""
        with self._writing() as connection:
            before = connection.total_changes
            connection.executemany(
                f"INSERT OR IGNORE INTO translations ({_TRANSLATION_COLUMNS}, written)"  # noqa: S608
                f" VALUES (?, ?, ?, ?, ?, ?, {self.generation + 1})",
                rows,
            )
            return connection.total_changes - before

    def settings(self) -> dict[str, str]:
        """Give the settings that the last build was run with."""
        rows = self._rows("SELECT name, value FROM settings ORDER BY name")
        return {str(name): str(value) for name, value in rows}

    def write_settings(self, settings: Mapping[str, str]) -> None:
        """Keep settings; names that are not given stay as they are."""
        changed = settings.items() - self.settings().items()
        with self._writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", sorted(changed))

    def problems(self) -> list[Problem]:
        """Give what the last build left out, in order."""
        rows = self._rows("SELECT place, message, hint FROM problems ORDER BY position")
        return [Problem(str(place), str(message), str(hint)) for place, message, hint in rows]

    def write_problems(self, problems: Sequence[Problem]) -> None:
        """Replace the list of what the last build left out."""
        storable = [
            Problem(_storable(problem.where), _storable(problem.message), _storable(problem.hint))
            for problem in problems
        ]
        if storable == self.problems():
            return
        with self._writing() as connection:
            connection.execute("DELETE FROM problems")
            connection.executemany(
                "INSERT INTO problems (place, message, hint) VALUES (?, ?, ?)",
                [(problem.where, problem.message, problem.hint) for problem in storable],
            )


def _storable(text: str) -> str:
    """Show lone surrogates as escapes: a message about a bad file may quote it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
