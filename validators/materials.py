"""Required materials: missing, unreadable, of another kind, repeated, unknown (六)."""

from collections.abc import Iterator

from pipeline.model.document import Document
from pipeline.model.dossier import Case, Quarantined
from pipeline.model.finding import Finding, FindingEvidence
from pipeline.model.kinds import KIND_LABELS, DocumentKind
from validators.conditions import fitting_conditions
from validators.findings import found, joined, paper_evidence
from validators.integrity import MARK_WORDS
from validators.rulebook_model import MaterialRule, Rulebook
from validators.window import is_exempt

_NO_PAPER = (DocumentKind.BLANK, DocumentKind.UNKNOWN)


def required_materials(case: Case, rulebook: Rulebook) -> tuple[MaterialRule, ...]:
    """What this applicant has to hand in, by status, level and schooling."""
    return tuple(rule for rule in rulebook.materials if _is_asked(rule, case, rulebook))


def _is_asked(rule: MaterialRule, case: Case, rulebook: Rulebook) -> bool:
    education = case.declaration.education
    if case.declaration.employment.status not in rule.statuses:
        return False
    if rule.foreign is not None and rule.foreign is not education.foreign:
        return False
    by_degree = rule.or_degree_declared and education.degree is not None
    if education.level not in rule.education and not by_degree:
        return False
    if rule.only_contributions and is_exempt(case, rulebook):
        return False
    conditions = fitting_conditions(case, rulebook)
    if rule.only_achievements and not (
        conditions and all(condition.needs_achievements for condition in conditions)
    ):
        return False
    return not any(condition.clause in rule.not_for_conditions for condition in conditions)


def check_required(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六: every required material is there and can be read."""
    shut = _shut_files(case)
    claimed: set[str] = set()
    for rule in required_materials(case, rulebook):
        papers = case.facts.of_kind(*rule.any_of)
        if papers:
            yield from _without_content(rule, papers, rulebook)
            continue
        own = [q for q in shut if _declared_kind(case, q.file) in rule.any_of]
        claimed |= {q.file for q in own}
        for entry in own:
            yield from _unreadable(rulebook, "file", rule, entry)
        if not own:
            yield from _missing(rulebook, rule, _maybe(case, shut))
    for entry in shut:
        if entry.file not in claimed:
            yield from _unreadable(rulebook, "other", None, entry)


def _shut_files(case: Case) -> tuple[Quarantined, ...]:
    """Files that could not be opened, and files of blank pages only. A file that was put aside for a
    state-secret mark is neither: it must be withdrawn, not handed in again."""
    shut = [q for q in case.facts.quarantined if MARK_WORDS not in q.reason]
    for file in dict.fromkeys(document.file for document in case.facts.documents):
        kinds = {d.kind for d in case.facts.documents if d.file == file}
        if kinds == {DocumentKind.BLANK}:
            shut.append(Quarantined(file=file, reason="文件只有空白页"))
    return tuple(shut)


def _declared_kind(case: Case, file: str) -> str | None:
    return next((m.declared_kind for m in case.declaration.materials if m.file == file), None)


def _maybe(case: Case, shut: tuple[Quarantined, ...]) -> list[Quarantined]:
    """Files that could be the missing one: those not declared to be something else."""
    known = set(DocumentKind)
    return [q for q in shut if _declared_kind(case, q.file) not in known]


def _missing(rulebook: Rulebook, rule: MaterialRule, maybe: list[Quarantined]) -> Iterator[Finding]:
    yield from found(
        rulebook,
        "MATERIAL_MISSING",
        "maybe_unreadable" if maybe else "missing",
        subject=rule.id,
        evidence=[FindingEvidence(file=entry.file) for entry in maybe],
        counterfactual=f"若提交{rule.label}，则不提出",
        clause=rule.clause,
        material=rule.label,
        files=joined(entry.file for entry in maybe),
    )


def _unreadable(
    rulebook: Rulebook, variant: str, rule: MaterialRule | None, entry: Quarantined
) -> Iterator[Finding]:
    yield from found(
        rulebook,
        "MATERIAL_UNREADABLE",
        variant,
        subject=entry.file,
        evidence=[FindingEvidence(file=entry.file)],
        counterfactual="若重新提交可以打开的文件，则不提出",
        clause=rule.clause if rule else None,
        material=rule.label if rule else "",
        file=entry.file,
        reason=entry.reason.rstrip("。"),
    )


def _without_content(
    rule: MaterialRule, papers: tuple[Document, ...], rulebook: Rulebook
) -> Iterator[Finding]:
    """The paper is there, but none of what makes it count was read."""
    if not rule.essential or any(p.field(name) for p in papers for name in rule.essential):
        return
    reasons = dict.fromkeys(u.reason for paper in papers for u in paper.unreadable)
    yield from found(
        rulebook,
        "MATERIAL_UNREADABLE",
        "fields",
        subject=papers[0].document_id,
        evidence=[paper_evidence(paper) for paper in papers],
        counterfactual="若重新提交清晰的文件，则不提出",
        clause=rule.clause,
        material=rule.label,
        file=joined(dict.fromkeys(paper.file for paper in papers)),
        reason=joined(reasons) or "关键内容均未读出",
    )


def check_kinds(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六: a file is what it was handed in as."""
    for material in case.declaration.materials:
        kinds = {
            d.kind
            for d in case.facts.documents
            if d.file == material.file and d.kind not in _NO_PAPER
        }
        declared = material.declared_kind
        if not kinds or declared is None or declared in kinds:
            continue
        if declared not in set(DocumentKind):
            continue
        yield from found(
            rulebook,
            "MATERIAL_KIND_DIFFERS",
            "differs",
            subject=material.file,
            declared=KIND_LABELS[DocumentKind(declared)],
            observed=joined(KIND_LABELS[kind] for kind in DocumentKind if kind in kinds),
            evidence=[paper_evidence(d) for d in case.facts.documents if d.file == material.file],
            file=material.file,
        )


def check_repeated(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六: the same page content twice, one finding per group of equal pages."""
    groups: list[list[str]] = []
    for first, second in case.facts.repeated_pages:
        group = next((g for g in groups if first in g or second in g), None)
        if group is None:
            groups.append([first, second])
        else:
            group += [page for page in (first, second) if page not in group]
    for group in groups:
        pages = sorted(group)
        yield from found(
            rulebook,
            "MATERIAL_REPEATED",
            "repeated",
            subject=pages[0],
            evidence=[_page_evidence(page) for page in pages],
            pages=joined(pages),
        )


def _page_evidence(place: str) -> FindingEvidence:
    file, _, number = place.rpartition("#")
    return FindingEvidence(file=file or place, page=int(number) if number.isdigit() else None)


def check_unknown(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六: pages of no known kind."""
    for document in case.facts.of_kind(DocumentKind.UNKNOWN):
        yield from found(
            rulebook,
            "MATERIAL_UNKNOWN",
            "unknown",
            subject=document.document_id,
            evidence=[paper_evidence(document)],
            file=document.file,
            pages=f"第{joined(map(str, document.pages))}页",
        )


CHECKS = (check_required, check_kinds, check_repeated, check_unknown)
