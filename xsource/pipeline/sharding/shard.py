"""Which part of a corpus one machine builds: the articles whose ids fall to it, whatever machine asks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xsource.errors import InputError, Problem
from xsource.records import ArticleId, stable_id

MOST_SHARDS = 100_000

_SHARD = re.compile(r"([0-9]{1,6})/([0-9]{1,6})\Z")


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` of `of`, counted from 1.

    An article's part follows from its id, which hashes outlet, address and text: the same corpus is cut the
    same way everywhere, in whatever order its files are read, and an article that came twice stays in one part.
    """

    number: int
    of: int

    @staticmethod
    def parse(text: str) -> Shard:
        """Read `2/8`.

        Raises:
            InputError: it is not a part of a whole.
        """
        found = _SHARD.match(text.strip())
        number, of = (int(found[1]), int(found[2])) if found else (0, 0)
        if not 1 <= number <= of <= MOST_SHARDS:
            raise InputError(f'--shard is "{text}", expected a part and how many there are, such as 2/8')
        return Shard(number, of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def owns(self, article_id: ArticleId) -> bool:
        """Whether an article falls to this part."""
        return int(article_id, 16) % self.of == self.number - 1

    def owns_problem(self, problem: Problem) -> bool:
        """Whether this part reports a file or record of which no article came."""
        return self.owns(ArticleId(stable_id("problem", problem.where, problem.message)))
