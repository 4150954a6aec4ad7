"""Claims across outlets: from sentence vectors to stories, matches, groups and copies. Functions on arrays.

- `similarity`: centring by language, CSLS margins
- `reference`: the shipped means and neighbourhoods that margins are measured against
- `stories`: articles about one event inside a time window
- `candidates`: claims of two articles that say the same thing
- `evidence`: what two claims count, against taking them for one
- `groups`: claims of many articles that are one claim
- `copies`: articles that repeat another's text, also in translation
- `asking`: which outlets report an asked claim; `question_evidence`: what figures and names say to that
"""

from xsource.align.asking import REPORTS_MARGIN, JudgedClaims, judge_claims, question_margins
from xsource.align.candidates import (
    ACCEPT_MARGIN,
    ClaimRows,
    MatchedRows,
    PairEvidence,
    claim_rows,
    margins,
    match_claims,
    match_rows,
    pair_margins,
    rows_of_claims,
)
from xsource.align.copies import find_copies
from xsource.align.evidence import NumberEvidence
from xsource.align.groups import SUPPORT_MARGIN, find_groups, group_claims
from xsource.align.question_evidence import QuestionEvidence
from xsource.align.reference import Reference, reference_from, shipped_reference
from xsource.align.stories import (
    STORY_RECIPE,
    ArticleDigests,
    digest_articles,
    find_stories,
    join_digests,
    kinship,
)

__all__ = [
    "ACCEPT_MARGIN",
    "REPORTS_MARGIN",
    "STORY_RECIPE",
    "SUPPORT_MARGIN",
    "ArticleDigests",
    "ClaimRows",
    "JudgedClaims",
    "MatchedRows",
    "NumberEvidence",
    "PairEvidence",
    "QuestionEvidence",
    "Reference",
    "claim_rows",
    "digest_articles",
    "find_copies",
    "find_groups",
    "find_stories",
    "group_claims",
    "join_digests",
    "judge_claims",
    "kinship",
    "margins",
    "match_claims",
    "match_rows",
    "pair_margins",
    "question_margins",
    "reference_from",
    "rows_of_claims",
    "shipped_reference",
]
