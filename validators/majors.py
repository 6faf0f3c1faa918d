"""Whether major, or major or work, is near network security (八(一)). Advisory."""

from collections.abc import Iterator

from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from pipeline.model.kinds import DocumentKind
from validators.comparison import look_for
from validators.findings import found
from validators.matching import major_tier
from validators.matching.majors import MajorTier
from validators.rulebook_model import Rulebook
from validators.schooling import level_papers


def check_major_related(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """八(一): the major is near the field; at the lower levels the work may be instead."""
    declaration = case.declaration
    rule = next((r for r in rulebook.major_rules if declaration.applied_level in r.levels), None)
    major = declaration.education.major
    if rule is None:
        return
    majors = rulebook.majors
    tier = major_tier(
        major,
        majors.matching,
        majors.close,
        matching_words=majors.matching_words,
        close_words=majors.close_words,
    )
    if tier is not MajorTier.OTHER:
        return
    position = declaration.employment.position
    if rule.needs == "major_or_work" and is_security_work(case, rulebook):
        return
    seen = look_for(level_papers(case), "major")
    yield from found(
        rulebook,
        "MAJOR_UNRELATED",
        "unrelated",
        subject="major",
        declared=major,
        observed=tier,
        evidence=[e for o in seen.observations for e in o.evidence],
        clause=rule.clause,
        major=major,
        position=position,
        level=declaration.applied_level,
        reason="专业未列入相符、相近专业"
        + ("" if rule.needs == "major" else "，岗位名称也未显示与网络安全有关"),
    )


def is_security_work(case: Case, rulebook: Rulebook) -> bool:
    """True when the position, as declared or as on the contract, speaks of network security."""
    contracts = case.facts.of_kind(DocumentKind.LABOUR_CONTRACT)
    positions = [case.declaration.employment.position]
    positions += [text for contract in contracts if (text := contract.text("position"))]
    return any(word in position for word in rulebook.majors.work_words for position in positions)


CHECKS = (check_major_related,)
