"""Articles and claims across outlets: from vectors and probabilities to stories, groups and copies.

- `similarity`: centring by language, CSLS margins
- `reference`: the shipped means and neighbourhoods that margins are measured against
- `stories`: articles about one event inside a time window
- `candidates`: sentences of two articles that are each other's nearest
- `groups`: sentences that state one fact, as the judge's probabilities say
- `copies`: articles that repeat another's text, also in translation
"""

from xsource.align.candidates import (
    ACCEPT_MARGIN,
    ClaimRows,
    MatchedRows,
    claim_rows,
    margins,
    match_rows,
    pair_margins,
    question_margins,
    rows_of_claims,
)
from xsource.align.copies import find_copies
from xsource.align.groups import GroupBars, Likeness, group_sentences, headline
from xsource.align.reference import Reference, reference_from, shipped_reference
from xsource.align.stories import (
    STORY_RECIPE,
    ArticleDigests,
    StoryBars,
    digest_articles,
    find_stories,
    join_digests,
    kinship,
)

__all__ = [
    "ACCEPT_MARGIN",
    "STORY_RECIPE",
    "ArticleDigests",
    "ClaimRows",
    "GroupBars",
    "Likeness",
    "MatchedRows",
    "Reference",
    "StoryBars",
    "claim_rows",
    "digest_articles",
    "find_copies",
    "find_stories",
    "group_sentences",
    "headline",
    "join_digests",
    "kinship",
    "margins",
    "match_rows",
    "pair_margins",
    "question_margins",
    "reference_from",
    "rows_of_claims",
    "shipped_reference",
]
