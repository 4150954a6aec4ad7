"""What sets an outlet's sentence against an asked claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from xsource.pipeline.reading.models import Models
from xsource.pipeline.reading.searching import Question
from xsource.records import (
    Article,
    ArticleId,
    Claim,
    ClaimGroup,
    Divergence,
    DivergenceKind,
    GroupId,
    Outlet,
    OutletId,
    SearchHit,
    Sentence,
    SentenceId,
    StoryId,
)

ASKED = OutletId("the asked claim")
"""The outlet id under which the asked claim itself appears in a divergence, and in its explanation."""

FACTUAL_KINDS = frozenset({"number", "date", "actor", "place", "polarity"})
"""An outlet whose words differ in these reports the claim differently."""

ASKED_KINDS = FACTUAL_KINDS | {"certainty"}
"""What is looked for between a claim and an outlet: whoever asks names no source, leaves out what they please,
and has no leaning that their words would show."""


def differences(
    question: Question,
    reports: Mapping[OutletId, SearchHit],
    models: Models,
    min_confidence: float,
) -> dict[OutletId, tuple[Divergence, ...]]:
    """Give what sets each outlet's sentence against the asked claim, of each kind the surest.

    The claim is compared with each sentence alone and with all of them together: where outlets confirm each
    other, a detector is surer than of two sentences that nobody else has.
    """
    # Here, because a search has no use for what compares claims.
    from xsource.compare.contradiction import KnownPairs
    from xsource.compare.detectors.polarity import pairs_to_score

    asked = asked_claim(question)
    claims = [hit.claim for _, hit in sorted(reports.items())]
    together: list[tuple[Claim, ...]] = [(asked, claim) for claim in claims]
    if len(claims) > 1:
        together.append((asked, *claims))
    groups = [ClaimGroup(GroupId("asked"), StoryId("asked"), each) for each in together]
    scorer = models.scorer
    if scorer is not None:
        scorer = KnownPairs(scorer, [pair for group in groups for pair in pairs_to_score(group)])
    detectors = models.make_asked_detectors(scorer)
    best: dict[tuple[OutletId, DivergenceKind], Divergence] = {}
    for group in groups:
        for detect in detectors:
            for divergence in detect(group):
                if divergence.kind not in ASKED_KINDS or divergence.confidence < min_confidence:
                    continue
                for outlet in _set_against_asked(divergence):
                    held = best.get((outlet, divergence.kind))
                    if held is None or held.confidence < divergence.confidence:
                        best[outlet, divergence.kind] = _between(divergence, outlet)
    return {
        outlet: tuple(found for (of, _), found in best.items() if of == outlet)
        for outlet in {of for of, _ in best}
    }


def _between(divergence: Divergence, outlet: OutletId) -> Divergence:
    """Show only the asked claim's words and one outlet's; the explanation still names who else stands where."""
    asked = tuple(side for side in divergence.sides if side.outlet_id == ASKED)
    own = tuple(side for side in divergence.sides if side.outlet_id == outlet)
    return replace(divergence, sides=asked + own, apart=len(asked))


def _set_against_asked(divergence: Divergence) -> set[OutletId]:
    """Name the outlets on the other side than the asked claim; nobody where it is on neither, or on both."""
    apart = {side.outlet_id for side in divergence.sides[: divergence.apart]}
    camp = {side.outlet_id for side in divergence.sides[divergence.apart :]}
    if not apart:  # the detector names no camps: of two, each is set against the other
        return camp - {ASKED} if ASKED in camp and len(camp) == 2 else set()
    if (ASKED in apart) == (ASKED in camp):
        return set()
    return camp if ASKED in apart else apart


def asked_claim(question: Question) -> Claim:
    """Put a question into the form of a claim, made by the outlet `asked`."""
    article = Article(
        id=ArticleId("asked"),
        outlet_id=ASKED,
        source="asked",
        title="",
        text=question.text,
        language=question.language,
        language_probability=1.0,
        published_at=None,
    )
    sentence = Sentence(SentenceId("asked"), article.id, 0, 0, len(question.text), question.text, True, "asked")  # noqa: FBT003
    return Claim(sentence, article, Outlet(ASKED, "asked", question.language))
