"""What the employer uploads: recommendation and integrity pledge (五(二))."""

from collections.abc import Iterator
from functools import partial

from pipeline.model.document import Document
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from pipeline.model.kinds import DocumentKind
from validators.comparison import Comparison, compare_papers, is_trusted, look_for
from validators.employment import unsigned
from validators.findings import field_evidence, found, paper_evidence
from validators.identity import names_on_papers
from validators.matching import compare_names
from validators.rulebook_model import Rulebook

_POSITIVE = "同意推荐"


def check_recommendation(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(二): the employer recommends, and recommends this applicant."""
    person = case.declaration.person
    papers = case.facts.of_kind(DocumentKind.RECOMMENDATION)
    yield from compare_papers(
        rulebook,
        Comparison(
            "RECOMMENDATION_NEGATIVE",
            person.name,
            partial(compare_names, former_names=person.former_names),
            "name",
            different="someone_else",
            unread=None,
            is_wording=True,
            witnesses=names_on_papers(case),
        ),
        look_for(papers, "name"),
    )
    seen = look_for(papers, "conclusion")
    for observation in seen.observations:
        if observation.text == _POSITIVE:
            continue
        trusted = is_trusted(rulebook, observation.field)
        yield from found(
            rulebook,
            "RECOMMENDATION_NEGATIVE",
            "negative" if trusted else "doubtful",
            subject=f"{observation.document.document_id}.conclusion",
            declared=_POSITIVE,
            observed=observation.text,
            evidence=observation.evidence,
            counterfactual=f"若结论为“{_POSITIVE}”，则不提出",
            reason="结论读取把握不足",
        )
    if seen.carriers and not seen.observations:
        yield from found(
            rulebook,
            "RECOMMENDATION_NEGATIVE",
            "unread",
            subject="conclusion",
            declared=_POSITIVE,
            evidence=[paper_evidence(document, field="conclusion") for document in papers],
            reason="、".join(dict.fromkeys(u.reason for _, u in seen.unread)) or "材料中未找到结论",
        )


def check_pledge(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(二): the pledge is signed or sealed, as far as the paper was looked at for it."""
    for pledge in case.facts.of_kind(DocumentKind.INTEGRITY_PLEDGE):
        lacking = _lacking(pledge)
        if not lacking:
            continue
        field = pledge.field("signed")
        yield from found(
            rulebook,
            "PLEDGE_UNSIGNED",
            "unsigned",
            subject=pledge.document_id,
            evidence=list(field_evidence(pledge, field)) if field else [paper_evidence(pledge)],
            counterfactual="若有签字或盖章，则不提出",
            reason=lacking,
        )


def _lacking(pledge: Document) -> str:
    field = pledge.field("signed")
    if field is not None:
        return "" if field.value is True or field.value == "true" else "未见签字或盖章"
    return unsigned(pledge)


CHECKS = (check_recommendation, check_pledge)
