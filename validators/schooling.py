"""Which papers speak of the declared schooling, and what they prove of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.model.declaration import Degree, EducationLevel
from pipeline.model.document import Document
from pipeline.model.dossier import Case
from pipeline.model.kinds import DocumentKind
from pipeline.model.values import PartialDate
from validators.comparison import Seen, is_trusted, look_for
from validators.findings import label_of
from validators.rulebook_model import Rulebook

LEVEL_PAPERS = (
    DocumentKind.DIPLOMA,
    DocumentKind.EDUCATION_RECORD,
    DocumentKind.EDUCATION_QUERY,
    DocumentKind.EDUCATION_CERTIFICATION,
)
DEGREE_PAPERS = (
    DocumentKind.DEGREE_CERTIFICATE,
    DocumentKind.DEGREE_REPORT,
    DocumentKind.FOREIGN_CERTIFICATION,
)
_LEVELS = tuple(EducationLevel)
_DEGREES = tuple(Degree)


def level_papers(case: Case) -> tuple[Document, ...]:
    """Diplomas and records of the declared schooling.

    Papers of an earlier, lower schooling are left out when papers of the declared one are there too
    (who holds a master's degree often hands in the bachelor's papers as well).
    """
    papers = case.facts.of_kind(*LEVEL_PAPERS)
    return _of_highest(papers, "level", case.declaration.education.level, _LEVELS)


def degree_papers(case: Case) -> tuple[Document, ...]:
    """Degree certificates and reports of the declared degree, likewise."""
    papers = case.facts.of_kind(*DEGREE_PAPERS)
    declared = case.declaration.education.degree
    return papers if declared is None else _of_highest(papers, "degree", declared, _DEGREES)


def _of_highest(
    papers: tuple[Document, ...], field: str, declared: str, order: tuple[str, ...]
) -> tuple[Document, ...]:
    kept: list[Document] = []
    complete = {p.kind for p in papers if p.text(field) == declared}
    for paper in papers:
        value = paper.text(field)
        is_lower = value in order and order.index(value) < order.index(declared)
        if not (is_lower and paper.kind in complete):
            kept.append(paper)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Proven:
    """A declared value against the papers: True borne out, False contradicted, None not shown."""

    value: str | None
    holds: bool | None
    why: str


def proven_level(case: Case, rulebook: Rulebook) -> Proven:
    """Whether the papers bear out the declared education level."""
    declared = case.declaration.education.level
    if case.declaration.education.foreign:
        papers = case.facts.of_kind(DocumentKind.FOREIGN_CERTIFICATION)
        why = "以国（境）外学历学位认证书为准" if papers else "未见国（境）外学历学位认证书"
        return Proven(declared, True if papers else None, why)
    return _proven(rulebook, declared, look_for(level_papers(case), "level"), "学历")


def proven_degree(case: Case, rulebook: Rulebook) -> Proven:
    """Whether the papers bear out the declared degree (nothing declared is nothing to bear out)."""
    declared = case.declaration.education.degree
    if declared is None:
        return Proven(None, True, "未申报学位")
    return _proven(rulebook, declared, look_for(degree_papers(case), "degree"), "学位")


def proven_form(case: Case, rulebook: Rulebook, accepted: set[str]) -> Proven:
    """Whether the papers print one of the accepted forms of study (全日制 …)."""
    seen = look_for(level_papers(case), "study_form")
    trusted = [o for o in seen.observations if is_trusted(rulebook, o.field)]
    declared = case.declaration.education.study_form
    other = next((o for o in trusted if o.text not in accepted), None)
    if other:
        return Proven(declared, False, f"{label_of(other.document)}所载学习形式为{other.text}")
    if trusted:
        return Proven(
            declared, True, f"{label_of(trusted[0].document)}所载学习形式为{trusted[0].text}"
        )
    return Proven(declared, None, "材料中未能读出学习形式")


def _proven(rulebook: Rulebook, declared: str, seen: Seen, label: str) -> Proven:
    borne = [o for o in seen.observations if o.text == declared]
    others = [o for o in seen.observations if o.text != declared]
    against = [o for o in others if is_trusted(rulebook, o.field)]
    if against and borne:
        told = f"{label_of(against[0].document)}所载{label}为{against[0].text}，与其他材料不同"
        return Proven(declared, None, told)
    if against:
        first = against[0]
        return Proven(declared, False, f"{label_of(first.document)}所载{label}为{first.text}")
    if not borne:
        why = f"材料中未能读出{label}" if seen.carriers else f"未见证明{label}的材料"
        return Proven(declared, None, why)
    if others:
        return Proven(declared, None, f"材料所载{label}读取把握不足")
    return Proven(declared, True, f"{label_of(borne[0].document)}所载{label}为{declared}")


def graduation(case: Case, rulebook: Rulebook) -> PartialDate:
    """The graduation date that counts: the best-read one of the papers, else the declared one."""
    declared = case.declaration.education.graduated_on
    dates = [
        o
        for o in look_for(level_papers(case), "graduated_on").observations
        if is_trusted(rulebook, o.field)
    ]
    if not dates or any(PartialDate(o.text).agrees_with(declared) for o in dates):
        return declared
    return PartialDate(max(dates, key=lambda o: (len(o.text), o.field.confidence)).text)


def papers_of(documents: Iterable[Document], *kinds: DocumentKind) -> tuple[Document, ...]:
    """Those of the documents that are of one of the kinds."""
    return tuple(document for document in documents if document.kind in kinds)
